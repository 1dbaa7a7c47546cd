//! A SOAP 1.1 server with fixed answers and nothing else, so that it is never what is measured.
//!
//! `GetOrder` answers one order of about 1.5 KB, `ListOrders` as many as `count` says, streamed.
//! Only requests with a Content-Length are understood. Prints `listening on URL`.

use std::io;

use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const REQUEST_BYTES_MAX: usize = 64 * 1024;
const LIST_COUNT_MAX: u64 = 1_000_000;
const WRITE_BYTES: usize = 64 * 1024;
/// Where an order's own number stands in `ORDER`; every number is as wide.
const ID_MARK: &str = "@@@@@@@@@";

const OPEN: &str = r#"<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>"#;
const CLOSE: &str = "</soap:Body></soap:Envelope>";
const ORDER: &str = r#" orderId="@@@@@@@@@" currency="EUR"><status>SHIPPED</status><placedAt>2026-03-14T09:26:53.589+02:00</placedAt><deliverOn xsi:nil="true"/><express>true</express><customer><customerNumber>4200000017</customerNumber><name>M&#252;ller &amp; S&#246;hne GmbH</name><email>einkauf@example.org</email><phone>+49 441 5550100</phone><address><street>Lange Stra&#223;e 12a</street><city>Oldenburg</city><postalCode>05007</postalCode><country>DE</country></address></customer><line number="1"><sku>AX-1001</sku><description>Hex bolt M8 x 40, zinc plated, pack of 100</description><quantity>12</quantity><unitPrice>18.90</unitPrice><discount>0.050</discount></line><line number="2"><sku>0042</sku><description>Washer 8.4 mm &lt;DIN 125&gt;</description><quantity>400</quantity><unitPrice>0.04</unitPrice></line><line number="3"><sku>MT-77-B</sku><description>Torque wrench 20-100 Nm with certificate</description><quantity>1</quantity><unitPrice>25000.00</unitPrice></line><line number="4"><sku>7-1208-C</sku><description>Thread cutting oil, mineral, 5 l</description><quantity>2</quantity><unitPrice>41.500</unitPrice></line><note>Deliver to the back entrance, ring twice.</note><note>Invoice goes to the address of the customer.</note><total>25325.36</total>"#;

/// One order as the content of an element, with the places of its number.
struct Order {
    before: &'static str,
    after: &'static str,
}

impl Order {
    fn new() -> Self {
        let (before, after) = ORDER.split_once(ID_MARK).unwrap_or((ORDER, ""));
        Self { before, after }
    }

    fn write(&self, out: &mut Vec<u8>, element: &str, id: u64) {
        out.push(b'<');
        out.extend_from_slice(element.as_bytes());
        out.extend_from_slice(self.before.as_bytes());
        let mut digits = [b'0'; ID_MARK.len()];
        let mut rest = id;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        // A number has no leading zero.
        digits[0] = b'1';
        out.extend_from_slice(&digits);
        out.extend_from_slice(self.after.as_bytes());
        out.extend_from_slice(b"</");
        out.extend_from_slice(element.as_bytes());
        out.push(b'>');
    }
}

fn head(out: &mut Vec<u8>, length: usize) {
    out.extend_from_slice(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: ",
    );
    out.extend_from_slice(length.to_string().as_bytes());
    out.extend_from_slice(b"\r\n\r\n");
}

/// What stands around one order or the list, and the element each order is written as.
struct Answer {
    before: &'static str,
    element: &'static str,
    after: &'static str,
}

const GET_ORDER: Answer = Answer {
    before: r#"<GetOrderResponse xmlns="urn:figleaf:load:orders">"#,
    element: "GetOrderResult",
    after: "</GetOrderResponse>",
};
const LIST_ORDERS: Answer = Answer {
    before: r#"<ListOrdersResponse xmlns="urn:figleaf:load:orders"><ListOrdersResult>"#,
    element: "Order",
    after: "</ListOrdersResult></ListOrdersResponse>",
};

/// Streams the orders with these numbers; every order has the same length.
async fn answer(
    stream: &mut TcpStream,
    out: &mut Vec<u8>,
    answer: &Answer,
    ids: std::ops::Range<u64>,
) -> io::Result<()> {
    let order = Order::new();
    let each = ORDER.len() + 2 * answer.element.len() + "<</>".len();
    let around = OPEN.len() + answer.before.len() + answer.after.len() + CLOSE.len();
    let count = usize::try_from(ids.end - ids.start).unwrap_or(0);
    out.clear();
    head(out, around + each * count);
    out.extend_from_slice(OPEN.as_bytes());
    out.extend_from_slice(answer.before.as_bytes());
    for id in ids {
        order.write(out, answer.element, id);
        if out.len() >= WRITE_BYTES {
            stream.write_all(out).await?;
            out.clear();
        }
    }
    out.extend_from_slice(answer.after.as_bytes());
    out.extend_from_slice(CLOSE.as_bytes());
    stream.write_all(out).await
}

/// The number that is the text of an element `name`, whatever its prefix.
fn number(body: &[u8], name: &str) -> Option<u64> {
    let start = memmem::find(body, name.as_bytes())? + name.len();
    let start = start + memchr::memchr(b'>', &body[start..])? + 1;
    let end = start + memchr::memchr(b'<', &body[start..])?;
    std::str::from_utf8(&body[start..end]).ok()?.trim().parse().ok()
}

fn content_length(head: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(head).ok()?;
    let value = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then_some(value.trim())
    })?;
    value.parse().ok()
}

/// One connection: requests one after the other until the peer closes it.
async fn serve(mut stream: TcpStream) -> io::Result<()> {
    let (mut read, mut out) = (Vec::with_capacity(4096), Vec::with_capacity(2 * WRITE_BYTES));
    loop {
        let end = loop {
            if let Some(end) = memmem::find(&read, b"\r\n\r\n") {
                break end + 4;
            }
            if read.len() > REQUEST_BYTES_MAX || stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        };
        let Some(length) = content_length(&read[..end]).filter(|&one| one < REQUEST_BYTES_MAX)
        else {
            let refused =
                b"HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            return stream.write_all(refused).await;
        };
        while read.len() < end + length {
            if stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        }
        let body = &read[end..end + length];
        if let Some(count) = number(body, "count") {
            let ids = 1..count.min(LIST_COUNT_MAX) + 1;
            answer(&mut stream, &mut out, &LIST_ORDERS, ids).await?;
        } else {
            let id = number(body, "orderId").unwrap_or(0);
            answer(&mut stream, &mut out, &GET_ORDER, id..id + 1).await?;
        }
        read.drain(..end + length);
    }
}

fn main() -> io::Result<()> {
    let listen = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    tokio::runtime::Builder::new_current_thread().enable_io().build()?.block_on(async {
        let listener = TcpListener::bind(listen).await?;
        println!("listening on http://{}", listener.local_addr()?);
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            // A peer that goes away in mid-answer is its own affair.
            tokio::spawn(async move { serve(stream).await.ok() });
        }
    })
}

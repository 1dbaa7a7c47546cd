//! From a request to an answer: the envelope, the operation, its arguments.

use super::answers::{self, COM, ORD, SVC};
use super::data::{Address, Line, Money, Order, Payment};
use super::fault::{Blame, Fault, Soap};
use super::inbound::{Members, Node, malformed};
use super::seed;
use super::shop::Shop;

/// The rows a search gives where none are asked for.
const SEARCH_ROWS_DEFAULT: usize = 20;

/// What goes back.
#[derive(Debug)]
pub enum Answer {
    /// The content of the body.
    Body(String),
    /// Nothing: the operation is one-way.
    Nothing,
    /// So many orders, written while they are sent.
    Orders(u64),
}

/// Answers one request. `action` is what the transport said, without quotes.
pub fn answer(shop: &Shop, soap: Soap, action: Option<&str>, text: &str) -> Result<Answer, Fault> {
    let root = Node::parse(text)?;
    let request = open(&root, soap)?;
    if request.namespace != SVC {
        return Err(unknown(request));
    }
    let operation = match request.local.as_str() {
        "StockRequest" => "CheckStock",
        other => other,
    };
    if action.is_some_and(|action| action.strip_prefix(SVC) != Some(operation)) {
        return Err(Fault::client(format!("SHOP-0405: the action does not fit {operation}")));
    }
    run(shop, operation, request)
}

/// The one child of the body.
fn open(root: &Node, soap: Soap) -> Result<&Node, Fault> {
    let namespace = soap.namespace();
    if root.local != "Envelope" {
        return Err(malformed("no envelope"));
    }
    if root.namespace != namespace {
        let text = "SHOP-0505: the envelope is not of the version of its content type";
        return Err(Fault::plain(Blame::VersionMismatch, text));
    }
    let mut members = root.members(namespace);
    let must =
        |block: &&Node| matches!(block.attribute(namespace, "mustUnderstand"), Some("1" | "true"));
    if let Some(header) = members.maybe("Header")
        && let Some(block) = header.children.iter().find(must)
    {
        let text = format!("SHOP-0501: header {} is not understood", block.local);
        return Err(Fault::plain(Blame::MustUnderstand, &text));
    }
    let body = members.take("Body")?;
    members.end()?;
    match body.children.as_slice() {
        [request] => Ok(request),
        _ => Err(malformed("the body has not one child")),
    }
}

fn run(shop: &Shop, operation: &str, request: &Node) -> Result<Answer, Fault> {
    let mut given = request.members(SVC);
    let answer = match operation {
        "GetOrder" => {
            let order = shop.order(number(&given.text("OrderID")?)?)?;
            answers::wrapped(operation, |page| answers::order(page, "s-09:Order", &order))
        }
        "SearchOrders" => search(shop, given.take("Criteria")?)?,
        "PlaceOrder" => {
            let order = shop.place(new_order(given.take("Order")?)?)?;
            answers::wrapped(operation, |page| answers::order(page, "s-09:Order", &order))
        }
        "CancelOrder" => {
            let id = number(&given.text("OrderID")?)?;
            let reason = given.text("Reason")?;
            let order = shop.cancel(id)?;
            answers::wrapped(operation, |page| answers::cancelled(page, &order, &reason))
        }
        "GetCustomer" => {
            let customer = shop.customer(&given.text("CustomerID")?)?;
            answers::wrapped(operation, |page| answers::customer(page, &customer))
        }
        "ListOrders" => {
            let count = number(&given.text("Count")?)?;
            given.end()?;
            return Ok(Answer::Orders(count));
        }
        "CheckStock" => stock(request.attribute("", "Warehouse"), &given.text("ArticleNumber")?),
        "NotifyShipment" => {
            let id = number(&given.text("OrderID")?)?;
            given.text("Carrier")?;
            let tracking = number(&given.text("TrackingNumber")?)?;
            shop.ship(id, tracking, given.text("ShippedAt")?);
            given.end()?;
            return Ok(Answer::Nothing);
        }
        _ => return Err(unknown(request)),
    };
    given.end()?;
    Ok(Answer::Body(answer))
}

fn unknown(request: &Node) -> Fault {
    let Node { namespace, local, .. } = request;
    Fault::client(format!("SHOP-0405: no operation for {{{namespace}}}{local}"))
}

fn search(shop: &Shop, criteria: &Node) -> Result<String, Fault> {
    let mut given = criteria.members(ORD);
    let customer = given.text("CustomerNumber")?;
    let status = given.maybe_text("Status")?;
    let from = given.maybe_text("From")?;
    let rows = given.maybe_text("MaxRows")?.map(|rows| number(&rows)).transpose()?;
    given.end()?;
    let max = rows.map_or(SEARCH_ROWS_DEFAULT, |rows| usize::try_from(rows).unwrap_or(usize::MAX));
    let (total, orders) = shop.search(&customer, status.as_deref(), from.as_deref(), max);
    Ok(answers::wrapped("SearchOrders", |page| answers::found(page, total, &orders)))
}

fn stock(warehouse: Option<&str>, article: &str) -> String {
    let (available, places) = seed::stock(article);
    match warehouse {
        None => answers::stock(article, available, places),
        Some(name) => {
            let here: Vec<_> =
                places.iter().filter(|(place, ..)| *place == name).copied().collect();
            answers::stock(article, here.first().map_or("0", |(_, quantity, _)| quantity), &here)
        }
    }
}

fn new_order(node: &Node) -> Result<Order, Fault> {
    let mut given = node.members(ORD);
    let order = Order {
        id: 0,
        version: 1,
        channel: node.attribute("", "Channel").map(str::to_owned),
        customer: given.text("CustomerID")?,
        status: "NEW",
        date: "2009-06-30".to_owned(),
        placed_at: "2009-06-30T12:00:00+02:00".to_owned(),
        delivery_date: match given.maybe("DeliveryDate").filter(|node| !node.nil()) {
            Some(node) => Some(node.text()?),
            None => None,
        },
        shipped_at: None,
        ship_to: address(given.take("ShipTo")?)?,
        lines: lines(given.take("Lines")?)?,
        notes: given.texts("Note")?,
        payment: payment(given.take("Payment")?)?,
        total: Money { amount: String::new(), currency: String::new() },
        tracking: None,
        flags: "FRESH",
    };
    given.end()?;
    Ok(order)
}

fn address(node: &Node) -> Result<Address, Fault> {
    let mut given = node.members(COM);
    let address = Address {
        street: given.texts("Street")?,
        zip: given.text("ZIPCode")?,
        city: given.text("City")?,
        country: given.maybe_text("CountryCode")?,
    };
    given.end()?;
    Ok(address)
}

fn lines(node: &Node) -> Result<Vec<Line>, Fault> {
    let mut all = node.members(ORD);
    let mut lines = Vec::new();
    while let Some(node) = all.maybe("OrderLine") {
        let mut given = node.members(ORD);
        let number =
            node.attribute("", "LineNo").ok_or_else(|| malformed("a line has no LineNo"))?;
        lines.push(Line {
            number: number.to_owned(),
            article: given.text("ArticleNumber")?,
            description: given.maybe_text("Description")?,
            quantity: given.text("Quantity")?,
            unit: given.text("Unit")?,
            price: money(&mut given, "UnitPrice")?,
            gift: given.maybe_text("Gift")?,
            serials: given.texts("SerialNumber")?,
        });
        given.end()?;
    }
    all.end()?;
    Ok(lines)
}

fn payment(node: &Node) -> Result<Payment, Fault> {
    let mut ways = node.members(ORD);
    let (payment, given) = if let Some(node) = ways.maybe("Card") {
        let mut given = node.members(ORD);
        let brand = given.text("Brand")?;
        let digits = given.text("LastDigits")?;
        (Payment::Card { brand, digits, valid_until: given.text("ValidUntil")? }, given)
    } else if let Some(node) = ways.maybe("Invoice") {
        let mut given = node.members(ORD);
        let due_days = given.text("DueDays")?;
        (Payment::Invoice { due_days, reference: given.maybe_text("PurchaseReference")? }, given)
    } else {
        let mut given = ways.take("Voucher")?.members(ORD);
        let code = given.text("VoucherCode")?;
        (Payment::Voucher { code, value: money(&mut given, "FaceValue")? }, given)
    };
    given.end()?;
    ways.end()?;
    Ok(payment)
}

fn money(given: &mut Members<'_>, local: &str) -> Result<Money, Fault> {
    let node = given.take(local)?;
    let currency = node.attribute("", "Currency").ok_or_else(|| malformed("no Currency"))?;
    Ok(Money { amount: node.text()?, currency: currency.to_owned() })
}

fn number(text: &str) -> Result<u64, Fault> {
    text.trim().parse().map_err(|_| malformed("a number expected"))
}

//! The long list: orders made up while they are sent, so that no list is too long.

use actix_web::web::Bytes;
use futures_util::Stream;
use futures_util::stream;

use super::answers::{self, BODY_DEPTH, SVC, TAIL};
use super::data::Order;
use super::fault::Soap;
use super::outbound::Page;
use super::seed;

/// How many orders are written at once.
const CHUNK_ORDERS: u64 = 32;
/// The number of the first one.
const FIRST_ID: u64 = 1_000_000;

/// The whole envelope with `count` orders, in chunks; the seed orders over and over, under
/// running numbers.
pub fn orders(soap: Soap, count: u64) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    let head = Bytes::from(answers::head(soap) + &before());
    let tail = Bytes::from(after() + TAIL);
    let mut seeds = seed::orders();
    let chunks = (0..count.div_ceil(CHUNK_ORDERS)).map(move |chunk| {
        let from = chunk * CHUNK_ORDERS;
        Bytes::from(part(&mut seeds, from, count.min(from + CHUNK_ORDERS)))
    });
    stream::iter(std::iter::once(head).chain(chunks).chain(std::iter::once(tail)).map(Ok))
}

fn part(seeds: &mut [Order], from: u64, to: u64) -> String {
    let mut page = Page::new(BODY_DEPTH + 2);
    for number in from..to {
        let length = seeds.len() as u64;
        let Some(order) = usize::try_from(number % length).ok().and_then(|at| seeds.get_mut(at))
        else {
            continue;
        };
        order.id = FIRST_ID + number;
        answers::order(&mut page, "Order", order);
    }
    page.finish()
}

fn before() -> String {
    let mut page = Page::new(BODY_DEPTH);
    page.open(&format!("s-09:ListOrdersResponse xmlns:s-09='{SVC}'"));
    page.open("s-09:ListOrdersResult");
    page.finish()
}

fn after() -> String {
    let mut page = Page::new(BODY_DEPTH + 2);
    page.close("s-09:ListOrdersResult");
    page.close("s-09:ListOrdersResponse");
    page.finish()
}

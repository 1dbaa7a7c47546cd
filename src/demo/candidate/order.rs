//! An order as the successor writes it: the legacy system's in substance, in other words in the
//! five ways rewrites differ in.
//!
//! - items in another order: flags are a set here, and sorted;
//! - decimals spelt otherwise: numbers are kept, not digits, so zeros at the end are gone;
//! - absent for null: what is not known is left out;
//! - one for many: a single note is not in an array;
//! - dates without their zone: a day is a day.

use serde::Serialize;

use super::number::Number;
use crate::demo::legacy::data;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Order<'o> {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'o str>,
    order_id: u64,
    customer_id: &'o str,
    status: &'o str,
    order_date: &'o str,
    placed_at: &'o str,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_date: Option<&'o str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipped_at: Option<&'o str>,
    ship_to: Address<'o>,
    lines: Vec<Line<'o>>,
    note: OneOrMany<'o>,
    payment: Payment<'o>,
    total: Money<'o>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_number: Option<u64>,
    flags: Vec<&'o str>,
}

/// A single one stands alone.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum OneOrMany<'o> {
    One(&'o str),
    Many(&'o [String]),
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Address<'o> {
    street: &'o [String],
    zip_code: &'o str,
    city: &'o str,
    #[serde(skip_serializing_if = "Option::is_none")]
    country_code: Option<&'o str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'o> {
    line_no: Number,
    article_number: &'o str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'o str>,
    quantity: Number,
    unit: &'o str,
    unit_price: Money<'o>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gift: Option<bool>,
    serial_number: &'o [String],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Payment<'o> {
    #[serde(rename_all = "camelCase")]
    Card { brand: &'o str, last_digits: &'o str, valid_until: &'o str },
    #[serde(rename_all = "camelCase")]
    Invoice {
        due_days: Number,
        #[serde(skip_serializing_if = "Option::is_none")]
        purchase_reference: Option<&'o str>,
    },
    #[serde(rename_all = "camelCase")]
    Voucher { voucher_code: &'o str, face_value: Money<'o> },
}

/// An amount and its currency.
#[derive(Debug, Serialize)]
pub struct Money<'o> {
    currency: &'o str,
    value: Number,
}

/// What a cancellation came to, digits as they were entered.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cancellation<'o> {
    order_id: u64,
    status: &'o str,
    reason: &'o str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refund: Option<Money<'o>>,
}

impl<'o> From<&'o data::Order> for Order<'o> {
    fn from(order: &'o data::Order) -> Self {
        let mut flags: Vec<&str> = order.flags.split_whitespace().collect();
        flags.sort_unstable();
        Self {
            version: order.version,
            channel: order.channel.as_deref(),
            order_id: order.id,
            customer_id: &order.customer,
            status: order.status,
            order_date: day(&order.date),
            placed_at: &order.placed_at,
            delivery_date: order.delivery_date.as_deref().map(day),
            shipped_at: order.shipped_at.as_deref(),
            ship_to: (&order.ship_to).into(),
            lines: order.lines.iter().map(Line::from).collect(),
            note: match order.notes.as_slice() {
                [one] => OneOrMany::One(one),
                many => OneOrMany::Many(many),
            },
            payment: (&order.payment).into(),
            total: (&order.total).into(),
            tracking_number: order.tracking,
            flags,
        }
    }
}

impl<'o> From<&'o data::Address> for Address<'o> {
    fn from(address: &'o data::Address) -> Self {
        Self {
            street: &address.street,
            zip_code: &address.zip,
            city: &address.city,
            country_code: address.country.as_deref(),
        }
    }
}

impl<'o> From<&'o data::Line> for Line<'o> {
    fn from(line: &'o data::Line) -> Self {
        Self {
            line_no: Number::exact(&line.number),
            article_number: &line.article,
            description: line.description.as_deref(),
            quantity: Number::short(&line.quantity),
            unit: &line.unit,
            unit_price: (&line.price).into(),
            gift: line.gift.as_deref().map(truth),
            serial_number: &line.serials,
        }
    }
}

impl<'o> From<&'o data::Payment> for Payment<'o> {
    fn from(payment: &'o data::Payment) -> Self {
        match payment {
            data::Payment::Card { brand, digits, valid_until } => {
                Self::Card { brand, last_digits: digits, valid_until }
            }
            data::Payment::Invoice { due_days, reference } => Self::Invoice {
                due_days: Number::exact(due_days),
                purchase_reference: reference.as_deref(),
            },
            data::Payment::Voucher { code, value } => {
                Self::Voucher { voucher_code: code, face_value: value.into() }
            }
        }
    }
}

impl<'o> From<&'o data::Money> for Money<'o> {
    fn from(money: &'o data::Money) -> Self {
        Self { currency: &money.currency, value: Number::short(&money.amount) }
    }
}

impl<'o> Cancellation<'o> {
    /// Of an order that is cancelled; a refund is due where there was an amount.
    pub fn of(order: &'o data::Order, reason: &'o str) -> Self {
        let refund =
            Money { currency: &order.total.currency, value: Number::exact(&order.total.amount) };
        Self {
            order_id: order.id,
            status: order.status,
            reason,
            refund: (!order.lines.is_empty()).then_some(refund),
        }
    }
}

/// `true`, `false`, `1` or `0`, as it was entered.
pub fn truth(text: &str) -> bool {
    matches!(text, "true" | "1")
}

/// A date without its zone.
fn day(date: &str) -> &str {
    date.get(..10).unwrap_or(date)
}

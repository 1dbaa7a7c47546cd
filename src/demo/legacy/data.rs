//! What the shop keeps, as the text it was entered in: an old system stores decimals and
//! dates as characters, and so no digit is ever lost here.

/// An amount and its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    pub amount: String,
    pub currency: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub street: Vec<String>,
    pub zip: String,
    pub city: String,
    pub country: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub number: String,
    pub article: String,
    pub description: Option<String>,
    pub quantity: String,
    pub unit: String,
    pub price: Money,
    /// `true`, `false`, `1` or `0`, as it came.
    pub gift: Option<String>,
    pub serials: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payment {
    Card { brand: String, digits: String, valid_until: String },
    Invoice { due_days: String, reference: Option<String> },
    Voucher { code: String, value: Money },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: u64,
    pub version: u32,
    pub channel: Option<String>,
    pub customer: String,
    pub status: &'static str,
    pub date: String,
    pub placed_at: String,
    /// `None` is nil.
    pub delivery_date: Option<String>,
    pub shipped_at: Option<String>,
    pub ship_to: Address,
    pub lines: Vec<Line>,
    pub notes: Vec<String>,
    pub payment: Payment,
    pub total: Money,
    pub tracking: Option<u64>,
    pub flags: &'static str,
}

/// An optional nillable text: not there, nil, or there and perhaps empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Maybe {
    Absent,
    Nil,
    Text(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub name: &'static str,
    pub department: Option<&'static str>,
    pub phones: &'static [&'static str],
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    pub name: &'static str,
    pub vat: Option<&'static str>,
    pub employees: Option<u32>,
    pub contacts: Vec<Contact>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Person { first: &'static str, middle: Maybe, last: &'static str, birth: Option<&'static str> },
    Company(Company),
    KeyAccount { company: Company, manager: &'static str, rates: &'static str },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    pub id: &'static str,
    pub rating: Option<&'static str>,
    pub since: &'static str,
    pub account: i64,
    pub registered_at: &'static str,
    pub emails: &'static [&'static str],
    pub address: Address,
    /// `None` is nil: no limit.
    pub credit_limit: Option<&'static str>,
    /// `true`, `false`, `1` or `0`, as it was entered.
    pub locked: &'static str,
    pub kind: Kind,
}

/// Where an article lies: warehouse, quantity, whether reserved.
pub type Stock = (&'static str, &'static str, Option<bool>);

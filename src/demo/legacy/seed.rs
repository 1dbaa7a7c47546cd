//! What is in the shop when it opens: six customers, twelve orders, some stock.

use super::data::{
    Address, Company, Contact, Customer, Kind, Line, Maybe, Money, Order, Payment, Stock,
};

/// Every customer, by number.
pub fn customers() -> Vec<Customer> {
    let base = Customer {
        id: "00017",
        rating: Some("A"),
        since: "1998",
        account: 9_007_199_254_740_993,
        registered_at: "1998-04-01T09:30:00",
        emails: &[],
        address: address(&["Deichstraße 7"], "20459", "Hamburg", Some("DE")),
        credit_limit: Some("5000.00"),
        locked: "false",
        kind: person("Ada", Maybe::Absent, "Brandt", Some("1961-11-05")),
    };
    vec![
        Customer { emails: &["ada@brandt.example", "a.brandt@work.example"], ..base.clone() },
        Customer {
            id: "00018",
            rating: None,
            since: "2001",
            account: 1_042,
            registered_at: "2001-09-13T23:59:59.500Z",
            emails: &["einkauf@mueller.example"],
            address: address(&["Markt 1", "Hinterhaus", "3. OG"], "01067", "Dresden", None),
            credit_limit: None,
            kind: Kind::Company(mueller()),
            ..base.clone()
        },
        Customer {
            id: "00019",
            since: "2004",
            account: 9_223_372_036_854_775_807,
            registered_at: "2004-02-29T12:00:00+02:00",
            credit_limit: Some("250000.000"),
            locked: "0",
            kind: Kind::KeyAccount {
                company: Company {
                    name: "Nordlicht AG",
                    vat: None,
                    employees: None,
                    contacts: vec![],
                },
                manager: "Grace O'Hara",
                rates: "2.50 5.00 7.250",
            },
            ..base.clone()
        },
        Customer {
            id: "00020",
            rating: Some("C"),
            account: -7,
            locked: "1",
            address: address(&["Am Bach 3"], "04109", "Leipzig", Some("DE")),
            kind: person("Bo", Maybe::Nil, "Åkesson <jr>", None),
            ..base.clone()
        },
        Customer {
            id: "00021",
            rating: Some("B"),
            credit_limit: Some("10.00"),
            kind: Kind::Company(Company { name: "Kiosk & Co", ..mueller() }),
            ..base.clone()
        },
        Customer {
            id: "00022",
            credit_limit: Some("0"),
            kind: person("Cem", Maybe::Text(""), "Demir", Some("1984-02-29Z")),
            ..base
        },
    ]
}

/// Every order, by number.
pub fn orders() -> Vec<Order> {
    let base = first();
    let open = Order {
        status: "IN_PROGRESS",
        version: 1,
        shipped_at: None,
        tracking: None,
        delivery_date: None,
        ..base.clone()
    };
    let plain = Order {
        channel: None,
        lines: vec![],
        notes: vec![],
        flags: "",
        total: money("0"),
        ..open.clone()
    };
    let one = Order {
        lines: vec![line("1", "7", "2", "PCE", "19.90")],
        notes: vec!["Only one.".to_owned()],
        total: money("39.80"),
        flags: "FRAGILE",
        ..open.clone()
    };
    vec![
        base.clone(),
        Order {
            id: 43,
            payment: invoice(Some("PO-0007")),
            placed_at: at("2009-04-01T00:00:00"),
            ..plain.clone()
        },
        Order {
            id: 44,
            payment: voucher(),
            date: at("2009-04-02Z"),
            placed_at: at("2009-04-02T10:00:00.120Z"),
            ..one.clone()
        },
        Order {
            id: 45,
            customer: at("00018"),
            lines: many(),
            total: money("150.000"),
            payment: invoice(None),
            ..open.clone()
        },
        Order { id: 46, customer: at("00018"), status: "CANCELLED", ..plain.clone() },
        Order { id: 47, customer: at("00019"), channel: Some(at("EDI")), ..base.clone() },
        Order { id: 48, customer: at("00019"), channel: Some(at("PHONE")), ..open.clone() },
        Order { id: 49, customer: at("00020"), ..one.clone() },
        Order { id: 50, customer: at("00022"), ..plain },
        Order { id: 51, customer: at("00022"), payment: voucher(), ..one },
        Order { id: 52, customer: at("00022"), delivery_date: Some(at("2009-12-24")), ..open },
        Order { id: 53, customer: at("00022"), tracking: Some(9_007_199_254_740_993), ..base },
    ]
}

/// The order of the demonstration: every member there.
fn first() -> Order {
    Order {
        id: 42,
        version: 3,
        channel: Some("WEB".to_owned()),
        customer: "00017".to_owned(),
        status: "SHIPPED",
        date: "2009-03-14".to_owned(),
        placed_at: "2009-03-14T15:09:26+02:00".to_owned(),
        delivery_date: Some("2009-03-20+01:00".to_owned()),
        shipped_at: Some("2009-03-17T08:00:00Z".to_owned()),
        ship_to: address(&["Deichstraße 7", "c/o Brandt"], "01234", "Hamburg", Some("DE")),
        lines: vec![
            line("1", "00042", "12.340", "KGM", "0.50"),
            Line {
                description: Some("Kabel <2 m> & Stecker".to_owned()),
                gift: Some(at("1")),
                ..line("2", "0E42", "3", "MTR", "33.00")
            },
        ],
        notes: vec!["Ring twice.".to_owned(), "Beware of \"Rex\" & Co.".to_owned()],
        payment: card(),
        total: money("105.17000"),
        tracking: Some(18_446_744_073_709_551_615),
        flags: "PRIORITY INSURED",
    }
}

/// Where an article lies, and how much of it; nothing known of others.
pub fn stock(article: &str) -> (&'static str, &'static [Stock]) {
    match article {
        "00042" => ("112.340", &[("HAM", "100.000", None), ("DRS", "12.340", Some(true))]),
        "7" => ("5", &[("HAM", "5", Some(false))]),
        _ => ("0", &[]),
    }
}

fn mueller() -> Company {
    Company {
        name: "Müller & Söhne",
        vat: Some("DE0123456789"),
        employees: Some(12),
        contacts: vec![
            Contact {
                name: "Eva Müller",
                department: Some("R&D"),
                phones: &["+49 351 0815", "0351-4711"],
            },
            Contact { name: "Pförtner", department: None, phones: &[] },
        ],
    }
}

fn person(
    first: &'static str,
    middle: Maybe,
    last: &'static str,
    birth: Option<&'static str>,
) -> Kind {
    Kind::Person { first, middle, last, birth }
}

fn address(street: &[&str], zip: &str, city: &str, country: Option<&str>) -> Address {
    let street = street.iter().map(|line| (*line).to_owned()).collect();
    Address { street, zip: at(zip), city: at(city), country: country.map(str::to_owned) }
}

fn line(number: &str, article: &str, quantity: &str, unit: &str, price: &str) -> Line {
    Line {
        number: at(number),
        article: at(article),
        description: None,
        quantity: at(quantity),
        unit: at(unit),
        price: money(price),
        gift: None,
        serials: vec![],
    }
}

fn many() -> Vec<Line> {
    let mut lines: Vec<Line> =
        (1..=3).map(|n: u8| line(&n.to_string(), "00042", "10", "PCE", "5.000")).collect();
    lines[1].serials = vec![at("0001"), at("0002")];
    lines[2].serials = vec![at("1E5")];
    lines[2].gift = Some(at("false"));
    lines
}

fn card() -> Payment {
    Payment::Card { brand: at("VISA"), digits: at("0042"), valid_until: at("2011-08") }
}

fn invoice(reference: Option<&str>) -> Payment {
    Payment::Invoice { due_days: at("30"), reference: reference.map(str::to_owned) }
}

fn voucher() -> Payment {
    Payment::Voucher { code: at("0000-1111"), value: money("50.00") }
}

fn money(amount: &str) -> Money {
    Money { amount: at(amount), currency: at("EUR") }
}

fn at(text: &str) -> String {
    text.to_owned()
}

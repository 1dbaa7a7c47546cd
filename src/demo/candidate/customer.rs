//! A customer, as the legacy system has it to the last digit.

use serde::Serialize;

use super::number::Number;
use super::order::{Address, truth};
use crate::demo::legacy::data::{self, Kind, Maybe};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer<'c> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<&'c str>,
    since: &'c str,
    customer_id: &'c str,
    account_number: i64,
    registered_at: &'c str,
    email: &'c [&'c str],
    address: Address<'c>,
    credit_limit: Option<Number>,
    locked: bool,
    #[serde(flatten)]
    who: Who<'c>,
}

#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Who<'c> {
    Person {
        first_name: &'c str,
        #[serde(skip_serializing_if = "Option::is_none")]
        middle_name: Option<Nillable<'c>>,
        last_name: &'c str,
        birth_date: Option<&'c str>,
    },
    Company(Company<'c>),
    KeyAccount {
        #[serde(flatten)]
        company: Company<'c>,
        account_manager: &'c str,
        discount_rates: Vec<Number>,
    },
}

/// A text that is there, or null.
#[derive(Debug, Serialize)]
struct Nillable<'c>(Option<&'c str>);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Company<'c> {
    company_name: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vat_number: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employee_count: Option<u32>,
    contact: Vec<Contact<'c>>,
}

#[derive(Debug, Serialize)]
struct Contact<'c> {
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<&'c str>,
    name: &'c str,
    phone: &'c [&'c str],
}

impl<'c> From<&'c data::Customer> for Customer<'c> {
    fn from(customer: &'c data::Customer) -> Self {
        let (r#type, who) = match &customer.kind {
            Kind::Person { first, middle, last, birth } => {
                let middle_name = match middle {
                    Maybe::Absent => None,
                    Maybe::Nil => Some(Nillable(None)),
                    Maybe::Text(text) => Some(Nillable(Some(text))),
                };
                let (first_name, last_name, birth_date) = (*first, *last, *birth);
                ("Person", Who::Person { first_name, middle_name, last_name, birth_date })
            }
            Kind::Company(company) => ("Company", Who::Company(company.into())),
            Kind::KeyAccount { company, manager, rates } => (
                "KeyAccount",
                Who::KeyAccount {
                    company: company.into(),
                    account_manager: manager,
                    discount_rates: rates.split_whitespace().map(Number::exact).collect(),
                },
            ),
        };
        Self {
            r#type,
            rating: customer.rating,
            since: customer.since,
            customer_id: customer.id,
            account_number: customer.account,
            registered_at: customer.registered_at,
            email: customer.emails,
            address: (&customer.address).into(),
            credit_limit: customer.credit_limit.map(Number::exact),
            locked: truth(customer.locked),
            who,
        }
    }
}

impl<'c> From<&'c data::Company> for Company<'c> {
    fn from(company: &'c data::Company) -> Self {
        let contact = |contact: &'c data::Contact| Contact {
            department: contact.department,
            name: contact.name,
            phone: contact.phones,
        };
        Self {
            company_name: company.name,
            vat_number: company.vat,
            employee_count: company.employees,
            contact: company.contacts.iter().map(contact).collect(),
        }
    }
}

//! A row, and a place between two rows.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use tokio_postgres::Row;

/// A row as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice<'r> {
    pub invoice_no: i64,
    pub customer_no: &'r str,
    pub issued_on: Date,
    #[serde(with = "rust_decimal::serde::arbitrary_precision")]
    pub amount: Decimal,
    pub currency: &'r str,
    pub paid: bool,
    pub note: Option<&'r str>,
}

impl<'r> Invoice<'r> {
    pub fn of(row: &'r Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            invoice_no: row.try_get(0)?,
            customer_no: row.try_get(1)?,
            issued_on: row.try_get(2)?,
            amount: row.try_get(3)?,
            currency: row.try_get(4)?,
            paid: row.try_get(5)?,
            note: row.try_get(6)?,
        })
    }
}

/// After which row a page begins: `2020-01-31,4711`.
#[derive(Debug)]
pub struct Cursor {
    pub issued_on: Date,
    pub invoice_no: i64,
}

impl Cursor {
    pub fn after(invoice: &Invoice<'_>) -> Self {
        Self { issued_on: invoice.issued_on, invoice_no: invoice.invoice_no }
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (date, number) = text.split_once(',').ok_or(())?;
        let issued_on = date.parse().map_err(|_| ())?;
        Ok(Self { issued_on, invoice_no: number.parse().map_err(|_| ())? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.issued_on, self.invoice_no)
    }
}

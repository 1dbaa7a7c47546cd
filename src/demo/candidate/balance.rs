//! What a customer owes, from the ledger.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::number::Number;

/// The sum of a customer's open items, in whole thousandths until it is written.
///
/// # Errors
/// Where the ledger cannot be read.
pub fn balance(ledger: &Path, customer: &str) -> Result<Number, rusqlite::Error> {
    let ledger = Connection::open_with_flags(ledger, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut items = ledger.prepare(
        "SELECT CAST(round(BALANCE * 1000) AS INTEGER) FROM OPEN_ITEM WHERE CUST_NO = ?1",
    )?;
    let mut sum: i64 = 0;
    for thousandths in items.query_map([customer], |row| row.get::<_, i64>(0))? {
        sum += thousandths?;
    }
    let sign = if sum < 0 { "-" } else { "" };
    let (whole, part) = (sum.unsigned_abs() / 1000, sum.unsigned_abs() % 1000);
    Ok(Number::short(&format!("{sign}{whole}.{part:03}")))
}

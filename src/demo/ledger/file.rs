//! The ledger as a file.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::text::{SEED, SQLITE};

/// Makes a ledger where there is no file yet. Readers of it do not stop its writer.
///
/// # Errors
/// Where the file cannot be made, or is there already.
pub fn create(path: &Path) -> Result<(), rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.execute_batch(&format!("BEGIN;\n{SQLITE}\n{SEED}\nCOMMIT;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_holds_together() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        create(&path).unwrap();
        let ledger = Connection::open(&path).unwrap();
        let check = |question: &str, expected: i64| {
            let answer: i64 = ledger.query_row(question, [], |row| row.get(0)).unwrap();
            assert_eq!(answer, expected, "{question}");
        };
        check("SELECT count(*) FROM CUSTOMER", 30);
        check("SELECT count(*) FROM INVOICE", 300);
        check("SELECT count(*) FROM pragma_foreign_key_check", 0);
        // Sums agree, as an accountant would have it.
        check(
            "SELECT count(*) FROM INVOICE I WHERE round(NET, 3) <> (SELECT round(sum(AMOUNT), 3)
             FROM INVOICE_LINE L WHERE L.COMPANY = I.COMPANY AND L.INV_NO = I.INV_NO)",
            0,
        );
        check("SELECT count(*) FROM INVOICE_LINE WHERE abs(QTY * UNIT_PRICE - AMOUNT) > 0.0006", 0);
        check("SELECT count(*) FROM OPEN_ITEM WHERE BALANCE <= 0", 0);
        // Codes are as wide as they are declared.
        check("SELECT count(*) FROM ARTICLE WHERE length(ART_NO) <> 10", 0);
        assert!(create(&path).is_err());
    }

    #[test]
    fn the_first_customers_are_those_of_the_shop() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        create(&path).unwrap();
        let ledger = Connection::open(&path).unwrap();
        let mut customers =
            ledger.prepare("SELECT CUST_NO FROM CUSTOMER ORDER BY CUST_NO LIMIT 6").unwrap();
        let numbers: Vec<String> =
            customers.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let shop: Vec<String> = crate::demo::legacy::seed::customers()
            .iter()
            .map(|customer| customer.id.to_string())
            .collect();
        assert_eq!(numbers, shop);
    }
}

//! The folding under which names bind case- and style-blind.

/// `customer_id`, `customerId`, `CustomerID` and `Customer-Id` fold to the same text: the
/// letters and digits in lower case. A name without any folds to nothing and binds to none.
pub fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether two names bind to one another.
pub fn same(one: &str, other: &str) -> bool {
    let folded = fold(one);
    !folded.is_empty() && folded == fold(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_bind_case_and_style_blind() {
        let check = |one, other, binds| assert_eq!(same(one, other), binds, "{one} {other}");
        check("customer_id", "customerId", true);
        check("customerId", "CustomerID", true);
        check("Customer-Id", "CUSTOMERID", true);
        check("VATNumber", "vat_number", true);
        check("größe", "GRÖßE", true);
        check("orderId", "orderIds", false);
        check("_", "-", false);
    }
}

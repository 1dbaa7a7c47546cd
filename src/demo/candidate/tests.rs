//! What the successor says of the shop, next to what the shop says of itself.

use serde_json::json;

use super::customer::Customer;
use super::order::Order;
use crate::demo::legacy::Shop;

fn said(id: u64) -> serde_json::Value {
    serde_json::to_value(Order::from(&Shop::new().order(id).unwrap())).unwrap()
}

#[test]
fn an_order_differs_in_five_ways() {
    let order = said(44);
    // One for many, a decimal without its zeros, a date without its zone, absent for null.
    assert_eq!((&order["note"], order.get("deliveryDate")), (&json!("Only one."), None));
    assert_eq!(
        (&order["orderDate"], &order["status"]),
        (&json!("2009-04-02"), &json!("IN_PROGRESS"))
    );
    let text = serde_json::to_string(&Order::from(&Shop::new().order(44).unwrap())).unwrap();
    assert!(text.contains(r#""total":{"currency":"EUR","value":39.8}"#), "{text}");
    // The items of a set in another order.
    assert_eq!(said(42)["flags"], json!(["INSURED", "PRIORITY"]));
    assert_eq!(said(42)["note"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_customer_is_the_same_to_the_last_digit() {
    let shop = Shop::new();
    let said = |id| serde_json::to_string(&Customer::from(&shop.customer(id).unwrap())).unwrap();
    assert_eq!(
        said("00019"),
        r#"{"type":"KeyAccount","rating":"A","since":"2004","customerId":"00019","accountNumber":9223372036854775807,"registeredAt":"2004-02-29T12:00:00+02:00","email":[],"address":{"street":["Deichstraße 7"],"zipCode":"20459","city":"Hamburg","countryCode":"DE"},"creditLimit":250000.000,"locked":false,"companyName":"Nordlicht AG","contact":[],"accountManager":"Grace O'Hara","discountRates":[2.50,5.00,7.250]}"#
    );
    // Null, empty and absent are three things.
    assert!(said("00020").contains(r#""middleName":null"#));
    assert!(said("00022").contains(r#""middleName":"""#));
    assert!(!said("00017").contains("middleName"));
}

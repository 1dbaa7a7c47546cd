//! The contract as it is served: the files of `wsdl/shop/`, compiled in.

/// File name and text of every document of the contract; the first is the one to import.
pub const CONTRACT: &[(&str, &str)] = &[
    ("OrderService.wsdl", include_str!("../../../wsdl/shop/OrderService.wsdl")),
    ("OrderInterface.wsdl", include_str!("../../../wsdl/shop/OrderInterface.wsdl")),
    ("orders.xsd", include_str!("../../../wsdl/shop/orders.xsd")),
    ("codes.xsd", include_str!("../../../wsdl/shop/codes.xsd")),
    ("customers.xsd", include_str!("../../../wsdl/shop/customers.xsd")),
    ("common.xsd", include_str!("../../../wsdl/shop/common.xsd")),
];

/// The address the files were written with.
const ADDRESS_IN_FILE: &str = "http://127.0.0.1:8081/shop";

/// The document of this name, its address replaced by the one it was asked for at.
pub fn document(name: &str, host: &str) -> Option<String> {
    let (_, text) = CONTRACT.iter().find(|(file, _)| *file == name)?;
    Some(text.replace(ADDRESS_IN_FILE, &format!("http://{host}/shop")))
}

//! The messages as serde structs: read from XML by element name, written as JSON.

use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Envelope<T> {
    #[serde(rename = "Body")]
    pub body: Body<T>,
}

#[derive(Deserialize)]
pub struct Body<T> {
    #[serde(rename = "GetOrderResponse", alias = "ListOrdersResponse")]
    pub content: T,
}

#[derive(Deserialize)]
pub struct GetOrderResponse {
    #[serde(rename = "GetOrderResult")]
    pub result: Order,
}

#[derive(Deserialize)]
pub struct ListOrdersResponse {
    #[serde(rename = "ListOrdersResult")]
    pub result: ArrayOfOrder,
}

#[derive(Deserialize)]
pub struct ArrayOfOrder {
    #[serde(rename = "Order", default)]
    pub orders: Vec<Order>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct Order {
    #[serde(rename(deserialize = "@orderId"))]
    order_id: i64,
    #[serde(rename(deserialize = "@currency"), skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    status: Status,
    #[serde(rename(deserialize = "placedAt"))]
    placed_at: String,
    #[serde(rename(deserialize = "deliverOn"))]
    deliver_on: Option<String>,
    express: bool,
    customer: Customer,
    #[serde(default)]
    line: Vec<OrderLine>,
    #[serde(default)]
    note: Vec<String>,
    total: f64,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Open,
    Shipped,
    Closed,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Customer {
    customer_number: i64,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    address: Address,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    street: String,
    city: String,
    postal_code: String,
    country: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all(serialize = "camelCase"))]
struct OrderLine {
    #[serde(rename(deserialize = "@number"))]
    number: i32,
    sku: String,
    description: String,
    quantity: i32,
    #[serde(rename(deserialize = "unitPrice"))]
    unit_price: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    discount: Option<f64>,
}

//! What goes wrong, as the contract with callers has it: the facade's problems (RFC 9457).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::demo::legacy::fault::{Detail, Fault};

/// An error answer.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    extension: Option<(&'static str, Value)>,
}

impl Problem {
    /// The request says something that cannot be.
    pub fn invalid() -> Self {
        let title = "The request is invalid";
        Self { status: StatusCode::BAD_REQUEST, code: "request-invalid", title, extension: None }
    }

    /// The service is not there for this request.
    pub fn unavailable() -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self { status, code: "unavailable", title: "Try again", extension: None }
    }

    /// The service does not know what to do.
    pub fn internal() -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self { status, code: "internal", title: "Something is wrong here", extension: None }
    }

    /// As an answer.
    pub fn answer(self) -> HttpResponse {
        let mut body = json!({
            "type": format!("/problems/{}", self.code),
            "title": self.title,
            "status": self.status.as_u16(),
            "code": self.code,
        });
        if let Some((name, fault)) = self.extension {
            body["faultName"] = name.into();
            body["fault"] = fault;
        }
        HttpResponse::build(self.status).content_type("application/problem+json").json(body)
    }
}

/// What the shop refuses, the successor refuses with the same words.
impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let declared = |status, title, name, fault| Self {
            status,
            code: "fault-declared",
            title,
            extension: Some((name, fault)),
        };
        match fault.detail() {
            Some(Detail::OrderNotFound { id }) => declared(
                StatusCode::NOT_FOUND,
                "Order not found",
                "OrderNotFound",
                json!({ "orderId": id }),
            ),
            Some(Detail::OrderLocked { id, status }) => declared(
                StatusCode::CONFLICT,
                "Order cannot be cancelled any more",
                "OrderLocked",
                json!({ "orderId": id, "status": status }),
            ),
            Some(Detail::CustomerNotFound { id }) => declared(
                StatusCode::NOT_FOUND,
                "Customer not found",
                "CustomerNotFound",
                json!({ "customerId": id }),
            ),
            Some(Detail::CreditRefused { .. }) | None => Self::internal(),
        }
    }
}

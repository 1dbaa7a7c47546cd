//! What goes wrong, and how it is said in either version of SOAP.

use super::answers::{self, ORD};
use super::data::Money;
use super::outbound::{Page, escape};

/// The version of the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Soap {
    V11,
    V12,
}

impl Soap {
    /// The namespace of the envelope.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::V11 => "http://schemas.xmlsoap.org/soap/envelope/",
            Self::V12 => "http://www.w3.org/2003/05/soap-envelope",
        }
    }

    /// The content type of an answer.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::V11 => "text/xml; charset=utf-8",
            Self::V12 => "application/soap+xml; charset=utf-8",
        }
    }
}

/// Whose mistake it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    Client,
    Server,
    MustUnderstand,
    VersionMismatch,
}

/// The typed details that the contract declares.
#[derive(Debug)]
pub enum Detail {
    OrderNotFound { id: u64 },
    OrderLocked { id: u64, status: &'static str },
    CustomerNotFound { id: String },
    CreditRefused { customer: String, requested: Money, limit: Money },
}

/// A fault.
#[derive(Debug)]
pub struct Fault {
    blame: Blame,
    text: String,
    detail: Option<Box<Detail>>,
}

impl Fault {
    /// The request was wrong.
    pub fn client(text: String) -> Self {
        Self { blame: Blame::Client, text, detail: None }
    }

    /// Something without a detail.
    pub fn plain(blame: Blame, text: &str) -> Self {
        Self { blame, text: text.to_owned(), detail: None }
    }

    /// Its typed detail, where the contract declares it.
    pub fn detail(&self) -> Option<&Detail> {
        self.detail.as_deref()
    }

    /// A fault of the contract. The old system blames itself for all of them.
    pub fn declared(detail: Detail) -> Self {
        let text = match &detail {
            Detail::OrderNotFound { id } => format!("SHOP-0404: no order {id} in any partition"),
            Detail::OrderLocked { id, status } => format!("SHOP-0409: order {id} is {status}"),
            Detail::CustomerNotFound { id } => format!("SHOP-0404: no customer '{id}'"),
            Detail::CreditRefused { customer, .. } => {
                format!("SHOP-0412: credit of customer {customer} exceeded & refused")
            }
        };
        Self { blame: Blame::Server, text, detail: Some(Box::new(detail)) }
    }

    /// The whole envelope.
    pub fn envelope(&self, soap: Soap) -> String {
        let mut page = Page::new(2);
        match soap {
            Soap::V11 => self.v11(&mut page),
            Soap::V12 => self.v12(&mut page),
        }
        answers::envelope(soap, &page.finish())
    }

    fn v11(&self, page: &mut Page) {
        let code = match self.blame {
            Blame::Client => "Client",
            Blame::Server => "Server",
            Blame::MustUnderstand => "MustUnderstand",
            Blame::VersionMismatch => "VersionMismatch",
        };
        page.open("E_:Fault");
        page.leaf("faultcode", &format!("E_:{code}"));
        page.leaf("faultstring xml:lang='en'", &self.text);
        page.leaf("faultactor", "urn:shop:mainframe-2");
        if let Some(detail) = &self.detail {
            page.open("detail");
            detail.write(page);
            page.close("detail");
        }
        page.close("E_:Fault");
    }

    fn v12(&self, page: &mut Page) {
        let code = match self.blame {
            Blame::Client => "Sender",
            Blame::Server => "Receiver",
            Blame::MustUnderstand => "MustUnderstand",
            Blame::VersionMismatch => "VersionMismatch",
        };
        page.open("E_:Fault");
        page.open("E_:Code");
        page.leaf("E_:Value", &format!("E_:{code}"));
        if let Some(detail) = &self.detail {
            page.open("E_:Subcode");
            page.leaf(&format!("E_:Value xmlns:f-1='{ORD}'"), &format!("f-1:{}", detail.name()));
            page.close("E_:Subcode");
        }
        page.close("E_:Code");
        page.open("E_:Reason");
        page.raw(&format!("<E_:Text xml:lang='en'>{}</E_:Text>", escape(&self.text)));
        page.close("E_:Reason");
        page.leaf("E_:Role", "urn:shop:mainframe-2");
        if let Some(detail) = &self.detail {
            page.open("E_:Detail");
            detail.write(page);
            page.close("E_:Detail");
        }
        page.close("E_:Fault");
    }
}

impl Detail {
    fn name(&self) -> &'static str {
        match self {
            Self::OrderNotFound { .. } => "OrderNotFound",
            Self::OrderLocked { .. } => "OrderLocked",
            Self::CustomerNotFound { .. } => "CustomerNotFound",
            Self::CreditRefused { .. } => "CreditRefused",
        }
    }

    fn write(&self, page: &mut Page) {
        let tag = format!("{}Detail", self.name());
        page.open(&format!("{tag} xmlns='{ORD}'"));
        match self {
            Self::OrderNotFound { id } => {
                page.leaf("OrderID", &id.to_string());
                page.leaf("SearchedIn", "PARTITION-A");
                page.leaf("SearchedIn", "ARCHIVE");
            }
            Self::OrderLocked { id, status } => {
                page.leaf("OrderID", &id.to_string());
                page.leaf("Status", status);
            }
            Self::CustomerNotFound { id } => page.leaf("CustomerID", id),
            Self::CreditRefused { customer, requested, limit } => {
                page.leaf("CustomerID", customer);
                answers::money(page, "Requested", requested);
                answers::money(page, "Limit", limit);
            }
        }
        page.close(&tag);
    }
}

//! What a side would send, without sending it.

use std::rc::Rc;

use serde_json::{Value, json};

use crate::plan::Translator;
use crate::server::exchange::Exchange;
use crate::server::soap::{self, SoapAsked};
use crate::server::{input, sql};
use crate::xml::XmlLimits;

/// The outbound request as JSON that can be compared: of SOAP what is in the envelope, by expanded names, of
/// SQL the statements with their values. `None` where the side refuses the request, or sends
/// nothing that can be foreseen.
pub(super) fn rendered(exchange: &Rc<Exchange>, text: Option<&str>) -> Option<String> {
    let (parts, part, deadline) = (&[][..], 0, exchange.deadline);
    match &exchange.route().translator {
        Translator::Soap(call) => {
            let input = input::take(exchange, soap::header_names(call), text).ok()?;
            let asked = SoapAsked { exchange, call, part, input, parts, deadline };
            let message = soap::translate(&asked).ok()?;
            let envelope = crate::canonical::read(&message.bytes, XmlLimits::default()).ok()?;
            Some(Value::Array(envelope.elements().map(wrapped).collect()).to_string())
        }
        Translator::Sql(call) => {
            let input = input::take(exchange, sql::header_names(call), text).ok()?;
            sql::rendered(&sql::SqlAsked { exchange, call, input, parts, deadline })
        }
        Translator::Http(_) | Translator::Compose(_) => None,
    }
}

/// Header or Body, whichever version of SOAP has wrapped it.
fn wrapped(element: &crate::canonical::Element) -> Value {
    let name = element.name.to_string();
    let name = name.rsplit('}').next().unwrap_or_default().to_owned();
    json!({ name: element.elements().map(tree).collect::<Vec<_>>() })
}

/// An element as `{ "{namespace}local": [...] }`: prefixes gone, order kept.
fn tree(element: &crate::canonical::Element) -> Value {
    let mut inside: Vec<Value> = element
        .attributes
        .iter()
        .map(|attribute| json!({ format!("@{}", attribute.name): attribute.value }))
        .collect();
    inside.extend(element.elements().map(tree));
    if element.elements().next().is_none() {
        inside.push(Value::String(element.text()));
    }
    json!({ element.name.to_string(): inside })
}

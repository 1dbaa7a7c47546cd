//! From a definitions document to authored components (WSDL 1.1, section 2).

mod binding;
mod definitions;
mod port_type;

pub(super) use definitions::{definitions, target_namespace};
use definitions::{documentation, name, reference};

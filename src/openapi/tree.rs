//! Trees of elements: XML that no schema describes.

use utoipa::openapi::schema::{AdditionalProperties, Array, ObjectBuilder, SchemaType};
use utoipa::openapi::{Object, RefOr, Schema, Type};

use super::describe::{described, of_type};
use super::names::Side;
use super::schema::Shaper;

impl Shaper<'_> {
    /// The schema of a tree: an element, with its name where the contract does not give it.
    pub(super) fn tree(&self, is_named: bool) -> Object {
        let mut item = of_type(Type::String);
        item.schema_type = SchemaType::from_iter([Type::String, Type::Object]);
        item.description = Some(
            "Text, or an element: an object with `name`, `attributes` and `content`.".to_owned(),
        );
        let mut schema = ObjectBuilder::new().schema_type(Type::Object);
        if is_named {
            let name = described(
                of_type(Type::String).into(),
                Some("The name of the element, `{namespace}local` or `local`."),
            );
            schema = schema.property("name", name).required("name");
        }
        schema = schema
            .property("attributes", attributes())
            .property("content", RefOr::T(Schema::Array(Array::new(item))))
            .additional_properties(Some(AdditionalProperties::FreeForm(false)));
        if self.side == Side::Output {
            schema = schema.required("attributes").required("content");
        }
        schema.description(Some("XML as a tree.")).build()
    }
}

/// Attributes by name.
pub(super) fn attributes() -> Object {
    let mut schema = of_type(Type::Object);
    let text = of_type(Type::String);
    schema.additional_properties = Some(Box::new(AdditionalProperties::RefOr(text.into())));
    schema.description = Some(
        "Attributes by their names, `{namespace}local` where they have a namespace.".to_owned(),
    );
    schema
}

//! Simple types → schemas.

use serde_json::Value;
use utoipa::openapi::schema::{AnyOf, Array, KnownFormat, SchemaFormat, SchemaType};
use utoipa::openapi::{Object, RefOr, Schema, Type};

use super::describe::{anything, described, of_type, paragraphs};
use super::literal::{DOUBLE_WHOLE_MAX, bound, literal};
use super::names::Side;
use super::pattern::ecma;
use super::schema::Shaper;
use crate::codec::{Form, Lexical, Node, Numbers, Text, TextKind};
use crate::xml::NsId;

/// Values of an enumeration that are named in words.
const NAMED_VALUES_MAX: usize = 40;

impl Shaper<'_> {
    /// The schema of a simple type.
    pub(super) fn text(&self, ty: &Text, depth: u32) -> RefOr<Schema> {
        let mut notes = Vec::new();
        let schema = match &ty.kind {
            TextKind::Atomic(lexical) => self.atomic(ty, *lexical, &mut notes).into(),
            TextKind::List(item) => self.list(ty, *item, depth, &mut notes),
            TextKind::Union(members) => {
                let mut any_of = AnyOf::new();
                any_of.schema_type = SchemaType::AnyValue;
                any_of.items = members.iter().map(|m| self.value_at(*m, depth + 1)).collect();
                note_values(ty, &mut notes);
                note_patterns(ty, &mut notes);
                RefOr::T(Schema::AnyOf(any_of))
            }
        };
        let text = paragraphs(ty.documentation.as_deref(), &notes);
        described(schema, text.as_deref())
    }

    fn list(
        &self,
        ty: &Text,
        item: crate::codec::NodeId,
        depth: u32,
        notes: &mut Vec<String>,
    ) -> RefOr<Schema> {
        let item = match self.graph.node(item) {
            Node::Text(_) => self.value_at(item, depth + 1),
            _ => anything("Any value.").into(),
        };
        let facets = &ty.check.facets;
        let count = |n: Option<u64>| n.and_then(|n| usize::try_from(n).ok());
        let mut array = Array::new(item);
        array.min_items = count(facets.length.or(facets.min_length));
        array.max_items = count(facets.length.or(facets.max_length));
        note_values(ty, notes);
        note_patterns(ty, notes);
        RefOr::T(Schema::Array(array))
    }

    fn atomic(&self, ty: &Text, lexical: Lexical, notes: &mut Vec<String>) -> Object {
        let mut schema = match lexical {
            Lexical::Boolean => of_type(Type::Boolean),
            Lexical::Integer { .. } | Lexical::Decimal if lexical.is_string(self.graph.numbers) => {
                note_bounds(ty, notes);
                number_text(lexical)
            }
            Lexical::Integer { min, max, .. } => integer(ty, min, max, notes),
            Lexical::Decimal => {
                let mut schema = of_type(Type::Number);
                bounds(&mut schema, ty, notes);
                schema
            }
            Lexical::Float => self.float(ty, notes),
            Lexical::String(_) => {
                let mut schema = of_type(Type::String);
                lengths(&mut schema, ty, 1);
                if ty.name.as_ref().is_some_and(|(ns, n)| *ns == NsId::XSD && &**n == "anyURI") {
                    schema.format = Some(SchemaFormat::Custom("uri-reference".to_owned()));
                }
                schema
            }
            Lexical::Form(form) => text_form(ty, form, notes),
            Lexical::QName => {
                notes.push("A name as `{namespace}local`.".to_owned());
                return of_type(Type::String);
            }
        };
        note_digits(ty, notes);
        self.enumeration(&mut schema, ty, notes);
        Self::patterns(&mut schema, ty, notes);
        schema
    }

    /// What is no finite number is a string where large numbers are, else `null`, which says
    /// too little to be sent.
    fn float(&self, ty: &Text, notes: &mut Vec<String>) -> Object {
        let mut schema = of_type(Type::Number);
        if self.graph.numbers == Numbers::String {
            schema.schema_type = SchemaType::from_iter([Type::Number, Type::String]);
            schema.pattern = Some("^(-?INF|NaN)$".to_owned());
        } else if self.side == Side::Output {
            schema.schema_type = SchemaType::from_iter([Type::Number, Type::Null]);
            notes.push("`null` stands for what is no finite number.".to_owned());
        }
        schema.format = Some(SchemaFormat::KnownFormat(KnownFormat::Double));
        bounds(&mut schema, ty, notes);
        schema
    }

    fn enumeration(&self, schema: &mut Object, ty: &Text, notes: &mut Vec<String>) {
        let values = &ty.check.facets.enumeration;
        if values.is_empty() {
            return;
        }
        let literals: Option<Vec<Value>> =
            values.iter().map(|value| literal(self.graph, ty, value)).collect();
        let Some(mut literals) = literals else { return note_values(ty, notes) };
        let mut seen = Vec::new();
        literals.retain(|value| {
            let is_new = !seen.contains(value);
            seen.push(value.clone());
            is_new
        });
        if schema.schema_type == SchemaType::from_iter([Type::Number, Type::Null]) {
            literals.push(Value::Null);
        }
        schema.enum_values = Some(literals);
    }

    fn patterns(schema: &mut Object, ty: &Text, notes: &mut Vec<String>) {
        let steps = &ty.check.facets.patterns;
        if steps.is_empty() {
            return;
        }
        // A number's digits may be written in several ways: its pattern is the backend's.
        let pattern = if schema.schema_type == Type::String.into() { ecma(steps) } else { None };
        match pattern {
            Some(pattern) => schema.pattern = Some(pattern),
            None => note_patterns(ty, notes),
        }
    }
}

fn number_text(lexical: Lexical) -> Object {
    let mut schema = of_type(Type::String);
    let pattern = match lexical {
        Lexical::Integer { .. } => r"^-?[0-9]+$",
        _ => r"^-?[0-9]+(\.[0-9]+)?$",
    };
    if lexical == Lexical::Decimal {
        schema.format = Some(SchemaFormat::Custom("decimal".to_owned()));
    }
    schema.pattern = Some(pattern.to_owned());
    schema
}

fn integer(ty: &Text, min: Option<i128>, max: Option<i128>, notes: &mut Vec<String>) -> Object {
    let mut schema = of_type(Type::Integer);
    let fits = |low: i128, high: i128| {
        min.is_some_and(|min| min >= low) && max.is_some_and(|max| max <= high)
    };
    let (low, high) = if fits(i32::MIN.into(), i32::MAX.into()) {
        schema.format = Some(SchemaFormat::KnownFormat(KnownFormat::Int32));
        (i128::from(i32::MIN), i128::from(i32::MAX))
    } else if fits(i64::MIN.into(), i64::MAX.into()) {
        schema.format = Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
        (i128::from(i64::MIN), i128::from(i64::MAX))
    } else {
        (i128::MIN, i128::MAX)
    };
    let own = |limit: Option<i128>, implied: i128| {
        let shown = limit.filter(|n| *n != implied && n.abs() <= DOUBLE_WHOLE_MAX)?;
        isize::try_from(shown).ok().map(utoipa::Number::Int)
    };
    schema.minimum = own(min, low);
    schema.maximum = own(max, high);
    bounds(&mut schema, ty, notes);
    schema
}

/// Bounds as numbers where a double has their digits, in words otherwise.
fn bounds(schema: &mut Object, ty: &Text, notes: &mut Vec<String>) {
    let facets = &ty.check.facets;
    let rows = [
        (&facets.min_inclusive, &mut schema.minimum, "At least"),
        (&facets.max_inclusive, &mut schema.maximum, "At most"),
        (&facets.min_exclusive, &mut schema.exclusive_minimum, "More than"),
        (&facets.max_exclusive, &mut schema.exclusive_maximum, "Less than"),
    ];
    for (facet, place, words) in rows {
        let Some(limit) = facet else { continue };
        match bound(limit) {
            Some(number) => *place = Some(number),
            None => notes.push(format!("{words} {limit}.")),
        }
    }
}

fn note_bounds(ty: &Text, notes: &mut Vec<String>) {
    let facets = &ty.check.facets;
    let rows = [
        (&facets.min_inclusive, "At least"),
        (&facets.max_inclusive, "At most"),
        (&facets.min_exclusive, "More than"),
        (&facets.max_exclusive, "Less than"),
    ];
    for (facet, words) in rows {
        notes.extend(facet.iter().map(|limit| format!("{words} {limit}.")));
    }
}

/// Lengths in characters; `unit` characters make one unit of the facet.
fn lengths(schema: &mut Object, ty: &Text, unit: u64) {
    let facets = &ty.check.facets;
    let count = |n: Option<u64>| n.and_then(|n| usize::try_from(n.checked_mul(unit)?).ok());
    schema.min_length = count(facets.length.or(facets.min_length)).filter(|n| *n > 0);
    schema.max_length = count(facets.length.or(facets.max_length));
}

/// Texts with a form of their own. XSD's dates and times may have a zone or lack it, and
/// its durations a sign: the formats of JSON Schema promise otherwise, so none is claimed.
fn text_form(ty: &Text, form: Form, notes: &mut Vec<String>) -> Object {
    const ZONE: &str = r"(Z|[+\-]\d{2}:\d{2})?";
    const DAY: &str = r"-?\d{4,}-\d{2}-\d{2}";
    const HOUR: &str = r"\d{2}:\d{2}:\d{2}(\.\d+)?";
    let mut schema = of_type(Type::String);
    let pattern = match form {
        Form::Date => format!("^{DAY}{ZONE}$"),
        Form::DateTime => format!("^{DAY}T{HOUR}{ZONE}$"),
        Form::Time => format!("^{HOUR}{ZONE}$"),
        Form::Duration => r"^-?P(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$".to_owned(),
        Form::GYear => format!(r"^-?\d{{4,}}{ZONE}$"),
        Form::GYearMonth => format!(r"^-?\d{{4,}}-\d{{2}}{ZONE}$"),
        Form::GMonth => format!(r"^--\d{{2}}(--)?{ZONE}$"),
        Form::GMonthDay => format!(r"^--\d{{2}}-\d{{2}}{ZONE}$"),
        Form::GDay => format!(r"^---\d{{2}}{ZONE}$"),
        Form::Hex => {
            lengths(&mut schema, ty, 2);
            "^([0-9a-fA-F]{2})*$".to_owned()
        }
        Form::Base64 => {
            "base64".clone_into(&mut schema.content_encoding);
            note_bytes(ty, notes);
            return schema;
        }
        Form::Language => {
            lengths(&mut schema, ty, 1);
            "^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$".to_owned()
        }
        Form::Name | Form::NcName | Form::NmToken | Form::Id | Form::IdRef => {
            lengths(&mut schema, ty, 1);
            r"^\S+$".to_owned()
        }
    };
    schema.pattern = Some(pattern);
    schema.examples = vec![Value::from(form.example())];
    if !ty.check.is_empty() {
        schema.examples.clear();
    }
    note_bounds(ty, notes);
    schema
}

fn note_bytes(ty: &Text, notes: &mut Vec<String>) {
    let facets = &ty.check.facets;
    notes.extend(facets.length.map(|n| format!("{n} bytes.")));
    notes.extend(facets.min_length.map(|n| format!("At least {n} bytes.")));
    notes.extend(facets.max_length.map(|n| format!("At most {n} bytes.")));
}

fn note_digits(ty: &Text, notes: &mut Vec<String>) {
    let facets = &ty.check.facets;
    notes.extend(facets.total_digits.map(|n| format!("At most {n} digits.")));
    notes.extend(facets.fraction_digits.map(|n| format!("At most {n} digits after the point.")));
}

fn note_values(ty: &Text, notes: &mut Vec<String>) {
    let values = &ty.check.facets.enumeration;
    if values.is_empty() {
        return;
    }
    let named: Vec<String> =
        values.iter().take(NAMED_VALUES_MAX).map(|v| format!("`{v}`")).collect();
    let more = if values.len() > NAMED_VALUES_MAX { ", …" } else { "" };
    notes.push(format!("One of {}{more}.", named.join(", ")));
}

fn note_patterns(ty: &Text, notes: &mut Vec<String>) {
    for step in &ty.check.facets.patterns {
        notes.push(format!("Matches the XML Schema pattern `{}`.", step.join("|")));
    }
}

//! What rows become → schemas and examples.

use serde_json::{Map, Value, json};
use utoipa::openapi::schema::{Array, ObjectBuilder};
use utoipa::openapi::{RefOr, Schema, SchemaFormat, Type as JsonType};

use super::super::describe::{anything, described, keyword, nullable, of_type};
use super::example::{declared, example};
use super::value::{Place, value};
use crate::plan::{
    ColumnPlan, IncludePlan, PagePlan, ResultKind, RowMember, RowPlan, RowValue, SqlCall, StepPlan,
    Total,
};

/// A schema and, where one can be made, an example of it.
pub(in super::super) struct Shape {
    pub(in super::super) schema: RefOr<Schema>,
    pub(in super::super) example: Option<Value>,
}

/// The answer of a call; `None` where it has no content.
pub(in super::super) fn answer(call: &SqlCall) -> Option<Shape> {
    let step = call.steps.get(call.answer)?;
    let shape = result(step)?;
    match &call.page {
        Some(page) if page.envelope => Some(envelope(page, shape)),
        _ => Some(shape),
    }
}

/// One item of a list.
pub(super) fn item(call: &SqlCall) -> Option<Shape> {
    let step = call.steps.get(call.answer)?;
    Some(row(&step.row, &step.includes))
}

fn result(step: &StepPlan) -> Option<Shape> {
    match step.result {
        ResultKind::None => None,
        ResultKind::One | ResultKind::Optional => Some(row(&step.row, &step.includes)),
        ResultKind::Many => Some(list(row(&step.row, &step.includes))),
        ResultKind::Scalar => Some(match step.row.members.first().map(|member| &member.value) {
            Some(RowValue::Column(plan)) => column(plan),
            _ => Shape { schema: anything("Any value.").into(), example: None },
        }),
        ResultKind::Affected => {
            let mut number = of_type(JsonType::Integer);
            number.minimum = Some(utoipa::Number::Int(1));
            let schema = ObjectBuilder::new()
                .schema_type(JsonType::Object)
                .property("affected", number)
                .required("affected");
            let schema = RefOr::T(Schema::Object(schema.build()));
            Some(Shape { schema, example: Some(json!({ "affected": 1 })) })
        }
        ResultKind::Cursors => Some(cursors(&step.row)),
    }
}

fn list(item: Shape) -> Shape {
    Shape {
        schema: RefOr::T(Schema::Array(Array::new(item.schema))),
        example: item.example.map(|item| Value::Array(vec![item])),
    }
}

/// `{"items": […], "next": "…", "prev": "…", "total": n}`
fn envelope(page: &PagePlan, items: Shape) -> Shape {
    let address = |words: &str| {
        let mut schema = of_type(JsonType::String);
        schema.format = Some(SchemaFormat::Custom("uri-reference".to_owned()));
        described(schema.into(), Some(words))
    };
    let mut schema = ObjectBuilder::new()
        .schema_type(JsonType::Object)
        .property("items", items.schema)
        .property("next", address("The next page; not there on the last."))
        .property("prev", address("The page before; not there on the first."))
        .required("items");
    if page.total != Total::None {
        schema = schema.property("total", total(page)).required("total");
    }
    let example = items.example.map(|items| match page.total {
        Total::None => json!({ "items": items }),
        _ => json!({ "items": items, "total": 1 }),
    });
    Shape { schema: RefOr::T(Schema::Object(schema.build())), example }
}

/// The number of all items.
pub(super) fn total(page: &PagePlan) -> RefOr<Schema> {
    let mut schema = of_type(JsonType::Integer);
    schema.minimum = Some(utoipa::Number::Int(0));
    let words = match page.total {
        Total::Estimate => "About how many items all pages have.",
        _ => "How many items all pages have.",
    };
    described(schema.into(), Some(words))
}

/// Each refcursor is an array of rows that are not described before they are fetched.
fn cursors(plan: &RowPlan) -> Shape {
    let mut schema = ObjectBuilder::new().schema_type(JsonType::Object);
    for member in &plan.members {
        let rows = Array::new(of_type(JsonType::Object));
        schema = schema.property(&*member.name, rows).required(&*member.name);
    }
    let empty = plan.members.iter().map(|member| (member.name.to_string(), json!([])));
    let example = Value::Object(empty.collect());
    Shape { schema: RefOr::T(Schema::Object(schema.build())), example: Some(example) }
}

fn row(plan: &RowPlan, includes: &[IncludePlan]) -> Shape {
    let mut object = Members::default();
    object.add(&plan.members, includes);
    if let Some(fold) = &plan.fold {
        object.push(&fold.name, list(row(&fold.row, includes)));
    }
    object.finish()
}

struct Members {
    schema: ObjectBuilder,
    example: Option<Map<String, Value>>,
}

impl Default for Members {
    fn default() -> Self {
        let schema = ObjectBuilder::new().schema_type(JsonType::Object);
        Self { schema, example: Some(Map::new()) }
    }
}

impl Members {
    fn add(&mut self, members: &[RowMember], includes: &[IncludePlan]) {
        for member in members {
            let shape = match &member.value {
                RowValue::Column(plan) => column(plan),
                RowValue::Object(members) => {
                    let mut inner = Self::default();
                    inner.add(members, includes);
                    inner.finish()
                }
                RowValue::Include(at) => match includes.get(*at) {
                    Some(include) => included(include),
                    None => continue,
                },
            };
            self.push(&member.name, shape);
        }
    }

    /// Adds a member, which is always there.
    fn push(&mut self, name: &str, shape: Shape) {
        let schema = std::mem::take(&mut self.schema);
        self.schema = schema.property(name, shape.schema).required(name);
        match (&mut self.example, shape.example) {
            (Some(entries), Some(value)) => {
                entries.insert(name.to_owned(), value);
            }
            _ => self.example = None,
        }
    }

    fn finish(self) -> Shape {
        Shape {
            schema: RefOr::T(Schema::Object(self.schema.build())),
            example: self.example.map(Value::Object),
        }
    }
}

fn included(include: &IncludePlan) -> Shape {
    let shape = row(&include.row, &[]);
    if include.single {
        return Shape { schema: nullable(shape.schema), example: shape.example };
    }
    list(shape)
}

fn column(plan: &ColumnPlan) -> Shape {
    let place = Place::Answer(plan.form);
    let own = plan.schema.as_ref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let (schema, example) = match own {
        Some(own) => {
            let example = declared(&own);
            let mut schema = anything("");
            schema.description = None;
            // As it is written: its keywords are not ours to know.
            schema.extensions = Some(keyword("allOf", json!([own])));
            (RefOr::T(Schema::Object(schema)), example)
        }
        None => (value(&plan.ty, place), example(&plan.ty, place)),
    };
    Shape { schema: if plan.nullable { nullable(schema) } else { schema }, example }
}

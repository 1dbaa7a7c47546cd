//! The columns of a result as this route shows them: names, forms, what is left out.

use super::super::Compiler;
use super::described::Typed;
use super::terms::{item, type_name, unsupported};
use crate::codec::{Naming, same_name};
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use crate::mapping::{Change, Numbers, Output, Shaping, Spanned, ValueForm};
use crate::plan::ColumnPlan;
use crate::sql::{Column, Form, Type};

/// A column on its way to a member.
#[derive(Debug)]
pub(super) struct Shown {
    /// The name it has without `out`.
    pub(super) own: String,
    /// The way to its member.
    pub(super) path: Vec<String>,
    pub(super) dropped: bool,
    pub(super) plan: ColumnPlan,
}

/// What a backend says about all columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) naming: Naming,
    pub(super) numbers: Numbers,
}

impl Style {
    /// How `int8` and `numeric` are written.
    pub(super) fn large_numbers(self) -> Form {
        match self.numbers {
            Numbers::Exact => Form::Plain,
            Numbers::String => Form::String,
        }
    }
}

impl Compiler<'_> {
    /// The columns with what `out` says about them; `None` where they are not known.
    pub(super) fn columns(
        &mut self,
        typed: &Typed,
        style: Style,
        outputs: &[Output],
    ) -> Option<Vec<Shown>> {
        let columns = typed.columns.as_ref()?;
        let mut shown: Vec<Shown> =
            (0..).zip(columns).map(|(index, column)| show(index, column, style)).collect();
        for output in outputs {
            self.change_column(&mut shown, output);
        }
        for column in shown.iter().filter(|column| !column.dropped) {
            if let Some(name) = unsupported(&column.plan.ty) {
                let column = &column.plan.column;
                let message =
                    format!("the column `{column}` is of the type `{name}`, which is not carried");
                let help =
                    format!("write `{column}::text`, or `out: {{ {column}: {{ drop: true }} }}`");
                let span = typed.parsed.base.head();
                self.report.push(Diagnostic::error(Code::SqlType, span, message).help(help));
            }
        }
        Some(shown)
    }

    fn change_column(&mut self, columns: &mut [Shown], output: &Output) {
        let member = &output.member.value;
        if let Change::Header(_) | Change::Body = &output.change.value {
            let message = "this is for answers of operations";
            let help = "`header` and `body` are of SOAP; a statement has columns";
            let problem = Diagnostic::error(Code::MappingValue, output.change.span, message);
            self.report.push(problem.help(help));
            return;
        }
        let from = match &output.change.value {
            Change::Shape(Shaping { from: Some(from), .. }) => from,
            _ => member,
        };
        let first = from.names.first().map_or(output.member.span, |name| name.span);
        let name = Spanned::new(from.text.clone(), first);
        let Some(at) = self.column(columns, &name) else { return };
        let column = &mut columns[at];
        match &output.change.value {
            Change::Drop => column.dropped = true,
            Change::Header(_) | Change::Body => {}
            Change::Rename(name) => column.path = name.split('.').map(str::to_owned).collect(),
            Change::Shape(shaping) => {
                if shaping.from.is_some() {
                    column.path = member.names.iter().map(|name| name.value.clone()).collect();
                }
                self.shape(column, shaping);
            }
        }
    }

    fn shape(&mut self, column: &mut Shown, shaping: &Shaping) {
        let name = column.own.clone();
        if let Some(nullable) = &shaping.nullable {
            column.plan.nullable = nullable.value;
        }
        let scalar = item(&column.plan.ty).clone();
        if let Some(form) = &shaping.form {
            let bytes = matches!(scalar, Type::Bytea | Type::Dynamic);
            let (plan, fits) = match form.value {
                ValueForm::Number => (Form::Plain, is_number(&scalar)),
                ValueForm::String => (Form::String, !matches!(scalar, Type::Bytea)),
                ValueForm::Base64 => (Form::Plain, bytes),
                ValueForm::Base64Url => (Form::Base64Url, bytes),
                ValueForm::Hex => (Form::Hex, bytes),
            };
            column.plan.form = plan;
            if !fits {
                let message = format!("`{name}` is {}, and is not written so", type_name(&scalar));
                let help =
                    "numbers have `number` and `string`, bytes `base64`, `base64url` and `hex`";
                self.report.push(Diagnostic::error(Code::SqlType, form.span, message).help(help));
            }
        }
        if let Some(schema) = &shaping.schema {
            column.plan.schema = Some(schema.value.as_str().into());
            if !matches!(scalar, Type::Json | Type::Jsonb | Type::Dynamic) {
                let message =
                    format!("`{name}` is {}, which has a schema already", type_name(&scalar));
                let help = "`schema` is for columns of json and jsonb";
                self.report.push(Diagnostic::error(Code::SqlType, schema.span, message).help(help));
            }
        }
    }

    /// The column of a name, in the database's spelling or the API's; reported where there is
    /// none, or more than one.
    pub(super) fn column(&mut self, columns: &[Shown], name: &Spanned<String>) -> Option<usize> {
        let wanted = name.value.as_str();
        let exact = columns.iter().position(|c| *c.plan.column == *wanted || c.own == wanted);
        if exact.is_some() {
            return exact;
        }
        let like = |column: &Shown| same_name(&column.plan.column, wanted);
        let mut found = columns.iter().enumerate().filter(|(_, column)| like(column));
        let first = found.next().map(|(at, _)| at);
        if first.is_some() && found.next().is_none() {
            return first;
        }
        let names: Vec<&str> = columns.iter().map(|column| column.own.as_str()).collect();
        self.report.push(unknown_column(wanted, name.span, &names));
        None
    }
}

/// The result has no such column.
pub(super) fn unknown_column(name: &str, span: Span, names: &[&str]) -> Diagnostic {
    let help = match did_you_mean(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "the statement gives no columns".to_owned(),
        None => format!("the columns are: {}", names[..names.len().min(SHOWN_MAX)].join(", ")),
    };
    let message = format!("the result has no column `{name}`");
    Diagnostic::error(Code::SqlColumn, span, message).help(help)
}

/// Names a help lists.
const SHOWN_MAX: usize = 20;

fn show(index: u16, column: &Column, style: Style) -> Shown {
    let own = style.naming.apply(&column.name);
    let large = matches!(item(&column.ty), Type::Int8 | Type::Numeric { .. });
    let form = if large { style.large_numbers() } else { Form::Plain };
    Shown {
        path: vec![own.clone()],
        own,
        dropped: false,
        plan: ColumnPlan {
            index,
            column: column.name.as_str().into(),
            ty: column.ty.clone(),
            nullable: column.nullable,
            form,
            schema: None,
        },
    }
}

fn is_number(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Int2
            | Type::Int4
            | Type::Int8
            | Type::Oid
            | Type::Numeric { .. }
            | Type::Float4
            | Type::Float8
            | Type::Dynamic
    )
}

//! Where the values of a statement come from: `in`, and names that match.

use std::sync::Arc;

use super::super::Compiler;
use super::body::Body;
use super::described::{Typed, unknown};
use super::terms::item;
use crate::codec::{Json, Naming, same_name};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::mapping::{Constant, Input, MemberPath, Route, Source, Spanned, Supplied};
use crate::plan::{ParameterPlace, ResultKind, RowPlan, SqlBinding, SqlParameter, SqlSource};
use crate::sql::{self, Dialect, Type};

/// What the statements of one call take from its caller, in the making.
pub(super) struct Binder<'r> {
    pub(super) route: &'r Route,
    pub(super) naming: Naming,
    pub(super) dialect: Dialect,
    pub(super) authenticated: bool,
    pub(super) parameters: Vec<SqlParameter>,
    pub(super) body: Body,
    /// Steps that have been compiled: name, result, row.
    pub(super) steps: Vec<(Spanned<String>, ResultKind, Arc<RowPlan>)>,
    pub(super) step_names: Vec<String>,
    /// The parameter of a statement that is `If-Match`.
    pub(super) if_match: Option<&'r Spanned<String>>,
    pub(super) if_match_used: bool,
}

/// One parameter of a statement that is to be fed.
struct Target<'t> {
    name: &'t str,
    ty: &'t Type,
    span: Span,
    /// Whether only filters use it, so that a call may do without it.
    filter_only: bool,
}

impl Compiler<'_> {
    /// A value for every parameter of a statement. `keys` is the parameter of an include that
    /// takes the keys.
    pub(super) fn bindings(
        &mut self,
        binder: &mut Binder<'_>,
        typed: &Typed,
        inputs: &[Input],
        keys: Option<&str>,
    ) -> Vec<SqlBinding> {
        let statement = &typed.parsed.statement;
        let names = statement.parameters();
        for input in inputs {
            let name = &input.target.value.text;
            if !names.contains(name) {
                let message = format!("the statement has no parameter `:{name}`");
                let name = Spanned::new(name.clone(), input.target.span);
                self.report.push(unknown(&name, message, names));
            }
        }
        let base = statement.parameters_of(sql::Part::Base);
        let mut bindings = Vec::new();
        for (at, (name, ty)) in names.iter().zip(&typed.parameters).enumerate() {
            let used = u16::try_from(at).is_ok_and(|at| base.contains(&at));
            let span = typed.parsed.place_of(at);
            let target = Target { name, ty, span, filter_only: !used };
            let input = inputs.iter().find(|input| input.target.value.text == *name);
            let source = match input {
                _ if keys == Some(name.as_str()) => Some(SqlSource::Keys),
                Some(input) => self.sql_source(binder, &target, input),
                None if binder.if_match.is_some_and(|given| given.value == *name) => {
                    binder.if_match_used = true;
                    Some(SqlSource::IfMatch)
                }
                None => Some(self.by_name(binder, &target)),
            };
            // Without a source the report has an error, and there will be no plan.
            let source = source.unwrap_or(SqlSource::RequestId);
            bindings.push(SqlBinding { source, ty: ty.clone() });
        }
        bindings
    }

    /// A line of `session`, which is text.
    pub(super) fn setting(&mut self, binder: &mut Binder<'_>, input: &Input) -> Option<SqlSource> {
        let name = &input.target.value.text;
        let ty = Type::Text { max: None };
        let target = Target { name, ty: &ty, span: input.target.span, filter_only: false };
        self.sql_source(binder, &target, input)
    }

    /// A line of `in`; `None` where it is wrong, and reported.
    fn sql_source(
        &mut self,
        binder: &mut Binder<'_>,
        target: &Target<'_>,
        input: &Input,
    ) -> Option<SqlSource> {
        Some(match &input.source.value {
            Source::Path(name) => {
                let supplied = Supplied::bare(name.clone());
                binder.supplied(target, ParameterPlace::Path, &supplied)
            }
            Source::Query(supplied) => {
                self.check_supplied(binder, target, supplied);
                binder.supplied(target, ParameterPlace::Query, supplied)
            }
            Source::Header(supplied) => {
                self.check_supplied(binder, target, supplied);
                binder.supplied(target, ParameterPlace::Header, supplied)
            }
            Source::Body(path, optional) => {
                let required = !optional.is_some_and(|optional| optional.value);
                return self.body_member(binder, target.ty, path, required, input.source.span);
            }
            Source::Claim(name) => self.claim(binder, name)?,
            Source::Const(constant) => self.sql_constant(
                binder.dialect,
                target.ty,
                "constant",
                constant,
                input.source.span,
            )?,
            Source::Step(path) => self.step_member(binder, path)?,
            Source::Part(path) => {
                let (part, path) = self.part(path)?;
                SqlSource::Part(part, path)
            }
            Source::RequestId => SqlSource::RequestId,
            Source::RequestTime => SqlSource::RequestTime,
        })
    }

    /// A claim that nobody verified would be worse than none.
    fn claim(&mut self, binder: &Binder<'_>, name: &Spanned<String>) -> Option<SqlSource> {
        if !binder.authenticated {
            let message = "there are no claims: callers do not say who they are";
            self.report.push(
                Diagnostic::error(Code::SqlParameter, name.span, message)
                    .help("give the version an `auth:`"),
            );
            return None;
        }
        Some(SqlSource::Claim(name.value.as_str().into()))
    }

    /// What nobody named goes by its name: the path, the body of writes, the query of reads.
    fn by_name(&mut self, binder: &mut Binder<'_>, target: &Target<'_>) -> SqlSource {
        let path = binder.route.key.parameters().find(|p| same_name(p.value, target.name));
        if let Some(path) = path {
            let name = Spanned::new(path.value.to_owned(), path.span);
            if matches!(target.ty, Type::Array(_)) {
                self.one_value(target, "a segment of the path");
            }
            return binder.supplied(target, ParameterPlace::Path, &Supplied::bare(name));
        }
        let name = binder.naming.apply(target.name);
        if binder.route.key.method.value.has_body() && !target.filter_only {
            let names = vec![Spanned::new(name.clone(), target.span)];
            let path = MemberPath { text: name, names };
            let bound = self.body_member(binder, target.ty, &path, true, target.span);
            return bound.unwrap_or(SqlSource::RequestId);
        }
        let supplied = Supplied::bare(Spanned::new(name, target.span));
        binder.supplied(target, ParameterPlace::Query, &supplied)
    }

    fn one_value(&mut self, target: &Target<'_>, place: &str) {
        let message = format!("`:{}` is an array, and {place} is one value", target.name);
        self.report.push(
            Diagnostic::error(Code::SqlParameter, target.span, message)
                .help(format!("feed it from the query: `in: {{ {0}: query.{0} }}`", target.name)),
        );
    }

    /// Bounds, defaults and repetition have to fit the type.
    fn check_supplied(&mut self, binder: &Binder<'_>, target: &Target<'_>, supplied: &Supplied) {
        if let Some(default) = &supplied.default {
            let ty = if supplied.takes_several(target.ty) { item(target.ty) } else { target.ty };
            self.sql_constant(binder.dialect, ty, "default", &default.value, default.span);
            let number = default.value.text.value.trim().parse::<i64>().ok();
            let outside = number.is_some_and(|n| {
                supplied.min.is_some_and(|min| n < min.value)
                    || supplied.max.is_some_and(|max| n > max.value)
            });
            if outside {
                let message = "the default is outside `min` and `max`";
                self.report.push(
                    Diagnostic::error(Code::MappingValue, default.span, message)
                        .help(Code::MappingValue.fix()),
                );
            }
        }
        let repeats = supplied.repeats.filter(|repeats| repeats.value);
        if let Some(repeats) = repeats
            && !matches!(target.ty, Type::Array(_) | Type::Dynamic | Type::Json | Type::Jsonb)
        {
            let ty = super::terms::type_name(target.ty);
            let message = format!("`:{}` is {ty}, and takes one value", target.name);
            self.report.push(
                Diagnostic::error(Code::SqlParameter, repeats.span, message)
                    .help("compare with an array, `= any(:name)`, or remove `repeats`"),
            );
        }
    }

    /// A constant must be a value of its type, now and not at the first call.
    fn sql_constant(
        &mut self,
        dialect: Dialect,
        ty: &Type,
        what: &str,
        constant: &Constant,
        span: Span,
    ) -> Option<SqlSource> {
        let text = &constant.text.value;
        let json = !constant.quoted
            && *ty == Type::Dynamic
            && crate::codec::parse_json(text, crate::codec::JsonLimits::default())
                .is_ok_and(|json| matches!(json, Json::Number(_) | Json::Bool(_)));
        if json {
            return Some(SqlSource::Json(text.clone()));
        }
        if *ty != Type::Dynamic
            && let Err(why) = sql::encode(dialect, ty, &Json::Lexical(text.as_str().into()))
        {
            let message = format!("the {what} {why}");
            let help = format!("write a value of the type {}", super::terms::type_name(ty));
            self.report.push(Diagnostic::error(Code::MappingValue, span, message).help(help));
            return None;
        }
        Some(SqlSource::Text(text.clone()))
    }

    fn body_member(
        &mut self,
        binder: &mut Binder<'_>,
        ty: &Type,
        path: &MemberPath,
        required: bool,
        span: Span,
    ) -> Option<SqlSource> {
        let method = &binder.route.key.method;
        if !method.value.has_body() {
            let message = format!("{} has no body", method.value);
            self.report.push(
                Diagnostic::error(Code::SqlParameter, span, message)
                    .note(method.span, "the method")
                    .help("take the value from the query or the path"),
            );
            return None;
        }
        let names: Vec<&str> = path.names.iter().map(|name| name.value.as_str()).collect();
        if let Err(at) = binder.body.add(&names, ty, required) {
            let message = format!("`{}` would be a value and an object", names[..=at].join("."));
            self.report.push(
                Diagnostic::error(Code::SqlParameter, span, message)
                    .help("name another member of the body"),
            );
            return None;
        }
        Some(SqlSource::Body(names.into_iter().map(Into::into).collect()))
    }
}

impl Supplied {
    /// Whether each sending of it is one item of an array.
    fn takes_several(&self, ty: &Type) -> bool {
        let said = self.repeats.map(|repeats| repeats.value);
        said.unwrap_or(matches!(ty, Type::Array(_)))
    }
}

impl Binder<'_> {
    /// A parameter of the route. A query parameter of an array type may come several times.
    fn supplied(
        &mut self,
        target: &Target<'_>,
        place: ParameterPlace,
        supplied: &Supplied,
    ) -> SqlSource {
        let repeats = place == ParameterPlace::Query && supplied.takes_several(target.ty);
        let optional = supplied.optional.is_some_and(|optional| optional.value);
        let absent = optional || supplied.default.is_some() || target.filter_only;
        let parameter = SqlParameter {
            name: match place {
                ParameterPlace::Header => supplied.name.value.to_ascii_lowercase(),
                _ => supplied.name.value.clone(),
            },
            place,
            ty: if repeats { item(target.ty).clone() } else { target.ty.clone() },
            repeats,
            required: place == ParameterPlace::Path || !absent,
            default: supplied.default.as_ref().map(|d| d.value.text.value.clone()),
            bounds: (supplied.min.map(|min| min.value), supplied.max.map(|max| max.value)),
            documentation: None,
        };
        SqlSource::Parameter(self.parameter(parameter))
    }

    /// Two parameters of statements may be fed by one of the route: it is required if it is
    /// for either.
    fn parameter(&mut self, parameter: SqlParameter) -> usize {
        let same = |p: &SqlParameter| p.name == parameter.name && p.place == parameter.place;
        let Some(at) = self.parameters.iter().position(same) else {
            self.parameters.push(parameter);
            return self.parameters.len() - 1;
        };
        let known = &mut self.parameters[at];
        // What one of them needs, the default of another must not hide.
        known.required |= parameter.required;
        known.default = known.default.take().or(parameter.default).filter(|_| !known.required);
        known.bounds.0 = known.bounds.0.or(parameter.bounds.0);
        known.bounds.1 = known.bounds.1.or(parameter.bounds.1);
        if known.ty == Type::Dynamic {
            known.ty = parameter.ty;
        }
        at
    }
}

//! Which problems a SQL route can answer with.

use crate::diagnostic::Code;
use crate::plan::{Effect, ResultKind, RoutePlan, SqlCall, SqlSource};
use crate::sql::Dialect;

/// Whether a call can end in a code.
pub(in super::super) fn can_answer(route: &RoutePlan, call: &SqlCall, code: Code) -> bool {
    let results = || call.steps.iter().map(|step| step.result);
    let writes = route.effect == Effect::Write;
    match code {
        Code::RequestMalformed | Code::RequestMediaType => call.body.is_some(),
        Code::PreconditionRequired | Code::RowChanged => call.if_match,
        Code::RowNotFound => {
            use ResultKind::{Affected, One, Scalar};
            !call.if_match && results().any(|result| matches!(result, One | Scalar | Affected))
        }
        Code::ClaimMissing => sources(call).any(|source| matches!(source, SqlSource::Claim(_))),
        Code::DatabaseValue => call.body.is_some() || !call.parameters.is_empty(),
        Code::DatabaseDuplicate
        | Code::DatabaseReference
        | Code::DatabaseInUse
        | Code::DatabaseConstraint => writes,
        Code::DatabaseAffected => call.steps.iter().any(|step| step.affected_max.is_some()),
        // Its statuses are those of the rules.
        Code::DatabaseRefused => false,
        Code::BackendRefused | Code::BackendDns | Code::BackendTls | Code::BackendReset => {
            call.dialect == Dialect::Postgres
        }
        Code::BackendOpen | Code::BackendBusy | Code::BackendTimeout => true,
        _ => !is_of_soap(code),
    }
}

/// What only a system behind HTTP has to say.
fn is_of_soap(code: Code) -> bool {
    let text = code.as_str();
    text.starts_with("fault-") || text.starts_with("backend-")
}

fn sources(call: &SqlCall) -> impl Iterator<Item = &SqlSource> {
    let steps = call.steps.iter();
    let own = steps.clone().flat_map(|step| &step.bindings);
    let included = steps.flat_map(|step| &step.includes).flat_map(|include| &include.bindings);
    let settings = call.transaction.iter().flat_map(|t| &t.session).map(|(_, source)| source);
    own.chain(included).map(|binding| &binding.source).chain(settings)
}

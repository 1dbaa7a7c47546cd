//! What a call asks to see of a result: filters, order.

use crate::codec::Json;
use crate::engine::input::{Input, InputProblem, ProblemPlace};
use crate::plan::{PageStyle, ParameterPlace, SqlCall};

/// The query parameter that names the order.
const SORT: &str = "sort";
/// The query parameter that says how many.
pub(super) const LIMIT: &str = "limit";
/// The query parameter with a cursor.
pub(super) const CURSOR: &str = "cursor";
/// The query parameter with the number of a page.
pub(super) const PAGE: &str = "page";

/// Names of the query parameters a SQL call takes, those of order and page among them.
pub fn sql_query_names(call: &SqlCall) -> impl Iterator<Item = &str> + Clone {
    let own = call.parameters.iter().filter(|p| p.place == ParameterPlace::Query);
    let sort = (!call.sorts.is_empty()).then_some(SORT);
    let page = call.page.as_ref().map(|page| match page.style {
        PageStyle::Keyset(_) => CURSOR,
        PageStyle::Offset => PAGE,
    });
    let limit = page.map(|_| LIMIT);
    own.map(|p| p.name.as_str()).chain(sort).chain(page).chain(limit)
}

/// The only value of a query parameter.
pub(super) fn query_value<'i>(
    input: &'i Input<'_>,
    name: &str,
    problems: &mut Vec<InputProblem>,
) -> Option<&'i str> {
    let mut found = input.query.iter().filter(|pair| *pair.0 == *name).map(|pair| &*pair.1);
    let first = found.next();
    if found.next().is_some() {
        problems.push(InputProblem::parameter(name, ProblemPlace::Query, "may stand only once"));
        return None;
    }
    first
}

/// The filters that apply, a bit each: those whose parameters are all there. One that has
/// some of them and lacks others is refused, so that nobody gets more than they asked for.
pub(super) fn filters(
    call: &SqlCall,
    values: &[Option<Json<'_>>],
    problems: &mut Vec<InputProblem>,
) -> u64 {
    let mut mask = 0_u64;
    for (filter, bit) in call.filters.iter().zip((0..u64::BITS).map(|at| 1 << at)) {
        let choosing = |at: &&usize| {
            call.parameters.get(**at).is_some_and(|p| !p.required && p.default.is_none())
        };
        let sent = |at: &usize| values.get(*at).is_some_and(Option::is_some);
        let mut missing = filter.parameters.iter().filter(|at| !sent(at)).peekable();
        if missing.peek().is_none() {
            mask |= bit;
            continue;
        }
        let Some(with) = filter.parameters.iter().filter(choosing).find(|at| sent(at)) else {
            continue;
        };
        let with = call.parameters.get(*with).map_or("", |p| p.name.as_str());
        for parameter in missing.filter_map(|at| call.parameters.get(*at)) {
            let detail = format!("is required with `{with}`");
            let wrong = InputProblem::parameter(&parameter.name, parameter.place.into(), detail);
            // One that came and was refused has been named already.
            if !problems.iter().any(|p| p.is_at(&wrong)) {
                problems.push(wrong);
            }
        }
    }
    mask
}

/// The order asked for, by index; the first where nothing is.
pub(super) fn sort(call: &SqlCall, input: &Input<'_>, problems: &mut Vec<InputProblem>) -> usize {
    if call.sorts.is_empty() {
        return 0;
    }
    let Some(asked) = query_value(input, SORT, problems) else { return 0 };
    if let Some(at) = call.sorts.iter().position(|key| key == asked) {
        return at;
    }
    let keys: Vec<String> = call.sorts.iter().map(|key| format!("`{key}`")).collect();
    let detail = format!("must be one of {}", keys.join(", "));
    problems.push(InputProblem::parameter(SORT, ProblemPlace::Query, detail));
    0
}

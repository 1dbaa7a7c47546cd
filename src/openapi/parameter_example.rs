//! Example values of a route's parameters: together with the body one request that is valid
//! as a whole, so that of a choice among parameters only one has an example.

use serde_json::Value;

use super::example::example;
use super::names::Side;
use crate::plan::{Parameter, ParameterPlace, SoapCall, SourcePlan};

/// An example of each parameter, in their order; `None` where the request of the example
/// does without it, or where none could be made.
pub(super) fn parameter_examples(call: &SoapCall) -> Vec<Option<Value>> {
    let request = example(&call.graph, call.request, Side::Input);
    let of = |(at, parameter): (usize, &Parameter)| {
        let source = SourcePlan::Parameter(at);
        let binding = call.bind.bindings.iter().find(|binding| binding.source == source);
        let target = binding.filter(|b| b.header.is_none()).map(|b| &b.target[..]);
        let chosen = target.and_then(|target| member(request.as_ref()?, target)).cloned();
        let must_be_sent = parameter.required || parameter.place == ParameterPlace::Path;
        let value = match chosen {
            None if must_be_sent || target.is_none() => own(call, parameter),
            chosen => chosen,
        };
        value.map(|value| written(bounded(value, parameter.bounds), parameter))
    };
    call.bind.parameters.iter().enumerate().map(of).collect()
}

/// A member inside a member.
fn member<'v>(value: &'v Value, path: &[Box<str>]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, name| value.get(&**name)).filter(|value| !value.is_null())
}

/// An example of the parameter's type alone.
fn own(call: &SoapCall, parameter: &Parameter) -> Option<Value> {
    let value = example(&call.graph, parameter.node, Side::Input)?;
    Some(if parameter.repeats { Value::Array(vec![value]) } else { value })
}

/// A number within the mapping's bounds, which can only narrow the contract's.
fn bounded(value: Value, (low, high): (Option<i64>, Option<i64>)) -> Value {
    let Some(number) = value.as_i64() else { return value };
    let raised = low.map_or(number, |low| number.max(low));
    high.map_or(raised, |high| raised.min(high)).into()
}

/// A list outside the query is one text (XML Schema part 2, section 2.5.1.2).
fn written(value: Value, parameter: &Parameter) -> Value {
    match value {
        Value::Array(items) if parameter.place != ParameterPlace::Query && !parameter.repeats => {
            let text = |item: &Value| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
            items.iter().map(text).collect::<Vec<_>>().join(" ").into()
        }
        other => other,
    }
}

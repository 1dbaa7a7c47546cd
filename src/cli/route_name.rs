//! The route a person means: by its whole name, or by as much of it as is unique.

use super::output::Failure;
use crate::diagnostic::did_you_mean;

/// The one of these routes that is meant: `GET /api/v1/orders/{orderId}`, or without the version
/// where that is unique, or without the method.
///
/// # Errors
/// Where it is none of them, or several.
pub(super) fn find(given: &str, routes: &[&str]) -> Result<String, Failure> {
    if let Some(route) = routes.iter().find(|route| **route == given) {
        return Ok((*route).to_owned());
    }
    let fits: Vec<&str> = routes.iter().copied().filter(|route| means(given, route)).collect();
    match &fits[..] {
        [one] => Ok((*one).to_owned()),
        [] => Err(unknown(given, routes)),
        several => Err(Failure::usage(format!("`{given}` may be several routes"))
            .help(format!("name one of them whole:\n      {}", several.join("\n      ")))),
    }
}

fn unknown(given: &str, routes: &[&str]) -> Failure {
    let failure = Failure::usage(format!("there is no route `{given}` with a candidate"));
    if routes.is_empty() {
        return failure.help("no route of these mappings has a `candidate`");
    }
    let short: Vec<String> = routes.iter().map(|route| without_version(route)).collect();
    let all = routes.iter().copied().chain(short.iter().map(String::as_str));
    let meant = did_you_mean(given, all);
    let list = format!("the routes are:\n      {}", routes.join("\n      "));
    failure.help(match meant {
        Some(meant) => format!("did you mean `{meant}`? {list}"),
        None => list,
    })
}

/// Whether what was given may stand for a route.
fn means(given: &str, route: &str) -> bool {
    let (method, path) = parts(route);
    let (wanted, end) = parts(given.trim());
    if wanted.is_some_and(|wanted| !method.is_some_and(|m| m.eq_ignore_ascii_case(wanted))) {
        return false;
    }
    let known: Vec<&str> = path.split('/').skip(1).collect();
    let wanted: Vec<&str> = end.trim_end_matches('/').split('/').skip(1).collect();
    // `/v1/orders` is `/api/v1/orders`, and so is `/orders`: never half a segment.
    let is_version = known.len().checked_sub(wanted.len()).is_some_and(|left| left <= 2);
    let same = |(known, wanted): (&&str, &&str)| {
        known == wanted || (known.starts_with('{') && wanted.starts_with('{'))
    };
    end.starts_with('/')
        && !wanted.is_empty()
        && is_version
        && known.iter().rev().zip(wanted.iter().rev()).all(same)
}

/// Method, where there is one, and path.
fn parts(route: &str) -> (Option<&str>, &str) {
    match route.split_once(' ') {
        Some((method, path)) => (Some(method), path.trim()),
        None => (None, route),
    }
}

/// `GET /orders` of `GET /api/v1/orders`.
fn without_version(route: &str) -> String {
    let (method, path) = parts(route);
    let mut segments = path.splitn(4, '/').skip(3);
    format!("{} /{}", method.unwrap_or_default(), segments.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTES: [&str; 5] = [
        "GET /api/v1/orders/{orderId}",
        "PUT /api/v1/orders/{orderId}",
        "GET /api/v1/customers",
        "GET /api/v2/customers",
        "GET /api/v1/stock/{articleNumber}",
    ];

    fn check(given: &str, expected: Result<&str, &str>) {
        match (find(given, &ROUTES), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{given}"),
            (Err(failure), Err(expected)) => {
                let help = failure.help.unwrap_or_default();
                let said = format!("{}; {help}", failure.message);
                assert!(said.contains(expected), "{given}: {said}");
            }
            (found, expected) => panic!("{given}: {found:?}, not {expected:?}"),
        }
    }

    #[test]
    fn a_route_is_named_by_what_is_unique() {
        check("GET /api/v1/orders/{orderId}", Ok("GET /api/v1/orders/{orderId}"));
        check("GET /v1/orders/{orderId}", Ok("GET /api/v1/orders/{orderId}"));
        check("get /orders/{id}", Ok("GET /api/v1/orders/{orderId}"));
        check("/stock/{articleNumber}", Ok("GET /api/v1/stock/{articleNumber}"));
        check("GET /v2/customers", Ok("GET /api/v2/customers"));
        check("GET /customers", Err("several routes"));
        check("/orders/{orderId}", Err("several routes"));
    }

    #[test]
    fn what_is_none_may_be_misspelt() {
        check("GET /ordres/{orderId}", Err("did you mean `GET /orders/{orderId}`?"));
        check("GET /api/v1/custmers", Err("did you mean `GET /api/v1/customers`?"));
        check("GET /ders/{orderId}", Err("the routes are:"));
        check("orders", Err("there is no route"));
        check("", Err("there is no route"));
    }
}

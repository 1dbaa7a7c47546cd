//! What a backend's plan says, in the client's types; refused where the client cannot use it.

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::{Method, Request, RequestBuilder, Url};

use super::client::Recipe;
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::BackendPlan;

/// The address: absolute, http or https, without fragment.
pub(super) fn address(text: &str) -> Result<Url, Diagnostic> {
    let refuse = |why: &str| {
        // The address may hold a password, so it is not repeated.
        Diagnostic::nowhere(Code::MappingValue, format!("the backend's `url` {why}"))
    };
    let mut url = Url::parse(text).map_err(|error| refuse(&format!("is malformed: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(refuse("is not an absolute http or https address"));
    }
    url.set_fragment(None);
    Ok(url)
}

/// The fixed headers, marked so that nothing prints their values.
pub(super) fn fixed(plan: &BackendPlan) -> Result<Vec<(HeaderName, HeaderValue)>, Diagnostic> {
    let mut fixed = Vec::with_capacity(plan.headers.len() + 1);
    for (name, value) in &plan.headers {
        let refuse = |what: &str| {
            let message = format!("the {what} of header `{name}` is not one HTTP allows");
            Diagnostic::nowhere(Code::MappingValue, message)
        };
        let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refuse("name"))?;
        let mut value = HeaderValue::from_str(value.expose()).map_err(|_| refuse("value"))?;
        value.set_sensitive(true);
        fixed.push((parsed, value));
    }
    Ok(fixed)
}

/// `Authorization: Basic`, from the plan or from the address.
pub(super) fn basic(
    plan: &BackendPlan,
    url: &Url,
    recipe: &Recipe,
) -> Result<Option<HeaderValue>, Diagnostic> {
    let unescape =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (user, password) = match &plan.basic {
        Some((user, password)) => (user.clone(), password.expose().to_owned()),
        None if url.username().is_empty() => return Ok(None),
        None => (unescape(url.username()), unescape(url.password().unwrap_or_default())),
    };
    let request = Request::new(Method::GET, url.clone());
    let request = RequestBuilder::from_parts(recipe.build()?, request)
        .basic_auth(user, Some(password))
        .build()
        .ok();
    Ok(request.and_then(|request| request.headers().get(AUTHORIZATION).cloned()))
}

//! Answers of two operations compared, and the contents of bodies.

use serde_json::Value;

use super::compare::Comparison;
use super::rules;
use super::schema::Direction;

/// Media types that need not be said: those of nearly every body.
const USUAL: [&str; 2] = ["application/json", "application/problem+json"];

/// Headers that have rules of their own.
const OF_RETIREMENT: [&str; 2] = ["deprecation", "sunset"];

impl<'d> Comparison<'d> {
    pub(super) fn responses(&mut self, b: &'d Value, a: &'d Value) {
        let list = |operation: &'d Value| operation["responses"].as_object().into_iter().flatten();
        for (status, response) in list(b) {
            match a["responses"].get(status) {
                Some(other) => {
                    let (old, new) = (self.before.resolved(response), self.after.resolved(other));
                    self.response(status, old, new);
                }
                None => {
                    let rule = if is_error(status) {
                        &rules::ERROR_STATUS_REMOVED
                    } else {
                        &rules::RESPONSE_STATUS_REMOVED
                    };
                    let text = format!("the status {status} is gone");
                    self.push(rule, &place(status), text, (status, ""));
                }
            }
        }
        for (status, _) in list(a).filter(|(status, _)| b["responses"].get(status).is_none()) {
            let rule = if is_error(status) {
                &rules::ERROR_STATUS_ADDED
            } else {
                &rules::RESPONSE_STATUS_ADDED
            };
            self.push(rule, &place(status), format!("the status {status} is new"), ("", status));
        }
    }

    fn response(&mut self, status: &str, old: &'d Value, new: &'d Value) {
        let at = place(status);
        self.words(&at, old, new, &["description"]);
        self.headers(&at, old, new);
        self.content(&at, old, new, Direction::Response);
    }

    fn headers(&mut self, at: &str, old: &'d Value, new: &'d Value) {
        let list = |response: &'d Value| {
            let all = response["headers"].as_object().into_iter().flatten();
            all.filter(|(name, _)| !OF_RETIREMENT.contains(&&*name.to_ascii_lowercase()))
        };
        for (name, header) in list(old) {
            let place = format!("{at} header {name}");
            let Some((_, other)) = list(new).find(|(other, _)| other.eq_ignore_ascii_case(name))
            else {
                let text = format!("the header `{name}` is gone");
                self.push(&rules::RESPONSE_HEADER_REMOVED, &place, text, ("header", ""));
                continue;
            };
            let (old, new) = (self.before.resolved(header), self.after.resolved(other));
            self.words(&place, old, new, &["description", "example", "examples"]);
            let schema = |header: &'d Value| header.get("schema").into_iter().collect();
            self.schemas(place, schema(old), schema(new), Direction::Response);
        }
        for (name, _) in list(new) {
            if !list(old).any(|(other, _)| other.eq_ignore_ascii_case(name)) {
                let text = format!("the header `{name}` is new");
                let place = format!("{at} header {name}");
                self.push(&rules::RESPONSE_HEADER_ADDED, &place, text, ("", "header"));
            }
        }
    }

    /// What two bodies may be.
    pub(super) fn content(
        &mut self,
        at: &str,
        old: &'d Value,
        new: &'d Value,
        direction: Direction,
    ) {
        let list = |body: &'d Value| body["content"].as_object().into_iter().flatten();
        let (removed, added) = match direction {
            Direction::Request => {
                (&rules::REQUEST_MEDIA_TYPE_REMOVED, &rules::REQUEST_MEDIA_TYPE_ADDED)
            }
            Direction::Response => {
                (&rules::RESPONSE_MEDIA_TYPE_REMOVED, &rules::RESPONSE_MEDIA_TYPE_ADDED)
            }
        };
        for (media_type, content) in list(old) {
            let Some(other) = new["content"].get(media_type) else {
                let text = format!("the media type `{media_type}` is gone");
                self.push(removed, at, text, (media_type, ""));
                continue;
            };
            let is_usual = USUAL.contains(&&**media_type);
            let place = if is_usual { at.to_owned() } else { format!("{at} {media_type}") };
            self.words(&place, content, other, &["example", "examples"]);
            let schema = |content: &'d Value| content.get("schema").into_iter().collect();
            self.schemas(place, schema(content), schema(other), direction);
        }
        for (media_type, _) in list(new) {
            if old["content"].get(media_type).is_none() {
                let text = format!("the media type `{media_type}` is new");
                self.push(added, at, text, ("", media_type));
            }
        }
    }
}

fn is_error(status: &str) -> bool {
    status.starts_with(['4', '5'])
}

fn place(status: &str) -> String {
    format!("response {status}")
}

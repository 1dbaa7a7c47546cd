//! The JSON body of a SQL route: closed, and every member accounted for.

use crate::codec::{Json, JsonLimits, parse_json};
use crate::diagnostic::{Code, did_you_mean};
use crate::engine::Problem;
use crate::engine::input::InputProblem;
use crate::plan::{BodyKind, BodyMember, SqlCall};

/// The body as it was sent, or `None` where there is none. What it may not be is added to
/// `problems`; types of values are checked where they are bound.
pub(super) fn read<'r>(
    call: &SqlCall,
    text: Option<&'r str>,
    problems: &mut Vec<InputProblem>,
) -> Result<Option<Json<'r>>, Box<Problem>> {
    let Some(text) = text else {
        let required = |members: &[BodyMember]| members.iter().any(|m| m.required);
        if call.body.as_ref().is_some_and(|body| required(&body.members)) {
            problems.push(InputProblem::body(String::new(), "a JSON body is required"));
        }
        return Ok(None);
    };
    let sent = parse_json(text, JsonLimits::default()).map_err(|error| {
        let mut problem = Problem::new(Code::RequestMalformed, error.to_string());
        if let Some(key) = &error.pointer {
            problem.errors.push(InputProblem::body(format!("/{}", escape(key)), "stands twice"));
        }
        Box::new(problem)
    })?;
    let Some(body) = &call.body else {
        problems.push(InputProblem::body(String::new(), "this route takes no body"));
        return Ok(None);
    };
    check(&body.members, &sent, "", problems);
    Ok(Some(sent))
}

fn check(members: &[BodyMember], sent: &Json<'_>, at: &str, problems: &mut Vec<InputProblem>) {
    let Json::Object(entries) = sent else {
        let detail = format!("must be an object, not {}", sent.kind());
        problems.push(InputProblem::body(at.to_owned(), detail));
        return;
    };
    for (name, _) in entries {
        if members.iter().any(|m| *m.name == **name) {
            continue;
        }
        let detail = match did_you_mean(name, members.iter().map(|m| &*m.name)) {
            Some(near) => format!("is not a member here; did you mean `{near}`?"),
            None => "is not a member here".to_owned(),
        };
        problems.push(InputProblem::body(format!("{at}/{}", escape(name)), detail));
    }
    for member in members {
        let here = || format!("{at}/{}", escape(&member.name));
        match entries.iter().find(|e| *e.0 == *member.name).map(|e| &e.1) {
            None if member.required => {
                problems.push(InputProblem::body(here(), "is required"));
            }
            Some(Json::Null) if !member.nullable => {
                problems.push(InputProblem::body(here(), "must not be null"));
            }
            None | Some(Json::Null) => {}
            Some(value) => {
                if let BodyKind::Object(members) = &member.kind {
                    check(members, value, &here(), problems);
                }
            }
        }
    }
}

/// The pointer of a path of members (RFC 6901).
pub(super) fn pointer(path: &[Box<str>]) -> String {
    path.iter().map(|name| format!("/{}", escape(name))).collect()
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

//! Moving a route by a form.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::form::Form;
use super::listener::Console;
use super::principal::Principal;
use super::{Role, handler, link, page, respond, same_origin};
use crate::migration::{ChangeAsked, MigrationError};
use crate::store::StoreError;
use crate::strangler::{Position, Stage};

/// By what the audit knows changes made here.
const ORIGIN: &str = "console";
/// Characters of a reason.
pub(super) const REASON_CHARS_MAX: usize = 1_000;
/// What says that somebody means it.
pub(super) const MEANT: &str = "yes";

/// What a button asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// To another stage.
    To(Stage),
    /// Nothing moves it forward.
    Hold,
    /// Something may.
    LetGo,
    /// A rollback is known.
    Acknowledge,
}

impl Action {
    /// The value of its button.
    pub(super) fn word(self) -> String {
        match self {
            Self::To(stage) => format!("to {stage}"),
            Self::Hold => "hold".to_owned(),
            Self::LetGo => "let go".to_owned(),
            Self::Acknowledge => "acknowledge".to_owned(),
        }
    }

    fn parse(word: &str) -> Option<Self> {
        match word {
            "hold" => Some(Self::Hold),
            "let go" => Some(Self::LetGo),
            "acknowledge" => Some(Self::Acknowledge),
            other => Stage::parse(other.strip_prefix("to ")?).map(Self::To),
        }
    }

    /// The least role that may do it to a route that is there.
    pub(super) fn needs(self, from: Position) -> Role {
        match self {
            Self::To(Stage::Retired) => Role::Owner,
            Self::To(to) if to > from.stage => Role::Releaser,
            _ => Role::Operator,
        }
    }
}

/// Why nothing was done, to be shown on the route's page.
#[derive(Debug)]
pub(super) struct Refused {
    pub status: StatusCode,
    pub why: Why,
    /// What was typed, to be typed once.
    pub reason: String,
}

#[derive(Debug)]
pub(super) enum Why {
    /// In words.
    Said(String),
    /// The room of migrations refused it.
    Change(MigrationError),
}

/// Does what a form asks for, and leads back to the route's page.
pub(super) async fn act(
    console: &Console,
    who: &Principal,
    path: &str,
    form: &Form,
) -> HttpResponse {
    let migrations = console.migrations();
    let (Some(migrations), Some(route)) = (migrations, link::route_of(path)) else {
        return handler::not_found(who);
    };
    let refuse = async |status, why| {
        let reason = form.get("reason").chars().take(REASON_CHARS_MAX).collect();
        let refused = Refused { status, why, reason };
        page::refused(console, who, &route, refused)
            .await
            .unwrap_or_else(|error| handler::unavailable(who, &error))
    };
    let say = |words: &str| Why::Said(words.to_owned());
    if !same_origin::is_proof(&console.key, &who.bound, form.get("proof")) {
        let words = "This page was too old, or not yours: look at it again, and try once more.";
        return refuse(StatusCode::FORBIDDEN, say(words)).await;
    }
    let Some(action) = Action::parse(form.get("action")) else {
        return refuse(StatusCode::BAD_REQUEST, say("There is no such action.")).await;
    };
    // What somebody may do depends on where it is: now, not when this process last looked.
    if let Err(error) = migrations.follow().await {
        return handler::unavailable(who, &error.into());
    }
    let needs = action.needs(migrations.position(&route));
    if who.role < needs {
        tracing::warn!(route, who.name, role = %who.role, action = action.word(), "refused");
        let words = format!("This needs the role {needs}; yours is {}.", who.role);
        return refuse(StatusCode::FORBIDDEN, Why::Said(words)).await;
    }
    let reason = form.get("reason").trim();
    if reason.is_empty() {
        return refuse(StatusCode::BAD_REQUEST, say("A change needs a reason.")).await;
    }
    if reason.chars().count() > REASON_CHARS_MAX {
        let words = format!("A reason has {REASON_CHARS_MAX} characters at most.");
        return refuse(StatusCode::BAD_REQUEST, Why::Said(words)).await;
    }
    if action == Action::To(Stage::Retired) && form.get("meant") != MEANT {
        let words = "There is no way back from retired: say that you mean it.";
        return refuse(StatusCode::BAD_REQUEST, say(words)).await;
    }
    match migrations.change(asked(&route, action, who, reason)).await {
        Ok(_) => respond::see_other(&format!("{}?done", link::of_route(&route)), None),
        Err(MigrationError::NoRoute(_)) => handler::not_found(who),
        Err(MigrationError::Store(StoreError::Conflict { .. })) => {
            let words = "Somebody else moved it a moment ago: look where it is now.";
            refuse(StatusCode::CONFLICT, say(words)).await
        }
        Err(error @ MigrationError::Store(_)) => handler::unavailable(who, &error),
        Err(error) => refuse(StatusCode::CONFLICT, Why::Change(error)).await,
    }
}

fn asked(route: &str, action: Action, who: &Principal, reason: &str) -> ChangeAsked {
    ChangeAsked {
        route: route.to_owned(),
        to: match action {
            Action::To(stage) => Some(stage),
            _ => None,
        },
        held: match action {
            Action::Hold => Some(true),
            Action::LetGo => Some(false),
            _ => None,
        },
        acknowledge: action == Action::Acknowledge,
        actor: who.name.clone(),
        origin: ORIGIN,
        reason: reason.to_owned(),
        until: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_needs_a_role_by_where_the_route_is() {
        let check = |from: &str, word: &str, expected: Option<Role>| {
            let stage = Stage::parse(from).unwrap();
            let action = Action::parse(word);
            let position = Position { stage, ..Position::default() };
            assert_eq!(action.map(|action| action.needs(position)), expected, "{from}: {word}");
            assert!(action.is_none_or(|action| action.word() == word), "{word}");
        };
        check("shadow", "to canary 5%", Some(Role::Releaser));
        check("canary 25%", "to canary 5%", Some(Role::Operator));
        check("primary", "to legacy", Some(Role::Operator));
        check("standby", "to retired", Some(Role::Owner));
        check("shadow", "hold", Some(Role::Operator));
        check("shadow", "let go", Some(Role::Operator));
        check("shadow", "acknowledge", Some(Role::Operator));
        check("shadow", "to nowhere", None);
        check("shadow", "", None);
    }
}

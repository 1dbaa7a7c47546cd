//! What all pages have.

use maud::{DOCTYPE, Markup, html};

use super::words;
use crate::console::principal::Principal;

/// The style sheet.
pub(in crate::console) const STYLE: &str = include_str!("style.css");
/// The icon.
pub(in crate::console) const ICON: &str = include_str!("icon.svg");

/// Which page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Routes,
    Audit,
    None,
}

/// A whole page.
pub(super) fn page(who: Option<&Principal>, tab: Tab, title: &str, content: &Markup) -> Markup {
    let current = |own: Tab| (own == tab).then_some("page");
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · figleaf" }
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/style.css";
            }
            body {
                a class="skip" href="#content" { "Skip to the content" }
                header class="top" {
                    a class="brand" href="/" { img src="/icon.svg" alt="" width="22" height="22"; "figleaf" }
                    @if let Some(who) = who {
                        nav aria-label="Pages" {
                            a href="/" aria-current=[current(Tab::Routes)] { "Migration" }
                            a href="/audit" aria-current=[current(Tab::Audit)] { "Audit" }
                        }
                        div class="who" {
                            span { (who.name) " " span class="dim" { (who.role) } }
                            @if who.session {
                                form method="post" action="/logout" {
                                    button class="plain" { "Leave" }
                                }
                            }
                        }
                    }
                }
                main id="content" { (content) }
                footer {
                    span { "As of " (words::time(&words::rfc3339(words::now()))) }
                    @if who.is_some() {
                        span { a href="/api/status" { "JSON" } " · " a href="/metrics" { "metrics" } }
                    }
                    span { "figleaf " (env!("CARGO_PKG_VERSION")) }
                }
            }
        }
    }
}

/// A page that only says something.
pub(in crate::console) fn message(who: &Principal, title: &str, words: &str) -> Markup {
    let content = html! { h1 { (title) } p { (words) } p { a href="/" { "All routes" } } };
    page(Some(who), Tab::None, title, &content)
}

/// The page that asks for a token.
pub(in crate::console) fn login(wrong: Option<&str>) -> Markup {
    let content = html! {
        div class="login" {
            h1 { "Operators’ console" }
            @if let Some(wrong) = wrong { p class="notice bad" role="alert" { (wrong) } }
            form method="post" action="/login" {
                label for="token" { "Token" }
                input id="token" name="token" type="password" autocomplete="current-password" required autofocus;
                button class="primary" { "Come in" }
            }
            p class="dim" { "Tokens are in the file of --console-tokens." }
        }
    };
    page(None, Tab::None, "Come in", &content)
}

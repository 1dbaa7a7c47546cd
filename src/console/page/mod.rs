//! Pages, made whole on the server. Whatever comes from a mapping, a store or a form is
//! escaped by the templates.

mod actions;
mod audit;
mod chart;
mod evidence;
mod layout;
mod overview;
mod route;
mod words;

pub(super) use audit::audit;
pub(super) use layout::{ICON, STYLE, login, message};
pub(super) use overview::overview;
pub(super) use route::{refused, route};

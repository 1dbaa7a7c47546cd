//! Versions → documents.

use std::collections::HashSet;

use utoipa::openapi::path::Paths;
use utoipa::openapi::tag::Tag;
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, ServerBuilder};

use super::component::{Components, Root};
use super::names::clean;
use super::operation::{BEARER, bearer_scheme, method, operation, roots};
use super::problem::problem_schema;
use super::response::SharedResponses;
use crate::plan::{Plan, RoutePlan, VersionPlan};

/// The document of one version: every API's part of it. A version the plan does not have
/// gives a document without paths.
#[must_use]
pub fn document(plan: &Plan, version: &str) -> OpenApi {
    let versions: Vec<&VersionPlan> =
        plan.versions.iter().filter(|v| v.version == version).collect();
    write(plan, &versions)
}

/// The document of all versions together. Components of different versions that differ
/// carry the version in their names; those that do not are shared.
#[must_use]
pub fn combined(plan: &Plan) -> OpenApi {
    let versions: Vec<&VersionPlan> = plan.versions.iter().collect();
    write(plan, &versions)
}

/// A document as JSON, the same bytes for the same plan.
#[must_use]
pub fn to_json(document: &OpenApi) -> String {
    // Only maps with keys that are no strings cannot be written, and there is none.
    serde_json::to_string(document).unwrap_or_default()
}

fn write(plan: &Plan, versions: &[&VersionPlan]) -> OpenApi {
    let names = distinct(versions.iter().map(|v| v.version.clone()));
    let routes: Vec<(usize, &RoutePlan)> = versions
        .iter()
        .flat_map(|version| {
            let at = names.iter().position(|name| *name == version.version).unwrap_or_default();
            version.routes.iter().map(move |id| (at, plan.route(*id)))
        })
        .collect();
    let all: Vec<Root<'_>> =
        routes.iter().flat_map(|(version, route)| roots(route, *version)).collect();
    let components = Components::survey(&all, &names);
    let mut shared = SharedResponses::default();
    let mut ids = HashSet::new();
    let mut paths = Paths::new();
    for (_, route) in &routes {
        let Some(method) = method(&route.method) else { continue };
        let id = free_id(&mut ids, route);
        let operation = operation(plan, &components, route, id, &mut shared);
        paths.add_path_operation(&route.path, vec![method], operation);
    }
    let schemas = components.schemas();
    let parts = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .schema("Problem", problem_schema())
        .responses_from_iter(shared.by_name);
    let bearer = routes.iter().any(|(_, route)| route.auth.is_some());
    let parts = if bearer { parts.security_scheme(BEARER, bearer_scheme()) } else { parts };
    let parts = parts.build();
    let tags = distinct(routes.iter().flat_map(|(_, route)| route.tags.iter().cloned()));
    let tags: Vec<Tag> = tags.into_iter().map(Tag::new).collect();
    OpenApiBuilder::new()
        .info(info(versions, &names))
        .servers(Some([ServerBuilder::new().url("/").build()]))
        .paths(paths)
        .components(Some(parts))
        .tags((!tags.is_empty()).then_some(tags))
        .build()
}

fn info(versions: &[&VersionPlan], names: &[String]) -> utoipa::openapi::Info {
    let titles = distinct(versions.iter().map(|v| v.title.clone()));
    let texts = distinct(versions.iter().filter_map(|v| v.description.clone()));
    InfoBuilder::new()
        .title(titles.join(", "))
        .version(names.join(", "))
        .description((!texts.is_empty()).then(|| texts.join("\n\n")))
        .build()
}

/// An operation's id, changed only where another operation has it.
fn free_id(ids: &mut HashSet<String>, route: &RoutePlan) -> String {
    let versioned = format!("{}_{}", route.operation_id, clean(&route.version));
    let numbered = (2..).map(|n| format!("{versioned}_{n}"));
    let wishes = [route.operation_id.clone(), versioned.clone()].into_iter().chain(numbered);
    let id = wishes.into_iter().find(|id| !ids.contains(id)).unwrap_or(versioned);
    ids.insert(id.clone());
    id
}

/// Texts in the order they first come, each once.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    texts.filter(|text| seen.insert(text.clone())).collect()
}

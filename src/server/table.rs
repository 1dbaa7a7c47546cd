//! Method and path → route.

use std::collections::BTreeMap;

use crate::plan::{Plan, RouteId};

/// The routes of a plan by path and method.
#[derive(Debug)]
pub struct Table {
    paths: matchit::Router<usize>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    methods: Vec<(String, RouteId)>,
    allow: String,
}

/// What a method and a path mean.
#[derive(Debug)]
pub enum Match<'t, 'p> {
    /// A route, with its path parameters in order, still percent-encoded.
    Route(RouteId, Vec<&'p str>),
    /// The path exists under these methods only.
    Method(&'t str),
    /// No route has this path.
    None,
}

impl Table {
    /// Builds the table. Collisions were found when the plan was compiled; what matchit
    /// still refuses is named.
    pub fn new(plan: &Plan) -> Result<Self, String> {
        let mut shapes: BTreeMap<String, Vec<(String, RouteId)>> = BTreeMap::new();
        for (id, route) in (0..).zip(&plan.routes) {
            if route.is_candidate {
                continue;
            }
            let shape = shape(&route.path);
            shapes.entry(shape).or_default().push((route.method.clone(), RouteId(id)));
        }
        let mut table = Self { paths: matchit::Router::new(), entries: Vec::new() };
        for (shape, mut methods) in shapes {
            let get = methods.iter().find(|m| m.0 == "GET").map(|m| m.1);
            if let (Some(get), false) = (get, methods.iter().any(|m| m.0 == "HEAD")) {
                methods.push(("HEAD".to_owned(), get));
            }
            let mut names: Vec<&str> = methods.iter().map(|m| m.0.as_str()).collect();
            names.push("OPTIONS");
            names.sort_unstable();
            let allow = names.join(", ");
            let at = table.entries.len();
            table.paths.insert(shape.clone(), at).map_err(|error| format!("{shape}: {error}"))?;
            table.entries.push(Entry { methods, allow });
        }
        Ok(table)
    }

    /// Looks a request up.
    #[must_use]
    pub fn find<'t, 'p>(&'t self, method: &str, path: &'p str) -> Match<'t, 'p> {
        let Ok(found) = self.paths.at(path) else { return Match::None };
        let Some(entry) = self.entries.get(*found.value) else { return Match::None };
        match entry.methods.iter().find(|(name, _)| name == method) {
            Some((_, id)) => Match::Route(*id, found.params.iter().map(|p| p.1).collect()),
            None => Match::Method(&entry.allow),
        }
    }
}

/// A path with its parameters named by place, so that routes of one shape meet.
fn shape(path: &str) -> String {
    let mut out = String::new();
    for (at, segment) in path.split('/').enumerate() {
        if at > 0 {
            out.push('/');
        }
        if segment.starts_with('{') && segment.ends_with('}') {
            out.push_str(&format!("{{p{at}}}"));
        } else {
            out.push_str(&segment.replace('{', "{{").replace('}', "}}"));
        }
    }
    out
}

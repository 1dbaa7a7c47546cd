//! From verdicts to drafts: every served operation gets a route of its own.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::ports::{BackendDraft, backends};
use super::route::{RouteDraft, parameters, shape};
use super::words::identifier;
use super::{names, write};
use crate::cli::import::judged::Judged;
use crate::cli::output::Failure;
use crate::codec::{Builder, Options};
use crate::mapping::Method;
use crate::soap::OperationShape;

/// What other mapping files have taken already.
#[derive(Debug, Default)]
pub struct Taken {
    /// Routes of version 1, as [`shape`].
    pub shapes: HashSet<String>,
    /// Names of backends.
    pub backends: HashSet<String>,
}

/// A proposed mapping before it is written.
#[derive(Debug)]
pub struct Proposal<'j> {
    pub judged: &'j Judged,
    /// What the contract is called here.
    pub name: String,
    /// What was imported, as typed.
    pub source: String,
    /// The root's path as the mapping writes it.
    pub wsdl: String,
    pub backends: Vec<BackendDraft>,
    /// JSON names that no rule gives, by backend.
    pub names: Vec<BTreeMap<String, String>>,
    /// Members that may hold XML documents, by backend.
    pub documents: Vec<Vec<(String, bool)>>,
    pub routes: Vec<Route>,
}

/// A route of a row of the verdicts.
#[derive(Debug)]
pub struct Route {
    /// Index into the rows.
    pub row: usize,
    /// Index into the backends.
    pub backend: usize,
    pub draft: RouteDraft,
    /// Why it is only a comment.
    pub left_out: Option<String>,
}

/// Drafts a mapping.
///
/// # Errors
/// A backend's name is taken.
pub fn propose<'j>(
    judged: &'j Judged,
    name: &str,
    source: &str,
    wsdl: &str,
    taken: &Taken,
) -> Result<Proposal<'j>, Failure> {
    let backends = backends(judged, name);
    if backends.is_empty() {
        return Err(Failure::new("no port of the contract can be named in a mapping")
            .help("its services and ports share their names; nothing was written"));
    }
    if let Some(clash) = backends.iter().find(|b| taken.backends.contains(&b.name)) {
        return Err(Failure::new(format!(
            "another mapping file has a backend `{}` already",
            clash.name
        ))
        .help("choose another name with --name"));
    }
    let mut proposal = Proposal {
        judged,
        name: name.to_owned(),
        source: source.to_owned(),
        wsdl: wsdl.to_owned(),
        backends,
        names: Vec::new(),
        documents: Vec::new(),
        routes: Vec::new(),
    };
    proposal.draft();
    proposal.tell_apart(&taken.shapes);
    Ok(proposal)
}

impl Proposal<'_> {
    /// Drafts the routes of every backend.
    fn draft(&mut self) {
        let contract = Arc::clone(&self.judged.contract);
        for (at, backend) in self.backends.iter().enumerate() {
            let mut builder =
                Builder::new(&contract.schema, &contract.prefixes, Options::default());
            builder.seek_documents();
            let operations: Vec<_> = backend
                .rows
                .iter()
                .map(|row| (*row, self.judged.operation(&self.judged.rows[*row])))
                .collect();
            let shapes: Vec<OperationShape> =
                operations.iter().map(|(_, o)| OperationShape::lower(&mut builder, o)).collect();
            let (mut graph, openings) = builder.finish_opened();
            self.documents.push(openings.candidates);
            self.names.push(names::explicit(&graph));
            for ((row, operation), shape) in operations.into_iter().zip(shapes) {
                let nodes = shape.settle(&mut graph);
                let draft = RouteDraft::of(&graph, &nodes, &operation.name);
                self.routes.push(Route { row, backend: at, draft, left_out: None });
            }
        }
    }

    /// One name for one parameter, and one route for one method and path.
    fn tell_apart(&mut self, others: &HashSet<String>) {
        let mut parameter_at: HashMap<String, String> = HashMap::new();
        let mut taken = others.clone();
        let mut first_of: HashMap<String, String> = HashMap::new();
        for route in &mut self.routes {
            let operation = &self.judged.operation(&self.judged.rows[route.row]).name;
            one_name(&mut route.draft, &mut parameter_at);
            let wish = route.draft.shape();
            if taken.insert(wish.clone()) {
                first_of.insert(wish, operation.to_string());
                continue;
            }
            route.draft.doubt = Some(match first_of.get(&wish) {
                Some(first) => {
                    format!("`{first}` has {} {} already", route.draft.method, route.draft.path)
                }
                None => {
                    format!("another mapping file has {} {}", route.draft.method, route.draft.path)
                }
            });
            let (word, path) = (identifier(operation), &route.draft.path);
            let backend = &self.backends[route.backend].name;
            let wishes = [
                (!path.ends_with(&format!("/{word}"))).then(|| format!("{path}/{word}")),
                Some(format!("/{backend}{path}")),
            ];
            let free = wishes
                .into_iter()
                .flatten()
                .find(|path| taken.insert(shape(route.draft.method, path)));
            if let Some(path) = free {
                route.draft.path = path;
            } else {
                let path = whole_path(backend, operation, &mut taken);
                route.draft = route.draft.whole(path, "the paths that say more are taken");
            }
        }
    }

    /// Replaces a route by the one that always fits.
    pub fn fall_back(&mut self, at: usize, why: &str, taken: &mut HashSet<String>) {
        let route = &mut self.routes[at];
        let operation = &self.judged.operation(&self.judged.rows[route.row]).name;
        let path = whole_path(&self.name, operation, taken);
        route.draft = route.draft.whole(path, why);
    }

    /// Every shape in use.
    pub fn shapes(&self) -> HashSet<String> {
        self.routes.iter().map(|route| route.draft.shape()).collect()
    }

    /// The text of the mapping, and where in it each route stands.
    pub fn text(&self) -> (String, Vec<std::ops::Range<usize>>) {
        write::mapping(self)
    }
}

/// `POST /get-order`, or the first free one like it.
fn whole_path(name: &str, operation: &str, taken: &mut HashSet<String>) -> String {
    let word = identifier(operation);
    let mut wishes = (1..).map(|n| match n {
        1 => format!("/{word}"),
        2 => format!("/{name}/{word}"),
        n => format!("/{name}/{word}-{n}"),
    });
    wishes.find(|path| taken.insert(shape(Method::Post, path))).unwrap_or_default()
}

/// `/orders/{orderId}` and `/orders/{id}` are one path to whoever reads the API.
fn one_name(draft: &mut RouteDraft, known: &mut HashMap<String, String>) {
    let names: Vec<String> = parameters(&draft.path).map(str::to_owned).collect();
    for name in names {
        let marker = format!("{{{name}}}");
        let Some(at) = draft.path.find(&marker) else { continue };
        let prefix = draft.path[..at].to_owned();
        let first = known.entry(prefix).or_insert_with(|| name.clone()).clone();
        if first != name && !draft.path.contains(&format!("{{{first}}}")) {
            draft.rename(&name, &first);
        }
    }
}

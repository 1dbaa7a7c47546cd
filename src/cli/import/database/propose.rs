//! A catalog → a proposal in which no route stands twice.

use std::collections::HashSet;

use super::super::proposal::shape;
use super::object::Object;
use super::relation::relation;
use super::routine::routine;
use crate::soap::VerdictKind;
use crate::sql::{Catalog, Dialect};

/// A proposed mapping before it is written.
#[derive(Debug)]
pub struct Proposal {
    /// What the database is called here: the API and the backend.
    pub name: String,
    /// Where it is, without its password.
    pub source: String,
    pub dialect: Dialect,
    /// SQLite's file as the mapping names it.
    pub file: Option<String>,
    /// Relations first.
    pub objects: Vec<Object>,
}

impl Proposal {
    /// Drafts the routes of everything in a catalog. `taken` are shapes of routes of other
    /// mapping files.
    pub fn new(
        catalog: &Catalog,
        (name, source): (&str, &str),
        file: Option<String>,
        mut taken: HashSet<String>,
    ) -> Self {
        let relations = catalog.relations.iter().map(|r| relation(catalog.dialect, r));
        let routines = catalog.routines.iter().map(|r| {
            let same = catalog.routines.iter().filter(|other| {
                (&other.schema, &other.name, other.procedure) == (&r.schema, &r.name, r.procedure)
            });
            routine(catalog.dialect, r, same.count() > 1)
        });
        let mut objects: Vec<Object> = relations.chain(routines).collect();
        for object in &mut objects {
            place(object, name, &mut taken);
        }
        Self {
            name: name.to_owned(),
            source: source.to_owned(),
            dialect: catalog.dialect,
            file,
            objects,
        }
    }

    /// How many objects have this verdict.
    pub fn count(&self, kind: VerdictKind) -> usize {
        self.objects.iter().filter(|object| object.verdict() == kind).count()
    }

    /// Whether a route can be made of anything.
    pub fn serves_anything(&self) -> bool {
        self.objects.iter().any(|object| !object.routes.is_empty())
    }
}

/// Finds a folder in which none of an object's routes is taken.
fn place(object: &mut Object, name: &str, taken: &mut HashSet<String>) {
    let shapes = |folder: &str| -> Vec<String> {
        object.routes.iter().map(|r| shape(r.method, &format!("{folder}{}", r.below))).collect()
    };
    let own = object.folder.clone();
    let wishes = [own.clone(), format!("/{name}{own}")]
        .into_iter()
        .chain((2..).map(|number| format!("/{name}{own}-{number}")));
    for folder in wishes {
        let wanted = shapes(&folder);
        if wanted.iter().all(|shape| !taken.contains(shape)) {
            taken.extend(wanted);
            object.folder = folder;
            return;
        }
    }
}

//! Small catalogs.

use std::collections::HashSet;

use super::super::propose::Proposal;
use crate::sql::{
    Catalog, Column, Dialect, Filled, ParameterMode, Relation, RelationColumn, RelationKind,
    Routine, RoutineParameter, Type,
};

pub fn column(name: &str, ty: Type) -> RelationColumn {
    RelationColumn {
        name: name.to_owned(),
        declared: match &ty {
            Type::Unsupported(name) => name.clone(),
            ty => format!("{ty:?}").to_lowercase(),
        },
        ty,
        nullable: false,
        filled: Filled::No,
        comment: None,
    }
}

pub fn nullable(name: &str, ty: Type) -> RelationColumn {
    RelationColumn { nullable: true, ..column(name, ty) }
}

pub fn filled(name: &str, ty: Type) -> RelationColumn {
    RelationColumn { filled: Filled::Default, ..column(name, ty) }
}

pub fn table(name: &str, columns: Vec<RelationColumn>, key: &[&str]) -> Relation {
    Relation {
        schema: None,
        name: name.to_owned(),
        kind: RelationKind::Table,
        comment: None,
        columns,
        key: key.iter().map(|name| (*name).to_owned()).collect(),
        writable: true,
        references: Vec::new(),
        problem: None,
    }
}

pub fn function(name: &str, parameters: &[(&str, &str)], columns: &[(&str, Type)]) -> Routine {
    let parameters = parameters.iter().map(|(name, declared)| RoutineParameter {
        name: (*name).to_owned(),
        declared: (*declared).to_owned(),
        mode: ParameterMode::In,
        defaulted: false,
    });
    let columns = columns.iter().map(|(name, ty)| Column {
        name: (*name).to_owned(),
        ty: ty.clone(),
        nullable: true,
    });
    Routine {
        schema: None,
        name: name.to_owned(),
        procedure: false,
        reads: true,
        many: false,
        comment: None,
        parameters: parameters.collect(),
        columns: columns.collect(),
        problem: None,
    }
}

pub fn text() -> Type {
    Type::Text { max: None }
}

pub fn proposal(dialect: Dialect, relations: Vec<Relation>, routines: Vec<Routine>) -> Proposal {
    let catalog = Catalog { dialect, relations, routines };
    let file = (dialect == Dialect::Sqlite).then(|| "../erp.db".to_owned());
    Proposal::new(&catalog, ("erp", "postgres://host/erp"), file, HashSet::new())
}

/// Every route, `METHOD /path`, object by object.
pub fn routes(proposal: &Proposal) -> Vec<String> {
    let of = |object: &super::super::object::Object| {
        let folder = object.folder.clone();
        let routes = object.routes.iter();
        routes.map(move |r| format!("{} {folder}{}", r.method, r.below)).collect::<Vec<_>>()
    };
    proposal.objects.iter().flat_map(of).collect()
}

//! SQLite's catalog.

use super::ask::{Asking, OBJECTS_MAX, parsed};
use crate::sql::{
    Catalog, Description, Dialect, Filled, Relation, RelationColumn, RelationKind, Type,
};

const RELATIONS: &str = r"
SELECT json_object('name', name, 'view', json(iif(type = 'view', 'true', 'false')))
  FROM pragma_table_list
 WHERE schema = 'main' AND type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
 ORDER BY name";

const COLUMNS: &str = r#"
SELECT json_object('name', name, 'declared', type, 'not_null', "notnull", 'key', pk,
       'defaulted', dflt_value IS NOT NULL, 'generated', hidden IN (2, 3))
  FROM pragma_table_xinfo(?1)
 WHERE hidden <> 1
 ORDER BY cid"#;

/// Whether the key has an index of its own: then it is not the rowid.
const KEY_INDEX: &str = "SELECT name FROM pragma_index_list(?1) WHERE origin = 'pk'";

const REFERENCES: &str = r#"
SELECT max("from") FROM pragma_foreign_key_list(?1) GROUP BY id HAVING count(*) = 1 ORDER BY id"#;

/// A line of [`RELATIONS`].
#[derive(serde::Deserialize)]
struct Listed {
    name: String,
    view: bool,
}

/// A line of [`COLUMNS`].
#[derive(serde::Deserialize)]
struct Line {
    name: String,
    declared: String,
    not_null: u8,
    key: usize,
    defaulted: u8,
    generated: u8,
}

pub(super) fn catalog(asking: &Asking<'_>) -> Result<Catalog, String> {
    let listed = asking.texts(RELATIONS, &[])?;
    let relations = listed.iter().take(OBJECTS_MAX).map(|line| {
        let listed = parsed(line)?;
        relation(asking, listed)
    });
    let relations = relations.collect::<Result<_, String>>()?;
    Ok(Catalog { dialect: Dialect::Sqlite, relations, routines: Vec::new() })
}

fn relation(asking: &Asking<'_>, listed: Listed) -> Result<Relation, String> {
    let Listed { name, view } = listed;
    let mut relation = Relation {
        schema: None,
        kind: if view { RelationKind::View } else { RelationKind::Table },
        comment: None,
        columns: Vec::new(),
        key: Vec::new(),
        writable: !view,
        references: Vec::new(),
        problem: None,
        name,
    };
    // A view of tables that are gone is refused here, and alone.
    let lines = match asking.texts(COLUMNS, &[&relation.name]) {
        Ok(lines) => lines,
        Err(why) => {
            relation.problem = Some(why);
            return Ok(relation);
        }
    };
    let lines: Vec<Line> = lines.iter().map(|line| parsed(line)).collect::<Result<_, _>>()?;
    let mut key: Vec<&Line> = lines.iter().filter(|line| line.key > 0).collect();
    key.sort_by_key(|line| line.key);
    let row_id = matches!(key[..], [one] if one.declared.eq_ignore_ascii_case("integer"))
        && asking.texts(KEY_INDEX, &[&relation.name])?.is_empty();
    relation.key = key.iter().map(|line| line.name.clone()).collect();
    if relation.kind == RelationKind::Table {
        relation.references = asking.texts(REFERENCES, &[&relation.name])?;
    }
    let quoted = format!("SELECT * FROM \"{}\"", relation.name.replace('"', "\"\""));
    let described = asking.describe(&[quoted.into()]).pop();
    let described = described.and_then(Result::ok).unwrap_or_default();
    relation.columns = lines.iter().map(|line| column(line, row_id, &described)).collect();
    Ok(relation)
}

fn column(line: &Line, row_id: bool, described: &Description) -> RelationColumn {
    let found = described.columns.iter().find(|column| column.name == line.name);
    let is_row_id = row_id && line.key > 0;
    let filled = match (line.generated != 0, line.defaulted != 0 || is_row_id) {
        (true, _) => Filled::Always,
        (false, true) => Filled::Default,
        (false, false) => Filled::No,
    };
    RelationColumn {
        name: line.name.clone(),
        declared: line.declared.clone(),
        ty: found.map_or(Type::Dynamic, |column| column.ty.clone()),
        nullable: line.not_null == 0 && !is_row_id,
        filled,
        comment: None,
    }
}

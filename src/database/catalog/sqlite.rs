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

#[cfg(test)]
mod tests {
    use crate::database::catalog;
    use crate::plan::{
        BackendKind, BackendLimits, BackendPlan, Breaker, DatabasePlan, Pool, Retry, Secret,
        Timeouts,
    };
    use crate::sql::{Catalog, Dialect, RelationKind};

    fn read(schema: &str) -> Catalog {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("erp.db");
        rusqlite::Connection::open(&file).unwrap().execute_batch(schema).unwrap();
        let address = Secret::new(file.to_str().unwrap().to_owned());
        let pool = Pool::default();
        catalog(&BackendPlan {
            name: "erp".to_owned(),
            kind: BackendKind::Sql,
            url: String::new(),
            database: Some(DatabasePlan { dialect: Dialect::Sqlite, address, pool }),
            timeout: Timeouts::default(),
            retry: Retry::default(),
            breaker: Breaker::default(),
            limits: BackendLimits::default(),
            tls: None,
            basic: None,
            redact: crate::redact::RedactRules::default(),
            headers: Vec::new(),
        })
        .unwrap()
    }

    /// `name kind [key] (references): column type null filled, …`
    #[test]
    fn tables_and_views_are_read_with_their_keys() {
        let check = |schema: &str, expected: &str| {
            let catalog = read(schema);
            let relation = catalog.relations.last().unwrap();
            let columns = relation.columns.iter().map(|c| {
                let null = if c.nullable { "?" } else { "" };
                format!("{} {:?}{null} {:?}", c.name, c.ty, c.filled)
            });
            let columns = columns.collect::<Vec<_>>().join(", ");
            let (key, references) = (relation.key.join("+"), relation.references.join("+"));
            let view = if relation.kind == RelationKind::View { "view " } else { "" };
            let found = format!("{view}{} [{key}] ({references}): {columns}", relation.name);
            assert_eq!(found, expected);
        };
        check(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, n TEXT, v INTEGER NOT NULL DEFAULT 1,
                g INTEGER AS (v + 1))",
            "t [id] (): id Int8 Default, n Text { max: None }? No, v Int8 Default, g Int8? Always",
        );
        check(
            "CREATE TABLE a (x TEXT PRIMARY KEY);
             CREATE TABLE t (b INT NOT NULL, a TEXT NOT NULL REFERENCES a, PRIMARY KEY (a, b))",
            "t [a+b] (a): b Int8 No, a Text { max: None } No",
        );
        check(
            "CREATE TABLE a (x, y, PRIMARY KEY (x, y));
             CREATE TABLE t (x, y, FOREIGN KEY (x, y) REFERENCES a)",
            "t [] (): x Dynamic? No, y Dynamic? No",
        );
        check(
            "CREATE TABLE t (\"a b\" DATE); CREATE VIEW \"v'w\" AS SELECT \"a b\" FROM t",
            "view v'w [] (): a b Date? No",
        );
    }

    #[test]
    fn a_view_of_what_is_gone_is_refused_alone() {
        let catalog = read("CREATE VIEW a AS SELECT * FROM gone; CREATE TABLE b (c)");
        let problems: Vec<_> = catalog.relations.iter().map(|r| r.problem.as_deref()).collect();
        assert_eq!(problems, [Some("no such table: main.gone"), None]);
    }
}

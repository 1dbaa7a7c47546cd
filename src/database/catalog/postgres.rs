//! PostgreSQL's catalog.

use std::sync::Arc;

use super::ask::{Asking, OBJECTS_MAX, parsed, why};
use crate::sql::{
    Catalog, DescribeError, Description, Dialect, Filled, ParameterMode, Relation, RelationColumn,
    RelationKind, Routine, RoutineParameter, Type,
};

/// One line of JSON for each relation the role may read; those of extensions and of the
/// system are not the author's. Another unique key than the primary one is as good where it
/// has no NULL.
const RELATIONS: &str = r"
SELECT json_build_object(
    'schema', CASE WHEN pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname END,
    'name', c.relname,
    'quoted', CASE WHEN pg_table_is_visible(c.oid) THEN '' ELSE quote_ident(n.nspname) || '.' END
              || quote_ident(c.relname),
    'view', c.relkind IN ('v', 'm'),
    'writable', c.relkind NOT IN ('v', 'm') AND has_table_privilege(c.oid, 'INSERT')
        AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'),
    'comment', obj_description(c.oid, 'pg_class'),
    'columns', (SELECT coalesce(json_agg(json_build_object(
            'name', a.attname,
            'declared', format_type(a.atttypid, a.atttypmod),
            'not_null', a.attnotnull,
            'defaulted', a.atthasdef OR a.attidentity <> '',
            'generated', a.attgenerated <> '' OR a.attidentity = 'a',
            'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum), '[]')
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
    'key', (SELECT coalesce(json_agg(a.attname ORDER BY k.place), '[]')
        FROM (SELECT i.indkey, i.indnkeyatts FROM pg_index i
               WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
                 AND i.indpred IS NULL AND i.indexprs IS NULL
                 AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid
                     AND a.attnum = ANY (i.indkey) AND NOT a.attnotnull)
               ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) i
        CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
        WHERE k.place <= i.indnkeyatts),
    'references', (SELECT coalesce(json_agg(DISTINCT a.attname), '[]')
        FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.conkey[1]
        WHERE f.conrelid = c.oid AND f.contype = 'f' AND cardinality(f.conkey) = 1)
)::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
   AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
   AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
   AND NOT EXISTS (SELECT 1 FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY n.nspname, c.relname";

/// One line of JSON for each routine the role may call. The last parameters of a call may be
/// left out where they have defaults.
const ROUTINES: &str = r"
SELECT json_build_object(
    'schema', CASE WHEN pg_function_is_visible(p.oid) THEN NULL ELSE n.nspname END,
    'name', p.proname,
    'quoted', CASE WHEN pg_function_is_visible(p.oid) THEN ''
              ELSE quote_ident(n.nspname) || '.' END || quote_ident(p.proname),
    'kind', p.prokind,
    'reads', p.provolatile <> 'v',
    'many', p.proretset,
    'void', p.prorettype = 'void'::regtype,
    'defaults', p.pronargdefaults,
    'comment', obj_description(p.oid, 'pg_proc'),
    'parameters', (SELECT coalesce(json_agg(json_build_object(
            'name', coalesce(p.proargnames[a.place], ''),
            -- `character` would be char(1).
            'declared', CASE a.type WHEN 'bpchar'::regtype THEN 'bpchar'
                        ELSE format_type(a.type, NULL) END,
            'mode', coalesce(p.proargmodes[a.place]::text, 'i')) ORDER BY a.place), '[]')
        FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]))
             WITH ORDINALITY a(type, place))
)::text
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prokind IN ('f', 'p')
   AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
   AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
   AND has_schema_privilege(n.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE')
   AND NOT EXISTS (SELECT 1 FROM pg_depend d
        WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
 ORDER BY n.nspname, p.proname, p.oid";

/// A line of [`RELATIONS`].
#[derive(serde::Deserialize)]
struct Relations {
    schema: Option<String>,
    name: String,
    quoted: String,
    view: bool,
    writable: bool,
    comment: Option<String>,
    columns: Vec<Columns>,
    key: Vec<String>,
    references: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Columns {
    name: String,
    declared: String,
    not_null: bool,
    defaulted: bool,
    generated: bool,
    comment: Option<String>,
}

/// A line of [`ROUTINES`].
#[derive(serde::Deserialize)]
struct Routines {
    schema: Option<String>,
    name: String,
    quoted: String,
    kind: char,
    reads: bool,
    many: bool,
    void: bool,
    defaults: usize,
    comment: Option<String>,
    parameters: Vec<Parameters>,
}

#[derive(serde::Deserialize)]
struct Parameters {
    name: String,
    declared: String,
    mode: char,
}

pub(super) fn catalog(asking: &Asking<'_>) -> Result<Catalog, String> {
    let relations: Vec<Relations> = lines(asking, RELATIONS)?;
    let routines: Vec<Routines> = lines(asking, ROUTINES)?;
    let selects = relations.iter().map(|r| Arc::from(format!("SELECT * FROM {}", r.quoted)));
    let read: Vec<RoutineRead> = routines.into_iter().map(RoutineRead::new).collect();
    let calls = read.iter().map(|r| Arc::clone(&r.call));
    let statements: Vec<Arc<str>> = selects.chain(calls).collect();
    let mut described = asking.describe(&statements).into_iter();
    Ok(Catalog {
        dialect: Dialect::Postgres,
        relations: relations
            .into_iter()
            .zip(described.by_ref())
            .map(|(line, described)| relation(line, described))
            .collect(),
        routines: read.into_iter().zip(described).map(|(r, described)| r.with(described)).collect(),
    })
}

fn lines<T: serde::de::DeserializeOwned>(
    asking: &Asking<'_>,
    text: &str,
) -> Result<Vec<T>, String> {
    asking.texts(text, &[])?.iter().take(OBJECTS_MAX).map(|line| parsed(line)).collect()
}

fn relation(line: Relations, described: Result<Description, DescribeError>) -> Relation {
    let (described, problem) = match described {
        Ok(described) => (described, None),
        Err(error) => (Description::default(), Some(why(&error))),
    };
    let columns = line.columns.into_iter().enumerate().map(|(at, column)| RelationColumn {
        ty: described.columns.get(at).map_or(Type::Dynamic, |found| found.ty.clone()),
        name: column.name,
        declared: column.declared,
        nullable: !column.not_null,
        filled: match (column.generated, column.defaulted) {
            (true, _) => Filled::Always,
            (false, true) => Filled::Default,
            (false, false) => Filled::No,
        },
        comment: column.comment,
    });
    Relation {
        schema: line.schema,
        name: line.name,
        kind: if line.view { RelationKind::View } else { RelationKind::Table },
        comment: line.comment,
        columns: columns.collect(),
        key: line.key,
        writable: line.writable,
        references: line.references,
        problem,
    }
}

/// A routine, and the call that is described to learn its types.
struct RoutineRead {
    routine: Routine,
    call: Arc<str>,
    void: bool,
}

impl RoutineRead {
    fn new(line: Routines) -> Self {
        let inputs = line.parameters.iter().filter(|p| !matches!(p.mode, 'o' | 't')).count();
        let mut input = 0;
        let procedure = line.kind == 'p';
        let parameters = line.parameters.into_iter().filter_map(|parameter| {
            let mode = match parameter.mode {
                'i' => ParameterMode::In,
                'b' => ParameterMode::InOut,
                'v' => ParameterMode::Variadic,
                'o' => ParameterMode::Out,
                _ => return None,
            };
            let is_input = mode != ParameterMode::Out;
            input += usize::from(is_input);
            Some(RoutineParameter {
                name: parameter.name,
                declared: parameter.declared,
                mode,
                defaulted: is_input && input + line.defaults > inputs,
            })
        });
        let routine = Routine {
            schema: line.schema,
            name: line.name,
            procedure,
            reads: line.reads && !procedure,
            many: line.many,
            comment: line.comment,
            parameters: parameters.collect(),
            columns: Vec::new(),
            problem: None,
        };
        let call = Arc::from(call(&line.quoted, &routine));
        Self { routine, call, void: line.void }
    }

    fn with(self, described: Result<Description, DescribeError>) -> Routine {
        let mut routine = self.routine;
        match described {
            Ok(described) if self.void => drop(described),
            Ok(described) => routine.columns = described.columns,
            Err(error) => routine.problem = Some(why(&error)),
        }
        routine
    }
}

/// The call with every parameter, each cast to its type so that no other routine of the name
/// is meant.
fn call(quoted: &str, routine: &Routine) -> String {
    let mut number = 0;
    let arguments = routine.parameters.iter().filter_map(|parameter| match parameter.mode {
        ParameterMode::Out if routine.procedure => Some("NULL".to_owned()),
        ParameterMode::Out => None,
        mode => {
            number += 1;
            let variadic = if mode == ParameterMode::Variadic { "VARIADIC " } else { "" };
            Some(format!("{variadic}${number}::{}", parameter.declared))
        }
    });
    let arguments = arguments.collect::<Vec<_>>().join(", ");
    if routine.procedure {
        format!("CALL {quoted}({arguments})")
    } else {
        format!("SELECT * FROM {quoted}({arguments})")
    }
}

//! What a row becomes: members, objects of members, and arrays of folded rows.

use super::super::Compiler;
use super::columns::{Shown, unknown_column};
use crate::codec::json_key;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::mapping::Nest;
use crate::plan::{FoldPlan, RowMember, RowPlan, RowValue};

impl Compiler<'_> {
    /// A row with its folds; `span` is where a collision of names is told.
    pub(super) fn row(&mut self, columns: &[Shown], nests: &[Nest], span: Span) -> RowPlan {
        let Some(levels) = self.levels(columns, nests) else { return RowPlan::default() };
        let folded = |at: usize| levels.iter().any(|level| level.members.contains(&at));
        let outer: Vec<usize> =
            (0..columns.len()).filter(|at| !columns[*at].dropped && !folded(*at)).collect();
        let mut fold = None;
        for level in levels.iter().rev() {
            let row = RowPlan { members: self.members(columns, &level.members, span), fold };
            fold = Some(Box::new(FoldPlan {
                keys: level.keys.iter().map(|at| columns[*at].plan.index).collect(),
                key: json_key(&level.nest.name.value),
                name: level.nest.name.value.as_str().into(),
                row,
            }));
        }
        let members = self.members(columns, &outer, span);
        for level in &levels {
            let name = &level.nest.name;
            let taken = members.iter().any(|member| *member.name == *name.value);
            if taken {
                self.collision(&name.value, name.span);
            }
        }
        RowPlan { members, fold }
    }

    /// Members of some columns, in their order; one whose name has dots stands in objects.
    fn members(&mut self, columns: &[Shown], of: &[usize], span: Span) -> Vec<RowMember> {
        let mut members = Vec::new();
        for column in of.iter().filter_map(|at| columns.get(*at)) {
            let names: Vec<&str> = column.path.iter().map(String::as_str).collect();
            let value = RowValue::Column(column.plan.clone());
            if !insert(&mut members, &names, value) {
                self.collision(&names.join("."), span);
            }
        }
        members
    }

    pub(super) fn collision(&mut self, name: &str, span: Span) {
        let message = format!("two columns would be the member `{name}`");
        self.report.push(
            Diagnostic::error(Code::MappingNameCollision, span, message)
                .help("name one of them otherwise in the statement, `as`, or under `out:`"),
        );
    }

    /// The nests from the outermost to the innermost; `None` where they do not fit into one
    /// another, which has been reported.
    fn levels<'n>(&mut self, columns: &[Shown], nests: &'n [Nest]) -> Option<Vec<Level<'n>>> {
        let errors = self.report.error_count();
        let mut levels: Vec<Level<'n>> =
            nests.iter().map(|n| self.level(columns, nests, n)).collect();
        let inner = |levels: &[Level<'_>], name: &str| {
            levels.iter().any(|level| level.inside.contains(&name))
        };
        let mut ordered: Vec<Level<'n>> = Vec::new();
        let outermost = levels.iter().position(|l| !inner(&levels, &l.nest.name.value));
        let mut next = outermost;
        while let Some(at) = next {
            let level = levels.remove(at);
            let inside = level.inside.first().copied();
            next = inside.and_then(|name| levels.iter().position(|l| l.nest.name.value == name));
            ordered.push(level);
        }
        for left in &levels {
            let message = "rows fold into one array at a time";
            let name = &left.nest.name;
            self.report.push(Diagnostic::error(Code::MappingValue, name.span, message).help(
                "list it under `members` of the nest it is inside of, or fetch it with `include`",
            ));
        }
        (self.report.error_count() == errors).then_some(ordered)
    }

    fn level<'n>(&mut self, columns: &[Shown], nests: &'n [Nest], nest: &'n Nest) -> Level<'n> {
        let keys = nest.by.iter().filter_map(|name| self.column(columns, name)).collect();
        let (mut members, mut inside) = (Vec::new(), Vec::new());
        for name in &nest.members {
            if nests.iter().any(|other| other.name.value == name.value) {
                inside.push(name.value.as_str());
                continue;
            }
            let Some(at) = self.column(columns, name) else { continue };
            let elsewhere = nests.iter().filter(|other| other.name.value != nest.name.value);
            let twice = elsewhere
                .flat_map(|other| &other.members)
                .any(|other| other.value == name.value && other.span.start < name.span.start);
            if twice {
                self.report.push(
                    unknown_column(&name.value, name.span, &[])
                        .help("it is a member of another nest already; list it once"),
                );
                continue;
            }
            members.push(at);
        }
        Level { nest, keys, members, inside }
    }
}

/// One nest, its names looked up.
struct Level<'n> {
    nest: &'n Nest,
    keys: Vec<usize>,
    members: Vec<usize>,
    /// Nests inside it.
    inside: Vec<&'n str>,
}

/// Puts a value at a path; `false` where something stands there already.
fn insert(members: &mut Vec<RowMember>, path: &[&str], value: RowValue) -> bool {
    let Some((name, rest)) = path.split_first() else { return false };
    let found = members.iter().position(|member| *member.name == **name);
    if rest.is_empty() {
        if found.is_none() {
            members.push(RowMember { name: (*name).into(), key: json_key(name), value });
        }
        return found.is_none();
    }
    let at = found.unwrap_or_else(|| {
        let value = RowValue::Object(Vec::new());
        members.push(RowMember { name: (*name).into(), key: json_key(name), value });
        members.len() - 1
    });
    match &mut members[at].value {
        RowValue::Object(inner) => insert(inner, rest, value),
        _ => false,
    }
}

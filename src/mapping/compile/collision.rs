//! Two members of one object under one name: only `names:` can bring that about, since the
//! rules for names never give one twice.

use std::collections::HashSet;

use super::Compiler;
use crate::codec::{Graph, Node};
use crate::diagnostic::{Code, Diagnostic};
use crate::mapping::Backend;

impl Compiler<'_> {
    /// Reports each name of `names:` that some object has twice.
    pub(super) fn name_collisions(&mut self, backend: &Backend, graph: &Graph) {
        let mut twice: HashSet<&str> = HashSet::new();
        for node in &graph.types {
            let Node::Object(object) = node else { continue };
            let mut seen = HashSet::new();
            let names = object.members.iter().map(|member| &*member.name);
            twice.extend(names.filter(|name| !seen.insert(*name)));
        }
        for (schema_name, name) in &backend.names {
            if twice.contains(name.value.as_str()) {
                let message = format!("two members of one object would be `{}`", name.value);
                self.report.push(
                    Diagnostic::error(Code::MappingNameCollision, name.span, message)
                        .note(schema_name.span, "given to this")
                        .help("give it a name of its own, or write `Type.name` to mean one type"),
                );
            }
        }
    }
}

//! The text of a statement, wherever the mapping keeps it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::statements::SqlFiles;
use crate::diagnostic::{Code, Diagnostic, FileId, Report, Sources, Span, did_you_mean};
use crate::mapping::{Spanned, SqlText, Statement};

/// Files of statements, each read once.
pub(super) struct Texts<'t> {
    pub(super) files: &'t mut dyn SqlFiles,
    pub(super) sources: &'t mut Sources,
    pub(super) report: &'t mut Report,
    read: HashMap<PathBuf, Result<FileId, String>>,
}

impl<'t> Texts<'t> {
    pub(super) fn new(
        files: &'t mut dyn SqlFiles,
        sources: &'t mut Sources,
        report: &'t mut Report,
    ) -> Self {
        Self { files, sources, report, read: HashMap::new() }
    }

    /// The text of a statement; `None` where its file or its name is not there, which has
    /// been reported.
    pub(super) fn find(&mut self, statement: &Statement) -> Option<SqlText> {
        let (path, name) = match statement {
            Statement::Text(text) => return Some(text.clone()),
            Statement::File { path, name } => (path, name.as_ref()),
        };
        let mapping = Path::new(self.sources.name(path.span.file));
        let full = mapping.parent().unwrap_or(Path::new("")).join(&path.value);
        let file = self.open(full, path.span)?;
        self.section(file, path, name)
    }

    fn open(&mut self, path: PathBuf, from: Span) -> Option<FileId> {
        if !self.read.contains_key(&path) {
            let name = path.display().to_string();
            let read = self.files.read(&path).map(|text| self.sources.add(name, text));
            self.read.insert(path.clone(), read);
        }
        match self.read.get(&path)? {
            Ok(file) => Some(*file),
            Err(why) => {
                let message = format!("`{}` cannot be read: {why}", path.display());
                self.report.push(
                    Diagnostic::error(Code::MappingUnreadable, from, message)
                        .help("a file of SQL is named relative to the mapping's file"),
                );
                None
            }
        }
    }

    fn section(
        &mut self,
        file: FileId,
        path: &Spanned<String>,
        name: Option<&Spanned<String>>,
    ) -> Option<SqlText> {
        let text = self.sources.text(file).to_owned();
        let sections = sections(&text);
        let names = || sections.iter().map(|(name, _)| *name);
        let (span, message) = match (name, &sections[..]) {
            (None, []) => return Some(SqlText::of_file(file, &text, 0..text.len())),
            (None, [(_, range)]) => return Some(SqlText::of_file(file, &text, range.clone())),
            (None, _) => (path.span, format!("`{}` has several statements", path.value)),
            (Some(name), _) => {
                if let Some((_, range)) = sections.iter().find(|(n, _)| *n == name.value) {
                    return Some(SqlText::of_file(file, &text, range.clone()));
                }
                (name.span, format!("`{}` has no statement `{}`", path.value, name.value))
            }
        };
        let near = name.and_then(|name| did_you_mean(&name.value, names()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if sections.is_empty() => {
                "a statement gets its name by a line `-- name: x` before it".to_owned()
            }
            None => {
                let list: Vec<_> = names().map(|n| format!("`{}#{n}`", path.value)).collect();
                format!("write one of {}", list.join(", "))
            }
        };
        self.report.push(Diagnostic::error(Code::MappingUnreadable, span, message).help(help));
        None
    }
}

/// Named statements of a file: each begins after its line `-- name: x`.
fn sections(text: &str) -> Vec<(&str, std::ops::Range<usize>)> {
    let mut sections: Vec<(&str, std::ops::Range<usize>)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let comment = line.trim_start().strip_prefix("--").map(str::trim_start);
        let Some(name) = comment.and_then(|c| c.strip_prefix("name:")).map(str::trim) else {
            continue;
        };
        if let Some((_, range)) = sections.last_mut() {
            range.end = start;
        }
        sections.push((name, at..text.len()));
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_cut_at_its_lines_of_names() {
        let text = "-- all of it\n-- name: a\nselect 1;\n\n  --name: b-c\nselect 2\n";
        let found: Vec<_> =
            sections(text).into_iter().map(|(name, range)| (name, &text[range])).collect();
        assert_eq!(found, [("a", "select 1;\n\n"), ("b-c", "select 2\n")]);
        assert!(sections("select 1 -- name: x\n").is_empty());
    }
}

//! The text of a statement, wherever the mapping keeps it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::statements::SqlFiles;
use crate::diagnostic::{Code, Diagnostic, FileId, Report, Sources, Span, did_you_mean};
use crate::mapping::{Spanned, SqlText, Statement};
use crate::sql;

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
        let file = self.open(&full, path.span)?;
        self.section(file, path, name)
    }

    fn open(&mut self, path: &Path, from: Span) -> Option<FileId> {
        if !self.read.contains_key(path) {
            let name = path.display().to_string();
            let read = self.files.read(path).map(|text| self.sources.add(name, text));
            self.read.insert(path.to_owned(), read);
        }
        match self.read.get(path)? {
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
        let sections = match sql::named(&text) {
            Ok(sections) => sections,
            Err((range, message)) => {
                let at = Span::new(file, range.start, range.end);
                let help = "begin each statement with a line `-- name: x` of its own";
                self.report.push(Diagnostic::error(Code::SqlSyntax, at, message).help(help));
                return None;
            }
        };
        let names = || sections.iter().map(|(name, _)| name.as_str());
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

//! Variables for comparing: a diff needs no secrets.

use std::collections::HashMap;

use crate::change::Files;
use crate::mapping::Environment;
use crate::reload::ProcessEnvironment;

/// Variables of this process, and something that fits for those that are not set.
#[derive(Debug, Default)]
pub(super) struct Placeholders {
    unset: HashMap<String, &'static str>,
}

impl Placeholders {
    /// Placeholders for what the mappings of either side name without a default.
    pub(super) fn of(files: &Files) -> Self {
        let mut unset = HashMap::new();
        for bytes in files.iter().filter(|(name, _)| is_yaml(name)).map(|(_, bytes)| bytes) {
            for line in String::from_utf8_lossy(bytes).lines() {
                let mut rest = line;
                while let Some((head, tail)) = rest.split_once("${") {
                    let Some((name, after)) = tail.split_once('}') else { break };
                    let before = &line[..line.len() - rest.len() + head.len()];
                    if !name.contains(':') && std::env::var_os(name).is_none() {
                        unset.entry(name.to_owned()).or_insert(placeholder(before));
                    }
                    rest = after;
                }
            }
        }
        Self { unset }
    }

    /// The names of variables that something stands in for.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.unset.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

pub(super) fn is_yaml(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".yaml", ".yml"].iter().any(|end| name.ends_with(end))
}

/// What fits where a variable stands: behind this beginning of a line.
fn placeholder(before: &str) -> &'static str {
    let key = before.rsplit(['{', ',', ' ']).find_map(|word| word.trim().strip_suffix(':'));
    match key.unwrap_or("").trim_matches(['"', '\'']) {
        "postgres" => "postgres://placeholder.invalid/placeholder",
        "sqlite" => "placeholder.db",
        "timeout" | "connect" | "total" | "open" | "wait" | "leeway" => "1s",
        "attempts" | "failures" | "probes" | "size" | "max" | "min" | "stream" | "in_flight"
        | "max_rows" | "max_affected" | "status" | "default" => "1",
        "request" | "response" => "1MiB",
        "strict" | "digest" | "expose_fault_text" => "true",
        "deprecated" | "sunset" => "2000-01-01",
        _ => "http://placeholder.invalid/",
    }
}

impl Environment for Placeholders {
    fn var(&self, name: &str) -> Option<String> {
        ProcessEnvironment.var(name).or_else(|| self.unset.get(name).map(|text| (*text).to_owned()))
    }

    fn file(&self, path: &str) -> Result<String, String> {
        ProcessEnvironment.file(path).or_else(|_| Ok("placeholder".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_fits_its_key() {
        let text = "url: ${FIGLEAF_U}\ntimeout: { connect: 1s, total: ${FIGLEAF_T} }\nsqlite: ${FIGLEAF_D:-d}\n\
                    retry: { attempts: ${FIGLEAF_N} }\nledger: { postgres: ${FIGLEAF_P} }\n";
        let files = Files::from([("mappings/a.yaml".to_owned(), text.as_bytes().to_vec())]);
        let placeholders = Placeholders::of(&files);
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(placeholders.var(name).as_deref(), expected, "{name}");
        };
        check("FIGLEAF_U", Some("http://placeholder.invalid/"));
        check("FIGLEAF_T", Some("1s"));
        check("FIGLEAF_N", Some("1"));
        check("FIGLEAF_P", Some("postgres://placeholder.invalid/placeholder"));
        check("FIGLEAF_D", None);
        assert_eq!(placeholders.names(), ["FIGLEAF_N", "FIGLEAF_P", "FIGLEAF_T", "FIGLEAF_U"]);
    }
}

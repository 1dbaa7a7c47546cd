//! The house rules, as tests: what a reviewer would otherwise have to remember.
//!
//! Rules about code read the text of `src/` without comments and without test code, which
//! may reach wherever it needs to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use figleaf::diagnostic::Code;
use regex::Regex;

use crate::rooms::ROOMS;

/// The last room below the purity line: no IO, no clock, no runtime from here down.
const LAST_PURE_ROOM: &str = "engine";

/// What a pure room must not name.
const IMPURE: &str = r"\b(tokio|actix\w*|reqwest|hyper|notify|rustls|failsafe|tracing_subscriber|clap|indicatif)::|\bstd::(fs|net|env|process|thread)\b|\b(Instant|SystemTime)\b|\b(Timestamp|Zoned)::now\b";

/// Lines a file may have. Above it, it is two things.
const FILE_LINES_MAX: usize = 400;
/// Lines above which a file is worth a look.
const FILE_LINES_GOOD: usize = 250;
/// Files that may be longer, and why.
const LONG_FILES: &[(&str, &str)] = &[];

/// Lines of code a mod.rs may have besides its documentation, `mod` and `use`.
const MOD_LINES_MAX: usize = 30;
/// Folders whose mod.rs may hold more, and why.
const THICK_MODS: &[(&str, &str)] =
    &[("src/cli/mod.rs", "the table of commands is the room's contents")];

/// Codes that nothing in `src/` gives yet, and why they are in the table.
const CODES_WITHOUT_USE: &[(Code, &str)] = &[];

#[test]
fn rooms_import_only_rooms_below_them() {
    let rooms: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let path = Regex::new(r"\bcrate::(\w+)").unwrap();
    let supers = Regex::new(r"\b(?:super::)+").unwrap();
    let mut wrong = Vec::new();
    for file in sources() {
        let Some(room) = file.room() else { continue };
        let Some(allowed) = rooms.get(room) else {
            wrong.push(format!("{}: the room `{room}` is not in the table", file.path));
            continue;
        };
        for import in path.captures_iter(&file.code) {
            let other = &import[1];
            if rooms.contains_key(other) && other != room && !allowed.contains(&other) {
                wrong.push(format!("{}: `{room}` must not import `{other}`", file.path));
            }
        }
        for step in supers.find_iter(&file.code) {
            if step.as_str().matches("super").count() > file.depth() - 1 {
                wrong.push(format!("{}: `{}` leaves the room", file.path, step.as_str()));
            }
        }
        if file.code.contains("crate::{") {
            wrong.push(format!("{}: write one `use crate::room` a line", file.path));
        }
    }
    nothing("imports against the layers", wrong);
}

#[test]
fn a_room_stands_above_those_it_imports() {
    let mut below = BTreeSet::new();
    for (room, imports) in ROOMS {
        for import in *imports {
            assert!(below.contains(import), "`{room}` stands below `{import}`");
        }
        below.insert(*room);
    }
    let folders: BTreeSet<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, below.into_iter().map(str::to_owned).collect());
}

#[test]
fn the_architecture_page_has_the_same_table() {
    let page = read("ARCHITECTURE.md");
    let mut rows = Vec::new();
    for line in page.lines().skip_while(|line| !line.starts_with("| room | may import |")).skip(2) {
        let Some(line) = line.strip_prefix('|') else { break };
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        rows.push((cells[0].trim_matches('`').to_owned(), cells[1].replace(['`', ','], "")));
    }
    let expected: Vec<_> = ROOMS
        .iter()
        .map(|(room, imports)| match *imports {
            [] => ((*room).to_owned(), "nothing".to_owned()),
            imports => ((*room).to_owned(), imports.join(" ")),
        })
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn rooms_below_the_purity_line_know_no_io_no_clock_and_no_runtime() {
    let last = ROOMS.iter().position(|(room, _)| *room == LAST_PURE_ROOM).unwrap();
    let pure: Vec<&str> = ROOMS[..=last].iter().map(|(room, _)| *room).collect();
    let impure = Regex::new(IMPURE).unwrap();
    let mut wrong = Vec::new();
    for file in sources() {
        if file.room().is_some_and(|room| pure.contains(&room)) {
            wrong.extend(
                impure
                    .find_iter(&file.code)
                    .map(|found| format!("{}: `{}`", file.path, found.as_str())),
            );
        }
    }
    nothing("impurities", wrong);
}

#[test]
fn one_room_each_names_a_package_that_must_stay_in_one_place() {
    let check = |name: &str, allowed: &[&str]| {
        let word = Regex::new(&format!(r"\b{name}")).unwrap();
        let wrong = sources()
            .into_iter()
            .filter(|file| word.is_match(&file.code))
            .filter(|file| !allowed.iter().any(|start| file.path.starts_with(start)))
            .map(|file| file.path)
            .collect();
        nothing(&format!("uses of `{name}` outside {allowed:?}"), wrong);
    };
    check("quick_xml::", &["src/xml/", "src/demo/legacy/"]);
    check("failsafe::", &["src/backend/"]);
    // The server builds the requests it hands to the backend in its types.
    check(
        "reqwest::",
        &["src/backend/", "src/server/", "src/fixture/stand_in.rs", "src/cli/import/web.rs"],
    );
    check("notify::", &["src/reload/"]);
    check("utoipa::", &["src/openapi/", "src/exchange/"]);
    check("utoipa_swagger_ui::", &["src/server/"]);
    check("serde_saphyr::", &["src/yaml/", "src/change/approvals.rs"]);
    check("clap::", &["src/cli/", "src/telemetry/"]);
    let answers = [
        "src/server/",
        "src/console/",
        "src/backend/passthrough.rs",
        "src/backend/headers.rs",
        "src/fixture/mock/",
        "src/demo/",
    ];
    check("HttpResponse", &answers);
    check("e?print(ln)?!", &["src/cli/"]);
}

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    let mut worth_a_look = 0;
    let mut all = 0;
    for file in sources().into_iter().chain(tests()) {
        let lines = file.text.lines().count();
        all += 1;
        worth_a_look += usize::from(lines > FILE_LINES_GOOD);
        if lines > FILE_LINES_MAX && !LONG_FILES.iter().any(|(path, _)| *path == file.path) {
            long.push(format!("{}: {lines} lines", file.path));
        }
    }
    println!("{worth_a_look} of {all} files have more than {FILE_LINES_GOOD} lines");
    nothing(&format!("files above {FILE_LINES_MAX} lines"), long);
    for (path, _) in LONG_FILES {
        let lines = read(path).lines().count();
        assert!(lines > FILE_LINES_MAX, "{path} is short by now: take it off the list");
    }
}

#[test]
fn a_mod_rs_is_a_table_of_contents() {
    let contents = Regex::new(r"^\s*((pub(\([a-z]+\))? )?(mod|use) |#!?\[|$|\})").unwrap();
    let mut wrong = Vec::new();
    for file in sources().into_iter().filter(|file| file.path.ends_with("/mod.rs")) {
        if !file.text.starts_with("//!") {
            wrong.push(format!("{}: it does not open with what it is for", file.path));
        }
        let mut inside_use = false;
        let mut lines = 0;
        for line in file.code.lines() {
            let starts = contents.is_match(line);
            inside_use = (inside_use || (starts && line.contains("use "))) && !line.contains(';');
            lines += usize::from(!starts && !inside_use && !line.trim_end().ends_with("};"));
        }
        if lines > MOD_LINES_MAX && !THICK_MODS.iter().any(|(path, _)| *path == file.path) {
            wrong.push(format!("{}: {lines} lines of code; give them a file", file.path));
        }
    }
    nothing("mod.rs files with more than contents", wrong);
}

#[test]
fn nothing_is_left_for_later_in_the_code() {
    let words = ["#[ignore", "todo!", "unimplemented!", "dbg!", "FIXME", "XXX:"];
    let mut wrong = Vec::new();
    for file in sources().into_iter().chain(tests()) {
        if file.path == "tests/it/tidy.rs" {
            continue;
        }
        for (number, line) in (1..).zip(file.text.lines()) {
            wrong.extend(
                words
                    .iter()
                    .filter(|word| line.contains(**word))
                    .map(|word| format!("{}:{number}: `{word}`", file.path)),
            );
        }
    }
    nothing("things left for later", wrong);
}

#[test]
fn every_code_is_given_somewhere() {
    let used: BTreeSet<String> = sources()
        .into_iter()
        .filter(|file| file.path != "src/diagnostic/code.rs")
        .flat_map(|file| {
            let code = Regex::new(r"\bCode::(\w+)").unwrap();
            code.captures_iter(&file.code).map(|found| found[1].to_owned()).collect::<Vec<_>>()
        })
        .collect();
    let excused = |code: &Code| CODES_WITHOUT_USE.iter().any(|(excused, _)| excused == code);
    let (excused, rest): (Vec<Code>, Vec<Code>) = Code::ALL.iter().partition(|code| excused(code));
    let unused = rest.iter().map(|code| format!("{code:?}"));
    nothing("codes nothing gives", unused.filter(|code| !used.contains(code)).collect());
    for code in excused {
        assert!(
            !used.contains(&format!("{code:?}")),
            "{code} is given by now: take it off the list"
        );
    }
}

#[test]
fn no_file_names_a_package_registry_or_a_place_on_one_machine() {
    // In two halves, so that this file does not name them either.
    let registries = [
        ("crates", ".io"),
        ("registry", ".npmjs.org"),
        ("pypi", ".org"),
        ("files", ".pythonhosted.org"),
        ("proxy", ".golang.org"),
    ];
    let places = [("/wo", "rk/"), ("/ro", "ot/"), ("/ro", "ot\""), ("/ho", "me/")];
    let mut words: Vec<String> = Vec::new();
    words.extend(registries.iter().chain(&places).map(|(a, b)| format!("{a}{b}")));
    let mut wrong = Vec::new();
    for path in tracked() {
        // Lock files name the registry their client wrote there.
        let name = path.rsplit('/').next().unwrap_or(&path);
        if matches!(name, "Cargo.lock" | "package-lock.json") {
            continue;
        }
        let Ok(text) = fs::read_to_string(root().join(&path)) else { continue };
        wrong.extend(words.iter().filter(|w| text.contains(*w)).map(|w| format!("{path}: `{w}`")));
    }
    nothing("names of registries and places", wrong);
}

/// One Rust file.
struct Source {
    /// From the package's folder, with `/`.
    path: String,
    /// As it is.
    text: String,
    /// Without comments and test code.
    code: String,
}

impl Source {
    /// The folder of `src/` it is in; `None` for the crate's own files.
    fn room(&self) -> Option<&str> {
        self.path.strip_prefix("src/")?.split_once('/').map(|(room, _)| room)
    }

    /// Modules from the crate down to this one.
    fn depth(&self) -> usize {
        self.path.trim_end_matches("/mod.rs").matches('/').count()
    }
}

/// Every file of `src/`.
fn sources() -> Vec<Source> {
    rust_files("src")
}

/// Every file of `tests/`.
fn tests() -> Vec<Source> {
    rust_files("tests")
}

fn rust_files(folder: &str) -> Vec<Source> {
    let mut pending = vec![root().join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
                let code = if is_test(&path) { String::new() } else { without_comments(&text) };
                files.push(Source { path, text, code });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!files.is_empty());
    files
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("_tests.rs")
}

/// Up to the module of tests, which stands last, and without lines of comment.
fn without_comments(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let lines = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Every file git knows; in a copy without git, nothing.
fn tracked() -> Vec<String> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let text = listed.map(|output| output.stdout).unwrap_or_default();
    let names = String::from_utf8_lossy(&text);
    names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every finding in one failure.
fn nothing(what: &str, found: Vec<String>) {
    let found: BTreeSet<String> = found.into_iter().collect();
    let list: Vec<String> = found.into_iter().collect();
    assert!(list.is_empty(), "{what}:\n  {}", list.join("\n  "));
}

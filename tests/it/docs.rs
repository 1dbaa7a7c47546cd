//! Pages of `docs/` that are generated: each must be what the code would write now.
//!
//! `FIGLEAF_BLESS=1 cargo test --test it docs` writes them anew.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use figleaf::diagnostic::{Code, Group};
use figleaf::fixture::Store;
use figleaf::{cli, exchange, mapping};

use crate::rig::project;

/// Said at the top of every generated page.
const GENERATED: &str =
    "<!-- Generated; to write it anew: FIGLEAF_BLESS=1 cargo test --test it docs -->";

#[test]
fn docs_errors_is_fresh() {
    fresh("errors.md", &errors());
}

#[test]
fn docs_mapping_is_fresh() {
    let intro = include_str!("mapping_intro.md");
    fresh("mapping.md", &format!("{GENERATED}\n\n{intro}\n{}", mapping::reference()));
}

#[test]
fn docs_mapping_schema_is_fresh() {
    let schema = serde_json::to_string_pretty(&mapping::json_schema()).unwrap();
    fresh("mapping.schema.json", &format!("{schema}\n"));
}

#[test]
fn docs_fixture_schema_is_fresh() {
    let schema = serde_json::to_string_pretty(&exchange::json_schema()).unwrap();
    fresh("fixture.schema.json", &format!("{schema}\n"));
}

#[test]
fn the_schema_takes_the_fixtures_of_the_demo_and_refuses_a_misspelt_key() {
    let schema = jsonschema::validator_for(&exchange::json_schema()).unwrap();
    let check = |text: &str, expected: bool| {
        let value: serde_json::Value = serde_saphyr::from_str(text).unwrap();
        let errors: Vec<String> = schema.iter_errors(&value).map(|e| e.to_string()).collect();
        assert_eq!(errors.is_empty(), expected, "{errors:?}");
    };
    let store = Store::new(&project("fixtures"));
    for name in store.names().0 {
        check(&store.text(&name).unwrap(), true);
    }
    check("fixture: 1\nexpires: 2027-01-01\nresponse: { delay: recorded }\n", true);
    check("fixture: 1\nresponse: { delay: { lognormal: { median: 90ms, sigma: 0.4 } } }\n", true);
    check("fixture: 1\nsql: { parameters: [1, 1.50, a, null, true, [1]] }\n", true);
    check("fixture: 1\nnotes: misspelt\n", false);
    check("fixture: 1\nresponse: { delay: record }\n", false);
    check("fixture: 2\n", false);
    check("note: no format\n", false);
}

#[test]
fn docs_cli_is_fresh() {
    fresh("cli.md", &command_line());
}

#[test]
fn the_schema_takes_the_demo_mappings_and_refuses_a_misspelt_key() {
    let schema = jsonschema::validator_for(&mapping::json_schema()).unwrap();
    let check = |text: &str, expected: bool| {
        let value: serde_json::Value = serde_saphyr::from_str(text).unwrap();
        let errors: Vec<String> = schema.iter_errors(&value).map(|e| e.to_string()).collect();
        assert_eq!(errors.is_empty(), expected, "{errors:?}");
    };
    check(include_str!("../../mappings/shop.yaml"), true);
    check(include_str!("../../mappings/shop-v2.yaml"), true);
    check("figleaf: 1\nrouts: {}\n", false);
}

fn errors() -> String {
    let mut text = format!("{GENERATED}\n\n# Codes\n\n");
    text.push_str(
        "Everything figleaf has to say about a file, a request or a backend has one of these\n\
         codes. A code keeps its meaning for ever: it is never renamed and never used again.\n\n\
         Callers get theirs as `code` of an `application/problem+json` body (RFC 9457), whose\n\
         `type` leads to the row here.\n",
    );
    let groups = [
        (Group::Request, "Answers a caller's request has earned"),
        (Group::Backend, "Answers the backend has earned"),
        (Group::Contract, "Contracts: `import` and `check`"),
        (Group::Mapping, "Mappings: `check`"),
        (Group::Command, "The command line"),
        (Group::Fixture, "Fixtures: record, replay, verify"),
        (Group::Violation, "Deviations from the contract that were tolerated"),
    ];
    for (group, title) in groups {
        let sent = matches!(group, Group::Request | Group::Backend);
        let _ = write!(text, "\n## {title}\n\n");
        text.push_str(if sent { "| code | status " } else { "| code " });
        text.push_str("| meaning | what to do |\n");
        text.push_str(if sent { "|---|---|---|---|\n" } else { "|---|---|---|\n" });
        for code in Code::ALL.iter().filter(|code| code.group() == group) {
            let _ = write!(text, "| <a id=\"{code}\"></a>`{code}` ");
            if sent {
                let _ = write!(text, "| {} ", code.status());
            }
            let _ = writeln!(text, "| {} | {} |", code.title(), code.fix());
        }
    }
    let listed = text.matches("<a id=").count();
    assert_eq!(listed, Code::ALL.len(), "a group of codes has no section");
    text
}

fn command_line() -> String {
    let mut text = format!("{GENERATED}\n\n# The command line\n\n");
    let command = cli::command();
    text.push_str(
        "Exit codes, of every command: 0 done; 1 problems were found; 2 the arguments or the\n",
    );
    text.push_str(
        "input cannot be used. Results go to stdout, everything else to stderr. Colours are\n",
    );
    text.push_str("used on terminals only, and never where `NO_COLOR` is set.\n");
    for command in command.get_subcommands().filter(|c| c.get_name() != "help") {
        subcommand(&mut text, command.clone());
    }
    text
}

fn subcommand(text: &mut String, command: clap::Command) {
    let name = format!("figleaf {}", command.get_name());
    let mut command = command.bin_name(name);
    command.build();
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string);
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let _ = write!(text, "\n## figleaf {}\n\n", command.get_name());
    let _ = write!(text, "{}\n\n```text\n{usage}\n```\n", about.unwrap_or_default());
    let shown =
        |a: &&clap::Arg| !a.is_hide_set() && !matches!(a.get_id().as_str(), "help" | "version");
    if command.get_arguments().filter(shown).count() > 0 {
        text.push_str("\n| argument | meaning | default | environment |\n|---|---|---|---|\n");
    }
    for argument in command.get_arguments().filter(shown) {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            spelling(argument),
            meaning(argument),
            code_or_dash(argument.get_default_values().first().and_then(|v| v.to_str())),
            code_or_dash(argument.get_env().and_then(|v| v.to_str())),
        );
    }
    if let Some(after) = command.get_after_help() {
        let after = after.to_string();
        let (examples, notes) = after.split_once("\n\n").unwrap_or((&after, ""));
        let lines = examples.lines().skip(1).map(|l| l.strip_prefix("  ").unwrap_or(l));
        let _ = write!(text, "\n```text\n{}\n```\n", lines.collect::<Vec<_>>().join("\n"));
        if !notes.is_empty() {
            let _ = write!(text, "\n{notes}\n");
        }
    }
}

/// `--listen <ADDRESS>`, `<PATH>`.
fn spelling(argument: &clap::Arg) -> String {
    let values = argument.get_value_names().unwrap_or_default();
    let value = values.first().map(|name| format!("<{name}>"));
    let takes = argument.get_action().takes_values();
    match (argument.get_long(), value.filter(|_| takes)) {
        (Some(long), Some(value)) => format!("--{long} {value}"),
        (Some(long), None) => format!("--{long}"),
        (None, value) => value.unwrap_or_default(),
    }
}

/// The help of an argument and what each of its values means.
fn meaning(argument: &clap::Arg) -> String {
    let help = argument.get_long_help().or(argument.get_help());
    let mut text = help.map(ToString::to_string).unwrap_or_default().replace('\n', " ");
    let values = argument.get_possible_values();
    let values: Vec<String> = values
        .iter()
        .filter(|_| argument.get_action().takes_values())
        .map(|value| match value.get_help() {
            Some(help) => format!("`{}` ({help})", value.get_name()),
            None => format!("`{}`", value.get_name()),
        })
        .collect();
    if !values.is_empty() {
        let _ = write!(text, ": {}", values.join(", "));
    }
    text.replace('<', "&lt;").replace('|', "\\|")
}

fn code_or_dash(text: Option<&str>) -> String {
    text.map_or_else(|| "–".to_owned(), |text| format!("`{text}`"))
}

/// Compares a page with what it should be, or writes it.
fn fresh(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if std::env::var_os("FIGLEAF_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, expected).unwrap();
        return;
    }
    let found = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let line = found.lines().zip(expected.lines()).position(|(a, b)| a != b);
    assert!(
        found == expected,
        "docs/{name} is stale (first at line {}): FIGLEAF_BLESS=1 cargo test --test it docs",
        line.map_or(found.lines().count().min(expected.lines().count()), |l| l) + 1,
    );
}

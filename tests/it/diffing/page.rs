//! The tables of `docs/diff.md`: the rules, and the comparison with oasdiff.
//!
//! `FIGLEAF_BLESS=1 cargo test --test it diffing` writes them anew.

use std::fs;
use std::path::Path;

use figleaf::change::{Severity, rules};

use super::oasdiff::{recorded, worst};
use super::pairs::pairs;

/// Replaces what stands between two marks of the page, or compares it.
fn fresh(mark: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diff.md");
    let page = fs::read_to_string(&path).unwrap();
    let (start, end) = (format!("<!-- {mark} -->\n"), format!("<!-- end of {mark} -->"));
    let (head, rest) = page.split_once(&start).expect(&start);
    let (found, tail) = rest.split_once(&end).expect(&end);
    if std::env::var_os("FIGLEAF_BLESS").is_some() {
        fs::write(&path, format!("{head}{start}{expected}{end}{tail}")).unwrap();
        return;
    }
    assert_eq!(
        found, expected,
        "docs/diff.md is stale: FIGLEAF_BLESS=1 cargo test --test it diffing"
    );
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ")
}

#[test]
fn the_tables_of_the_page_are_fresh() {
    let mut text =
        String::from("\n| rule | severity | what it means | what to do |\n|---|---|---|---|\n");
    for severity in [Severity::Breaking, Severity::Risky, Severity::Safe] {
        for rule in rules().iter().filter(|rule| rule.severity == severity) {
            let advice = if rule.advice.is_empty() { "–" } else { rule.advice };
            let row = [rule.id, severity.as_str(), rule.meaning, advice].map(cell);
            text.push_str(&format!("| `{}` | {} | {} | {} |\n", row[0], row[1], row[2], row[3]));
        }
    }
    text.push('\n');
    fresh("rules", &text);
    fresh("oasdiff", &comparison());
}

fn comparison() -> String {
    let recorded = recorded();
    let list = |verdicts: &[String]| {
        let shown: Vec<String> = verdicts
            .iter()
            .filter(|verdict| worst(std::slice::from_ref(verdict)) == worst(verdicts))
            .filter(|verdict| !verdict.ends_with("documentation-changed") || verdicts.len() == 1)
            .map(|verdict| {
                let (severity, rule) = verdict.split_once(' ').unwrap_or((verdict, ""));
                format!("{severity} `{rule}`")
            })
            .collect();
        if shown.is_empty() { "–".to_owned() } else { shown.join("<br>") }
    };
    let (mut rows, mut same, mut all) = (String::new(), 0, 0);
    for pair in pairs() {
        let key = (pair.name().to_owned(), pair.edit.clone());
        let verdicts = recorded.rows.get(&key).unwrap_or_else(|| panic!("{key:?} is not recorded"));
        all += 1;
        same += usize::from(pair.why.is_empty());
        let why = if pair.why.is_empty() { "–" } else { &pair.why };
        let (ours, theirs) = (list(&verdicts.ours), list(&verdicts.theirs));
        rows.push_str(&format!(
            "| {} | {} | {ours} | {theirs} | {} |\n",
            key.0,
            cell(&pair.edit),
            cell(why)
        ));
    }
    format!(
        "\nCompared with {}, `changelog --flatten-allof`. Of {all} pairs, {same} have the same worst\n\
         verdict (ERR is breaking, WARN is risky, INFO or nothing is safe). Of each side the worst\n\
         verdicts are shown.\n\n| base | edit | figleaf | oasdiff | why they differ |\n|---|---|---|---|---|\n{rows}\n",
        recorded.of
    )
}

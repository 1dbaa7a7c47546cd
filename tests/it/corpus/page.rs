//! `docs/compatibility.md`: what was measured, as a page that cannot go stale unseen.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::hostile::Hostile;
use super::import::{self, Import, Rates};
use super::messages::{Kind, Measured, Verdict, table};

const PAGE: &str = "docs/compatibility.md";

/// One at a time reads and writes the page.
static PAGE_LOCK: Mutex<()> = Mutex::new(());

/// Compares a part of the page with the committed one, or writes it.
pub fn keep(part: &str, text: &str) {
    let _one = PAGE_LOCK.lock().unwrap_or_else(PoisonError::into_inner);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    let (begin, end) = (format!("<!-- {part}: do not edit -->"), format!("<!-- /{part} -->"));
    let (head, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("{PAGE} lacks {begin}"));
    let (old, tail) = rest.split_once(&end).unwrap_or_else(|| panic!("{PAGE} lacks {end}"));
    let new = format!("\n{text}\n");
    if old == new {
        return;
    }
    if std::env::var_os("FIGLEAF_BLESS").is_some() {
        std::fs::write(&path, format!("{head}{begin}{new}{end}{tail}")).unwrap();
        println!("{PAGE}: {part} written anew");
        return;
    }
    let changed = new.lines().zip(old.lines()).find(|(new, old)| new != old);
    panic!("{PAGE} does not say what is so; FIGLEAF_BLESS=1 writes it anew. First: {changed:?}");
}

pub fn measured(imports: &[Import], messages: &[Measured], hostile: &[(&str, &Hostile)]) -> String {
    let mut page = String::new();
    write_imports(imports, &mut page);
    write_messages(messages, &mut page);
    page.push_str("\n## Files that must never be an answer\n\n");
    page.push_str("| part | files | read | refused | of them for a DTD | judged otherwise than by another parser |\n|---|--:|--:|--:|--:|--:|\n");
    for (name, h) in hostile {
        let _ = writeln!(
            page,
            "| {name} | {} | {} | {} | {} | {} |",
            h.files,
            h.read,
            h.refused,
            h.doctypes,
            h.disagreements.len()
        );
    }
    page
}

fn share(part: usize, all: usize) -> String {
    let mille = (part * 1000 + all / 2).checked_div(all).unwrap_or(0);
    format!("{part} ({}.{} %)", mille / 10, mille % 10)
}

fn write_imports(imports: &[Import], page: &mut String) {
    page.push_str("## Contracts\n\n| style/use | contracts | load | any operation is served | every operation is | every operation that HTTP can call is | operations | served | without loss |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    let mut row = |name: &str, r: &Rates| {
        let _ = writeln!(
            page,
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} |",
            r.contracts,
            share(r.loaded, r.contracts),
            share(r.any, r.contracts),
            share(r.whole, r.contracts),
            share(r.callable, r.reachable),
            r.operations,
            share(r.served, r.operations),
            share(r.lossless, r.operations)
        );
    };
    row("**all**", &import::total(imports));
    for (name, rates) in import::by_style(imports) {
        row(&name, &rates);
    }
    let refused = import::reasons(imports, |import| &import.refusals);
    let lost = import::reasons(imports, |import| &import.losses);
    for (title, reasons) in
        [("why an operation is refused", refused), ("what a served one loses", lost)]
    {
        let _ = writeln!(
            page,
            "\n| {title} | operations | contracts | for example |\n|---|--:|--:|---|"
        );
        for (code, operations, contracts, example) in reasons {
            let _ = writeln!(page, "| `{code}` | {operations} | {contracts} | {example} |");
        }
    }
}

fn write_messages(messages: &[Measured], page: &mut String) {
    page.push_str("\n## Messages of other projects\n\n| what | suite | the same | by our rule | the peer's deviation | not yet | **wrong** |\n|---|---|--:|--:|--:|--:|--:|\n");
    for ((kind, suite), n) in table(messages) {
        let kind = name(kind);
        let _ = writeln!(
            page,
            "| {kind} | {suite} | {} | {} | {} | {} | {} |",
            n[0], n[1], n[2], n[3], n[4]
        );
    }
    let mut reasons: BTreeMap<(u8, &str), Vec<&str>> = BTreeMap::new();
    for measured in messages {
        let (rank, why) = match &measured.verdict {
            Verdict::Pass => continue,
            Verdict::Fail(why) => (0, why),
            Verdict::NotYet(why) => (1, why),
            Verdict::Rule(why) => (2, why),
            Verdict::Peer(why) => (3, why),
        };
        reasons.entry((rank, why)).or_default().push(&measured.case);
    }
    page.push_str("\n| | reason | messages | for example |\n|---|---|--:|---|\n");
    for ((rank, why), cases) in reasons {
        let rank = ["**wrong**", "not yet", "our rule", "the peer"][usize::from(rank)];
        let _ = writeln!(
            page,
            "| {rank} | {} | {} | `{}` |",
            why.replace('|', "\\|"),
            cases.len(),
            cases[0]
        );
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Request => "their JSON → envelope",
        Kind::Response => "their envelope → JSON",
        Kind::RoundTrip => "their envelope → JSON → envelope",
    }
}

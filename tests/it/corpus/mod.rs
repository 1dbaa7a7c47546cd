//! Contracts and messages nobody here wrote.

mod adapter;
mod compare;
mod hostile;
mod import;
mod infoset;
mod known;
mod messages;
mod place;

use std::time::Instant;

use messages::Verdict;

#[test]
fn imports() {
    let Some(corpus) = place::corpus() else { return };
    let start = Instant::now();
    let imports = import::measure(&corpus);
    for import in &imports {
        assert!(!import.panicked, "{} panics", import.id);
        if let Some(why) = &import.failure {
            println!("FAILS {}: {why}", import.id);
        }
    }
    println!("{:?}", import::total(&imports));
    for row in import::by_style(&imports) {
        println!("{row:?}");
    }
    for row in import::refusals(&imports) {
        println!("{row:?}");
    }
    println!("took {:?}", start.elapsed());
}

#[test]
fn hostile_files_are_never_an_answer() {
    let Some(corpus) = place::corpus() else { return };
    let hostile = hostile::measure(&[&corpus.join("attacks"), &corpus.join("malformed")]);
    println!("{hostile:?}");
    let real = hostile::measure(&[&corpus.join("messages")]);
    println!("{} {} {}", real.files, real.read, real.refused);
    for what in &real.disagreements {
        println!("DIS {what}");
    }
}

#[test]
fn pairs() {
    let Some(corpus) = place::corpus() else { return };
    let start = Instant::now();
    let all = messages::measure(&corpus);
    for measured in &all {
        if let Verdict::Fail(what) = &measured.verdict {
            println!("FAIL {:?} {}: {what}", measured.kind, measured.case);
        }
    }
    println!("stale: {:?}", known::stale(&all));
    for (key, row) in messages::table(&all) {
        println!("{key:?}: pass, rule, peer, not yet, FAIL = {row:?}");
    }
    println!("took {:?}", start.elapsed());
}

//! Contracts and messages nobody here wrote.
//!
//! Contracts and messages are measured whole, in some twenty seconds of a debug build;
//! made-up values take a sample of the contracts unless `FIGLEAF_PROPERTY` says `all`.

mod adapter;
mod compare;
mod cut;
mod hostile;
mod import;
pub mod infoset;
mod intruder;
mod known;
mod largest;
mod messages;
pub mod page;
mod place;
mod printed;
mod property;
mod subject;

use messages::Verdict;

/// Contracts of which some operation works, at least, in per mille of those that load.
const USABLE_MIN: usize = 850;

#[test]
fn the_corpus_is_measured_and_the_page_says_so() {
    let Some(corpus) = place::corpus() else { return };
    let imports = import::measure(&corpus);
    for import in &imports {
        assert!(!import.panicked, "{}: a shape panics", import.id);
    }
    let total = import::total(&imports);
    assert!(total.any * 1000 >= total.contracts * USABLE_MIN, "{total:?}");

    let messages = messages::measure(&corpus);
    for measured in &messages {
        if let Verdict::Fail(what) = &measured.verdict {
            println!("WRONG {:?} {}: {what}", measured.kind, measured.case);
        }
        assert!(measured.verdict != Verdict::Fail("a panic".to_owned()), "{}", measured.case);
    }
    let stale = known::stale(&messages);
    assert!(stale.is_empty(), "known disagreements that are none any more: {stale:?}");

    let attacks = hostile::measure(&[&corpus.join("attacks")]);
    let malformed = hostile::measure(&[&corpus.join("malformed")]);
    assert_eq!((attacks.read, malformed.read), (0, 0), "{attacks:?} {malformed:?}");
    let real = hostile::measure(&[&corpus.join("messages")]);
    for judged in [&attacks, &malformed, &real] {
        assert!(judged.disagreements.is_empty(), "{:#?}", judged.disagreements);
    }
    let parts = [("attacks", &attacks), ("malformed", &malformed), ("messages", &real)];
    let measured = page::measured(&imports, &messages, &parts);
    println!("{measured}");
    page::keep("measured", &measured);
}

#[test]
fn made_up_values_come_back_and_no_caller_writes_markup() {
    let Some(corpus) = place::corpus() else { return };
    let found = property::measure(&corpus, property::Extent::of_environment());
    let intrusions = &found.intrusions;
    println!(
        "{} contracts, {} types, {} values, {} wrong; no value known of {} types; \
         {} hostile strings, {} of them refused, and {} keys, {} wrong",
        found.contracts,
        found.types,
        found.values,
        found.wrong.len(),
        found.unknown.len(),
        intrusions.strings,
        intrusions.refused,
        intrusions.keys,
        intrusions.wrong.len()
    );
    for what in &found.unknown {
        println!("UNKNOWN {what}");
    }
    let wrong: Vec<&String> = found.wrong.iter().chain(&intrusions.wrong).collect();
    for what in &wrong {
        println!("WRONG {what}");
    }
    assert!(wrong.is_empty(), "{} are wrong", wrong.len());
}

#[test]
fn an_answer_cut_off_at_any_byte_is_never_one() {
    let Some(corpus) = place::corpus() else { return };
    let found = cut::measure(&corpus);
    println!(
        "{} answers, {} in UTF-16, {} with SOAP encoding, cut at {} places",
        found.messages, found.wide, found.encoded, found.cuts
    );
    assert!(found.wrong.is_empty(), "{:#?}", found.wrong);
    assert!(found.messages > 100 && found.wide > 10 && found.encoded > 10, "too few answers");
}

#[test]
fn messages_are_printed_without_a_change_of_their_meaning_or_their_json() {
    let Some(corpus) = place::corpus() else { return };
    let printed = printed::measure(&corpus);
    println!("{} messages printed, {} requests identified", printed.messages, printed.identified);
    for what in &printed.mistaken {
        println!("MISTAKEN {what}");
    }
    assert!(printed.wrong.is_empty(), "{:#?}", printed.wrong);
    // Some peers write their requests in other namespaces than their contracts say; no request
    // is ever taken for another operation's.
    assert!(printed.mistaken.iter().all(|m| m.contains("Unknown")), "{:#?}", printed.mistaken);
    assert!(printed.messages > 400 && printed.identified > 230, "too few messages");
}

#[test]
fn the_largest_contracts_are_read_within_a_bound() {
    let Some(corpus) = place::corpus() else { return };
    largest::measure(&corpus);
}

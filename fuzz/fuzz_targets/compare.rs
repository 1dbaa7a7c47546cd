//! Any two texts as answers, under rules chosen by bits and one place more that is ignored: an
//! answer is like itself, both sides see the same number of mismatches, and an ignore adds none.
#![no_main]

use figleaf::strangler::{Answer, Comparer, Pattern, Rule, TextRule, TimeRule, Unordered};
use libfuzzer_sys::fuzz_target;

/// Rules that say the same from both sides.
fn rules(bits: u16) -> Vec<(Pattern, Rule)> {
    let by_id = Unordered::By(vec!["id".to_owned()]);
    let rules = [
        ("a", Rule { unordered: Some(Unordered::All), ..Rule::default() }),
        ("*", Rule { unordered: Some(by_id), ..Rule::default() }),
        ("a[*]", Rule { number: Some(("1".to_owned(), "0.01".to_owned())), ..Rule::default() }),
        ("a[*].id", Rule { decimal: Some(true), ..Rule::default() }),
        ("b", Rule { one_or_many: true, nullish: Some(true), ..Rule::default() }),
        ("**.at", Rule { time: Some(TimeRule::default()), ..Rule::default() }),
        ("c", Rule { text: Some(TextRule { trim: true, any_case: true }), ..Rule::default() }),
        ("**.id", Rule { critical: true, ..Rule::default() }),
        ("d", Rule { ignore: true, ..Rule::default() }),
        ("$", Rule { unordered: Some(Unordered::All), ..Rule::default() }),
    ];
    let chosen = rules.into_iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
    chosen.filter_map(|(_, (place, rule))| Some((Pattern::parse(place).ok()?, rule))).collect()
}

fuzz_target!(|bytes: &[u8]| {
    let [low, high, texts @ ..] = bytes else { return };
    let Ok(texts) = std::str::from_utf8(texts) else { return };
    // A place, and both answers.
    let mut texts = texts.splitn(3, '\0');
    let (Some(place), Some(a), Some(b)) = (texts.next(), texts.next(), texts.next()) else {
        return;
    };
    let rules = rules(u16::from_le_bytes([*low, *high]));
    let Ok(comparer) = Comparer::new(rules.clone(), Vec::new()) else { return };
    let answer = |body| Answer { status: 200, headers: &[], body };
    let compare = |comparer: &Comparer, a, b| comparer.compare(answer(a), Some(answer(b)));
    assert!(compare(&comparer, a, a).is_match());
    let there = compare(&comparer, a, b);
    let back = compare(&comparer, b, a);
    assert_eq!((there.count, there.critical), (back.count, back.critical));
    let Ok(place) = Pattern::parse(place) else { return };
    let mut more = rules;
    more.push((place, Rule { ignore: true, ..Rule::default() }));
    if let Ok(more) = Comparer::new(more, Vec::new()) {
        assert!(compare(&more, a, b).count <= there.count);
    }
});

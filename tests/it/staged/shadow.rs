//! What is found by asking the other side, and what callers notice of it: nothing.

use super::side::{Reply, Side};
use super::stand::{STOCK, Stand, candidate, legacy, mapping, stock_json};

const SHADOW: &str = "    stage: shadow\n    shadow: { noise: 0%, timeout: 500ms }\n";

/// Asks for articles `a0`, `a1`, …; every answer must be the legacy system's.
async fn reads(stand: &Stand, n: usize) {
    for at in 0..n {
        let answer = stand.facade.get(&format!("/api/v1/stock/a{at}")).await;
        assert_eq!(answer.text, stock_json(&format!("a{at}"), 7));
    }
}

#[actix_web::test]
async fn shadow_finds_the_planted_differences_and_no_others() {
    let sides = (Side::new(legacy), Side::new(candidate));
    let stand = Stand::of(&mapping((&sides.0, &sides.1), SHADOW, "")).await;
    reads(&stand, 20).await;
    let status = stand.status(STOCK, |status| status.evidence.compared == 20).await;
    assert_eq!((status.evidence.mismatched, &status.mismatches[..]), (0, &[][..]));
    // Of ten answers one is wrong, one is late for ever, one fails, one breaks off.
    sides.1.plays(|asked| match asked.target.as_bytes().last().unwrap() {
        b'1' => Reply::json(stock_json("a1", 8)),
        b'2' => Reply::Hang,
        b'3' => Reply::Answer(503, String::new(), Vec::new()),
        b'4' => Reply::Cut(200, stock_json("a4", 7).into()),
        b'5' => Reply::Reset,
        _ => candidate(asked),
    });
    reads(&stand, 10).await;
    let status = stand.status(STOCK, |status| status.evidence.compared == 30).await;
    assert_eq!(status.evidence.mismatched, 5, "{:?}", status.mismatches);
    let mut found: Vec<_> =
        status.mismatches.iter().map(|(class, place, n)| format!("{class} {place} {n}")).collect();
    found.sort();
    assert_eq!(found, ["ErrorVsOk @status 3", "NoAnswer $ 1", "Value available 1"]);
}

//! What is found by asking the other side, and what callers notice of it: nothing.

use std::io::Write;
use std::time::{Duration, Instant};

use figleaf::migration::RouteStatus;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::side::{Reply, Side};
use super::stand::{STOCK, Stand, candidate, legacy, mapping, stock_json, stock_xml};
use crate::rig::{Answer, Raw, client, eventually};

const SHADOW: &str = "    stage: shadow\n    shadow: { noise: 0%, timeout: 500ms }\n";
const PRIMARY: &str = "    stage: primary\n    canary: { key: [header.X-Tenant] }\n    shadow: { noise: 0%, budget: 100% }\n";

fn sides() -> (Side, Side) {
    (Side::new(legacy), Side::new(candidate))
}

async fn stand(sides: &(Side, Side), read: &str) -> Stand {
    Stand::of(&mapping((&sides.0, &sides.1), read, "")).await
}

/// Asks for articles `a0`, `a1`, …; every answer must be the legacy system's.
async fn reads(stand: &Stand, n: usize) {
    for at in 0..n {
        let answer = stand.facade.get(&format!("/api/v1/stock/a{at}")).await;
        assert_eq!(answer.text, stock_json(&format!("a{at}"), 7));
    }
}

/// Comparisons and how many of them differ, once there are so many.
async fn compared(stand: &Stand, n: u64) -> (u64, Vec<String>) {
    let status = stand.status(STOCK, |status| status.evidence.compared >= n).await;
    let mut found: Vec<_> =
        status.mismatches.iter().map(|(class, place, n)| format!("{class} {place} {n}")).collect();
    found.sort();
    (status.evidence.compared, found)
}

#[actix_web::test]
async fn shadow_finds_the_planted_differences_and_no_others() {
    let sides = sides();
    let stand = stand(&sides, SHADOW).await;
    reads(&stand, 20).await;
    assert_eq!(compared(&stand, 20).await, (20, Vec::new()));
    // Of ten answers one is wrong, one is late for ever, one fails, one breaks off, one is long.
    sides.1.plays(|asked| match asked.target.as_bytes().last().unwrap() {
        b'1' => Reply::json(stock_json("a1", 8)),
        b'2' => Reply::Hang,
        b'3' => Reply::Answer(503, String::new(), Vec::new()),
        b'4' => Reply::Cut(200, stock_json("a4", 7).into()),
        b'5' => Reply::Reset,
        b'6' => Reply::json(format!("{}{}", stock_json("a6", 7), " ".repeat(5 << 20))),
        _ => candidate(asked),
    });
    reads(&stand, 10).await;
    let (compared, found) = compared(&stand, 30).await;
    assert_eq!(compared, 30);
    assert_eq!(found, ["ErrorVsOk @status 3", "NoAnswer $ 2", "Value available 1"]);
}

#[actix_web::test]
async fn what_the_legacy_system_fails_to_answer_is_not_compared() {
    let sides = sides();
    let stand = stand(&sides, SHADOW).await;
    sides.0.plays(|asked| match asked.element("ArticleNumber") {
        "a1" => Reply::Answer(503, String::new(), Vec::new()),
        "a2" => Reply::Cut(200, stock_xml("a2", 7).into()),
        "a3" => Reply::xml("<html>"),
        _ => legacy(asked),
    });
    let mut statuses = Vec::new();
    for n in 0..5 {
        statuses.push(stand.facade.get(&format!("/api/v1/stock/a{n}")).await.status);
    }
    assert_eq!(statuses, [200, 502, 502, 502, 200]);
    let all = |status: &RouteStatus| {
        status.evidence.candidate.requests == 5 && status.evidence.compared >= 2
    };
    let status = stand.status(STOCK, all).await;
    assert_eq!((status.evidence.compared, status.evidence.mismatched), (2, 0));
    assert_eq!(status.evidence.legacy.failed, 3);
}

#[actix_web::test]
async fn heads_and_answers_without_a_body_are_not_compared() {
    let sides = sides();
    let stand = stand(&sides, PRIMARY).await;
    let head = client().head(stand.facade.url("/api/v1/stock/a1")).send().await.unwrap();
    assert_eq!((head.status().as_u16(), sides.0.calls(), sides.1.calls()), (200, (0, 0), (1, 0)));
    sides.1.plays(|_| Reply::Answer(304, "etag: \"e\"\r\n".to_owned(), Vec::new()));
    let request = client().get(stand.facade.url("/api/v1/stock/a1"));
    let answer = request.header("if-none-match", "\"e\"").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 304);
    eventually("the legacy system is asked", async || sides.0.calls() == (0, 1)).await;
    sides.1.plays(candidate);
    stand.facade.get("/api/v1/stock/a2").await;
    assert_eq!(compared(&stand, 1).await, (1, Vec::new()));
}

#[actix_web::test]
async fn compressed_and_long_answers_reach_their_caller_whole_and_are_read_if_they_can_be() {
    let sides = sides();
    let stand = stand(&sides, PRIMARY).await;
    let long = format!("{}{}", stock_json("long", 7), " ".repeat(5 << 20));
    let answer = long.clone();
    sides.1.plays(move |asked| {
        let json = "content-type: application/json\r\n";
        let mut zipped = GzEncoder::new(Vec::new(), Compression::fast());
        zipped.write_all(stock_json("zipped", 7).as_bytes()).unwrap();
        match asked.target.rsplit('/').next().unwrap() {
            "zipped" => {
                let headers = format!("{json}content-encoding: gzip\r\n");
                Reply::Answer(200, headers, zipped.finish().unwrap())
            }
            "odd" => Reply::Answer(200, format!("{json}content-encoding: br\r\n"), vec![1, 2, 3]),
            "long" => Reply::json(answer.clone()),
            _ => candidate(asked),
        }
    });
    let get = async |article: &str| {
        let request = client().get(stand.facade.url(&format!("/api/v1/stock/{article}")));
        request.header("accept-encoding", "gzip, br").send().await.unwrap().bytes().await.unwrap()
    };
    assert_eq!(&get("zipped").await[..2], [0x1f, 0x8b]);
    assert_eq!(get("odd").await[..], [1, 2, 3]);
    assert_eq!(get("long").await.len(), long.len());
    get("a1").await;
    // Whether the odd one is right nobody can say: not that it is wrong. The long one is.
    eventually("all are asked", async || sides.0.calls() == (0, 4)).await;
    assert_eq!(compared(&stand, 3).await, (3, vec!["NoAnswer $ 1".to_owned()]));
}

#[actix_web::test]
async fn a_caller_that_leaves_leaves_nothing_behind() {
    let sides = sides();
    let stand =
        stand(&sides, "    stage: shadow\n    shadow: { noise: 0%, in_flight: 1, queue: 1 }\n")
            .await;
    sides.0.plays(|_| Reply::Hang);
    for _ in 0..2 {
        let mut raw = Raw::to(stand.facade.address).await;
        let asked = sides.0.asked().len();
        raw.send(b"GET /api/v1/stock/a1 HTTP/1.1\r\nhost: x\r\n\r\n").await;
        eventually("it is asked", async || sides.0.asked().len() > asked).await;
        drop(raw);
    }
    sides.0.plays(legacy);
    eventually("both places are free again", async || {
        reads(&stand, 1).await;
        stand.status(STOCK, |_| true).await.evidence.compared > 0
    })
    .await;
    assert_eq!(stand.status(STOCK, |_| true).await.evidence.mismatched, 0);
}

#[actix_web::test]
async fn a_stalled_candidate_holds_up_no_caller_and_what_finds_no_place_is_counted() {
    let sides = sides();
    let keys =
        "    stage: shadow\n    shadow: { noise: 0%, timeout: 30s, in_flight: 2, queue: 3 }\n";
    let stand = stand(&sides, keys).await;
    sides.1.plays(|_| Reply::Hang);
    let begun = Instant::now();
    reads(&stand, 50).await;
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let status = stand.status(STOCK, |status| status.evidence.dropped > 0).await;
    assert_eq!((status.evidence.dropped, status.evidence.compared), (45, 0));
    // Two were asked, three wait for their turn.
    assert_eq!(sides.1.calls(), (0, 2));
}

#[actix_web::test]
async fn the_legacy_system_is_asked_two_percent_more_and_no_call_beyond() {
    let sides = sides();
    let keys = "    stage: primary\n    canary: { key: [header.X-Tenant] }\n";
    let stand = stand(&sides, keys).await;
    let (stand, client) = (&stand, &client());
    let url = &stand.facade.url("/api/v1/stock/a1");
    // Slow enough that many are on their way before the first has ended.
    sides.0.plays(|_| Reply::Late(Duration::from_millis(20), 503, Vec::new()));
    futures_util::StreamExt::for_each_concurrent(
        futures_util::stream::iter(0..10_000),
        24,
        async |_| {
            let answer = Answer::of(client.get(url).send().await.unwrap()).await;
            assert_eq!(answer.status, 200);
        },
    )
    .await;
    let count = async || stand.count(STOCK, "over_budget").await;
    let over_budget = count().await;
    eventually("the last one is asked", async || sides.0.calls().1 as u64 + over_budget == 10_000)
        .await;
    let (callers, besides) = sides.0.calls();
    println!("10,000 reads in primary, the legacy system was asked {besides} times");
    assert!(callers == 0 && besides <= 200 && besides > 150, "{callers} {besides}");
}

#[actix_web::test]
async fn how_the_legacy_system_differs_from_itself_is_measured_within_its_budget() {
    let sides = sides();
    let keys = "    stage: shadow\n    shadow: { noise: 20%, budget: 5% }\n";
    let stand = stand(&sides, keys).await;
    let count = std::sync::atomic::AtomicU32::new(0);
    sides.0.plays(move |asked| {
        let n = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Reply::xml(stock_xml(asked.element("ArticleNumber"), n))
    });
    for n in 1..=400 {
        stand.facade.get(&format!("/api/v1/stock/a{n}")).await;
        eventually("it is compared", async || sides.1.calls().1 == n).await;
    }
    let (callers, besides) = sides.0.calls();
    assert!(callers == 400 && (15..=20).contains(&besides), "{callers} {besides}");
    stand.status(STOCK, |status| status.evidence.compared == 400).await;
    let besides = besides as u64;
    let counted =
        (stand.count(STOCK, "noise.compared").await, stand.count(STOCK, "noise.mismatched").await);
    assert_eq!(counted, (besides, besides));
}

#[actix_web::test]
async fn a_candidate_whose_callers_give_up_is_known_to_be_slow() {
    let sides = sides();
    let stand = stand(&sides, PRIMARY).await;
    sides.1.plays(|_| Reply::Hang);
    let request = client().get(stand.facade.url("/api/v1/stock/a1"));
    let left = request.timeout(Duration::from_millis(1_100)).send().await;
    assert!(left.unwrap_err().is_timeout());
    let status = stand.status(STOCK, |status| status.callers.1.requests == 1).await;
    let evidence = status.evidence;
    assert_eq!((evidence.candidate.failed, evidence.compared), (0, 0));
    assert!(evidence.candidate_took.p95 >= Duration::from_secs(1), "{evidence:?}");
}

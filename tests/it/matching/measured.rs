//! How long it takes: printed, and held to bounds that a slow machine keeps.

use std::fmt::Write;
use std::time::{Duration, Instant};

use figleaf::canonical::{Key, Side};

use super::{DEPOT, Headers, PLACE, ask, collection, entry, parsed};

/// A request of so many goods.
fn order(customer: &str, goods: usize) -> String {
    let mut text = String::new();
    for n in 0..goods {
        write!(text, "<d:goods><d:article>article {n}</d:article><d:count>{n}</d:count></d:goods>")
            .unwrap();
    }
    PLACE.replace("Fig &amp; Leaf", customer).replace("<d:goods>", &format!("{text}<d:goods>"))
}

fn timed<T>(what: &str, times: u32, mut run: impl FnMut() -> T) -> Duration {
    let started = Instant::now();
    for _ in 0..times {
        std::hint::black_box(run());
    }
    let each = started.elapsed() / times;
    println!("{what}: {each:?}");
    each
}

#[test]
fn keys_and_misses_are_found_in_time() {
    let place = DEPOT.operation("Place");
    for (what, goods, times) in [("2 KB", 14, 200), ("1 MB", 13_000, 3)] {
        let text = order("c", goods);
        let element = parsed(&text);
        println!("{what}: {} bytes", text.len());
        timed(&format!("read {what}"), times, || parsed(&text));
        timed(&format!("meaning and key of {what}"), times, || {
            Key::of("Place", &DEPOT.meaning(place, Side::Request, &element, &[]))
        });
    }
    let entries = (0..1_000)
        .map(|n| entry(&format!("f{n:04}"), "Place", &order(&format!("customer {n}"), 14)));
    let started = Instant::now();
    let all = collection(entries.collect());
    println!("index of 1,000 fixtures of 2 KB: {:?}", started.elapsed());
    let known = parsed(&order("customer 777", 14));
    timed("hit among 1,000", 100, || ask(&all, Headers::default(), &known, false).unwrap());
    let unknown = parsed(&order("customer 777", 14).replace("article 7", "article seven"));
    let miss = timed("miss among 1,000", 10, || {
        let miss = ask(&all, Headers::default(), &unknown, false).unwrap_err();
        assert_eq!(miss.nearest[0].name, "f0777");
    });
    // Some 100 ms are allowed; a debug build on a busy machine gets more.
    assert!(miss < Duration::from_secs(2), "{miss:?}");
}

//! Rules that do nothing, rules that hide too much, and rules that noise asks for.

use super::count::{PLACE_BYTES_MAX, REST};
use super::evidence::Sums;
use crate::strangler::{Comparer, Pattern};

/// Comparisons after which a rule that matched nothing is called dead.
const DEAD_AFTER: u64 = 1_000;
/// Pairs of the legacy system with itself after which what never varied is called masked, and
/// what varied may have a rule.
const NOISE_AFTER: u64 = 100;
/// The least share of such pairs in which a place differs before a rule is proposed for it.
const NOISY_SHARE: f64 = 0.03;
/// How much more often the candidate may differ there for it to be noise and no more: as a
/// share of how often it does, and of all pairs.
const MORE_OF_ALL_MAX: f64 = 0.05;
const MORE_OF_OWN_MAX: f64 = 0.2;

/// What there is to say about the rules of a route, in words. Nothing of it changes anything.
pub(super) fn said(comparer: &Comparer, rules: &[String], sums: &Sums) -> Vec<String> {
    let (pairs, noise) = (sums.get("compared"), sums.get("noise.compared"));
    let mut said = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let hid = |kind: &str| sums.get(&format!("{kind}rule.{at}.hid"));
        if pairs >= DEAD_AFTER && sums.get(&format!("rule.{at}.matched")) == 0 {
            said.push(format!("`{rule}` matched nothing in {pairs} comparisons"));
        }
        // A rule that only tolerates another spelling hides no field.
        if noise >= NOISE_AFTER && comparer.ignores(at) && hid("") > 0 && hid("noise.") == 0 {
            said.push(format!(
                "`{rule}` hid {} differences, and the legacy system never differs from itself there",
                hid("")
            ));
        }
    }
    if noise >= NOISE_AFTER {
        let places = sums.under("noise.at.").filter_map(|(name, n)| {
            let (class, place) = name.split_once('.')?;
            Some((class, place, n))
        });
        said.extend(places.filter_map(|place| proposed(comparer, sums, place)));
    }
    said
}

/// A rule that noise in a place asks for, or why it gets none.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn proposed(
    comparer: &Comparer,
    sums: &Sums,
    (class, place, n): (&str, &str, u64),
) -> Option<String> {
    let (pairs, noise) = (sums.get("compared").max(1) as f64, sums.get("noise.compared"));
    let differs = n as f64 / noise as f64;
    if differs <= NOISY_SHARE {
        return None;
    }
    let from_candidate = sums.get(&format!("at.{class}.{place}")) as f64 / pairs;
    let more = from_candidate - differs;
    let refused = match class {
        "Value" | "Order" if place == REST || place.len() >= PLACE_BYTES_MAX => {
            Some("its place is not known exactly")
        }
        "Value" | "Order" => match Pattern::parse(place) {
            Ok(_) if more > MORE_OF_ALL_MAX || more > from_candidate * MORE_OF_OWN_MAX => {
                Some("the candidate differs there more often")
            }
            Ok(pattern) => comparer.refuses(&pattern),
            Err(_) => Some("no pattern says this place"),
        },
        _ => Some("it would hide another form, not another value"),
    };
    let rule = if class == "Order" { "unordered: true" } else { "ignore: true" };
    Some(match refused {
        Some(why) => format!(
            "`{place}` ({class}): the legacy system differs from itself there in {n} of {noise} pairs; no rule is proposed, {why}"
        ),
        None => format!(
            "proposed: `{place}: {{ {rule} }}`; the legacy system differs from itself there in {n} of {noise} pairs"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strangler::Rule;

    fn check(counts: &[(&str, u64)], expected: &[&str]) {
        let rule = |ignore, critical| Rule { ignore, critical, ..Rule::default() };
        let rules =
            [("meta", rule(true, false)), ("total", rule(false, true)), ("n", rule(false, false))];
        let rules = rules.map(|(place, rule)| (Pattern::parse(place).unwrap(), rule));
        let comparer = Comparer::new(rules.to_vec(), Vec::new()).unwrap();
        let written =
            ["meta: ignore", "total: critical", "n: { decimal: true }"].map(str::to_owned);
        let counts = counts.iter().map(|(name, n)| (format!("7:{name}"), *n)).collect();
        assert_eq!(said(&comparer, &written, &Sums::of(counts, 7)), expected);
    }

    #[test]
    fn dead_and_masking_rules_are_told() {
        let used = [("rule.0.matched", 9), ("rule.1.matched", 9), ("rule.2.hid", 5)];
        let with = |more: &[(&'static str, u64)]| [&used[..], more].concat();
        check(&with(&[("compared", 999)]), &[]);
        check(
            &with(&[("compared", 1_000)]),
            &["`n: { decimal: true }` matched nothing in 1000 comparisons"],
        );
        let hid = [("rule.2.matched", 1), ("rule.0.hid", 4), ("noise.compared", 100)];
        check(
            &with(&hid),
            &[
                "`meta: ignore` hid 4 differences, and the legacy system never differs from itself there",
            ],
        );
        check(&with(&[&hid[..], &[("noise.rule.0.hid", 1)]].concat()), &[]);
    }

    #[test]
    fn noise_only_proposes_and_not_everything() {
        let noisy = |place: &'static str, noise, raw, expected: &str| {
            let counts = [
                ("compared", 200),
                ("noise.compared", 100),
                (&*format!("noise.at.{place}"), noise),
                (&*format!("at.{place}"), raw),
            ];
            let expected: Vec<&str> =
                Some(expected).filter(|e| !e.is_empty()).into_iter().collect();
            check(&counts, &expected);
        };
        noisy("Value.at", 3, 6, "");
        noisy(
            "Value.at",
            50,
            104,
            "proposed: `at: { ignore: true }`; the legacy system differs from itself there in 50 of 100 pairs",
        );
        noisy(
            "Order.l",
            50,
            100,
            "proposed: `l: { unordered: true }`; the legacy system differs from itself there in 50 of 100 pairs",
        );
        noisy(
            "Value.at",
            5,
            200,
            "`at` (Value): the legacy system differs from itself there in 5 of 100 pairs; no rule is proposed, the candidate differs there more often",
        );
        noisy(
            "Length.l",
            50,
            100,
            "`l` (Length): the legacy system differs from itself there in 50 of 100 pairs; no rule is proposed, it would hide another form, not another value",
        );
        noisy(
            "Value.total",
            50,
            100,
            "`total` (Value): the legacy system differs from itself there in 50 of 100 pairs; no rule is proposed, it would hide something critical",
        );
        noisy(
            "Value.$",
            50,
            100,
            "`$` (Value): the legacy system differs from itself there in 50 of 100 pairs; no rule is proposed, it would hide the whole answer",
        );
    }
}

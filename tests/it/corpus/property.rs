//! Values nobody sent, of contracts nobody here wrote: out and back, and what a caller's
//! strings and keys can do on the way.
//!
//! `FIGLEAF_PROPERTY` is how many values of each type are tried, or `all`: every type of every
//! contract. Without it, a sample by the hash of the contract's name, and always [`HARD`].
//! `FIGLEAF_SEED` makes other values and another sample.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::intruder::{self, Intrusions};
use super::place::{Row, each};
use super::subject::{Subject, Subjects, complete, load};
use crate::roundtrip::check_round_trip;
use crate::roundtrip::generate::Generator;

/// Contracts of the sample: one of so many.
const SAMPLE_STEP: u64 = 16;
/// Types of one contract in the sample.
const SUBJECTS_MAX: usize = 40;
/// Values of a type where all are tried.
const ALL_VALUES: usize = 3;
/// Where all are tried, a caller intrudes into one type of so many.
const INTRUDED_STEP: u64 = 8;
/// Bytes that decide about one value.
const ENTROPY_BYTES: usize = 600;
/// Objects that may be opened inside each other.
const DEPTH: u32 = 24;
/// Characters of a problem that are kept.
const PROBLEM_CHARS_MAX: usize = 1_500;

/// Contracts with the constructs that are hardest to get right; part of a name each.
const HARD: &[&str] = &[
    "cxf--cxf8979",
    "corewcf--DataTypesTest-ComplexTypesWithCollection",
    "ogc-schemas--example-wfs-soap-publisher-endpoints",
    "x-road--error",
];

/// How much is tried.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    pub all: bool,
    /// Values of each type.
    pub values: usize,
}

impl Extent {
    pub fn of_environment() -> Self {
        match std::env::var("FIGLEAF_PROPERTY").as_deref() {
            Ok("all") => Self { all: true, values: ALL_VALUES },
            Ok(count) => Self { all: false, values: count.parse().unwrap() },
            Err(_) => Self { all: false, values: 1 },
        }
    }
}

#[derive(Debug, Default)]
pub struct Property {
    pub contracts: usize,
    pub types: usize,
    pub values: usize,
    /// Values that were not tried, because the generator knows none of the type.
    pub unknown: Vec<String>,
    pub wrong: Vec<String>,
    pub intrusions: Intrusions,
}

pub fn measure(corpus: &Path, extent: Extent) -> Property {
    // Other values than last time, for whoever wants to look longer.
    let seed = std::env::var("FIGLEAF_SEED").unwrap_or_default();
    let is_chosen = |row: &Row| {
        extent.all
            || HARD.iter().any(|name| row["id"].contains(name))
            || hash(&format!("{seed}{}", row["id"])).is_multiple_of(SAMPLE_STEP)
    };
    let chosen: Vec<Row> = complete(corpus).into_iter().filter(is_chosen).collect();
    let found = each(&chosen, |row| {
        let Some(contract) = load(corpus, row) else { return Property::default() };
        let id = &row["id"];
        let run = || one(id, &seed, extent, &Subjects::of(&contract));
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Property {
            wrong: vec![format!("{id}: a panic")],
            ..Property::default()
        })
    });
    let mut sum = Property::default();
    for one in found {
        sum.contracts += usize::from(one.types > 0);
        sum.types += one.types;
        sum.values += one.values;
        sum.unknown.extend(one.unknown);
        sum.wrong.extend(one.wrong);
        sum.intrusions.add(one.intrusions);
    }
    sum
}

fn one(id: &str, seed: &str, extent: Extent, subjects: &Subjects) -> Property {
    let mut all: Vec<&Subject> = subjects.all.iter().collect();
    if !extent.all {
        all.sort_by_key(|subject| hash(&format!("{seed}{id}{}", subject.name)));
        all.truncate(SUBJECTS_MAX);
    }
    let mut found = Property { types: all.len(), ..Property::default() };
    for subject in all {
        let served = subjects.served(subject);
        let mut is_known = false;
        let mut unknown = Vec::new();
        for at in 0..extent.values {
            let bytes = noise(&format!("{seed}{id}{}{at}", subject.name));
            let mut generator = Generator::new(&subjects.graph, &bytes, DEPTH);
            let json = generator.value(subject.node);
            if !generator.unknown.is_empty() {
                unknown.extend(generator.unknown);
                continue;
            }
            // A lone result that is nil is an answer; a body that is null cannot be sent.
            if subject.is_response && json == "null" {
                is_known = true;
                continue;
            }
            is_known = true;
            found.values += 1;
            let run = || check_round_trip(&served, subject.node, &json);
            let what = match catch_unwind(AssertUnwindSafe(run)) {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.to_string()),
                Err(_) => Some(format!("a panic: {json}")),
            };
            let Some(what) = what else {
                let is_intruded = !extent.all || hash(&subject.name).is_multiple_of(INTRUDED_STEP);
                if at == 0 && is_intruded {
                    let name = format!("{id} {}", subject.name);
                    intruder::try_all(&name, &served, subject.node, &json, &mut found.intrusions);
                }
                continue;
            };
            let what: String = what.chars().take(PROBLEM_CHARS_MAX).collect();
            found.wrong.push(format!("{id} {}: {what}", subject.name));
        }
        if !is_known && let Some(first) = unknown.first() {
            found.unknown.push(format!("{id} {}: {first}", subject.name));
        }
    }
    found
}

/// A number that is the same on every run (FNV-1a).
pub fn hash(text: &str) -> u64 {
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, step);
    // Its low bits depend on the last bytes alone.
    hash ^ (hash >> 32)
}

/// Bytes that are the same on every run (a linear congruence).
pub fn noise(seed: &str) -> Vec<u8> {
    let mut state = hash(seed);
    (0..ENTROPY_BYTES)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        })
        .collect()
}

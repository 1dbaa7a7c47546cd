//! Which children of one element are those of another.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Meaning;

/// Pairs looked at to align two lists of children exactly; longer ones are aligned in one pass.
const PAIRS_MAX: usize = 1 << 16;

/// What became of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aligned {
    /// They are in both, at these places.
    Both(usize, usize),
    /// In both, but not in this order.
    Moved(usize, usize),
    /// In both but for the namespace.
    Renamed(usize, usize),
    /// Only in the first.
    Left(usize),
    /// Only in the second.
    Right(usize),
}

/// An element with the hash of all that is in it.
#[derive(Debug)]
pub(super) struct Hashed<'m> {
    pub(super) meaning: &'m Meaning,
    pub(super) hash: u64,
    pub(super) nodes: usize,
    pub(super) children: Vec<Hashed<'m>>,
}

impl<'m> Hashed<'m> {
    /// Depth is bounded by that of the message.
    pub(super) fn of(meaning: &'m Meaning) -> Self {
        let children: Vec<Self> = meaning.children.iter().map(Self::of).collect();
        let mut hasher = DefaultHasher::new();
        meaning.name.hash(&mut hasher);
        meaning.attributes.hash(&mut hasher);
        meaning.text.hash(&mut hasher);
        children.iter().for_each(|child| child.hash.hash(&mut hasher));
        let nodes = 1 + children.iter().map(|child| child.nodes).sum::<usize>();
        Self { meaning, hash: hasher.finish(), nodes, children }
    }
}

/// Aligns two lists: what is equal first, in order; then what has the same name between; then
/// what was moved; then what is in another namespace.
pub(super) fn align(left: &[Hashed<'_>], right: &[Hashed<'_>]) -> Vec<Aligned> {
    let same = |l: usize, r: usize| left[l].hash == right[r].hash;
    let named = |l: usize, r: usize| left[l].meaning.name == right[r].meaning.name;
    let hashes = |all: &[Hashed<'_>]| all.iter().map(|h| h.hash).collect::<Vec<_>>();
    let names = |all: &[Hashed<'_>]| {
        let hash = |h: &Hashed<'_>| {
            let mut hasher = DefaultHasher::new();
            h.meaning.name.hash(&mut hasher);
            hasher.finish()
        };
        all.iter().map(hash).collect::<Vec<_>>()
    };
    let mut anchors =
        common(&hashes(left), &hashes(right), (0, left.len()), (0, right.len()), &same);
    anchors.push((left.len(), right.len()));
    let (left_names, right_names) = (names(left), names(right));
    let mut pairs = Vec::new();
    let (mut l, mut r) = (0, 0);
    for (to_l, to_r) in anchors {
        pairs.extend(common(&left_names, &right_names, (l, to_l), (r, to_r), &named));
        if to_l < left.len() {
            pairs.push((to_l, to_r));
        }
        (l, r) = (to_l + 1, to_r + 1);
    }
    merged(left, right, pairs)
}

/// Pairs of equal entries of two ranges, in order.
fn common(
    left: &[u64],
    right: &[u64],
    (mut from_l, mut to_l): (usize, usize),
    (mut from_r, mut to_r): (usize, usize),
    same: &dyn Fn(usize, usize) -> bool,
) -> Vec<(usize, usize)> {
    let mut first = Vec::new();
    while from_l < to_l && from_r < to_r && same(from_l, from_r) {
        first.push((from_l, from_r));
        (from_l, from_r) = (from_l + 1, from_r + 1);
    }
    let mut last = Vec::new();
    while from_l < to_l && from_r < to_r && same(to_l - 1, to_r - 1) {
        (to_l, to_r) = (to_l - 1, to_r - 1);
        last.push((to_l, to_r));
    }
    let (left, right) = (&left[from_l..to_l], &right[from_r..to_r]);
    let between = if left.len().saturating_mul(right.len()) <= PAIRS_MAX {
        longest(left, right)
    } else {
        in_one_pass(left, right)
    };
    first.extend(between.into_iter().map(|(l, r)| (from_l + l, from_r + r)));
    first.extend(last.into_iter().rev());
    first
}

/// The longest common subsequence.
fn longest(left: &[u64], right: &[u64]) -> Vec<(usize, usize)> {
    let width = right.len() + 1;
    let mut lengths = vec![0_u32; (left.len() + 1) * width];
    for l in (0..left.len()).rev() {
        for r in (0..right.len()).rev() {
            lengths[l * width + r] = if left[l] == right[r] {
                lengths[(l + 1) * width + r + 1] + 1
            } else {
                lengths[(l + 1) * width + r].max(lengths[l * width + r + 1])
            };
        }
    }
    let (mut l, mut r) = (0, 0);
    let mut pairs = Vec::new();
    while l < left.len() && r < right.len() {
        if left[l] == right[r] {
            pairs.push((l, r));
            (l, r) = (l + 1, r + 1);
        } else if lengths[(l + 1) * width + r] >= lengths[l * width + r + 1] {
            l += 1;
        } else {
            r += 1;
        }
    }
    pairs
}

/// Each with the next of its kind that is free: not the longest, but found in one pass.
fn in_one_pass(left: &[u64], right: &[u64]) -> Vec<(usize, usize)> {
    let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, hash) in right.iter().enumerate().rev() {
        places.entry(*hash).or_default().push(at);
    }
    let mut next = 0;
    let mut pairs = Vec::new();
    for (l, hash) in left.iter().enumerate() {
        let Some(places) = places.get_mut(hash) else { continue };
        while places.last().is_some_and(|at| *at < next) {
            places.pop();
        }
        // What is far ahead would leave out all that is between.
        let near = places.last().filter(|at| **at <= next + left.len() - l + 16);
        if let Some(at) = near.copied() {
            pairs.push((l, at));
            next = at + 1;
        }
    }
    pairs
}

/// Pairs, and what is in none, in the order of the first list.
fn merged(left: &[Hashed<'_>], right: &[Hashed<'_>], pairs: Vec<(usize, usize)>) -> Vec<Aligned> {
    let mut of_left: Vec<Option<Aligned>> = vec![None; left.len()];
    let mut is_taken = vec![false; right.len()];
    for (l, r) in pairs {
        of_left[l] = Some(Aligned::Both(l, r));
        is_taken[r] = true;
    }
    let by = |key: &dyn Fn(&Meaning) -> String, is_taken: &[bool]| {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, hashed) in right.iter().enumerate().rev().filter(|(at, _)| !is_taken[*at]) {
            places.entry(key(hashed.meaning)).or_default().push(at);
        }
        places
    };
    for is_renamed in [false, true] {
        let key = |meaning: &Meaning| match is_renamed {
            true => meaning.name.local.to_string(),
            false => meaning.name.to_string(),
        };
        let mut places = by(&key, &is_taken);
        for (l, place) in of_left.iter_mut().enumerate().filter(|(_, place)| place.is_none()) {
            let Some(r) = places.get_mut(&key(left[l].meaning)).and_then(Vec::pop) else {
                continue;
            };
            is_taken[r] = true;
            *place = Some(if is_renamed { Aligned::Renamed(l, r) } else { Aligned::Moved(l, r) });
        }
    }
    let mut all = Vec::with_capacity(left.len() + right.len());
    let mut next = 0;
    for (l, place) in of_left.into_iter().enumerate() {
        let place = place.unwrap_or(Aligned::Left(l));
        if let Aligned::Both(_, r) | Aligned::Renamed(_, r) = place {
            all.extend((next..r).filter(|r| !is_taken[*r]).map(Aligned::Right));
            next = next.max(r + 1);
        }
        all.push(place);
    }
    all.extend((next..right.len()).filter(|r| !is_taken[*r]).map(Aligned::Right));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(left: &str, right: &str, how: fn(&[u64], &[u64]) -> Vec<(usize, usize)>) -> String {
        let letters = |text: &str| text.bytes().map(u64::from).collect::<Vec<_>>();
        let (l, r) = (letters(left), letters(right));
        let found = how(&l, &r);
        assert!(found.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1), "{found:?}");
        found.iter().map(|(at, _)| &left[*at..=*at]).collect()
    }

    #[test]
    fn what_two_lists_share_is_found() {
        let check = |left, right, expected| assert_eq!(pairs(left, right, longest), expected);
        check("abcdef", "abxdef", "abdef");
        check("abc", "cab", "ab");
        check("", "abc", "");
        check("aaaa", "aa", "aa");
    }

    #[test]
    fn one_pass_finds_what_was_put_in_or_taken_out() {
        let check = |left, right, expected| assert_eq!(pairs(left, right, in_one_pass), expected);
        check("abcdef", "abdef", "abdef");
        check("abdef", "abcdef", "abdef");
        check("aaaa", "aaa", "aaa");
    }
}

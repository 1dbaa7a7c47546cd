//! Which items of two arrays belong together where their order says nothing.

use std::collections::{HashMap, VecDeque};

use super::items::sorted;
use super::walk::Walk;
use crate::codec::Json;

/// Items that belong together, by their places on either side.
#[derive(Debug)]
pub(super) struct Pairing {
    pub there: Vec<Option<usize>>,
    pub back: Vec<Option<usize>>,
}

/// Two arrays, and which items of them are known to be the same under the rules, or not to be.
struct Sides<'j, 'v> {
    legacy: &'j [Json<'v>],
    candidate: &'j [Json<'v>],
    known: HashMap<(usize, usize), bool>,
    /// Items of the candidate from which no way leads to one without a partner, nor ever will.
    closed: Vec<bool>,
}

impl Walk<'_> {
    /// As many pairs of items that are the same under the rules as there can be: whichever
    /// rule lets more items be the same never leaves fewer pairs.
    pub(super) fn paired(&mut self, legacy: &[Json<'_>], candidate: &[Json<'_>]) -> Pairing {
        let mut pairing = identical(legacy, candidate);
        let closed = vec![false; candidate.len()];
        let mut sides = Sides { legacy, candidate, known: HashMap::new(), closed };
        if pairing.back.iter().all(Option::is_some) {
            return pairing;
        }
        for at in 0..legacy.len() {
            if pairing.there[at].is_none() && self.probes > 0 {
                self.augment(at, &mut sides, &mut pairing);
            }
        }
        pairing
    }

    /// Finds a partner for an item, giving others to those whose partner it takes (Berge).
    fn augment(&mut self, from: usize, sides: &mut Sides<'_, '_>, pairing: &mut Pairing) {
        let mut reached: Vec<Option<usize>> = vec![None; sides.candidate.len()];
        let mut pending = VecDeque::from([from]);
        while let Some(at) = pending.pop_front() {
            // Its own place first: most have not moved.
            let all = 0..sides.candidate.len();
            for other in Some(at).filter(|at| all.contains(at)).into_iter().chain(all) {
                if self.probes == 0 {
                    return;
                }
                if reached[other].is_some() || sides.closed[other] || !self.alike(at, other, sides)
                {
                    continue;
                }
                reached[other] = Some(at);
                match pairing.back[other] {
                    Some(taken) => pending.push_back(taken),
                    None => return pairing.turn(from, other, &reached),
                }
            }
        }
        // All that leads on from these was looked at: no later search has to come back.
        for (other, _) in reached.iter().enumerate().filter(|(_, at)| at.is_some()) {
            sides.closed[other] = true;
        }
    }

    fn alike(&mut self, at: usize, other: usize, sides: &mut Sides<'_, '_>) -> bool {
        if let Some(known) = sides.known.get(&(at, other)) {
            return *known;
        }
        let alike = self.same(&sides.legacy[at], &sides.candidate[other]);
        sides.known.insert((at, other), alike);
        alike
    }
}

impl Pairing {
    /// Gives every item on the way back the partner it was reached from.
    fn turn(&mut self, from: usize, last: usize, reached: &[Option<usize>]) {
        let mut other = last;
        while let Some(at) = reached[other] {
            let before = self.there[at].replace(other);
            self.back[other] = Some(at);
            match before {
                Some(before) if at != from => other = before,
                _ => return,
            }
        }
    }
}

/// Items that say the same without any rule: in their places first, for most are.
fn identical(legacy: &[Json<'_>], candidate: &[Json<'_>]) -> Pairing {
    let mut pairing =
        Pairing { there: vec![None; legacy.len()], back: vec![None; candidate.len()] };
    for at in 0..legacy.len().min(candidate.len()) {
        if legacy[at] == candidate[at] {
            (pairing.there[at], pairing.back[at]) = (Some(at), Some(at));
        }
    }
    let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
    for at in (0..candidate.len()).rev().filter(|at| pairing.back[*at].is_none()) {
        waiting.entry(sorted(&candidate[at])).or_default().push(at);
    }
    if waiting.is_empty() {
        return pairing;
    }
    for (at, item) in legacy.iter().enumerate() {
        if pairing.there[at].is_none()
            && let Some(other) = waiting.get_mut(&sorted(item)).and_then(Vec::pop)
        {
            (pairing.there[at], pairing.back[other]) = (Some(other), Some(at));
        }
    }
    pairing
}

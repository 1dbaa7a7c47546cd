//! Which members a choice keeps apart.

use std::collections::HashMap;

use super::super::graph::Object;
use super::super::particle::{Particle, ParticleTerm};

/// Groups inside each other that are looked into.
const GROUP_DEPTH_MAX: u32 = 64;
/// Members of one choice that are kept apart; a larger choice is told by its schema alone.
const MEMBERS_MAX: usize = 256;

/// Tells each member of a choice which ones may not come with it. A name that the content
/// model has twice is left out: which of its places an element takes is not plain.
pub(super) fn exclude(object: &mut Object) {
    let Some(content) = object.content.take() else { return };
    let mut uses = HashMap::new();
    count(&content, &mut uses, 0);
    visit(object, &content, &uses, 0);
    object.content = Some(content);
}

fn count(particle: &Particle, uses: &mut HashMap<u16, u32>, depth: u32) {
    match &particle.term {
        ParticleTerm::Element { member, .. } => *uses.entry(*member).or_default() += 1,
        ParticleTerm::Sequence(inner) | ParticleTerm::All(inner) | ParticleTerm::Choice(inner)
            if depth < GROUP_DEPTH_MAX =>
        {
            for particle in inner {
                count(particle, uses, depth + 1);
            }
        }
        _ => {}
    }
}

fn visit(object: &mut Object, particle: &Particle, uses: &HashMap<u16, u32>, depth: u32) {
    let (ParticleTerm::Sequence(inner) | ParticleTerm::All(inner) | ParticleTerm::Choice(inner)) =
        &particle.term
    else {
        return;
    };
    if depth >= GROUP_DEPTH_MAX {
        return;
    }
    for particle in inner {
        visit(object, particle, uses, depth + 1);
    }
    if matches!(particle.term, ParticleTerm::Choice(_)) && particle.members.len() <= MEMBERS_MAX {
        choice(object, inner, uses);
    }
}

fn choice(object: &mut Object, alternatives: &[Particle], uses: &HashMap<u16, u32>) {
    let words = object.members.len().div_ceil(64);
    let is_single = |member: &u16| uses.get(member) == Some(&1);
    let mut all = vec![0_u64; words];
    let own: Vec<Vec<u64>> = alternatives
        .iter()
        .map(|alternative| {
            let mut bits = vec![0_u64; words];
            for member in alternative.members.iter().filter(|m| is_single(m)) {
                bits[usize::from(*member) / 64] |= 1 << (member % 64);
                all[usize::from(*member) / 64] |= 1 << (member % 64);
            }
            bits
        })
        .collect();
    for (alternative, own) in alternatives.iter().zip(&own) {
        for member in alternative.members.iter().filter(|m| is_single(m)) {
            let Some(member) = object.members.get_mut(usize::from(*member)) else { continue };
            if member.excludes.is_empty() {
                member.excludes = vec![0; words].into();
            }
            for ((excluded, all), own) in member.excludes.iter_mut().zip(&all).zip(own) {
                *excluded |= all & !own;
            }
        }
    }
}

//! `gate`: what evidence has to show, of a route or of all routes of a file.

use std::time::Duration;

use super::super::fields::Fields;
use super::super::keys::GATE;
use super::super::limits::{DURATION, duration};
use super::super::node::Spanned;
use super::super::reader::Context;
use super::super::values::{parse_duration, parse_factor, parse_share};
use super::canary::SHARE;
use crate::strangler::Share;

/// What evidence has to show. What is `None` was not written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GateKeys {
    /// The least match rate.
    pub match_rate: Option<Spanned<Share>>,
    /// The same before the candidate answers everybody.
    pub match_rate_all: Option<Spanned<Share>>,
    /// Different requests.
    pub shapes: Option<Spanned<u32>>,
    /// Time observed.
    pub span: Option<Spanned<Duration>>,
    /// Hidden by rules, at most.
    pub hidden: Option<Spanned<Share>>,
    /// Pairs dropped, at most.
    pub dropped: Option<Spanned<Share>>,
    /// How much longer the candidate may take, in hundredths.
    pub slower: Option<Spanned<u32>>,
    /// How much longer it may take.
    pub slower_by: Option<Spanned<Duration>>,
    /// Answers before times are judged.
    pub times: Option<Spanned<u32>>,
    /// Failed calls, at most.
    pub failed: Option<Spanned<Share>>,
    /// Failed calls beyond the legacy system's, at most.
    pub fails_more: Option<Spanned<Share>>,
    /// How long it stands by.
    pub hold: Option<Spanned<Duration>>,
}

/// What a factor looks like.
const FACTOR: &str = "a factor of 1 or more such as `1.2`";

pub(in super::super) fn gate(cx: &mut Context<'_>, fields: &Fields<'_>) -> GateKeys {
    let Some(own) = fields.section(cx, "gate", &GATE) else { return GateKeys::default() };
    let share = |cx: &mut Context<'_>, name| own.parsed(cx, name, SHARE, parse_share);
    GateKeys {
        match_rate: share(cx, "match_rate"),
        match_rate_all: share(cx, "match_rate_all"),
        shapes: own.integer(cx, "shapes"),
        span: own.parsed(cx, "span", DURATION, span),
        hidden: share(cx, "hidden"),
        dropped: share(cx, "dropped"),
        slower: own.parsed(cx, "slower", FACTOR, parse_factor),
        slower_by: duration(cx, &own, "slower_by"),
        times: own.integer(cx, "times"),
        failed: share(cx, "failed"),
        fails_more: share(cx, "fails_more"),
        hold: own.parsed(cx, "hold", DURATION, span),
    }
}

/// The longest evidence is waited for. None at all is for tests and demonstrations.
const SPAN_DAYS_MAX: u32 = 366;

fn span(text: &str) -> Option<Duration> {
    let longest = Duration::from_secs(24 * 60 * 60) * SPAN_DAYS_MAX;
    parse_duration(text).filter(|span| *span <= longest)
}

impl GateKeys {
    /// What it does not say itself, as another says it.
    pub(in super::super) fn or(&mut self, other: &Self) {
        self.match_rate = self.match_rate.or(other.match_rate);
        self.match_rate_all = self.match_rate_all.or(other.match_rate_all);
        self.shapes = self.shapes.or(other.shapes);
        self.span = self.span.or(other.span);
        self.hidden = self.hidden.or(other.hidden);
        self.dropped = self.dropped.or(other.dropped);
        self.slower = self.slower.or(other.slower);
        self.slower_by = self.slower_by.or(other.slower_by);
        self.times = self.times.or(other.times);
        self.failed = self.failed.or(other.failed);
        self.fails_more = self.fails_more.or(other.fails_more);
        self.hold = self.hold.or(other.hold);
    }
}

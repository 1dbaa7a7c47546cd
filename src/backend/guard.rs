//! The guard before a backend: its circuit breaker, and the bulkhead behind that.
//!
//! failsafe's state machine keeps the state and its policy says when to open. What it does
//! not do is done here, under one lock: at most a configured number of probes while
//! half-open, a call that is dropped counts as failed, the result of a call that began in
//! another state changes nothing, and the state can be read without changing it.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use failsafe::failure_policy::{self, ConsecutiveFailures};
use failsafe::{Instrument, StateMachine, backoff};

use super::BackendError;
use super::bulkhead::{Bulkhead, SLOT_WAIT_MAX, Slot};
use crate::diagnostic::Code;
use crate::plan::{BackendLimits, Breaker};

/// Retry-After while all probes are on their way.
const PROBING_RETRY_AFTER: Duration = Duration::from_secs(1);

/// The part of its time after which a call that is dropped has waited in vain.
const PATIENCE_SHARE: u32 = 2;

/// What the breaker does with calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CircuitState {
    /// Lets all through.
    Closed = 0,
    /// Lets the configured number of probes through.
    HalfOpen = 1,
    /// Lets none through. It stays so until the first call after its time, not until the
    /// time itself.
    Open = 2,
}

tokio::task_local! {
    /// That calls of this task say nothing of a backend's health.
    static UNJUDGED: ();
}

/// Makes calls whose failures open no breaker, and that are no probes of one that is open:
/// those that nobody waits for must not decide for those that somebody does.
pub async fn unjudged<F: Future>(calls: F) -> F::Output {
    UNJUDGED.scope((), calls).await
}

/// What a call says about the health of its backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It answered; also with a fault that is the caller's.
    Healthy,
    /// It did not, or it says itself that it is broken.
    Failed,
    /// Nothing can be said: the caller went away or failed. A probe's place becomes free.
    Abandoned,
}

/// Where the state machine tells its state. It is called in the machine's own lock at
/// times, so it only stores.
#[derive(Debug, Default)]
struct Gauge {
    state: AtomicU8,
    rejected: AtomicU64,
}

impl Gauge {
    fn set(&self, state: CircuitState) {
        self.state.store(state as u8, Ordering::Release);
    }

    fn state(&self) -> CircuitState {
        match self.state.load(Ordering::Acquire) {
            0 => CircuitState::Closed,
            1 => CircuitState::HalfOpen,
            _ => CircuitState::Open,
        }
    }
}

struct Tell(Arc<Gauge>);

impl Instrument for Tell {
    fn on_call_rejected(&self) {
        self.0.rejected.fetch_add(1, Ordering::Relaxed);
    }

    fn on_open(&self) {
        self.0.set(CircuitState::Open);
    }

    fn on_half_open(&self) {
        self.0.set(CircuitState::HalfOpen);
    }

    fn on_closed(&self) {
        self.0.set(CircuitState::Closed);
    }
}

/// What belongs to the present state; replaced with it.
#[derive(Default)]
struct Gate {
    generation: u64,
    probing: u32,
    open_until: Option<Instant>,
}

/// The guard of one backend, shared by all workers.
pub struct Guard {
    machine: StateMachine<ConsecutiveFailures<backoff::Constant>, Tell>,
    gauge: Arc<Gauge>,
    gate: Mutex<Gate>,
    bulkhead: Bulkhead,
    open: Duration,
    probes_max: u32,
}

impl Guard {
    /// A closed guard. Zero failures, probes or calls in flight are taken as one.
    #[must_use]
    pub fn new(breaker: Breaker, limits: BackendLimits) -> Arc<Self> {
        let gauge = Arc::new(Gauge::default());
        let backoff = backoff::constant(breaker.open);
        let policy = failure_policy::consecutive_failures(breaker.failures.max(1), backoff);
        Arc::new(Self {
            machine: StateMachine::new(policy, Tell(Arc::clone(&gauge))),
            gauge,
            gate: Mutex::default(),
            bulkhead: Bulkhead::new(limits.in_flight),
            open: breaker.open,
            probes_max: breaker.probes.max(1),
        })
    }

    /// The breaker's state; reading it changes nothing.
    pub fn state(&self) -> CircuitState {
        self.gauge.state()
    }

    /// Calls refused by the breaker so far.
    pub fn rejected(&self) -> u64 {
        self.gauge.rejected.load(Ordering::Relaxed)
    }

    /// Calls in flight, in number.
    pub fn in_flight(&self) -> usize {
        self.bulkhead.in_flight()
    }

    /// Lets a call through, waiting shortly for a free slot.
    ///
    /// # Errors
    /// `backend-circuit-open` and `backend-busy`, both not sent and with a time to retry.
    pub async fn enter(self: &Arc<Self>, deadline: Instant) -> Result<Permit, BackendError> {
        self.enter_within(deadline, SLOT_WAIT_MAX).await
    }

    /// The same, waiting no longer than `wait_max` for a free slot.
    ///
    /// # Errors
    /// As of [`enter`](Self::enter).
    pub async fn enter_within(
        self: &Arc<Self>,
        deadline: Instant,
        wait_max: Duration,
    ) -> Result<Permit, BackendError> {
        let is_judged = UNJUDGED.try_with(|()| ()).is_err();
        if self.state() != CircuitState::Closed {
            if !is_judged {
                return Err(Self::rejection(PROBING_RETRY_AFTER));
            }
            self.refuse_early()?;
        }
        let slot = self.bulkhead.slot(deadline, wait_max).await?;
        let generation = self.admit()?;
        let now = Instant::now();
        let in_vain = now + deadline.saturating_duration_since(now) / PATIENCE_SHARE;
        Ok(Permit { guard: Arc::clone(self), generation, slot: Some(slot), in_vain, is_judged })
    }

    fn lock(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rejection(wait: Duration) -> BackendError {
        let detail = "the circuit breaker is open";
        BackendError::not_sent(Code::BackendOpen, detail).after(wait)
    }

    /// Refuses without waiting for a slot where it is clear already.
    fn refuse_early(&self) -> Result<(), BackendError> {
        let gate = self.lock();
        let wait = match self.state() {
            CircuitState::HalfOpen if gate.probing >= self.probes_max => PROBING_RETRY_AFTER,
            CircuitState::Open => match remaining(gate.open_until) {
                Duration::ZERO => return Ok(()),
                wait => wait,
            },
            _ => return Ok(()),
        };
        self.gauge.rejected.fetch_add(1, Ordering::Relaxed);
        Err(Self::rejection(wait))
    }

    /// Asks the state machine; gives the generation the call belongs to.
    fn admit(&self) -> Result<u64, BackendError> {
        let mut gate = self.lock();
        match self.state() {
            CircuitState::Closed => {}
            CircuitState::HalfOpen if gate.probing < self.probes_max => gate.probing += 1,
            CircuitState::HalfOpen => {
                self.gauge.rejected.fetch_add(1, Ordering::Relaxed);
                return Err(Self::rejection(PROBING_RETRY_AFTER));
            }
            CircuitState::Open if self.machine.is_call_permitted() => {
                let generation = gate.generation + 1;
                *gate = Gate { generation, probing: 1, open_until: None };
            }
            CircuitState::Open => return Err(Self::rejection(remaining(gate.open_until))),
        }
        Ok(gate.generation)
    }

    fn settle(&self, generation: u64, verdict: Verdict) {
        let mut gate = self.lock();
        if gate.generation != generation {
            return;
        }
        let before = self.state();
        if before == CircuitState::HalfOpen {
            gate.probing = gate.probing.saturating_sub(1);
        }
        match verdict {
            Verdict::Healthy => self.machine.on_success(),
            Verdict::Failed => self.machine.on_error(),
            Verdict::Abandoned => {}
        }
        let after = self.state();
        if before != after {
            let open_until =
                (after == CircuitState::Open).then(|| Instant::now().checked_add(self.open));
            *gate =
                Gate { generation: generation + 1, probing: 0, open_until: open_until.flatten() };
        }
    }
}

fn remaining(until: Option<Instant>) -> Duration {
    until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
}

/// Leave to call, and a slot of the bulkhead. Dropped without a verdict it counts as failed
/// after half of its time: a caller that gives up then is the first to know that a backend
/// hangs. Dropped earlier it counts as abandoned: callers who come and go must not open the
/// breaker for all others.
pub struct Permit {
    guard: Arc<Guard>,
    generation: u64,
    slot: Option<Slot>,
    in_vain: Instant,
    is_judged: bool,
}

impl Permit {
    /// Says how the call went and frees the slot.
    pub fn settle(mut self, verdict: Verdict) {
        self.end(verdict);
    }

    fn end(&mut self, verdict: Verdict) {
        if let Some(slot) = self.slot.take() {
            let verdict = if self.is_judged { verdict } else { Verdict::Abandoned };
            self.guard.settle(self.generation, verdict);
            drop(slot);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let hangs = Instant::now() >= self.in_vain;
        self.end(if hangs { Verdict::Failed } else { Verdict::Abandoned });
    }
}

//! The stages in force.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use sha2::{Digest, Sha256};
use tokio::sync::{Notify, Semaphore};

use super::change::MigrationError;
use super::count::Counts;
use super::mask::Mask;
use super::shape::Shapes;
use super::standing::{Standing, is_over};
use super::trouble::Pending;
use super::{clock, evidence};
use crate::plan::{Effect, MigrationPlan, Plan, RouteId, RoutePlan};
use crate::store::{Exemplar, StageChange, StageRecord, Store, StoreError};
use crate::strangler::{Position, Stage};

/// Examples waiting to be written, of one route.
pub(super) const EXEMPLARS_WAITING_MAX: usize = 40;

/// Why a record is the mapping's.
const FIRST_SEEN: &str = "where the mapping says, when first seen";
const OTHER_SIDES: &str = "another mapping of a side, or other rules: the evidence begins again";

/// How migrations are kept.
#[derive(Clone)]
pub struct Options {
    /// Where state outlives this process; `None` keeps it in memory.
    pub store: Option<Arc<Store>>,
    /// This instance's name: another one after each start.
    pub instance: String,
    /// How often the store is asked for changes of other instances, and given counts.
    pub follow_every: Duration,
    /// How often the evidence is judged.
    pub judge_every: Duration,
}

impl Default for Options {
    fn default() -> Self {
        use std::hash::BuildHasher;
        let drawn = std::hash::RandomState::new().hash_one(std::process::id());
        Self {
            store: None,
            instance: format!("{drawn:016x}"),
            follow_every: Duration::from_millis(250),
            judge_every: Duration::from_secs(5),
        }
    }
}

/// A route with a candidate.
pub(super) struct Live {
    pub name: String,
    pub plan: MigrationPlan,
    pub effect: Effect,
    pub standing: ArcSwap<Standing>,
    pub counts: Mutex<Counts>,
    pub exemplars: Mutex<Vec<Exemplar>>,
    pub shapes: Mutex<Shapes>,
    /// Where it went by itself, and why, until that is written down.
    pub pending: Mutex<Option<Pending>>,
    /// The epoch of a change that has ended, and where that let the route be: from then on no
    /// file raises it.
    ended: Mutex<Option<(u64, Stage)>>,
    /// Of all that the mapping says of its way.
    pub digest: String,
    /// Calls on the side that are running or waiting.
    pub beside: Arc<AtomicU32>,
    /// Those that may run at once.
    pub turns: Arc<Semaphore>,
    /// Requests since the start, to take samples by.
    pub seen: AtomicU64,
    /// Comparisons since the start, to take those by that are repeated.
    pub compared: AtomicU64,
    /// Calls of the legacy system for callers, and besides, since the start.
    pub legacy_calls: (AtomicU64, AtomicU64),
    /// Whether the legacy system got slower since it is asked besides.
    pub legacy_slow: AtomicBool,
}

/// The stages of all routes with a candidate.
pub struct Migrations {
    pub(super) store: Arc<Store>,
    pub(super) instance: String,
    pub(super) follow_every: Duration,
    pub(super) judge_every: Duration,
    pub(super) routes: ArcSwap<HashMap<String, Arc<Live>>>,
    /// Routes of plans before that have no candidate any more, where they were last.
    gone: ArcSwap<HashMap<String, Arc<Live>>>,
    pub(super) epoch: AtomicU64,
    /// Held while the state of the store is read and put into force.
    following: tokio::sync::Mutex<()>,
    /// Whether the store did not answer when it was last asked.
    pub(super) lost: AtomicBool,
    pub(super) alarm: Notify,
    /// Whether an alarm has not been answered yet.
    pub(super) alarmed: AtomicBool,
    pub(super) mask: Mask,
    /// One writes at a time: who has waited knows that all is written.
    pub(super) flushing: tokio::sync::Mutex<()>,
}

impl Migrations {
    /// Reads the state of every route of a plan. A route that is seen for the first time is
    /// where its mapping says, and that is written down: later changes of the file move
    /// nothing by themselves. Nothing runs in the background yet.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn open(plan: &Plan, options: Options) -> Result<Arc<Self>, MigrationError> {
        let migrations = Self::new(options).await?;
        migrations.adopt(plan).await?;
        migrations.follow().await?;
        Ok(Arc::new(migrations))
    }

    /// The same, and nothing is written: a route that no server has seen yet is shown where its
    /// mapping says, and may be elsewhere by the time one does.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn look(plan: &Plan, options: Options) -> Result<Arc<Self>, MigrationError> {
        let migrations = Self::new(options).await?;
        migrations.install(plan, &[]);
        for live in migrations.routes.load().values() {
            let stage = live.plan.stage.min(live.plan.ceiling);
            let position = Position { stage, ..Position::default() };
            live.standing.store(Arc::new(Standing { position, record: None }));
        }
        migrations.follow().await?;
        Ok(Arc::new(migrations))
    }

    async fn new(options: Options) -> Result<Self, MigrationError> {
        let store = match options.store {
            Some(store) => store,
            None => Arc::new(Store::open(":memory:").await?),
        };
        let migrations = Self {
            store,
            instance: options.instance,
            follow_every: options.follow_every,
            judge_every: options.judge_every,
            routes: ArcSwap::default(),
            gone: ArcSwap::default(),
            epoch: AtomicU64::new(0),
            following: tokio::sync::Mutex::default(),
            lost: AtomicBool::new(false),
            alarm: Notify::new(),
            alarmed: AtomicBool::new(false),
            mask: Mask::default(),
            flushing: tokio::sync::Mutex::default(),
        };
        Ok(migrations)
    }

    /// Takes over a new plan, its new routes where the store has them or the mapping says.
    /// Where this fails nothing has changed. Without the store it is done all the same if no
    /// route is new.
    ///
    /// # Errors
    /// Where the store does not answer and somebody would have to guess who answers.
    pub async fn adopt(&self, plan: &Plan) -> Result<(), MigrationError> {
        let _alone = self.following.lock().await;
        let records = match self.first_seen(plan).await {
            Ok(records) => records,
            Err(error) => {
                let known = self.routes.load();
                let is_new =
                    |route: &RoutePlan| route.migration.is_some() && !known.contains_key(&route.id);
                if plan.routes.iter().any(is_new) {
                    return Err(error);
                }
                Vec::new()
            }
        };
        self.install(plan, &records);
        Ok(())
    }

    fn install(&self, plan: &Plan, records: &[StageRecord]) {
        let before = self.routes.load_full();
        let of = |route: &RoutePlan| {
            let migration = route.migration.as_deref()?;
            let live = Live::new(&route.id, route.effect, migration.clone());
            if let Some(known) = before.get(&route.id) {
                live.take_over(known);
            }
            let record = records.iter().find(|record| record.route == route.id);
            if let Some(record) = record.filter(|r| r.epoch > live.standing.load().epoch()) {
                live.stand(Some(record.clone()));
            }
            Some((route.id.clone(), Arc::new(live)))
        };
        let after: HashMap<_, _> = plan.routes.iter().filter_map(of).collect();
        let mut gone = HashMap::clone(&self.gone.load());
        gone.extend(before.iter().map(|(name, live)| (name.clone(), Arc::clone(live))));
        gone.retain(|name, _| !after.contains_key(name));
        self.gone.store(Arc::new(gone));
        self.routes.store(Arc::new(after));
        // What was changed meanwhile is looked for at once.
        self.epoch.store(0, Ordering::Release);
    }

    /// Writes down where routes are that nobody has seen before, and that what is known of others
    /// begins again because they or their rules are others now; gives where all are.
    async fn first_seen(&self, plan: &Plan) -> Result<Vec<StageRecord>, MigrationError> {
        let known = self.store.stages().await?;
        let mut is_new = false;
        for route in &plan.routes {
            let Some(migration) = &route.migration else { continue };
            let before = known.iter().find(|record| record.route == route.id);
            if before.is_some_and(|record| record.identity == migration.identity) {
                continue;
            }
            is_new = true;
            let at = clock::rfc3339(clock::seconds());
            let first = Position { stage: migration.stage, ..Position::default() };
            let change = StageChange {
                route: &route.id,
                expected: before.map_or(0, |record| record.epoch),
                position: before.map_or(first, |record| record.position),
                identity: &migration.identity,
                actor: "mapping",
                reason: if before.is_none() { FIRST_SEEN } else { OTHER_SIDES },
                at: &at,
                until: before.and_then(|record| record.until.as_deref()),
                evidence: "{}",
                origin: "file",
            };
            match self.store.put_stage(change).await {
                // Another instance was first.
                Ok(_) | Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(if is_new { self.store.stages().await? } else { known })
    }

    /// Where a route is. Only memory is touched. A route without a candidate is in `legacy`.
    pub fn position(&self, route: &str) -> Position {
        // A request may have begun with a plan whose route has no candidate any more.
        let live = self.live(route).or_else(|| self.gone.load().get(route).cloned());
        live.map(|live| live.standing.load().position).unwrap_or_default()
    }

    /// Whether the store answers. Without it nothing moves forward.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    pub(super) fn live(&self, route: &str) -> Option<Arc<Live>> {
        self.routes.load().get(route).cloned()
    }

    /// Takes over what other instances have changed.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn follow(&self) -> Result<(), StoreError> {
        // What was read first must not be put into force last.
        let _alone = self.following.lock().await;
        let epoch = self.store.epoch().await?;
        let timed = self.routes.load().values().any(|live| live.standing.load().ends());
        if epoch == self.epoch.load(Ordering::Acquire) && !timed {
            return Ok(());
        }
        let records = self.store.stages().await?;
        for record in records {
            if let Some(live) = self.live(&record.route) {
                live.stand(Some(record));
            }
        }
        self.epoch.store(epoch, Ordering::Release);
        Ok(())
    }
}

impl Live {
    fn new(name: &str, effect: Effect, plan: MigrationPlan) -> Self {
        let digest = digest(&plan);
        let turns = Arc::new(Semaphore::new(plan.shadow.in_flight.max(1) as usize));
        Self {
            name: name.to_owned(),
            plan,
            effect,
            standing: ArcSwap::default(),
            counts: Mutex::default(),
            exemplars: Mutex::default(),
            shapes: Mutex::default(),
            pending: Mutex::default(),
            ended: Mutex::default(),
            digest,
            beside: Arc::default(),
            turns,
            seen: AtomicU64::new(0),
            compared: AtomicU64::new(0),
            legacy_calls: (AtomicU64::new(0), AtomicU64::new(0)),
            legacy_slow: AtomicBool::new(false),
        }
    }

    /// Goes on where the same route of the plan before was.
    fn take_over(&self, known: &Self) {
        lock(&self.pending).clone_from(&lock(&known.pending));
        *lock(&self.ended) = *lock(&known.ended);
        self.stand(known.standing.load().record.clone());
        std::mem::swap(&mut *lock(&self.counts), &mut *lock(&known.counts));
        std::mem::swap(&mut *lock(&self.exemplars), &mut *lock(&known.exemplars));
        std::mem::swap(&mut *lock(&self.shapes), &mut *lock(&known.shapes));
        // A reload brings no new budget.
        let counters = [
            (&self.seen, &known.seen),
            (&self.compared, &known.compared),
            (&self.legacy_calls.0, &known.legacy_calls.0),
            (&self.legacy_calls.1, &known.legacy_calls.1),
        ];
        for (new, old) in counters {
            new.store(old.load(Ordering::Relaxed), Ordering::Relaxed);
        }
        let slow = known.legacy_slow.load(Ordering::Relaxed);
        self.legacy_slow.store(slow, Ordering::Relaxed);
    }

    /// Stands where a record says: never above the ceiling, and after its end never above what
    /// the mapping says.
    pub(super) fn stand(&self, record: Option<StageRecord>) {
        let position = self.said(record.as_ref());
        let mut standing = Standing { position, record };
        let pending = lock(&self.pending);
        if let Some(position) = pending.as_ref().and_then(|p| p.over(standing.epoch(), position)) {
            standing.position = position;
        }
        self.standing.store(Arc::new(standing));
    }

    /// Where a record says, without what waits to be written down.
    pub(super) fn said(&self, record: Option<&StageRecord>) -> Position {
        let stage = match record {
            None => Stage::Legacy,
            Some(record) if is_over(record) => self.after(record),
            Some(record) => record.position.stage,
        };
        Position {
            stage: stage.min(self.plan.ceiling),
            ..record.map(|record| record.position).unwrap_or_default()
        }
    }

    /// Where a change that has ended lets the route be.
    fn after(&self, record: &StageRecord) -> Stage {
        let mut ended = lock(&self.ended);
        let before = ended.filter(|(epoch, _)| *epoch == record.epoch).map(|(_, stage)| stage);
        let stage = record.position.stage.min(self.plan.stage);
        let stage = before.map_or(stage, |before| before.min(stage));
        *ended = Some((record.epoch, stage));
        stage
    }

    /// The name of a count of what is known since the route is where it is.
    pub(super) fn counted(&self, name: &str) -> String {
        evidence::name(self.standing.load().stay(), name)
    }
}

/// The beginning of a hash of what the mapping says.
fn digest(plan: &MigrationPlan) -> String {
    // Where the candidate stands in the plan says nothing of it.
    let plan = MigrationPlan { candidate: RouteId(0), ..plan.clone() };
    let hash: [u8; 32] = Sha256::digest(format!("{plan:?}")).into();
    hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

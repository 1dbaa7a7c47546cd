//! A server that goes and comes back under load.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use figleaf::backend::{Effect, Outcome};
use figleaf::database::{Begin, Database, SqlError};

use super::Server;
use super::rig::*;

/// Callers at once.
const CALLERS: usize = 12;
/// A call's time; an answer may come a little later.
const CALL_MAX: Duration = Duration::from_secs(1);
/// From the server's return to the last answer that is not one.
const NORMAL_AFTER_MAX: Duration = Duration::from_secs(2);

/// What callers saw, and when.
#[derive(Default)]
struct Seen {
    good: usize,
    bad: Vec<(Instant, u16)>,
    /// Inserts that were answered well, and inserts of which it is not known.
    inserted: usize,
    unknown: usize,
}

async fn call(db: &Database, number: usize, deadline: Instant) -> Result<bool, SqlError> {
    match number % 3 {
        0 => {
            let mut query = read("select count(*)::text from t", &[]);
            query.deadline = deadline;
            one(db, query).await.map(|_| false)
        }
        1 => {
            let mut query = write("insert into t values (1)", &[]);
            query.deadline = deadline;
            touched(db, query).await.map(|_| true)
        }
        _ => {
            let begin = Begin { effect: Effect::Write, isolation: None, deadline };
            let mut transaction = db.begin(begin).await?;
            transaction.query("insert into t values (1)", Vec::new(), 0).await?;
            transaction.commit().await.map(|()| true)
        }
    }
}

async fn caller(db: Rc<Database>, number: usize, end: Rc<RefCell<bool>>, seen: Rc<RefCell<Seen>>) {
    while !*end.borrow() {
        let start = Instant::now();
        let result = call(&db, number, start + CALL_MAX).await;
        let late = start.elapsed().saturating_sub(CALL_MAX);
        assert!(late < Duration::from_millis(250), "an answer came {late:?} late");
        seen.borrow_mut().note(result);
        tokio::task::yield_now().await;
    }
}

impl Seen {
    fn note(&mut self, result: Result<bool, SqlError>) {
        match result {
            Ok(inserted) => {
                self.good += 1;
                self.inserted += usize::from(inserted);
            }
            Err(SqlError::Backend(error)) => {
                let status = error.code.status();
                assert!(matches!(status, 503 | 504), "{error}");
                self.bad.push((Instant::now(), status));
                self.unknown += usize::from(error.outcome == Outcome::Unknown);
            }
            Err(SqlError::Database(failure)) => panic!("{failure:?}"),
        }
    }
}

async fn until(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(30), "in vain");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn check(end_server: fn(&mut Server)) {
    let Some(mut pg) = Server::private() else { return };
    let url = pg.database("create table t (id int)");
    let mut plan = plan(&url);
    plan.breaker.failures = 5;
    plan.timeout.connect = Duration::from_millis(500);
    plan.timeout.total = CALL_MAX;
    let db = Rc::new(database(&plan));
    let (end, seen) = (Rc::new(RefCell::new(false)), Rc::new(RefCell::new(Seen::default())));
    let local = tokio::task::LocalSet::new();
    for number in 0..CALLERS {
        let (db, end, seen) = (Rc::clone(&db), Rc::clone(&end), Rc::clone(&seen));
        local.spawn_local(caller(db, number, end, seen));
    }
    let back = local
        .run_until(async {
            until(|| seen.borrow().good > 200).await;
            let mut pg = tokio::task::spawn_blocking(move || {
                end_server(&mut pg);
                pg
            })
            .await
            .unwrap();
            until(|| seen.borrow().bad.len() > 50).await;
            let pg = tokio::task::spawn_blocking(move || {
                pg.start();
                pg
            })
            .await
            .unwrap();
            let back = Instant::now();
            let good = seen.borrow().good;
            until(|| back.elapsed() > NORMAL_AFTER_MAX && seen.borrow().good > good + 200).await;
            end.replace(true);
            (back, pg)
        })
        .await;
    local.await;
    let (back, pg) = back;
    let seen = seen.borrow();
    let last = seen.bad.iter().map(|(at, _)| at.saturating_duration_since(back)).max().unwrap();
    assert!(last < NORMAL_AFTER_MAX, "still failing {last:?} after its return");
    let count = super::execute(&url, "select count(*) from t").unwrap().parse::<usize>().unwrap();
    let known = seen.inserted..=seen.inserted + seen.unknown;
    assert!(known.contains(&count), "{count} rows, {known:?} known of");
    drop(pg);
}

#[tokio::test]
async fn a_restart_under_load_is_503_or_504_in_time_and_over_soon() {
    check(Server::stop).await;
}

#[tokio::test]
async fn so_is_a_crash() {
    check(Server::kill).await;
}

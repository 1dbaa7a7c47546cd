//! Waiting until a change is in force everywhere.

use std::time::{Duration, Instant};

use super::super::check::counted;
use super::super::output::{self, Failure};
use super::super::state::failure;
use crate::migration::Migrations;

/// How long instances may take. One that died is not counted any more after as long.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// How often they are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Waits until every instance that lives acts by an epoch, and says so; whether all do.
///
/// # Errors
/// Where the store does not answer.
pub(super) async fn wait(migrations: &Migrations, epoch: u64) -> Result<bool, Failure> {
    let begun = Instant::now();
    loop {
        let (instances, _) = migrations.instances().await.map_err(|error| failure(&error))?;
        let late: Vec<&str> =
            instances.iter().filter(|i| i.epoch < epoch).map(|i| i.name.as_str()).collect();
        if instances.is_empty() {
            output::print("no instance is running on this store: it is in force when one starts\n");
            return Ok(true);
        }
        let (all, done) = (instances.len(), instances.len() - late.len());
        if late.is_empty() {
            let took = begun.elapsed().as_millis();
            let all = counted(all, "instance");
            output::print(&format!("in force on {done} of {all}, after {took} ms\n"));
            return Ok(true);
        }
        if begun.elapsed() >= WAIT_MAX {
            let (all, late) = (counted(all, "instance"), late.join(", "));
            let waited = WAIT_MAX.as_secs();
            output::print(&format!(
                "in force on {done} of {all} after {waited} s; not on {late}\n"
            ));
            return Ok(false);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

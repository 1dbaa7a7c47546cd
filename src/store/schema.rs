//! The tables, and how an older store becomes the present one.

use super::statement::{Bind, Changing};
use super::{Store, StoreError};

/// The newest version of the tables.
const VERSION: u64 = 1;

/// What leads from each version to the next, in order. Types are those both databases have.
const STEPS: &[&[&str]] = &[&[
    "create table figleaf_epoch (only_one bigint primary key, epoch bigint not null)",
    "insert into figleaf_epoch values (1, 0)",
    "create table figleaf_stage (route text primary key, epoch bigint not null, stage text not null, \
     held bigint not null, rolled_back bigint not null, actor text not null, reason text not null, \
     changed_at text not null, until_at text, stage_epoch bigint not null, stage_at text not null, identity text not null)",
    "create table figleaf_count (route text not null, minute bigint not null, instance text not null, \
     name text not null, value bigint not null, primary key (route, minute, instance, name))",
    "create table figleaf_shape (route text not null, shape text not null, primary key (route, shape))",
    "create table figleaf_exemplar (route text not null, path text not null, class text not null, \
     number bigint not null, at text not null, body text not null, primary key (route, path, class, number))",
    "create table figleaf_audit (number bigint primary key, line text not null, hash text not null)",
    "create table figleaf_instance (name text primary key, seen_ms bigint not null, epoch bigint not null)",
    "create table figleaf_lease (name text primary key, holder text not null, until_ms bigint not null)",
]];

impl Store {
    /// Makes the tables, or brings them up to date. Two instances may start at once.
    pub(super) async fn prepare(&self) -> Result<(), StoreError> {
        let mut change = self.change().await?;
        if self.is_shared() {
            // Only one of several instances makes the tables: "figleaf" as a number.
            let lock = "select cast(pg_advisory_xact_lock(28844946126594406) as text)";
            change.run(lock, Vec::new(), 1).await?;
        }
        change
            .run(
                "create table if not exists figleaf_version (version bigint not null)",
                Vec::new(),
                0,
            )
            .await?;
        let (rows, _) = change
            .run("select cast(max(version) as text) from figleaf_version", Vec::new(), 1)
            .await?;
        let found = match rows.first().and_then(|row| row.maybe(0)) {
            Some(_) => rows[0].whole(0)?,
            None => 0,
        };
        if found > VERSION {
            change.rollback().await;
            return Err(StoreError::Newer { found, known: VERSION });
        }
        upgrade(&mut change, found).await?;
        change.commit().await
    }
}

async fn upgrade(change: &mut Changing, found: u64) -> Result<(), StoreError> {
    for (version, statements) in (1_u64..).zip(STEPS) {
        if version <= found {
            continue;
        }
        for statement in *statements {
            change.run(statement, Vec::new(), 0).await?;
        }
        change.run("insert into figleaf_version values (?1)", vec![Bind::from(version)], 0).await?;
    }
    Ok(())
}

//! The driver alone: what no server above it can be faster than.

use std::hint::black_box;
use std::time::Instant;

use futures_util::TryStreamExt;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls};

use crate::LIST;
use crate::invoice::Invoice;

/// Reads the list twice, and says how long each took.
pub async fn run(url: &str, rows: i64) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    actix_web::rt::spawn(connection);
    // Once in vain, so that the server has read its tables.
    read(&client, rows, |_| Ok(())).await?;
    let counted = read(&client, rows, |_| Ok(())).await?;
    let taken = read(&client, rows, |row| Invoice::of(row).map(|i| drop(black_box(i)))).await?;
    println!("rows {counted:.4} values {taken:.4}");
    Ok(())
}

async fn read(
    client: &Client,
    rows: i64,
    mut each: impl FnMut(&tokio_postgres::Row) -> Result<(), tokio_postgres::Error>,
) -> Result<f64, tokio_postgres::Error> {
    let statement = client.prepare(LIST).await?;
    let start = Instant::now();
    let parameters: [&(dyn ToSql + Sync); 1] = [&rows];
    let mut stream = Box::pin(client.query_raw(&statement, parameters).await?);
    let mut number = 0;
    while let Some(row) = stream.try_next().await? {
        each(&row)?;
        number += 1;
    }
    assert_eq!(number, rows, "rows");
    Ok(start.elapsed().as_secs_f64())
}

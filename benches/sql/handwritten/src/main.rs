//! The program a good engineer writes by hand for the statements of `benches/sql/mappings`:
//! actix-web in front, deadpool-postgres behind, serde structs between.
//!
//! `sql-handwritten LISTEN POSTGRES_URL` serves and prints `listening on URL`.
//! `sql-handwritten driver POSTGRES_URL ROWS` reads so many rows without a server and prints
//! the seconds it took: once only counting them, once taking every value.

mod driver;
mod invoice;

use std::time::Duration;

use actix_web::http::header::LINK;
use actix_web::{App, HttpResponse, HttpServer, ResponseError, web};
use bytes::Bytes;
use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio_postgres::NoTls;
use tokio_postgres::types::ToSql;

use invoice::{Cursor, Invoice};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CONNECTIONS_MAX: usize = 16;
const WAIT: Duration = Duration::from_millis(500);
const CONNECT: Duration = Duration::from_secs(1);
const PIECE_BYTES: usize = 64 << 10;
const PAGE_DEFAULT: i64 = 50;
const PAGE_MAX: i64 = 500;

const ONE: &str = "select invoice_no, customer_no, issued_on, amount, currency, paid, note \
                   from invoice where invoice_no = $1";
const FIRST_PAGE: &str = "select invoice_no, customer_no, issued_on, amount, currency, paid, note \
                          from invoice order by issued_on, invoice_no limit $1";
const NEXT_PAGE: &str = "select invoice_no, customer_no, issued_on, amount, currency, paid, note \
                         from invoice where (issued_on, invoice_no) > ($1, $2) \
                         order by issued_on, invoice_no limit $3";
const LIST: &str = "select invoice_no, customer_no, issued_on, amount, currency, paid, note \
                    from invoice where invoice_no <= $1 order by invoice_no";

#[derive(Debug)]
enum Problem {
    Pool(PoolError),
    Sql(tokio_postgres::Error),
    Json(serde_json::Error),
    NotFound,
    Cursor,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pool(_) => f.write_str("no connection"),
            Self::Sql(_) | Self::Json(_) => f.write_str("the database failed"),
            Self::NotFound => f.write_str("no such invoice"),
            Self::Cursor => f.write_str("`after` is no cursor"),
        }
    }
}

impl std::error::Error for Problem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Pool(error) => Some(error),
            Self::Sql(error) => Some(error),
            Self::Json(error) => Some(error),
            Self::NotFound | Self::Cursor => None,
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> actix_web::http::StatusCode {
        use actix_web::http::StatusCode;
        match self {
            Self::Pool(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Sql(_) | Self::Json(_) => StatusCode::BAD_GATEWAY,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Cursor => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<PoolError> for Problem {
    fn from(error: PoolError) -> Self {
        Self::Pool(error)
    }
}

impl From<tokio_postgres::Error> for Problem {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Sql(error)
    }
}

async fn one(pool: web::Data<Pool>, number: web::Path<i64>) -> Result<HttpResponse, Problem> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(ONE).await?;
    let row = client.query_opt(&statement, &[&*number]).await?.ok_or(Problem::NotFound)?;
    Ok(HttpResponse::Ok().json(Invoice::of(&row)?))
}

#[derive(serde::Deserialize)]
struct PageQuery {
    limit: Option<i64>,
    after: Option<String>,
}

async fn page(
    pool: web::Data<Pool>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = query.limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let after = query.after.as_deref().map(str::parse::<Cursor>).transpose();
    let after = after.map_err(|()| Problem::Cursor)?;
    let client = pool.get().await?;
    // One more than asked for says whether there is a next page.
    let one_more = limit + 1;
    let rows = match &after {
        None => {
            let statement = client.prepare_cached(FIRST_PAGE).await?;
            client.query(&statement, &[&one_more]).await?
        }
        Some(Cursor { issued_on, invoice_no }) => {
            let statement = client.prepare_cached(NEXT_PAGE).await?;
            client.query(&statement, &[issued_on, invoice_no, &one_more]).await?
        }
    };
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    let invoices: Vec<Invoice> =
        rows.iter().take(wanted).map(Invoice::of).collect::<Result<_, _>>()?;
    let mut response = HttpResponse::Ok();
    if let Some(last) = invoices.last().filter(|_| more) {
        let cursor = Cursor::after(last);
        let link = format!("</api/v1/invoices?limit={limit}&after={cursor}>; rel=\"next\"");
        response.insert_header((LINK, link));
    }
    Ok(response.json(invoices))
}

#[derive(serde::Deserialize)]
struct ListQuery {
    count: i64,
}

/// Rows become JSON as they arrive, in pieces.
async fn list(
    pool: web::Data<Pool>,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, Problem> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(LIST).await?;
    let parameters: [&(dyn ToSql + Sync); 1] = [&query.count];
    let rows = client.query_raw(&statement, parameters).await?;
    // The connection goes back to the pool with the last row.
    let state = (Box::pin(rows), client, true);
    let pieces = stream::try_unfold(Some(state), |state| async {
        let Some((mut rows, client, first)) = state else { return Ok(None) };
        let client: Object = client;
        let mut piece: Vec<u8> = Vec::with_capacity(PIECE_BYTES + 1024);
        let mut separator = if first { b'[' } else { b',' };
        while piece.len() < PIECE_BYTES {
            let Some(row) = rows.try_next().await? else {
                if separator == b'[' {
                    piece.push(b'[');
                }
                piece.push(b']');
                return Ok(Some((Bytes::from(piece), None)));
            };
            piece.push(separator);
            separator = b',';
            serde_json::to_writer(&mut piece, &Invoice::of(&row)?).map_err(Problem::Json)?;
        }
        Ok::<_, Problem>(Some((Bytes::from(piece), Some((rows, client, false)))))
    });
    Ok(HttpResponse::Ok().content_type("application/json").streaming(pieces.boxed_local()))
}

fn pool(url: &str) -> std::io::Result<Pool> {
    let config: tokio_postgres::Config = url.parse().map_err(std::io::Error::other)?;
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(config, NoTls, recycling);
    Pool::builder(manager)
        .max_size(CONNECTIONS_MAX)
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(CONNECT))
        .recycle_timeout(Some(CONNECT))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(std::io::Error::other)
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["driver", url, rows] => {
            let rows = rows.parse().map_err(std::io::Error::other)?;
            driver::run(url, rows).await.map_err(std::io::Error::other)
        }
        [listen, url] => serve(listen, url).await,
        _ => {
            eprintln!("usage: sql-handwritten LISTEN URL | sql-handwritten driver URL ROWS");
            std::process::exit(2);
        }
    }
}

async fn serve(listen: &str, url: &str) -> std::io::Result<()> {
    let pool = web::Data::new(pool(url)?);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(pool.clone())
            .route("/api/v1/invoices/{invoiceNo}", web::get().to(one))
            .route("/api/v1/invoices", web::get().to(page))
            .route("/api/v1/exports/invoices", web::get().to(list))
    })
    .bind(listen)?;
    for address in server.addrs() {
        println!("listening on http://{address}");
    }
    server.run().await
}

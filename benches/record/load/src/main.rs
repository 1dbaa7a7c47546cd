//! `record-load ADDRESS RATE SECONDS FIRST MODULUS`: asks for `/api/v1/orders/N` at a fixed rate.
//!
//! The loop is open: each request has a time at which it is due, and its latency counts from then,
//! whether or not a connection was free. N counts up from FIRST; with a MODULUS it begins again
//! there. Prints the count, the failures, and percentiles in microseconds.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, Semaphore};

/// Connections at most; a request beyond them waits, and its wait counts.
const CONNECTIONS_MAX: usize = 64;

type Pool = Rc<Mutex<Vec<TcpStream>>>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, rate, seconds, first, modulus] = arguments.as_slice() else {
        return Err("record-load ADDRESS RATE SECONDS FIRST MODULUS".into());
    };
    let (rate, seconds): (u64, u64) = (rate.parse()?, seconds.parse()?);
    let (first, modulus): (u64, u64) = (first.parse()?, modulus.parse()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let local = tokio::task::LocalSet::new();
    let address: Rc<str> = address.as_str().into();
    let taken = local.block_on(&runtime, run(address, rate, seconds, first, modulus));
    let failed = taken.iter().filter(|micros| micros.is_none()).count();
    let mut micros: Vec<u64> = taken.iter().flatten().copied().collect();
    micros.sort_unstable();
    let at = |share: f64| {
        let place = (micros.len() as f64 * share) as usize;
        micros.get(place.min(micros.len().saturating_sub(1))).copied().unwrap_or(0)
    };
    println!(
        "requests {} failed {failed} p50 {} p90 {} p99 {} max {}",
        taken.len(),
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0)
    );
    Ok(())
}

async fn run(
    address: Rc<str>,
    rate: u64,
    seconds: u64,
    first: u64,
    modulus: u64,
) -> Vec<Option<u64>> {
    let pool: Pool = Rc::default();
    let slots = Rc::new(Semaphore::new(CONNECTIONS_MAX));
    let start = Instant::now();
    let mut tasks = Vec::new();
    for number in 0..rate * seconds {
        let due = start + Duration::from_nanos(1_000_000_000 / rate * number);
        tokio::time::sleep_until(due.into()).await;
        let id = first + if modulus > 0 { number % modulus } else { number };
        let (address, pool, slots) = (Rc::clone(&address), Rc::clone(&pool), Rc::clone(&slots));
        tasks.push(tokio::task::spawn_local(async move {
            let _slot = slots.acquire().await.ok()?;
            ask(&address, &pool, id).await.ok()?;
            u64::try_from(due.elapsed().as_micros()).ok()
        }));
    }
    let mut taken = Vec::with_capacity(tasks.len());
    for task in tasks {
        taken.push(task.await.unwrap_or(None));
    }
    taken
}

async fn ask(address: &str, pool: &Pool, id: u64) -> std::io::Result<()> {
    let kept = pool.lock().await.pop();
    let mut stream = match kept {
        Some(stream) => stream,
        None => {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            stream
        }
    };
    let request = format!("GET /api/v1/orders/{id} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::with_capacity(8 << 10);
    let malformed = || std::io::Error::other("no answer of 200 with a length");
    loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(malformed());
        }
        let Some(head) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&bytes[..head]).map_err(|_| malformed())?;
        if !text.starts_with("HTTP/1.1 200") {
            return Err(malformed());
        }
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        if bytes.len() >= head + 4 + length.ok_or_else(malformed)? {
            break;
        }
    }
    pool.lock().await.push(stream);
    Ok(())
}

//! What is logged, how it looks, and that the last line is written.

use std::io::{IsTerminal, Write};
use std::sync::Arc;

use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;

use super::lines::{Lines, lost};
use super::queue::Queue;
use super::style::Style;

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Logging under way. Dropped, it waits for the last lines, for at most a second.
#[must_use = "dropped at once, it waits for lines that are not there yet"]
pub struct Logging(Arc<Queue>);

impl Logging {
    /// Waits until all lines so far are written, for at most a second.
    pub fn flush(&self) {
        self.0.flush();
    }
}

impl Drop for Logging {
    fn drop(&mut self) {
        self.flush();
    }
}

/// Starts logging to stderr. `filter` is a level or directives such as
/// `info,figleaf::backend=debug`.
///
/// # Errors
/// The filter cannot be read, or logging has begun already, in words.
pub fn start(format: LogFormat, filter: &str) -> Result<Logging, String> {
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let (subscriber, logging) = subscriber(format, colours, filter, std::io::stderr())?;
    tracing::subscriber::set_global_default(subscriber).map_err(|error| error.to_string())?;
    let queue = Arc::clone(&logging.0);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        queue.flush();
        before(panic);
    }));
    Ok(logging)
}

/// What writes lines to a sink, from a thread of its own.
///
/// # Errors
/// The filter cannot be read, or the thread cannot be started, in words.
pub fn subscriber(
    format: LogFormat,
    colours: bool,
    filter: &str,
    sink: impl Write + Send + 'static,
) -> Result<(impl Subscriber + Send + Sync, Logging), String> {
    let filter: Targets = filter.parse().map_err(|error| format!("{error}"))?;
    let style = match format {
        LogFormat::Human => Style::Human { colours },
        LogFormat::Json => Style::Json,
    };
    let queue = Queue::start(sink, move |count| lost(style, count))
        .map_err(|error| format!("the log's thread cannot be started: {error}"))?;
    let lines = Lines { style, queue: Arc::clone(&queue) };
    Ok((Registry::default().with(filter).with(lines), Logging(queue)))
}

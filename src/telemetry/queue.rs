//! Lines on their way to stderr. Who has a line to write never waits: a thread collects what
//! comes in a few milliseconds and writes it at once.

use std::io::{ErrorKind, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Bytes that may wait to be written. A line above that is lost, and counted.
const WAITING_BYTES_MAX: usize = 1 << 20;
/// How long lines are collected before they are written.
const COLLECT: Duration = Duration::from_millis(5);
/// The pause before a pipe that is full and does not block is tried again.
const FULL: Duration = Duration::from_millis(1);
/// How long an end of the process waits for its last lines to be taken.
const FLUSH_MAX: Duration = Duration::from_secs(1);

/// Lines that wait.
pub(super) struct Queue {
    state: Mutex<State>,
    /// Something is there to be written, or at once.
    wake: Condvar,
    /// Nothing is left to be written.
    empty: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    lost: u64,
    /// The thread waits for a first line.
    idle: bool,
    /// The thread has taken lines and not yet written them.
    writing: bool,
    /// Someone waits for the last line.
    hurry: bool,
}

impl State {
    fn nothing(&self) -> bool {
        self.waiting.is_empty() && self.lost == 0
    }
}

impl Queue {
    /// Starts the thread. `lost` makes the line that says how many were.
    pub(super) fn start(
        sink: impl Write + Send + 'static,
        lost: impl Fn(u64) -> Vec<u8> + Send + 'static,
    ) -> std::io::Result<Arc<Self>> {
        let state = Mutex::default();
        let queue = Arc::new(Self { state, wake: Condvar::new(), empty: Condvar::new() });
        let reader = Arc::clone(&queue);
        std::thread::Builder::new().name("log".to_owned()).spawn(move || reader.run(sink, lost))?;
        Ok(queue)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a line in; it is lost where too many wait.
    pub(super) fn push(&self, line: &[u8]) {
        let mut state = self.lock();
        if state.waiting.len() + line.len() > WAITING_BYTES_MAX {
            state.lost += 1;
            return;
        }
        state.waiting.extend_from_slice(line);
        if state.idle {
            state.idle = false;
            drop(state);
            self.wake.notify_one();
        }
    }

    /// Waits until all lines are written, for a bounded time.
    pub(super) fn flush(&self) {
        let mut state = self.lock();
        state.hurry = true;
        self.wake.notify_one();
        let unwritten = |state: &mut State| state.writing || !state.nothing();
        let waited = self.empty.wait_timeout_while(state, FLUSH_MAX, unwritten);
        waited.unwrap_or_else(PoisonError::into_inner).0.hurry = false;
    }

    fn run(&self, mut sink: impl Write, lost_line: impl Fn(u64) -> Vec<u8>) {
        let mut lines = Vec::new();
        loop {
            let lost = self.collect(&mut lines);
            write(&mut sink, &lines);
            if lost > 0 {
                write(&mut sink, &lost_line(lost));
            }
            lines.clear();
            self.lock().writing = false;
        }
    }

    /// Waits for lines, and a little for more; gives how many were lost.
    fn collect(&self, lines: &mut Vec<u8>) -> u64 {
        let mut state = self.lock();
        if state.nothing() {
            self.empty.notify_all();
        }
        while state.nothing() {
            state.idle = true;
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.idle = false;
        let waited = self.wake.wait_timeout_while(state, COLLECT, |state| !state.hurry);
        state = waited.unwrap_or_else(PoisonError::into_inner).0;
        state.writing = true;
        std::mem::swap(&mut state.waiting, lines);
        std::mem::take(&mut state.lost)
    }
}

fn write(sink: &mut impl Write, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match sink.write(bytes) {
            Ok(count) if count > 0 => bytes = &bytes[count..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::sleep(FULL),
            // Closed: there is nobody to tell.
            Ok(_) | Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// Takes each write when it is told to.
    struct Slow {
        may: Receiver<()>,
        taken: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.may.recv();
            self.taken.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn queue() -> (Arc<Queue>, Sender<()>, Arc<Mutex<Vec<u8>>>) {
        let (let_go, may) = channel();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let sink = Slow { may, taken: Arc::clone(&taken) };
        let queue = Queue::start(sink, |count| format!("lost {count}\n").into_bytes()).unwrap();
        (queue, let_go, taken)
    }

    #[test]
    fn lines_keep_their_order_and_a_flush_waits_for_the_last() {
        let (queue, let_go, taken) = queue();
        drop(let_go);
        for number in 0..1000 {
            queue.push(format!("{number}\n").as_bytes());
        }
        queue.flush();
        let text = String::from_utf8(taken.lock().unwrap().clone()).unwrap();
        assert!(text.lines().eq((0..1000).map(|number| number.to_string())));
    }

    #[test]
    fn a_reader_that_stands_still_costs_lines_and_nobody_waits() {
        const LINES: usize = 3 * WAITING_BYTES_MAX / 1024;
        let (queue, let_go, taken) = queue();
        let line = [b"x".repeat(1023), b"\n".to_vec()].concat();
        for _ in 0..LINES {
            queue.push(&line);
        }
        queue.flush();
        assert_eq!(taken.lock().unwrap().len(), 0, "nothing was taken, and the flush has ended");
        drop(let_go);
        queue.flush();
        let text = String::from_utf8(taken.lock().unwrap().clone()).unwrap();
        let counts = text.lines().filter_map(|line| line.strip_prefix("lost "));
        let lost: usize = counts.map(|count| count.parse::<usize>().unwrap()).sum();
        let whole = text.lines().filter(|line| line.len() == 1023).count();
        assert!(lost >= LINES / 3 && lost + whole == LINES, "{lost} {whole}");
    }
}

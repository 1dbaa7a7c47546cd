//! A backend on a raw socket that does what its script says, and remembers what it got.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};

/// What a connection does once it has read a request.
#[derive(Debug, Clone)]
pub enum Script {
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Sends these bytes and lets the connection hang.
    BytesThenHang(Vec<u8>),
    /// Sends these bytes, gives them time to be read, and resets the connection.
    BytesThenReset(Vec<u8>),
    /// Sends these bytes and resets the connection when [`Scripted::release`] is called.
    BytesThenHeldReset(Vec<u8>),
    /// Resets the connection before anything is sent.
    Reset,
    /// Closes the connection in good order, without an answer.
    Close,
    /// Sends nothing, ever.
    Hang,
    /// Sends these bytes when [`Scripted::release`] is called.
    Held(Vec<u8>),
}

impl Script {
    /// A whole answer with a length.
    pub fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Self {
        Self::Bytes(bytes(status, headers, body.as_ref()))
    }

    /// A SOAP 1.1 answer with status 200.
    pub fn xml(body: impl AsRef<[u8]>) -> Self {
        Self::answer("200 OK", "Content-Type: text/xml; charset=utf-8\r\n", body)
    }
}

fn bytes(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

struct State {
    script: Mutex<Script>,
    requests: Mutex<Vec<String>>,
    release: Notify,
    left: AtomicUsize,
}

impl State {
    async fn until_left(&self, stream: &mut TcpStream) {
        let _ = stream.read(&mut [0; 1024]).await;
        self.left.fetch_add(1, Ordering::SeqCst);
    }
}

/// The backend; it stops when dropped.
pub struct Scripted {
    pub address: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Scripted {
    pub fn new(script: Script) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            script: Mutex::new(script),
            requests: Mutex::default(),
            release: Notify::new(),
            left: AtomicUsize::new(0),
        });
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                tokio::select! {
                    () = accept(listener, shared) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, state, stop: Some(stop), thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}/shop", self.address)
    }

    pub fn play(&self, script: Script) {
        *self.state.script.lock().unwrap() = script;
        self.state.requests.lock().unwrap().clear();
    }

    /// Every request since the script was set: head and body.
    pub fn requests(&self) -> Vec<String> {
        self.state.requests.lock().unwrap().clone()
    }

    /// Connections the other end has closed while it was held or let hang.
    pub fn left(&self) -> usize {
        self.state.left.load(Ordering::SeqCst)
    }

    /// Lets every held answer go.
    pub fn release(&self) {
        self.state.release.notify_waiters();
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        tokio::spawn(serve(stream, Arc::clone(&state)));
    }
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    let Some(request) = request(&mut stream).await else { return };
    let released = state.release.notified();
    tokio::pin!(released);
    released.as_mut().enable();
    state.requests.lock().unwrap().push(request);
    let script = state.script.lock().unwrap().clone();
    match script {
        Script::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            // Wait for the other end, so that nothing it still sends resets the connection.
            let _ = stream.shutdown().await;
            let _ = stream.read(&mut [0; 1024]).await;
        }
        Script::BytesThenHang(bytes) => {
            let _ = stream.write_all(&bytes).await;
            state.until_left(&mut stream).await;
        }
        Script::BytesThenReset(bytes) => {
            let _ = stream.write_all(&bytes).await;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            let _ = stream.set_zero_linger();
        }
        Script::BytesThenHeldReset(bytes) => {
            let _ = stream.write_all(&bytes).await;
            released.await;
            let _ = stream.set_zero_linger();
        }
        Script::Reset => {
            let _ = stream.set_zero_linger();
        }
        Script::Close => {
            let _ = stream.shutdown().await;
        }
        Script::Hang => state.until_left(&mut stream).await,
        Script::Held(bytes) => {
            tokio::select! {
                () = released => {
                    let _ = stream.write_all(&bytes).await;
                    let _ = stream.shutdown().await;
                }
                () = state.until_left(&mut stream) => {}
            }
        }
    }
}

/// A request, whole: by its length or its chunks.
async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length = head
                .split("content-length: ")
                .nth(1)
                .and_then(|rest| rest.split("\r\n").next()?.trim().parse::<usize>().ok());
            let whole = match length {
                Some(length) => body.len() >= length,
                None if head.contains("transfer-encoding: chunked") => body.ends_with("0\r\n\r\n"),
                None => true,
            };
            if whole {
                return Some(text.into_owned());
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

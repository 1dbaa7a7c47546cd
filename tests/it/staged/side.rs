//! A backend on a raw socket that answers as a test says, call by call, and keeps what it got.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{oneshot, watch};

/// A request as it arrived, whole.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn is_marked(&self) -> bool {
        self.header("x-shadow") == Some("1")
    }

    /// What stands between this element's tags.
    pub fn element(&self, name: &str) -> &str {
        let (_, rest) = self.body.split_once(&format!(":{name}>")).unwrap_or_default();
        rest.split_once('<').map_or("", |(text, _)| text)
    }
}

/// What is done about a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Status, further headers with their line ends, body.
    Answer(u16, String, Vec<u8>),
    /// The same, after a time.
    Late(Duration, u16, Vec<u8>),
    /// Half of the body, then a reset.
    Cut(u16, Vec<u8>),
    /// A reset without an answer.
    Reset,
    /// No answer, ever.
    Hang,
}

impl Reply {
    pub fn json(body: impl Into<String>) -> Self {
        Self::Answer(200, "content-type: application/json\r\n".to_owned(), body.into().into())
    }

    pub fn xml(body: impl Into<String>) -> Self {
        Self::Answer(
            200,
            "content-type: text/xml; charset=utf-8\r\n".to_owned(),
            body.into().into(),
        )
    }
}

type Answering = Arc<dyn Fn(&Asked) -> Reply + Send + Sync>;

struct State {
    answering: Mutex<Answering>,
    asked: Mutex<Vec<Asked>>,
}

/// The backend; it stops when dropped.
pub struct Side {
    pub address: SocketAddr,
    state: Arc<State>,
    listens: watch::Sender<bool>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Side {
    pub fn new(answering: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let state =
            Arc::new(State { answering: Mutex::new(Arc::new(answering)), asked: Mutex::default() });
        let (listens, listening) = watch::channel(true);
        let (stop, stopped) = oneshot::channel();
        let (sender, receiver) = std::sync::mpsc::channel();
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async move {
                let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0)));
                sender.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! {
                    () = accept(listener, listening, shared) => {}
                    _ = stopped => {}
                }
            });
        });
        let address = receiver.recv().unwrap();
        Self { address, state, listens, stop: Some(stop), thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers so from now on, and forgets what it was asked.
    pub fn plays(&self, answering: impl Fn(&Asked) -> Reply + Send + Sync + 'static) {
        *self.state.answering.lock().unwrap() = Arc::new(answering);
        self.state.asked.lock().unwrap().clear();
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().unwrap().clone()
    }

    /// Calls for callers, and besides.
    pub fn calls(&self) -> (usize, usize) {
        let asked = self.state.asked.lock().unwrap();
        let besides = asked.iter().filter(|asked| asked.is_marked()).count();
        (asked.len() - besides, besides)
    }

    pub fn forget(&self) {
        self.state.asked.lock().unwrap().clear();
    }

    /// Whether connections are taken; open ones stay.
    pub fn listen(&self, listens: bool) {
        self.listens.send_replace(listens);
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn bind(address: SocketAddr) -> TcpListener {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    socket.listen(1024).unwrap()
}

async fn accept(listener: TcpListener, mut listens: watch::Receiver<bool>, state: Arc<State>) {
    let address = listener.local_addr().unwrap();
    let mut listener = Some(listener);
    loop {
        let Some(open) = &listener else {
            if listens.wait_for(|listens| *listens).await.is_err() {
                return;
            }
            listener = Some(bind(address));
            continue;
        };
        tokio::select! {
            accepted = open.accept() => {
                if let Ok((stream, _)) = accepted {
                    let _ = stream.set_nodelay(true);
                    tokio::spawn(serve(stream, Arc::clone(&state)));
                }
            }
            changed = listens.wait_for(|listens| !*listens) => {
                if changed.is_err() {
                    return;
                }
                drop(changed);
                listener = None;
            }
        }
    }
}

/// Requests of one connection, one after another.
async fn serve(mut stream: TcpStream, state: Arc<State>) {
    let mut bytes = Vec::new();
    while let Some(asked) = Box::pin(request(&mut stream, &mut bytes)).await {
        let answering = Arc::clone(&*state.answering.lock().unwrap());
        let reply = answering(&asked);
        let is_head = asked.method == "HEAD";
        state.asked.lock().unwrap().push(asked);
        let json = "content-type: application/json\r\n";
        let answer = match reply {
            Reply::Answer(status, headers, body) => whole(status, &headers, body, is_head),
            Reply::Late(time, status, body) => {
                tokio::time::sleep(time).await;
                whole(status, json, body, is_head)
            }
            Reply::Cut(status, body) => {
                let answer = whole(status, json, body.clone(), false);
                let _ = stream.write_all(&answer[..answer.len() - body.len() / 2]).await;
                let _ = stream.flush().await;
                // What was sent has to be read before it is taken back.
                tokio::time::sleep(Duration::from_millis(5)).await;
                let _ = stream.set_zero_linger();
                return;
            }
            Reply::Reset => {
                let _ = stream.set_zero_linger();
                return;
            }
            Reply::Hang => {
                let _ = stream.read(&mut [0; 1024]).await;
                return;
            }
        };
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}

fn whole(status: u16, headers: &str, body: Vec<u8>, is_head: bool) -> Vec<u8> {
    let length = body.len();
    let length = if matches!(status, 204 | 304) {
        String::new()
    } else {
        format!("content-length: {length}\r\n")
    };
    let head = format!("HTTP/1.1 {status} Said\r\n{headers}{length}\r\n");
    if is_head { head.into_bytes() } else { [head.into_bytes(), body].concat() }
}

/// The next request of a connection; what follows it stays in `bytes`.
async fn request(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<Asked> {
    let mut buffer = [0; 16 << 10];
    loop {
        if let Some((asked, length)) = parse(bytes) {
            bytes.drain(..length);
            return Some(asked);
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

/// A request and its length, where all of it is there: by its length, or its chunks.
fn parse(bytes: &[u8]) -> Option<(Asked, usize)> {
    let head_end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let header = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let rest = &bytes[head_end..];
    let (body, length) = if header("transfer-encoding") == Some("chunked") {
        let end = rest.windows(5).position(|five| five == b"0\r\n\r\n")? + 5;
        (unchunked(&rest[..end]), end)
    } else {
        let length = header("content-length").map_or(0, |length| length.parse().unwrap());
        (rest.get(..length)?.to_vec(), length)
    };
    let body = String::from_utf8_lossy(&body).into_owned();
    Some((Asked { method, target, headers, body }, head_end + length))
}

fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(at) = bytes.windows(2).position(|two| two == b"\r\n") {
        let length = std::str::from_utf8(&bytes[..at]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        body.extend_from_slice(&bytes[at + 2..at + 2 + length]);
        bytes = &bytes[at + 2 + length + 2..];
    }
    body
}

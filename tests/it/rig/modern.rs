//! A modern HTTP service on actix that tells what it got.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::web::{Bytes, Payload, PayloadConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use futures_util::{StreamExt, stream};
use serde_json::json;

/// The service on a free port; it stops when dropped.
pub struct Modern {
    pub url: String,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Modern {
    pub fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = || {
                    App::new()
                        .app_data(PayloadConfig::new(usize::MAX))
                        .route("/base/echo", web::to(echo))
                        .route("/base/hang", web::to(hang))
                        .route("/base/endless", web::to(endless))
                        .route("/base/cut", web::to(cut))
                        .default_service(web::to(tell))
                };
                let server =
                    HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap();
                let server = server.shutdown_timeout(0).run();
                sender.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let handle = receiver.recv().unwrap();
        Self { url, handle, thread: Some(thread) }
    }
}

impl Drop for Modern {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What was asked, as JSON; with headers that belong to one hop only.
async fn tell(request: HttpRequest, body: Bytes) -> HttpResponse {
    let mut headers = serde_json::Map::new();
    for (name, value) in request.headers() {
        headers.insert(name.to_string(), json!(String::from_utf8_lossy(value.as_bytes())));
    }
    HttpResponse::Ok()
        .insert_header(("keep-alive", "timeout=5"))
        .insert_header(("x-own", "kept"))
        .append_header(("set-cookie", "a=1"))
        .append_header(("set-cookie", "b=2"))
        .json(json!({
            "method": request.method().as_str(),
            "path": request.uri().path(),
            "query": request.uri().query(),
            "headers": headers,
            "body": String::from_utf8_lossy(&body),
        }))
}

/// Every piece of the body goes back as it comes.
async fn echo(payload: Payload) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").streaming(payload)
}

async fn hang() -> HttpResponse {
    std::future::pending::<()>().await;
    HttpResponse::Ok().finish()
}

async fn endless() -> HttpResponse {
    let pieces = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(b"more ")));
    let paced = pieces.then(|piece| async {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        piece
    });
    HttpResponse::Ok().streaming(paced)
}

async fn cut() -> HttpResponse {
    let pieces = [Ok(Bytes::from(vec![b'x'; 100_000])), Err(std::io::Error::other("cut"))];
    HttpResponse::Ok().streaming(stream::iter(pieces).then(|piece| async {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        piece
    }))
}

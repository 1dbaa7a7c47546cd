//! The real legacy shop over HTTP.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use figleaf::demo::legacy::{Chaos, Mode, Shop, legacy};

/// A fresh shop on a free port; it stops when dropped.
pub struct LegacyShop {
    pub url: String,
    pub shop: Data<Shop>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl LegacyShop {
    pub fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}/shop", listener.local_addr().unwrap());
        let shop = Data::new(Shop::new());
        let (sender, receiver) = mpsc::channel();
        let served = shop.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let running = legacy(listener, served).unwrap();
                sender.send(running.handle()).unwrap();
                running.await.unwrap();
            });
        });
        let handle = receiver.recv().unwrap();
        Self { url, shop, handle, thread: Some(thread) }
    }

    pub fn misbehave(&self, mode: Mode, millis: u64) {
        self.shop.set_chaos(Some(Chaos { mode, millis, times: None }));
    }

    pub fn behave(&self) {
        self.shop.set_chaos(None);
    }
}

impl Drop for LegacyShop {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

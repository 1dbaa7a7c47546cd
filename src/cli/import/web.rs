//! Documents over HTTP: one host, bounded in time and size, no proxy, few redirects.
//!
//! A contract is untrusted input that names addresses to be fetched. Only the host the
//! person typed and those of `--allow-host` are asked; the addresses a name stands for are
//! looked up once and kept, so that a name cannot turn to another machine half-way.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::ProgressBar;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Client, Response, StatusCode, Url};
use tokio::runtime::Runtime;

use super::Arguments;
use crate::cli::output::{self, Failure};
use crate::wsdl::{SourceDocument, SourceError};

/// Bytes of one document.
const DOCUMENT_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Redirects followed for one document, all on its own host.
const REDIRECTS_MAX: usize = 5;
/// How long a connection may take to come about.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(10);

/// Fetches documents.
pub struct Web {
    runtime: Runtime,
    /// The host of the root, where that is an address.
    home: Option<String>,
    /// Whether the root is on this machine or its network, so that imports may be too.
    home_is_near: Mutex<bool>,
    allowed: Vec<String>,
    headers: HeaderMap,
    timeout: Duration,
    clients: Mutex<HashMap<String, Client>>,
    progress: ProgressBar,
}

impl Web {
    pub fn new(arguments: &Arguments, root: &str) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|why| Failure::new(format!("no runtime for the network: {why}")))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &arguments.headers {
            let name_of = HeaderName::from_bytes(name.as_bytes());
            let value_of = HeaderValue::from_str(value);
            let (Ok(name_of), Ok(mut value_of)) = (name_of, value_of) else {
                return Err(Failure::new(format!("`{name}` is no header that can be sent")));
            };
            value_of.set_sensitive(true);
            headers.append(name_of, value_of);
        }
        let visible = std::io::stderr().is_terminal();
        let progress = if visible { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let home = Url::parse(root).ok().and_then(|url| url.host_str().map(str::to_owned));
        Ok(Self {
            runtime,
            // Of a contract in a file, whoever typed --allow-host has decided.
            home_is_near: Mutex::new(home.is_none()),
            home,
            allowed: arguments.allow_hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
            headers,
            timeout: arguments.timeout,
            clients: Mutex::default(),
            progress,
        })
    }

    /// Fetches one document.
    pub fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        self.progress.set_message(location.to_owned());
        self.progress.enable_steady_tick(Duration::from_millis(100));
        let read = self.runtime.block_on(async {
            match tokio::time::timeout(self.timeout, self.fetch(location)).await {
                Ok(read) => read,
                Err(_) => Err(SourceError {
                    message: format!("it did not come within {} s", self.timeout.as_secs_f32()),
                    help: Some("give it more time with --timeout".to_owned()),
                }),
            }
        });
        self.progress.finish_and_clear();
        read
    }

    async fn fetch(&self, location: &str) -> Result<SourceDocument, SourceError> {
        let mut url = Url::parse(location).map_err(|why| error(format!("{why}")))?;
        for _ in 0..=REDIRECTS_MAX {
            let response = self.ask(&url).await?;
            let status = response.status();
            if !status.is_redirection() || status == StatusCode::NOT_MODIFIED {
                return document(location, &url, response).await;
            }
            let next = redirect(&url, &response)?;
            output::note(&format!("note: `{}` redirects to `{}`", shown(&url), shown(&next)));
            url = next;
        }
        Err(error(format!("it redirects more than {REDIRECTS_MAX} times")))
    }

    async fn ask(&self, url: &Url) -> Result<Response, SourceError> {
        let host = url.host_str().unwrap_or_default();
        let at_home = self.home.as_deref() == Some(host);
        if !at_home && !self.allowed.iter().any(|allowed| allowed == host) {
            return Err(SourceError {
                message: format!("it is on another host, `{host}`"),
                help: Some(format!(
                    "allow it with --allow-host {host}, or give a copy with --catalog"
                )),
            });
        }
        let client = self.client(url, at_home).await?;
        let mut request = client.get(url.clone());
        if at_home {
            request = request.headers(self.headers.clone());
        }
        request.send().await.map_err(|why| refused(&why))
    }

    /// The client of a host, bound to the addresses the host's name stands for.
    async fn client(&self, url: &Url, at_home: bool) -> Result<Client, SourceError> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let known = lock(&self.clients).get(&host).cloned();
        if let Some(client) = known {
            return Ok(client);
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let port = url.port_or_known_default().unwrap_or(80);
        let addresses: Vec<SocketAddr> = match bare.parse::<IpAddr>() {
            Ok(ip) => vec![SocketAddr::new(ip, port)],
            Err(_) => tokio::net::lookup_host((bare, port))
                .await
                .map_err(|_| error(format!("the name `{host}` cannot be resolved")))?
                .collect(),
        };
        let near = addresses.iter().any(|address| is_near(address.ip()));
        if at_home {
            *lock(&self.home_is_near) = near;
        } else if near && !*lock(&self.home_is_near) {
            return Err(SourceError {
                message: format!("`{host}` is on this machine or in its network"),
                help: Some(
                    "a contract from elsewhere may not reach in here; give a copy with --catalog"
                        .to_owned(),
                ),
            });
        }
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIME_MAX.min(self.timeout))
            .timeout(self.timeout)
            .user_agent(concat!("figleaf/", env!("CARGO_PKG_VERSION")))
            .resolve_to_addrs(&host, &addresses)
            .build()
            .map_err(|why| error(format!("no HTTP client: {why}")))?;
        lock(&self.clients).insert(host, client.clone());
        Ok(client)
    }
}

/// Where an answer sends us, if it is the same host and no less safe.
fn redirect(from: &Url, response: &Response) -> Result<Url, SourceError> {
    let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
    let to = to.and_then(|to| from.join(to).ok());
    let to = to.ok_or_else(|| error("it redirects to nowhere".to_owned()))?;
    let safe = to.scheme() == from.scheme() || to.scheme() == "https";
    if to.host_str() == from.host_str() && safe && matches!(to.scheme(), "http" | "https") {
        return Ok(to);
    }
    Err(SourceError {
        message: format!("it redirects to `{}`", shown(&to)),
        help: Some(
            "redirects to another host are not followed; give that address itself".to_owned(),
        ),
    })
}

async fn document(
    location: &str,
    url: &Url,
    mut response: Response,
) -> Result<SourceDocument, SourceError> {
    let status = response.status();
    if !status.is_success() {
        let help = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Some("give credentials with --header 'Authorization: …'".to_owned())
            }
            StatusCode::NOT_FOUND => Some("check the address; it often ends in `?wsdl`".to_owned()),
            _ => None,
        };
        return Err(SourceError { message: format!("the server answers {status}"), help });
    }
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let charset = content_type.and_then(charset);
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|why| refused(&why))? {
        if bytes.len() + chunk.len() > DOCUMENT_BYTES_MAX {
            return Err(error(format!("it has more than {DOCUMENT_BYTES_MAX} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    // The place stays as it was asked for, unless it really is another.
    let moved = Url::parse(location).is_ok_and(|asked| asked != *url);
    let location = if moved { url.as_str() } else { location };
    Ok(SourceDocument { location: location.to_owned(), bytes, charset })
}

fn charset(content_type: &str) -> Option<String> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|p| p.split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(value.trim().to_owned())
}

/// Whether an address is of this machine or of the network it stands in.
fn is_near(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let shared = ip.octets()[0] == 100 && ip.octets()[1] & 0xC0 == 64;
            ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || ip.is_unspecified()
                || shared
        }
        IpAddr::V6(ip) => ip.to_ipv4_mapped().map_or_else(
            || {
                ip.is_loopback()
                    || ip.is_unspecified()
                    || ip.is_unique_local()
                    || ip.is_unicast_link_local()
            },
            |ip| is_near(IpAddr::V4(ip)),
        ),
    }
}

fn refused(why: &reqwest::Error) -> SourceError {
    let mut deepest: &dyn std::error::Error = why;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    let message = if why.is_timeout() {
        "the server did not answer in time".to_owned()
    } else if why.is_connect() {
        format!("no connection: {deepest}")
    } else {
        format!("the answer broke off: {deepest}")
    };
    SourceError { message, help: Some("check the address and that the service runs".to_owned()) }
}

fn error(message: String) -> SourceError {
    SourceError { message, help: None }
}

/// An address for people: without what stands before its `@`.
fn shown(url: &Url) -> Url {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_network_are_known() {
        let check = |text: &str, near| assert_eq!(is_near(text.parse().unwrap()), near, "{text}");
        check("127.0.0.1", true);
        check("10.1.2.3", true);
        check("169.254.169.254", true);
        check("100.100.0.1", true);
        check("::1", true);
        check("::ffff:192.168.0.1", true);
        check("fe80::1", true);
        check("93.184.216.34", false);
        check("2606:4700::1", false);
    }
}

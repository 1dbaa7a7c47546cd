//! One backend, running: the call.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue,
};
use reqwest::{Body, Method, Request, Response, StatusCode, Url};
use tokio::time::timeout_at;

use super::client::{Clients, Recipe};
use super::error::{Phase, classify};
use super::heard::Heard;
use super::retry::{self, Budget};
use super::settings::{address, basic, fixed};
use super::stand_in;
use super::tracked::{Progress, Tracked};
use super::{
    Answer, BackendError, CallTiming, Effect, Guard, Outcome, StandIn, StandInCall, Verdict,
    WireBody, WireCall, WireReply,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::BackendPlan;

/// One backend of the plan, shared by all workers.
pub struct Backend {
    name: String,
    url: Url,
    timeout: std::time::Duration,
    attempts_max: u32,
    response_bytes: u64,
    fixed: Vec<(HeaderName, HeaderValue)>,
    clients: Clients,
    stand_in: Option<Arc<dyn StandIn>>,
    guard: Arc<Guard>,
    budget: Budget,
}

/// What stays the same over all attempts of a call.
struct Parts {
    method: Method,
    url: Url,
    headers: HeaderMap,
    answer: Answer,
    session: Option<Arc<str>>,
    deadline: Instant,
    start: Instant,
}

impl Backend {
    /// Builds the client, reading the certificates.
    ///
    /// # Errors
    /// Where the address, a header or a certificate cannot be used.
    pub fn new(plan: &BackendPlan) -> Result<Self, Diagnostic> {
        let mut url = address(&plan.url)?;
        let https = url.scheme() == "https";
        let recipe = Recipe::new(plan, https)?;
        let mut fixed = fixed(plan)?;
        if let Some(basic) = basic(plan, &url, &recipe)? {
            fixed.push((AUTHORIZATION, basic));
        }
        // Both fail only for addresses without a host, which `address` has refused.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        Ok(Self {
            name: plan.name.clone(),
            url,
            timeout: plan.timeout.total,
            attempts_max: plan.retry.attempts.max(1),
            response_bytes: plan.limits.response_bytes,
            fixed,
            clients: Clients::new(recipe)?,
            stand_in: None,
            guard: Guard::new(plan.breaker, plan.limits),
            budget: Budget::new(Instant::now()),
        })
    }

    /// The same with someone who answers in the place of the network, where there is one.
    #[must_use]
    pub fn with_stand_in(mut self, stand_in: Option<Arc<dyn StandIn>>) -> Self {
        self.stand_in = stand_in;
        self
    }

    /// Its name in the mapping.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its address, without credentials: what SOAP is posted to, what paths are appended to.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Its breaker and bulkhead, to be looked at.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// The deadline of a call that begins now.
    pub fn deadline(&self) -> Instant {
        Instant::now() + self.timeout
    }

    /// Makes a call: waits for leave, sends, tries again where that is safe, and hands out
    /// the answer when its head is there, whatever its status.
    ///
    /// # Errors
    /// Every way in which there is no answer; see [`BackendError`].
    pub async fn call(&self, call: WireCall) -> Result<WireReply, BackendError> {
        let WireCall { method, url, headers, mut body, effect, answer, witness, session, deadline } =
            call;
        let start = Instant::now();
        let mut parts = Parts { method, url, headers, answer, session, deadline, start };
        for (name, value) in &self.fixed {
            parts.headers.insert(name, value.clone());
        }
        if answer == Answer::Decoded {
            parts.headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate"));
        }
        let heard = witness.map(|witness| {
            let head = (&parts.method, &parts.url, &parts.headers);
            Heard::new(witness, &self.name, head, &body)
        });
        let result = self.attempts(&mut parts, &mut body, effect).await;
        match (heard, result) {
            (None, result) => result,
            (Some(heard), Ok(reply)) => Ok(reply.heard(heard)),
            (Some(heard), Err(error)) => {
                heard.failed(error.code);
                Err(error)
            }
        }
    }

    /// As many attempts as are safe and worth it.
    async fn attempts(
        &self,
        parts: &mut Parts,
        body: &mut WireBody,
        effect: Effect,
    ) -> Result<WireReply, BackendError> {
        let attempts_max =
            if matches!(body, WireBody::Stream { .. }) { 1 } else { self.attempts_max };
        self.budget.deposit();
        let mut made = 0;
        loop {
            made += 1;
            let last = made >= attempts_max;
            let result = self.attempt(parts, take(body, last), made, last).await;
            let asked = match &result {
                Ok(reply) if effect == Effect::Read => {
                    let asked = retry::asks_to_wait(reply.status(), reply.headers());
                    if asked.is_none() {
                        return result;
                    }
                    asked
                }
                Err(error) if retry::may_retry(error, effect) => error.retry_after,
                Ok(_) | Err(_) => return result,
            };
            let now = Instant::now();
            let Some(pause) = retry::pause(made, asked, parts.deadline, now).filter(|_| !last)
            else {
                return result;
            };
            if !self.budget.withdraw(now) {
                return result;
            }
            if let Ok(mut reply) = result {
                reply.settle(Verdict::Failed);
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn attempt(
        &self,
        parts: &mut Parts,
        body: WireBody,
        made: u32,
        last: bool,
    ) -> Result<WireReply, BackendError> {
        let deadline = parts.deadline;
        if deadline <= Instant::now() {
            let detail = "the deadline had passed before anything was sent";
            return Err(BackendError::not_sent(Code::BackendTimeout, detail));
        }
        let client = self
            .clients
            .here()
            .map_err(|problem| BackendError::not_sent(Code::BackendTls, problem.message))?;
        let permit = self.guard.enter(deadline).await?;
        let progress = Progress::new(Instant::now());
        let https = parts.url.scheme() == "https";
        // An empty body is never polled, so it proves nothing.
        let empty = matches!(&body, WireBody::Bytes(bytes) if bytes.is_empty());
        let executed = match &self.stand_in {
            Some(stand_in) => {
                let answered = self.stood_in(stand_in, parts, body, &progress);
                timeout_at(deadline.into(), answered).await
            }
            None => {
                let request = request(parts, body, &progress, last);
                let executed = timeout_at(deadline.into(), client.execute(request)).await;
                let sent = empty || progress.sent();
                executed.map(|done| done.map_err(|e| classify(&e, Phase::Head { sent }, https)))
            }
        };
        let response = match executed {
            Err(_) => Err(late(empty || progress.sent(), progress.starved())),
            Ok(Err(error)) => Err(error),
            Ok(Ok(response)) if parts.answer == Answer::Decoded && redirects(response.status()) => {
                permit.settle(Verdict::Healthy);
                let detail = format!("the answer has status {}", response.status().as_u16());
                return Err(BackendError::new(Code::BackendRedirect, Outcome::Rejected, detail));
            }
            Ok(Ok(response)) => Ok(response),
        };
        match response {
            Err(error) => {
                let callers = error.is_callers();
                permit.settle(if callers { Verdict::Abandoned } else { Verdict::Failed });
                Err(error)
            }
            Ok(response) => {
                let timing = CallTiming {
                    connect: progress.connect(),
                    first_byte: parts.start.elapsed(),
                    attempts: made,
                };
                let read = (parts.answer, self.response_bytes);
                WireReply::new(response, read, (deadline, https), (permit, timing))
            }
        }
    }

    /// One attempt at whoever stands in for the network.
    async fn stood_in(
        &self,
        stand_in: &Arc<dyn StandIn>,
        parts: &Parts,
        body: WireBody,
        progress: &Arc<Progress>,
    ) -> Result<Response, BackendError> {
        let body = match tracked(body, progress).0 {
            Some(tracked) => stand_in::gather(tracked).await?,
            None => Bytes::new(),
        };
        let mut headers = parts.headers.clone();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        let call = StandInCall {
            backend: &self.name,
            method: &parts.method,
            url: &parts.url,
            headers: &headers,
            body,
            session: parts.session.clone(),
            deadline: parts.deadline,
        };
        stand_in.answer(call).await.map(Response::from)
    }
}

fn late(sent: bool, starved: bool) -> BackendError {
    if starved {
        let detail = "the deadline passed while the caller's body was awaited";
        return BackendError::unknown(Code::RequestTimeout, detail);
    }
    let outcome = if sent { Outcome::Unknown } else { Outcome::NotSent };
    BackendError::new(Code::BackendTimeout, outcome, "the deadline passed before an answer")
}

fn redirects(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// The body for one attempt: the body itself for the last one.
fn take(body: &mut WireBody, last: bool) -> WireBody {
    match body {
        WireBody::Bytes(bytes) if !last => WireBody::Bytes(bytes.clone()),
        _ => std::mem::replace(body, WireBody::Bytes(Bytes::new())),
    }
}

/// The request of one attempt.
fn request(parts: &mut Parts, body: WireBody, progress: &Arc<Progress>, last: bool) -> Request {
    let mut request = Request::new(parts.method.clone(), parts.url.clone());
    let (body, length) = tracked(body, progress);
    *request.headers_mut() =
        if last { std::mem::take(&mut parts.headers) } else { parts.headers.clone() };
    if let Some(length) = length {
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    *request.body_mut() = body.map(Body::wrap_stream);
    request
}

/// The body of one attempt and its length; none where the client has to write
/// `Content-Length: 0` if the method wants one.
fn tracked(body: WireBody, progress: &Arc<Progress>) -> (Option<Tracked>, Option<u64>) {
    let progress = Arc::clone(progress);
    match body {
        WireBody::Bytes(bytes) if bytes.is_empty() => (None, None),
        WireBody::Bytes(bytes) => {
            let length = bytes.len() as u64;
            (Some(Tracked::whole(bytes, progress)), Some(length))
        }
        WireBody::Stream { chunks, length } => (Some(Tracked::stream(chunks, progress)), length),
    }
}

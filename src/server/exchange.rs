//! What is known of one request on its way.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use actix_web::HttpRequest;
use actix_web::web::Data;

use super::auth::Claims;
use super::correlation::Correlation;
use super::handler::InFlight;
use super::hooks::Recording;
use super::input::path_parameters;
use super::running::{Running, Shared};
use crate::plan::{RouteId, RoutePlan};

/// One request on its way.
pub(super) struct Exchange {
    /// The request's head.
    pub request: HttpRequest,
    /// Its ids.
    pub correlation: Correlation,
    /// The plan it started with.
    pub running: Arc<Running>,
    /// Its route.
    pub route: RouteId,
    /// What the caller's token says; empty where none was asked for.
    pub claims: Claims,
    /// Path parameters, still percent-encoded.
    pub parameters: Vec<String>,
    /// When the answer has to be whole.
    pub deadline: Instant,
    /// Whose scenarios it plays in; nothing in production.
    pub session: Option<Arc<str>>,
    /// Who hears of it; nobody in production.
    pub recording: Option<Arc<dyn Recording>>,
    /// What all workers share.
    pub shared: Data<Shared>,
    /// Headers its calls are marked with, where nobody waits for them.
    pub mark: Vec<(String, String)>,
    /// Whether it reads what the request wrote: of the request only who sent it counts.
    pub reads_back: bool,
    /// Counts it until its answer is gone, streamed or not; `None` besides an answer.
    pub counted: Option<Rc<InFlight>>,
}

/// Tells a backend that nobody waits for its answer. A caller cannot say so.
pub const X_SHADOW: &str = "x-shadow";

impl Exchange {
    pub fn route(&self) -> &RoutePlan {
        self.running.plan.route(self.route)
    }

    /// The query, where it is one of this route.
    pub fn query(&self) -> Option<&str> {
        self.request.uri().query().filter(|_| !self.reads_back)
    }

    /// Whether nobody waits for its answer.
    pub fn is_beside(&self) -> bool {
        !self.mark.is_empty()
    }

    /// Whether the server is about to stop: nothing new is begun besides answers then, and what
    /// breaks says nothing of whoever was asked.
    pub fn is_stopping(&self) -> bool {
        self.shared.draining.load(Ordering::Relaxed)
    }

    /// The same request as one of another route of the plan, that of a candidate: in the time
    /// that one has.
    pub fn on(self: &Rc<Self>, route: RouteId) -> Rc<Self> {
        if route == self.route {
            return Rc::clone(self);
        }
        let (here, there) = (self.route().timeout, self.running.plan.route(route).timeout);
        let deadline = self.deadline + there;
        let deadline = deadline.checked_sub(here).unwrap_or(self.deadline);
        Rc::new(Self { route, deadline, ..self.copied() })
    }

    /// The same request besides its answer: nobody hears of it, and its calls say so.
    pub fn beside(&self) -> Self {
        let mark = vec![(X_SHADOW.to_owned(), "1".to_owned())];
        Self { mark, recording: None, counted: None, ..self.copied() }
    }

    /// The same, to be answered by another time.
    pub fn due(self: &Rc<Self>, deadline: Instant) -> Rc<Self> {
        Rc::new(Self { deadline, ..self.copied() })
    }

    /// The same caller, reading by another route what this one wrote: parameters of the path by
    /// their names. `None` where one of them is not known.
    pub fn reading(&self, route: RouteId) -> Option<Self> {
        let path = &self.running.plan.route(route).path;
        let known: Vec<(&str, &str)> = path_parameters(self).collect();
        let names = path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
        let value = |name: &str| Some(known.iter().find(|(n, _)| *n == name)?.1.to_owned());
        let parameters = names.map(value).collect::<Option<Vec<_>>>()?;
        Some(Self { route, parameters, reads_back: true, ..self.copied() })
    }

    fn copied(&self) -> Self {
        Self {
            request: self.request.clone(),
            correlation: self.correlation.clone(),
            running: Arc::clone(&self.running),
            route: self.route,
            claims: self.claims.clone(),
            parameters: self.parameters.clone(),
            deadline: self.deadline,
            session: self.session.clone(),
            recording: self.recording.clone(),
            shared: self.shared.clone(),
            mark: self.mark.clone(),
            reads_back: self.reads_back,
            counted: self.counted.clone(),
        }
    }
}

//! Composed routes as data.

use std::time::Duration;

/// Several calls in one answer.
#[derive(Debug, Clone)]
pub struct ComposeCall {
    /// The members of the answer, in their order.
    pub parts: Vec<PartPlan>,
}

/// A member of a composed answer.
#[derive(Debug, Clone)]
pub struct PartPlan {
    /// The member.
    pub name: String,
    /// `"name":`, escaped, ready to be written.
    pub key: Box<[u8]>,
    /// How it is fetched: SOAP or SQL.
    pub translator: super::Translator,
    /// How long it may take, within the route's time.
    pub timeout: Duration,
    /// What becomes of the whole where it fails.
    pub on_failure: OnFailure,
    /// Parts whose answers it needs, by index.
    pub needs: Vec<usize>,
}

/// What becomes of a composed answer where a part fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// The part's problem is the answer.
    Fail,
    /// The member is `null`.
    Null,
    /// The member is left out.
    Omit,
}

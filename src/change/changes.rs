//! One change.

/// What a change means for those who call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nobody notices who does not look.
    Safe,
    /// Some may notice.
    Risky,
    /// Someone's call or reading fails.
    Breaking,
}

/// A change of an API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name of the kind of change.
    pub rule: &'static str,
    /// The operation, as `GET /api/v1/orders/{orderId}`.
    pub operation: String,
    /// Where in it, e.g. `response 200 /total`.
    pub place: String,
    /// What changed, for people.
    pub text: String,
}

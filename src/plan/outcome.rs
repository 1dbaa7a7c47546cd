//! What is known of the effect of a call.

/// What is known of a call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The backend never saw it.
    NotSent,
    /// The backend refused it.
    Rejected,
    /// It may or may not have taken effect.
    Unknown,
}

impl Outcome {
    /// As it is written in problems and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }
}

//! One change.

use sha2::{Digest, Sha256};

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

impl Severity {
    /// As it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Risky => "risky",
            Self::Breaking => "breaking",
        }
    }
}

/// A change of an API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name of the kind of change.
    pub rule: &'static str,
    /// The operation, as `GET /api/v1/orders/{orderId}`; empty for the document as a whole.
    pub operation: String,
    /// Where in it, e.g. `response 200 /total`; empty for the operation as a whole.
    pub place: String,
    /// What changed, for people.
    pub text: String,
    /// What was there before, as it is compared; empty where nothing was.
    pub before: String,
    /// What is there now; empty where nothing is.
    pub after: String,
    /// What to do about it; empty for what nobody has to act on.
    pub advice: &'static str,
}

/// Hexadecimal digits of a fingerprint.
const FINGERPRINT_DIGITS: usize = 16;

impl Change {
    /// The change by its content: the same in every commit, wherever its lines have moved to.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hasher = Sha256::new();
        for part in [self.rule, &self.operation, &self.place, &self.before, &self.after] {
            hasher.update(part.as_bytes());
            // No text has it: parts cannot run into one another.
            hasher.update([0]);
        }
        let digits: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        digits[..FINGERPRINT_DIGITS].to_owned()
    }
}

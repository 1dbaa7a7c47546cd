//! Browsers that have shown a token.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom, SystemRandom};

use super::Role;

/// How long a browser need not show its token again.
pub(super) const SESSION_TIME_MAX: Duration = Duration::from_secs(8 * 3_600);
/// Browsers at once; the one that ends first makes room.
const SESSIONS_MAX: usize = 500;
/// Random bytes of a session's name.
const NAME_BYTES: usize = 32;

/// A browser that has shown a token.
#[derive(Debug, Clone)]
struct Session {
    holder: String,
    role: Role,
    ends: Instant,
}

/// Browsers that have shown a token. They are forgotten with the process.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<String, Session>>);

impl Sessions {
    /// Begins one; its name. `None` where the system has no random numbers.
    pub(super) fn begin(&self, holder: &str, role: Role) -> Option<String> {
        let name = random()?;
        let now = Instant::now();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, session| session.ends > now);
        if all.len() >= SESSIONS_MAX {
            let first = all.iter().min_by_key(|(_, session)| session.ends);
            let first = first.map(|(name, _)| name.clone());
            first.and_then(|name| all.remove(&name));
        }
        let session = Session { holder: holder.to_owned(), role, ends: now + SESSION_TIME_MAX };
        all.insert(name.clone(), session);
        Some(name)
    }

    /// Whose it is.
    pub(super) fn holder(&self, name: &str) -> Option<(String, Role)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = all.get(name).filter(|session| session.ends > Instant::now())?;
        Some((session.holder.clone(), session.role))
    }

    /// Ends one.
    pub(super) fn end(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

/// Hexadecimal digits nobody can guess.
fn random() -> Option<String> {
    let mut bytes = [0; NAME_BYTES];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_few_and_end() {
        let sessions = Sessions::default();
        let first = sessions.begin("ada", Role::Owner).unwrap();
        assert_eq!(sessions.holder(&first), Some(("ada".to_owned(), Role::Owner)));
        let others: Vec<_> =
            (0..SESSIONS_MAX).map(|_| sessions.begin("bob", Role::Viewer).unwrap()).collect();
        assert_eq!(sessions.holder(&first), None);
        sessions.end(&others[7]);
        assert_eq!(sessions.holder(&others[7]), None);
        assert!(sessions.holder(&others[8]).is_some());
    }
}

//! Places in a message, as people write them and as reports name them.

use std::fmt;
use std::sync::Arc;

/// A path from the envelope down: `Body/GetOrder/order/@id`. Local names stand for any namespace,
/// `{namespace}local` for one; `*` is any element; a path that begins with `//` fits at any depth.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NodePath {
    /// Whether it fits at any depth.
    pub anywhere: bool,
    /// From the outermost in.
    pub steps: Vec<PathStep>,
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PathStep {
    /// The namespace it has to be in; `None` is any.
    pub namespace: Option<Arc<str>>,
    /// The local name; `*` is any.
    pub local: Arc<str>,
    /// Whether it is an attribute; only a last step may be.
    pub is_attribute: bool,
    /// Which of several of one name, from 1; `None` is each.
    pub index: Option<usize>,
}

/// Why a text is no path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no path: {why}")]
pub struct PathProblem {
    /// What was written.
    pub text: String,
    /// What is wrong.
    pub why: &'static str,
}

impl NodePath {
    /// Reads a path.
    ///
    /// # Errors
    /// An empty step, an attribute before the last step, an index that is no number above 0.
    pub fn parse(text: &str) -> Result<Self, PathProblem> {
        let wrong = |why| PathProblem { text: text.to_owned(), why };
        let anywhere = text.starts_with("//");
        let mut rest = text.trim_start_matches('/');
        let mut steps: Vec<PathStep> = Vec::new();
        while !rest.is_empty() {
            if steps.last().is_some_and(|step| step.is_attribute) {
                return Err(wrong("nothing stands in an attribute"));
            }
            let is_attribute = rest.starts_with('@');
            rest = rest.strip_prefix('@').unwrap_or(rest);
            let namespace = match rest.strip_prefix('{') {
                None => None,
                Some(inner) => {
                    let (namespace, after) =
                        inner.split_once('}').ok_or_else(|| wrong("a `{` is not closed"))?;
                    rest = after;
                    Some(Arc::from(namespace))
                }
            };
            let (step, after) = rest.split_once('/').unwrap_or((rest, ""));
            rest = after;
            let (local, index) = match step.strip_suffix(']').and_then(|s| s.split_once('[')) {
                None => (step, None),
                Some((local, number)) => {
                    let number = number.parse().ok().filter(|n| *n > 0);
                    (local, Some(number.ok_or_else(|| wrong("an index counts from 1"))?))
                }
            };
            if local.is_empty() {
                return Err(wrong("a step is empty"));
            }
            steps.push(PathStep { namespace, local: local.into(), is_attribute, index });
        }
        if steps.is_empty() {
            return Err(wrong("it has no step"));
        }
        Ok(Self { anywhere, steps })
    }
}

impl fmt::Display for NodePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.anywhere { "//" } else { "" })?;
        for (at, step) in self.steps.iter().enumerate() {
            f.write_str(if at > 0 { "/" } else { "" })?;
            f.write_str(if step.is_attribute { "@" } else { "" })?;
            if let Some(namespace) = &step.namespace {
                write!(f, "{{{namespace}}}")?;
            }
            f.write_str(&step.local)?;
            if let Some(index) = step.index {
                write!(f, "[{index}]")?;
            }
        }
        Ok(())
    }
}

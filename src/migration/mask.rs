//! Values of answers as they may be kept: what they are and whether they are the same, not what
//! they say.

use std::hash::BuildHasher;

/// Hides what values say, alike for both sides of a comparison.
#[derive(Debug, Clone, Default)]
pub(super) struct Mask(std::hash::RandomState);

impl Mask {
    /// `string of 12 #4f2a09c1`: the kind, the length, and a mark that equal values share for as
    /// long as this process lives: a key that outlived it would stand where the marks do, and
    /// whoever reads them could try what short values they are of.
    pub(super) fn hide(&self, json: Option<&str>) -> String {
        let Some(json) = json else { return "absent".to_owned() };
        let kind = match json.as_bytes().first() {
            _ if json.ends_with('…') => "long text".to_owned(),
            Some(b'"') => format!("string of {}", json.chars().count().saturating_sub(2)),
            Some(b'{') => "object".to_owned(),
            Some(b'[') => "array".to_owned(),
            Some(b'n') => return "null".to_owned(),
            Some(b't' | b'f') => "boolean".to_owned(),
            _ => format!("number of {}", json.chars().count()),
        };
        format!("{kind} #{:08x}", self.0.hash_one(json) & 0xffff_ffff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_value_says_is_gone() {
        let mask = Mask::default();
        let hidden = mask.hide(Some("\"Ada Brandt\""));
        assert!(hidden.starts_with("string of 10 #") && !hidden.contains("Ada"), "{hidden}");
        assert_eq!(hidden, mask.hide(Some("\"Ada Brandt\"")));
        assert_ne!(hidden, mask.hide(Some("\"Ada Brandz\"")));
        assert_eq!(
            (mask.hide(None), mask.hide(Some("null"))),
            ("absent".to_owned(), "null".to_owned())
        );
    }
}

//! What a form sent.

use percent_encoding::percent_decode_str;

/// The fields of a form, `application/x-www-form-urlencoded`, in their order.
#[derive(Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads it. What is not UTF-8 is replaced.
    pub(super) fn parse(text: &str) -> Self {
        let decoded = |text: &str| {
            percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(pairs.map(|(name, value)| (decoded(name), decoded(value))).collect())
    }

    /// The first field of a name; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded() {
        let form = Form::parse("reason=a+b%26c%0D%0A%C3%A9&to=canary+5%25&x&reason=second");
        assert_eq!((form.get("reason"), form.get("to")), ("a b&c\r\né", "canary 5%"));
        assert_eq!((form.get("x"), form.get("none")), ("", ""));
    }
}

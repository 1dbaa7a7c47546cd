//! Decimals as JSON numbers, digit by digit.

use serde::Serialize;
use serde_json::value::RawValue;

/// A decimal as it goes into JSON.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Number(Box<RawValue>);

impl Number {
    /// With the digits it was entered with. What is no JSON number is sent as a text.
    pub fn exact(text: &str) -> Self {
        let raw = RawValue::from_string(text.to_owned());
        Self(raw.unwrap_or_else(|_| quoted(text)))
    }

    /// As a service writes it that keeps numbers, not digits: without zeros at the end.
    pub fn short(text: &str) -> Self {
        match text.split_once('.') {
            Some((whole, part)) => match part.trim_end_matches('0') {
                "" => Self::exact(whole),
                part => Self::exact(&format!("{whole}.{part}")),
            },
            None => Self::exact(text),
        }
    }
}

fn quoted(text: &str) -> Box<RawValue> {
    let quoted = serde_json::to_string(text).and_then(RawValue::from_string);
    quoted.unwrap_or_else(|_| RawValue::NULL.to_owned())
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn zeros_at_the_end_go_and_no_other_digit_does() {
        for (text, expected) in [
            ("105.17000", "105.17"),
            ("150.000", "150"),
            ("0", "0"),
            ("100", "100"),
            ("0.50", "0.5"),
        ] {
            assert_eq!(serde_json::to_string(&Number::short(text)).unwrap(), expected);
            assert_eq!(serde_json::to_string(&Number::exact(text)).unwrap(), text);
        }
    }
}

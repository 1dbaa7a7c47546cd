//! Bounds of numbers, lengths and counts.

use serde_json::Value;

/// A bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limit {
    value: f64,
    /// Whether the bound itself is out.
    exclusive: bool,
}

/// What is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bound {
    Minimum,
    Maximum,
    MinLength,
    MaxLength,
    MinItems,
    MaxItems,
    MinProperties,
    MaxProperties,
}

impl Bound {
    /// The bound a keyword sets, and whether it is exclusive.
    pub(super) fn of_keyword(keyword: &str) -> Option<(Self, bool)> {
        Some(match keyword {
            "minimum" => (Self::Minimum, false),
            "exclusiveMinimum" => (Self::Minimum, true),
            "maximum" => (Self::Maximum, false),
            "exclusiveMaximum" => (Self::Maximum, true),
            "minLength" => (Self::MinLength, false),
            "maxLength" => (Self::MaxLength, false),
            "minItems" => (Self::MinItems, false),
            "maxItems" => (Self::MaxItems, false),
            "minProperties" => (Self::MinProperties, false),
            "maxProperties" => (Self::MaxProperties, false),
            _ => return None,
        })
    }

    /// What it is called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::MinLength => "minLength",
            Self::MaxLength => "maxLength",
            Self::MinItems => "minItems",
            Self::MaxItems => "maxItems",
            Self::MinProperties => "minProperties",
            Self::MaxProperties => "maxProperties",
        }
    }

    const fn is_lower(self) -> bool {
        matches!(self, Self::Minimum | Self::MinLength | Self::MinItems | Self::MinProperties)
    }
}

impl Limit {
    /// The limit a keyword's value sets; `None` for one that bounds nothing.
    pub(super) fn of(bound: Bound, exclusive: bool, value: &Value) -> Option<Self> {
        let value = value.as_f64()?;
        let bounds_nothing = value == 0.0 && bound.is_lower() && bound != Bound::Minimum;
        (!bounds_nothing).then_some(Self { value, exclusive })
    }

    /// Whether this one lets less through than the other.
    pub(super) fn is_tighter(self, than: Self, bound: Bound) -> bool {
        if self.value.total_cmp(&than.value).is_eq() {
            return self.exclusive && !than.exclusive;
        }
        (self.value > than.value) == bound.is_lower()
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let more = if self.exclusive { " (exclusive)" } else { "" };
        write!(f, "{}{more}", self.value)
    }
}

//! The facets of one restriction step (Part 2, section 4.3).

use std::sync::Arc;

use super::{Parsing, is_xsd};
use crate::xml::Node;
use crate::xsd::model::{Facets, WhiteSpace};

impl Parsing<'_> {
    /// Facets written directly in a restriction.
    pub(super) fn facets(&mut self, restriction: Node<'_>) -> Facets {
        let mut facets = Facets::default();
        let mut patterns = Vec::new();
        for child in restriction.children() {
            let Some(attribute) = child.attribute("value") else { continue };
            if !is_xsd(child, child.local()) {
                continue;
            }
            let value = Arc::clone(&attribute.value);
            let collapsed = || Some(Arc::from(value.trim()));
            match child.local() {
                "enumeration" => facets.enumeration.push(value),
                "pattern" => patterns.push(value),
                "length" => facets.length = self.facet_number(child, &value),
                "minLength" => facets.min_length = self.facet_number(child, &value),
                "maxLength" => facets.max_length = self.facet_number(child, &value),
                "totalDigits" | "precision" => {
                    facets.total_digits = self.facet_number(child, &value);
                }
                "fractionDigits" | "scale" => {
                    facets.fraction_digits = self.facet_number(child, &value);
                }
                "minInclusive" => facets.min_inclusive = collapsed(),
                "minExclusive" => facets.min_exclusive = collapsed(),
                "maxInclusive" => facets.max_inclusive = collapsed(),
                "maxExclusive" => facets.max_exclusive = collapsed(),
                "whiteSpace" => facets.white_space = self.white_space(child, &value),
                _ => {}
            }
        }
        if !patterns.is_empty() {
            facets.patterns.push(patterns);
        }
        facets
    }

    fn facet_number(&mut self, node: Node<'_>, value: &str) -> Option<u64> {
        let number = value.trim().parse().ok();
        if number.is_none() {
            let message = format!("`{}` is `{value}`, not a number", node.local());
            self.invalid(node, message, "write a number; the facet is passed over");
        }
        number
    }

    fn white_space(&mut self, node: Node<'_>, value: &str) -> Option<WhiteSpace> {
        match value.trim() {
            "preserve" => Some(WhiteSpace::Preserve),
            "replace" => Some(WhiteSpace::Replace),
            "collapse" => Some(WhiteSpace::Collapse),
            _ => {
                let message = format!("`whiteSpace` is `{value}`");
                self.invalid(node, message, "write `preserve`, `replace` or `collapse`");
                None
            }
        }
    }
}

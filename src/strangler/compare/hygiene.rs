//! What rules do to a comparison as a whole.

use super::comparer::Comparer;
use super::pattern::Pattern;

impl Comparer {
    /// Whether a rule, by its place among those that were given, makes a place not count at all.
    #[must_use]
    pub fn ignores(&self, given: usize) -> bool {
        let at = self.given.iter().position(|place| *place == given);
        at.and_then(|at| self.rules.get(at))
            .is_some_and(|(_, rule)| rule.ignore || rule.shape.is_some())
    }

    /// Why no rule may be proposed for one more place; `None` where one may.
    #[must_use]
    pub fn refuses(&self, place: &Pattern) -> Option<&'static str> {
        if place.segments.is_empty() {
            return Some("it would hide the whole answer");
        }
        let critical = |(pattern, _): &&(Pattern, _)| pattern.holds(place) || place.holds(pattern);
        if self.rules.iter().filter(|(_, rule)| rule.critical).any(|rule| critical(&rule)) {
            return Some("it would hide something critical");
        }
        let ties = |(pattern, _): &(Pattern, _)| {
            pattern.specificity() == place.specificity() && pattern.overlaps(place)
        };
        self.rules.iter().any(ties).then_some("there is a rule for it already")
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::rule;
    use super::*;

    #[test]
    fn not_every_place_may_have_a_rule() {
        let rules = [("o.total", "critical"), ("at", "time"), ("l[*].*", "ignore")];
        let rules = rules.map(|(path, name)| (Pattern::parse(path).unwrap(), rule(name)));
        let comparer = Comparer::new(rules.to_vec(), Vec::new()).unwrap();
        let check = |place: &str, expected: Option<&str>| {
            assert_eq!(comparer.refuses(&Pattern::parse(place).unwrap()), expected, "{place}");
        };
        check("$", Some("it would hide the whole answer"));
        check("o", Some("it would hide something critical"));
        check("o.total.currency", Some("it would hide something critical"));
        check("at", Some("there is a rule for it already"));
        check("o.note", None);
        check("l[*].id", None);
        let ignores: Vec<bool> = (0..4).map(|at| comparer.ignores(at)).collect();
        assert_eq!(ignores, [false, false, true, false]);
    }
}

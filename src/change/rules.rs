//! The one table of rules: every kind of change, how bad it is, and what to do about it.
//!
//! A rule's id is stable: approvals carry it. `docs/diff.md` has the same table.

use super::changes::Severity;

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it means for callers.
    pub meaning: &'static str,
    /// What to do about it; empty where nobody has to act.
    pub advice: &'static str,
}

macro_rules! rules {
    ($($name:ident = $id:literal, $severity:ident, $meaning:literal, $advice:literal;)*) => {
        $(pub(super) static $name: Rule = Rule {
            id: $id, severity: Severity::$severity, meaning: $meaning, advice: $advice,
        };)*

        /// Every rule, in the order of the table.
        #[must_use]
        pub fn rules() -> &'static [&'static Rule] {
            static ALL: &[&Rule] = &[$(&$name,)*];
            ALL
        }
    };
}

// Columns: name = id, severity, what it means, what to do.
rules! {
    // ── routes ──────────────────────────────────────────────────────────────────
    ROUTE_REMOVED = "route-removed", Breaking, "A route is gone; calls get 404", "Keep it with `deprecated:` and `sunset:`, and remove it when that day has passed.";
    ROUTE_REMOVED_AFTER_SUNSET = "route-removed-after-sunset", Safe, "A route is gone, as its sunset announced", "";
    ROUTE_ADDED = "route-added", Safe, "A route is new", "";
    PATH_PARAMETER_RENAMED = "path-parameter-renamed", Risky, "Calls work as before; methods of generated clients have another parameter", "Keep the name, or say so in the release notes.";
    OPERATION_ID_CHANGED = "operation-id-changed", Risky, "Generated clients name their methods by it", "Set `operation_id:` to the old one.";
    DEPRECATED_WITHOUT_SUNSET = "deprecated-without-sunset", Risky, "Callers know that it ends, and not when", "Add `sunset:` with the day.";
    DEPRECATED_WITH_SUNSET = "deprecated-with-sunset", Safe, "Callers know that it ends, and when", "";
    DEPRECATION_REMOVED = "deprecation-removed", Safe, "A route that was to end stays", "";
    SUNSET_EARLIER = "sunset-earlier", Risky, "Callers have less time than they were told", "Keep the day that was announced.";
    SUNSET_LATER = "sunset-later", Safe, "Callers have more time than they were told", "";
    SUNSET_REMOVED = "sunset-removed", Safe, "The announced end is withdrawn", "";
    AUTH_ADDED = "auth-added", Breaking, "Calls without credentials get 401", "Add it in a new version.";
    AUTH_REMOVED = "auth-removed", Risky, "Nobody has to say who they are any more", "Check that this is meant: calls are open to all.";
    AUTH_CHANGED = "auth-changed", Breaking, "Callers have to say in another way who they are", "Take both for a while, or change it in a new version.";
    SOURCE_CHANGED = "source-changed", Risky, "Another operation or backend answers; the same words may mean another thing", "Compare answers of both with recorded requests: `figleaf verify`.";
    PORT_CHANGED = "port-changed", Safe, "Another port of the same operation answers", "";

    // ── parameters ──────────────────────────────────────────────────────────────
    PARAMETER_ADDED_REQUIRED = "parameter-added-required", Breaking, "Calls without it are refused", "Give it a default, or make it optional.";
    PARAMETER_ADDED = "parameter-added", Safe, "Callers may send it", "";
    PARAMETER_REMOVED = "parameter-removed", Breaking, "Calls with it are refused: a query has no parameters unknown to its route", "Keep it, or remove it in a new version.";
    HEADER_PARAMETER_REMOVED = "header-parameter-removed", Risky, "It is still taken, and no longer heeded", "Keep it, or say so in the release notes.";
    PARAMETER_BECAME_REQUIRED = "parameter-became-required", Breaking, "Calls without it are refused", "Give it a default.";
    PARAMETER_BECAME_OPTIONAL = "parameter-became-optional", Safe, "It may be left out", "";
    PARAMETER_STYLE_CHANGED = "parameter-style-changed", Breaking, "Several values are written in another way", "Keep `repeats:` as it was.";
    PARAMETER_REPEATS = "parameter-repeats", Safe, "It may come several times", "";
    DEFAULT_CHANGED = "default-changed", Risky, "Callers who say nothing get another answer", "Keep the default, or change it in a new version.";

    // ── bodies and answers ──────────────────────────────────────────────────────
    BODY_ADDED_REQUIRED = "body-added-required", Breaking, "Calls without a body are refused", "Make the body optional.";
    BODY_ADDED = "body-added", Safe, "A body may be sent", "";
    BODY_REMOVED = "body-removed", Risky, "A body that is sent is no longer heeded", "Keep it, or remove it in a new version.";
    BODY_BECAME_REQUIRED = "body-became-required", Breaking, "Calls without a body are refused", "Keep it optional.";
    BODY_BECAME_OPTIONAL = "body-became-optional", Safe, "The body may be left out", "";
    REQUEST_MEDIA_TYPE_REMOVED = "request-media-type-removed", Breaking, "Bodies of this type are refused", "Keep it.";
    REQUEST_MEDIA_TYPE_ADDED = "request-media-type-added", Safe, "Bodies of this type are taken", "";
    RESPONSE_MEDIA_TYPE_REMOVED = "response-media-type-removed", Breaking, "Who asks for it, or reads it, fails", "Keep it, or remove it in a new version.";
    RESPONSE_MEDIA_TYPE_ADDED = "response-media-type-added", Safe, "Who asks for it gets it", "";
    RESPONSE_STATUS_REMOVED = "response-status-removed", Breaking, "A success has another status: callers who test for this one fail", "Set `status:` to the old one.";
    RESPONSE_STATUS_ADDED = "response-status-added", Risky, "A success may have this status, which callers do not know", "Say so in the release notes.";
    ERROR_STATUS_REMOVED = "error-status-removed", Risky, "Who acts on this status waits in vain", "See under `faults:` and `errors:` which status it has now.";
    ERROR_STATUS_ADDED = "error-status-added", Risky, "A failure may have this status, which callers do not know", "See under `faults:` and `errors:`; say so in the release notes.";
    RESPONSE_HEADER_REMOVED = "response-header-removed", Breaking, "Who reads it finds nothing", "Keep it, or remove it in a new version.";
    RESPONSE_HEADER_ADDED = "response-header-added", Safe, "Who knows it may read it", "";

    // ── types, by direction ─────────────────────────────────────────────────────
    REQUEST_TYPE_CHANGED = "request-type-changed", Breaking, "What callers send is refused", "Take it in a new version, under another name.";
    RESPONSE_TYPE_CHANGED = "response-type-changed", Breaking, "What callers read is something else", "Give it in a new version, under another name.";
    REQUEST_BECAME_ARRAY = "request-became-array", Breaking, "A single value is refused: an array is due", "Take it in a new version.";
    RESPONSE_BECAME_ARRAY = "response-became-array", Breaking, "An array comes where a single value came", "Check `maxOccurs` in the contract; give it in a new version.";
    REQUEST_BECAME_SINGLE = "request-became-single", Breaking, "An array is refused: a single value is due", "Take it in a new version.";
    RESPONSE_BECAME_SINGLE = "response-became-single", Breaking, "A single value comes where an array came", "Check `maxOccurs` in the contract; give it in a new version.";
    REQUEST_TYPE_NARROWED = "request-type-narrowed", Breaking, "Some of what was taken is refused", "Take what was taken before, or narrow it in a new version.";
    REQUEST_TYPE_WIDENED = "request-type-widened", Safe, "More is taken than before", "";
    RESPONSE_TYPE_NARROWED = "response-type-narrowed", Safe, "Less may come than before", "";
    RESPONSE_TYPE_WIDENED = "response-type-widened", Breaking, "What comes may be of a type that never came", "Give it in a new version.";
    REQUEST_NULL_REFUSED = "request-null-refused", Breaking, "`null` is refused", "Check `nillable` in the contract.";
    REQUEST_NULL_TAKEN = "request-null-taken", Safe, "`null` is taken", "";
    RESPONSE_NULL_ADDED = "response-null-added", Breaking, "`null` may come where it never did", "Check `nillable` in the contract, or `nullable:` in the mapping.";
    RESPONSE_NULL_REMOVED = "response-null-removed", Safe, "`null` no longer comes", "";
    REQUEST_VALUE_REMOVED = "request-value-removed", Breaking, "A value that was taken is refused", "Keep taking it.";
    REQUEST_VALUE_ADDED = "request-value-added", Safe, "One more value is taken", "";
    RESPONSE_VALUE_REMOVED = "response-value-removed", Safe, "A value no longer comes", "";
    RESPONSE_VALUE_ADDED = "response-value-added", Risky, "A value may come that callers do not know", "Say so in the release notes; callers who know every value fail on it.";
    REQUEST_VALUES_CLOSED = "request-values-closed", Breaking, "Only listed values are taken, where any was", "Take any value, or close the list in a new version.";
    REQUEST_VALUES_OPENED = "request-values-opened", Safe, "Any value is taken, where only listed ones were", "";
    RESPONSE_VALUES_CLOSED = "response-values-closed", Safe, "Only listed values come", "";
    RESPONSE_VALUES_OPENED = "response-values-opened", Risky, "Any value may come, where only listed ones did", "Say so in the release notes; callers who know every value fail on it.";
    REQUEST_FORMAT_TIGHTENED = "request-format-tightened", Breaking, "Only texts or numbers of this form are taken", "Take what was taken before.";
    REQUEST_FORMAT_LOOSENED = "request-format-loosened", Safe, "More forms are taken than before", "";
    RESPONSE_FORMAT_TIGHTENED = "response-format-tightened", Safe, "What comes has a form that is told", "";
    RESPONSE_FORMAT_LOOSENED = "response-format-loosened", Risky, "What comes may not have the form it had: a number may be too large for the caller's type", "Say so in the release notes.";
    REQUEST_FORMAT_CHANGED = "request-format-changed", Breaking, "Another form is due", "Take both forms, or change it in a new version.";
    RESPONSE_FORMAT_CHANGED = "response-format-changed", Breaking, "What comes is written in another form", "Give it in a new version.";
    REQUEST_PATTERN_ADDED = "request-pattern-added", Breaking, "What does not match is refused", "Take what was taken before.";
    REQUEST_PATTERN_REMOVED = "request-pattern-removed", Safe, "What does not match is taken as well", "";
    REQUEST_PATTERN_CHANGED = "request-pattern-changed", Risky, "What matched before may not match now: two patterns cannot be compared", "Check that every text the old pattern takes matches the new one.";
    RESPONSE_PATTERN_ADDED = "response-pattern-added", Safe, "What comes has a form that is told", "";
    RESPONSE_PATTERN_REMOVED = "response-pattern-removed", Risky, "What comes may not have the form it had", "Say so in the release notes.";
    RESPONSE_PATTERN_CHANGED = "response-pattern-changed", Risky, "What comes may not have the form it had: two patterns cannot be compared", "Say so in the release notes.";
    REQUEST_LIMIT_TIGHTENED = "request-limit-tightened", Breaking, "Values that were taken are out of bounds", "Take what was taken before.";
    REQUEST_LIMIT_LOOSENED = "request-limit-loosened", Safe, "More values are taken", "";
    RESPONSE_LIMIT_TIGHTENED = "response-limit-tightened", Safe, "Fewer values may come", "";
    RESPONSE_LIMIT_LOOSENED = "response-limit-loosened", Risky, "Values may come that were out of bounds", "Say so in the release notes: callers may have no room for them.";
    REQUEST_MEMBER_ADDED_REQUIRED = "request-member-added-required", Breaking, "Bodies without it are refused", "Make it optional, or bind it to a constant under `in:`.";
    REQUEST_MEMBER_ADDED = "request-member-added", Safe, "It may be sent", "";
    REQUEST_MEMBER_REMOVED = "request-member-removed", Breaking, "Bodies with it are refused, as any unknown member is", "Keep taking it.";
    REQUEST_MEMBER_IGNORED = "request-member-ignored", Risky, "It is still taken, and no longer heeded", "Keep it, or say so in the release notes.";
    REQUEST_MEMBER_BECAME_REQUIRED = "request-member-became-required", Breaking, "Bodies without it are refused", "Keep it optional, or bind it to a constant under `in:`.";
    REQUEST_MEMBER_BECAME_OPTIONAL = "request-member-became-optional", Safe, "It may be left out", "";
    RESPONSE_MEMBER_REMOVED = "response-member-removed", Breaking, "Who reads it finds nothing", "Keep it: `out:` renames members and takes them from elsewhere.";
    RESPONSE_MEMBER_ADDED = "response-member-added", Safe, "Who knows it may read it", "";
    RESPONSE_MEMBER_BECAME_OPTIONAL = "response-member-became-optional", Breaking, "It may be absent where it always came", "Check `minOccurs` in the contract; give it in a new version.";
    RESPONSE_MEMBER_BECAME_REQUIRED = "response-member-became-required", Safe, "It always comes", "";
    REQUEST_OTHERS_REFUSED = "request-others-refused", Breaking, "Members it does not name are refused", "Take them as before.";
    REQUEST_OTHERS_TAKEN = "request-others-taken", Safe, "Members it does not name are taken", "";
    RESPONSE_OTHERS_ADDED = "response-others-added", Risky, "Members it does not name may come", "Say so in the release notes: strict readers fail on them.";
    RESPONSE_OTHERS_REMOVED = "response-others-removed", Safe, "Only members it names come", "";
    REQUEST_ALTERNATIVE_REMOVED = "request-alternative-removed", Breaking, "One kind of value is refused", "Keep taking it.";
    REQUEST_ALTERNATIVE_ADDED = "request-alternative-added", Safe, "One more kind of value is taken", "";
    RESPONSE_ALTERNATIVE_REMOVED = "response-alternative-removed", Safe, "One kind of value no longer comes", "";
    RESPONSE_ALTERNATIVE_ADDED = "response-alternative-added", Breaking, "A kind of value may come that callers cannot read", "Give it in a new version.";
    DISCRIMINATOR_CHANGED = "discriminator-changed", Breaking, "Another member tells the kinds of value apart", "Keep its name: `open:` and `out:` leave it alone.";
    REQUEST_CHOICE_TIGHTENED = "request-choice-tightened", Breaking, "Combinations of members that were taken are refused", "Take what was taken before.";
    REQUEST_CHOICE_LOOSENED = "request-choice-loosened", Safe, "More combinations of members are taken", "";
    RESPONSE_CHOICE_TIGHTENED = "response-choice-tightened", Safe, "Fewer combinations of members may come", "";
    RESPONSE_CHOICE_LOOSENED = "response-choice-loosened", Risky, "Combinations of members may come that did not", "Say so in the release notes.";
    CHOICE_CHANGED = "choice-changed", Risky, "Other combinations of members are due", "Compare both choices.";
    MEMBER_DEPRECATED = "member-deprecated", Safe, "It is marked as going to end", "";
    KEYWORD_CHANGED = "keyword-changed", Risky, "A part of the schema changed that no rule knows", "Compare both.";
    DOCUMENTATION_CHANGED = "documentation-changed", Safe, "Only words for people or examples changed", "";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_who_must_act_is_told_how() {
        let mut seen = std::collections::HashSet::new();
        for rule in rules() {
            assert!(seen.insert(rule.id), "{} stands twice", rule.id);
            assert!(rule.id.bytes().all(|b| b == b'-' || b.is_ascii_lowercase()), "{}", rule.id);
            let is_safe = rule.severity == Severity::Safe;
            assert_eq!(rule.advice.is_empty(), is_safe, "{}", rule.id);
            assert!(is_safe || rule.advice.ends_with('.'), "{}", rule.id);
        }
    }
}

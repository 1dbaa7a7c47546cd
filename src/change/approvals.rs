//! Changes somebody has said yes to, by content: `.figleaf-approvals`.

use serde::Deserialize;
use serde_json::Value;

use super::changes::Change;
use super::date::Day;

/// Bytes of the file.
const FILE_BYTES_MAX: usize = 4 << 20;
/// What a new file begins with.
const HEAD: &str = "# Changes of the API that were agreed to, by content. `figleaf diff` reads this file.\napprovals:\n";

/// One approval. Unknown keys are errors.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Of the change: [`Change::fingerprint`].
    pub fingerprint: String,
    /// Its rule, for people.
    pub rule: String,
    /// Its operation, for people.
    pub operation: String,
    /// What changed, for people.
    pub text: String,
    /// Why it was approved.
    pub reason: String,
    /// Who did.
    pub by: String,
    /// The last day it holds, e.g. `2027-01-01`; without it, it always does.
    #[serde(default)]
    pub until: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    approvals: Option<Vec<Approval>>,
}

/// All approvals of a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Approvals {
    /// In the order of the file.
    pub all: Vec<Approval>,
}

/// What an approval is to say besides its change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApproval<'n> {
    /// Why.
    pub reason: &'n str,
    /// Who.
    pub by: &'n str,
    /// The last day it holds.
    pub until: Option<Day>,
}

/// Changes and approvals side by side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// For each change: the approval that holds, by place.
    pub approved: Vec<Option<usize>>,
    /// Approvals that fit a change, and hold no longer.
    pub expired: Vec<usize>,
    /// Approvals that fit no change any more.
    pub stale: Vec<usize>,
}

impl Approvals {
    /// Reads the file.
    ///
    /// # Errors
    /// YAML that is broken, keys that are unknown, a date that is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > FILE_BYTES_MAX {
            return Err(format!("it has more than {FILE_BYTES_MAX} bytes"));
        }
        let is_empty = text.lines().all(|line| line.trim().is_empty() || line.starts_with('#'));
        let file: File = if is_empty {
            File::default()
        } else {
            serde_saphyr::from_str(text).map_err(|error| error.to_string())?
        };
        let all = file.approvals.unwrap_or_default();
        for approval in &all {
            if let Some(until) = approval.until.as_deref().filter(|day| Day::parse(day).is_none()) {
                return Err(format!("`{until}` is not a day such as 2027-01-01"));
            }
        }
        Ok(Self { all })
    }

    /// Which changes are approved on a day, and which approvals are of no use.
    #[must_use]
    pub fn judge(&self, changes: &[Change], on: Day) -> Judged {
        let holds = |approval: &Approval| {
            let until = approval.until.as_deref().and_then(Day::parse);
            until.is_none_or(|until| on <= until)
        };
        let fingerprints: Vec<String> = changes.iter().map(Change::fingerprint).collect();
        let approved = fingerprints
            .iter()
            .map(|own| self.all.iter().position(|a| a.fingerprint == *own && holds(a)))
            .collect();
        let (mut expired, mut stale) = (Vec::new(), Vec::new());
        for (at, approval) in self.all.iter().enumerate() {
            if !fingerprints.contains(&approval.fingerprint) {
                stale.push(at);
            } else if !holds(approval) {
                expired.push(at);
            }
        }
        Judged { approved, expired, stale }
    }

    /// The text of the file with a change approved; what people wrote stays as it is.
    ///
    /// # Errors
    /// A text that is no such file, or one to which nothing can be added at its end.
    pub fn with(text: &str, change: &Change, new: &NewApproval<'_>) -> Result<String, String> {
        let before = Self::parse(text)?.all.len();
        let dash = text.lines().find(|line| line.trim_start().starts_with("- "));
        let indent = dash.map_or("  ", |line| &line[..line.len() - line.trim_start().len()]);
        let mut out = if before == 0 {
            let comments =
                text.lines().filter(|line| line.starts_with('#') && !HEAD.contains(*line));
            comments.map(|line| format!("{line}\n")).collect::<String>() + HEAD
        } else {
            let end = if text.ends_with('\n') { "" } else { "\n" };
            format!("{text}{end}")
        };
        let until = new.until.map(|day| day.to_string());
        let fingerprint = change.fingerprint();
        let rows = [
            ("fingerprint", Some(&*fingerprint)),
            ("rule", Some(change.rule)),
            ("operation", Some(&*change.operation)),
            ("text", Some(&*change.text)),
            ("reason", Some(new.reason)),
            ("by", Some(new.by)),
            ("until", until.as_deref()),
        ];
        let rows = rows.into_iter().filter_map(|(name, text)| Some((name, text?)));
        for (at, (name, text)) in rows.enumerate() {
            let mark = if at == 0 { "- " } else { "  " };
            // A JSON string is a YAML scalar in double quotes.
            out.push_str(&format!("{indent}{mark}{name}: {}\n", Value::from(text)));
        }
        match Self::parse(&out) {
            Ok(approvals) if approvals.all.len() == before + 1 => Ok(out),
            _ => Err("nothing can be added at its end; add the approval by hand".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Severity;

    fn change(text: &str) -> Change {
        Change {
            severity: Severity::Breaking,
            rule: "response-member-removed",
            operation: "GET /a".to_owned(),
            place: "response 200 /total".to_owned(),
            text: text.to_owned(),
            before: "required".to_owned(),
            after: String::new(),
            advice: "",
        }
    }

    fn new(until: Option<&str>) -> NewApproval<'static> {
        NewApproval {
            reason: "nobody: read it",
            by: "Jo <jo@shop.example>",
            until: until.and_then(Day::parse),
        }
    }

    #[test]
    fn an_approval_holds_until_its_day_and_is_stale_without_its_change() {
        let on = Day::parse("2026-06-30").unwrap();
        let change = change("the member `total` is gone");
        let check =
            |until: Option<&str>, changes: &[Change], expected: (Option<usize>, usize, usize)| {
                let text = Approvals::with("", &change, &new(until)).unwrap();
                let judged = Approvals::parse(&text).unwrap().judge(changes, on);
                let first = judged.approved.first().copied().flatten();
                assert_eq!((first, judged.expired.len(), judged.stale.len()), expected, "{text}");
            };
        let one = [change.clone()];
        check(None, &one, (Some(0), 0, 0));
        check(Some("2026-06-30"), &one, (Some(0), 0, 0));
        check(Some("2026-06-29"), &one, (None, 1, 0));
        check(None, &[], (None, 0, 1));
        let mut other = change.clone();
        other.before = "optional".to_owned();
        check(None, &[other], (None, 0, 1));
        // Words and lines may differ: only content counts.
        let mut reworded = change.clone();
        reworded.text = "`total` went".to_owned();
        check(None, &[reworded], (Some(0), 0, 0));
    }

    #[test]
    fn what_people_wrote_stays() {
        let first = Approvals::with("# ours\n", &change("a"), &new(None)).unwrap();
        assert!(first.starts_with("# ours\n# Changes of the API"), "{first}");
        let commented = first.replace("approvals:\n", "approvals:\n  # agreed in June\n");
        let second = Approvals::with(&commented, &change("b"), &new(None)).unwrap();
        assert!(second.starts_with(&commented), "{second}");
        assert_eq!(Approvals::parse(&second).unwrap().all.len(), 2);
        let flat = "approvals:\n- fingerprint: x\n  rule: r\n  operation: o\n  text: t\n  reason: r\n  by: b";
        assert_eq!(
            Approvals::parse(&Approvals::with(flat, &change("c"), &new(None)).unwrap())
                .unwrap()
                .all
                .len(),
            2
        );
    }

    #[test]
    fn unknown_keys_and_dates_that_are_none_are_errors() {
        let check = |text: &str, expected: &str| {
            let error = Approvals::parse(text).unwrap_err();
            assert!(error.contains(expected), "{error}");
        };
        let entry = "approvals:\n- fingerprint: x\n  rule: r\n  operation: o\n  text: t\n  reason: r\n  by: b\n";
        check(&format!("{entry}  untill: 2027-01-01\n"), "untill");
        check(&format!("{entry}  until: soon\n"), "`soon` is not a day");
        check("approved: []\n", "approved");
        check("approvals:\n- fingerprint: x\n", "rule");
    }
}

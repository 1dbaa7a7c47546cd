//! Private keys, and keys that say by their prefix who gave them out.

use std::ops::Range;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;

use super::{Kind, Token, shape};

/// Characters of the shortest key.
pub(super) const LENGTH_MIN: usize = 16;

/// Who gives keys with a prefix out, and their form.
pub(super) const GIVEN_OUT: &[(&str, &str)] = &[
    ("AWS", "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}"),
    ("GitHub", "gh[pousr]_[A-Za-z0-9]{20,255}"),
    ("GitHub", "github_pat_[A-Za-z0-9_]{20,255}"),
    ("GitLab", "gl(?:pat|rt|dt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{20,255}"),
    ("Slack", "xox[abceoprs]-[A-Za-z0-9-]{10,255}"),
    ("Slack", "xapp-[A-Za-z0-9-]{10,255}"),
    ("Slack", "hooks\\.slack\\.com/services/[A-Za-z0-9/_]{20,100}"),
    ("Stripe", "[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}"),
    ("Stripe", "whsec_[A-Za-z0-9+/=]{16,255}"),
    ("Google", "AIza[0-9A-Za-z_-]{35}"),
    ("Google", "ya29\\.[0-9A-Za-z_-]{20,255}"),
    ("Google", "GOCSPX-[0-9A-Za-z_-]{20,64}"),
    ("SendGrid", "SG\\.[0-9A-Za-z_-]{16,64}\\.[0-9A-Za-z_-]{16,64}"),
    ("Twilio", "SK[0-9a-f]{32}"),
    ("npm", "npm_[A-Za-z0-9]{36}"),
    ("PyPI", "pypi-[A-Za-z0-9_-]{32,255}"),
    ("Shopify", "shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("OpenAI, Anthropic", "sk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,255}"),
    ("DigitalOcean", "do[opr]_v1_[0-9a-f]{64}"),
    ("HashiCorp", "hv[sbr]\\.[A-Za-z0-9_-]{24,255}"),
    ("Hugging Face", "hf_[A-Za-z0-9]{30,64}"),
    ("age", "AGE-SECRET-KEY-1[0-9A-Z]{58}"),
];

/// Finds keys with a prefix.
pub(super) fn find(text: &str, mut found: impl FnMut(Range<usize>)) {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let forms: Vec<&str> = GIVEN_OUT.iter().map(|(_, form)| *form).collect();
        Regex::new(&format!(r"(?-u:\b)(?:{})", forms.join("|"))).ok()
    });
    let Some(form) = FORM.as_ref() else { return };
    form.find_iter(text).for_each(|key| found(key.range()));
}

/// Finds private keys in PEM (RFC 7468) and PGP's; one that does not end goes on to the end.
pub(super) fn find_pem(text: &str, mut found: impl FnMut(Range<usize>)) {
    const BEGIN: &str = "-----BEGIN ";
    let mut from = 0;
    while let Some(at) = text[from..].find(BEGIN) {
        let start = from + at;
        from = start + BEGIN.len();
        let Some(label) = text[from..].find("-----").map(|at| &text[from..from + at]) else {
            return;
        };
        if !label.contains("PRIVATE KEY") || label.len() > 64 {
            continue;
        }
        let end = format!("-----END {label}-----");
        let end = text[from..].find(&end).map_or(text.len(), |at| from + at + end.len());
        found(start..end);
        from = end;
    }
}

/// The lines of the key around nothing.
pub(super) fn write_pem(key: &str, number: u32) -> String {
    let label = key.strip_prefix("-----BEGIN ").and_then(|rest| rest.split("-----").next());
    let label = label.unwrap_or("PRIVATE KEY");
    let body = STANDARD.encode(format!("REDACTED-{number}"));
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----")
}

pub(super) fn read_pem(key: &str) -> Option<u32> {
    let body = key.lines().map(str::trim).nth(1)?;
    let Token { number, .. } = shape::read(Kind::Secret, body)?;
    let same = |a: &str, b: &str| a.split_whitespace().eq(b.split_whitespace());
    same(&write_pem(key, number), key).then_some(number)
}

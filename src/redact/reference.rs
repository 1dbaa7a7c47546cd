//! The tables of this room, for people.

use std::fmt::Write;

use super::names::{NAMES, Sort};
use super::{Kind, Token};
use super::{card, form::Form, headers, keys, person, shape};

/// What is found and what stands there afterwards, as Markdown tables, from the tables that do it.
#[must_use]
pub fn reference() -> String {
    let mut out = String::new();
    out.push_str("## Headers\n\n| header | what is written | why |\n|---|---|---|\n");
    for (name, what, why) in headers::table() {
        let _ = writeln!(out, "| `{name}` | {what} | {why} |");
    }
    out.push_str("\n## Names\n\n| words of the name | what it says | why |\n|---|---|---|\n");
    for (why, sort, names) in NAMES {
        let _ = writeln!(out, "| {names} | {} | {why} |", of(*sort));
    }
    out.push_str("\n## Forms in any text\n\n| what | its token, e.g. |\n|---|---|\n");
    for (what, form, value) in forms() {
        let token = form.write(value, 1).unwrap_or_default().replace('\n', " ");
        let _ = writeln!(out, "| {what} | `{token}` |");
    }
    out.push_str("\n## Keys by their prefix\n\n| given out by | form |\n|---|---|\n");
    for (who, form) in keys::GIVEN_OUT {
        let _ = writeln!(out, "| {who} | `{}` |", form.replace('|', "\\|"));
    }
    out.push_str(
        "\n## Numbers of persons\n\n| what | without a name | token | why it is nobody's |\n|---|---|---|---|\n",
    );
    for scheme in person::SCHEMES {
        let anywhere = if scheme.anywhere.is_some() { "yes" } else { "no" };
        let token = scheme.write(1).unwrap_or_default();
        let _ = writeln!(out, "| {} | {anywhere} | `{token}` | {} |", scheme.name, scheme.why);
    }
    out.push_str(
        "\n## Values known by name or path\n\n| value | token 1 | token 7 |\n|---|---|---|\n",
    );
    for value in VALUES {
        let token = |number| shape::write(value, Token { kind: Kind::Secret, number });
        let (one, seven) = (token(1), token(7));
        let _ = writeln!(out, "| `{value}` | `{one}` | `{seven}` |");
    }
    let _ = write!(out, "\n## Published card numbers\n\nThese are nobody's:\n");
    for number in card::PUBLISHED.split(' ') {
        let _ = write!(out, "\n- `{number}`");
    }
    out.push('\n');
    out
}

/// Values of each lexical form.
const VALUES: &[&str] = &[
    "a long passphrase",
    "hunter22",
    "secret",
    "4711",
    "0815",
    "52300.50",
    "1980-05-17",
    "1980-05-17T09:30:00+02:00",
    "6f9619ff-8b86-d011-b42d-00c04fc964ff",
    "deadbeef01020304",
    "qUy2Fh3nRqSoU5m9hE8e/w==",
];

fn of(sort: Sort) -> &'static str {
    match sort {
        Sort::Secret | Sort::PerhapsSecret => "all of it is a secret",
        Sort::Card => "12 to 19 digits are a card",
        Sort::Iban => "an account, right or not",
        Sort::NationalId => "a number of a person",
        Sort::Digest => "a long value is refused",
    }
}

fn forms() -> [(&'static str, Form, &'static str); 7] {
    [
        ("number of a card: known range, 14 to 19 digits, Luhn", Form::Card, "4929420573595709"),
        ("the same, American Express", Form::Card, "374245455400126"),
        ("e-mail address", Form::Email, "ada@lovelace.org"),
        ("IBAN: length of the country, modulo 97", Form::Iban, "DE02120300000000202051"),
        ("JSON Web Token: its header is JSON with `alg`", Form::Jwt, ""),
        ("private key in PEM", Form::Pem, "-----BEGIN PRIVATE KEY-----"),
        ("key with a known prefix", Form::Key, "AKIA0123456789ABCDEF"),
    ]
}

//! Numbers that states give to persons.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::card::luhn;
use super::form::alphanumeric;

/// Digits of the shortest that is known without a name.
pub(super) const DIGITS_MIN: usize = 6;

/// One country's numbers.
#[derive(Debug)]
pub(super) struct Scheme {
    /// What it is called.
    pub name: &'static str,
    /// Its form in any text. What is only digits and has no strong check is known by name only.
    pub anywhere: Option<&'static str>,
    /// Its letters and digits, in capitals and nothing between them.
    pub bare: &'static str,
    /// How its tokens are written: `n` is the number, `#` is computed.
    pub token: &'static str,
    /// Why nobody has a token's number.
    pub why: &'static str,
    /// The number as it has to be, or `None` for one that cannot be.
    check: fn(&[u8]) -> Option<Vec<u8>>,
}

/// The known ones.
pub(super) static SCHEMES: &[Scheme] = &[
    Scheme {
        name: "Social Security number (United States)",
        anywhere: Some("[0-9]{3}-[0-9]{2}-[0-9]{4}"),
        bare: "[0-9]{9}",
        token: "00000nnnn",
        why: "area 000 is never issued",
        check: ssn,
    },
    Scheme {
        name: "National Insurance number (United Kingdom)",
        anywhere: Some("[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]"),
        bare: "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]",
        token: "ZZnnnnnnA",
        why: "the prefix ZZ is not allocated",
        check: nino,
    },
    Scheme {
        name: "NIF, DNI (Spain)",
        anywhere: Some("[0-9]{8}-?[A-HJ-NP-TV-Z]"),
        bare: "[0-9]{8}[A-HJ-NP-TV-Z]",
        token: "000nnnnn#",
        why: "the lowest numbers",
        check: spanish,
    },
    Scheme {
        name: "NIE (Spain)",
        anywhere: Some("[XYZ]-?[0-9]{7}-?[A-HJ-NP-TV-Z]"),
        bare: "[XYZ][0-9]{7}[A-HJ-NP-TV-Z]",
        token: "X00nnnnn#",
        why: "the lowest numbers",
        check: spanish,
    },
    Scheme {
        name: "codice fiscale (Italy)",
        anywhere: Some("[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]"),
        bare: "[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]",
        token: "RDCTDXnnA01Z0nn#",
        why: "no place of birth has a code Z0nn",
        check: italian,
    },
    Scheme {
        name: "NIR (France)",
        anywhere: Some(
            "[12] ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
        ),
        bare: "[12][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{8}",
        token: "1000199999nnn##",
        why: "no country of birth has the code 999",
        check: french,
    },
    Scheme {
        name: "Steuer-ID (Germany)",
        anywhere: None,
        bare: "[0-9]{11}",
        token: "0000nnnnnn#",
        why: "a first digit of 0 is for tests",
        check: german,
    },
    Scheme {
        name: "CPF (Brazil)",
        anywhere: Some(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}"),
        bare: "[0-9]{11}",
        token: "0000nnnnn##",
        why: "the lowest numbers",
        check: cpf,
    },
    Scheme {
        name: "PESEL (Poland)",
        anywhere: None,
        bare: "[0-9]{11}",
        token: "000000nnnn#",
        why: "nobody is born in month 00",
        check: pesel,
    },
    Scheme {
        name: "personnummer (Sweden)",
        anywhere: Some("[0-9]{6}[-+][0-9]{4}"),
        bare: "[0-9]{10}",
        token: "000000nnn#",
        why: "nobody is born in month 00",
        check: swedish,
    },
    Scheme {
        name: "personnummer with the century (Sweden)",
        anywhere: Some("(?:19|20)[0-9]{6}-[0-9]{4}|18000000-[0-9]{4}"),
        bare: "(?:18|19|20)[0-9]{10}",
        token: "18000000nnn#",
        why: "nobody is born in month 00",
        check: swedish,
    },
    Scheme {
        name: "AHV number (Switzerland)",
        anywhere: Some(r"756\.?[0-9]{4}\.?[0-9]{4}\.?[0-9]{2}"),
        bare: "756[0-9]{10}",
        token: "75600000nnnn#",
        why: "the lowest numbers",
        check: swiss,
    },
];

impl Scheme {
    /// The token of a number; numbers begin anew where there are no more.
    pub(super) fn write(&self, number: u32) -> Option<String> {
        let places = self.token.bytes().filter(|b| *b == b'n').count();
        let number = number % 10_u32.pow(u32::try_from(places).ok()?);
        let digits = format!("{number:0places$}");
        let mut digits = digits.bytes();
        let body = self.token.bytes().map(|byte| match byte {
            b'n' => digits.next().unwrap_or(b'0'),
            b'#' => b'0',
            other => other,
        });
        String::from_utf8((self.check)(&body.collect::<Vec<u8>>())?).ok()
    }

    /// The number of a token.
    pub(super) fn read(&self, bare: &str) -> Option<u32> {
        if bare.len() != self.token.len() {
            return None;
        }
        let places = self.token.bytes().zip(bare.bytes());
        let digits: String =
            places.filter(|(place, _)| *place == b'n').map(|(_, byte)| char::from(byte)).collect();
        let number = digits.parse().ok()?;
        (self.write(number)? == bare).then_some(number)
    }

    /// Whether it is one, and its check right.
    pub(super) fn is_right(&self, bare: &str) -> bool {
        self.read(bare).is_some()
            || (self.check)(bare.as_bytes()).is_some_and(|right| right == bare.as_bytes())
    }
}

/// All forms at once, then each with its scheme.
type Forms = (RegexSet, Vec<(&'static Scheme, Regex)>);

/// Finds numbers in a text.
pub(super) fn find(text: &str, mut found: impl FnMut(Range<usize>, &'static Scheme)) {
    static FORMS: LazyLock<Option<Forms>> =
        LazyLock::new(|| {
            let form = |form: &str| format!(r"(?-u:\b)(?:{form})(?-u:\b)");
            let all = SCHEMES.iter().filter_map(|s| s.anywhere.map(|anywhere| (s, form(anywhere))));
            let all: Vec<(&Scheme, String)> = all.collect();
            let set = RegexSet::new(all.iter().map(|(_, form)| form)).ok()?;
            let each = all.iter().filter_map(|(s, form)| Some((*s, Regex::new(form).ok()?)));
            Some((set, each.collect()))
        });
    let Some((set, forms)) = FORMS.as_ref() else { return };
    for at in &set.matches(text) {
        let (scheme, form) = &forms[at];
        for number in form.find_iter(text) {
            if scheme.is_right(&alphanumeric(number.as_str())) {
                found(number.range(), scheme);
            }
        }
    }
}

/// The scheme of a value that a name says is a number of a person.
pub(super) fn named(value: &str) -> Option<&'static Scheme> {
    static FORMS: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
        RegexSet::new(SCHEMES.iter().map(|scheme| format!("^(?:{})$", scheme.bare))).ok()
    });
    let bare = alphanumeric(value);
    let matches = FORMS.as_ref()?.matches(&bare);
    let mut schemes = matches.iter().map(|at| &SCHEMES[at]).filter(|s| s.is_right(&bare));
    schemes.next()
}

fn ssn(digits: &[u8]) -> Option<Vec<u8>> {
    let (area, group, serial) = (&digits[..3], &digits[3..5], &digits[5..]);
    // Tokens are of area 000 and checked by their form.
    let never = area == b"666" || area[0] == b'9' || (area != b"000" && group == b"00");
    let is_token = area == b"000" && group == b"00";
    (!never && (is_token || (area != b"000" && serial != b"0000"))).then(|| digits.to_vec())
}

fn nino(number: &[u8]) -> Option<Vec<u8>> {
    let never: [&[u8]; 6] = [b"BG", b"GB", b"NK", b"KN", b"TN", b"NT"];
    (!never.contains(&&number[..2])).then(|| number.to_vec())
}

fn spanish(number: &[u8]) -> Option<Vec<u8>> {
    let (last, body) = number.split_last()?;
    let _ = last;
    let value = body.iter().fold(0_u32, |sum, byte| match byte {
        b'X'..=b'Z' => u32::from(byte - b'X'),
        digit => sum * 10 + u32::from(digit.saturating_sub(b'0')),
    });
    let mut right = body.to_vec();
    right.push(b"TRWAGMYFPDXBNJZSQVHLCKE"[usize::try_from(value % 23).ok()?]);
    Some(right)
}

fn italian(number: &[u8]) -> Option<Vec<u8>> {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let body = number.get(..15)?;
    let value =
        |byte: u8| usize::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' });
    let sum: u32 = body
        .iter()
        .enumerate()
        .map(|(at, byte)| match at % 2 {
            0 => ODD.get(value(*byte)).copied().unwrap_or(0),
            _ => u32::try_from(value(*byte)).unwrap_or(0),
        })
        .sum();
    let mut right = body.to_vec();
    right.push(b'A' + u8::try_from(sum % 26).ok()?);
    Some(right)
}

fn french(number: &[u8]) -> Option<Vec<u8>> {
    let body = number.get(..13)?;
    let month: u8 = std::str::from_utf8(&body[3..5]).ok()?.parse().ok()?;
    let text = std::str::from_utf8(body).ok()?.replace("2A", "19").replace("2B", "18");
    let value: u64 = text.parse().ok()?;
    // 20 to 42 and above 50 stand for months nobody knew.
    let is_month = (1..=12).contains(&month) || (20..=42).contains(&month) || month >= 50;
    is_month.then(|| [body, format!("{:02}", 97 - value % 97).as_bytes()].concat())
}

fn german(number: &[u8]) -> Option<Vec<u8>> {
    let body = number.get(..10)?;
    let mut product = 10_u32;
    for byte in body {
        let sum = (u32::from(byte - b'0') + product) % 10;
        product = if sum == 0 { 10 } else { sum } * 2 % 11;
    }
    let check = (11 - product) % 10;
    Some([body, format!("{check}").as_bytes()].concat())
}

fn cpf(number: &[u8]) -> Option<Vec<u8>> {
    let mut right = number.get(..9)?.to_vec();
    let all_same = number.iter().all(|byte| *byte == number[0]);
    for _ in 0..2 {
        let weights = (2..=u32::try_from(right.len()).ok()? + 1).rev();
        let sum: u32 = right.iter().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
        right.push(b'0' + u8::try_from(sum * 10 % 11 % 10).ok()?);
    }
    (!all_same).then_some(right)
}

fn pesel(number: &[u8]) -> Option<Vec<u8>> {
    let weights = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3];
    let body = number.get(..10)?;
    let sum: u32 = body.iter().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    Some([body, &[b'0' + u8::try_from((10 - sum % 10) % 10).ok()?]].concat())
}

/// A date, or the zeros of a token, and Luhn's digit over the last ten.
fn swedish(number: &[u8]) -> Option<Vec<u8>> {
    let body = number.get(..number.len().checked_sub(1)?)?;
    let short = body.get(body.len().checked_sub(9)?..)?;
    let two = |at: usize| std::str::from_utf8(&short[at..at + 2]).ok()?.parse::<u8>().ok();
    let (month, day) = (two(2)?, two(4)?);
    // Coordination numbers add 60 to the day.
    let is_date = (1..=12).contains(&month) && matches!(day, 1..=31 | 61..=91);
    if !is_date && &short[..6] != b"000000" {
        return None;
    }
    let check = luhn(std::iter::once(b'0').chain(short.iter().rev().copied()));
    Some([body, format!("{check}").as_bytes()].concat())
}

fn swiss(number: &[u8]) -> Option<Vec<u8>> {
    let body = number.get(..12)?;
    let weights = [1, 3].into_iter().cycle();
    let sum: u32 = body.iter().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    Some([body, format!("{}", (10 - sum % 10) % 10).as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_form_and_check() {
        let check = |text: &str, expected: &[&str]| {
            let mut all = Vec::new();
            find(text, |range, _| all.push(&text[range]));
            assert_eq!(all, expected, "{text}");
        };
        check("SSN 536-22-8726.", &["536-22-8726"]);
        check("536-22-0000 000-22-8726 666-22-8726 936-22-8726", &[]);
        check("AB 12 34 56 C, GB123456A", &["AB 12 34 56 C"]);
        check("12345678Z 12345678A X1234567L", &["12345678Z", "X1234567L"]);
        check("RSSMRA85T10A562S", &["RSSMRA85T10A562S"]);
        check("1 84 12 76 451 089 46 and 184127645108947", &["1 84 12 76 451 089 46"]);
        check("529.982.247-25 529.982.247-26", &["529.982.247-25"]);
        check("811228-9874 811328-9874", &["811228-9874"]);
        check("756.9217.0769.85", &["756.9217.0769.85"]);
        check("44051401359 86095742719", &[]);
        assert_eq!(named("44051401359").map(|s| s.name), Some("PESEL (Poland)"));
        assert_eq!(named("86095742719").map(|s| s.name), Some("Steuer-ID (Germany)"));
        assert_eq!(named("536228726").map(|s| s.name), SCHEMES.first().map(|s| s.name));
    }

    #[test]
    fn tokens_have_the_form_and_a_right_check() {
        for scheme in SCHEMES {
            for number in [1, 7, 99] {
                let token = scheme.write(number).unwrap();
                assert_eq!(token.len(), scheme.token.len());
                assert!(Regex::new(&format!("^{}$", scheme.bare)).unwrap().is_match(&token));
                assert_eq!(scheme.read(&token), Some(number), "{token}");
                assert!(scheme.is_right(&token), "{token}");
            }
        }
    }
}

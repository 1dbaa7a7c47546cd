//! Numbers of payment cards (ISO/IEC 7812).

use std::ops::Range;

/// Digits of the shortest number that is known without a name.
pub(super) const DIGITS_MIN: usize = 14;
/// Digits of the longest.
const DIGITS_MAX: usize = 19;
/// Numbers a token can have; beyond it they begin anew.
const NUMBERS_MAX: u32 = 1_000_000;

/// First digits of a brand's numbers, from and to; how many digits its numbers have; and how its
/// tokens begin. Their account numbers are zeros, as those of the brands' published test numbers
/// are.
const BRANDS: &[(&str, &str, &[usize], &str)] = &[
    ("4", "4", &[16, 19], "400000"),
    ("51", "55", &[16], "520000"),
    ("2221", "2720", &[16], "222300"),
    ("34", "34", &[15], "340000"),
    ("37", "37", &[15], "370000"),
    ("300", "305", &[14], "300000"),
    ("36", "36", &[14], "360000"),
    ("38", "39", &[14], "380000"),
    ("3528", "3589", &[16], "352800"),
    ("6011", "6011", &[16], "601100"),
    ("644", "659", &[16], "650000"),
    ("62", "62", &[16, 17, 18, 19], "620000"),
    // Dankort, RuPay, Mir
    ("5019", "5019", &[16], "501900"),
    ("6521", "6522", &[16], "652100"),
    ("2200", "2204", &[16], "220000"),
];

/// Numbers that payment companies publish for tests.
pub(super) const PUBLISHED: &str = "4111111111111111 4012888888881881 4222222222222 4242424242424242 4000056655665556 \
    4007000000027 4012000033330026 4005519200000004 4009348888881881 4217651111111119 \
    4500600000000061 5555555555554444 5105105105105100 5200828282828210 5424000000000015 \
    2223003122003222 2223000048400011 378282246310005 371449635398431 378734493671000 \
    370000000000002 6011111111111117 6011000990139424 6011000000000012 6011000991300009 \
    3056930009020004 30569309025904 38520000023237 38000000000006 36227206271667 \
    3530111333300000 3566002020360505 3566111111111113 6200000000000005 6205500000000000004";

pub(super) fn is_published(digits: &str) -> bool {
    PUBLISHED.split(' ').any(|published| published == digits)
}

fn brand(
    digits: &str,
) -> Option<&'static (&'static str, &'static str, &'static [usize], &'static str)> {
    BRANDS.iter().find(|(from, to, lengths, _)| {
        let first = digits.get(..from.len());
        lengths.contains(&digits.len()) && first.is_some_and(|first| *from <= first && first <= *to)
    })
}

/// Luhn's check.
pub(super) fn is_checked(digits: &str) -> bool {
    luhn(digits.bytes().rev()) == 0
}

/// What is missing to the next ten, the last digit first.
pub(super) fn luhn(digits: impl Iterator<Item = u8>) -> u32 {
    let sum: u32 = digits
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0');
            match at % 2 {
                0 => digit,
                _ if digit > 4 => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    (10 - sum % 10) % 10
}

/// The number of a token with as many digits as the value has.
pub(super) fn write(digits: &str, number: u32) -> String {
    let first = brand(digits).map_or("400000", |(_, _, _, first)| first);
    let width = digits.len().saturating_sub(7).max(1);
    let number = number % numbers(width);
    let body = format!("{first}{number:0width$}");
    let check = luhn(std::iter::once(b'0').chain(body.bytes().rev()));
    format!("{body}{check}")
}

/// Which token it is.
pub(super) fn read(digits: &str) -> Option<u32> {
    let width = digits.len().checked_sub(7).filter(|width| *width > 0)?;
    let number: u32 = digits.get(6..digits.len() - 1)?.parse().ok()?;
    (number < numbers(width) && write(digits, number) == digits).then_some(number)
}

fn numbers(width: usize) -> u32 {
    let power = u32::try_from(width.saturating_sub(1)).unwrap_or(0).min(6);
    10_u32.pow(power).clamp(10, NUMBERS_MAX)
}

/// Finds numbers of the known brands with a right check digit: digits in one piece, or in groups
/// with one space or dash between them.
pub(super) fn find(text: &str, mut found: impl FnMut(Range<usize>)) {
    let mut groups: Vec<(Range<usize>, Option<char>)> = Vec::new();
    let mut at = 0;
    let bytes = text.as_bytes();
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = at + bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let between = text[end..].chars().next().filter(|c| is_separator(*c));
        groups.push((at..end, between));
        let next = end + between.map_or(0, char::len_utf8);
        let goes_on = between.is_some() && bytes.get(next).is_some_and(u8::is_ascii_digit);
        if !goes_on {
            in_groups(text, &groups, &mut found);
            groups.clear();
        }
        at = next.max(end);
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '\u{a0}' | '\u{2007}' | '\u{2010}'..='\u{2013}' | '\u{202f}')
}

fn in_groups(
    text: &str,
    groups: &[(Range<usize>, Option<char>)],
    found: &mut impl FnMut(Range<usize>),
) {
    let mut first = 0;
    while first < groups.len() {
        let mut digits = String::new();
        let mut end = None;
        for (at, (range, _)) in groups.iter().enumerate().skip(first) {
            let same = at < first + 2 || groups[at - 1].1 == groups[first].1;
            digits.push_str(&text[range.clone()]);
            if !same || digits.len() > DIGITS_MAX {
                break;
            }
            // Single digits in a row are a list, not a number.
            let is_grouped = at == first || groups[first].0.len() >= 4;
            let is_number = is_grouped && brand(&digits).is_some() && is_checked(&digits);
            if is_number && stands_alone(text, groups[first].0.start..range.end) {
                end = Some(at);
            }
        }
        if let Some(end) = end {
            found(groups[first].0.start..groups[end].0.end);
            first = end;
        }
        first += 1;
    }
}

/// Part of a word, or of a number with a fraction, is no number of a card.
fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let mut after = text[range.end..].chars();
    let (next, second) = (after.next(), after.next());
    let is_fraction = next == Some('.') && second.is_some_and(|c| c.is_ascii_digit());
    let mut behind = text[..range.start].chars().rev();
    let is_behind_point =
        behind.next() == Some('.') && behind.next().is_some_and(|c| c.is_ascii_digit());
    !before.is_some_and(char::is_alphanumeric)
        && !next.is_some_and(char::is_alphanumeric)
        && !is_fraction
        && !is_behind_point
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_every_spelling() {
        let check = |text: &str, expected: &[&str]| {
            let mut all = Vec::new();
            find(text, |range| all.push(&text[range]));
            assert_eq!(all, expected, "{text}");
        };
        check("4929420573595709", &["4929420573595709"]);
        check("card 4929 4205 7359 5709, please", &["4929 4205 7359 5709"]);
        check("12 4929-4205-7359-5709 7", &["4929-4205-7359-5709"]);
        check("3763 113371 51996", &[]);
        check("3742 454554 00126", &["3742 454554 00126"]);
        check(";4929420573595709=2512", &["4929420573595709"]);
        check("4929420573595708", &[]);
        check("4929420573595709.50", &[]);
        check("x4929420573595709", &[]);
        check("49294205735957090", &[]);
        check("1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6", &[]);
        check("1763755200000", &[]);
    }

    #[test]
    fn a_token_is_a_number_of_the_same_length_and_brand() {
        for value in ["4929420573595709", "374245455400126", "5425233430109903", "30569309025904"] {
            for number in [1, 42, 999_999] {
                let token = write(value, number);
                assert_eq!(token.len(), value.len());
                assert!(is_checked(&token) && brand(&token).is_some(), "{token}");
                let shown = read(&token);
                assert_eq!(shown, Some(number % numbers(value.len() - 7)), "{token}");
            }
            assert_eq!(read(value), None);
        }
        assert_eq!(write("4929420573595709", 1), "4000000000000010".to_owned());
    }
}

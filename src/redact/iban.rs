//! Bank accounts (ISO 13616).

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Characters of the shortest.
pub(super) const LENGTH_MIN: usize = 15;
/// Numbers a token can have; beyond it they begin anew.
const NUMBERS_MAX: u32 = 1_000_000;

/// Characters in all, by country.
const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 \
    CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 \
    HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 \
    ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 \
    SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

/// Numbers of the standard's registry and of its articles, which are nobody's.
const PUBLISHED: &str = "GB82WEST12345698765432 DE89370400440532013000 FR1420041010050500013M02606 \
    CH9300762011623852957 NL91ABNA0417164300 BE68539007547034 AT611904300234573201 \
    ES9121000418450200051332 IT60X0542811101000000123456 NO9386011117947 \
    SE4550000000058398257466 PL61109010140000071219812874 GB29NWBK60161331926819 \
    GB33BUKB20201555555555";

pub(super) fn is_published(account: &str) -> bool {
    PUBLISHED.split(' ').any(|published| published == account)
}

fn length(country: &str) -> Option<usize> {
    let entry = LENGTHS.split_whitespace().find(|entry| entry.starts_with(country))?;
    entry.get(2..)?.parse().ok()
}

/// The remainder of the account, its first four characters behind, by 97; 1 where it is right.
fn remainder(account: &str) -> u32 {
    let turned = account.bytes().skip(4).chain(account.bytes().take(4));
    turned.fold(0, |sum, byte| match byte {
        b'0'..=b'9' => (sum * 10 + u32::from(byte - b'0')) % 97,
        _ => (sum * 100 + u32::from(byte.to_ascii_uppercase().saturating_sub(b'A')) + 10) % 97,
    })
}

/// A token of the same country and length: bank and branch are zeros and `X`, which no bank has.
pub(super) fn write(account: &str, number: u32) -> Option<String> {
    let country = account.get(..2)?;
    let blank = |byte: u8| if byte.is_ascii_digit() { b'0' } else { b'X' };
    let mut body: Vec<u8> = account.bytes().skip(4).map(blank).collect();
    let digits = body.iter().rev().take_while(|b| **b == b'0').count().min(6);
    // Accounts may end with letters; then the number stands before them.
    let end = match digits {
        0 => body.iter().rposition(|b| *b == b'0')? + 1,
        _ => body.len(),
    };
    let width = body[..end].iter().rev().take_while(|b| **b == b'0').count().min(6);
    let number = number % 10_u32.pow(u32::try_from(width).ok()?).min(NUMBERS_MAX);
    body[end - width..end].copy_from_slice(format!("{number:0width$}").as_bytes());
    let body = String::from_utf8(body).ok()?;
    let check = 98 - remainder(&format!("{country}00{body}"));
    Some(format!("{country}{check:02}{body}"))
}

/// Which token it is.
pub(super) fn read(account: &str) -> Option<u32> {
    let body = account.get(4..)?;
    if body.bytes().any(|b| b.is_ascii_alphabetic() && b != b'X') {
        return None;
    }
    let digits: String = body.chars().filter(char::is_ascii_digit).collect();
    let number = digits.parse::<u64>().ok().filter(|n| *n < u64::from(NUMBERS_MAX))?;
    let number = u32::try_from(number).ok()?;
    (write(account, number)? == account).then_some(number)
}

/// Finds accounts, in one piece or with single spaces between groups.
pub(super) fn find(text: &str, mut found: impl FnMut(Range<usize>)) {
    static START: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?-u:\b)[A-Z]{2}[0-9]{2} ?[A-Z0-9]").ok());
    let Some(start) = START.as_ref() else { return };
    for head in start.find_iter(text) {
        let Some(length) = length(&head.as_str()[..2]) else { continue };
        let mut account = String::new();
        let mut end = head.start();
        let mut before = ' ';
        for (at, c) in text[head.start()..].char_indices() {
            match c {
                'A'..='Z' | '0'..='9' => account.push(c),
                ' ' if before != ' ' => {}
                _ => break,
            }
            before = c;
            if account.len() == length {
                end = head.start() + at + 1;
                break;
            }
        }
        let goes_on = text[end..].starts_with(|c: char| c.is_alphanumeric());
        if account.len() == length && !goes_on && remainder(&account) == 1 {
            found(head.start()..end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_found_and_their_tokens_are_accounts() {
        let check = |text: &str, expected: &[&str]| {
            let mut all = Vec::new();
            find(text, |range| all.push(&text[range]));
            assert_eq!(all, expected, "{text}");
        };
        check("DE02120300000000202051", &["DE02120300000000202051"]);
        check("to DE02 1203 0000 0000 2020 51 EUR", &["DE02 1203 0000 0000 2020 51"]);
        check("DE03120300000000202051 DE0212030000000020205", &[]);
        for value in [
            "DE02120300000000202051",
            "GB33BUKB20201555555555",
            "FR1420041010050500013M02606",
            "MT84MALT011000012345MTLCAST001S",
        ] {
            let token = write(value, 7).unwrap();
            assert_eq!((token.len(), remainder(&token)), (value.len(), 1), "{token}");
            assert_eq!((read(&token), read(value)), (Some(7), None));
        }
        assert_eq!(write("DE02120300000000202051", 1).unwrap(), "DE09000000000000000001");
    }
}

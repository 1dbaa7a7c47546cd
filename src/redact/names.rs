//! What names say about values.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

/// What the name of an element, an attribute, a member, a parameter or a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// What lets in.
    Secret,
    /// What lets in, if it looks like that: the result of an operation about secrets.
    PerhapsSecret,
    /// The number of a card.
    Card,
    /// A bank account.
    Iban,
    /// A number of a person.
    NationalId,
    /// Computed over what may have been redacted: a signature, a digest.
    Digest,
}

/// Names of secrets, as the words of which they consist, and why. A name is one of these where
/// its words follow one another in it: `new_password2`, `userApiKey`.
pub(super) const NAMES: &[(&str, Sort, &str)] = &[
    (
        "lets in",
        Sort::Secret,
        "password, passwd, passwort, kennwort, pwd, pass word, pass phrase, passcode, pin, \
            puk, otp, totp, one time code, secret, credential, security answer, recovery code, \
            contrasena, mot de passe, wachtwoord, senha, haslo, losenord",
    ),
    (
        "stands for who has logged in",
        Sort::Secret,
        "token, session id, session key, session handle, session ticket, session cookie, \
            jsessionid, phpsessid, auth ticket, login ticket, auth cookie, jwt, bearer, saml \
            response, saml assertion, assertion xml",
    ),
    (
        "signs or decrypts",
        Sort::Secret,
        "api key, access key, secret key, private key, signing key, encryption key, auth key, \
            license key, licence key, shared key, account key, subscription key, master key, \
            client key, authorization key, connection string",
    ),
    (
        "of WS-Security and its kin: accepted once, or proof of the password",
        Sort::Secret,
        "nonce, signature value, digest value, cipher value, binary secret, entropy, password \
            digest",
    ),
    (
        "proves that one has the card",
        Sort::Secret,
        "cvv, cvc, csc, card verification, card security code, security code, track data, \
            track 1, track 2, pin block",
    ),
    (
        "a card, whatever its range",
        Sort::Card,
        "card number, card num, card no, credit card, debit card, cc number, cc num, pan, \
            primary account number, kartennummer",
    ),
    ("a bank account", Sort::Iban, "iban"),
    (
        "identifies a person",
        Sort::NationalId,
        "ssn, social security, national id, national insurance, nino, nhs number, tax id, \
            taxpayer id, tax number, tax payer id, tin, nif, nie, dni, codice fiscale, nir, \
            numero securite sociale, steuer id, steuer identnummer, steuer nummer, cpf, pesel, \
            personnummer, personal number, personal identity number, person number, bsn, ahv, \
            passport, identity card, id card, id number, driver license, drivers license, \
            driving licence",
    ),
    (
        "cannot be right any more, and tells a short secret to who tries all",
        Sort::Digest,
        "signature, digest, hmac",
    ),
];

/// Last words of names that are about a secret and hold none.
const ABOUT: &str = "type kind count length policy status state expiry expires expired expiration expire lifetime \
    ttl validity valid required enabled url uri endpoint name label format version age date time \
    timestamp hint usage scheme algorithm method mode index limit size max min attempts tries \
    error message description rules rule in at timeout country issuer question provider \
    service allowed changed set digits flag scope brand on until from to";

/// Whether a name that ends with this word is about a secret.
pub(super) fn is_about(word: &str) -> bool {
    contains(ABOUT, word)
}

fn contains(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

/// First words of names that say yes or no, or how many.
const ASKS: &str =
    "is has needs require requires must use uses allow max min total num number count";

/// First words that say that a token or a key leads somewhere in a list, and lets nobody in.
const LEADS: &str = "page next previous prev continuation cursor sync include";

/// Last words of names that [`LEADS`] may be said of.
const LED: &str = "token key cursor";

/// Last words of the elements in which an operation answers.
const ANSWERS: &str = "result results return response request reply output";

/// Words of one name in the longest entry of the table.
const WORDS_MAX: usize = 4;

static TABLE: LazyLock<HashMap<String, Sort>> = LazyLock::new(|| {
    let split = |names: &'static str| names.split(", ");
    let names = NAMES.iter().flat_map(|(_, sort, names)| split(names).map(move |n| (n, *sort)));
    names.map(|(name, sort)| (name.replace(' ', ""), sort)).collect()
});

/// Every entry of the table: a name without any of them says nothing, as most do.
static ENTRIES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let entries: Vec<&str> = TABLE.keys().map(String::as_str).collect();
    Regex::new(&entries.join("|")).ok()
});

/// What a name says, and whether the name says nothing else.
pub(super) fn sort(name: &str) -> Option<(Sort, bool)> {
    if !ENTRIES.as_ref().is_some_and(|entries| entries.is_match(&joined(name))) {
        return None;
    }
    let words = words(name);
    let table = &*TABLE;
    let is = |list: &str, word: Option<&String>| word.is_some_and(|word| contains(list, word));
    let mut found = None;
    'all: for from in 0..words.len() {
        let mut joined = String::new();
        for (count, word) in words[from..].iter().take(WORDS_MAX).enumerate() {
            joined.push_str(word);
            let stem = joined.trim_end_matches(|c: char| c.is_ascii_digit());
            let sort = [&*joined, stem, stem.strip_suffix('s').unwrap_or(stem)];
            let Some(sort) = sort.into_iter().find_map(|form| table.get(form)) else { continue };
            // A digest of a password is the password to who tries all.
            let is_better = found.is_none_or(|(s, _)| s == Sort::Digest);
            if is_better {
                found = Some((*sort, count + 1 == words.len()));
            }
            if *sort != Sort::Digest {
                break 'all;
            }
        }
    }
    let (sort, is_whole) = found?;
    if words.len() > 1
        && (is(ABOUT, words.last())
            || is(ASKS, words.first())
            || is(LEADS, words.first()) && is(LED, words.last()))
        && !is_whole
    {
        return None;
    }
    let answers = is(ANSWERS, words.last()) && sort == Sort::Secret;
    Some((if answers { Sort::PerhapsSecret } else { sort }, is_whole))
}

/// The words of a name, joined: two spellings of one name have the same.
pub(super) fn joined(name: &str) -> String {
    if name.is_ascii() {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        return letters.map(|b| char::from(b.to_ascii_lowercase())).collect();
    }
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `newPassword` → `new password`: at capitals, and where something is neither letter nor digit.
/// A run of capitals is one word up to the last, which begins the next.
pub(super) fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let begins = c.is_uppercase()
            && before.is_some_and(|before| {
                let acronym = before.is_uppercase();
                let ends = chars.get(at + 1).is_some_and(|after| after.is_lowercase());
                before.is_alphanumeric() && (!acronym || ends)
            });
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Last words of names whose values look like secrets and are none: what is looked up by,
/// compared by, or binary content.
const HARMLESS: &str = "id ids identifier uuid guid oid etag hash checksum md5 sha1 sha256 crc fingerprint \
    thumbprint version rowversion timestamp cursor reference ref number no nr code uri url href \
    path location name action type image photo picture logo icon thumbnail document doc file \
    content contents data attachment binary blob bytes base64 base64binary payload pdf body \
    certificate cert x509 modulus exponent page bookmark p q g y continuation correlation trace \
    traceparent tracestate boundary key keys schema xml zip raw stream chunk map wkb";

/// Whether a value with this name may look random and be no secret.
pub(super) fn is_harmless(name: &str) -> bool {
    let words = words(name);
    let stem = |word: &String| word.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    words.last().is_some_and(|last| contains(HARMLESS, last) || contains(HARMLESS, &stem(last)))
        || words.first().is_some_and(|first| matches!(&**first, "page" | "next" | "x509"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_word_by_word() {
        let check = |name: &str, expected: Option<Sort>| {
            assert_eq!(sort(name).map(|(sort, _)| sort), expected, "{name}");
        };
        let secrets = "password Password newPassword2 user_pwd PASSWD apiKey API-KEY ApiKeyValue \
            clientSecret access_token sessionId SESSIONID JSESSIONID pin pinCode cvv2 CVC tokens \
            db.password BinarySecurityToken SignatureValue Nonce PasswordDigest oneTimeCode \
            AWSSecretKey PrivateKey passwordHash";
        secrets.split_whitespace().for_each(|name| check(name, Some(Sort::Secret)));
        let nothing = "tokenType expires_in tokenExpiry PasswordPolicy isTokenValid hasPassword \
            nextPageToken maxTokens spinning pinned opinion session key secretary passenger \
            companyName panel stateProvince tokenized authorizationCode shipping tinted";
        nothing.split_whitespace().for_each(|name| check(name, None));
        check("ChangePasswordResult", Some(Sort::PerhapsSecret));
        check("cardNumber", Some(Sort::Card));
        check("CreditCard_No", Some(Sort::Card));
        check("IBAN", Some(Sort::Iban));
        check("taxId", Some(Sort::NationalId));
        check("customerSSN", Some(Sort::NationalId));
        check("requestSignature", Some(Sort::Digest));
        check("signatureDate", None);
        assert_eq!(sort("token"), Some((Sort::Secret, true)));
        assert_eq!(sort("userToken"), Some((Sort::Secret, false)));
    }
}

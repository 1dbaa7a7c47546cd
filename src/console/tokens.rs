//! Who may come in, and what each may do: a line each of name, role and token.

use sha2::{Digest, Sha256};

use super::Role;

/// What stands before a token that is given by its hash.
const HASHED: &str = "sha256:";
/// The least bytes of a token that is given itself: it must not be guessed.
const TOKEN_BYTES_MIN: usize = 20;
/// Names that are no person's.
const RESERVED: &[&str] = &["figleaf", "mapping", "local"];
/// Bytes of a hash.
const HASH_BYTES: usize = 32;

/// Why a file of tokens cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenProblem {
    /// A line that is not three words.
    #[error("line {0}: a line is a name, a role and a token")]
    Words(usize),
    /// A name that figleaf uses itself, or that is there twice.
    #[error("line {0}: the name `{1}` is taken")]
    Name(usize, String),
    /// No role of this name.
    #[error("line {0}: `{1}` is no role; viewer, operator, releaser and owner are")]
    Role(usize, String),
    /// A token that is too short, or a hash that is none. It is not repeated here.
    #[error(
        "line {0}: a token has {TOKEN_BYTES_MIN} bytes or more, or is `sha256:` and 64 hexadecimal digits"
    )]
    Token(usize),
    /// A token that is there twice.
    #[error("line {0}: another name has the same token")]
    Twice(usize),
    /// Nobody could come in.
    #[error("there is no token in it")]
    Empty,
}

/// One who may come in.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub name: String,
    pub role: Role,
    hash: [u8; HASH_BYTES],
}

/// Everybody who may come in. Of tokens only hashes are kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens(Vec<Holder>);

impl Tokens {
    /// Reads lines of a name, a role and a token: the token itself, or `sha256:` and its hash
    /// in hexadecimal digits. Empty lines and those that begin with `#` are nothing.
    ///
    /// # Errors
    /// The first line that cannot be used.
    pub fn parse(text: &str) -> Result<Self, TokenProblem> {
        let mut holders: Vec<Holder> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            let [name, role, token] = words[..] else { return Err(TokenProblem::Words(number)) };
            let is_known = RESERVED.contains(&name) || holders.iter().any(|h| h.name == name);
            if is_known {
                return Err(TokenProblem::Name(number, name.to_owned()));
            }
            let role =
                Role::parse(role).ok_or_else(|| TokenProblem::Role(number, role.to_owned()))?;
            let hash = hash_of(token).ok_or(TokenProblem::Token(number))?;
            if holders.iter().any(|holder| holder.hash == hash) {
                return Err(TokenProblem::Twice(number));
            }
            holders.push(Holder { name: name.to_owned(), role, hash });
        }
        if holders.is_empty() { Err(TokenProblem::Empty) } else { Ok(Self(holders)) }
    }

    /// Whose token it is. All are looked at, each to its end, whichever it is.
    pub(super) fn holder(&self, token: &str) -> Option<&Holder> {
        let asked: [u8; HASH_BYTES] = Sha256::digest(token.as_bytes()).into();
        let mut found = None;
        for holder in &self.0 {
            if same(&holder.hash, &asked) {
                found = Some(holder);
            }
        }
        found
    }
}

/// Takes as long for what differs in the first byte as for what differs in the last.
fn same(a: &[u8; HASH_BYTES], b: &[u8; HASH_BYTES]) -> bool {
    let difference = a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b));
    std::hint::black_box(difference) == 0
}

fn hash_of(token: &str) -> Option<[u8; HASH_BYTES]> {
    let Some(digits) = token.strip_prefix(HASHED) else {
        let long = token.len() >= TOKEN_BYTES_MIN;
        return long.then(|| Sha256::digest(token.as_bytes()).into());
    };
    if digits.len() != HASH_BYTES * 2 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut hash = [0; HASH_BYTES];
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_name_a_role_and_a_token() {
        let check = |text: &str, expected: Result<usize, &str>| {
            let read = Tokens::parse(text).map(|tokens| tokens.0.len());
            assert_eq!(read.map_err(|e| e.to_string()), expected.map_err(str::to_owned), "{text}");
        };
        let hash = format!("sha256:{}", "ab".repeat(32));
        check(&format!("# who\n\nada owner {hash}\nbob viewer a-token-of-20-bytes!!\n"), Ok(2));
        check("", Err("there is no token in it"));
        check("ada owner", Err("line 1: a line is a name, a role and a token"));
        check(
            "# x\nada admin a-token-of-20-bytes!!",
            Err("line 2: `admin` is no role; viewer, operator, releaser and owner are"),
        );
        check("figleaf owner a-token-of-20-bytes!!", Err("line 1: the name `figleaf` is taken"));
        let short =
            "line 1: a token has 20 bytes or more, or is `sha256:` and 64 hexadecimal digits";
        check("ada owner secret", Err(short));
        check("ada owner sha256:abc", Err(short));
        check(
            &format!("ada owner {hash}\nbob viewer {hash}"),
            Err("line 2: another name has the same token"),
        );
    }

    #[test]
    fn a_token_is_known_by_its_hash() {
        // printf %s correct-horse-battery-staple | sha256sum
        let text = "ada owner sha256:87cbebfeebc05f7c54ac9336c4b4bbec831227a641951a4bde7edd56020f8590\n\
                    bob viewer another-token-of-bob\n";
        let tokens = Tokens::parse(text).unwrap();
        let check = |token: &str, expected: Option<(&str, Role)>| {
            let found = tokens.holder(token).map(|holder| (holder.name.as_str(), holder.role));
            assert_eq!(found, expected, "{token}");
        };
        check("correct-horse-battery-staple", Some(("ada", Role::Owner)));
        check("another-token-of-bob", Some(("bob", Role::Viewer)));
        check("correct-horse-battery-stapl", None);
        check("", None);
    }
}

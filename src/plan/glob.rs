//! Patterns over names.

/// Whether a name matches a pattern in which `*` stands for any run of characters.
#[must_use]
pub fn glob_matches(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    if !pattern.contains('*') {
        return rest.is_empty();
    }
    let mut last = "";
    let pieces: Vec<&str> = pieces.collect();
    for (at, piece) in pieces.iter().enumerate() {
        if at + 1 == pieces.len() {
            last = piece;
        } else {
            match rest.find(piece) {
                Some(found) => rest = &rest[found + piece.len()..],
                None => return false,
            }
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run() {
        let check = |pattern, name, expected| {
            assert_eq!(glob_matches(pattern, name), expected, "{pattern} {name}");
        };
        check("Client.Auth*", "Client.Authentication", true);
        check("Client.Auth*", "Client", false);
        check("Client", "Client.Auth", false);
        check("*NotFound", "OrderNotFound", true);
        check("*a*b", "xaxab", true);
        check("ab*ba", "aba", false);
        check("*", "", true);
    }
}

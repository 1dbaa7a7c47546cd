//! A short text that a pattern of XML Schema accepts. The caller checks it.

/// Groups inside each other.
const GROUP_DEPTH_MAX: u32 = 16;
/// Characters of a generated text.
const TEXT_CHARS_MAX: usize = 256;

/// A text for a pattern, every open quantifier taken `extra` times more than it must be.
pub(super) fn generate(pattern: &str, extra: usize) -> Option<String> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut walk = Walk { chars: &chars, at: 0, extra };
    let text = walk.branches(0)?;
    (walk.at == chars.len()).then_some(text)
}

struct Walk<'p> {
    chars: &'p [char],
    at: usize,
    extra: usize,
}

impl Walk<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    /// The first branch; the others are passed over.
    fn branches(&mut self, depth: u32) -> Option<String> {
        if depth > GROUP_DEPTH_MAX {
            return None;
        }
        let first = self.branch(depth)?;
        while self.peek() == Some('|') {
            self.at += 1;
            self.branch(depth)?;
        }
        Some(first)
    }

    fn branch(&mut self, depth: u32) -> Option<String> {
        let mut text = String::new();
        while let Some(c) = self.peek() {
            if matches!(c, '|' | ')') {
                break;
            }
            let atom = self.atom(depth)?;
            let times = self.times()?;
            let room = TEXT_CHARS_MAX.checked_sub(text.chars().count())?;
            if atom.chars().count().checked_mul(times)? > room {
                return None;
            }
            text.push_str(&atom.repeat(times));
        }
        Some(text)
    }

    fn atom(&mut self, depth: u32) -> Option<String> {
        match self.next()? {
            '(' => {
                let inner = self.branches(depth + 1)?;
                (self.next()? == ')').then_some(inner)
            }
            '[' => self.class().map(String::from),
            '.' => Some("a".to_owned()),
            '\\' => self.escape().map(|(c, _)| String::from(c)),
            c => Some(String::from(c)),
        }
    }

    fn times(&mut self) -> Option<usize> {
        let (least, most) = match self.peek() {
            Some('?') => (0, Some(1)),
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('{') => {
                let close = self.chars[self.at..].iter().position(|c| *c == '}')?;
                let inner: String = self.chars[self.at + 1..self.at + close].iter().collect();
                self.at += close;
                match inner.split_once(',') {
                    None => (inner.parse().ok()?, Some(inner.parse().ok()?)),
                    Some((least, "")) => (least.parse().ok()?, None),
                    Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
                }
            }
            _ => return Some(1),
        };
        self.at += 1;
        let wanted = self.extra.checked_add(least)?;
        Some(most.map_or(wanted, |most: usize| wanted.min(most)))
    }

    /// A character for an escape, and whether it stands for a whole class.
    fn escape(&mut self) -> Option<(char, bool)> {
        Some(match self.next()? {
            'd' => ('1', true),
            'w' | 'i' | 'c' | 'D' | 'S' => ('a', true),
            's' | 'W' => (' ', true),
            'n' => ('\n', false),
            'r' => ('\r', false),
            't' => ('\t', false),
            'p' => {
                let close = self.chars[self.at..].iter().position(|c| *c == '}')?;
                let name: String = self.chars[self.at + 1..self.at + close].iter().collect();
                self.at += close + 1;
                match name.as_str() {
                    "Lu" => ('A', true),
                    "N" | "Nd" => ('1', true),
                    "L" | "Ll" | "IsBasicLatin" => ('a', true),
                    _ => return None,
                }
            }
            c if !c.is_alphanumeric() => (c, false),
            _ => return None,
        })
    }

    fn class(&mut self) -> Option<char> {
        let negated = self.peek() == Some('^');
        self.at += usize::from(negated);
        let mut ranges: Vec<(char, char)> = Vec::new();
        loop {
            let start = match self.next()? {
                ']' => break,
                // Class subtraction: the caller's check will tell.
                '[' => return None,
                '\\' => self.escape()?,
                c => (c, false),
            };
            let has_end = self.peek() == Some('-')
                && self.chars.get(self.at + 1).is_some_and(|c| !matches!(c, ']' | '['));
            if !has_end || start.1 {
                ranges.push(class_range(start));
                continue;
            }
            self.at += 1;
            let end = match self.next()? {
                '\\' => self.escape()?.0,
                c => c,
            };
            ranges.push((start.0, end));
        }
        let has = |c: char| ranges.iter().any(|(start, end)| (*start..=*end).contains(&c));
        if negated {
            return ['a', 'A', '1', '-', ' ', '_', 'z'].into_iter().find(|c| !has(*c));
        }
        let (start, end) = *ranges.first()?;
        Some(if start == '0' && end > '0' { '1' } else { start })
    }
}

/// What an escape takes out of a negated class, near enough.
fn class_range((c, is_class): (char, bool)) -> (char, char) {
    match c {
        '1' if is_class => ('0', '9'),
        'a' if is_class => ('a', 'z'),
        'A' if is_class => ('A', 'Z'),
        _ => (c, c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_made_for_a_pattern() {
        let check = |pattern: &str, extra, expected: Option<&str>| {
            assert_eq!(generate(pattern, extra).as_deref(), expected, "{pattern}");
        };
        check("[A-Z]{2}[0-9]{3}", 0, Some("AA111"));
        check(r"\d+(\.\d{2})?", 0, Some("1"));
        check(r"\d+(\.\d{2})?", 1, Some("11.11"));
        check("(abc|def)-[^a-z]x*", 0, Some("abc-A"));
        check("[a-z-[aeiou]]", 0, None);
        check("(((", 0, None);
        check("a{9999}", 0, None);
    }
}

//! What stands in quotes, and what a `$`, a `?` or a colon is.

use super::lexer::{Kind, Lexer, continues_word, starts_word};

impl Lexer<'_> {
    /// In `'…'`, `"…"` or backticks; the quote twice is one of it.
    pub fn quoted(&mut self, kind: Kind) {
        let quote = self.bytes[self.at];
        let mut length = 1;
        loop {
            length = self.count(length, |byte| byte != quote) + 1;
            if self.at + length > self.bytes.len() {
                return self.never_closed(1);
            }
            if self.peek(length) != Some(quote) {
                return self.push(kind, length);
            }
            length += 1;
        }
    }

    /// `E'…'`, where a backslash takes the next character's meaning. It goes on behind white
    /// space with a line break, as all strings do, and its backslashes with it.
    pub fn escaped_string(&mut self) {
        let mut length = 2;
        loop {
            length = self.count(length, |byte| byte != b'\'' && byte != b'\\');
            length += match (self.peek(length), self.peek(length + 1)) {
                (None, _) | (Some(b'\\'), None) => return self.never_closed(2),
                (Some(b'\\'), _) | (_, Some(b'\'')) => 2,
                _ => match self.continuation(length + 1) {
                    Some(next) => next - length,
                    None => return self.push(Kind::Text, length + 1),
                },
            };
        }
    }

    /// The distance to what is behind the quote that goes on with a string.
    fn continuation(&self, mut length: usize) -> Option<usize> {
        let mut broken = false;
        loop {
            match (self.peek(length)?, self.peek(length + 1)) {
                (b'\n' | b'\r', _) => (broken, length) = (true, length + 1),
                (b' ' | b'\t' | 0x0b | 0x0c, _) => length += 1,
                (b'-', Some(b'-')) => {
                    length = self.count(length + 2, |byte| byte != b'\n' && byte != b'\r');
                }
                (b'\'', _) if broken => return Some(length + 1),
                _ => return None,
            }
        }
    }

    /// SQLite's `[…]`.
    pub fn bracketed_name(&mut self) {
        let length = self.count(1, |byte| byte != b']') + 1;
        if self.at + length > self.bytes.len() {
            return self.never_closed(1);
        }
        self.push(Kind::Name, length);
    }

    fn never_closed(&mut self, opener: usize) {
        let range = self.at..self.at + opener;
        self.problem(range, "opens a text that never ends", "close the quote, or double it");
        self.at = self.bytes.len();
    }

    /// PostgreSQL's `$$…$$`, `$tag$…$tag$` and `$1`.
    pub fn dollar(&mut self) {
        match self.peek(1) {
            Some(b'0'..=b'9') => return self.placeholder(),
            Some(byte) if byte == b'$' || starts_word(byte) => {}
            _ => return self.push(Kind::Symbol, 1),
        }
        let tag = self.count(1, |byte| continues_word(byte) && byte != b'$');
        if self.peek(tag) != Some(b'$') {
            return self.push(Kind::Symbol, 1);
        }
        let delimiter = &self.text[self.at..=self.at + tag];
        match self.text[self.at + tag + 1..].find(delimiter) {
            Some(inside) => self.push(Kind::Text, 2 * (tag + 1) + inside),
            None => self.never_closed(tag + 1),
        }
    }

    /// `$1`, `?`, `?1`, `@name`, `$name`: what this program writes itself.
    pub fn placeholder(&mut self) {
        let length = self.count(1, continues_word);
        let range = self.at..self.at + length;
        let help = "name the parameter, as in `:name`; positions are counted for you";
        self.problem(range, "is a placeholder by position or of another style", help);
        self.push(Kind::Symbol, length);
    }

    /// `:name`, `::`, `:=`, `\:` and a colon of a slice.
    ///
    /// In brackets, a colon directly behind an operand belongs to the slice: `a[1:n]` and
    /// `a[lo:hi]` are slices of columns, `a[:n]` and `a[1: :n]` hold the parameter `n`. So
    /// do the pairs of `json_object('k':v)`.
    pub fn colon(&mut self) {
        let plain = match (self.bytes[self.at], self.peek(1)) {
            (b'\\', _) => (Kind::Colon, 2),
            (_, Some(b':' | b'=')) => (Kind::Symbol, 2),
            (_, Some(byte)) if byte.is_ascii_alphabetic() || byte == b'_' => {
                if !self.colon_of_group() {
                    return self.parameter();
                }
                (Kind::Symbol, 1)
            }
            _ => (Kind::Symbol, 1),
        };
        if !self.postgres {
            let range = self.at..self.at + plain.1;
            let help = "a parameter is `:name`, a letter first; for `::` write `cast(x as type)`";
            self.problem(range, "means nothing in SQLite", help);
        }
        self.push(plain.0, plain.1);
    }

    fn colon_of_group(&self) -> bool {
        use Kind::{Close, Name, Number, Parameter, Text, Word};
        let operand = self.done.tokens.last().is_some_and(|token| {
            token.range.end == self.at
                && matches!(token.kind, Word | Name | Text | Number | Parameter | Close)
        });
        operand && self.groups.last().is_some_and(|group| group.colons)
    }

    fn parameter(&mut self) {
        let length = self.count(1, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let whole = self.count(1, continues_word);
        if whole > length {
            let range = self.at..self.at + whole;
            let help = "use letters of ASCII, digits and underscores";
            self.problem(range, "is not a name of a parameter", help);
        }
        self.push(Kind::Parameter, length.max(whole));
    }
}

//! The messages of one exchange, one after another.

use std::collections::HashSet;

use super::edits::Edits;
use super::known::{Known, KnownValues};
use super::place::{At, Holds, Lines, Step};
use super::{Kind, Redactor, Token, TokenBook};

/// A token that has no form of its own says what another message has shown of its value; what a
/// request shows alone may be something else.
fn kind_of_mark(kind: Kind) -> Kind {
    match kind {
        Kind::Named | Kind::NationalId => Kind::Secret,
        kind => kind,
    }
}

/// Doubts that are told of; one is enough to write nothing.
const DOUBTS_MAX: usize = 1000;

/// A value that looks like a secret where no rule says what it is: nothing may be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} may hold {what}")]
pub struct Unsure {
    /// Where it stands: a path of the message, the name of a header, a JSON pointer.
    pub path: String,
    /// What it looks like; never the value.
    pub what: String,
}

/// A value that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where it stood, as of [`Unsure::path`].
    pub place: String,
    /// What stands there now.
    pub token: Token,
}

impl std::fmt::Display for Finding {
    /// `secret-1 Body/Login/password`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.token, self.place)
    }
}

/// Goes through the messages of one exchange. The same value gets the same token in all of them.
///
/// What a name or a path has shown to be a secret is one wherever it stands in the exchange, so
/// what the caller sent comes first, then [`Redaction::request`], then the answer and what the
/// facade made of it. A value that turns out to be a secret after it was written is [`Unsure`].
#[derive(Debug)]
pub struct Redaction<'r> {
    pub(super) redactor: &'r Redactor,
    book: Book<'r>,
    known: KnownValues,
    /// Where the search is.
    pub(super) place: Vec<Step>,
    /// Lines, where places are those.
    pub(super) lines: Option<Lines>,
    /// Which message it is in, from 1.
    message: u32,
    /// Whether values are learned in this message that may stand before their name.
    has_learned: bool,
    /// How many tokens stood there already.
    pub(super) standing: u64,
    /// Whether other messages' secrets must not be replaced in this one.
    is_request: bool,
    tokens: Vec<Token>,
    noted: HashSet<Token>,
    originals: Vec<Option<Token>>,
    findings: Vec<Finding>,
    doubts: Vec<Unsure>,
    /// Doubts of this message that a second search does not see again.
    lasting: Vec<Unsure>,
}

#[derive(Debug)]
enum Book<'r> {
    /// Goes with the exchange.
    Own(TokenBook),
    /// Of a recording.
    Shared(&'r mut TokenBook),
    /// For keys: live values and tokens alike are counted anew.
    Key(TokenBook),
}

impl<'r> Redaction<'r> {
    /// Begins an exchange whose tokens begin with 1.
    #[must_use]
    pub fn new(redactor: &'r Redactor) -> Self {
        Self::of(redactor, Book::Own(TokenBook::new([0; 32])))
    }

    /// Begins an exchange of a recording: its values have the tokens the book gives them.
    #[must_use]
    pub fn with(redactor: &'r Redactor, book: &'r mut TokenBook) -> Self {
        Self::of(redactor, Book::Shared(book))
    }

    /// For a key: live secrets and tokens are both replaced by marks, [`Token::mark`], numbered by
    /// their first places. A live message and a recording of it come out the same,
    /// whatever their tokens' numbers and whatever form they have. It is not to be written down.
    #[must_use]
    pub fn for_key(redactor: &'r Redactor) -> Self {
        Self::of(redactor, Book::Key(TokenBook::new([0; 32])))
    }

    fn of(redactor: &'r Redactor, book: Book<'r>) -> Self {
        Self {
            redactor,
            book,
            known: KnownValues::default(),
            place: Vec::new(),
            lines: None,
            message: 0,
            has_learned: false,
            standing: 0,
            is_request: false,
            tokens: Vec::new(),
            noted: HashSet::new(),
            originals: Vec::new(),
            findings: Vec::new(),
            doubts: Vec::new(),
            lasting: Vec::new(),
        }
    }

    /// Tokens in the messages so far, each once, in the order of their first places.
    pub fn tokens(&self) -> impl Iterator<Item = Token> {
        self.tokens.iter().copied()
    }

    /// What stood in the place of each of [`Redaction::tokens`]: the token, or `None` for a value.
    pub fn originals(&self) -> &[Option<Token>] {
        &self.originals
    }

    /// What was replaced so far, in the order of the places.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What may be a secret, everywhere so far; the first of each message was its error.
    pub fn doubts(&self) -> &[Unsure] {
        &self.doubts
    }

    /// Redacts one message: again, if it showed a secret that may stand before its name in it.
    pub(super) fn message<T>(
        &mut self,
        place: &str,
        mut redact: impl FnMut(&mut Self, Option<T>) -> T,
    ) -> Result<T, Unsure> {
        let doubts = self.doubts.len();
        self.message += 1;
        self.has_learned = false;
        self.place.clear();
        if !place.is_empty() {
            self.place.push(Step::Text(place.to_owned()));
        }
        let mut redacted = redact(self, None);
        if self.has_learned {
            self.doubts.truncate(doubts);
            redacted = redact(self, Some(redacted));
        }
        self.doubts.append(&mut self.lasting);
        self.is_request = false;
        match self.doubts.get(doubts) {
            Some(doubt) => Err(doubt.clone()),
            None => Ok(redacted),
        }
    }

    /// The next message is a request: see [`Redaction::request`].
    pub(super) fn set_request(&mut self) {
        self.is_request = true;
    }

    /// Where the search is, written out.
    fn here(&self) -> String {
        let steps: Vec<String> = self.place.iter().map(ToString::to_string).collect();
        steps.join("/")
    }

    /// Reports what may be a secret.
    pub(super) fn doubt(&mut self, what: impl Into<String>) {
        let doubt = Unsure { path: self.here(), what: what.into() };
        if self.doubts.len() < DOUBTS_MAX && !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    /// What stands in the place of a value from now on; `None` leaves it.
    pub(super) fn put(
        &mut self,
        kind: Kind,
        canonical: &str,
        write: impl FnOnce(Token) -> Option<String>,
    ) -> Option<String> {
        let token = match &mut self.book {
            Book::Own(book) => book.token(kind, canonical),
            Book::Shared(book) => book.token(kind, canonical),
            Book::Key(book) => book.token(kind_of_mark(kind), &format!("{kind:?} {canonical}")),
        };
        self.note(token, None);
        if matches!(self.book, Book::Key(_)) {
            return Some(token.mark());
        }
        let Some(written) = write(token) else {
            self.doubt(format!("{}, of a form no token has", kind.what()));
            return None;
        };
        self.findings.push(Finding { place: self.here(), token });
        Some(written)
    }

    /// A token that stands there already; it is left, or renamed for a key.
    pub(super) fn stands(&mut self, token: Token) -> Option<String> {
        self.standing += 1;
        let Book::Key(book) = &mut self.book else {
            self.note(token, Some(token));
            return None;
        };
        // No value has a control character in it.
        let renamed = book.token(kind_of_mark(token.kind), &format!("\0{token}"));
        self.note(renamed, Some(token));
        Some(renamed.mark())
    }

    fn note(&mut self, token: Token, original: Option<Token>) {
        if self.noted.insert(token) {
            self.tokens.push(token);
            self.originals.push(original);
        }
    }

    /// Remembers a value that a name or a path has shown to be a secret.
    pub(super) fn learn(&mut self, value: &str, name: &str, kind: Kind, token: Token, shown: &str) {
        let (message, shown) = (self.message, shown.to_owned());
        let known = Known { kind, token, shown, message, names: Vec::new() };
        let (is_new, seen) = self.known.learn(value, name, known);
        self.has_learned |= is_new;
        if seen.is_some_and(|seen| seen < self.message) {
            let what = "that stands elsewhere in the exchange under a name that does not say so";
            let what = format!("{} {what}", kind.what());
            self.lasting.push(Unsure { path: self.here(), what });
        }
    }

    /// What stands in the place of a value that is known; `None` where it is not, or must stay.
    pub(super) fn recall(&mut self, value: &str, at: At<'_>) -> Option<String> {
        let known = self.known.get(value, at.name)?.clone();
        let is_named = matches!(at.holds, Holds::Whole(_));
        if is_named {
            self.has_learned |= self.known.meet(value, self.message);
        } else if self.is_foreign(&known) {
            return None;
        }
        self.known_at(value, &known)
    }

    /// Reports a value of another message in a request that nothing in the request says is one.
    pub(super) fn doubt_foreign(&mut self, value: &str, at: At<'_>) {
        if let Some(known) = self.known.get(value, at.name).cloned()
            && self.is_foreign(&known)
            && known.shown != value
        {
            self.doubt(format!(
                "{} the caller sent, under a name that does not say so: name it in `redact:`",
                known.kind.what()
            ));
        }
    }

    fn is_foreign(&self, known: &Known) -> bool {
        self.is_request && known.message < self.message
    }

    fn known_at(&mut self, value: &str, known: &Known) -> Option<String> {
        if known.shown == value {
            self.note(known.token, Some(known.token));
            return None;
        }
        self.note(known.token, None);
        if !matches!(self.book, Book::Key(_)) {
            self.findings.push(Finding { place: self.here(), token: known.token });
        }
        Some(known.shown.clone())
    }

    /// Known values inside of a text.
    pub(super) fn recall_inside(&mut self, text: &str, edits: &mut Edits) {
        for (range, known) in self.known.find(text) {
            if edits.is_free(&range) {
                let line = self.enter_line(range.start);
                let value = &text[range.clone()];
                let is_foreign = self.is_foreign(&known);
                let put = if is_foreign { None } else { self.known_at(value, &known) };
                self.doubt_foreign(value, At::text());
                self.leave_line(line);
                edits.put(range, put);
            }
        }
    }

    /// Whether this is for a key: then what was encoded stays decoded where it has a mark.
    pub(super) fn is_for_key(&self) -> bool {
        matches!(self.book, Book::Key(_))
    }

    /// Whether a text is a mark in a message for a key.
    pub(super) fn is_mark(&self, text: &str) -> bool {
        let whole = 0..text.len();
        self.is_for_key() && Token::marks(text).any(|(range, _)| range == whole)
    }

    /// Adds the line of a place in a text to where the search is; whether there is one.
    pub(super) fn enter_line(&mut self, at: usize) -> bool {
        let is_in_line = matches!(self.place.last(), Some(Step::Line(_)));
        let line = self.lines.as_ref().filter(|_| !is_in_line).map(|lines| lines.number(at));
        self.place.extend(line.map(Step::Line));
        line.is_some()
    }

    /// Takes it away again.
    pub(super) fn leave_line(&mut self, has_entered: bool) {
        if has_entered {
            self.place.pop();
        }
    }

    /// Remembers that a value was left as it is.
    pub(super) fn leave(&mut self, value: &str) {
        self.known.leave(value, self.message);
    }
}

//! Parts of a multipart body as its bytes come (RFC 2046, section 5.1.1).
//!
//! Nothing is kept but the head of a part and the few bytes that may turn out to be a
//! boundary. Lines may end in LF alone, as some servers have it.

use memchr::memmem::Finder;

/// Parts of one body.
const PARTS_MAX: usize = 1_000;
/// Bytes of the head of one part.
const HEAD_BYTES_MAX: usize = 16 << 10;
/// Bytes of a boundary. RFC 2046 allows 70; servers write more.
const BOUNDARY_BYTES_MAX: usize = 1 << 10;
/// White space behind a boundary.
const PADDING_BYTES_MAX: usize = 256;

/// Why a body cannot be taken apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MultipartError {
    /// It ends before its last boundary.
    #[error("the multipart body ends before its last boundary")]
    Truncated,
    /// It crosses a limit.
    #[error("the multipart body has more than {limit} {what}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// It is no multipart body.
    #[error("{0}")]
    Malformed(String),
}

/// The headers of a part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartHead {
    fields: Vec<(String, String)>,
}

impl PartHead {
    /// The first header of a name, which is in lower case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn read(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            // A line that begins with white space goes on where the one before ended.
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self { fields }
    }
}

/// What takes the parts.
pub trait PartHandler {
    /// Why it stops.
    type Error: From<MultipartError>;

    /// A part begins.
    ///
    /// # Errors
    /// Whatever the handler has against it.
    fn part(&mut self, head: PartHead) -> Result<(), Self::Error>;

    /// The next bytes of the part.
    ///
    /// # Errors
    /// Whatever the handler has against them.
    fn data(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;

    /// The part is whole.
    ///
    /// # Errors
    /// Whatever the handler has against it.
    fn end(&mut self) -> Result<(), Self::Error>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Preamble,
    Head,
    Body,
    Epilogue,
}

/// What stands at a place where a boundary may be.
enum Found {
    /// A boundary, and where the bytes after it begin.
    Boundary(usize),
    /// The last one.
    Last,
    /// Something that begins like one.
    Data,
    /// More bytes have to come to tell.
    Open,
}

/// Takes a multipart body apart.
#[derive(Debug)]
pub struct MultipartReader {
    finder: Finder<'static>,
    /// `\n--boundary`.
    delimiter: Vec<u8>,
    place: Place,
    buffer: Vec<u8>,
    /// A line end at the start of the buffer that is no part of the data: a boundary may
    /// stand at the very start.
    virtual_bytes: usize,
    parts: usize,
}

impl MultipartReader {
    /// A reader for a body with this `boundary`.
    ///
    /// # Errors
    /// A boundary of no length, or of too much.
    pub fn new(boundary: &str) -> Result<Self, MultipartError> {
        if boundary.is_empty() || boundary.len() > BOUNDARY_BYTES_MAX {
            let message = format!("the boundary has {} bytes", boundary.len());
            return Err(MultipartError::Malformed(message));
        }
        let delimiter = format!("\n--{boundary}").into_bytes();
        Ok(Self {
            finder: Finder::new(&delimiter).into_owned(),
            delimiter,
            place: Place::Preamble,
            buffer: b"\n".to_vec(),
            virtual_bytes: 1,
            parts: 0,
        })
    }

    /// Takes the next bytes of the body.
    ///
    /// # Errors
    /// A limit that is crossed, or what the handler says.
    pub fn feed<H: PartHandler>(&mut self, bytes: &[u8], to: &mut H) -> Result<(), H::Error> {
        if self.place == Place::Epilogue {
            return Ok(());
        }
        self.buffer.extend_from_slice(bytes);
        loop {
            let goes_on = match self.place {
                Place::Head => self.head(to)?,
                Place::Preamble | Place::Body => self.body(to)?,
                Place::Epilogue => false,
            };
            if !goes_on {
                return Ok(());
            }
        }
    }

    /// Says that the body ended.
    ///
    /// # Errors
    /// Where its last boundary has not come.
    pub fn finish(&self) -> Result<(), MultipartError> {
        match self.place {
            Place::Epilogue => Ok(()),
            Place::Preamble | Place::Head | Place::Body => Err(MultipartError::Truncated),
        }
    }

    /// The head of a part, once its empty line is there.
    fn head<H: PartHandler>(&mut self, to: &mut H) -> Result<bool, H::Error> {
        let mut start = 0;
        let end = loop {
            let Some(found) = memchr::memchr(b'\n', &self.buffer[start..]) else {
                limit("bytes in the head of a part", self.buffer.len(), HEAD_BYTES_MAX)?;
                return Ok(false);
            };
            let line = &self.buffer[start..start + found];
            if line.is_empty() || line == b"\r" {
                break start;
            }
            start += found + 1;
        };
        limit("bytes in the head of a part", end, HEAD_BYTES_MAX)?;
        self.parts += 1;
        limit("parts", self.parts, PARTS_MAX)?;
        to.part(PartHead::read(&self.buffer[..end]))?;
        // The end of the empty line may be the start of a boundary's.
        let line_end = memchr::memchr(b'\n', &self.buffer[end..]).unwrap_or_default();
        self.buffer.drain(..end + line_end);
        self.virtual_bytes = 1;
        self.place = Place::Body;
        Ok(true)
    }

    /// The data of a part, or what stands before the first.
    fn body<H: PartHandler>(&mut self, to: &mut H) -> Result<bool, H::Error> {
        let mut from = 0;
        while let Some(found) = self.finder.find(&self.buffer[from..]) {
            let at = from + found;
            let boundary = self.boundary(at + self.delimiter.len());
            if let Found::Data = boundary {
                from = at + 1;
                continue;
            }
            let given = self.give(self.line_end(at), to)?;
            let next = match boundary {
                Found::Boundary(next) => Some(next - given),
                Found::Last => None,
                Found::Open | Found::Data => return Ok(false),
            };
            if self.place == Place::Body {
                to.end()?;
            }
            let Some(next) = next else {
                self.place = Place::Epilogue;
                self.buffer = Vec::new();
                return Ok(false);
            };
            self.buffer.drain(..next);
            self.virtual_bytes = 0;
            self.place = Place::Head;
            return Ok(true);
        }
        // What may be the start of a boundary and of the line end before it stays.
        self.give(self.buffer.len().saturating_sub(self.delimiter.len()), to)?;
        Ok(false)
    }

    /// Where the line end before a boundary begins.
    fn line_end(&self, at: usize) -> usize {
        if at > self.virtual_bytes && self.buffer[at - 1] == b'\r' { at - 1 } else { at }
    }

    /// What stands behind the bytes of a boundary.
    fn boundary(&self, after: usize) -> Found {
        let rest = &self.buffer[after..];
        if rest.starts_with(b"--") {
            return Found::Last;
        }
        if rest == b"-" {
            return Found::Open;
        }
        match rest.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\r')) {
            Some(at) if rest[at] == b'\n' => Found::Boundary(after + at + 1),
            None if rest.len() <= PADDING_BYTES_MAX => Found::Open,
            _ => Found::Data,
        }
    }

    /// Hands out everything before a place; how many bytes left the buffer with it.
    fn give<H: PartHandler>(&mut self, end: usize, to: &mut H) -> Result<usize, H::Error> {
        if end <= self.virtual_bytes {
            return Ok(0);
        }
        if self.place == Place::Body {
            to.data(&self.buffer[self.virtual_bytes..end])?;
        }
        self.buffer.drain(..end);
        self.virtual_bytes = 0;
        Ok(end)
    }
}

fn limit(what: &'static str, is: usize, limit: usize) -> Result<(), MultipartError> {
    if is > limit { Err(MultipartError::Limit { what, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts as text: the value of `content-id`, and the data.
    #[derive(Debug, Default, PartialEq, Eq)]
    struct Told(Vec<(String, String, bool)>);

    impl PartHandler for Told {
        type Error = MultipartError;

        fn part(&mut self, head: PartHead) -> Result<(), MultipartError> {
            let id = head.field("content-id").unwrap_or("-").to_owned();
            self.0.push((id, String::new(), false));
            Ok(())
        }

        fn data(&mut self, bytes: &[u8]) -> Result<(), MultipartError> {
            self.0.last_mut().unwrap().1.push_str(std::str::from_utf8(bytes).unwrap());
            Ok(())
        }

        fn end(&mut self) -> Result<(), MultipartError> {
            self.0.last_mut().unwrap().2 = true;
            Ok(())
        }
    }

    fn told(chunks: &[&[u8]]) -> Result<Told, MultipartError> {
        let mut reader = MultipartReader::new("b")?;
        let mut told = Told::default();
        for chunk in chunks {
            reader.feed(chunk, &mut told)?;
        }
        reader.finish().map(|()| told)
    }

    /// However the body is cut, its parts are these; cut short, it is an error.
    fn check(body: &str, expected: &[(&str, &str)]) {
        let bytes = body.as_bytes();
        let whole = |(id, data): &(&str, &str)| ((*id).to_owned(), (*data).to_owned(), true);
        let expected = Ok(Told(expected.iter().map(whole).collect()));
        for cut in 0..=bytes.len() {
            assert_eq!(told(&[&bytes[..cut], &bytes[cut..]]), expected, "{body:?} cut at {cut}");
        }
        assert_eq!(told(&bytes.chunks(1).collect::<Vec<_>>()), expected, "{body:?} byte by byte");
        let last = body.rfind("--b--").unwrap() + "--b--".len();
        for end in 0..last {
            assert_eq!(told(&[&bytes[..end]]), Err(MultipartError::Truncated), "{body:?} to {end}");
        }
    }

    #[test]
    fn parts_are_found_however_the_body_is_cut() {
        check(
            "--b\r\nContent-ID: <1>\r\n\r\none\r\n--b\r\ncontent-id:<2>\r\n\r\ntwo\r\n\r\n--b--\r\nepilogue",
            &[("<1>", "one"), ("<2>", "two\r\n")],
        );
        check("preamble\n--b\n\none\n--b\n\n\n--b--", &[("-", "one"), ("-", "")]);
        check("\r\n--b  \t\r\n\r\n\r\n--b--", &[("-", "")]);
        // Nothing at all between the head and the boundary.
        check("--b\r\nX: y\r\n\r\n--b--", &[("-", "")]);
    }

    #[test]
    fn what_only_looks_like_a_boundary_is_data() {
        let body = "--b\r\n\r\n--bb\r\n-- b\r\n--b-x\r\n --b--\r\na--b\r\n--b--";
        check(body, &[("-", "--bb\r\n-- b\r\n--b-x\r\n --b--\r\na--b")]);
    }

    #[test]
    fn a_header_may_go_on_in_the_next_line() {
        let head = PartHead::read(b"Content-Type: multipart/related;\r\n\tboundary=x\r\nwrong\r\n");
        assert_eq!(head.field("content-type"), Some("multipart/related; boundary=x"));
        assert_eq!(head.field("wrong"), None);
    }

    #[test]
    fn limits_hold() {
        let limit = |body: &[u8], expected: &str| {
            let MultipartError::Limit { what, .. } = told(&[body]).unwrap_err() else { panic!() };
            assert_eq!(what, expected);
        };
        let head = format!("--b\r\nX: {}", "y".repeat(HEAD_BYTES_MAX));
        limit(head.as_bytes(), "bytes in the head of a part");
        limit(&b"--b\r\n\r\n\r\n".repeat(PARTS_MAX + 1), "parts");
        assert!(MultipartReader::new("").is_err());
        assert!(MultipartReader::new(&"x".repeat(BOUNDARY_BYTES_MAX + 1)).is_err());
    }
}

//! Whatever encoding an answer comes in → UTF-8, chunk by chunk.

use encoding_rs::{CoderResult, Decoder, UTF_8};

use crate::xml::encoding::{DECLARATION_BYTES_MAX, EncodingError, detect};

/// Decides the encoding from the first bytes and decodes from there on.
#[derive(Debug)]
pub(super) struct Transcode {
    charset: Option<String>,
    head: Vec<u8>,
    state: State,
}

enum State {
    Undecided,
    Utf8,
    Other(Box<Decoder>),
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Undecided => "Undecided",
            Self::Utf8 => "Utf8",
            Self::Other(_) => "Other",
        })
    }
}

/// The bytes are not in the encoding they claim, or it is none we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadEncoding(pub(super) String);

impl Transcode {
    /// For a message with this `charset` parameter in its `Content-Type`.
    pub(super) fn new(charset: Option<&str>) -> Self {
        let charset = charset.map(str::to_owned);
        Self { charset, head: Vec::new(), state: State::Undecided }
    }

    /// Decodes a chunk and hands UTF-8 on. UTF-8 is handed on as it came, unchecked.
    pub(super) fn feed<E: From<BadEncoding>>(
        &mut self,
        chunk: &[u8],
        last: bool,
        mut sink: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        if matches!(self.state, State::Undecided) {
            if self.head.is_empty() && (chunk.len() >= DECLARATION_BYTES_MAX || last) {
                let skip = self.decide(chunk)?;
                return self.decode(&chunk[skip..], last, &mut sink);
            }
            self.head.extend_from_slice(chunk);
            if self.head.len() < DECLARATION_BYTES_MAX && !last {
                return Ok(());
            }
            let head = std::mem::take(&mut self.head);
            let skip = self.decide(&head)?;
            return self.decode(&head[skip..], last, &mut sink);
        }
        self.decode(chunk, last, &mut sink)
    }

    /// How many bytes of byte order mark to skip.
    fn decide(&mut self, head: &[u8]) -> Result<usize, BadEncoding> {
        let found = detect(head, self.charset.as_deref()).map_err(|error| {
            BadEncoding(match error {
                EncodingError::Unknown(name) => format!("`{name}` is no encoding we read"),
                EncodingError::Malformed { encoding, .. } => {
                    format!("bytes that are not {encoding}")
                }
            })
        })?;
        let (encoding, mark) = (found.encoding, found.mark_bytes);
        self.state = if encoding == UTF_8 {
            State::Utf8
        } else {
            State::Other(Box::new(encoding.new_decoder_without_bom_handling()))
        };
        Ok(mark)
    }

    fn decode<E: From<BadEncoding>>(
        &mut self,
        mut bytes: &[u8],
        last: bool,
        sink: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let State::Other(decoder) = &mut self.state else {
            return if bytes.is_empty() { Ok(()) } else { sink(bytes) };
        };
        let mut buffer = String::with_capacity(16 << 10);
        loop {
            buffer.clear();
            let (result, read, malformed) = decoder.decode_to_string(bytes, &mut buffer, last);
            if malformed {
                return Err(
                    BadEncoding("bytes that are not in the encoding declared".into()).into()
                );
            }
            bytes = bytes.get(read..).unwrap_or_default();
            if !buffer.is_empty() {
                sink(buffer.as_bytes())?;
            }
            if result == CoderResult::InputEmpty {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl From<BadEncoding> for String {
        fn from(error: BadEncoding) -> Self {
            error.0
        }
    }

    fn decoded(bytes: &[u8], chunk: usize) -> Result<String, String> {
        let mut transcode = Transcode::new(None);
        let mut out = Vec::new();
        let mut sink = |utf8: &[u8]| {
            out.extend_from_slice(utf8);
            Ok::<(), String>(())
        };
        for piece in bytes.chunks(chunk) {
            transcode.feed(piece, false, &mut sink)?;
        }
        transcode.feed(&[], true, &mut sink)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn chunks_do_not_decide_whether_a_declaration_is_seen() {
        for spaces in [0, 300, 900] {
            let declaration =
                format!("<?xml version='1.0'{} encoding='ISO-8859-1'?>", " ".repeat(spaces));
            let bytes = [declaration.as_bytes(), b"<a>\xE9</a>"].concat();
            for chunk in [1, 255, 256, 700, 2000] {
                let text = decoded(&bytes, chunk).unwrap();
                assert!(text.ends_with("<a>é</a>"), "{spaces} spaces, chunks of {chunk}");
            }
        }
    }
}

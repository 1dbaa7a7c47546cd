//! Content transfer encodings (RFC 2045, section 6), undone as bytes come.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding may be missing, as with any reader of mail.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The bytes are not in the encoding they claim, or it is none that is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TransferError(String);

/// Undoes the transfer encoding of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    kind: Kind,
    /// What is not whole yet: part of a group of four, or of an escape.
    held: Vec<u8>,
    /// Whether base64 has come to its padding, after which there is nothing.
    is_padded: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Identity,
    Base64,
    QuotedPrintable,
}

impl Transfer {
    /// By the value of `Content-Transfer-Encoding`; nothing means as it is.
    ///
    /// # Errors
    /// An encoding that is none of the five there are.
    pub fn of(name: &str) -> Result<Self, TransferError> {
        let kind = match name.trim().to_ascii_lowercase().as_str() {
            "" | "7bit" | "8bit" | "binary" => Kind::Identity,
            "base64" => Kind::Base64,
            "quoted-printable" => Kind::QuotedPrintable,
            other => return Err(TransferError(format!("the transfer encoding is `{other}`"))),
        };
        Ok(Self { kind, held: Vec::new(), is_padded: false })
    }

    /// Takes the next bytes. `last`: there are no more.
    ///
    /// # Errors
    /// Bytes that are not in the encoding.
    pub fn feed(
        &mut self,
        bytes: &[u8],
        last: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), TransferError> {
        match self.kind {
            Kind::Identity => {
                out.extend_from_slice(bytes);
                Ok(())
            }
            Kind::Base64 => self.base64(bytes, last, out),
            Kind::QuotedPrintable => self.quoted_printable(bytes, last, out),
        }
    }

    fn base64(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) -> Result<(), TransferError> {
        self.held.extend(bytes.iter().filter(|b| !b.is_ascii_whitespace()));
        let whole = if last { self.held.len() } else { self.held.len() / 4 * 4 };
        let wrong = || TransferError("a part is not base64".to_owned());
        if self.is_padded && !self.held.is_empty() {
            return Err(wrong());
        }
        let decoded = BASE64.decode(&self.held[..whole]).map_err(|_| wrong())?;
        self.is_padded = self.is_padded || self.held[..whole].ends_with(b"=");
        out.extend_from_slice(&decoded);
        self.held.drain(..whole);
        Ok(())
    }

    fn quoted_printable(
        &mut self,
        bytes: &[u8],
        last: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), TransferError> {
        self.held.extend_from_slice(bytes);
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'=', &self.held[at..]) {
            out.extend_from_slice(&self.held[at..at + found]);
            at += found;
            match self.held[at + 1..] {
                [b'\r', b'\n', ..] => at += 3,
                [b'\n', ..] => at += 2,
                [high, low, ..] => {
                    let digit =
                        |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
                    let (Some(high), Some(low)) = (digit(high), digit(low)) else {
                        let message = "a part is not quoted-printable".to_owned();
                        return Err(TransferError(message));
                    };
                    out.push(high << 4 | low);
                    at += 3;
                }
                // A soft line end may be the last there is.
                _ if last => at = self.held.len(),
                _ => {
                    self.held.drain(..at);
                    return Ok(());
                }
            }
        }
        out.extend_from_slice(&self.held[at.min(self.held.len())..]);
        self.held.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_undone_however_the_bytes_are_cut() {
        let check = |name: &str, given: &str, expected: Option<&[u8]>| {
            for cut in 0..=given.len() {
                let mut transfer = Transfer::of(name).unwrap();
                let mut out = Vec::new();
                let (one, two) = given.as_bytes().split_at(cut);
                let fed = transfer
                    .feed(one, false, &mut out)
                    .and_then(|()| transfer.feed(two, true, &mut out));
                let told = fed.map(|()| out.as_slice()).ok();
                assert_eq!(told, expected, "{name} {given:?} cut at {cut}");
            }
        };
        check("", "a=\r\n", Some(b"a=\r\n"));
        check("Binary", "x", Some(b"x"));
        check("base64", "ZmlnbGVhZg==\r\n", Some(b"figleaf"));
        check("BASE64", "Zmln\r\nbGVh\nZg", Some(b"figleaf"));
        check("base64", "Zm*n", None);
        check("base64", "Zg==Zg==", None);
        check("base64", "Zg==\n=", None);
        check("quoted-printable", "a=3D=\r\nb=C3=A9=\nc", Some("a=bé\u{63}".as_bytes()));
        check("quoted-printable", "soft=", Some(b"soft"));
        check("quoted-printable", "a=zz", None);
        assert!(Transfer::of("x-uuencode").is_err());
    }
}

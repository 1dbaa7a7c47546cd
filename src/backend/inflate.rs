//! gzip (RFC 1952), zlib (RFC 1950) and raw deflate (RFC 1951), pushed piece by piece.
//!
//! The decoders of flate2 that are written to cannot tell a stream that was cut short from
//! one that is corrupt, and give no bound on what one write produces; so only its raw
//! decompressor is used, and the few bytes of gzip around it are read here.

use flate2::{Crc, Decompress, FlushDecompress, Status};

/// The bytes are not what the encoding says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Corrupt;

const FLAG_HEADER_CRC: u8 = 2;
const FLAG_EXTRA: u8 = 4;
const FLAG_NAME: u8 = 8;
const FLAG_COMMENT: u8 = 16;
const FLAGS_RESERVED: u8 = 0xe0;

/// The next byte expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The first two bytes of `deflate`, which is zlib by the book and raw in the wild.
    Sniff(Option<u8>),
    Head(u8),
    ExtraLength(u8, u16),
    Extra(u16),
    Name,
    Comment,
    HeaderCrc(u8),
    Data,
    Trailer(u8, u64),
    End,
}

/// A decompressor that is fed by pushing.
pub(super) struct Inflate {
    gzip: bool,
    started: bool,
    flags: u8,
    state: State,
    core: Decompress,
    crc: Crc,
}

impl Inflate {
    pub(super) fn gzip() -> Self {
        Self::new(true, State::Head(0))
    }

    pub(super) fn deflate() -> Self {
        Self::new(false, State::Sniff(None))
    }

    fn new(gzip: bool, state: State) -> Self {
        let (core, crc) = (Decompress::new(false), Crc::new());
        Self { gzip, started: false, flags: 0, state, core, crc }
    }

    /// Whether the input may end here: after a whole stream, or before any byte of one.
    pub(super) fn is_whole(&self) -> bool {
        self.state == State::End || !self.started
    }

    /// Takes bytes from `input` until it is empty or `out` is at its capacity, and says how
    /// many it took. An empty `input` gets what is still inside.
    pub(super) fn run(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<usize, Corrupt> {
        if input.is_empty() && self.state == State::Data {
            return self.data(input, out);
        }
        let mut taken = 0;
        while taken < input.len() {
            self.started = true;
            if self.state == State::Data {
                let took = self.data(&input[taken..], out)?;
                taken += took;
                if out.len() == out.capacity() || (took == 0 && self.state == State::Data) {
                    break;
                }
            } else {
                self.byte(input[taken], out)?;
                taken += 1;
            }
        }
        Ok(taken)
    }

    fn data(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<usize, Corrupt> {
        let (from, before) = (out.len(), self.core.total_in());
        let status = self.core.decompress_vec(input, out, FlushDecompress::None);
        let status = status.map_err(|_| Corrupt)?;
        if self.gzip {
            self.crc.update(&out[from..]);
        }
        if status == Status::StreamEnd {
            self.state = if self.gzip { State::Trailer(0, 0) } else { State::End };
        }
        usize::try_from(self.core.total_in() - before).map_err(|_| Corrupt)
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<u8>) -> Result<(), Corrupt> {
        self.state = match self.state {
            State::Sniff(None) => State::Sniff(Some(byte)),
            State::Sniff(Some(first)) => return self.sniffed(first, byte, out),
            State::Head(at) => self.head(at, byte)?,
            State::ExtraLength(0, _) => State::ExtraLength(1, u16::from(byte)),
            State::ExtraLength(_, low) => match low | u16::from(byte) << 8 {
                0 => self.after(FLAG_EXTRA),
                length => State::Extra(length),
            },
            State::Extra(1) => self.after(FLAG_EXTRA),
            State::Extra(left) => State::Extra(left - 1),
            State::Name if byte == 0 => self.after(FLAG_NAME),
            State::Comment if byte == 0 => self.after(FLAG_COMMENT),
            State::HeaderCrc(1) => State::Data,
            State::HeaderCrc(_) => State::HeaderCrc(1),
            State::Trailer(at, seen) => self.trailer(at, seen | u64::from(byte) << (8 * at))?,
            State::End if self.gzip => {
                self.core.reset(false);
                self.crc.reset();
                self.head(0, byte)?
            }
            State::End => return Err(Corrupt),
            same @ (State::Name | State::Comment | State::Data) => same,
        };
        Ok(())
    }

    fn sniffed(&mut self, first: u8, second: u8, out: &mut Vec<u8>) -> Result<(), Corrupt> {
        let check = u16::from(first) << 8 | u16::from(second);
        let zlib = first & 0x0f == 8 && check.is_multiple_of(31);
        self.core = Decompress::new(zlib);
        self.state = State::Data;
        // Two bytes hold no output worth more than the spare capacity they are given.
        let took = self.data(&[first, second], out)?;
        if took == 2 { Ok(()) } else { Err(Corrupt) }
    }

    fn head(&mut self, at: u8, byte: u8) -> Result<State, Corrupt> {
        let fits = match at {
            0 => byte == 0x1f,
            1 => byte == 0x8b,
            2 => byte == 8,
            3 => byte & FLAGS_RESERVED == 0,
            _ => true,
        };
        if !fits {
            return Err(Corrupt);
        }
        if at == 3 {
            self.flags = byte;
        }
        Ok(if at < 9 { State::Head(at + 1) } else { self.after(0) })
    }

    /// The state after the optional field `field`, in the order RFC 1952 gives them.
    fn after(&self, field: u8) -> State {
        let due = |flag| field < flag && self.flags & flag != 0;
        if due(FLAG_EXTRA) {
            State::ExtraLength(0, 0)
        } else if due(FLAG_NAME) {
            State::Name
        } else if due(FLAG_COMMENT) {
            State::Comment
        } else if self.flags & FLAG_HEADER_CRC != 0 {
            State::HeaderCrc(0)
        } else {
            State::Data
        }
    }

    fn trailer(&self, at: u8, seen: u64) -> Result<State, Corrupt> {
        if at < 7 {
            return Ok(State::Trailer(at + 1, seen));
        }
        let expected = u64::from(self.crc.sum()) | u64::from(self.crc.amount()) << 32;
        if seen == expected { Ok(State::End) } else { Err(Corrupt) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn check(mut inflate: Inflate, packed: &[u8], piece: usize) -> Result<Vec<u8>, &'static str> {
        let mut whole = Vec::new();
        for mut input in packed.chunks(piece) {
            while !input.is_empty() {
                let mut out = Vec::with_capacity(16);
                let took = inflate.run(input, &mut out).map_err(|_| "corrupt")?;
                assert!(took > 0 || !out.is_empty(), "no progress");
                whole.extend(out);
                input = &input[took..];
            }
        }
        // What is still inside comes out with nothing more put in.
        loop {
            let mut out = Vec::with_capacity(16);
            if inflate.run(&[], &mut out).is_err() || out.is_empty() {
                break;
            }
            whole.extend(out);
        }
        if inflate.is_whole() { Ok(whole) } else { Err("cut") }
    }

    fn text() -> Vec<u8> {
        (0..500u32).flat_map(|n| format!("<order n='{n}'/>").into_bytes()).collect()
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut to = flate2::GzBuilder::new()
            .filename("a.xml")
            .comment("c")
            .extra(vec![1, 2, 3])
            .write(Vec::new(), Compression::default());
        to.write_all(text).unwrap();
        to.finish().unwrap()
    }

    #[test]
    fn every_format_comes_back_whole_in_pieces_of_any_size() {
        let text = text();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(&text).unwrap();
        let zlib = zlib.finish().unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(&text).unwrap();
        let raw = raw.finish().unwrap();
        for piece in [1, 2, 3, 7, 64, 100_000] {
            assert_eq!(check(Inflate::gzip(), &gzip(&text), piece), Ok(text.clone()));
            assert_eq!(check(Inflate::deflate(), &zlib, piece), Ok(text.clone()));
            assert_eq!(check(Inflate::deflate(), &raw, piece), Ok(text.clone()));
        }
    }

    #[test]
    fn members_of_gzip_follow_one_another() {
        let both = [gzip(b"one"), gzip(b"two")].concat();
        assert_eq!(check(Inflate::gzip(), &both, 5), Ok(b"onetwo".to_vec()));
    }

    #[test]
    fn gzip_cut_at_any_byte_is_known_to_be_cut() {
        let packed = gzip(&text());
        for end in 1..packed.len() {
            assert_eq!(check(Inflate::gzip(), &packed[..end], 64), Err("cut"), "at {end}");
        }
    }

    #[test]
    fn any_changed_byte_of_gzip_is_corrupt_or_cut_and_never_other_text() {
        let text = text();
        let mut plain = GzEncoder::new(Vec::new(), Compression::default());
        plain.write_all(&text).unwrap();
        let packed = plain.finish().unwrap();
        for at in 0..packed.len() {
            let mut changed = packed.clone();
            changed[at] ^= 0x41;
            if let Ok(found) = check(Inflate::gzip(), &changed, 64) {
                assert_eq!(found, text, "byte {at}");
            }
        }
    }
}

//! Bytes become UTF-8 as they are read.
//!
//! A byte order mark decides, whatever was declared. Without one the declared encoding holds, and
//! where none is declared the text itself tells: plain ASCII passes as it is until the first other
//! byte, and what follows that byte is either UTF-8 or else GB18030, which contains GBK and GB2312.

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8};

use super::limits::MAX_TEXT_BYTES;

/// How much is read at once, and how much is looked at to tell the encodings apart.
const CHUNK: usize = 64 << 10;

/// The longest character of UTF-8, in bytes: so much may be cut off at the end of a sample.
const MAX_CHAR: usize = 4;

/// A stream of text in UTF-8. Bytes that stand for nothing in a decoded encoding become U+FFFD;
/// UTF-8 passes unchecked.
pub(super) struct TextReader {
    bytes: Bytes,
    state: State,
    /// Decoded text that was not consumed yet.
    text: Vec<u8>,
    consumed: usize,
    damaged: bool,
}

enum State {
    Start {
        declared: Option<&'static Encoding>,
    },
    /// Nothing but ASCII so far, and so many more bytes of it are known to follow.
    Ascii {
        ahead: usize,
    },
    Utf8,
    Decoding {
        decoder: Box<Decoder>,
        ended: bool,
    },
}

impl TextReader {
    pub(super) fn new(source: Box<dyn Read>, declared: Option<&'static Encoding>) -> Self {
        let bytes = Bytes { source, buffer: vec![0; CHUNK], start: 0, end: 0, total: 0 };
        let state = State::Start { declared };
        Self { bytes, state, text: Vec::new(), consumed: 0, damaged: false }
    }

    /// The encoding found, as far as the text was read.
    pub(super) fn encoding(&self) -> &'static Encoding {
        match &self.state {
            State::Decoding { decoder, .. } => decoder.encoding(),
            State::Start { .. } | State::Ascii { .. } | State::Utf8 => UTF_8,
        }
    }

    /// Whether decoding met bytes that stand for nothing.
    pub(super) const fn is_damaged(&self) -> bool {
        self.damaged
    }

    fn start(&mut self, declared: Option<&'static Encoding>) -> io::Result<()> {
        while self.bytes.window().len() < MAX_CHAR && self.bytes.read_more()? {}
        let found = match Encoding::for_bom(self.bytes.window()) {
            Some((encoding, len)) => {
                self.bytes.consume(len);
                Some(encoding)
            }
            None => declared,
        };
        self.state = match found {
            None => State::Ascii { ahead: 0 },
            Some(encoding) if encoding == UTF_8 => State::Utf8,
            Some(encoding) => decoding(encoding),
        };
        Ok(())
    }

    /// Finds out how much ASCII comes next and, when none does, what comes instead.
    fn look_ahead(&mut self) -> io::Result<()> {
        let State::Ascii { ahead: ahead @ 0 } = &mut self.state else { return Ok(()) };
        let window = self.bytes.window();
        *ahead = window.iter().position(|byte| !byte.is_ascii()).unwrap_or(window.len());
        if *ahead == 0 && !window.is_empty() {
            while self.bytes.read_more()? {}
            let utf8 = is_utf8(self.bytes.window());
            self.state = if utf8 { State::Utf8 } else { decoding(GB18030) };
        }
        Ok(())
    }

    fn decode_more(&mut self) -> io::Result<()> {
        let State::Decoding { decoder, ended } = &mut self.state else { return Ok(()) };
        while self.consumed == self.text.len() && !*ended {
            let more = !self.bytes.window().is_empty() || self.bytes.read_more()?;
            self.text.resize(CHUNK, 0);
            self.consumed = 0;
            let (result, read, written, errors) =
                decoder.decode_to_utf8(self.bytes.window(), &mut self.text, !more);
            self.text.truncate(written);
            self.bytes.consume(read);
            self.damaged |= errors;
            *ended = !more && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl BufRead for TextReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if let State::Start { declared } = self.state {
            self.start(declared)?;
        }
        if !matches!(self.state, State::Decoding { .. }) && self.bytes.window().is_empty() {
            self.bytes.read_more()?;
        }
        self.look_ahead()?;
        self.decode_more()?;
        Ok(match self.state {
            State::Decoding { .. } => &self.text[self.consumed..],
            State::Ascii { ahead } => &self.bytes.window()[..ahead],
            State::Start { .. } | State::Utf8 => self.bytes.window(),
        })
    }

    fn consume(&mut self, amount: usize) {
        match &mut self.state {
            State::Decoding { .. } => self.consumed += amount,
            State::Ascii { ahead } => {
                *ahead -= amount;
                self.bytes.consume(amount);
            }
            State::Start { .. } | State::Utf8 => self.bytes.consume(amount),
        }
    }
}

impl Read for TextReader {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let taken = from.len().min(to.len());
        to[..taken].copy_from_slice(&from[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

/// The encoding of this name (any that the WHATWG standard knows, such as `gbk`), or `auto`.
pub(super) fn named(name: &str) -> Option<Option<&'static Encoding>> {
    if name == "auto" {
        return Some(None);
    }
    Encoding::for_label_no_replacement(name.as_bytes()).map(Some)
}

/// Whether text that begins with a byte beyond ASCII is UTF-8. A few broken characters among many
/// good ones are damage; Chinese in GB18030 is broken at nearly every character.
fn is_utf8(sample: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    let mut seen = 0;
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        seen += chunk.valid().len() + chunk.invalid().len();
        let cut_off = seen == sample.len() && sample.len() == CHUNK;
        if !chunk.invalid().is_empty() && !cut_off {
            bad += 1;
        }
    }
    bad == 0 || bad * 10 < good
}

fn decoding(encoding: &'static Encoding) -> State {
    State::Decoding { decoder: Box::new(encoding.new_decoder_without_bom_handling()), ended: false }
}

/// A buffer in front of the source.
struct Bytes {
    source: Box<dyn Read>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    total: u64,
}

impl Bytes {
    fn window(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    fn consume(&mut self, amount: usize) {
        self.start += amount;
    }

    /// Reads behind what is there. False when the source has ended or the buffer is full.
    fn read_more(&mut self) -> io::Result<bool> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end == self.buffer.len() {
            return Ok(false);
        }
        let read = loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.end += read;
        self.total += read as u64;
        if self.total > MAX_TEXT_BYTES {
            let text = format!("the file unpacks to more than {MAX_TEXT_BYTES} bytes");
            return Err(io::Error::other(text));
        }
        Ok(read > 0)
    }
}

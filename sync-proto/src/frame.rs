//! Frames: how messages are cut out of a byte stream.
//!
//! A frame is its length in four bytes, big-endian, and that many bytes of message. The length is
//! checked as soon as it is there, and memory is taken for bytes that have arrived, never for
//! bytes that are only promised.

use thiserror::Error;

use crate::limits::MAX_FRAME_LEN;

/// The bytes of the length before each frame.
pub const PREFIX_LEN: usize = 4;

/// The shortest frame: a message's type alone.
const MIN_FRAME_LEN: usize = 1;

/// Room kept in an emptied buffer; what a burst took beyond it is given back.
const IDLE_CAPACITY: usize = 4 * 1024;

/// Why a byte stream can't be cut into frames. Nothing after such a place can be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FrameError {
    /// The peer announces more than it may send.
    #[error("the peer announced a frame of {len} bytes, more than {MAX_FRAME_LEN}")]
    TooLong {
        /// What was announced.
        len: usize,
    },
    /// The peer announces nothing.
    #[error("the peer announced an empty frame")]
    Empty,
}

/// Puts the length in front of a message.
///
/// # Panics
///
/// When the message is longer than [`MAX_FRAME_LEN`]: whoever builds messages keeps them below.
pub fn frame(message: &[u8]) -> Vec<u8> {
    assert!(message.len() <= MAX_FRAME_LEN, "a message of {} bytes", message.len());
    // MAX_FRAME_LEN fits a u32, so this cannot be reached with a wrong length.
    let len = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let mut framed = Vec::with_capacity(PREFIX_LEN + message.len());
    framed.extend_from_slice(&len.to_be_bytes());
    framed.extend_from_slice(message);
    framed
}

/// Collects the bytes of a stream and gives out whole frames.
#[derive(Debug, Default)]
pub struct FrameBuffer {
    bytes: Vec<u8>,
    taken: usize,
}

impl FrameBuffer {
    /// An empty buffer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes as they came from the stream. A caller that takes the frames out after each
    /// call never holds more here than one frame and what it added.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole frame without its length, or `None` until more bytes have come.
    pub fn next_frame(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        let waiting = &self.bytes[self.taken..];
        let Some((prefix, rest)) = waiting.split_first_chunk::<PREFIX_LEN>() else {
            return Ok(None);
        };
        let len = u32::from_be_bytes(*prefix) as usize;
        if len < MIN_FRAME_LEN {
            return Err(FrameError::Empty);
        }
        if len > MAX_FRAME_LEN {
            return Err(FrameError::TooLong { len });
        }
        let Some(message) = rest.get(..len) else {
            return Ok(None);
        };
        let message = message.to_vec();
        self.taken += PREFIX_LEN + len;
        self.reclaim();
        Ok(Some(message))
    }

    /// Drops the bytes given out, once they are at least half of what is held: each byte is
    /// moved at most once on average.
    fn reclaim(&mut self) {
        if self.taken * 2 >= self.bytes.len() {
            self.bytes.drain(..self.taken);
            self.taken = 0;
            if self.bytes.is_empty() {
                self.bytes.shrink_to(IDLE_CAPACITY);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_whole_however_the_stream_is_cut() {
        let messages: Vec<Vec<u8>> = (1..60_u8).map(|n| vec![n; usize::from(n) * 7]).collect();
        let stream: Vec<u8> = messages.iter().flat_map(|m| frame(m)).collect();
        for step in [1, 3, 64, stream.len()] {
            let mut buffer = FrameBuffer::new();
            let mut got = Vec::new();
            for piece in stream.chunks(step) {
                buffer.push(piece);
                while let Some(message) = buffer.next_frame().unwrap() {
                    got.push(message);
                }
            }
            assert_eq!(got, messages, "in pieces of {step}");
        }
    }

    #[test]
    fn a_lying_length_is_refused_before_its_bytes_come() {
        let mut buffer = FrameBuffer::new();
        buffer.push(&u32::MAX.to_be_bytes());
        assert_eq!(buffer.next_frame(), Err(FrameError::TooLong { len: 4_294_967_295 }));
        assert!(buffer.bytes.capacity() < 1024);
        let mut buffer = FrameBuffer::new();
        buffer.push(&[0; 4]);
        assert_eq!(buffer.next_frame(), Err(FrameError::Empty));
    }
}

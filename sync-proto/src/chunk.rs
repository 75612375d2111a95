//! Changes on the wire: a table of documents, then the changes, compressed as one piece.
//!
//! The body is the length of what is inside and a zstd frame. Inside stand the documents named
//! once each and, for each change, its document's place in that table and its bytes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use thiserror::Error;

use crate::codec::{self, CodecError, Reader};
use crate::limits::{CHUNK_LEN, MAX_CHANGE_LEN};
use crate::replica::Outgoing;
use crate::{DocId, WireChange};

/// The most changes in one chunk: a chunk of [`CHUNK_LEN`] holds about 1,000 changes of a single
/// sale each; more in one piece would only make the receiver's transaction long.
pub const MAX_CHANGES_PER_CHUNK: usize = 2_048;

/// The most bytes a chunk may unpack to: the longest change, which may stand alone in a chunk, and
/// [`CHUNK_LEN`] for the table of documents and the lengths, which for tiny changes of many
/// documents weigh as much as the changes do.
pub const MAX_UNPACKED_LEN: usize = MAX_CHANGE_LEN + CHUNK_LEN;

/// The compression level. At 12 a sale comes out 2 bytes shorter for twice the work, at 6 it comes out
/// 2 bytes longer for half.
const LEVEL: i32 = 9;

/// The largest window a peer's compressor may use, as a power of two: nothing here is longer than
/// 1 MiB, and the window is memory that the sender makes the receiver take.
const MAX_WINDOW_LOG: u32 = 20;

/// Why a chunk can't be unpacked.
#[derive(Debug, Error)]
pub enum ChunkError {
    /// It claims to hold more than it may.
    #[error("it claims to unpack to {len} bytes, more than {MAX_UNPACKED_LEN}")]
    TooLong {
        /// What it claims.
        len: usize,
    },
    /// zstd can't read it.
    #[error("zstd cannot unpack it")]
    Zstd(#[source] std::io::Error),
    /// It holds more or less than it claims.
    #[error("it does not unpack to the {len} bytes it claims")]
    WrongLength {
        /// What it claims.
        len: usize,
    },
    /// Too many changes, or rows.
    #[error("it holds more than may be in one piece")]
    TooMany,
    /// What is inside is not what should be.
    #[error("its contents are malformed")]
    Malformed(#[from] CodecError),
}

/// Packs changes. The caller keeps them within [`MAX_CHANGES_PER_CHUNK`] and [`CHUNK_LEN`].
pub fn pack(changes: &[Outgoing]) -> Vec<u8> {
    let mut places = BTreeMap::new();
    let mut docs = Vec::new();
    for change in changes {
        places.entry(&change.doc).or_insert_with(|| {
            docs.push(&change.doc);
            docs.len() as u64 - 1
        });
    }
    let bytes: usize = changes.iter().map(|change| change.bytes.len() + 4).sum();
    let mut raw = Vec::with_capacity(bytes + 32 * docs.len());
    codec::put_number(&mut raw, docs.len() as u64);
    for doc in docs {
        codec::put_text(&mut raw, &doc.to_string());
    }
    codec::put_number(&mut raw, changes.len() as u64);
    for change in changes {
        codec::put_number(&mut raw, places[&change.doc]);
        codec::put_bytes(&mut raw, &change.bytes);
    }
    squeeze(&raw)
}

/// Compresses bytes, with their length in front.
pub(crate) fn squeeze(raw: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    codec::put_number(&mut body, raw.len() as u64);
    let packed = zstd::bulk::compress(raw, LEVEL);
    body.extend(packed.expect("zstd compresses whatever fits in memory"));
    body
}

/// What was squeezed, if it is not longer than [`MAX_UNPACKED_LEN`].
pub(crate) fn expand(body: &[u8]) -> Result<Vec<u8>, ChunkError> {
    let mut reader = Reader::new(body);
    let len: usize = reader.small("unpacked length")?;
    if len > MAX_UNPACKED_LEN {
        return Err(ChunkError::TooLong { len });
    }
    inflate(reader.take(reader.left(), "compressed part")?, len)
}

/// Unpacks changes, taking no more memory than they are long.
pub fn unpack(body: &[u8]) -> Result<Vec<WireChange>, ChunkError> {
    let raw = expand(body)?;
    let mut reader = Reader::new(&raw);
    let docs: Vec<DocId> = reader.list("documents", |reader| reader.parsed("document id"))?;
    let changes = reader.list("changes", |reader| {
        let place: usize = reader.small("document's place")?;
        let doc = docs.get(place).ok_or(CodecError::Invalid("document's place"))?;
        Ok(WireChange { doc: doc.clone(), bytes: reader.bytes("change")?.to_vec() })
    })?;
    reader.finish()?;
    if changes.len() > MAX_CHANGES_PER_CHUNK {
        return Err(ChunkError::TooMany);
    }
    Ok(changes)
}

/// Reads one byte more than was claimed, so that a bomb is noticed after what it may weigh.
fn inflate(packed: &[u8], len: usize) -> Result<Vec<u8>, ChunkError> {
    let mut decoder =
        zstd::stream::read::Decoder::with_buffer(Cursor::new(packed)).map_err(ChunkError::Zstd)?;
    decoder.window_log_max(MAX_WINDOW_LOG).map_err(ChunkError::Zstd)?;
    let mut raw = Vec::new();
    decoder.take(len as u64 + 1).read_to_end(&mut raw).map_err(ChunkError::Zstd)?;
    if raw.len() != len {
        return Err(ChunkError::WrongLength { len });
    }
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Actor;

    fn change(doc: &str, bytes: &[u8]) -> Outgoing {
        let doc = doc.parse().unwrap();
        Outgoing { doc, actor: Actor::from_bytes([7; 16]), seq: 1, bytes: bytes.to_vec() }
    }

    #[test]
    fn changes_come_out_as_they_went_in() {
        let sent = [
            change("book/S1/2026-11-22", b"one"),
            change("catalog/7", b""),
            change("book/S1/2026-11-22", &[9; 5000]),
        ];
        let body = pack(&sent);
        assert!(body.len() < 120, "{} bytes", body.len());
        let got = unpack(&body).unwrap();
        let same = |(a, b): (&Outgoing, &WireChange)| a.doc == b.doc && a.bytes == b.bytes;
        assert!(sent.iter().zip(&got).all(same) && sent.len() == got.len());
    }

    #[test]
    fn the_longest_change_fits_a_chunk_and_a_frame() {
        let mut state = 1_u32;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        });
        let sent = change("book/S1/2026-11-22", &noise.take(MAX_CHANGE_LEN).collect::<Vec<_>>());
        let body = pack(std::slice::from_ref(&sent));
        assert!(body.len() < crate::limits::MAX_FRAME_LEN, "{} bytes", body.len());
        assert_eq!(unpack(&body).unwrap()[0].bytes, sent.bytes);
    }

    #[test]
    fn a_bomb_costs_no_more_than_it_may() {
        let zeros = zstd::bulk::compress(&vec![0; 64 << 20], 19).unwrap();
        assert!(zeros.len() < 8 * 1024, "{}", zeros.len());
        let claiming = |len: u64| {
            let mut body = Vec::new();
            codec::put_number(&mut body, len);
            body.extend(&zeros);
            unpack(&body).unwrap_err()
        };
        // The honest claim is too long; a false one is noticed, or the window is.
        assert!(matches!(claiming(64 << 20), ChunkError::TooLong { len: 0x400_0000 }));
        assert!(matches!(claiming(10), ChunkError::WrongLength { .. } | ChunkError::Zstd(_)));
    }

    #[test]
    fn malformed_chunks_are_refused() {
        let good = pack(&[change("access", b"x")]);
        for len in 0..good.len() {
            assert!(unpack(&good[..len]).is_err(), "cut to {len}");
        }
        let packed = |raw: &[u8]| {
            let mut body = Vec::new();
            codec::put_number(&mut body, raw.len() as u64);
            body.extend(zstd::bulk::compress(raw, 1).unwrap());
            unpack(&body)
        };
        // No document at that place; a list longer than its bytes; something after the end.
        for raw in [&[0, 1, 0, 0][..], &[0, 200, 1], &[0, 0, 0]] {
            assert!(matches!(packed(raw), Err(ChunkError::Malformed(_))), "{raw:?}");
        }
    }
}

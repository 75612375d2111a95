//! A letter: what a party signs for another of its chain to read without a connection, on paper, as
//! a QR code or on a stick.
//!
//! ```text
//! EVENSTOCK1:  base 32 of
//!   form     1 byte
//!   chain    1 byte of length, text
//!   packed   zstd, with the authority's certificate as dictionary:
//!              2 bytes of length, the writer's certificate, 64 bytes of signature, the body
//!   check    4 bytes: what a person or camera misread is told from what is forged
//! ```
//!
//! The reader needs nothing but the authority's certificate, which it holds since it joined: a
//! certificate of that authority names the writer, and its key has signed chain and body. Both ends
//! have the authority's certificate, so most of the writer's packs away. All characters are of the
//! QR codes' alphanumeric set, which takes a third less room than bytes; base 32 and not 45, because
//! spaces and `$` do not survive shells and mails.
//!
//! Neither end can know that the writer has been shut out since: a letter proves who wrote it, not
//! that it is welcome.

use data_encoding::BASE32_NOPAD;
use ledger::id::IdError;
use rcgen::SigningKey as _;
use rustls::pki_types::CertificateDer;
use thiserror::Error;

use super::identity::Identity;
use super::limits::MAX_CERTIFICATE;
use super::peer::{self, Peer, PeerError};
use super::signature::{SIGNATURE_LEN, fits};
use crate::ChainId;
use crate::limits::MAX_FACT_TEXT;

/// What stands before every letter.
const PREFIX: &str = "EVENSTOCK1:";

/// The form that this version writes and reads.
const FORM: u8 = 1;

/// The longest body, in bytes: letters are about entries of orders, which are no longer.
const MAX_BODY: usize = MAX_FACT_TEXT;

/// The longest text worth reading: a body that does not pack at all, its certificate, and what base
/// 32 adds.
pub const MAX_LETTER_TEXT: usize = 2 * (MAX_BODY + MAX_CERTIFICATE);

/// Bytes of the checksum: a misread text passes once in four thousand million, and then the signature
/// stops it.
const CHECK_LEN: usize = 4;

/// What the signature is about, so that it can be taken for nothing else.
const CONTEXT: &[u8] = b"evenstock letter v1\0";

/// How hard to pack. Letters are short and written once.
const LEVEL: i32 = 19;

/// A letter that was read, and who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Who signed it, as the chain's authority says.
    pub from: Peer,
    /// What it says.
    pub body: Vec<u8>,
}

/// Why a letter cannot be written or trusted.
#[derive(Debug, Error)]
pub enum LetterError {
    /// It does not begin as letters do.
    #[error("the text is no Evenstock letter: those begin with {PREFIX}")]
    NotALetter,
    /// Over [`MAX_LETTER_TEXT`].
    #[error("the text is longer than any letter")]
    TooLong,
    /// A part is missing or misread.
    #[error("the letter is incomplete, or was misread")]
    Misread,
    /// A form of a later version.
    #[error("the letter was written by a newer program: update this one")]
    Form,
    /// Of another chain of stores.
    #[error("the letter is of another chain, {chain}")]
    OtherChain {
        /// Which.
        chain: ChainId,
    },
    /// Right in form, but not written by any party of this chain, or changed since.
    #[error("the letter is not signed by a party of this chain: {why}")]
    Forged {
        /// What does not fit.
        why: &'static str,
    },
    /// A name in it is none.
    #[error("a name in the letter cannot be read")]
    Name(#[from] IdError),
    /// The certificate in it names nobody.
    #[error("the certificate in the letter is not usable")]
    Certificate(#[from] PeerError),
    /// It could not be signed.
    #[error("the letter could not be signed")]
    Sign(#[source] rcgen::Error),
    /// It could not be packed.
    #[error("the letter could not be packed")]
    Pack(#[source] std::io::Error),
}

impl Letter {
    /// Writes a letter with a party's key.
    pub fn write(by: &Identity, body: &[u8]) -> Result<String, LetterError> {
        if body.len() > MAX_BODY {
            return Err(LetterError::TooLong);
        }
        let chain = &by.me().name.chain;
        let signature = by.key().pair().sign(&signed(chain, body)).map_err(LetterError::Sign)?;
        let certificate = by.certificate();
        let length = u16::try_from(certificate.len()).map_err(|_| LetterError::TooLong)?;
        let inside = [&length.to_be_bytes()[..], certificate, &signature, body].concat();
        let mut packer = zstd::bulk::Compressor::with_dictionary(LEVEL, by.authority())
            .map_err(LetterError::Pack)?;
        let packed = packer.compress(&inside).map_err(LetterError::Pack)?;
        let name = chain.as_str().as_bytes();
        let name_len = u8::try_from(name.len()).map_err(|_| LetterError::TooLong)?;
        let mut bytes = [&[FORM, name_len], name, &packed].concat();
        bytes.extend(check(&bytes));
        Ok(format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes)))
    }

    /// Reads a letter and makes sure who wrote it: a party of this chain, says its authority. Line
    /// breaks, spaces and lower case, as paper and mail leave them, do not matter.
    pub fn open(
        text: &str,
        reader: &ChainId,
        authority: &CertificateDer<'_>,
    ) -> Result<Self, LetterError> {
        let bytes = plain_bytes(text)?;
        let (rest, found) = bytes
            .split_at_checked(bytes.len().wrapping_sub(CHECK_LEN))
            .ok_or(LetterError::Misread)?;
        if found != check(rest) {
            return Err(LetterError::Misread);
        }
        let [FORM, name_len, rest @ ..] = rest else { return Err(LetterError::Form) };
        let (name, packed) =
            rest.split_at_checked((*name_len).into()).ok_or(LetterError::Misread)?;
        let name = std::str::from_utf8(name).map_err(|_| LetterError::Misread)?;
        let chain: ChainId = name.parse()?;
        if chain != *reader {
            return Err(LetterError::OtherChain { chain });
        }
        let inside = unpack(packed, authority)?;
        let letter = Parts::of(&inside)?;
        let from = trusted(letter.certificate, &chain, authority)?;
        let key = peer::parse(letter.certificate)?;
        let key = &key.public_key().subject_public_key.data;
        if !fits(key, &signed(&chain, letter.body), letter.signature) {
            return Err(LetterError::Forged { why: "its signature does not fit" });
        }
        Ok(Self { from, body: letter.body.to_vec() })
    }

    /// Whether a text begins as letters do.
    pub fn is_letter(text: &str) -> bool {
        let start = text.trim_start().get(..PREFIX.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
    }
}

/// What is inside the packed part.
struct Parts<'a> {
    certificate: &'a [u8],
    signature: &'a [u8],
    body: &'a [u8],
}

impl<'a> Parts<'a> {
    fn of(inside: &'a [u8]) -> Result<Self, LetterError> {
        let split = || {
            let (length, rest) = inside.split_first_chunk::<2>()?;
            let (certificate, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
            let (signature, body) = rest.split_at_checked(SIGNATURE_LEN)?;
            Some(Self { certificate, signature, body })
        };
        split().ok_or(LetterError::Forged { why: "a part is missing" })
    }
}

fn plain_bytes(text: &str) -> Result<Vec<u8>, LetterError> {
    if text.len() > MAX_LETTER_TEXT {
        return Err(LetterError::TooLong);
    }
    if !Letter::is_letter(text) {
        return Err(LetterError::NotALetter);
    }
    let characters = text.chars().filter(|c| !c.is_whitespace()).skip(PREFIX.len());
    let letters: String = characters.map(|c| c.to_ascii_uppercase()).collect();
    BASE32_NOPAD.decode(letters.as_bytes()).map_err(|_| LetterError::Misread)
}

fn unpack(packed: &[u8], dictionary: &[u8]) -> Result<Vec<u8>, LetterError> {
    let most = MAX_BODY + MAX_CERTIFICATE + SIGNATURE_LEN + 2;
    let mut unpacker =
        zstd::bulk::Decompressor::with_dictionary(dictionary).map_err(LetterError::Pack)?;
    // Another authority's certificate would unpack it to something else or not at all.
    let forged = |_| LetterError::Forged { why: "another authority's certificate is behind it" };
    unpacker.decompress(packed, most).map_err(forged)
}

/// Who a certificate of the chain's authority names. Dates are not looked at: the goods are there,
/// and a store that was away for long may carry a certificate that has run out.
fn trusted(
    certificate: &[u8],
    chain: &ChainId,
    authority: &CertificateDer<'_>,
) -> Result<Peer, LetterError> {
    let issuer = peer::parse(authority)?;
    let issued = peer::parse(certificate)?.verify_signature(Some(issuer.public_key()));
    if issued.is_err() {
        return Err(LetterError::Forged { why: "its certificate is of another authority" });
    }
    let peer = Peer::from_certificate(&CertificateDer::from(certificate))?;
    if peer.name.chain != *chain {
        return Err(LetterError::OtherChain { chain: peer.name.chain });
    }
    Ok(peer)
}

fn signed(chain: &ChainId, body: &[u8]) -> Vec<u8> {
    [CONTEXT, chain.as_str().as_bytes(), b"\0", body].concat()
}

fn check(bytes: &[u8]) -> [u8; CHECK_LEN] {
    let hash = blake3::derive_key("evenstock letter check v1", bytes);
    [hash[0], hash[1], hash[2], hash[3]]
}

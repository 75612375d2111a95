//! How a device becomes a store, and stays one: the exchange of a request for a certificate.
//!
//! Joining: the device makes its key and keeps it, connects with `evenstock-join/1` to a hub whose authority
//! it knows from the code, and sends the code's secret and a request. Renewing: the same over the
//! store's authenticated connection, without a secret. Both get one answer:
//!
//! ```text
//! join request   version u8 = 1 · secret, 16 bytes · request (length u16, DER)
//! renew request  version u8 = 1 · request (length u16, DER)
//! answer         version u8 = 1 · code u32 · if the code is 0: certificate, authority (each length u16, DER)
//! ```
//!
//! Numbers are big-endian. Chain and store are not sent beside the certificate: it says them itself.

use std::error::Error;

use ledger::time::Timestamp;
use rustls::pki_types::CertificateDer;
use thiserror::Error;

use super::close::CloseCode;
use super::csr::{Csr, CsrError};
use super::join_code::JoinSecret;
use super::limits::MAX_CERTIFICATE;
use super::peer::Peer;

/// The version of both messages.
const VERSION: u8 = 1;

/// The longest message: two certificates and what stands around them.
pub(super) const MAX_MESSAGE: usize = 2 * MAX_CERTIFICATE + 32;

/// What the hub decides about its stores. Called on threads that may block.
pub trait Enroller: Send + Sync + 'static {
    /// Turns a join code's secret into a certificate for the store that the code was made for. The
    /// request's signature has been checked; its names are for the enroller to refuse.
    ///
    /// The code is spent durably before the certificate is returned. Because the answer may be lost
    /// on the way, the same secret with the same key ([`Csr::key`]) must succeed again for as long as
    /// the code would have lived; with another key it is [`EnrolRefusal::CodeUsed`].
    fn enrol(&self, secret: &JoinSecret, csr: &Csr, now: Timestamp)
    -> Result<Issued, EnrolRefusal>;

    /// A new certificate for a store that is connected with its present one.
    fn renew(&self, peer: &Peer, csr: &Csr, now: Timestamp) -> Result<Issued, EnrolRefusal>;

    /// Whether a store with a valid certificate may be connected: not revoked, not deleted. Asked for
    /// each new connection and again every minute.
    fn standing(&self, peer: &Peer, now: Timestamp) -> Result<(), CloseCode>;
}

/// What an enroller issues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The store's certificate.
    pub certificate: CertificateDer<'static>,
    /// The certificate of the authority that signed it.
    pub authority: CertificateDer<'static>,
}

/// Why an enroller refuses.
#[derive(Debug, Error)]
pub enum EnrolRefusal {
    /// No such code.
    #[error("no join code with this secret")]
    CodeUnknown,
    /// The code was used, with another key.
    #[error("the join code was used before, by another device")]
    CodeUsed,
    /// The code is too old.
    #[error("the join code has expired")]
    CodeExpired,
    /// The request is not one.
    #[error("the certificate request is refused")]
    Request {
        /// Why.
        #[from]
        source: CsrError,
    },
    /// The request asks for names that are not the store's.
    #[error("the certificate request names someone else")]
    Names,
    /// The store was revoked or removed.
    #[error("the store may not have a certificate ({})", .0.name())]
    Standing(CloseCode),
    /// The hub could not do it. The peer learns no more than that.
    #[error("the hub could not issue a certificate")]
    Failed {
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl EnrolRefusal {
    /// What the peer is told.
    pub const fn code(&self) -> CloseCode {
        match self {
            Self::CodeUnknown => CloseCode::CodeUnknown,
            Self::CodeUsed => CloseCode::CodeUsed,
            Self::CodeExpired => CloseCode::CodeExpired,
            Self::Request { .. } => CloseCode::RequestInvalid,
            Self::Names => CloseCode::RequestNames,
            Self::Standing(code) => *code,
            Self::Failed { .. } => CloseCode::Failed,
        }
    }
}

/// A message that can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MessageError {
    /// Another version.
    #[error("the message has version {0}, this program knows {VERSION}")]
    Version(u8),
    /// Too short, too long, or with something left over.
    #[error("the message is damaged")]
    Damaged,
}

impl MessageError {
    /// What the peer is told.
    pub(super) const fn code(self) -> CloseCode {
        match self {
            Self::Version(_) => CloseCode::Version,
            Self::Damaged => CloseCode::Protocol,
        }
    }
}

pub(super) fn join_request(secret: &JoinSecret, csr: &Csr) -> Vec<u8> {
    let mut message = vec![VERSION];
    message.extend_from_slice(secret.expose());
    put(&mut message, csr.der());
    message
}

pub(super) fn renew_request(csr: &Csr) -> Vec<u8> {
    let mut message = vec![VERSION];
    put(&mut message, csr.der());
    message
}

pub(super) fn answer(result: Result<&Issued, CloseCode>) -> Vec<u8> {
    let mut message = vec![VERSION];
    let code = result.err().unwrap_or(CloseCode::Done);
    message.extend_from_slice(&code.number().to_be_bytes());
    if let Ok(issued) = result {
        put(&mut message, &issued.certificate);
        put(&mut message, &issued.authority);
    }
    message
}

/// The secret and the unchecked request of a join message.
pub(super) fn read_join(message: &[u8]) -> Result<(JoinSecret, &[u8]), MessageError> {
    const SECRET_LEN: usize = 16;
    let rest = body(message)?;
    let (secret, mut rest) = rest.split_at_checked(SECRET_LEN).ok_or(MessageError::Damaged)?;
    let secret = JoinSecret::from_bytes(secret).ok_or(MessageError::Damaged)?;
    let csr = take(&mut rest)?;
    finished(rest).map(|()| (secret, csr))
}

/// The unchecked request of a renewal message.
pub(super) fn read_renew(message: &[u8]) -> Result<&[u8], MessageError> {
    let mut rest = body(message)?;
    let csr = take(&mut rest)?;
    finished(rest).map(|()| csr)
}

/// What the hub decided: certificates, or the number of a [`CloseCode`].
pub(super) fn read_answer(message: &[u8]) -> Result<Result<Issued, u32>, MessageError> {
    let rest = body(message)?;
    let (code, mut rest) = rest.split_first_chunk().ok_or(MessageError::Damaged)?;
    match u32::from_be_bytes(*code) {
        0 => {
            let certificate = CertificateDer::from(take(&mut rest)?.to_vec());
            let authority = CertificateDer::from(take(&mut rest)?.to_vec());
            finished(rest).map(|()| Ok(Issued { certificate, authority }))
        }
        code => finished(rest).map(|()| Err(code)),
    }
}

fn body(message: &[u8]) -> Result<&[u8], MessageError> {
    match message.split_first() {
        Some((&VERSION, rest)) => Ok(rest),
        Some((&other, _)) => Err(MessageError::Version(other)),
        None => Err(MessageError::Damaged),
    }
}

fn put(message: &mut Vec<u8>, bytes: &[u8]) {
    debug_assert!(bytes.len() <= MAX_CERTIFICATE, "our own certificates are small");
    let len = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    message.extend_from_slice(&len.to_be_bytes());
    message.extend_from_slice(bytes);
}

fn take<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], MessageError> {
    let (len, bytes) = rest.split_first_chunk().ok_or(MessageError::Damaged)?;
    let len = usize::from(u16::from_be_bytes(*len));
    let (taken, left) = bytes.split_at_checked(len).ok_or(MessageError::Damaged)?;
    *rest = left;
    Ok(taken)
}

fn finished(rest: &[u8]) -> Result<(), MessageError> {
    if rest.is_empty() { Ok(()) } else { Err(MessageError::Damaged) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_messages_keep_their_bytes() {
        let issued = Issued {
            certificate: CertificateDer::from(vec![0xaa, 0xbb]),
            authority: CertificateDer::from(vec![0xcc]),
        };
        let granted = [1, 0, 0, 0, 0, 0, 2, 0xaa, 0xbb, 0, 1, 0xcc];
        assert_eq!(answer(Ok(&issued)), granted);
        assert_eq!(read_answer(&granted), Ok(Ok(issued)));
        assert_eq!(answer(Err(CloseCode::CodeUsed)), [1, 0, 0, 0, 33]);
        assert_eq!(read_answer(&[1, 0, 0, 0, 33]), Ok(Err(33)));

        let mut join = vec![1];
        join.extend_from_slice(b"sixteen bytes 16");
        join.extend_from_slice(&[0, 1, 0x30]);
        let secret = JoinSecret::from_bytes(b"sixteen bytes 16").unwrap();
        assert_eq!(read_join(&join), Ok((secret, [0x30].as_slice())));
    }

    #[test]
    fn every_cut_or_stretched_message_is_refused() {
        let granted = [1, 0, 0, 0, 0, 0, 2, 0xaa, 0xbb, 0, 1, 0xcc];
        for end in 0..granted.len() {
            assert_eq!(read_answer(&granted[..end]), Err(MessageError::Damaged), "{end}");
        }
        assert_eq!(read_answer(&[1, 0, 0, 0, 33, 0]), Err(MessageError::Damaged));
        assert_eq!(read_renew(&[2, 0, 0]), Err(MessageError::Version(2)));
        assert_eq!(read_join(&[1; 16]), Err(MessageError::Damaged));
    }
}

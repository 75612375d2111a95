//! Why a connection ended, in words that say what to do about it.

use std::fmt;

use quinn::ConnectionError;
use thiserror::Error;

use super::close::CloseCode;

/// TLS alerts start here among QUIC's transport error codes.
const ALERTS: std::ops::Range<u64> = 0x100..0x200;

/// QUIC's code for a server that has no room.
const CONNECTION_REFUSED: u64 = 0x2;

/// What is wrong with a certificate, as far as a TLS alert tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateFault {
    /// Past its end or before its start.
    NotInForce,
    /// Signed by an authority that isn't trusted.
    OtherAuthority,
    /// There was none.
    Missing,
    /// Made for another use or another name, or damaged.
    Unsuitable,
}

impl CertificateFault {
    /// From the number of a TLS alert (RFC 8446, 6.2).
    const fn from_alert(alert: u64) -> Option<Self> {
        match alert {
            42 | 43 | 44 | 46 => Some(Self::Unsuitable),
            45 => Some(Self::NotInForce),
            // Unknown, or one of the same name with another key.
            48 | 51 => Some(Self::OtherAuthority),
            116 => Some(Self::Missing),
            _ => None,
        }
    }
}

impl fmt::Display for CertificateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotInForce => {
                "it is not in force now: it has expired, or the clock of one of the two is wrong"
            }
            Self::OtherAuthority => "it was signed by another chain's authority",
            Self::Missing => "there was none",
            Self::Unsuitable => "it was made for another use or name",
        })
    }
}

/// Why a connection ended or never came about.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Ended {
    /// The other side said why.
    #[error("{0}")]
    Said(CloseCode),
    /// The other side gave a number that this version does not know.
    #[error("the other side closed the connection with code {number} ({reason})")]
    SaidUnknown {
        /// The number.
        number: u64,
        /// What came along.
        reason: String,
    },
    /// The other side refused our certificate.
    #[error("the other side refused our certificate: {0}")]
    OursRefused(CertificateFault),
    /// We refused the other side's certificate.
    #[error("the other side's certificate is refused: {0}")]
    TheirsRefused(CertificateFault),
    /// Both speak QUIC, but not this protocol.
    #[error(
        "the other side does not speak our protocol: wrong address, or one of the two is too old"
    )]
    NoProtocol,
    /// Nothing was heard for too long.
    #[error("nothing was heard from the other side")]
    Silence,
    /// The other side no longer knows the connection.
    #[error("the other side has restarted")]
    Restarted,
    /// We closed it.
    #[error("the connection was closed here")]
    Here,
    /// Anything else that QUIC tells.
    #[error("the connection failed: {0}")]
    Failed(String),
}

impl From<ConnectionError> for Ended {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::ApplicationClosed(close) => {
                let number = close.error_code.into_inner();
                CloseCode::from_number(number).map_or_else(
                    || Self::SaidUnknown { number, reason: printable(&close.reason) },
                    Self::Said,
                )
            }
            ConnectionError::ConnectionClosed(close) => {
                let code = u64::from(close.error_code);
                let failed = || Self::Failed(close.to_string());
                match fault(code) {
                    Some(fault) => Self::OursRefused(fault),
                    None if code == CONNECTION_REFUSED => Self::Said(CloseCode::Busy),
                    None => no_protocol(code).unwrap_or_else(failed),
                }
            }
            ConnectionError::TransportError(error) => {
                let code = u64::from(error.code);
                let failed = || Self::Failed(error.to_string());
                fault(code)
                    .map(Self::TheirsRefused)
                    .or_else(|| no_protocol(code))
                    .unwrap_or_else(failed)
            }
            ConnectionError::TimedOut => Self::Silence,
            ConnectionError::Reset => Self::Restarted,
            ConnectionError::LocallyClosed => Self::Here,
            ConnectionError::VersionMismatch => Self::NoProtocol,
            ConnectionError::CidsExhausted => Self::Failed(error.to_string()),
        }
    }
}

fn fault(code: u64) -> Option<CertificateFault> {
    ALERTS.contains(&code).then(|| CertificateFault::from_alert(code - ALERTS.start)).flatten()
}

/// The alert of a server that shares no application protocol with its client.
fn no_protocol(code: u64) -> Option<Ended> {
    const NO_APPLICATION_PROTOCOL: u64 = 120;
    (code == ALERTS.start + NO_APPLICATION_PROTOCOL).then_some(Ended::NoProtocol)
}

/// A stranger's text, made safe to print.
fn printable(bytes: &[u8]) -> String {
    const LONGEST: usize = 80;
    String::from_utf8_lossy(bytes).chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

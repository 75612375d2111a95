//! Sessions over QUIC between parties that have proved who they are.
//!
//! | room | holds |
//! |---|---|
//! | `join_code`, `csr`, `enrol` | how a device becomes a store of the chain |
//! | `identity`, `files`, `peer` | its key and certificate, and what a certificate says |
//! | `letter` | what it says with its key and without a connection |
//! | [`signature`] | what it signs for later readers |
//! | `tls`, `crypto`, `transport`, [`limits`] | who trusts whom, and what a connection may cost |
//! | `dial`, `socket` | the store's end |
//! | `listen`, `half_open`, `attempts`, `desk`, `live` | the hub's end |
//! | `stream`, `driver`, `workers`, `meter` | a [`Session`](crate::session::Session) on a connection |
//! | `close`, `ended` | why a connection ends: one table of codes |

mod attempts;
mod close;
mod crypto;
mod csr;
mod desk;
mod dial;
mod driver;
mod ended;
mod enrol;
mod files;
mod half_open;
mod identity;
mod join_code;
mod letter;
pub mod limits;
mod listen;
mod live;
mod meter;
mod peer;
pub mod signature;
mod socket;
mod stream;
mod tls;
mod transport;
mod wall_clock;
mod workers;

pub use close::CloseCode;
pub use csr::{Csr, CsrError};
pub use dial::{DialError, Dialer, HubLink};
pub use driver::{SessionEnd, Surroundings, Wish, run_session};
pub use ended::{CertificateFault, Ended};
pub use enrol::{EnrolRefusal, Enroller, Issued, MessageError};
pub use identity::{CERTIFICATE_FILE, Identity, IdentityError, KEY_FILE, NodeKey};
pub use join_code::{CaFingerprint, JoinCode, JoinCodeError, JoinSecret, SecretDigest};
pub use letter::{Letter, LetterError, MAX_LETTER_TEXT};
pub use listen::{ListenError, Listener, ListenerHandle, StoreLink};
pub use meter::{Meter, Traffic};
pub use peer::{KeyId, Peer, PeerError, PeerName, Serial};
pub use rustls::pki_types::{CertificateDer, CertificateSigningRequestDer};
pub use stream::SessionStream;
pub use tls::{ALPN_JOIN, ALPN_SYNC, HUB_HOST_NAME, TlsError};
pub use wall_clock::{SystemClock, WallClock};
pub use workers::Workers;

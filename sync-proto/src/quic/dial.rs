//! The store's end: find the hub, join it, stay enrolled.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use quinn::{Connection, Endpoint};
use thiserror::Error;
use tokio::time::timeout;

use super::close::CloseCode;
use super::csr::Csr;
use super::ended::Ended;
use super::enrol::{self, MAX_MESSAGE, MessageError};
use super::identity::{Identity, IdentityError, NodeKey};
use super::join_code::{CaFingerprint, JoinCode};
use super::limits::{CONNECT_DEADLINE, ENROL_DEADLINE};
use super::peer::PeerName;
use super::socket;
use super::stream::{Purpose, SessionStream, why};
use super::tls::{self, HUB_HOST_NAME, TlsError};
use super::transport;
use super::wall_clock::WallClock;
use crate::Writer;
use crate::session::Config;

/// Opens connections to hubs. Many stores of one process may share one.
#[derive(Debug, Clone)]
pub struct Dialer {
    endpoint: Endpoint,
    clock: Arc<dyn WallClock>,
}

/// An authenticated connection to the hub.
#[derive(Debug, Clone)]
pub struct HubLink {
    connection: Connection,
    identity: Identity,
    clock: Arc<dyn WallClock>,
}

/// Why the hub was not reached, or did not do what was asked.
#[derive(Debug, Error)]
pub enum DialError {
    /// No socket.
    #[error("cannot open a UDP socket")]
    Socket {
        /// What the system said.
        source: std::io::Error,
    },
    /// The address can't be connected to.
    #[error("cannot connect to {hub}")]
    Address {
        /// Where.
        hub: SocketAddr,
        /// What QUIC said.
        source: quinn::ConnectError,
    },
    /// The key or certificate can't be used.
    #[error("cannot prepare a secure connection")]
    Tls {
        /// Why.
        #[from]
        source: TlsError,
    },
    /// No connection came about.
    #[error("no connection to the hub at {hub}")]
    NoConnection {
        /// Where.
        hub: SocketAddr,
        /// Why.
        source: Ended,
    },
    /// The connection broke.
    #[error("the connection to the hub ended while {operation}")]
    Ended {
        /// What was going on.
        operation: &'static str,
        /// Why.
        source: Ended,
    },
    /// The hub answered, with a refusal.
    #[error("the hub refused {operation}: {}", .code.sentence())]
    Refused {
        /// What was asked.
        operation: &'static str,
        /// Its reason.
        code: CloseCode,
    },
    /// The hub answered something that makes no sense.
    #[error("the hub's answer while {operation} cannot be read")]
    Answer {
        /// What was going on.
        operation: &'static str,
        /// What is wrong with it.
        source: MessageError,
    },
    /// The certificate that came back is not ours to use.
    #[error("the hub sent a certificate that is not for this store")]
    NotOurs,
    /// Key or certificate files.
    #[error("cannot use the identity of this device")]
    Identity {
        /// Why.
        #[from]
        source: IdentityError,
    },
    /// rustls has no cipher suite for QUIC: a build without one.
    #[error("cannot encrypt QUIC packets")]
    NoCipher {
        /// What quinn said.
        source: quinn::crypto::rustls::NoInitialCipherSuite,
    },
}

impl Dialer {
    /// Opens a socket of its own, for IPv6 and IPv4 where the system has both. Within a tokio runtime.
    pub fn bind(clock: Arc<dyn WallClock>) -> Result<Self, DialError> {
        let endpoint = socket::store().map_err(|source| DialError::Socket { source })?;
        Ok(Self::on(endpoint, clock))
    }

    /// Uses an endpoint that was made elsewhere, on another kind of socket.
    pub const fn on(endpoint: Endpoint, clock: Arc<dyn WallClock>) -> Self {
        Self { endpoint, clock }
    }

    /// Connects as an enrolled store. The hub has proved who it is when this returns. Whether it takes us is
    /// known with its first answer.
    pub async fn connect(
        &self,
        hub: SocketAddr,
        identity: &Identity,
    ) -> Result<HubLink, DialError> {
        let tls = tls::store(identity, self.clock.clone())?;
        let connection = self.open(hub, tls).await?;
        Ok(HubLink { connection, identity: identity.clone(), clock: self.clock.clone() })
    }

    /// Enrols this device with a join code and keeps key and certificate in `dir`.
    ///
    /// The key is durable before the code is used, so after a crash or a lost answer the same code
    /// works again on this device. An identity that `dir` already has is replaced.
    pub async fn join(
        &self,
        hub: SocketAddr,
        code: &JoinCode,
        dir: &Path,
    ) -> Result<Identity, DialError> {
        const OPERATION: &str = "joining";
        let key = NodeKey::load_or_create(dir)?;
        let csr = Csr::new(&key, None)?;
        let tls = tls::joiner(code.authority(), self.clock.clone())?;
        let connection = self.open(hub, tls).await?;
        let request = enrol::join_request(code.secret(), &csr);
        let exchanged = exchange(&connection, None, &request, OPERATION).await;
        CloseCode::Done.close(&connection);
        let issued = exchanged?;
        if CaFingerprint::of(&issued.authority) != code.authority() {
            return Err(DialError::NotOurs);
        }
        let identity = Identity::assemble(key, issued.certificate, issued.authority)?;
        if identity.me().name.writer.store().is_none() {
            return Err(DialError::NotOurs);
        }
        identity.save(dir)?;
        Ok(identity)
    }

    /// Closes what is open and waits until the other sides have been told.
    pub async fn close(&self, code: CloseCode) {
        self.endpoint.close(code.varint(), code.name().as_bytes());
        self.endpoint.wait_idle().await;
    }

    async fn open(
        &self,
        hub: SocketAddr,
        tls: rustls::ClientConfig,
    ) -> Result<Connection, DialError> {
        let config = transport::client(tls).map_err(|source| DialError::NoCipher { source })?;
        let connecting = self
            .endpoint
            .connect_with(config, hub, HUB_HOST_NAME)
            .map_err(|source| DialError::Address { hub, source })?;
        match timeout(CONNECT_DEADLINE, connecting).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(DialError::NoConnection { hub, source: error.into() }),
            Err(_) => Err(DialError::NoConnection { hub, source: Ended::Silence }),
        }
    }
}

impl HubLink {
    /// The identity under which this link was opened.
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Opens the stream of a session.
    pub async fn open_session(&self) -> Result<SessionStream, DialError> {
        let PeerName { chain, writer: me } = self.identity.me().name.clone();
        let config = Config { chain, me, peer: Writer::Hub };
        SessionStream::open(self.connection.clone(), config)
            .await
            .map_err(|source| DialError::Ended { operation: "opening a session", source })
    }

    /// Whether the certificate should be renewed now.
    pub fn renewal_due(&self) -> bool {
        self.identity.me().renewal_due(self.clock.now())
    }

    /// Gets a new certificate for the same key and keeps it in `dir`. The link goes on under the old one;
    /// the next connection uses the new.
    pub async fn renew(&self, dir: &Path) -> Result<Identity, DialError> {
        const OPERATION: &str = "renewing the certificate";
        let key = self.identity.key().clone();
        let csr = Csr::new(&key, Some(&self.identity.me().name))?;
        let request = enrol::renew_request(&csr);
        let issued =
            exchange(&self.connection, Some(Purpose::Renewal), &request, OPERATION).await?;
        let renewed = Identity::assemble(key, issued.certificate, issued.authority)?;
        let same_hub = renewed.authority() == self.identity.authority();
        if renewed.me().name != self.identity.me().name || !same_hub {
            return Err(DialError::NotOurs);
        }
        renewed.save(dir)?;
        Ok(renewed)
    }

    /// Closes the connection.
    pub fn close(&self, code: CloseCode) {
        code.close(&self.connection);
    }

    /// Waits until the connection has ended.
    pub async fn ended(&self) -> Ended {
        self.connection.closed().await.into()
    }
}

/// Sends one request on a stream of its own and reads the answer.
async fn exchange(
    connection: &Connection,
    purpose: Option<Purpose>,
    request: &[u8],
    operation: &'static str,
) -> Result<enrol::Issued, DialError> {
    let converse = async {
        let (mut send, mut recv) = connection.open_bi().await.map_err(Ended::from)?;
        let sent = async {
            if let Some(purpose) = purpose {
                send.write_all(&[purpose.byte()]).await?;
            }
            send.write_all(request).await
        };
        // A hub that refuses may close before it has read everything; its reason stands in the
        // connection, not in the failed write.
        sent.await.map_err(|_| why(connection))?;
        let _ = send.finish();
        recv.read_to_end(MAX_MESSAGE).await.map_err(|_| why(connection))
    };
    let answer = timeout(ENROL_DEADLINE, converse)
        .await
        .unwrap_or(Err(Ended::Silence))
        .map_err(|source| DialError::Ended { operation, source })?;
    let damaged = |source| DialError::Answer { operation, source };
    enrol::read_answer(&answer).map_err(damaged)?.map_err(|number| {
        CloseCode::from_number(number.into()).map_or_else(
            || DialError::Ended {
                operation,
                source: Ended::SaidUnknown { number: number.into(), reason: String::new() },
            },
            |code| DialError::Refused { operation, code },
        )
    })
}

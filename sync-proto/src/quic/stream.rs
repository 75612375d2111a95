//! What each stream of an `evenstock/1` connection is for, and the stream of a session.

use std::net::SocketAddr;

use quinn::{Connection, RecvStream, SendStream};

use super::close::CloseCode;
use super::ended::Ended;
use super::meter::Meter;
use crate::session::Config;

/// The first byte of each stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Frames of a session, both ways, for as long as the connection lives.
    Session,
    /// One request for a new certificate and its answer.
    Renewal,
}

impl Purpose {
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Session => 1,
            Self::Renewal => 2,
        }
    }

    pub(super) fn from_byte(byte: u8) -> Option<Self> {
        [Self::Session, Self::Renewal].into_iter().find(|purpose| purpose.byte() == byte)
    }
}

/// A connection that ends when this is dropped, if it was not closed with a better reason before.
#[derive(Debug)]
pub(super) struct Owned(pub(super) Connection);

impl Drop for Owned {
    fn drop(&mut self) {
        CloseCode::Stopping.close(&self.0);
    }
}

/// The stream that carries a session, and the connection whose purpose it is: dropping this ends both.
#[derive(Debug)]
pub struct SessionStream {
    pub(super) connection: Owned,
    pub(super) send: SendStream,
    pub(super) recv: RecvStream,
    pub(super) meter: Meter,
    pub(super) config: Config,
}

impl SessionStream {
    /// Opens the stream and says what it is for.
    pub(super) async fn open(connection: Connection, config: Config) -> Result<Self, Ended> {
        let (mut send, recv) = connection.open_bi().await?;
        let said = send.write_all(&[Purpose::Session.byte()]).await;
        said.map_err(|_| why(&connection))?;
        Ok(Self::on(connection, send, recv, config))
    }

    /// A stream on which it was said already.
    pub(super) fn on(
        connection: Connection,
        send: SendStream,
        recv: RecvStream,
        config: Config,
    ) -> Self {
        Self {
            meter: Meter::new(connection.clone()),
            connection: Owned(connection),
            send,
            recv,
            config,
        }
    }

    /// Who meets whom on it, by both certificates.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Where the other side is.
    pub fn remote_address(&self) -> SocketAddr {
        self.connection.0.remote_address()
    }

    /// Counts what goes over it.
    pub fn meter(&self) -> Meter {
        self.meter.clone()
    }

    /// Ends the connection.
    pub fn close(&self, code: CloseCode) {
        code.close(&self.connection.0);
    }
}

/// Why a stream failed: because its connection did, or because the peer gave the stream up.
pub(super) fn why(connection: &Connection) -> Ended {
    connection.close_reason().map_or(Ended::Said(CloseCode::Protocol), Ended::from)
}

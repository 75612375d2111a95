//! What each stream of an `evenstock/1` connection is for, and the stream of a session.

use quinn::{Connection, RecvStream, SendStream};

use super::close::CloseCode;
use super::ended::Ended;

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

/// The stream that carries a session, and the connection that it is the purpose of.
#[derive(Debug)]
pub struct SessionStream {
    pub(super) connection: Connection,
    pub(super) send: SendStream,
    pub(super) recv: RecvStream,
}

impl SessionStream {
    /// Opens the stream and says what it is for.
    pub(super) async fn open(connection: Connection) -> Result<Self, Ended> {
        let (mut send, recv) = connection.open_bi().await?;
        let said = send.write_all(&[Purpose::Session.byte()]).await;
        said.map_err(|_| why(&connection))?;
        Ok(Self { connection, send, recv })
    }

    /// Ends the connection.
    pub fn close(&self, code: CloseCode) {
        code.close(&self.connection);
    }
}

/// Why a stream failed: because its connection did, or because the peer gave the stream up.
pub(super) fn why(connection: &Connection) -> Ended {
    connection.close_reason().map_or(Ended::Said(CloseCode::Protocol), Ended::from)
}

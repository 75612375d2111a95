//! What a session costs on the wire.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use quinn::Connection;

/// Reads what a session has cost so far. Works after the session has ended, too.
#[derive(Debug, Clone)]
pub struct Meter {
    connection: Connection,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    sent: AtomicU64,
    received: AtomicU64,
}

/// What was sent and received, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes of the session's frames, sent.
    pub frames_sent: u64,
    /// Bytes of the session's frames, received.
    pub frames_received: u64,
    /// Bytes of UDP payload of the whole connection, handshake included, sent.
    pub udp_sent: u64,
    /// The same, received.
    pub udp_received: u64,
    /// How long a packet takes there and back, as last estimated.
    pub round_trip: Duration,
}

impl Meter {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, counts: Arc::default() }
    }

    /// The figures now.
    pub fn read(&self) -> Traffic {
        let stats = self.connection.stats();
        Traffic {
            frames_sent: self.counts.sent.load(Ordering::Relaxed),
            frames_received: self.counts.received.load(Ordering::Relaxed),
            udp_sent: stats.udp_tx.bytes,
            udp_received: stats.udp_rx.bytes,
            round_trip: stats.path.rtt,
        }
    }

    pub(super) fn sent(&self, bytes: usize) {
        self.counts.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn received(&self, bytes: usize) {
        self.counts.received.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

//! What one connection, and all of them together, may cost. Every bound with its reason.

use std::time::Duration;

/// Streams a peer may have open at once: one session, one renewal, and room for what a later
/// version may add.
pub const MAX_STREAMS: u32 = 8;

/// Bytes that may wait unread on one stream: four times the largest chunk of changes, so that a
/// window of chunks is under way while one is being made durable.
pub const STREAM_WINDOW: u32 = 1 << 20;

/// Bytes that may wait unread on one connection, over all its streams. quinn's own default is
/// unlimited: a hostile peer would pin windows times streams. Two stream windows keep a renewal
/// moving beside a full session.
pub const CONNECTION_WINDOW: u32 = 2 << 20;

/// Bytes we keep for retransmission to one peer: a 100 Mbit/s link of 300 ms is full at 4 MiB.
pub const SEND_WINDOW: u64 = 4 << 20;

/// A connection with no packet for this long is dead. Three missed keep-alives.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// How often the store speaks when it has nothing to say: mobile NATs forget after 30 s.
pub const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// Handshakes that quinn may hold for us before we look at them: a fifth of the largest chain after
/// the hub comes back; the others are told to try again.
pub const MAX_INCOMING: usize = 1_024;

/// Bytes buffered for one connection that we have not looked at yet: a client's first flight is
/// a few packets.
pub const INCOMING_BUFFER: u64 = 64 << 10;

/// The same over all connections that we have not looked at yet.
pub const INCOMING_BUFFER_TOTAL: u64 = 16 << 20;

/// Connections the hub keeps at once: the largest chain (5,000 stores) and the connections that
/// are being replaced by newer ones of the same store.
pub const MAX_CONNECTIONS: usize = 8_192;

/// Handshakes in progress: a quarter of the largest house, about 50 kB each while they last.
pub const MAX_HANDSHAKES: usize = 2_048;

/// Handshakes begun at once. While a thousand stores come back together, more than this would keep the
/// processor from reading the socket, whose packets are then lost and sent again after a second or more.
pub const HANDSHAKES_AT_ONCE: usize = 64;

/// A handshake that is not done after this long waits for its link, not for us: the next one may begin. Whoever
/// starts handshakes only to hold them thus slows others down but can't stop them.
pub const HANDSHAKE_TURN: Duration = Duration::from_millis(500);

/// Handshakes in progress from one network address: half of all, so that a whole chain behind one provider
/// comes back at once and yet nobody takes every place by starting what he doesn't finish.
pub const MAX_HANDSHAKES_PER_ADDRESS: usize = MAX_HANDSHAKES / 2;

/// With this many handshakes in progress, an address must prove itself by a retry before it costs us
/// another: one extra round trip is then cheaper than the spoofed floods it stops.
pub const RETRY_FROM: usize = MAX_HANDSHAKES / 8;

/// A handshake takes two round trips. Of a bad mobile link, which loses packets and repeats them after one,
/// two and four seconds, this forgives three losses in a row.
pub const HANDSHAKE_DEADLINE: Duration = Duration::from_secs(10);

/// How long a store tries to reach its hub before it reports that it could not.
pub const CONNECT_DEADLINE: Duration = Duration::from_secs(15);

/// A connected store says within this time what it wants, or leaves. It has proved who it is, so there is
/// no hurry.
pub const FIRST_STREAM_DEADLINE: Duration = Duration::from_secs(30);

/// An enrolment or renewal is two small messages and one signature; the rest is a slow link.
pub const ENROL_DEADLINE: Duration = Duration::from_secs(15);

/// A certificate or request of ours is under 700 bytes.
pub const MAX_CERTIFICATE: usize = 4 << 10;

/// The hub's word on a live connection is asked again this often, so that what another process or
/// an administrator decided reaches it within a minute.
pub const RECHECK_EVERY: Duration = Duration::from_secs(60);

/// Enrolments that may fail for one network address in a burst: a person mistypes a few times. Those that
/// succeed are not counted, since a whole chain may be set up from one desk.
pub const ENROL_BURST: u32 = 20;

/// One more enrolment is allowed to an address after each of these.
pub const ENROL_REFILL: Duration = Duration::from_secs(15);

/// Connections one network address may open in a burst: a whole chain may sit behind the one
/// address of its provider.
pub const CONNECT_BURST: u32 = 4_096;

/// One more connection is allowed to an address after each of these.
pub const CONNECT_REFILL: Duration = Duration::from_millis(20);

/// Addresses whose attempts are counted; those that were quiet longest are forgotten first.
pub const MAX_COUNTED_ADDRESSES: usize = 4_096;

/// Bytes that the system may hold for a socket of ours until we read them: a thousand first packets of a
/// chain that comes back at once. The usual 200 kB hold ninety.
pub const SOCKET_BUFFER: usize = 4 << 20;

/// Bytes taken off a stream at once: a quarter of the largest chunk of changes.
pub const READ_AT_ONCE: usize = 64 << 10;

/// How long a session that ends waits for its last word to arrive.
pub const FAREWELL: Duration = Duration::from_secs(2);

/// How long a session that catches up keeps others from beginning to. A month of a store takes a
/// second; one on a slow link goes on beside the next.
pub const CATCH_UP_TURN: Duration = Duration::from_secs(20);

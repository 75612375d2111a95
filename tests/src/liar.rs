//! A peer with a valid certificate that keeps to nothing else.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ledger::chain::ChainLink;
use ledger::id::{Epoch, StoreId};
use ledger::time::Timestamp;
use quinn::crypto::rustls::QuicClientConfig;
use quinn::{Connection, Endpoint, RecvStream};
use rustls::pki_types::PrivatePkcs8KeyDer;
use sync_proto::carryover::History;
use sync_proto::frame::{FrameBuffer, frame};
use sync_proto::message::{Chunk, Hello, Message, PROTOCOL};
use sync_proto::quic::{ALPN_SYNC, Ended, HUB_HOST_NAME, Identity};
use sync_proto::replica::{Head, Outgoing};
use sync_proto::{ChainId, Digest, DocId, chunk};

use crate::daemon::Store;

/// The first byte of a stream that carries a session.
const SESSION: u8 = 1;

/// How long the hub may take to answer or hang up: a guard against hanging, not a measurement.
const PATIENCE: Duration = Duration::from_secs(60);

/// The clock that the liar claims to have: 2026-11-22.
const CLOCK: Timestamp = Timestamp::from_millis(1_795_341_600_000);

/// A machine with the key and certificate of an enrolled store.
#[derive(Debug)]
pub struct Liar {
    identity: Identity,
    hub: SocketAddr,
}

/// What the hub said to it.
#[derive(Debug)]
pub struct Heard {
    /// Its messages.
    pub messages: Vec<Message>,
    /// How it hung up; none if it went on listening.
    pub ended: Option<Ended>,
}

impl Heard {
    /// The reasons for which it took changes not in; none if it acknowledged fewer than all chunks.
    pub fn refusals(&self) -> Vec<String> {
        let acks = self.messages.iter().filter_map(|message| match message {
            Message::Ack(ack) => Some(&ack.refused),
            _ => None,
        });
        acks.flatten().map(|refused| refused.reason.clone()).collect()
    }
}

impl Liar {
    /// Takes over the identity of a store.
    pub fn with_identity_of(store: &Store, hub: SocketAddr) -> Self {
        let identity = Identity::load(&store.dir().join("identity"));
        Self { identity: identity.ok().flatten().expect("the store has joined"), hub }
    }

    /// The chain that it belongs to.
    pub const fn chain(&self) -> &ChainId {
        &self.identity.me().name.chain
    }

    /// The store that it is.
    pub fn store(&self) -> &StoreId {
        self.identity.me().name.writer.store().expect("only stores enrol")
    }

    /// A greeting as an honest, empty store would send it.
    pub fn hello(&self) -> Vec<u8> {
        let (epoch, store) = (Epoch::FIRST, self.store().clone());
        let link = ChainLink::genesis(&store, epoch);
        framed(&Message::Hello(Hello {
            versions: PROTOCOL,
            chain: self.chain().clone(),
            store,
            head: Head { epoch, seq: 0, link },
            root: Digest::EMPTY,
            clock: CLOCK,
            stock: None,
            history: History::Whole,
        }))
    }

    /// Opens a session, says these bytes and listens until the hub has acknowledged as many chunks
    /// or hung up.
    ///
    /// # Panics
    ///
    /// When it does neither, or cannot be reached.
    pub fn say(&self, bytes: &[u8], chunks: usize) -> Heard {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime can be made");
        runtime.block_on(async {
            tokio::time::timeout(PATIENCE, self.converse(bytes, chunks)).await.expect("an answer")
        })
    }

    async fn converse(&self, bytes: &[u8], chunks: usize) -> Heard {
        let endpoint = Endpoint::client(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let endpoint = endpoint.expect("a free port");
        let connecting = endpoint.connect_with(self.config(), self.hub, HUB_HOST_NAME);
        let connection = connecting.expect("an address").await.expect("the hub knows this store");
        let (mut send, recv) = connection.open_bi().await.expect("the hub takes a session");
        // The hub may hang up before it has heard everything.
        let saying = async {
            let _ = send.write_all(&[SESSION]).await;
            let _ = send.write_all(bytes).await;
        };
        let (heard, ()) = tokio::join!(listen(&connection, recv, chunks), saying);
        connection.close(0_u32.into(), b"");
        endpoint.wait_idle().await;
        heard
    }

    fn config(&self) -> quinn::ClientConfig {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.identity.authority().clone()).expect("an authority");
        let key = PrivatePkcs8KeyDer::from(self.identity.key().pair().serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .expect("ring speaks TLS 1.3")
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![self.identity.certificate().clone()], key.into())
            .expect("a key and its certificate");
        tls.alpn_protocols = vec![ALPN_SYNC.to_vec()];
        let tls = QuicClientConfig::try_from(tls).expect("ring has QUIC's cipher");
        quinn::ClientConfig::new(Arc::new(tls))
    }
}

async fn listen(connection: &Connection, mut recv: RecvStream, chunks: usize) -> Heard {
    let mut heard = Heard { messages: Vec::new(), ended: None };
    let mut buffer = FrameBuffer::new();
    let mut acks = 0;
    while acks < chunks || chunks == 0 {
        match recv.read_chunk(usize::MAX, true).await {
            Ok(Some(piece)) => buffer.push(&piece.bytes),
            Ok(None) | Err(_) => {
                heard.ended = Some(connection.closed().await.into());
                break;
            }
        }
        while let Some(message) = buffer.next_frame().expect("the hub keeps to the protocol") {
            let message = Message::decode(&message).expect("the hub keeps to the protocol");
            acks += usize::from(matches!(message, Message::Ack(_)));
            heard.messages.push(message);
        }
    }
    heard
}

/// A message as it goes over the wire.
pub fn framed(message: &Message) -> Vec<u8> {
    frame(&message.encode())
}

/// A chunk with one change in it.
pub fn change(number: u64, doc: &DocId, actor: sync_proto::Actor, bytes: &[u8]) -> Vec<u8> {
    let change = Outgoing { doc: doc.clone(), actor, seq: 1, bytes: bytes.to_vec() };
    framed(&Message::Changes(Chunk { number, body: chunk::pack(&[change]) }))
}

/// A chunk that claims a length and unpacks to so many megabytes of nothing.
pub fn bomb(claims: u64, megabytes: usize) -> Vec<u8> {
    let mut packed = zstd::Encoder::new(Vec::new(), 1).expect("zstd");
    for _ in 0..megabytes {
        packed.write_all(&[0; 1 << 20]).expect("writing to memory");
    }
    let mut body = leb(claims);
    body.extend(packed.finish().expect("writing to memory"));
    framed(&Message::Changes(Chunk { number: 1, body }))
}

/// A change of a hundred bytes that puts an empty text under `1-1` as often as it is told: all of
/// its columns are run-length coded. Its checksum is right.
pub fn operations(count: i64, deps: [u8; 32], actor: sync_proto::Actor) -> Vec<u8> {
    let ones = |value: u8| [signed_leb(count), vec![value]].concat();
    let columns = [
        (0x01, ones(1)),
        (0x02, ones(2)),
        (0x15, [signed_leb(count), b"\x031-1".to_vec()].concat()),
        (0x34, leb(count.unsigned_abs())),
        (0x42, ones(1)),
        (0x56, ones(6)),
        (0x70, ones(0)),
    ];
    let mut data = vec![1];
    data.extend(deps);
    data.push(16);
    data.extend(actor.as_bytes());
    // Sequence number, first operation, time, no message; one other actor of one byte; the columns.
    data.extend([1, 8, 0, 0, 1, 1, 0, 7]);
    for (spec, column) in &columns {
        data.extend(leb(*spec));
        data.extend(leb(column.len() as u64));
    }
    data.extend(columns.iter().flat_map(|(_, column)| column));
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1];
    bytes.extend(leb(data.len() as u64));
    bytes.extend(data);
    // Automerge itself says what the checksum must be: the start of the hash.
    let read = automerge::Change::try_from(bytes.as_slice()).expect("a change, if a monstrous one");
    bytes[4..8].copy_from_slice(&read.hash().0[..4]);
    bytes
}

fn leb(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn signed_leb(mut value: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while !(-64..64).contains(&value) {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push((value & 0x7f) as u8);
    bytes
}

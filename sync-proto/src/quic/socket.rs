//! UDP sockets for both ends, and what the hub's keeps across a restart.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;

use quinn::crypto::{CryptoError, HmacKey};
use quinn::{Endpoint, EndpointConfig, TokioRuntime};
use quinn_proto::HashedConnectionIdGenerator;
use socket2::{Domain, Protocol, Socket, Type};

use super::identity::NodeKey;
use super::limits::SOCKET_BUFFER;

/// A hub's endpoint. A hub that was killed and runs again with the same key tells its stores at their next
/// packet that it no longer knows their connections; otherwise they would wait for the idle timeout.
pub(super) fn hub(
    config: quinn::ServerConfig,
    address: SocketAddr,
    key: &NodeKey,
) -> io::Result<Endpoint> {
    let reset_key = blake3::derive_key("evenstock stateless reset v1", &key.pair().serialize_der());
    let cid_key = blake3::derive_key("evenstock connection id v1", &key.pair().serialize_der());
    let [a, b, c, d, e, f, g, h, ..] = cid_key;
    let cid_key = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    let mut endpoint = EndpointConfig::new(Arc::new(KeyedHash(reset_key)));
    endpoint.cid_generator(move || Box::new(HashedConnectionIdGenerator::from_key(cid_key)));
    Endpoint::new(endpoint, Some(config), open(address)?, Arc::new(TokioRuntime))
}

/// A store's endpoint: for IPv6 and IPv4 where the system has both.
pub(super) fn store() -> io::Result<Endpoint> {
    let any = |address| open(SocketAddr::new(address, 0));
    let socket =
        any(Ipv6Addr::UNSPECIFIED.into()).or_else(|_| any(Ipv4Addr::UNSPECIFIED.into()))?;
    Endpoint::new(EndpointConfig::default(), None, socket, Arc::new(TokioRuntime))
}

fn open(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.is_ipv6() {
        // A system that can't serves IPv6 only.
        let _ = socket.set_only_v6(false);
    }
    // The system may grant less.
    let _ = socket.set_recv_buffer_size(SOCKET_BUFFER);
    let _ = socket.set_send_buffer_size(SOCKET_BUFFER);
    socket.bind(&address.into())?;
    Ok(socket.into())
}

/// BLAKE3 with a key, as QUIC wants its message authentication.
struct KeyedHash([u8; 32]);

impl HmacKey for KeyedHash {
    fn sign(&self, data: &[u8], signature_out: &mut [u8]) {
        let hash = blake3::keyed_hash(&self.0, data);
        signature_out.copy_from_slice(hash.as_bytes());
    }

    fn signature_len(&self) -> usize {
        blake3::OUT_LEN
    }

    fn verify(&self, data: &[u8], signature: &[u8]) -> Result<(), CryptoError> {
        // blake3::Hash compares in constant time.
        let given = blake3::Hash::from_slice(signature).map_err(|_| CryptoError)?;
        if blake3::keyed_hash(&self.0, data) == given { Ok(()) } else { Err(CryptoError) }
    }
}

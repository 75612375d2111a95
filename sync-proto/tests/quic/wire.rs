//! The network between one store and its hub, which can be cut.

#![expect(
    clippy::disallowed_methods,
    reason = "the network is outside the core, with a life of its own"
)]

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often the wire looks whether it is still needed.
const LOOK: Duration = Duration::from_millis(20);

/// Longer than any packet on loopback.
const PACKET_LEN: usize = 65_536;

/// Carries packets between whoever speaks to its address and a hub.
pub(crate) struct Wire {
    /// Where the store finds the hub.
    pub(crate) address: SocketAddr,
    is_cut: Arc<AtomicBool>,
    is_over: Arc<AtomicBool>,
    carrier: Option<JoinHandle<()>>,
}

impl Wire {
    pub(crate) fn to(hub: SocketAddr) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        socket.set_read_timeout(Some(LOOK)).unwrap();
        let address = socket.local_addr().unwrap();
        let (is_cut, is_over) = <(Arc<AtomicBool>, Arc<AtomicBool>)>::default();
        let (cut, over) = (Arc::clone(&is_cut), Arc::clone(&is_over));
        let carrier = thread::spawn(move || {
            let (mut store, mut packet) = (None, vec![0; PACKET_LEN]);
            while !over.load(Ordering::SeqCst) {
                // Nothing came in time, or the hub's port is closed: packets get lost, that is all.
                let Ok((len, from)) = socket.recv_from(&mut packet) else { continue };
                if from != hub {
                    store = Some(from);
                }
                let to = if from == hub { store } else { Some(hub) };
                if let (Some(to), false) = (to, cut.load(Ordering::SeqCst)) {
                    let _ = socket.send_to(&packet[..len], to);
                }
            }
        });
        Self { address, is_cut, is_over, carrier: Some(carrier) }
    }

    /// Loses every packet from now on.
    pub(crate) fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
    }

    /// Carries packets again.
    pub(crate) fn mend(&self) {
        self.is_cut.store(false, Ordering::SeqCst);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        if let Some(carrier) = self.carrier.take() {
            carrier.join().unwrap();
        }
    }
}

//! The hub's end: lets stores in, enrols devices, renews certificates, and shows out whom the hub no
//! longer wants.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use ledger::id::StoreId;
use quinn::{Connection, Endpoint, Incoming};
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::attempts::Attempts;
use super::close::CloseCode;
use super::desk;
use super::enrol::Enroller;
use super::half_open::{HalfOpen, Place};
use super::identity::Identity;
use super::limits;
use super::live::Live;
use super::peer::Peer;
use super::socket;
use super::stream::SessionStream;
use super::tls::{self, ALPN_JOIN, ALPN_SYNC, TlsError};
use super::transport;
use super::wall_clock::WallClock;
use crate::{ChainId, Writer};

/// Sessions that wait for the hub to take them; beyond this, new ones wait in their connections.
const ARRIVALS: usize = 64;

/// Listens for stores and for devices that want to become one.
///
/// Handshakes, enrolment and renewal happen by themselves; [`Listener::next`] yields the stores that want
/// a session. Dropping the listener closes everything.
#[derive(Debug)]
pub struct Listener {
    shared: Arc<Shared>,
    arrivals: mpsc::Receiver<StoreLink>,
    tasks: [JoinHandle<()>; 2],
}

/// A store that has proved who it is and wants a session.
#[derive(Debug)]
pub struct StoreLink {
    /// What its certificate says.
    pub peer: Peer,
    /// The store.
    pub store: StoreId,
    /// The stream of the session.
    pub stream: SessionStream,
}

/// Speaks to the connections of a [`Listener`] from anywhere.
#[derive(Debug, Clone)]
pub struct ListenerHandle(Arc<Shared>);

/// Why the hub can't listen.
#[derive(Debug, Error)]
pub enum ListenError {
    /// No socket.
    #[error("cannot listen on UDP {address}")]
    Socket {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The identity is not a hub's.
    #[error("the certificate is that of {name}, not of a hub")]
    NotAHub {
        /// Whose it is.
        name: String,
    },
    /// The identity can't be used.
    #[error("cannot prepare secure connections")]
    Tls {
        /// Why.
        #[from]
        source: TlsError,
    },
    /// rustls has no cipher suite for QUIC: a build without one.
    #[error("cannot encrypt QUIC packets")]
    NoCipher {
        /// What quinn said.
        source: quinn::crypto::rustls::NoInitialCipherSuite,
    },
}

/// What the listener's tasks share.
pub(super) struct Shared {
    pub(super) chain: ChainId,
    pub(super) enroller: Arc<dyn Enroller>,
    pub(super) clock: Arc<dyn WallClock>,
    pub(super) live: Live,
    pub(super) arrivals: mpsc::Sender<StoreLink>,
    pub(super) enrolments: Mutex<Attempts>,
    endpoint: Endpoint,
    connects: Mutex<Attempts>,
    half_open: HalfOpen,
    turns: Arc<Semaphore>,
    closed: watch::Sender<bool>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listener").field("chain", &self.chain).field("live", &self.live).finish()
    }
}

impl Listener {
    /// Listens on a UDP address. Within a tokio runtime.
    pub fn bind(
        address: SocketAddr,
        hub: &Identity,
        enroller: Arc<dyn Enroller>,
        clock: Arc<dyn WallClock>,
    ) -> Result<Self, ListenError> {
        let config = server_config(hub, clock.clone())?;
        let endpoint = socket::hub(config, address, hub.key())
            .map_err(|source| ListenError::Socket { address, source })?;
        Self::on(endpoint, hub, enroller, clock)
    }

    /// Listens with an endpoint that was made elsewhere, on another kind of socket.
    pub fn on(
        endpoint: Endpoint,
        hub: &Identity,
        enroller: Arc<dyn Enroller>,
        clock: Arc<dyn WallClock>,
    ) -> Result<Self, ListenError> {
        endpoint.set_server_config(Some(server_config(hub, clock.clone())?));
        let (sender, arrivals) = mpsc::channel(ARRIVALS);
        let shared = Arc::new(Shared {
            chain: hub.me().name.chain.clone(),
            enroller,
            clock,
            live: Live::default(),
            arrivals: sender,
            enrolments: Mutex::new(Attempts::new(limits::ENROL_BURST, limits::ENROL_REFILL)),
            endpoint,
            connects: Mutex::new(Attempts::new(limits::CONNECT_BURST, limits::CONNECT_REFILL)),
            half_open: HalfOpen::default(),
            turns: Arc::new(Semaphore::new(limits::HANDSHAKES_AT_ONCE)),
            closed: watch::Sender::new(false),
        });
        let tasks = [
            tokio::spawn(accept_all(shared.clone())),
            tokio::spawn(desk::recheck_all(shared.clone())),
        ];
        Ok(Self { shared, arrivals, tasks })
    }

    /// The next store that wants a session; `None` once the listener was closed.
    pub async fn next(&mut self) -> Option<StoreLink> {
        let mut closed = self.shared.closed.subscribe();
        tokio::select! {
            link = self.arrivals.recv() => link,
            _ = closed.wait_for(|closed| *closed) => None,
        }
    }

    /// For those who close connections or look at them.
    pub fn handle(&self) -> ListenerHandle {
        ListenerHandle(self.shared.clone())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        self.handle().close(CloseCode::Stopping);
    }
}

impl ListenerHandle {
    /// Where it listens.
    pub fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.0.endpoint.local_addr()
    }

    /// The stores that are connected.
    pub fn connected(&self) -> Vec<StoreId> {
        self.0.live.stores()
    }

    /// Ends the connections of a store; returns how many there were. To revoke a store, make that durable
    /// first, so that [`Enroller::standing`] knows, and then call this.
    pub fn close_store(&self, store: &StoreId, code: CloseCode) -> usize {
        self.0.live.close(store, code)
    }

    /// Uses a renewed certificate of the hub for connections from now on.
    pub fn use_identity(&self, hub: &Identity) -> Result<(), ListenError> {
        let config = server_config(hub, self.0.clock.clone())?;
        self.0.endpoint.set_server_config(Some(config));
        Ok(())
    }

    /// Ends all connections and takes no more.
    pub fn close(&self, code: CloseCode) {
        self.0.closed.send_replace(true);
        self.0.endpoint.set_server_config(None);
        self.0.endpoint.close(code.varint(), code.name().as_bytes());
    }

    /// Waits until the other sides have been told that their connections ended.
    pub async fn closed(&self) {
        self.0.endpoint.wait_idle().await;
    }
}

fn server_config(
    hub: &Identity,
    clock: Arc<dyn WallClock>,
) -> Result<quinn::ServerConfig, ListenError> {
    if hub.me().name.writer != Writer::Hub {
        return Err(ListenError::NotAHub { name: hub.me().name.to_string() });
    }
    transport::server(tls::hub(hub, clock)?).map_err(|source| ListenError::NoCipher { source })
}

async fn accept_all(shared: Arc<Shared>) {
    loop {
        // Those who come while all have their turn wait, not yet looked at, in quinn's bounded queue.
        let Ok(turn) = shared.turns.clone().acquire_owned().await else { return };
        let Some(incoming) = shared.endpoint.accept().await else { return };
        let address = incoming.remote_address();
        if shared.endpoint.open_connections() >= limits::MAX_CONNECTIONS {
            incoming.refuse();
        } else if shared.half_open.count() >= limits::RETRY_FROM
            && !incoming.remote_address_validated()
        {
            // Cannot fail: whoever is not validated may be asked to retry.
            let _ = incoming.retry();
        } else if !allowed(&shared.connects, address) {
            incoming.refuse();
        } else if let Some(place) = shared.half_open.enter(address.ip()) {
            tokio::spawn(welcome(shared.clone(), incoming, place, turn));
        } else {
            incoming.refuse();
        }
    }
}

impl Shared {
    /// A device has joined: its attempt does not count against its address.
    pub(super) fn enrolled(&self, address: SocketAddr) {
        let mut attempts = self.enrolments.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.forgive(address.ip());
    }
}

async fn welcome(
    shared: Arc<Shared>,
    incoming: Incoming,
    place: Place,
    turn: OwnedSemaphorePermit,
) {
    let shaken = timeout(limits::HANDSHAKE_DEADLINE, handshake(incoming));
    let turning = async move {
        sleep(limits::HANDSHAKE_TURN).await;
        drop(turn);
        std::future::pending().await
    };
    let connected = tokio::select! {
        connected = shaken => connected,
        never = turning => never,
    };
    drop(place);
    if let Ok(Some(connection)) = connected {
        receive(&shared, connection).await;
    }
}

async fn handshake(incoming: Incoming) -> Option<Connection> {
    let address = incoming.remote_address();
    incoming.await.inspect_err(|error| tracing::debug!(%address, %error, "a handshake failed")).ok()
}

async fn receive(shared: &Arc<Shared>, connection: Connection) {
    match protocol(&connection).as_deref() {
        Some(ALPN_SYNC) => desk::attend(shared, connection).await,
        Some(ALPN_JOIN) if allowed(&shared.enrolments, connection.remote_address()) => {
            desk::enrol(shared, connection).await;
        }
        Some(ALPN_JOIN) => CloseCode::TooManyAttempts.close(&connection),
        _ => CloseCode::Version.close(&connection),
    }
}

/// The protocol that the handshake settled on.
fn protocol(connection: &Connection) -> Option<Vec<u8>> {
    let data = connection.handshake_data()?;
    data.downcast::<quinn::crypto::rustls::HandshakeData>().ok()?.protocol
}

fn allowed(attempts: &Mutex<Attempts>, address: SocketAddr) -> bool {
    let mut attempts = attempts.lock().unwrap_or_else(PoisonError::into_inner);
    attempts.allow(address.ip(), Instant::now())
}

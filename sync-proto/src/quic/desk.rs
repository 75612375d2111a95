//! What happens on an accepted connection before and beside its session.

use std::sync::Arc;

use ledger::id::StoreId;
use quinn::{Connection, RecvStream, SendStream};
use rustls::pki_types::CertificateDer;
use tokio::time::{interval, timeout};

use super::close::CloseCode;
use super::csr::Csr;
use super::enrol::{self, EnrolRefusal, Issued, MAX_MESSAGE, MessageError};
use super::limits::{ENROL_DEADLINE, FIRST_STREAM_DEADLINE, RECHECK_EVERY};
use super::listen::{Shared, StoreLink};
use super::live::Seat;
use super::peer::{Peer, PeerName};
use super::stream::{Purpose, SessionStream};
use crate::Writer;
use crate::session::Config;

/// A store with an `evenstock/1` connection: checked, then served until the connection ends.
pub(super) async fn attend(shared: &Arc<Shared>, connection: Connection) {
    let (peer, store) = match identify(shared, &connection) {
        Ok(known) => known,
        Err(code) => return refuse(&connection, code),
    };
    shared.live.enter(&store, Seat { peer: peer.clone(), connection: connection.clone() });
    let ended = match standing(shared, &peer).await {
        Ok(()) => {
            shared.live.supersede(&store, &connection);
            serve(shared, &peer, &store, &connection).await
        }
        Err(code) => Some(code),
    };
    if let Some(code) = ended {
        refuse(&connection, code);
    }
    connection.closed().await;
    shared.live.leave(&store, &connection);
}

/// A device with a join code: one request, one answer.
pub(super) async fn enrol(shared: &Arc<Shared>, connection: Connection) {
    let converse = async {
        let (send, recv) = connection.accept_bi().await.map_err(|_| CloseCode::Done)?;
        let (asking, address) = (shared.clone(), connection.remote_address());
        let outcome = answer(send, recv, move |message| {
            let (secret, csr) = enrol::read_join(message)?;
            let csr = Csr::from_der(csr).map_err(EnrolRefusal::from)?;
            let issued = asking.enroller.enrol(&secret, &csr, asking.clock.now())?;
            asking.enrolled(address);
            Ok(issued)
        });
        outcome.await?;
        // The device closes once it has the answer; closing here could overtake it.
        connection.closed().await;
        Ok(())
    };
    let code = match timeout(ENROL_DEADLINE, converse).await {
        Ok(Ok(())) => return,
        Ok(Err(code)) => code,
        Err(_) => CloseCode::TooSlow,
    };
    refuse(&connection, code);
}

/// Closes, again and again, the connections that should no longer be.
pub(super) async fn recheck_all(shared: Arc<Shared>) {
    let mut rounds = interval(RECHECK_EVERY);
    loop {
        rounds.tick().await;
        for Seat { peer, connection } in shared.live.all() {
            let verdict = if peer.expired(shared.clock.now()) {
                Err(CloseCode::CertificateExpired)
            } else {
                standing(&shared, &peer).await
            };
            match verdict {
                // A hub that can't tell for the moment must not lose its stores over it.
                Ok(()) | Err(CloseCode::Failed) => {}
                Err(code) => refuse(&connection, code),
            }
        }
    }
}

/// Takes the streams of a store until its connection ends, or gives the reason to end it.
async fn serve(
    shared: &Arc<Shared>,
    peer: &Peer,
    store: &StoreId,
    connection: &Connection,
) -> Option<CloseCode> {
    let mut session = None;
    loop {
        let accepted = match session {
            Some(()) => connection.accept_bi().await,
            None => match timeout(FIRST_STREAM_DEADLINE, connection.accept_bi()).await {
                Ok(accepted) => accepted,
                Err(_) => return Some(CloseCode::TooSlow),
            },
        };
        let (send, mut recv) = accepted.ok()?;
        let mut first = [0; 1];
        match timeout(FIRST_STREAM_DEADLINE, recv.read_exact(&mut first)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => continue,
            Err(_) => return Some(CloseCode::TooSlow),
        }
        match Purpose::from_byte(first[0]) {
            Some(Purpose::Session) if session.is_none() => {
                session = Some(());
                let PeerName { chain, writer } = peer.name.clone();
                let config = Config { chain, me: Writer::Hub, peer: writer };
                let stream = SessionStream::on(connection.clone(), send, recv, config);
                let link = StoreLink { peer: peer.clone(), store: store.clone(), stream };
                if shared.arrivals.send(link).await.is_err() {
                    return Some(CloseCode::Stopping);
                }
            }
            Some(Purpose::Renewal) => {
                let renewing = renew(shared, peer, send, recv);
                match timeout(ENROL_DEADLINE, renewing).await {
                    Ok(Ok(())) => {}
                    Ok(Err(code)) => return Some(code),
                    Err(_) => return Some(CloseCode::TooSlow),
                }
            }
            Some(Purpose::Session) | None => return Some(CloseCode::Protocol),
        }
    }
}

async fn renew(
    shared: &Arc<Shared>,
    peer: &Peer,
    send: SendStream,
    recv: RecvStream,
) -> Result<(), CloseCode> {
    let (asking, peer) = (shared.clone(), peer.clone());
    answer(send, recv, move |message| {
        let csr = Csr::from_der(enrol::read_renew(message)?).map_err(EnrolRefusal::from)?;
        if !csr.asks_only_for(&peer.name) {
            return Err(EnrolRefusal::Names.into());
        }
        Ok(asking.enroller.renew(&peer, &csr, asking.clock.now())?)
    })
    .await
}

/// Why a request gets no certificate.
enum Declined {
    /// It was understood.
    Refused(EnrolRefusal),
    /// It was not.
    Nonsense(MessageError),
}

impl From<EnrolRefusal> for Declined {
    fn from(refusal: EnrolRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<MessageError> for Declined {
    fn from(error: MessageError) -> Self {
        Self::Nonsense(error)
    }
}

/// Reads a request, has it decided on a thread that may block, and sends the answer. A refusal is an
/// answer too; only a message that makes no sense ends the connection.
async fn answer(
    mut send: SendStream,
    mut recv: RecvStream,
    decide: impl FnOnce(&[u8]) -> Result<Issued, Declined> + Send + 'static,
) -> Result<(), CloseCode> {
    let message = recv.read_to_end(MAX_MESSAGE).await.map_err(|_| CloseCode::Protocol)?;
    let decided = tokio::task::spawn_blocking(move || decide(&message)).await;
    let answer = match decided.map_err(|_| CloseCode::Failed)? {
        Ok(issued) => enrol::answer(Ok(&issued)),
        Err(Declined::Refused(refusal)) => {
            tracing::warn!(code = refusal.code().name(), %refusal, "a certificate was refused");
            enrol::answer(Err(refusal.code()))
        }
        Err(Declined::Nonsense(error)) => return Err(error.code()),
    };
    send.write_all(&answer).await.map_err(|_| CloseCode::Done)?;
    send.finish().map_err(|_| CloseCode::Done)
}

/// Who is at the other end, by its certificate alone.
fn identify(shared: &Shared, connection: &Connection) -> Result<(Peer, StoreId), CloseCode> {
    let shown = connection.peer_identity().ok_or(CloseCode::CertificateRequired)?;
    let chain = shown.downcast::<Vec<CertificateDer<'static>>>().map_err(|_| CloseCode::Failed)?;
    let certificate = chain.first().ok_or(CloseCode::CertificateRequired)?;
    let peer = Peer::from_certificate(certificate).map_err(|_| CloseCode::CertificateUnusable)?;
    if peer.name.chain != shared.chain {
        return Err(CloseCode::WrongChain);
    }
    let store = peer.name.writer.store().cloned().ok_or(CloseCode::CertificateUnusable)?;
    Ok((peer, store))
}

async fn standing(shared: &Arc<Shared>, peer: &Peer) -> Result<(), CloseCode> {
    let (asking, peer) = (shared.clone(), peer.clone());
    tokio::task::spawn_blocking(move || asking.enroller.standing(&peer, asking.clock.now()))
        .await
        .unwrap_or(Err(CloseCode::Failed))
}

fn refuse(connection: &Connection, code: CloseCode) {
    let address = connection.remote_address();
    tracing::debug!(%address, code = code.name(), "closing a connection");
    code.close(connection);
}

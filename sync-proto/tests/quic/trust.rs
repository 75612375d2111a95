//! Who may connect, and who is shown out.

use std::time::Duration;

use sync_proto::Writer;
use sync_proto::quic::{
    ALPN_SYNC, CertificateFault, CloseCode, DialError, Dialer, Ended, Identity, ListenError,
    Listener, PeerName,
};

use tokio::runtime::Builder;

use crate::chain::{Authority, DAY, Hub, Use};
use crate::raw;
use crate::wire::Wire;

/// A name of another chain.
fn stray(chain: &str, writer: &str) -> PeerName {
    PeerName { chain: chain.parse().unwrap(), writer: writer.parse().unwrap() }
}

/// How the hub treats a client that shows this certificate.
async fn verdict(hub: &Hub, shows: Option<&Identity>) -> Ended {
    let connection = raw::connect(hub.address, shows, ALPN_SYNC).await;
    raw::end_of(&connection).await
}

#[tokio::test]
async fn a_session_needs_a_store_certificate_of_this_chain() {
    let hub = Hub::start();
    let ours = &hub.authority;
    let other = Authority::new("chain-1");
    let cases = [
        (None, Ended::Said(CloseCode::CertificateRequired)),
        (
            Some(other.identity("store/S1".parse().unwrap(), Use::Client)),
            Ended::OursRefused(CertificateFault::OtherAuthority),
        ),
        // The hub's own certificate, and a store's that was made for servers.
        (
            Some(ours.identity(Writer::Hub, Use::Server)),
            Ended::OursRefused(CertificateFault::Unsuitable),
        ),
        (
            Some(ours.identity("store/S1".parse().unwrap(), Use::Server)),
            Ended::OursRefused(CertificateFault::Unsuitable),
        ),
        // Signed by the right authority for the right use, but names no store of this chain.
        (
            Some(ours.identity(Writer::Hub, Use::Client)),
            Ended::Said(CloseCode::CertificateUnusable),
        ),
        (
            Some(ours.identity_named(&stray("chain-2", "store/S1"), Use::Client)),
            Ended::Said(CloseCode::WrongChain),
        ),
    ];
    for (shows, expected) in cases {
        assert_eq!(verdict(&hub, shows.as_ref()).await, expected);
    }
    assert!(hub.handle.connected().is_empty());
}

#[tokio::test]
async fn an_expired_certificate_is_refused_and_says_so() {
    let hub = Hub::start();
    let store = hub.store("S1");
    hub.clock.advance(91 * DAY);
    // TLS 1.3 lets the client finish first, so the refusal comes with the first answer.
    let ended = match hub.dialer.connect(hub.address, &store).await {
        Ok(link) => link.ended().await,
        Err(DialError::NoConnection { source, .. }) => source,
        Err(other) => panic!("{other:?}"),
    };
    assert_eq!(ended, Ended::OursRefused(CertificateFault::NotInForce));
}

#[tokio::test]
async fn a_revoked_store_is_shown_out_and_not_let_in_again() {
    let hub = Hub::start();
    let (bad, good) = (hub.store("S1"), hub.store("S2"));
    let bad_link = hub.dialer.connect(hub.address, &bad).await.unwrap();
    let good_link = hub.dialer.connect(hub.address, &good).await.unwrap();
    let mut sessions = Vec::new();
    for link in [&bad_link, &good_link] {
        sessions.push((link.open_session().await.unwrap(), hub.arrival().await));
    }
    hub.office.revoke("S1");
    assert_eq!(hub.handle.close_store(&"S1".parse().unwrap(), CloseCode::Revoked), 1);
    assert_eq!(bad_link.ended().await, Ended::Said(CloseCode::Revoked));

    let again = hub.dialer.connect(hub.address, &bad).await.unwrap();
    assert_eq!(again.ended().await, Ended::Said(CloseCode::Revoked));
    let dir = tempfile::tempdir().unwrap();
    good_link.renew(dir.path()).await.unwrap();
}

#[tokio::test]
async fn the_newest_connection_of_a_store_is_the_one_that_counts() {
    let hub = Hub::start();
    let store = hub.store("S1");
    let old = hub.dialer.connect(hub.address, &store).await.unwrap();
    let _session = (old.open_session().await.unwrap(), hub.arrival().await);
    let new = hub.dialer.connect(hub.address, &store).await.unwrap();
    assert_eq!(old.ended().await, Ended::Said(CloseCode::Superseded));
    let _session = (new.open_session().await.unwrap(), hub.arrival().await);
}

#[tokio::test]
async fn a_stream_says_what_it_is_for() {
    let hub = Hub::start();
    let connection = raw::connect(hub.address, Some(&hub.store("S1")), ALPN_SYNC).await;
    assert_eq!(raw::ask(&connection, &[77]).await, Err(Ended::Said(CloseCode::Protocol)));
}

#[tokio::test]
async fn a_store_takes_no_one_else_for_its_hub() {
    let hub = Hub::start();
    let store = hub.store("S1");
    let refusal = async |shows: &Identity| {
        let (_endpoint, address) = raw::serve(shows);
        match hub.dialer.connect(address, &store).await.unwrap_err() {
            DialError::NoConnection { source, .. } => source,
            other => panic!("{other:?}"),
        }
    };
    // Another store of the same chain, another chain's hub, and the same authority's hub of another chain.
    let other_store = hub.store("S2");
    let fault = Ended::TheirsRefused;
    assert_eq!(refusal(&other_store).await, fault(CertificateFault::Unsuitable));
    let foreign = Authority::new("chain-1").identity(Writer::Hub, Use::Server);
    assert_eq!(refusal(&foreign).await, fault(CertificateFault::OtherAuthority));
    let stray = hub.authority.identity_named(&stray("chain-2", "hub"), Use::Server);
    assert_eq!(refusal(&stray).await, fault(CertificateFault::Unsuitable));
    // And a store's certificate is not even good enough to listen with.
    let any = "127.0.0.1:0".parse().unwrap();
    let listening = Listener::bind(any, &other_store, hub.office.clone(), hub.clock.clone());
    assert!(matches!(listening, Err(ListenError::NotAHub { .. })));
}

#[tokio::test]
async fn a_hub_that_stops_says_so() {
    let hub = Hub::start();
    let link = hub.dialer.connect(hub.address, &hub.store("S1")).await.unwrap();
    let _session = (link.open_session().await.unwrap(), hub.arrival().await);
    hub.handle.close(CloseCode::Stopping);
    assert_eq!(link.ended().await, Ended::Said(CloseCode::Stopping));
    hub.handle.closed().await;
}

#[test]
fn a_store_learns_at_once_that_its_hub_was_killed() {
    let runtime = || Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (first_life, second_life, shop) = (runtime(), runtime(), runtime());
    let hub = first_life.block_on(async { Hub::start() });
    let (me, address, clock) = (hub.me.clone(), hub.address, hub.clock.clone());
    let (store, office) = (hub.store("S1"), hub.office.clone());
    let wire = Wire::to(address);
    let link = shop.block_on(async {
        let dialer = Dialer::bind(clock.clone()).unwrap();
        dialer.connect(wire.address, &store).await.unwrap()
    });
    // A killed program says no farewell; tasks that are dropped here may.
    wire.cut();
    first_life.shutdown_timeout(Duration::from_secs(5));
    drop(hub);

    let _again =
        second_life.block_on(async { Listener::bind(address, &me, office, clock).unwrap() });
    wire.mend();
    let ended = shop.block_on(async {
        let _speaking = link.open_session().await;
        tokio::time::timeout(Duration::from_secs(20), link.ended()).await
    });
    assert_eq!(ended.unwrap(), Ended::Restarted);
}

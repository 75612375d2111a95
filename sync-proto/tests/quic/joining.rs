//! How a device becomes a store and stays one.

use std::fs;

use sync_proto::quic::{
    ALPN_JOIN, CERTIFICATE_FILE, CertificateFault, CloseCode, Csr, DialError, Ended, Identity,
    IdentityError, KEY_FILE, NodeKey, WallClock,
};

use crate::chain::{Authority, DAY, Hub, Use};
use crate::raw;

fn refused(result: Result<Identity, DialError>) -> CloseCode {
    match result.unwrap_err() {
        DialError::Refused { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_device_joins_and_is_known_from_then_on() {
    let hub = Hub::start();
    let dir = tempfile::tempdir().unwrap();
    let joined = hub.dialer.join(hub.address, &hub.invite("S012"), dir.path()).await.unwrap();
    assert_eq!(joined.me().name.to_string(), "evenstock://chain-1/store/S012");

    let kept = Identity::load(dir.path()).unwrap().unwrap();
    assert_eq!(kept.me(), joined.me());
    let link = hub.dialer.connect(hub.address, &kept).await.unwrap();
    let _session = link.open_session().await.unwrap();
    let arrival = hub.arrival().await;
    assert_eq!(arrival.store.as_str(), "S012");
    assert_eq!(&arrival.peer, kept.me());
    assert_eq!(hub.handle.connected(), [arrival.store]);
}

#[tokio::test]
async fn a_code_works_once_but_survives_a_lost_answer() {
    let hub = Hub::start();
    let code = hub.invite("S1");
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    hub.dialer.join(hub.address, &code, first.path()).await.unwrap();
    // The device that never got its certificate has its key all the same.
    fs::remove_file(first.path().join(CERTIFICATE_FILE)).unwrap();
    hub.dialer.join(hub.address, &code, first.path()).await.unwrap();

    let stolen = hub.dialer.join(hub.address, &code, second.path()).await;
    assert_eq!(refused(stolen), CloseCode::CodeUsed);
    assert!(Identity::load(second.path()).unwrap().is_none());
    assert!(NodeKey::load(second.path()).unwrap().is_some());
}

#[tokio::test]
async fn expired_and_invented_codes_are_refused() {
    let hub = Hub::start();
    let dir = tempfile::tempdir().unwrap();
    let late = hub.invite("S1");
    hub.clock.advance(DAY + 1);
    let joined = hub.dialer.join(hub.address, &late, dir.path()).await;
    assert_eq!(refused(joined), CloseCode::CodeExpired);
    let invented = sync_proto::quic::JoinCode::generate(&hub.authority.certificate).unwrap();
    let joined = hub.dialer.join(hub.address, &invented, dir.path()).await;
    assert_eq!(refused(joined), CloseCode::CodeUnknown);
}

#[tokio::test]
async fn a_code_is_not_shown_to_another_authority() {
    let (hub, impostor) = (Hub::start(), Hub::start());
    let dir = tempfile::tempdir().unwrap();
    let joined = hub.dialer.join(impostor.address, &hub.invite("S1"), dir.path()).await;
    match joined.unwrap_err() {
        DialError::NoConnection { source, .. } => {
            assert_eq!(source, Ended::TheirsRefused(CertificateFault::OtherAuthority));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_only_sends_the_right_authority_along_is_refused() {
    let hub = Hub::start();
    let other = Authority::new("chain-1");
    let own = other.identity(sync_proto::Writer::Hub, Use::Server);
    // The authority's certificate is public; the impostor shows it beside a certificate of its own.
    let (_endpoint, address) = raw::serve_chain(&own, &hub.authority.certificate);
    let dir = tempfile::tempdir().unwrap();
    let joined = hub.dialer.join(address, &hub.invite("S1"), dir.path()).await;
    assert!(
        matches!(joined, Err(DialError::NoConnection { source: Ended::TheirsRefused(_), .. })),
        "{joined:?}"
    );
}

#[tokio::test]
async fn a_request_for_someone_elses_name_is_refused() {
    let hub = Hub::start();
    let code = hub.invite("S1");
    let key = NodeKey::generate().unwrap();
    let other = hub.authority.name("store/S2".parse().unwrap());
    let request = raw::join_request(code.secret().expose(), &Csr::new(&key, Some(&other)).unwrap());
    let connection = raw::connect(hub.address, None, ALPN_JOIN).await;
    let answer = raw::ask(&connection, &request).await.unwrap();
    assert_eq!(answer, raw::refusal(CloseCode::RequestNames));

    // The same in a renewal, over a connection that is the store's own.
    let connection = raw::connect(hub.address, Some(&hub.store("S1")), b"evenstock/1").await;
    let request = raw::renew_request(&Csr::new(&key, Some(&other)).unwrap());
    let answer = raw::ask(&connection, &request).await.unwrap();
    assert_eq!(answer, raw::refusal(CloseCode::RequestNames));
}

#[tokio::test]
async fn a_request_must_be_signed_by_its_own_key() {
    let hub = Hub::start();
    let code = hub.invite("S1");
    let csr = Csr::new(&NodeKey::generate().unwrap(), None).unwrap();
    let mut request = raw::join_request(code.secret().expose(), &csr);
    *request.last_mut().unwrap() ^= 1;
    let connection = raw::connect(hub.address, None, ALPN_JOIN).await;
    let answer = raw::ask(&connection, &request).await.unwrap();
    assert_eq!(answer, raw::refusal(CloseCode::RequestInvalid));
}

#[tokio::test]
async fn nonsense_and_floods_end_the_connection() {
    let hub = Hub::start();
    for (bytes, code) in [
        (vec![], CloseCode::Protocol),
        (vec![9; 40], CloseCode::Version),
        (vec![1; 40], CloseCode::Protocol),
        (vec![1; 100_000], CloseCode::Protocol),
    ] {
        let connection = raw::connect(hub.address, None, ALPN_JOIN).await;
        assert_eq!(raw::ask(&connection, &bytes).await, Err(Ended::Said(code)));
    }
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let hub = Hub::start();
    let dir = tempfile::tempdir().unwrap();
    let invented = sync_proto::quic::JoinCode::generate(&hub.authority.certificate).unwrap();
    for attempt in 0..sync_proto::quic::limits::ENROL_BURST {
        let joined = hub.dialer.join(hub.address, &invented, dir.path()).await;
        assert_eq!(refused(joined), CloseCode::CodeUnknown, "{attempt}");
    }
    let joined = hub.dialer.join(hub.address, &hub.invite("S1"), dir.path()).await;
    match joined.unwrap_err() {
        DialError::Ended { source, .. } => {
            assert_eq!(source, Ended::Said(CloseCode::TooManyAttempts));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_certificate_is_renewed_in_time_for_the_same_key() {
    let hub = Hub::start();
    let dir = tempfile::tempdir().unwrap();
    let joined = hub.dialer.join(hub.address, &hub.invite("S1"), dir.path()).await.unwrap();
    let link = hub.dialer.connect(hub.address, &joined).await.unwrap();
    assert!(!link.renewal_due());
    hub.clock.advance(31 * DAY);
    assert!(link.renewal_due());

    let renewed = link.renew(dir.path()).await.unwrap();
    assert_eq!(renewed.me().key, joined.me().key);
    assert_ne!(renewed.me().serial, joined.me().serial);
    assert!(!renewed.me().renewal_due(hub.clock.now()));
    assert_eq!(Identity::load(dir.path()).unwrap().unwrap().me(), renewed.me());

    hub.clock.advance(70 * DAY); // the first certificate is past its end by now
    let link = hub.dialer.connect(hub.address, &renewed).await.unwrap();
    let _session = link.open_session().await.unwrap();
    assert_eq!(hub.arrival().await.peer.serial, renewed.me().serial);
}

#[cfg(unix)]
#[tokio::test]
async fn the_key_is_private_and_must_stay_so() {
    use std::os::unix::fs::PermissionsExt;
    let hub = Hub::start();
    let dir = tempfile::tempdir().unwrap();
    hub.dialer.join(hub.address, &hub.invite("S1"), dir.path()).await.unwrap();
    let path = dir.path().join(KEY_FILE);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let error = Identity::load(dir.path()).unwrap_err();
    assert!(matches!(error, IdentityError::Exposed { mode: 0o644, .. }), "{error}");
}

#[test]
fn parts_that_do_not_belong_together_make_no_identity() {
    let (ours, theirs) = (Authority::new("chain-1"), Authority::new("chain-1"));
    let store = ours.identity("store/S1".parse().unwrap(), Use::Client);
    let parts = |key: &NodeKey, authority: &Authority| {
        Identity::assemble(key.clone(), store.certificate().clone(), authority.certificate.clone())
    };
    assert!(parts(store.key(), &ours).is_ok());
    assert!(matches!(parts(store.key(), &theirs), Err(IdentityError::OtherAuthority { .. })));
    let stranger = NodeKey::generate().unwrap();
    assert!(matches!(parts(&stranger, &ours), Err(IdentityError::OtherKey { .. })));
}

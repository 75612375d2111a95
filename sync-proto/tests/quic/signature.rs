//! What a device signs is known as its own, and nothing else is.

use sync_proto::Writer;
use sync_proto::quic::signature::{Purpose, SignatureError, sign, verify};

use crate::chain::{Authority, Use};

const TEXT: &str = "{\"date\":\"2026-11-22\"}";

fn store(name: &str) -> Writer {
    Writer::Store(name.parse().unwrap())
}

#[test]
fn a_signature_tells_who_signed_what() {
    let authority = Authority::new("c-1");
    let by = authority.identity(store("S012"), Use::Client);
    let signature = sign(&by, Purpose::DayClose, TEXT).unwrap();
    let check = |signature: &str, text: &str| {
        verify(signature, Purpose::DayClose, text, &authority.chain, &authority.certificate)
    };
    assert_eq!(&check(&signature, TEXT).unwrap(), by.me());
    let forged = check(&signature, "{\"date\":\"2026-11-23\"}");
    assert!(matches!(forged, Err(SignatureError::Forged)), "{forged:?}");
    let mut bent = signature.clone().into_bytes();
    let last = bent.len() - 1;
    bent[last] = if bent[last] == b'0' { b'1' } else { b'0' };
    let bent = check(std::str::from_utf8(&bent).unwrap(), TEXT);
    assert!(matches!(bent, Err(SignatureError::Forged)), "{bent:?}");
    for text in ["", ".", "zz.zz", &signature[1..], &signature.replace('.', "")] {
        assert!(check(text, TEXT).is_err(), "{text}");
    }
}

#[test]
fn a_signature_of_another_chain_counts_for_nothing() {
    let (ours, theirs) = (Authority::new("c-1"), Authority::new("c-2"));
    let same_name = Authority::new("c-1");
    for stranger in [&theirs, &same_name] {
        let by = stranger.identity(store("S012"), Use::Client);
        let signature = sign(&by, Purpose::DayClose, TEXT).unwrap();
        let read = verify(&signature, Purpose::DayClose, TEXT, &ours.chain, &ours.certificate);
        assert!(matches!(read, Err(SignatureError::OtherAuthority)), "{read:?}");
    }
}

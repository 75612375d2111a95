//! Letters: read without a connection, believed only if the chain's authority vouches for them.

use data_encoding::BASE32_NOPAD;
use proptest::prelude::*;
use sync_proto::quic::{CertificateDer, Identity, Letter, LetterError};
use sync_proto::{ChainId, Writer};

use super::chain::{Authority, Use};

const BODY: &[u8] = b"eight of cola have left";

fn store(name: &str) -> Writer {
    Writer::Store(name.parse().unwrap())
}

fn open(text: &str, authority: &Authority) -> Result<Letter, LetterError> {
    Letter::open(text, &authority.chain, &authority.certificate)
}

/// Changes what is packed inside a letter, as a forger who knows the form would.
fn reworked(text: &str, by: &Identity, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let bytes = BASE32_NOPAD.decode(&text.as_bytes()["EVENSTOCK1:".len()..]).unwrap();
    let head = 2 + usize::from(bytes[1]);
    let packed = &bytes[head..bytes.len() - 4];
    let mut unpacker = zstd::bulk::Decompressor::with_dictionary(by.authority()).unwrap();
    let mut inside = unpacker.decompress(packed, 1 << 20).unwrap();
    change(&mut inside);
    let mut packer = zstd::bulk::Compressor::with_dictionary(3, by.authority()).unwrap();
    let mut bytes = [&bytes[..head], &packer.compress(&inside).unwrap()].concat();
    bytes.extend_from_slice(&blake3::derive_key("evenstock letter check v1", &bytes)[..4]);
    format!("EVENSTOCK1:{}", BASE32_NOPAD.encode(&bytes))
}

#[test]
fn a_letter_is_read_however_it_was_copied() {
    let authority = Authority::new("c-1");
    let writer = authority.identity(store("A01"), Use::Client);
    let text = Letter::write(&writer, BODY).unwrap();
    assert!(text.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || c == ':'));
    let broken: String = text
        .chars()
        .enumerate()
        .flat_map(|(at, c)| [(at % 40 == 39).then_some('\n'), Some(c)])
        .flatten()
        .collect();
    for copied in [text.clone(), text.to_lowercase(), format!("  {broken}\r\n")] {
        let letter = open(&copied, &authority).unwrap();
        assert_eq!((letter.from.name, letter.body.as_slice()), (writer.me().name.clone(), BODY));
        assert!(Letter::is_letter(&copied));
    }
}

#[test]
fn what_was_misread_is_told_from_what_is_forged() {
    let authority = Authority::new("c-1");
    let writer = authority.identity(store("A01"), Use::Client);
    let text = Letter::write(&writer, BODY).unwrap();
    for at in ("EVENSTOCK1:".len()..text.len()).step_by(7) {
        let mut wrong = text.clone().into_bytes();
        wrong[at] = if wrong[at] == b'A' { b'B' } else { b'A' };
        let wrong = String::from_utf8(wrong).unwrap();
        assert!(matches!(open(&wrong, &authority), Err(LetterError::Misread)), "{at}");
    }
    assert!(matches!(open(&text[..text.len() - 9], &authority), Err(LetterError::Misread)));
    assert!(matches!(open("EVENSTOCK1:", &authority), Err(LetterError::Misread)));
    assert!(matches!(open("6901234567892", &authority), Err(LetterError::NotALetter)));
    let forged = |change: &dyn Fn(&mut Vec<u8>)| {
        let error = open(&reworked(&text, &writer, change), &authority).unwrap_err();
        assert!(
            matches!(error, LetterError::Forged { .. } | LetterError::Certificate(_)),
            "{error}"
        );
    };
    forged(&|inside| *inside.last_mut().unwrap() ^= 1);
    forged(&|inside| inside.truncate(100));
    forged(&|inside| {
        let signature = inside.len() - BODY.len() - 1;
        inside[signature] ^= 1;
    });
    // Any bit of the certificate.
    for at in (2..inside_certificate(&writer)).step_by(11) {
        forged(&|inside| inside[at] ^= 4);
    }
}

fn inside_certificate(by: &Identity) -> usize {
    2 + by.certificate().len()
}

#[test]
fn only_the_chain_s_own_authority_vouches() {
    let (ours, theirs) = (Authority::new("c-1"), Authority::new("c-2"));
    let stranger = theirs.identity(store("A01"), Use::Client);
    let text = Letter::write(&stranger, BODY).unwrap();
    let error = open(&text, &ours).unwrap_err();
    assert!(matches!(&error, LetterError::OtherChain { chain } if chain.as_str() == "c-2"));
    // An authority that calls itself as ours does.
    let double = Authority::new("c-1");
    let stranger = double.identity(store("A01"), Use::Client);
    let text = Letter::write(&stranger, BODY).unwrap();
    assert!(matches!(open(&text, &ours), Err(LetterError::Forged { .. })));
    // Our certificate, a stranger's key.
    let certificate = ours.identity(store("A01"), Use::Client).certificate().to_vec();
    let swapped = reworked(&text, &stranger, |inside| {
        let rest = inside.split_off(inside_certificate(&stranger));
        let length = u16::try_from(certificate.len()).unwrap().to_be_bytes();
        *inside = [&length[..], &certificate, &rest].concat();
    });
    assert!(matches!(open(&swapped, &ours), Err(LetterError::Forged { .. })));
}

proptest! {
    /// Whatever stands behind a right checksum is read to an error, and to nothing worse.
    #[test]
    fn nothing_stops_the_reading(
        inside in prop::collection::vec(any::<u8>(), 0..400),
        packed in any::<bool>(),
    ) {
        let authority = Authority::new("c-1");
        let inside = if packed {
            let mut packer = zstd::bulk::Compressor::with_dictionary(3, &authority.certificate).unwrap();
            packer.compress(&inside).unwrap()
        } else {
            inside
        };
        let mut bytes = [&[1, 3][..], b"c-1", &inside].concat();
        bytes.extend_from_slice(&blake3::derive_key("evenstock letter check v1", &bytes)[..4]);
        let text = format!("EVENSTOCK1:{}", BASE32_NOPAD.encode(&bytes));
        let error = open(&text, &authority).unwrap_err();
        let told = matches!(error, LetterError::Forged { .. } | LetterError::Certificate(_));
        prop_assert!(told, "{}", error);
    }
}

#[test]
fn a_letter_that_is_out_there_stays_readable() {
    let file = |name: &str| {
        let path = format!("{}/tests/quic/golden/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).expect("the golden file is part of the crate")
    };
    let authority =
        CertificateDer::from(pem::parse(file("authority.pem")).unwrap().into_contents());
    let chain: ChainId = "c-golden".parse().unwrap();
    let letter = Letter::open(&file("letter.txt"), &chain, &authority).unwrap();
    assert_eq!(letter.from.name.to_string(), "evenstock://c-golden/store/A01");
    assert_eq!(letter.body, BODY);
}

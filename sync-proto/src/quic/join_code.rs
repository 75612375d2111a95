//! The one-time code that head office gives a shop: a secret, and the fingerprint of the authority
//! to expect, so that the first connection is already authentic in both directions.

use std::fmt;
use std::str::FromStr;

use rustls::pki_types::CertificateDer;
use thiserror::Error;

use super::crypto;

/// Bytes of the secret: 128 bits can't be guessed in the code's day of life, nor ever.
const SECRET_LEN: usize = 16;

/// Bytes of the authority's fingerprint: to imitate it takes a second preimage, 2^128 work.
const FINGERPRINT_LEN: usize = 16;

/// The first byte of a code. Another form of code would get another one.
const FORM: u8 = 1;

/// Bytes of the checksum: a mistyped code is caught before anyone is asked, but for one in 65,536.
const CHECK_LEN: usize = 2;

/// All of it. 280 bits are exactly 56 characters of five.
const CODE_LEN: usize = 1 + SECRET_LEN + FINGERPRINT_LEN + CHECK_LEN;

/// Characters between the hyphens of a printed code.
const GROUP: usize = 4;

/// Crockford's base 32: no I, L, O, U, so nothing is misread or spells a word.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The secret part of a join code. Whoever knows it may enrol as the store it was made for.
#[derive(Clone, PartialEq, Eq)]
pub struct JoinSecret([u8; SECRET_LEN]);

impl JoinSecret {
    /// What the hub keeps instead of the secret. The secret is random, so a fast hash protects it.
    pub fn digest(&self) -> SecretDigest {
        SecretDigest(blake3::derive_key("evenstock join secret v1", &self.0))
    }

    /// The secret as it came over the wire; `None` if it is not one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The secret itself, for the one message that carries it.
    pub const fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for JoinSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JoinSecret(..)")
    }
}

/// The hash of a join secret: identifies the code at the hub without being usable as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretDigest([u8; 32]);

impl SecretDigest {
    /// A digest read back from where it was kept.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The fingerprint of a certificate authority, short enough to type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaFingerprint([u8; FINGERPRINT_LEN]);

impl CaFingerprint {
    /// The fingerprint of an authority's certificate.
    pub fn of(certificate: &CertificateDer<'_>) -> Self {
        let mut bytes = [0; FINGERPRINT_LEN];
        let mut hasher = blake3::Hasher::new_derive_key("evenstock authority fingerprint v1");
        hasher.update(certificate);
        hasher.finalize_xof().fill(&mut bytes);
        Self(bytes)
    }
}

/// The code as a whole. Its `Display` is what a person types; handle that text as a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinCode {
    secret: JoinSecret,
    authority: CaFingerprint,
}

impl JoinCode {
    /// Makes a new code for the authority with this certificate.
    pub fn generate(authority: &CertificateDer<'_>) -> Result<Self, JoinCodeError> {
        let mut secret = [0; SECRET_LEN];
        crypto::fill_random(&mut secret).map_err(|_| JoinCodeError::NoRandomness)?;
        Ok(Self { secret: JoinSecret(secret), authority: CaFingerprint::of(authority) })
    }

    /// The secret.
    pub const fn secret(&self) -> &JoinSecret {
        &self.secret
    }

    /// The authority to expect at the other end.
    pub const fn authority(&self) -> CaFingerprint {
        self.authority
    }

    fn to_bytes(&self) -> [u8; CODE_LEN] {
        let mut bytes = [0; CODE_LEN];
        bytes[0] = FORM;
        bytes[1..=SECRET_LEN].copy_from_slice(&self.secret.0);
        bytes[1 + SECRET_LEN..CODE_LEN - CHECK_LEN].copy_from_slice(&self.authority.0);
        let check = checksum(&bytes[..CODE_LEN - CHECK_LEN]);
        bytes[CODE_LEN - CHECK_LEN..].copy_from_slice(&check);
        bytes
    }
}

impl fmt::Display for JoinCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, character) in encode(&self.to_bytes()).chars().enumerate() {
            if index > 0 && index % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{character}")?;
        }
        Ok(())
    }
}

/// Why a text is not a join code. The text itself is never repeated: most of it may be right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JoinCodeError {
    /// Too short or too long.
    #[error("a join code has {} letters and digits, this text has {found}", CODE_LEN * 8 / 5)]
    Length {
        /// How many letters and digits were given.
        found: usize,
    },
    /// A character that no code contains.
    #[error("a join code contains no {found:?} (character {position})")]
    Character {
        /// The character.
        found: char,
        /// Where it stands, from one, separators not counted.
        position: usize,
    },
    /// Right in form but mistyped.
    #[error("the join code is mistyped: its check digits do not match")]
    Checksum,
    /// A later form.
    #[error("this join code was made by a newer program: update this one")]
    Form,
    /// The operating system gave no random numbers.
    #[error("the system gave no random numbers for a join code")]
    NoRandomness,
}

impl FromStr for JoinCode {
    type Err = JoinCodeError;

    /// Takes what people type: either case, any spacing and hyphens, full-width letters as an input
    /// method makes them, `O` for zero, `I` and `L` for one.
    fn from_str(text: &str) -> Result<Self, JoinCodeError> {
        let mut values = Vec::with_capacity(CODE_LEN * 8 / 5);
        for character in text.chars().map(half_width).filter(|c| !separates(*c)) {
            let found = JoinCodeError::Character { found: character, position: values.len() + 1 };
            values.push(value_of(character).ok_or(found)?);
            if values.len() > CODE_LEN * 8 / 5 {
                let found = text.chars().map(half_width).filter(|c| !separates(*c)).count();
                return Err(JoinCodeError::Length { found });
            }
        }
        let bytes = decode(&values).ok_or(JoinCodeError::Length { found: values.len() })?;
        let (body, check) = bytes.split_at(CODE_LEN - CHECK_LEN);
        if checksum(body) != check {
            return Err(JoinCodeError::Checksum);
        }
        if body[0] != FORM {
            return Err(JoinCodeError::Form);
        }
        let mut secret = [0; SECRET_LEN];
        secret.copy_from_slice(&body[1..=SECRET_LEN]);
        let mut authority = [0; FINGERPRINT_LEN];
        authority.copy_from_slice(&body[1 + SECRET_LEN..]);
        Ok(Self { secret: JoinSecret(secret), authority: CaFingerprint(authority) })
    }
}

fn checksum(body: &[u8]) -> [u8; CHECK_LEN] {
    let hash = blake3::derive_key("evenstock join code check v1", body);
    [hash[0], hash[1]]
}

/// Five bits a character, most significant first. The length is a multiple of five bits.
fn encode(bytes: &[u8; CODE_LEN]) -> String {
    let bit = |index: usize| usize::from(bytes[index / 8] >> (7 - index % 8) & 1);
    (0..CODE_LEN * 8 / 5)
        .map(|at| (0..5).fold(0, |value, offset| value << 1 | bit(at * 5 + offset)))
        .map(|value| char::from(ALPHABET[value]))
        .collect()
}

fn decode(values: &[u8]) -> Option<[u8; CODE_LEN]> {
    if values.len() * 5 != CODE_LEN * 8 {
        return None;
    }
    let mut bytes = [0; CODE_LEN];
    for index in 0..CODE_LEN * 8 {
        let bit = values[index / 5] >> (4 - index % 5) & 1;
        bytes[index / 8] |= bit << (7 - index % 8);
    }
    Some(bytes)
}

fn value_of(character: char) -> Option<u8> {
    let letter = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    };
    ALPHABET.iter().position(|c| char::from(*c) == letter).and_then(|at| u8::try_from(at).ok())
}

/// The ASCII letter of a full-width one.
fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xff01 + 0x21).unwrap_or(character)
        }
        other => other,
    }
}

/// Spaces, hyphens and dashes of any kind, and what a copied text brings along.
fn separates(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> JoinCode {
        let authority = CaFingerprint::of(&CertificateDer::from(b"any bytes".to_vec()));
        JoinCode { secret: JoinSecret(*b"sixteen bytes 16"), authority }
    }

    #[test]
    fn a_code_survives_the_ways_people_write_it() {
        let code = code();
        let text = code.to_string();
        assert_eq!(text.len(), 56 + 13);
        let full_width: String =
            text.chars().map(|c| char::from_u32(u32::from(c) - 0x21 + 0xff01).unwrap()).collect();
        for typed in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', " "),
            text.replace('-', ""),
            format!("  {}\n", text.replace('-', "\u{2013}")),
            text.replace('0', "o").replace('1', "l"),
            full_width,
        ] {
            assert_eq!(typed.parse::<JoinCode>().as_ref(), Ok(&code), "{typed}");
        }
    }

    #[test]
    fn any_one_wrong_character_is_noticed() {
        let text = code().to_string();
        for at in (0..text.len()).filter(|at| text.as_bytes()[*at] != b'-') {
            let mut typed = text.clone().into_bytes();
            typed[at] = if typed[at] == b'7' { b'8' } else { b'7' };
            let error = String::from_utf8(typed).unwrap().parse::<JoinCode>().unwrap_err();
            assert!(matches!(error, JoinCodeError::Checksum), "{at}: {error}");
        }
        assert_eq!(text[5..].parse::<JoinCode>(), Err(JoinCodeError::Length { found: 52 }));
        assert!(matches!(
            format!("{text}{text}").parse::<JoinCode>(),
            Err(JoinCodeError::Length { found: 112 })
        ));
        assert_eq!(
            text.replacen('-', "U", 1).parse::<JoinCode>(),
            Err(JoinCodeError::Character { found: 'U', position: 5 })
        );
    }

    #[test]
    fn the_secret_is_not_printed_by_accident() {
        let code = code();
        let shown = format!("{code:?}");
        assert!(shown.contains("JoinSecret(..)"), "{shown}");
        assert_ne!(code.secret().digest().as_bytes()[..16], code.secret().0);
    }
}

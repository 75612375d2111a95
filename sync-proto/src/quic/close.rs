//! Why a connection ends or a request is refused: one table, so that the number on the wire, the
//! name in a log and the sentence for people cannot drift apart.

use std::fmt;

macro_rules! close_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $name:literal, $sentence:literal;)+) => {
        /// Why one side closed the connection or refused a request.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CloseCode {
            $($(#[$doc])* $variant,)+
        }

        impl CloseCode {
            /// Every code, in the order of its number.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The number on the wire. Numbers are never reused.
            pub const fn number(self) -> u32 {
                match self { $(Self::$variant => $code,)+ }
            }

            /// A short stable name, for logs and for choosing a translation.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it means and what to do, in English.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)+ }
            }

            /// The code with this number; `None` for one that a later version added.
            pub fn from_number(number: u64) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| u64::from(code.number()) == number)
            }
        }
    };
}

close_codes! {
    /// Nothing is wrong.
    Done = 0, "done", "the connection is no longer needed";
    /// The other side is going away.
    Stopping = 1, "stopping", "the other side is stopping; try again later";
    /// Bytes that make no sense here.
    Protocol = 2, "protocol", "the other side did not keep to the protocol";
    /// No common version.
    Version = 3, "version", "the two programs share no protocol version: update the older one";
    /// It waited too long.
    TooSlow = 4, "too-slow", "the other side took too long";
    /// A fault of our own.
    Failed = 5, "failed", "the other side failed: its log says why";
    /// No room.
    Busy = 6, "busy", "the hub has no room for another connection; try again later";
    /// Too many attempts from one address.
    TooManyAttempts = 7, "too-many-attempts", "too many attempts from this address; wait a few minutes";

    /// A session wants a certificate.
    CertificateRequired = 16, "certificate-required", "the hub only talks to enrolled stores: join first";
    /// A certificate of the right authority that names nobody we know how to treat.
    CertificateUnusable = 17, "certificate-unusable", "the certificate does not name a store of this chain";
    /// The peer belongs elsewhere.
    WrongChain = 18, "wrong-chain", "the other side belongs to another chain of stores";
    /// Its certificate was revoked.
    Revoked = 19, "revoked", "the hub has revoked this store's certificate: ask head office for a new join code";
    /// The hub does not know such a store.
    UnknownStore = 20, "unknown-store", "the hub does not know this store: ask head office for a join code";
    /// The certificate ran out during the connection.
    CertificateExpired = 21, "certificate-expired", "the certificate has expired: reconnect with the renewed one, or ask head office for a new join code";
    /// The same store connected again.
    Superseded = 22, "superseded", "the same store has opened a newer connection";

    /// No such join code.
    CodeUnknown = 32, "code-unknown", "the hub does not know this join code";
    /// The join code was used.
    CodeUsed = 33, "code-used", "this join code has been used already: ask head office for a new one";
    /// The join code is too old.
    CodeExpired = 34, "code-expired", "this join code has expired: ask head office for a new one";
    /// The certificate request is not one.
    RequestInvalid = 35, "request-invalid", "the certificate request cannot be read or its signature is wrong";
    /// The certificate request asks for names that are not the store's.
    RequestNames = 36, "request-names", "the certificate request names someone other than the enrolled store";
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl CloseCode {
    /// As quinn takes it.
    pub(super) fn varint(self) -> quinn::VarInt {
        quinn::VarInt::from_u32(self.number())
    }

    /// Closes a connection with this code. The name goes along, for a peer that does not know the number.
    pub fn close(self, connection: &quinn::Connection) {
        connection.close(self.varint(), self.name().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_unique_and_found_again() {
        for (index, code) in CloseCode::ALL.iter().enumerate() {
            assert_eq!(CloseCode::from_number(code.number().into()), Some(*code));
            assert!(CloseCode::ALL[index + 1..].iter().all(|other| other.name() != code.name()));
            assert!(CloseCode::ALL[index + 1..].iter().all(|o| o.number() > code.number()));
        }
        assert_eq!(CloseCode::from_number(9_999), None);
    }
}

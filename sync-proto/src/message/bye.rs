//! Why a session ends, as told to the other side.

use std::fmt;

/// The last message of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bye {
    /// The kind of reason.
    pub code: ByeCode,
    /// The reason in full, in English, for logs.
    pub text: String,
}

macro_rules! bye_codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $short:literal;)*) => {
        /// The kinds of reason to end a session.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ByeCode {
            $($(#[$doc])* $name,)*
            /// A reason that this version does not know.
            Other(u16),
        }

        impl ByeCode {
            /// Its number on the wire.
            pub const fn number(self) -> u16 {
                match self {
                    $(Self::$name => $number,)*
                    Self::Other(number) => number,
                }
            }

            /// The code with this number.
            pub const fn numbered(number: u16) -> Self {
                match number {
                    $($number => Self::$name,)*
                    other => Self::Other(other),
                }
            }
        }

        impl fmt::Display for ByeCode {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name => f.pad($short),)*
                    Self::Other(number) => write!(f, "reason {number}"),
                }
            }
        }
    };
}

bye_codes! {
    /// It goes away on purpose: shutdown, or a policy's window is over.
    Leaving = 1, "leaving";
    /// No protocol version in common.
    Version = 2, "no common version";
    /// The replicas belong to different chains.
    WrongChain = 3, "another chain";
    /// The store names itself otherwise than its certificate does.
    WrongStore = 4, "another store";
    /// The other side broke the protocol.
    Protocol = 5, "protocol violated";
    /// Its store can't read or write at the moment.
    Storage = 6, "storage failed";
    /// The other side fell silent.
    Silent = 7, "silence";
    /// It refused more changes than it goes on listening to.
    Refusals = 8, "too many refusals";
    /// The histories still part after they were settled.
    Unsettled = 9, "histories part";
}

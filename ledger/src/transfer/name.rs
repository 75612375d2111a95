//! The names under which parties write in a transfer's order.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use crate::id::IdError;

/// What an entry is about, and its number where there may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepName {
    /// Goods are asked for.
    Request,
    /// Head office agrees.
    Approve,
    /// Head office does not.
    Reject,
    /// Goods left the source.
    Ship(NonZeroU32),
    /// Goods of a shipment reached the destination, in one part or several.
    Receive {
        /// Which shipment.
        shipment: NonZeroU32,
        /// Which part of it. Whoever receives the same part again says the same thing twice.
        part: NonZeroU32,
    },
    /// A difference was settled.
    Settle(NonZeroU32),
    /// Somebody wants the transfer stopped.
    Cancel,
    /// A party took back what it had said about goods.
    Withdraw(NonZeroU32),
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request => f.pad("request"),
            Self::Approve => f.pad("approve"),
            Self::Reject => f.pad("reject"),
            Self::Ship(shipment) => write!(f, "ship/{shipment}"),
            Self::Receive { shipment, part } if *part == NonZeroU32::MIN => {
                write!(f, "receive/{shipment}")
            }
            Self::Receive { shipment, part } => write!(f, "receive/{shipment}/{part}"),
            Self::Settle(settlement) => write!(f, "settle/{settlement}"),
            Self::Cancel => f.pad("cancel"),
            Self::Withdraw(withdrawal) => write!(f, "withdraw/{withdrawal}"),
        }
    }
}

impl FromStr for StepName {
    type Err = IdError;

    /// Reads the canonical form only, so that one step has one name.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let canonical = parse(text).filter(|name| name.to_string() == text);
        canonical
            .ok_or_else(|| IdError::Malformed { what: "step of a transfer", text: text.to_owned() })
    }
}

fn parse(text: &str) -> Option<StepName> {
    let mut words = text.splitn(3, '/');
    let step = words.next()?;
    let mut number = || words.next().map(str::parse::<NonZeroU32>);
    Some(match (step, number(), number()) {
        ("request", None, None) => StepName::Request,
        ("approve", None, None) => StepName::Approve,
        ("reject", None, None) => StepName::Reject,
        ("cancel", None, None) => StepName::Cancel,
        ("ship", Some(Ok(shipment)), None) => StepName::Ship(shipment),
        ("settle", Some(Ok(settlement)), None) => StepName::Settle(settlement),
        ("withdraw", Some(Ok(withdrawal)), None) => StepName::Withdraw(withdrawal),
        ("receive", Some(Ok(shipment)), None) => {
            StepName::Receive { shipment, part: NonZeroU32::MIN }
        }
        ("receive", Some(Ok(shipment)), Some(Ok(part))) => StepName::Receive { shipment, part },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_one_name() {
        for text in ["request", "approve", "reject", "cancel", "ship/1", "settle/12", "withdraw/2"]
        {
            assert_eq!(text.parse::<StepName>().unwrap().to_string(), text);
        }
        for text in ["receive/3", "receive/3/2"] {
            assert_eq!(text.parse::<StepName>().unwrap().to_string(), text);
        }
        for text in ["", "ship", "ship/0", "ship/01", "ship/+1", "receive/3/1", "receive/1/2/3"] {
            assert!(text.parse::<StepName>().is_err(), "{text}");
        }
        for text in ["request/1", "ship/1/1", "ship/", "ship/4294967296", "dispatch"] {
            assert!(text.parse::<StepName>().is_err(), "{text}");
        }
    }
}

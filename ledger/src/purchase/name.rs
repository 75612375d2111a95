//! The names under which parties write in a purchase order.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use crate::id::IdError;

/// What an entry is about, and its number where there may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepName {
    /// Goods are wanted.
    Request,
    /// What is ordered from whom, in one of its revisions.
    Order(NonZeroU32),
    /// The order is ready to be agreed to.
    Submit,
    /// It is agreed to.
    Approve,
    /// It is not.
    Reject,
    /// The supplier has been given it.
    Send,
    /// Something is known of a shipment of the supplier's.
    Track(NonZeroU32),
    /// Goods came.
    Receive(NonZeroU32),
    /// Goods went back.
    Return(NonZeroU32),
    /// What has not come is not waited for any more.
    Close,
    /// Somebody wants the order stopped.
    Cancel,
    /// A party took back what it had said about goods.
    Withdraw(NonZeroU32),
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request => f.pad("request"),
            Self::Order(revision) => write!(f, "order/{revision}"),
            Self::Submit => f.pad("submit"),
            Self::Approve => f.pad("approve"),
            Self::Reject => f.pad("reject"),
            Self::Send => f.pad("send"),
            Self::Track(shipment) => write!(f, "track/{shipment}"),
            Self::Receive(receipt) => write!(f, "receive/{receipt}"),
            Self::Return(number) => write!(f, "return/{number}"),
            Self::Close => f.pad("close"),
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
            .ok_or_else(|| IdError::Malformed { what: "step of a purchase", text: text.to_owned() })
    }
}

fn parse(text: &str) -> Option<StepName> {
    let (step, number) = match text.split_once('/') {
        Some((step, digits)) => (step, Some(digits.parse::<NonZeroU32>().ok()?)),
        None => (text, None),
    };
    Some(match (step, number) {
        ("request", None) => StepName::Request,
        ("submit", None) => StepName::Submit,
        ("approve", None) => StepName::Approve,
        ("reject", None) => StepName::Reject,
        ("send", None) => StepName::Send,
        ("close", None) => StepName::Close,
        ("cancel", None) => StepName::Cancel,
        ("order", Some(revision)) => StepName::Order(revision),
        ("track", Some(shipment)) => StepName::Track(shipment),
        ("receive", Some(receipt)) => StepName::Receive(receipt),
        ("return", Some(number)) => StepName::Return(number),
        ("withdraw", Some(withdrawal)) => StepName::Withdraw(withdrawal),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_one_name() {
        for text in ["request", "order/1", "submit", "approve", "reject", "send", "track/2"] {
            assert_eq!(text.parse::<StepName>().unwrap().to_string(), text);
        }
        for text in ["receive/3", "return/1", "close", "cancel", "withdraw/12"] {
            assert_eq!(text.parse::<StepName>().unwrap().to_string(), text);
        }
        for text in ["", "order", "order/0", "order/01", "order/+1", "receive/1/2", "approve/1"] {
            assert!(text.parse::<StepName>().is_err(), "{text}");
        }
    }
}

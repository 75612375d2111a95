//! Why goods are gone or too many (报损与报溢的原因): codes that every chain needs, beside those of its own.
//!
//! A reason stands in facts as a text. One of these words means the same in every store and is shown in the
//! reader's language; any other text is shown as it was typed, and reports count it under itself.

/// A reason that the program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Broken or spoiled (破损).
    Damaged,
    /// Past its date (过期).
    Expired,
    /// Taken by somebody (被盗).
    Stolen,
    /// Given to customers or suppliers to try (样品).
    Sample,
    /// Used by the shop itself (自用).
    OwnUse,
    /// Given away or lost to a promotion that nobody booked (赠送).
    Gift,
    /// Miscounted or booked wrongly before (盘点或记账差错).
    CountingError,
    /// Found where nobody had looked (寻回).
    Found,
    /// The supplier sent more than the note says (供应商多发).
    OverDelivered,
    /// Dried out or spilt: goods by weight lose some (损耗).
    Shrinkage,
}

impl Reason {
    /// Every reason, in the order in which lists show them.
    pub const ALL: [Self; 10] = [
        Self::Damaged,
        Self::Expired,
        Self::Stolen,
        Self::Sample,
        Self::OwnUse,
        Self::Gift,
        Self::Shrinkage,
        Self::CountingError,
        Self::Found,
        Self::OverDelivered,
    ];

    /// Its code, as it stands in facts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Damaged => "damaged",
            Self::Expired => "expired",
            Self::Stolen => "stolen",
            Self::Sample => "sample",
            Self::OwnUse => "own_use",
            Self::Gift => "gift",
            Self::CountingError => "counting_error",
            Self::Found => "found",
            Self::OverDelivered => "over_delivered",
            Self::Shrinkage => "shrinkage",
        }
    }

    /// The reason with this code.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ReasonCode;

    #[test]
    fn every_reason_has_a_code_of_its_own() {
        for reason in Reason::ALL {
            assert_eq!(Reason::coded(reason.code()), Some(reason));
            assert!(ReasonCode::new(reason.code()).is_ok(), "stocktakes use the same codes");
        }
        assert_eq!(Reason::coded("the dog ate it"), None);
    }
}

//! Rules of returns (退换货规则): how late goods may come back, whether without a receipt, and when a second person
//! has to agree.

use thiserror::Error;

use crate::amount::Money;
use crate::id::{BillNo, Operator, StoreId};
use crate::time::BusinessDate;

/// The rules of a store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// For so many days after the sale goods come back without asking anybody; none: for ever.
    pub window_days: Option<u32>,
    /// Whether they come back without a receipt.
    pub without_receipt: Leave,
    /// More money than this is paid back only with approval; none: any amount is.
    pub approve_above: Option<Money>,
}

/// Whether something may be done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Leave {
    /// By anybody.
    #[default]
    Allowed,
    /// With a second person's approval.
    Approved,
    /// By nobody.
    Refused,
}

/// A return that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// When the goods were sold; none without a receipt.
    pub sold: Option<BusinessDate>,
    /// When they come back.
    pub back: BusinessDate,
    /// What is paid for them.
    pub amount: Money,
    /// Who takes them back.
    pub operator: Option<&'a Operator>,
    /// Who has approved it.
    pub approved: Option<&'a Operator>,
}

/// Why goods are not taken back.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Objection {
    /// Nobody may.
    #[error("goods are not taken back without a receipt")]
    NoReceipt,
    /// A second person has to approve a return without a receipt.
    #[error("a return without a receipt is approved by a second person")]
    UnprovenUnapproved,
    /// A second person has to approve a late return.
    #[error("the goods were sold {days} days ago; after {window} a second person approves")]
    Late {
        /// How long ago.
        days: u32,
        /// The days within which nobody is asked.
        window: u32,
    },
    /// A second person has to approve so much money.
    #[error("{amount} is more than {limit}, above which a second person approves")]
    Much {
        /// What would be paid back.
        amount: Money,
        /// Up to which nobody is asked.
        limit: Money,
    },
    /// Nobody approves what they do themselves.
    #[error("{operator} cannot approve their own return")]
    OwnApproval {
        /// Who.
        operator: Operator,
    },
}

/// Whose sale a bill is and of which day, read off its number: `S-012-A-20261122-00042` is of `S-012`.
pub fn origin(bill: &BillNo) -> Option<(StoreId, BusinessDate)> {
    let mut parts = bill.as_str().rsplitn(4, '-');
    let (_count, day, _series) = (parts.next()?, parts.next()?, parts.next()?);
    let (store, day) = (StoreId::new(parts.next()?).ok()?, day.as_bytes());
    let digits = |range: std::ops::Range<usize>| std::str::from_utf8(day.get(range)?).ok();
    let text = format!("{}-{}-{}", digits(0..4)?, digits(4..6)?, digits(6..8)?);
    Some((store, text.parse().ok().filter(|_| day.len() == 8)?))
}

/// Whether a return keeps the rules.
pub fn judge(rules: Rules, asked: Asked<'_>) -> Result<(), Objection> {
    if asked.sold.is_none() && rules.without_receipt == Leave::Refused {
        return Err(Objection::NoReceipt);
    }
    let Some(objection) = wants_approval(rules, asked) else { return Ok(()) };
    match asked.approved {
        Some(approved) if asked.operator == Some(approved) => {
            Err(Objection::OwnApproval { operator: approved.clone() })
        }
        Some(_) => Ok(()),
        None => Err(objection),
    }
}

/// What a second person has to approve, if anything.
fn wants_approval(rules: Rules, asked: Asked<'_>) -> Option<Objection> {
    match (asked.sold, rules.window_days) {
        (None, _) if rules.without_receipt == Leave::Approved => {
            return Some(Objection::UnprovenUnapproved);
        }
        (Some(sold), Some(window)) => {
            let apart =
                asked.back.date().since(sold.date()).map_or(i32::MAX, |span| span.get_days());
            let days = u32::try_from(apart).unwrap_or(0);
            if days > window {
                return Some(Objection::Late { days, window });
            }
        }
        _ => {}
    }
    let limit = rules.approve_above.filter(|limit| asked.amount > *limit)?;
    Some(Objection::Much { amount: asked.amount, limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked<'a>(sold: Option<&str>, amount: &str) -> Asked<'a> {
        Asked {
            sold: sold.map(|day| day.parse().unwrap()),
            back: "2026-11-22".parse().unwrap(),
            amount: amount.parse().unwrap(),
            operator: None,
            approved: None,
        }
    }

    fn rules() -> Rules {
        Rules {
            window_days: Some(7),
            without_receipt: Leave::Approved,
            approve_above: "100".parse().ok(),
        }
    }

    #[test]
    fn what_keeps_the_rules_needs_nobody() {
        assert_eq!(judge(rules(), asked(Some("2026-11-15"), "100")), Ok(()));
        assert_eq!(judge(Rules::default(), asked(None, "9999")), Ok(()));
        // Sold by a till whose clock is ahead.
        assert_eq!(judge(rules(), asked(Some("2026-11-23"), "1")), Ok(()));
    }

    #[test]
    fn beyond_the_limits_a_second_person_approves() {
        let (late, much) = (asked(Some("2026-11-14"), "1"), asked(Some("2026-11-22"), "100.01"));
        assert_eq!(judge(rules(), late), Err(Objection::Late { days: 8, window: 7 }));
        assert!(matches!(judge(rules(), much), Err(Objection::Much { .. })));
        assert_eq!(judge(rules(), asked(None, "1")), Err(Objection::UnprovenUnapproved));

        let (chen, zhou): (Operator, Operator) = ("陈".parse().unwrap(), "周".parse().unwrap());
        for asked in [late, much, asked(None, "1")] {
            let asked = Asked { operator: Some(&chen), approved: Some(&zhou), ..asked };
            assert_eq!(judge(rules(), asked), Ok(()));
            let alone = Asked { operator: Some(&zhou), ..asked };
            let operator = zhou.clone();
            assert_eq!(judge(rules(), alone), Err(Objection::OwnApproval { operator }));
        }
    }

    #[test]
    fn a_bill_says_whose_it_is() {
        let origin = |bill: &str| {
            origin(&bill.parse().unwrap()).map(|(store, day)| (store.to_string(), day.to_string()))
        };
        let told = Some(("S-012".to_owned(), "2026-11-22".to_owned()));
        assert_eq!(origin("S-012-A-20261122-00042"), told);
        assert_eq!(origin("S012-A-20261322-00042"), None);
        assert_eq!(origin("S012-A-202611220-00042"), None);
        assert_eq!(origin("receipt"), None);
    }

    #[test]
    fn nobody_approves_what_is_refused() {
        let chen: Operator = "陈".parse().unwrap();
        let rules = Rules { without_receipt: Leave::Refused, ..rules() };
        let asked = Asked { approved: Some(&chen), ..asked(None, "1") };
        assert_eq!(judge(rules, asked), Err(Objection::NoReceipt));
    }
}

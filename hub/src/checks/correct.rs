//! Correcting what a check found: head office proposes the fact, a person approves, and the store books
//! it when the order reaches it.

use ledger::amount::{Money, Quantity};
use ledger::check::{self, Check};
use ledger::correction::{Proposed, Remedy, Stage, Step, status};
use ledger::id::Operator;
use serde::{Deserialize, Serialize};
use sync_proto::OrderId;

use super::report::{CheckFinding, Seen};
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::text;

/// The fact that would correct a finding; an error for one that no fact corrects.
pub(crate) fn remedy(finding: &CheckFinding) -> Result<Remedy> {
    let not =
        || HubError::NotCorrectable { finding: finding.id.clone(), proposal: finding.proposal };
    let sku = || finding.sku.clone().ok_or_else(not);
    match (finding.check, &finding.found, finding.proposal) {
        (Check::NegativeStock, Seen::Quantity(missing), _) => {
            let quantity = missing.0.checked_neg().and_then(|raw| raw.try_into().ok());
            Ok(Remedy::Adjust { sku: sku()?, quantity: quantity.ok_or_else(not)? })
        }
        (Check::ValueWithoutQuantity, Seen::Money(left), _) => {
            let raw = left.0.checked_neg().and_then(|raw| i64::try_from(raw).ok());
            let value = raw.and_then(|raw| Money::from_ten_thousandths(raw).ok());
            Ok(Remedy::Revalue { sku: sku()?, value: value.ok_or_else(not)? })
        }
        (.., check::Proposal::ReverseAndRebook | check::Proposal::Reverse) => {
            Ok(Remedy::Reverse { fact: finding.fact.ok_or_else(not)? })
        }
        _ => Err(not()),
    }
}

/// An amount that a person sets in the place of the one that the check worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instead {
    /// So many are added to what is on hand.
    Quantity(#[serde(with = "text")] Quantity),
    /// So much is added to what it costs.
    Value(#[serde(with = "text")] Money),
}

/// What is proposed, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// Why.
    pub reason: String,
    /// With which amount, if not the one that the check worked out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Instead>,
}

impl Instead {
    /// The remedy with this amount; none if it has no such amount, or for an amount of nothing.
    fn put_into(self, remedy: Remedy) -> Option<Remedy> {
        match (self, remedy) {
            (Self::Quantity(quantity), Remedy::Adjust { sku, .. }) if !quantity.is_zero() => {
                Some(Remedy::Adjust { sku, quantity: quantity.thousandths() })
            }
            (Self::Value(value), Remedy::Revalue { sku, .. }) if !value.is_zero() => {
                Some(Remedy::Revalue { sku, value })
            }
            _ => None,
        }
    }
}

/// Proposes the correction of a finding. A finding whose correction is under way has that one.
pub(crate) fn propose(
    hub: &Hub,
    finding: &CheckFinding,
    by: Operator,
    proposal: Proposal,
) -> Result<OrderId> {
    let not =
        || HubError::NotCorrectable { finding: finding.id.clone(), proposal: finding.proposal };
    let Proposal { reason, instead } = proposal;
    let (mut remedy, store) = (remedy(finding)?, finding.store.clone().ok_or_else(not)?);
    if let Some(instead) = instead {
        let misfit = || HubError::CorrectionMisfit { finding: finding.id.clone() };
        remedy = instead.put_into(remedy).ok_or_else(misfit)?;
    }
    let proposed =
        Proposed { store, finding: finding.id.as_str().into(), remedy, reason: reason.into() };
    let (name, now) = (finding.id.clone(), hub.now());
    hub.books().write(move |tx| {
        if let Some(id) = tx.corrections_of(&name)?.pop() {
            let known = status(&tx.correction_order(&id)?);
            if let Stage::Proposed | Stage::Approved { .. } = known.stage {
                let same = known.proposed.is_some_and(|(had, ..)| had.remedy == proposed.remedy);
                let under_way = HubError::CorrectionUnderWay { correction: id.to_string() };
                return if same || instead.is_none() { Ok(id) } else { Err(under_way) };
            }
        }
        let id = tx.new_correction(&proposed.store, &name, now)?;
        tx.tell_correction(&id, Some(by), Step::Propose(proposed), now)?;
        Ok(id)
    })
}

/// Lets a finding's correction be booked, or not. Deciding the same again changes nothing.
pub(crate) fn decide(hub: &Hub, finding: &str, by: Operator, step: Step) -> Result<OrderId> {
    let (name, now) = (finding.to_owned(), hub.now());
    hub.books().write(move |tx| {
        let none = || HubError::NoCorrection { finding: name.clone() };
        let id = tx.corrections_of(&name)?.pop().ok_or_else(none)?;
        let known = status(&tx.correction_order(&id)?);
        match (&known.stage, &step) {
            (Stage::Proposed, Step::Approve { alone: None })
                if known
                    .proposed
                    .is_some_and(|(_, proposer, _)| proposer.as_ref() == Some(&by)) =>
            {
                return Err(HubError::SamePerson { by });
            }
            (Stage::Proposed, _) => tx.tell_correction(&id, Some(by), step, now)?,
            (Stage::Approved { .. } | Stage::Done { .. }, Step::Approve { .. })
            | (Stage::Rejected { .. }, Step::Reject { .. }) => {}
            _ => return Err(HubError::CorrectionDecided { correction: id.to_string() }),
        }
        Ok(id)
    })
}

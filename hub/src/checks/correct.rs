//! Correcting what a check found: head office proposes the fact, a person approves, and the store books
//! it when the order reaches it.

use ledger::amount::Money;
use ledger::check::{Check, Proposal};
use ledger::correction::{Proposed, Remedy, Stage, Step, status};
use ledger::id::Operator;
use sync_proto::OrderId;

use super::report::{CheckFinding, Seen};
use crate::error::{HubError, Result};
use crate::hub::Hub;

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
        (.., Proposal::ReverseAndRebook) => {
            Ok(Remedy::Reverse { fact: finding.fact.ok_or_else(not)? })
        }
        _ => Err(not()),
    }
}

/// Proposes the correction of a finding. A finding whose correction is under way has that one.
pub(crate) fn propose(
    hub: &Hub,
    finding: &CheckFinding,
    by: Operator,
    reason: &str,
) -> Result<OrderId> {
    let not =
        || HubError::NotCorrectable { finding: finding.id.clone(), proposal: finding.proposal };
    let (remedy, store) = (remedy(finding)?, finding.store.clone().ok_or_else(not)?);
    let proposed =
        Proposed { store, finding: finding.id.as_str().into(), remedy, reason: reason.into() };
    let (name, now) = (finding.id.clone(), hub.now());
    hub.books().write(move |tx| {
        if let Some(id) = tx.corrections_of(&name)?.pop()
            && let Stage::Proposed | Stage::Approved { .. } =
                status(&tx.correction_order(&id)?).stage
        {
            return Ok(id);
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
        let stage = status(&tx.correction_order(&id)?).stage;
        match (&stage, &step) {
            (Stage::Proposed, _) => tx.tell_correction(&id, Some(by), step, now)?,
            (Stage::Approved { .. } | Stage::Done { .. }, Step::Approve)
            | (Stage::Rejected { .. }, Step::Reject { .. }) => {}
            _ => return Err(HubError::CorrectionDecided { correction: id.to_string() }),
        }
        Ok(id)
    })
}

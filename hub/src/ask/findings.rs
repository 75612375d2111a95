//! What the checks found, and what becomes of it: list, explain, accept, correct.

use ledger::correction::Step;
use ledger::id::Operator;
use serde::{Deserialize, Serialize};

use crate::checks::correct;
pub use crate::checks::correct::{Instead, Proposal};
use crate::checks::life::{self, Decision, Outcome};
use crate::checks::report::CheckFinding;
use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::text;

/// List what the newest reports found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListFindings {
    /// Which.
    pub which: Which,
}

/// Which findings are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Those that somebody has to look at.
    Open,
    /// Those that are explained, accepted or being corrected, too.
    All,
}

/// Findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// In the order of the reports, the newest first.
    pub findings: Vec<CheckFinding>,
}

impl Ask for ListFindings {
    const PATH: &'static str = "/v1/check/findings";
    type Answer = Findings;

    fn answer(self, hub: &Hub) -> Result<Findings> {
        let mut findings = life::current(hub)?;
        if self.which == Which::Open {
            findings.retain(|finding| finding.life.is_open());
        }
        Ok(Findings { findings })
    }
}

/// Resolve a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolveFinding {
    /// Which.
    pub finding: String,
    /// How.
    pub how: How,
    /// Who.
    #[serde(with = "text")]
    pub by: Operator,
}

/// How a finding is resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It is no fault, and why.
    Explain(String),
    /// It is one and stays, and why.
    Accept(String),
    /// Propose the fact that corrects it, and why.
    Correct(Proposal),
    /// Let the fact be booked that another has proposed.
    Approve,
    /// Let the fact be booked, whoever has proposed it, and why nobody else can say so.
    ApproveAlone(String),
    /// Don't, and why.
    Reject(String),
}

impl Ask for ResolveFinding {
    const PATH: &'static str = "/v1/check/resolve";
    type Answer = CheckFinding;

    fn answer(self, hub: &Hub) -> Result<CheckFinding> {
        let Self { finding: id, how, by } = self;
        let finding = life::find(hub, &id)?;
        let outcome = |outcome, reason| {
            let found = finding.found.clone();
            let decision = Decision { by: by.clone(), reason, at: hub.now(), found };
            life::decide(hub, &id, outcome, decision)
        };
        match how {
            How::Explain(reason) => outcome(Outcome::Explained, reason)?,
            How::Accept(reason) => outcome(Outcome::Accepted, reason)?,
            How::Correct(proposal) => drop(correct::propose(hub, &finding, by, proposal)?),
            How::Approve => drop(correct::decide(hub, &id, by, Step::Approve { alone: None })?),
            How::ApproveAlone(reason) => {
                let alone = Some(reason.into());
                drop(correct::decide(hub, &id, by, Step::Approve { alone })?);
            }
            How::Reject(reason) => {
                let reason = reason.into();
                drop(correct::decide(hub, &id, by, Step::Reject { reason })?);
            }
        }
        life::find(hub, &id)
    }
}

//! The life of a finding: open until a person explains or accepts it, or a correction makes it go
//! away. Decisions are notes in the books, so that they outlive reports.

use std::collections::BTreeMap;

use ledger::correction::{Correction, Stage, status};
use ledger::id::Operator;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::archive::Archive;
use super::report::{CheckFinding, CheckReport, Scope, Seen};
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::text;

/// What stands before a finding's name in the key of its note.
const PREFIX: &str = "finding/";

/// What became of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Life {
    /// Nobody has said anything, or it has changed since somebody did.
    Open,
    /// It is no fault, and why (已说明).
    Explained(Decision),
    /// It is one, and stays as it is (已接受).
    Accepted(Decision),
    /// Its correction is under way or done.
    Corrected {
        /// The correction's number.
        correction: String,
        /// How far it has come: `proposed`, `approved`, `rejected`, `refused`, `done`.
        stage: String,
        /// The correcting fact, once it is booked.
        #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
        fact: Option<ledger::id::FactId>,
        /// Why it was rejected or refused, or why one person proposed and approved it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
}

impl Life {
    /// Whether somebody still has to look at it.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Open => true,
            Self::Explained(_) | Self::Accepted(_) => false,
            Self::Corrected { stage, .. } => matches!(stage.as_str(), "rejected" | "refused"),
        }
    }
}

/// Who decided what, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who.
    #[serde(with = "text")]
    pub by: Operator,
    /// Why.
    pub reason: String,
    /// When.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// What had been found then: what has changed since is another matter.
    pub found: Seen,
}

/// How a person resolves a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is no fault.
    Explained,
    /// It is one, and stays.
    Accepted,
}

/// A decision, as it is kept.
#[derive(Serialize, Deserialize)]
struct Note {
    v: u32,
    outcome: Outcome,
    decision: Decision,
}

/// The form in which decisions are kept.
const VERSION: u32 = 1;

/// Keeps a decision, in the place of an earlier one.
pub(crate) fn decide(hub: &Hub, id: &str, outcome: Outcome, decision: Decision) -> Result<()> {
    let note = Note { v: VERSION, outcome, decision };
    let text = serde_json::to_string(&note).expect("names and numbers always serialize");
    let key = format!("{PREFIX}{id}");
    Ok(hub.books().write(move |tx| tx.set_note(&key, &text))?)
}

/// What has been decided about all findings, and how far corrections are.
pub(crate) struct Lives {
    notes: BTreeMap<String, Note>,
    /// The newest correction of each finding.
    corrections: BTreeMap<String, (String, Correction)>,
}

impl Lives {
    pub(crate) fn read(hub: &Hub) -> Result<Self> {
        let reader = hub.reader()?;
        let mut notes = BTreeMap::new();
        for (key, text) in reader.notes(PREFIX)? {
            let damaged = |source: serde_json::Error| HubError::Record {
                key: key.clone(),
                source: source.into(),
            };
            let note: Note = serde_json::from_str(&text).map_err(damaged)?;
            notes.insert(key[PREFIX.len()..].to_owned(), note);
        }
        let mut corrections: BTreeMap<String, (String, Correction)> = BTreeMap::new();
        for id in reader.correction_orders()? {
            let correction = status(&reader.correction_order(&id)?);
            let Some((proposed, _, at)) = &correction.proposed else { continue };
            let newer = |(_, other): &(String, Correction)| {
                other.proposed.as_ref().is_none_or(|(.., earlier)| earlier <= at)
            };
            let finding = proposed.finding.to_string();
            if corrections.get(&finding).is_none_or(newer) {
                corrections.insert(finding, (id.to_string(), correction));
            }
        }
        Ok(Self { notes, corrections })
    }

    /// What became of a finding of a report made at this moment.
    pub(crate) fn of(&self, finding: &CheckFinding, report_at: Timestamp) -> Life {
        let corrected = self.corrections.get(&finding.id);
        if let Some((id, correction)) = corrected
            && let Some(life) = under_way(id, correction, report_at)
        {
            return life;
        }
        match self.notes.get(&finding.id) {
            Some(note) if note.decision.found == finding.found => match note.outcome {
                Outcome::Explained => Life::Explained(note.decision.clone()),
                Outcome::Accepted => Life::Accepted(note.decision.clone()),
            },
            _ => Life::Open,
        }
    }

    /// Says of each finding of a report what became of it.
    pub(crate) fn tell(&self, report: &mut CheckReport) {
        for finding in report.findings.iter_mut().chain(&mut report.resolved) {
            finding.life = self.of(finding, report.at);
        }
    }
}

fn under_way(id: &str, correction: &Correction, report_at: Timestamp) -> Option<Life> {
    let (fact, why) = match &correction.stage {
        // It is still found after it was corrected: that did not help.
        Stage::Done { at, .. } if *at < report_at => return None,
        Stage::Done { fact, .. } => (Some(*fact), None),
        Stage::Rejected { reason, .. } | Stage::Refused { reason } => {
            (None, Some(reason.to_string()))
        }
        Stage::Unknown => return None,
        Stage::Approved { alone, .. } => (None, alone.as_deref().map(str::to_owned)),
        Stage::Proposed => (None, None),
    };
    let stage = correction.stage.name().to_owned();
    Some(Life::Corrected { correction: id.to_owned(), stage, fact, why })
}

/// What the newest reports say, each finding once: of two reports that looked at something, the newer
/// one counts.
pub(crate) fn current(hub: &Hub) -> Result<Vec<CheckFinding>> {
    let (archive, lives) = (Archive::of(hub.home()), Lives::read(hub)?);
    let mut seen: Vec<Scope> = Vec::new();
    let mut found = Vec::new();
    for number in archive.numbers()?.into_iter().rev() {
        let mut report = archive.read(number)?;
        lives.tell(&mut report);
        let news = |finding: &CheckFinding| {
            !seen
                .iter()
                .any(|scope| scope.covers(finding.check, finding.store.as_ref(), finding.date))
        };
        found.extend(report.findings.into_iter().filter(news));
        let whole = report.scope == Scope::default();
        seen.push(report.scope);
        if whole {
            break;
        }
    }
    Ok(found)
}

/// The finding of this name in the newest reports.
pub(crate) fn find(hub: &Hub, id: &str) -> Result<CheckFinding> {
    let found = current(hub)?.into_iter().find(|finding| finding.id == id);
    found.ok_or_else(|| HubError::NoFinding { finding: id.to_owned() })
}

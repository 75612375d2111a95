//! What the story comes to, in figures: for people and as one JSON object.

use std::time::Duration;

use console::{Out, format, words};
use hub::ask::checks::RunChecks;
use hub::checks::Depth;
use hub::checks::report::Scope;
use hub::door::Ask as _;
use ledger::check::Severity;
use ledger::measure::Measure;
use serde::Serialize;

use super::StoryError;
use super::moves::Moved;
use crate::proof::Proof;
use crate::stage::Stage;

/// What the story came to.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Stores on the stage.
    pub stores: usize,
    /// Sales at the hub.
    pub sales: i64,
    /// Facts at the hub.
    pub facts: usize,
    /// Facts that stores booked while they were offline.
    pub offline_facts: u64,
    /// The longest time that stores took to catch up, in milliseconds.
    pub catch_up_ms: u64,
    /// Bytes that stores sent to catch up, for each fact.
    pub bytes_per_fact: f64,
    /// Transfers between stores.
    pub transfers: usize,
    /// Of these, how many were received from a manifest, without a network.
    pub by_manifest: usize,
    /// Differences in them that were settled.
    pub settled: usize,
    /// What was lost on the way, in thousandths of a unit.
    pub lost: i64,
    /// Takings of the chain, in ten-thousandths of the currency.
    pub takings: i64,
    /// All of it, in milliseconds.
    pub total_ms: u64,
    /// What was proved.
    pub proof: Proved,
}

/// The proof, in figures.
#[derive(Debug, Clone, Serialize)]
pub struct Proved {
    /// Whether nothing differed.
    pub holds: bool,
    /// Replicas with equal digests.
    pub replicas: usize,
    /// Stock figures equal three ways.
    pub stock_figures: usize,
    /// Documents found exactly once.
    pub documents: usize,
    /// Products whose losses between stores are the recount's, with nothing left on the way.
    pub products_moved: usize,
    /// The first differences.
    pub differences: Vec<String>,
    /// What the hub's own consistency checks say.
    pub checks: Checked,
}

/// The hub's check report, in figures.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Checked {
    /// Facts that were checked against each other.
    pub facts: u64,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings, such as goods sold that were never booked in.
    pub warnings: usize,
}

impl Summary {
    pub(super) fn of(
        stage: &Stage,
        proof: &Proof,
        offline_facts: u64,
        bytes: u64,
        catch_ups: &[Duration],
        total: Duration,
    ) -> Result<Self, StoryError> {
        let report =
            RunChecks { scope: Scope::default(), depth: Depth::Full }.answer(&stage.hub)?;
        let checks = Checked {
            facts: report.facts,
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
        };
        let totals = stage.hub.books().reader()?.totals(None, None, None)?;
        let catch_up = catch_ups.iter().max().copied().unwrap_or_default();
        Ok(Self {
            stores: stage.shops.len(),
            sales: totals.get(&Measure::SalesCount).copied().unwrap_or_default(),
            facts: proof.facts,
            offline_facts,
            catch_up_ms: millis(catch_up),
            bytes_per_fact: (bytes as f64 / offline_facts.max(1) as f64 * 10.0).round() / 10.0,
            transfers: 0,
            by_manifest: 0,
            settled: 0,
            lost: 0,
            takings: proof.takings,
            total_ms: millis(total),
            proof: Proved {
                holds: proof.holds() && report.is_sound(),
                replicas: proof.replicas,
                stock_figures: proof.stock_figures,
                documents: proof.documents,
                products_moved: proof.products_moved,
                differences: proof.differences.iter().map(ToString::to_string).collect(),
                checks,
            },
        })
    }

    /// The same, with what was moved between stores.
    #[must_use]
    pub(super) fn with_transfers(self, moved: Moved) -> Self {
        let Moved { transfers, by_manifest, settled, lost } = moved;
        Self { transfers, by_manifest, settled, lost, ..self }
    }

    /// Prints it: the figures and the proof.
    pub fn show(&self, out: &Out) {
        out.show(self, |page| {
            let lang = page.lang();
            let duration = |ms| format::duration(lang, Duration::from_millis(ms));
            page.heading(words::StoryFigures);
            page.fields([
                (lang.say(words::StorySales), format::count(self.sales.unsigned_abs())),
                (lang.say(words::StoryFacts), format::count(self.facts as u64)),
                (lang.say(words::StoryOfflineSales), format::count(self.offline_facts)),
                (lang.say(words::StoryCaughtUpIn), duration(self.catch_up_ms)),
                (lang.say(words::StoryBytesPerSale), format!("{:.1}", self.bytes_per_fact)),
                (lang.say(words::StoryTotalTime), duration(self.total_ms)),
            ]);
            if self.transfers > 0 {
                let (transfers, manifests) = (self.transfers, self.by_manifest);
                page.say(words::StoryTransfers { transfers, manifests });
                let lost = format::quantity_total(self.lost.into());
                page.say(words::StorySettled { settled: self.settled, lost });
            }
            page.heading(words::StoryProofHeading);
            let Proved { replicas, stock_figures, documents, products_moved, .. } = self.proof;
            page.say(words::StoryProofDigests { count: format::count(replicas as u64) });
            page.say(words::StoryProofStock { count: format::count(stock_figures as u64) });
            page.say(words::StoryProofDocuments { count: format::count(documents as u64) });
            if products_moved > 0 {
                let count = format::count(products_moved as u64);
                page.say(words::StoryProofTransfers { count });
            }
            let amount = format::money_total(i128::from(self.takings));
            page.say(words::StoryProofMoney { amount });
            let Checked { facts, errors, warnings } = self.proof.checks;
            let facts = format::count(facts);
            page.say(words::StoryProofChecks { facts, errors, warnings });
            if self.proof.holds {
                page.say(words::StoryHolds);
            } else {
                page.say(words::StoryFails { count: self.proof.differences.len() });
                self.proof.differences.iter().for_each(|difference| page.line(difference));
            }
        });
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

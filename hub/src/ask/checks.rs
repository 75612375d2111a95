//! The consistency checks: run them, list their reports, show one.

use ledger::check::Severity;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::checks::archive::Archive;
use crate::checks::life::Lives;
use crate::checks::report::{CheckReport, Scope};
use crate::checks::{self, Depth};
use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::text;

/// Run every check, and keep the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunChecks {
    /// What to look at.
    pub scope: Scope,
    /// Whether to look again at what has not changed since the last run.
    #[serde(default)]
    pub depth: Depth,
}

impl Ask for RunChecks {
    const PATH: &'static str = "/v1/check/run";
    type Answer = CheckReport;

    fn answer(self, hub: &Hub) -> Result<CheckReport> {
        checks::run(hub, self.scope, self.depth)
    }
}

/// How far the run under way is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckProgress {}

/// Days of stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progressed {
    /// Gone through.
    pub done: u64,
    /// In all; nothing while they are being counted.
    pub total: u64,
}

impl Ask for CheckProgress {
    const PATH: &'static str = "/v1/check/progress";
    type Answer = Progressed;

    fn answer(self, hub: &Hub) -> Result<Progressed> {
        let (done, total) = hub.checks().progress();
        Ok(Progressed { done, total })
    }
}

/// List the kept reports, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListReports {}

/// The kept reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reports {
    /// The newest first.
    pub reports: Vec<ReportSummary>,
}

/// A report in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSummary {
    /// Its number.
    pub number: u64,
    /// When it was made.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// What was looked at.
    pub scope: Scope,
    /// At how many facts.
    pub facts: u64,
    /// Findings that are errors.
    pub errors: u64,
    /// Findings that are warnings.
    pub warnings: u64,
    /// Findings that are not listed.
    pub left_out: u64,
    /// Findings that the report before did not have.
    pub new: u64,
    /// Findings of the report before that are gone.
    pub resolved: u64,
}

impl Ask for ListReports {
    const PATH: &'static str = "/v1/check/list";
    type Answer = Reports;

    fn answer(self, hub: &Hub) -> Result<Reports> {
        let archive = Archive::of(hub.home());
        let summary = |number| archive.read(number).map(|report| ReportSummary::of(&report));
        let reports = archive.numbers()?.into_iter().rev().map(summary).collect::<Result<_>>()?;
        Ok(Reports { reports })
    }
}

impl ReportSummary {
    fn of(report: &CheckReport) -> Self {
        Self {
            number: report.number,
            at: report.at,
            scope: report.scope.clone(),
            facts: report.facts,
            errors: report.count(Severity::Error) as u64,
            warnings: report.count(Severity::Warning) as u64,
            left_out: report.left_out,
            new: report.fresh() as u64,
            resolved: report.resolved.len() as u64,
        }
    }
}

/// Show a kept report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowReport {
    /// Its number.
    pub number: u64,
}

impl Ask for ShowReport {
    const PATH: &'static str = "/v1/check/show";
    type Answer = CheckReport;

    fn answer(self, hub: &Hub) -> Result<CheckReport> {
        let mut report = Archive::of(hub.home()).read(self.number)?;
        Lives::read(hub)?.tell(&mut report);
        Ok(report)
    }
}

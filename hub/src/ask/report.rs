//! Reports of the chain.

use books::BooksError;
use console::report::{Asked, ReportError};
use jiff::tz::TimeZone;
use ledger::report::{Answer, Report};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use super::stock::sku_of;
use crate::door::Ask;
use crate::error::{HubError, Result};
use crate::hub::Hub;

/// Show a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShowReport(pub Asked);

impl Ask for ShowReport {
    const PATH: &'static str = "/v1/report";
    type Answer = Answer;

    fn answer(self, hub: &Hub) -> Result<Answer> {
        let mut question = self.0.question(today(hub)).map_err(ReportError::from)?;
        let reader = hub.reader()?;
        if let Report::Ledger { sku } = &mut question.report {
            *sku = sku_of(&reader, sku.as_str())?;
        }
        reader.report(&question).map_err(|error| match error {
            BooksError::UnknownStore { store } => ReportError::NoStore { store }.into(),
            BooksError::ReportTooLong { most } => ReportError::TooLong { most }.into(),
            other => HubError::from(other),
        })
    }
}

/// The day on this machine's calendar.
fn today(hub: &Hub) -> BusinessDate {
    let now = jiff::Timestamp::from_millisecond(hub.now().millis()).unwrap_or_default();
    BusinessDate::new(now.to_zoned(TimeZone::system()).date())
}

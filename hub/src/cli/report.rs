//! `hub report`

use console::report::Reports;
use console::{Exit, Out};

use crate::ask::report::ShowReport;
use crate::door::Door;
use crate::error::Result;

pub(super) fn report(door: &impl Door, reports: Reports, out: &Out) -> Result<Exit> {
    let (asked, output) = reports.ask();
    let answer = door.ask(ShowReport(asked))?;
    output.give(&answer, out)?;
    Ok(Exit::Done)
}

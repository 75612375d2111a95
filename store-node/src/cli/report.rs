//! Reports on the command line.

use console::Exit;
use console::report::Reports;

use super::Scene;
use crate::ask::report::ShowReport;
use crate::door::Door;
use crate::error::Result;

pub(super) fn run(reports: Reports, scene: &Scene<'_>) -> Result<Exit> {
    let (asked, output) = reports.ask();
    let answer = scene.door()?.ask(ShowReport(asked))?;
    output.give(&answer, scene.out)?;
    Ok(Exit::Done)
}

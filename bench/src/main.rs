//! Side-by-side measurements. Each scenario prints JSON lines: what was measured, and a reference
//! that was measured in the same run on the same machine.
//!
//!     cargo run --release -p bench -- all
//!     cargo run --release -p bench -- till ingest

mod bare;
mod catchup;
mod checks;
mod count;
mod escrow;
mod fleet;
mod idle;
mod ingest;
mod live;
mod rejoin;
mod report;
mod reports;
mod restart;
mod till;
mod till_full;
mod transfers;
mod work;

use std::error::Error;
use std::process::ExitCode;

use report::Report;

/// What a scenario gives: its figures.
type Outcome = Result<Vec<Report>, Box<dyn Error>>;

/// A scenario by name.
type Scenario = (&'static str, fn() -> Outcome);

const SCENARIOS: [Scenario; 15] = [
    ("till", till::run),
    ("till_full", till_full::run),
    ("ingest", ingest::run),
    ("catchup", catchup::run),
    ("idle", idle::run),
    ("live", live::run),
    ("transfers", transfers::run),
    ("fleet", fleet::run),
    ("restart", restart::run),
    ("rejoin", rejoin::run),
    ("checks", checks::run),
    ("reports", reports::run),
    ("count", count::run),
    ("escrow", escrow::run),
    ("vouchers", reports::vouchers::run),
];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(part) = asked.first().and_then(|name| name.strip_prefix("--part=")) {
        return finish(part_of_scenario(part, &asked[1..]));
    }
    let known = |name: &String| name == "all" || SCENARIOS.iter().any(|(known, _)| known == name);
    if asked.is_empty() || !asked.iter().all(known) {
        let names: Vec<_> = SCENARIOS.iter().map(|(name, _)| *name).collect();
        eprintln!("usage: bench all | {}", names.join(" | "));
        return ExitCode::from(2);
    }
    for (name, scenario) in SCENARIOS {
        if !asked.iter().any(|asked| asked == name || asked == "all") {
            continue;
        }
        match scenario() {
            Ok(reports) => reports.iter().for_each(Report::print),
            Err(error) => return finish(Err(error)),
        }
    }
    ExitCode::SUCCESS
}

/// Scenarios that need a process of their own start this program again.
fn part_of_scenario(part: &str, args: &[String]) -> Result<(), Box<dyn Error>> {
    match part {
        "fleet-hub" => fleet::hub(args),
        "restart-node" => restart::node(args),
        "vouchers" => reports::vouchers::part(args),
        other => Err(format!("there is no part {other}").into()),
    }
}

fn finish(result: Result<(), Box<dyn Error>>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    eprintln!("bench: {error}");
    let mut cause = error.source();
    while let Some(source) = cause {
        eprintln!("  because {source}");
        cause = source.source();
    }
    ExitCode::FAILURE
}

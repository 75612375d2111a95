//! The store's status on the command line.

use clap::Args;
use console::{Column, Exit, Page, Table, format, labels, words};
use ledger::amount::Money;
use ledger::measure::Measure;

use super::sync::policy_text;
use super::{Scene, held};
use crate::ask::status::{HubStatus, ShowStatus};
use crate::clock::Zone;
use crate::door::Door;
use crate::error::Result;
use crate::sync::Phase;

/// Show how the store stands: books, hub, what waits for a person · 状态
#[derive(Debug, Args)]
pub(super) struct Status {}

impl Status {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self {} = self;
        let (door, zone) = (scene.door()?, scene.zone()?);
        let status = door.ask(ShowStatus {})?;
        scene.out.show(&status, |page| print(page, &status, &zone));
        Ok(Exit::Done)
    }
}

fn print(page: &mut Page, status: &crate::ask::status::Status, zone: &Zone) {
    let lang = page.lang();
    page.heading(words::StatusHeading { store: &status.store });
    let facts = match status.last_fact_at {
        Some(last) => lang.say(words::StatusFacts {
            facts: format::count(status.facts),
            age: format::ago(lang, last, status.as_of),
        }),
        None => lang.say(words::StatusFactsNone),
    };
    let (epoch, seq) = (status.epoch, format::count(status.last_seq));
    let closed = status.closed_through.map_or_else(|| "-".to_owned(), |date| date.to_string());
    page.fields([
        (lang.say(words::StatusFactsLabel), facts),
        (lang.say(words::StatusHistory), lang.say(words::StatusEpoch { epoch, seq })),
        (lang.say(words::ClosedThrough), closed),
    ]);
    if let Some(profile) = &status.profile {
        page.fields([
            (lang.say(words::Name), profile.name.clone()),
            (lang.say(words::ProfileGroups), profile.groups.join(" ")),
        ]);
        profile.differs.iter().for_each(|differs| page.line(differs.say(lang)));
        if !profile.differs.is_empty() {
            page.say(words::ProfileDiffersHint);
        }
    }
    print_history(page, status);
    match &status.hub {
        Some(hub) => print_hub(page, hub, status, zone),
        None => page.say(words::DaemonAlone),
    }
    let totals = Measure::ALL.iter().filter_map(|measure| {
        let value = status.totals.get(measure.name())?;
        let value = match value.parse::<Money>() {
            Ok(sum) if !measure.is_count() => format::money(sum),
            _ => value.clone(),
        };
        Some([labels::measure(lang, *measure), value])
    });
    let mut table = Table::new([
        Column::text(lang.say(words::StatusToday { date: status.today })),
        Column::number(""),
    ]);
    totals.for_each(|row| table.row(row));
    if !table.is_empty() {
        page.gap();
        page.table(&table);
    }
    if status.negative > 0 {
        page.say(words::NegativeStock { n: status.negative });
    }
    if status.alerts > 0 {
        page.say(words::AlertsWaiting { n: status.alerts });
    }
    if status.set_aside > 0 {
        page.say(words::StatusSetAside { n: status.set_aside });
    }
    print_quarantine(page, status, zone);
}

/// How far a history that comes back is, and what is not here.
fn print_history(page: &mut Page, status: &crate::ask::status::Status) {
    let lang = page.lang();
    if status.not_here.awaited > 0 {
        let (here, total) = (status.facts, status.facts + status.not_here.awaited);
        let (here, total) = (format::count(here), format::count(total));
        let here = lang.say(words::HistoryHere { here, total });
        let progress = status.hub.as_ref().and_then(|hub| hub.sync.progress.zip(hub.sync.since));
        let left = progress.and_then(|(progress, since)| progress.time_left(since, status.as_of));
        let left =
            left.map(|left| lang.say(words::HistoryLeft { left: format::duration(lang, left) }));
        let comes = std::iter::once(here).chain(left).collect::<Vec<_>>().join(", ");
        page.fields([(lang.say(words::StatusFactsLabel), comes)]);
    }
    held::note(page, &status.not_here);
}

fn print_hub(page: &mut Page, hub: &HubStatus, status: &crate::ask::status::Status, zone: &Zone) {
    let (lang, now) = (page.lang(), status.as_of);
    let phase = match hub.sync.phase {
        Phase::NotRunning => lang.say(words::StatusNotRunning),
        Phase::Waiting => lang.say(words::StatusWaiting),
        Phase::Connecting => lang.say(words::Connecting),
        Phase::CatchingUp => {
            let progress = hub.sync.progress.unwrap_or_default();
            let done = format::count(progress.sent + progress.received);
            let total = format::count(progress.to_send + progress.to_receive);
            lang.say(words::CatchingUp { done, total })
        }
        Phase::InStep => lang.say(words::InStep),
    };
    let certificate = hub
        .certificate_until
        .map_or_else(|| lang.say(words::Unknown), |until| format::time_in(until, zone.time_zone()));
    page.fields([
        (lang.say(words::Hub), format!("{}: {phase}", hub.address)),
        (lang.say(words::LastSync), format::ago_or_never(lang, hub.last_contact, now)),
        (lang.say(words::Unsynced), format::count(hub.unsynced_facts)),
        (lang.say(words::SyncPolicy), policy_text(lang, &hub.policy)),
        (lang.say(words::StatusCertificate), certificate),
    ]);
    if let Some(problem) = &hub.sync.problem {
        page.say(words::StatusProblem { problem });
    }
    if let Some(next) = hub.sync.next {
        page.say(words::StatusNext { when: format::ago(lang, next, now) });
    }
}

fn print_quarantine(page: &mut Page, status: &crate::ask::status::Status, zone: &Zone) {
    if status.quarantined.is_empty() {
        return;
    }
    let lang = page.lang();
    page.gap();
    page.heading(words::QuarantineHeading);
    let mut table = Table::new([
        Column::text(lang.say(words::QuarantineDocument)),
        Column::text(lang.say(words::QuarantineSince)),
        Column::number(lang.say(words::Count)),
        Column::flexible(lang.say(words::Reason)),
    ]);
    for item in &status.quarantined {
        table.row([
            item.document.clone(),
            format::time_in(item.since, zone.time_zone()),
            item.times.to_string(),
            item.reason.clone(),
        ]);
    }
    page.table(&table);
}

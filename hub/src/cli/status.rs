//! `hub status`

use console::{Column, Exit, Lang, Out, Page, Table, format, words};
use ledger::time::Timestamp;

use super::{Status, stores};
use crate::ask::status::{self, ShowStatus, StoreState};
use crate::door::Door;
use crate::error::Result;
use crate::registry::Standing;

/// Events that a person is shown.
const SHOWN_EVENTS: usize = 5;

pub(super) fn status(door: &impl Door, options: Status, out: &Out) -> Result<Exit> {
    let one = options.store.is_some();
    let status = door.ask(ShowStatus { store: options.store })?;
    out.show(&status, |page| {
        let lang = page.lang();
        page.heading(words::FleetHeading { chain: &status.name });
        if status.stores.is_empty() {
            page.say(words::FleetEmpty);
        } else {
            fleet(page, &status.stores, status.now);
            let connected = status.stores.iter().filter(|s| s.connection.is_some()).count();
            page.say(words::FleetSummary { stores: status.stores.len(), connected });
        }
        match &status.listening {
            Some(address) => page.say(words::Listening { address }),
            None => page.say(words::HubNotRunning),
        }
        if status.conflicts > 0 {
            page.say(words::ConflictsCount { n: status.conflicts });
        }
        quarantine(page, &status.stores);
        let shown = if one { usize::MAX } else { SHOWN_EVENTS };
        if !status.events.is_empty() {
            page.gap();
            page.heading(words::EventsHeading);
            for event in status.events.iter().take(shown) {
                page.line(format!("{}  {}", format::local_time(event.at), event.say(lang)));
            }
        }
    });
    Ok(Exit::Done)
}

fn fleet(page: &mut Page, stores: &[StoreState], now: Timestamp) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Store)),
        Column::flexible(lang.say(words::Name)),
        Column::text(lang.say(words::FleetConnection)),
        Column::number(lang.say(words::FleetLastSeq)),
        Column::text(lang.say(words::FleetNewestFact)),
        Column::number(lang.say(words::FleetUnacked)),
        Column::number(lang.say(words::AlertKindLabel)),
        Column::number(lang.say(words::FleetQuarantined)),
        Column::text(lang.say(words::FleetCertificate)),
    ]);
    for store in stores {
        let seq = store.epoch.zip(store.last_seq).map(|(epoch, seq)| format!("{epoch}-{seq}"));
        table.row([
            store.store.to_string(),
            store.name.clone().unwrap_or_default(),
            connection(lang, store, now),
            seq.unwrap_or_default(),
            format::ago_or_never(lang, store.newest_fact, now),
            format::count(store.unacknowledged_documents),
            format::count(store.alerts as u64),
            format::count(store.quarantined.len() as u64),
            store.certificate_until.map(format::local_time).unwrap_or_default(),
        ]);
    }
    page.table(&table);
}

fn connection(lang: Lang, store: &StoreState, now: Timestamp) -> String {
    match (&store.connection, store.standing, store.last_seen) {
        (Some(connection), ..) if connection.in_step => lang.say(words::Connected),
        (Some(connection), ..) => lang.say(words::CatchingUp {
            done: format::count(connection.received + connection.sent),
            total: format::count(connection.to_receive + connection.to_send),
        }),
        (None, Some(gone @ Standing::Revoked), _) => stores::standing(lang, gone),
        (None, Some(waiting @ Standing::Invited), None) => stores::standing(lang, waiting),
        (None, _, Some(seen)) => {
            lang.say(words::OfflineSince { age: format::ago(lang, seen, now) })
        }
        (None, _, None) => lang.say(words::Offline),
    }
}

/// What needs a person: refused changes and forked histories.
fn quarantine(page: &mut Page, stores: &[StoreState]) {
    let lang = page.lang();
    let forks = stores.iter().flat_map(|store| store.forks.iter().map(move |f| (store, f)));
    for (store, fork) in forks {
        let (store, reason) = (&store.store, &fork.reason);
        page.say(words::StoreForked { store, epoch: fork.epoch, seq: fork.last_seq, reason });
    }
    if stores.iter().all(|store| store.quarantined.is_empty()) {
        return;
    }
    page.gap();
    page.heading(words::QuarantineHeading);
    let mut table = Table::new([
        Column::text(lang.say(words::Store)),
        Column::text(lang.say(words::QuarantineDocument)),
        Column::text(lang.say(words::QuarantineSince)),
        Column::number(lang.say(words::Count)),
        Column::flexible(lang.say(words::Reason)),
    ]);
    for store in stores {
        for item in &store.quarantined {
            let status::Quarantined { document, reason, first, times, .. } = item;
            table.row([
                store.store.as_str(),
                document,
                &format::local_time(*first),
                &format::count(*times),
                reason,
            ]);
        }
    }
    page.table(&table);
}

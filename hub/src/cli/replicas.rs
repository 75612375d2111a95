//! `hub check compare`.

use console::{Column, Exit, Lang, Out, Progress, Table, format, words};
use ledger::id::StoreId;
use ledger::time::BusinessDate;

use super::checks;
use crate::ask::replicas::{CompareStores, Outcome};
use crate::door::Door;
use crate::error::Result;

pub(super) fn compare(
    door: &impl Door,
    stores: Vec<StoreId>,
    since: Option<BusinessDate>,
    out: &Out,
) -> Result<Exit> {
    let busy = Progress::spinner(out, words::CompareRunning);
    let compared = door.ask(CompareStores { stores, since });
    busy.clear();
    let compared = compared?;
    out.show(&compared, |page| {
        let lang = page.lang();
        if compared.stores.is_empty() {
            return page.say(words::CompareNone);
        }
        let mut table = Table::new([
            Column::text(lang.say(words::Store)),
            Column::text(lang.say(words::CompareOutcome)),
            Column::text(lang.say(words::CompareHead)),
            Column::number(lang.say(words::CompareRows)),
            Column::number(lang.say(words::CompareDiffering)),
            Column::number(lang.say(words::CompareLeftOut)),
            Column::number(lang.say(words::CompareRounds)),
        ]);
        for store in &compared.stores {
            table.row([
                store.store.to_string(),
                outcome(lang, store.outcome),
                store.head.map(|head| head.to_string()).unwrap_or_default(),
                format::count(store.rows),
                format::count(store.differing),
                format::count(store.left_out),
                store.round_trips.to_string(),
            ]);
        }
        page.table(&table);
        if !compared.findings.is_empty() {
            page.gap();
            checks::findings(page, &compared.findings);
            checks::proposals(page, &compared.findings);
        }
    });
    let same = compared.stores.iter().all(|store| store.outcome == Outcome::Same);
    Ok(if same { Exit::Done } else { Exit::Failed })
}

fn outcome(lang: Lang, outcome: Outcome) -> String {
    match outcome {
        Outcome::Same => lang.say(words::CompareSame),
        Outcome::Differs => lang.say(words::CompareDiffers),
        Outcome::Away => lang.say(words::CompareAway),
        Outcome::Lost => lang.say(words::CompareLost),
        Outcome::Older => lang.say(words::CompareOlder),
        Outcome::Busy => lang.say(words::CompareBusy),
    }
}

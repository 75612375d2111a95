//! `hub closes`

use console::{Column, Exit, Lang, Out, Page, Table, format, words};
use ledger::measure::Measure;

use crate::ask::closes::{ClosedDay, Closes, ListCloses};
use crate::closes::SignedBy;
use crate::door::Door;
use crate::error::Result;

pub(super) fn closes(door: &impl Door, which: ListCloses, out: &Out) -> Result<Exit> {
    let store = which.store.clone();
    let closes = door.ask(which)?;
    out.show(&closes, |page| {
        match &store {
            Some(store) => page.heading(words::ClosesOfStore { store }),
            None => page.heading(words::ClosesHeading { chain: &closes.chain }),
        }
        if closes.stores.iter().all(|store| store.days.is_empty()) {
            page.say(words::ClosesNone);
        }
        print(page, &closes);
    });
    Ok(Exit::Done)
}

fn print(page: &mut Page, closes: &Closes) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Store)),
        Column::text(lang.say(words::Date)),
        Column::text(lang.say(words::CloseClosedAt)),
        Column::number(lang.say(words::CloseFacts)),
        Column::number(lang.say(words::MeasureSalesNet)),
        Column::number(lang.say(words::CloseStock)),
        Column::flexible(lang.say(words::CloseSignedLabel)),
        Column::number(lang.say(words::ClosesOpenDays)),
    ]);
    for store in &closes.stores {
        let mut open = format::count(store.open_days as u64);
        for day in &store.days {
            // How many days are open is said of a store once.
            table.row(row(lang, store.store.as_str(), day, std::mem::take(&mut open)));
        }
        if store.days.is_empty() {
            let none = String::new;
            let store = store.store.to_string();
            table.row([store, "-".into(), none(), none(), none(), none(), none(), open]);
        }
    }
    page.table(&table);
}

fn row(lang: Lang, store: &str, day: &ClosedDay, open: String) -> [String; 8] {
    let net = day.totals.get(Measure::SalesNet.name()).copied().unwrap_or(0);
    [
        store.to_owned(),
        day.date.to_string(),
        format::local_time(day.at),
        format::count(day.facts),
        format::money_total(net.into()),
        format::money_total(day.value.0),
        signed(lang, day.signed_by),
        open,
    ]
}

fn signed(lang: Lang, by: SignedBy) -> String {
    match by {
        SignedBy::Machine => lang.say(words::SignatureGood),
        SignedBy::FormerMachine => lang.say(words::SignatureFormer),
        SignedBy::Nobody => lang.say(words::SignatureNone),
        SignedBy::Someone => lang.say(words::SignatureBad),
    }
}

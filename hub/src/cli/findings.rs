//! `hub check findings|resolve`.

use console::{Column, Exit, Lang, Out, Table, labels, words};
use ledger::id::Operator;

use crate::ask::findings::{How, ListFindings, ResolveFinding, Which};
use crate::checks::report::CheckFinding;
use crate::checks::say;
use crate::door::Door;
use crate::error::Result;

pub(super) fn list(door: &impl Door, which: Which, out: &Out) -> Result<Exit> {
    let list = door.ask(ListFindings { which })?;
    out.show(&list, |page| {
        let lang = page.lang();
        if list.findings.is_empty() {
            return match which {
                Which::Open => page.say(words::FindingsNoneOpen),
                Which::All => page.say(words::FindingsNone),
            };
        }
        let mut table = Table::new([
            Column::text(lang.say(words::FindingId)),
            Column::flexible(lang.say(words::Check)),
            Column::text(lang.say(words::Store)),
            Column::text(lang.say(words::Sku)),
            Column::text(lang.say(words::Date)),
            Column::text(lang.say(words::FirstFact)),
            Column::text(lang.say(words::Found)),
            Column::flexible(lang.say(words::FindingLife)),
        ]);
        for finding in &list.findings {
            table.row([
                finding.id.clone(),
                say::check(lang, finding),
                finding.store.as_ref().map_or(lang.say(words::TheChain), ToString::to_string),
                finding.sku.as_ref().map(ToString::to_string).unwrap_or_default(),
                say::date(lang, finding),
                say::fact(finding),
                say::seen(lang, &finding.found),
                say::life(lang, &finding.life),
            ]);
        }
        page.table(&table);
    });
    Ok(Exit::Done)
}

pub(super) fn resolve(
    door: &impl Door,
    finding: String,
    how: How,
    by: Operator,
    out: &Out,
) -> Result<Exit> {
    let finding = door.ask(ResolveFinding { finding, how, by })?;
    out.show(&finding, |page| {
        let lang = page.lang();
        page.line(told(lang, &finding));
        page.line(say::life(lang, &finding.life));
    });
    Ok(Exit::Done)
}

fn told(lang: Lang, finding: &CheckFinding) -> String {
    let check = labels::check(lang, finding.check);
    let place = finding.store.as_ref().map_or(lang.say(words::TheChain), ToString::to_string);
    let sku = finding.sku.as_ref().map(ToString::to_string).unwrap_or_default();
    let id = &finding.id;
    lang.say(words::FindingTold { id, place, sku, check })
}

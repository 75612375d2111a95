//! A transfer on a page.

use ledger::time::Timestamp;

use super::{StepView, TransferView, WaitView, say};
use crate::{Column, Lang, Page, Table, format, words};

impl TransferView {
    /// Shows it to a person: how far each line has come, who did what, what is missing and who is
    /// to act. `clock` puts an instant in words.
    pub fn print(&self, page: &mut Page, clock: &dyn Fn(Timestamp) -> String) {
        let lang = page.lang();
        let (transfer, from, to) = (&self.transfer, end(&self.from), end(&self.to));
        page.heading(words::TransferHeading { transfer, from, to });
        page.line(say::stage(lang, &self.stage));
        self.print_lines(page);
        page.gap();
        self.print_steps(page, clock);
        page.gap();
        if self.cancel_asked_by.is_some() {
            page.say(words::TransferCancelAsked);
        }
        for wait in &self.waits_for {
            page.line(waits(lang, wait));
        }
        for what in &self.anomalies {
            page.say(words::TransferAnomaly { what });
        }
        if self.waits_for.is_empty() && self.anomalies.is_empty() {
            page.say(words::TransferOver);
        }
        if self.repeated {
            page.say(words::TransferRepeated);
        }
    }

    /// Shows several to a person, a row each.
    pub fn print_list(list: &[Self], page: &mut Page) {
        let lang = page.lang();
        if list.is_empty() {
            return page.say(words::TransfersNone);
        }
        page.heading(words::TransfersHeading);
        let mut table = Table::new([
            Column::text(lang.say(words::TransferColumn)),
            Column::text(lang.say(words::TransferFrom)),
            Column::text(lang.say(words::TransferTo)),
            Column::text(lang.say(words::Status)),
            Column::text(lang.say(words::TransferTurn)),
            Column::flexible(lang.say(words::TransferMissing)),
        ]);
        for view in list {
            let first = view.waits_for.first();
            let who = first.and_then(|wait| wait.who.as_deref());
            table.row([
                view.transfer.clone(),
                end(&view.from),
                end(&view.to),
                say::stage(lang, &view.stage),
                who.map(|who| say::party(lang, who)).unwrap_or_default(),
                first.map(|wait| wait.what.clone()).unwrap_or_default(),
            ]);
        }
        page.table(&table);
    }

    fn print_lines(&self, page: &mut Page) {
        let lang = page.lang();
        let mut table = Table::new([
            Column::flexible(lang.say(words::Sku)),
            Column::number(lang.say(words::TransferRequested)),
            Column::number(lang.say(words::TransferApproved)),
            Column::number(lang.say(words::TransferShipped)),
            Column::number(lang.say(words::TransferReceived)),
            Column::number(lang.say(words::TransferDamaged)),
            Column::number(lang.say(words::TransferLost)),
            Column::number(lang.say(words::TransferReturned)),
            Column::number(lang.say(words::TransferInTransit)),
        ]);
        for line in &self.lines {
            table.row([
                line.sku.clone(),
                shown(&line.requested),
                shown(&line.approved),
                shown(&line.shipped),
                shown(&line.received),
                shown(&line.damaged),
                shown(&line.lost),
                shown(&line.returned),
                shown(&line.in_transit),
            ]);
        }
        page.table(&table);
    }

    fn print_steps(&self, page: &mut Page, clock: &dyn Fn(Timestamp) -> String) {
        let lang = page.lang();
        let mut table = Table::new([
            Column::text(lang.say(words::Time)),
            Column::text(lang.say(words::TransferParty)),
            Column::text(lang.say(words::Operator)),
            Column::text(lang.say(words::TransferStep)),
            Column::flexible(lang.say(words::TransferGoods)),
            Column::flexible(lang.say(words::TransferNote)),
        ]);
        for step in &self.steps {
            table.row([
                clock(step.at),
                say::party(lang, &step.by),
                step.operator.as_ref().map(ToString::to_string).unwrap_or_default(),
                say::step(lang, &step.step),
                goods(lang, step),
                note(lang, step),
            ]);
        }
        page.table(&table);
    }
}

fn end(store: &Option<String>) -> String {
    store.clone().unwrap_or_else(|| "?".to_owned())
}

/// A quantity as people read it.
fn shown(quantity: &str) -> String {
    quantity.parse().map_or_else(|_| quantity.to_owned(), format::quantity)
}

fn waits(lang: Lang, wait: &WaitView) -> String {
    let what = &wait.what;
    match &wait.who {
        Some(who) => lang.say(words::TransferWaitsOf { who: say::party(lang, who), what }),
        None => lang.say(words::TransferWaits { what }),
    }
}

/// The goods of a step, with what became of them where the step does not say it itself.
fn goods(lang: Lang, step: &StepView) -> String {
    let line = |moved: &super::MovedView| match say::outcome(lang, &moved.what) {
        Some(outcome) => format!("{} {} ({outcome})", moved.sku, shown(&moved.quantity)),
        None => format!("{} {}", moved.sku, shown(&moved.quantity)),
    };
    step.goods.iter().map(line).collect::<Vec<_>>().join(", ")
}

fn note(lang: Lang, step: &StepView) -> String {
    let liable = step
        .liable
        .iter()
        .map(|who| lang.say(words::TransferLiable { who: say::liable(lang, who) }));
    let rule = step.rule.iter().map(|rule| lang.say(words::TransferByRule { rule }));
    liable.chain(rule).chain(step.note.clone()).collect::<Vec<_>>().join(" · ")
}

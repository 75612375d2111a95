//! A transfer on a page.

use ledger::time::Timestamp;

use super::{StepView, TransferView, say};
use crate::order::{Facts, StepRow, print_ending, print_steps, shown, turn};
use crate::{Column, Lang, Page, Table, words};

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
        let steps = self.steps.iter().map(|step| step.row(lang));
        print_steps(page, clock, Facts::Hidden, steps);
        page.gap();
        if self.cancel_asked_by.is_some() {
            page.say(words::TransferCancelAsked);
        }
        print_ending(page, &self.waits_for, &self.anomalies);
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
            let [who, missing] = turn(lang, &view.waits_for);
            table.row([
                view.transfer.clone(),
                end(&view.from),
                end(&view.to),
                say::stage(lang, &view.stage),
                who,
                missing,
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
}

impl StepView {
    fn row(&self, lang: Lang) -> StepRow<'_> {
        StepRow {
            at: self.at,
            by: &self.by,
            operator: self.operator.as_ref(),
            step: say::step(lang, &self.step),
            fact: None,
            goods: goods(lang, self),
            note: note(lang, self),
        }
    }
}

fn end(store: &Option<String>) -> String {
    store.clone().unwrap_or_else(|| "?".to_owned())
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

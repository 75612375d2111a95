//! A purchase on a page.

use ledger::time::Timestamp;

use super::{PurchaseGoods, PurchaseStep, PurchaseView, say};
use crate::order::{Facts, StepRow, party, print_ending, print_steps, shown, turn};
use crate::{Column, Lang, Page, Table, format, words};

impl PurchaseView {
    /// Shows it to a person: how far each line has come, who did what, what is missing and who is
    /// to act. `clock` puts an instant in words.
    pub fn print(&self, page: &mut Page, clock: &dyn Fn(Timestamp) -> String) {
        let lang = page.lang();
        let purchase = &self.purchase;
        let supplier = or_unknown(self.supplier.as_deref());
        page.heading(words::BuyHeading { purchase, supplier });
        page.line(self.standing(lang));
        self.print_lines(page);
        page.gap();
        let steps = self.steps.iter().map(|step| step.row(lang));
        print_steps(page, clock, Facts::Shown, steps);
        page.gap();
        if let Some(by) = &self.cancel_asked_by {
            page.say(words::BuyCancelAsked { by: party(lang, by) });
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
            return page.say(words::BuyListNone);
        }
        page.heading(words::BuyListHeading);
        let mut table = Table::new([
            Column::text(lang.say(words::BuyColumn)),
            Column::text(lang.say(words::BuySupplier)),
            Column::number(lang.say(words::BuyValue)),
            Column::text(lang.say(words::Status)),
            Column::text(lang.say(words::BuyExpected)),
            Column::text(lang.say(words::TransferTurn)),
            Column::flexible(lang.say(words::TransferMissing)),
        ]);
        for view in list {
            let [who, missing] = turn(lang, &view.waits_for);
            table.row([
                view.purchase.clone(),
                or_unknown(view.supplier.as_deref()),
                view.value.as_deref().map(amount).unwrap_or_default(),
                say::stage(lang, &view.stage),
                view.expected_in_words(lang),
                who,
                missing,
            ]);
        }
        page.table(&table);
    }

    /// How far it has come, who agreed to it and when the goods are to come.
    fn standing(&self, lang: Lang) -> String {
        let mut parts = vec![say::stage(lang, &self.stage)];
        if let Some(by) = &self.approved_by {
            parts.push(match &self.rule {
                Some(rule) => lang.say(words::TransferByRule { rule }),
                None => lang.say(words::BuyApprovedBy { by: party(lang, by) }),
            });
        }
        if self.expected.is_some() {
            let expected = self.expected_in_words(lang);
            parts.push(lang.say(words::BuyExpectedOn { expected }));
        }
        parts.join(", ")
    }

    fn expected_in_words(&self, lang: Lang) -> String {
        let day = self.expected.map(|day| day.to_string()).unwrap_or_default();
        if self.late { lang.say(words::BuyLate { day }) } else { day }
    }

    fn print_lines(&self, page: &mut Page) {
        let lang = page.lang();
        let mut table = Table::new([
            Column::text(lang.say(words::Store)),
            Column::flexible(lang.say(words::Sku)),
            Column::number(lang.say(words::BuyOrdered)),
            Column::number(lang.say(words::BuyPrice)),
            Column::number(lang.say(words::BuyReceivedColumn)),
            Column::number(lang.say(words::BuyRejectedColumn)),
            Column::number(lang.say(words::BuyReturned)),
            Column::number(lang.say(words::BuyOpen)),
            Column::number(lang.say(words::BuyShort)),
            Column::number(lang.say(words::BuyOverColumn)),
        ]);
        for line in &self.lines {
            // Before anything is ordered, what was asked for is what there is to see.
            let wanted = if self.buyer.is_none() { &line.requested } else { &line.ordered };
            table.row([
                line.store.clone(),
                line.sku.clone(),
                shown(wanted),
                line.price.as_deref().map(amount).unwrap_or_default(),
                shown(&line.received),
                shown(&line.rejected),
                shown(&line.returned),
                shown(&line.open),
                shown(&line.short),
                shown(&line.over),
            ]);
        }
        page.table(&table);
    }
}

impl PurchaseStep {
    fn row(&self, lang: Lang) -> StepRow<'_> {
        StepRow {
            at: self.at,
            by: &self.by,
            operator: self.operator.as_ref(),
            step: say::step(lang, &self.step),
            fact: self.fact.as_deref(),
            goods: goods(lang, &self.goods),
            note: note(lang, self),
        }
    }
}

fn or_unknown(name: Option<&str>) -> String {
    name.unwrap_or("?").to_owned()
}

fn amount(money: &str) -> String {
    money.parse().map_or_else(|_| money.to_owned(), format::money)
}

/// The goods of a step; which of them were rejected is said, all else the step says itself.
fn goods(lang: Lang, goods: &[PurchaseGoods]) -> String {
    let line = |good: &PurchaseGoods| {
        let quantity = shown(&good.quantity);
        match good.what.as_str() {
            "rejected" => {
                let what = lang.say(words::BuyRejectedWord);
                format!("{} {quantity} ({what})", good.sku)
            }
            _ => format!("{} {quantity}", good.sku),
        }
    };
    goods.iter().map(line).collect::<Vec<_>>().join(", ")
}

fn note(lang: Lang, step: &PurchaseStep) -> String {
    let rule = step.rule.iter().map(|rule| lang.say(words::TransferByRule { rule }));
    let exchange = step.is_exchange().then(|| lang.say(words::BuyExchange));
    let carried = [&step.carrier, &step.waybill].into_iter().flatten().cloned();
    let expected = step.expected.map(|expected| lang.say(words::BuyExpectedOn { expected }));
    let parts = rule.chain(exchange).chain(step.supplier.iter().cloned()).chain(carried);
    let parts = parts.chain(expected).chain(step.note.iter().cloned());
    parts.collect::<Vec<_>>().join(", ")
}

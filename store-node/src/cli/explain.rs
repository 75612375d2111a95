//! The way from a number to its receipts, on the command line.

use clap::Args;
use console::{Column, Exit, Page, Table, format, labels, words};
use ledger::amount::Quantity;
use ledger::time::BusinessDate;

use super::{Scene, held};
use crate::ask::explain::{self, Explanation};
use crate::clock::Zone;
use crate::door::Door;
use crate::error::Result;

/// Show where a number of stock comes from, down to the receipts · 库存的来历
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The product: its barcode or SKU · 商品
    #[arg(value_name = "ITEM")]
    item: String,
    /// From this day on · 起始日期
    #[arg(long, value_name = "DATE")]
    from: Option<BusinessDate>,
    /// Up to this day · 截止日期
    #[arg(long, value_name = "DATE")]
    to: Option<BusinessDate>,
}

impl Explain {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { item, from, to } = self;
        let (door, zone) = (scene.door()?, scene.zone()?);
        let explained = door.ask(explain::Explain { item, from, to })?;
        scene.out.show(&explained, |page| print(page, &explained, &zone));
        Ok(Exit::Done)
    }
}

fn print(page: &mut Page, explained: &Explanation, zone: &Zone) {
    let lang = page.lang();
    let named = explained.product.as_ref();
    let unit = named.map_or("", |named| &named.unit);
    let sku = match named.map(|named| named.name(lang)) {
        Some(name) if name != explained.sku.as_str() => format!("{} {name}", explained.sku),
        _ => explained.sku.to_string(),
    };
    page.heading(words::ExplainHeading { sku, store: &explained.store });
    held::note(page, &explained.not_here);
    if explained.days.is_empty() {
        let closing = format::quantity_of(explained.closing.quantity, unit);
        page.fields([(lang.say(words::ClosingBalance), closing)]);
        return page.say(words::Nothing);
    }
    let mut table = Table::new([
        Column::text(lang.say(words::Time)),
        Column::text(lang.say(words::Bill)),
        Column::text(lang.say(words::Kind)),
        Column::number(lang.say(words::QuantityIn)),
        Column::number(lang.say(words::QuantityOut)),
        Column::number(lang.say(words::OnHand)),
    ]);
    for day in &explained.days {
        let opening = format::quantity(day.opening.quantity);
        let date = day.date.to_string();
        table.row([
            date,
            "".into(),
            lang.say(words::OpeningBalance),
            "".into(),
            "".into(),
            opening,
        ]);
        for step in &day.facts {
            let (inward, outward) = split(step.change.quantity);
            table.row([
                format::time_in(step.at, zone.time_zone()),
                step.bill.to_string(),
                labels::kind_of_day(lang, &step.kind, step.true_date),
                inward,
                outward,
                format::quantity(step.after.quantity),
            ]);
        }
    }
    let sum = |of: fn(&explain::Day) -> Quantity| {
        let sum = explained.days.iter().map(|day| i128::from(of(day).thousandths())).sum();
        format::quantity_total(sum)
    };
    let closing = format::quantity_of(explained.closing.quantity, unit);
    table.total([
        lang.say(words::ClosingBalance),
        "".into(),
        "".into(),
        sum(|day| day.inward.quantity),
        sum(|day| day.outward.quantity),
        format::quantity(explained.closing.quantity),
    ]);
    page.table(&table);
    page.say(words::ExplainEvenly { quantity: closing });
}

/// A change as what came in and what went out.
fn split(change: Quantity) -> (String, String) {
    if change.is_negative() {
        (String::new(), format::quantity(change.magnitude()))
    } else {
        (format::quantity(change), String::new())
    }
}

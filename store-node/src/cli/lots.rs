//! Lots on the command line.

use clap::Args;
use console::{Column, Exit, Page, Table, format, words};
use ledger::amount::Quantity;

use super::Scene;
use crate::ask::lots::{self, ShowLots};
use crate::door::Door;
use crate::error::Result;

/// Show lots with their dates, in the order in which to take them · 批次与效期
///
/// Sales name no lot: what is left of each assumes that the first to expire went first (FEFO). With
/// --take, the list says how much of which lot to take.
///
/// 销售不记批号，各批剩余按先到期先出推算；--take 给出拣货建议。
#[derive(Debug, Args)]
pub(super) struct Lots {
    /// One product only: its barcode or SKU · 只看一种商品
    #[arg(value_name = "ITEM")]
    item: Option<String>,
    /// Only lots that expire within so many days, or have · 临期天数
    #[arg(long, value_name = "DAYS")]
    expiring: Option<u16>,
    /// Of which lots to take so much · 拣货数量
    #[arg(long = "take", value_name = "QUANTITY", requires = "item")]
    pick: Option<Quantity>,
}

impl Lots {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { item, expiring, pick } = self;
        let lots = scene.door()?.ask(ShowLots { item, expiring, pick })?;
        scene.out.show(&lots, |page| print(page, &lots, pick));
        Ok(Exit::Done)
    }
}

fn print(page: &mut Page, found: &lots::Lots, asked: Option<Quantity>) {
    let lang = page.lang();
    page.heading(words::LotsHeading { place: &found.store });
    if found.lots.is_empty() {
        return page.say(words::LotsNone);
    }
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::text(lang.say(words::Lot)),
        Column::text(lang.say(words::LotExpiry)),
        Column::number(lang.say(words::LotDaysLeft)),
        Column::number(lang.say(words::LotLeft)),
        Column::number(lang.say(words::LotPick)),
        Column::text(lang.say(words::Bin)),
    ]);
    for row in &found.lots {
        let named = row.product.as_ref();
        let lot = row.lot.as_ref().map(ToString::to_string);
        table.row([
            row.sku.to_string(),
            named.map_or("", |named| named.name(lang)).to_owned(),
            lot.unwrap_or_else(|| lang.say(words::LotUnnamed)),
            row.expiry.map(|day| day.to_string()).unwrap_or_default(),
            row.days_left.map(|days| days.to_string()).unwrap_or_default(),
            format::quantity_of(row.left, named.map_or("", |named| &named.unit)),
            row.take.map(format::quantity).unwrap_or_default(),
            row.bins.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        ]);
    }
    page.table(&table);
    let there = Quantity::sum(found.lots.iter().filter_map(|row| row.take)).unwrap_or_default();
    if let Some(asked) = asked.filter(|asked| there < *asked) {
        let (asked, there) = (format::quantity(asked), format::quantity(there));
        page.say(words::LotsPickShort { asked, there });
    }
    page.say(words::LotsView);
}

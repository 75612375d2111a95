//! The fleet as head office sees it, beside what the stores know themselves.

use console::{Column, Out, Table, format, words};
use ledger::measure::Measure;

use super::StoryError;
use crate::recount::Recount;
use crate::stage::Stage;

/// Rows of the table; a larger chain is shown by its first stores.
const MAX_ROWS: usize = 16;

/// Prints a row for each store: its network, what it sold, what of that the hub sees.
pub(super) fn fleet(stage: &Stage, recount: &Recount, out: &Out) -> Result<(), StoryError> {
    let mut rows = Vec::new();
    let (mut sold_in_all, mut seen_in_all, mut takings_in_all) = (0, 0, 0);
    for shop in &stage.shops {
        let store = shop.node.store();
        let totals = stage.hub.books().reader()?.totals(Some(store), None, None)?;
        let of = |measure| totals.get(&measure).copied().unwrap_or_default();
        let documents = recount.shops.get(store.as_str()).map(|counted| &counted.documents);
        let sold = documents.map_or(0, |all| all.values().filter(|money| **money > 0).count());
        let seen = of(Measure::SalesCount).unsigned_abs();
        let takings = of(Measure::SalesNet) - of(Measure::ReturnsNet);
        let state = if shop.is_online() {
            out.lang.say(words::StoryOnline)
        } else {
            out.lang.say(words::StoryOffline)
        };
        sold_in_all += sold as u64;
        seen_in_all += seen;
        takings_in_all += i128::from(takings);
        rows.push([
            format!("{store} {}", shop.name),
            state,
            format::count(sold as u64),
            format::count(seen),
            format::money_total(i128::from(takings)),
        ]);
    }
    out.page(|page| {
        let mut table = Table::new([
            Column::flexible(page.lang().say(words::Store)),
            Column::text(page.lang().say(words::StoryColumnState)),
            Column::number(page.lang().say(words::StoryColumnSold)),
            Column::number(page.lang().say(words::StoryColumnSeen)),
            Column::number(page.lang().say(words::StoryColumnTakings)),
        ]);
        let hidden = rows.len().saturating_sub(MAX_ROWS);
        rows.into_iter().take(MAX_ROWS).for_each(|row| table.row(row));
        if hidden > 0 {
            table.row([
                format!("… +{hidden}"),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
            ]);
        }
        table.total([
            page.lang().say(words::Total),
            String::new(),
            format::count(sold_in_all),
            format::count(seen_in_all),
            format::money_total(takings_in_all),
        ]);
        page.table(&table);
    });
    Ok(())
}

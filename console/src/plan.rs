//! A purchase plan, as both programs show it.

pub mod sheet;

use ledger::amount::{Money, Quantity};
use ledger::id::{Sku, StoreId, SupplierId};
use ledger::plan::{Concern, Due, LimitsFrom, PlanLine, Standing, Terms};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::{Column, Lang, Page, Table, format, text, words};

/// Days from an order to its delivery, where nobody says otherwise: suppliers of shops come once a week.
pub const LEAD_DAYS: u32 = 7;

/// Days from one order to the next, where nobody says otherwise.
pub const REVIEW_DAYS: u32 = 7;

/// Days whose sales count, where nobody says otherwise: a season.
pub const SALES_DAYS: u32 = 90;

/// For how many days' sales a reserve is kept of products for which head office has set no minimum.
pub const RESERVE_DAYS: u32 = 7;

/// What can be said about how to plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct PlanOptions {
    /// Days whose sales count · 参考销售天数
    #[arg(long, value_name = "DAYS", default_value_t = SALES_DAYS)]
    pub days: u32,
    /// Days from an order to its delivery · 到货周期
    #[arg(long, value_name = "DAYS", default_value_t = LEAD_DAYS)]
    pub lead: u32,
    /// Days from one order to the next · 订货周期
    #[arg(long, value_name = "DAYS", default_value_t = REVIEW_DAYS)]
    pub review: u32,
    /// Days of sales to keep in reserve where no minimum is set · 未设下限时的备货天数
    #[arg(long, value_name = "DAYS", default_value_t = RESERVE_DAYS)]
    pub reserve: u32,
    /// Order as soon as less than this share of the room between the limits is left · 补货点（百分比）
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(..=100))]
    #[serde(default)]
    pub refill: u8,
}

impl PlanOptions {
    /// The terms for products of which nothing better is known.
    pub fn terms(&self) -> Terms {
        Terms {
            lead_days: self.lead,
            review_days: self.review,
            pack: None,
            minimum: None,
            refill_percent: self.refill,
        }
    }
}

/// What a store should buy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Which store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The last day whose sales count.
    #[serde(with = "text")]
    pub through: BusinessDate,
    /// How it was planned.
    pub options: PlanOptions,
    /// The products, by SKU.
    pub rows: Vec<PlanRow>,
}

/// What to buy of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// Which.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Its Chinese name.
    pub name_zh: String,
    /// Its English name.
    pub name_en: String,
    /// Its unit.
    pub unit: String,
    /// What is on hand.
    #[serde(with = "text")]
    pub on_hand: Quantity,
    /// What of it is promised to others.
    #[serde(with = "text")]
    pub reserved: Quantity,
    /// What is on its way from other stores.
    #[serde(with = "text")]
    pub incoming: Quantity,
    /// What is ordered and not yet received.
    #[serde(with = "text")]
    pub on_order: Quantity,
    /// What is sold in a day, on average.
    #[serde(with = "text")]
    pub per_day: Quantity,
    /// The most that was sold until a delivery could arrive.
    #[serde(with = "text")]
    pub peak: Quantity,
    /// What the store is to have at least.
    #[serde(with = "text")]
    pub min: Quantity,
    /// What it is to have at most.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub max: Option<Quantity>,
    /// Where the limits come from: `head_office` or `sales`.
    pub limits_from: String,
    /// Whether an order is due: `no`, `soon` or `now`.
    pub due: String,
    /// How much to order.
    #[serde(with = "text")]
    pub order: Quantity,
    /// From whom, if anybody offers it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub supplier: Option<SupplierId>,
    /// What a unit costs without tax, as the supplier offers it or the catalog says.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Money>,
    /// The same before the discount on the whole order, where that is another price.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub list_price: Option<Money>,
    /// What a person should look at: `tight_limits`, `above_maximum`, `overstocked`,
    /// `below_order_minimum`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub concerns: Vec<String>,
}

impl From<&PlanLine> for PlanRow {
    fn from(line: &PlanLine) -> Self {
        let PlanLine { product, standing, demand, limits, limits_from, proposal, .. } = line;
        let Standing { on_hand, reserved, incoming, on_order } = *standing;
        Self {
            sku: product.sku.clone(),
            name_zh: product.name_zh.to_string(),
            name_en: product.name_en.to_string(),
            unit: product.unit.to_string(),
            on_hand,
            reserved,
            incoming,
            on_order,
            per_day: demand.expected(1),
            peak: demand.peak(),
            min: limits.min,
            max: limits.max,
            limits_from: match limits_from {
                LimitsFrom::HeadOffice => HEAD_OFFICE,
                LimitsFrom::Sales => SALES,
            }
            .to_owned(),
            due: match proposal.due {
                Due::No => "no",
                Due::Soon => "soon",
                Due::Now => NOW,
            }
            .to_owned(),
            order: proposal.quantity,
            supplier: line.supplier.clone(),
            unit_price: line.unit_price,
            list_price: line.list_price.filter(|_| line.list_price != line.unit_price),
            concerns: proposal.concerns.iter().map(|concern| name(*concern).to_owned()).collect(),
        }
    }
}

const HEAD_OFFICE: &str = "head_office";
const SALES: &str = "sales";
const NOW: &str = "now";

const fn name(concern: Concern) -> &'static str {
    match concern {
        Concern::TightLimits => "tight_limits",
        Concern::AboveMaximum => "above_maximum",
        Concern::Overstocked => "overstocked",
        Concern::BelowOrderMinimum => "below_order_minimum",
    }
}

impl Plan {
    /// Keeps only what somebody should act on or look at.
    pub fn retain_due(&mut self) {
        self.rows
            .retain(|row| row.order.is_positive() || row.due == NOW || !row.concerns.is_empty());
    }

    /// Shows it to a person.
    pub fn print(&self, page: &mut Page) {
        let lang = page.lang();
        page.heading(words::PlanHeading { store: &self.store, through: self.through });
        if self.rows.is_empty() {
            return page.say(words::PlanNothing);
        }
        let mut table = Table::new([
            Column::text(lang.say(words::Sku)),
            Column::flexible(lang.say(words::Product)),
            Column::number(lang.say(words::OnHand)),
            Column::number(lang.say(words::PlanAwaited)),
            Column::number(lang.say(words::PlanPerDay)),
            Column::number(lang.say(words::PlanMin)),
            Column::number(lang.say(words::PlanMax)),
            Column::number(lang.say(words::PlanOrder)),
            Column::text(lang.say(words::Unit)),
            Column::text(lang.say(words::PlanSupplier)),
            Column::number(lang.say(words::PlanCost)),
            Column::flexible(lang.say(words::PlanNote)),
        ]);
        self.rows.iter().for_each(|row| table.row(row.cells(lang)));
        page.table(&table);
        let due = self.rows.iter().filter(|row| row.order.is_positive());
        let cost = due.clone().map(|row| row.cost().map_or(0, |c| c.ten_thousandths().into()));
        page.say(words::PlanSummary {
            lines: format::count(due.count() as u64),
            cost: format::money_total(cost.sum()),
        });
        if self.rows.iter().any(|row| row.limits_from == SALES) {
            page.say(words::PlanOwnLimits);
        }
        let PlanOptions { days, lead, review, .. } = self.options;
        page.say(words::PlanHow { days, lead, review });
    }
}

impl PlanRow {
    /// What the order costs, if a price is known.
    fn cost(&self) -> Option<Money> {
        self.unit_price?.times(self.order).ok()
    }

    fn cells(&self, lang: Lang) -> [String; 12] {
        let (first, second) = match lang {
            Lang::Zh => (&self.name_zh, &self.name_en),
            Lang::En => (&self.name_en, &self.name_zh),
        };
        let awaited = self.incoming.plus(self.on_order).unwrap_or_default();
        let mark = if self.limits_from == SALES { "*" } else { "" };
        let limit = |limit: Quantity| format!("{}{mark}", format::quantity(limit));
        let some = |quantity: Quantity| {
            if quantity.is_zero() { String::new() } else { format::quantity(quantity) }
        };
        [
            self.sku.to_string(),
            if first.is_empty() { second.clone() } else { first.clone() },
            format::quantity(self.on_hand),
            some(awaited),
            format::quantity(tenth(self.per_day)),
            limit(self.min),
            self.max.map(limit).unwrap_or_default(),
            some(self.order),
            self.unit.clone(),
            self.supplier.as_ref().map(ToString::to_string).unwrap_or_default(),
            self.cost().filter(|cost| !cost.is_zero()).map(format::money).unwrap_or_default(),
            self.note(lang),
        ]
    }

    fn note(&self, lang: Lang) -> String {
        let mut notes = Vec::new();
        if let (Some(list), Some(price)) = (self.list_price, self.unit_price) {
            let (list, price) = (format::money(list), format::money(price));
            notes.push(lang.say(words::PlanDiscounted { list, price }));
        }
        if self.due == NOW {
            notes.push(if self.order.is_positive() {
                lang.say(words::PlanDueNow)
            } else {
                lang.say(words::PlanAwaits)
            });
        }
        for concern in &self.concerns {
            notes.push(match concern.as_str() {
                "tight_limits" => lang.say(words::PlanTight),
                "above_maximum" => lang.say(words::PlanAboveMax),
                "overstocked" => lang.say(words::PlanOverstocked),
                "below_order_minimum" => lang.say(words::PlanBelowOrderMinimum),
                other => other.to_owned(),
            });
        }
        notes.join("; ")
    }
}

/// Rounded to a tenth: what is sold in a day is an estimate.
fn tenth(quantity: Quantity) -> Quantity {
    let raw = (quantity.thousandths() + 50) / 100 * 100;
    Quantity::from_thousandths(raw).unwrap_or(quantity)
}

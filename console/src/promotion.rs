//! Promotions, as both programs show them.

use std::collections::BTreeMap;

use ledger::id::PromotionId;
use ledger::promotion::{Age, Deal, Field, Promotion, PromotionError, Stacking};
use ledger::time::LocalTime;
use serde::{Deserialize, Serialize};

use crate::prices::{level_name, scope_name, wall};
use crate::words::{self, Lang};
use crate::{Column, Page, Table, format, text};

/// Asks for promotions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPromotions {
    /// Those that hold at this time on the shop's wall; none: all.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub at: Option<LocalTime>,
}

/// A promotion: its number, and its fields by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionView {
    /// The number.
    #[serde(with = "text")]
    pub promotion: PromotionId,
    /// Every field that says something, as text.
    #[serde(flatten)]
    pub fields: BTreeMap<String, String>,
}

impl From<&Promotion> for PromotionView {
    fn from(promotion: &Promotion) -> Self {
        let text = |(field, text): (Field, String)| (field.name().to_owned(), text);
        let fields = promotion.fields().into_iter().map(text).collect();
        Self { promotion: promotion.id.clone(), fields }
    }
}

impl PromotionView {
    /// The promotion again.
    pub fn read(&self) -> Result<Promotion, PromotionError> {
        let known = |(name, text): (&String, &'_ String)| Some((Field::named(name)?, text.clone()));
        let fields: Vec<(Field, String)> = self.fields.iter().filter_map(known).collect();
        let texts = fields.iter().map(|(field, text)| (*field, text.as_str()));
        Promotion::from_fields(self.promotion.clone(), texts)
    }
}

/// A field as people call it.
pub fn field(lang: Lang, field: Field) -> String {
    match field {
        Field::Name => lang.say(words::PromotionName),
        Field::Deal => lang.say(words::PromotionDeal),
        Field::Skus => lang.say(words::PromotionSkus),
        Field::Categories => lang.say(words::PromotionCategories),
        Field::Brands => lang.say(words::PromotionBrands),
        Field::Stores => lang.say(words::PromotionStores),
        Field::From => lang.say(words::PriceFrom),
        Field::Until => lang.say(words::PriceUntil),
        Field::Weekdays => lang.say(words::PromotionWeekdays),
        Field::Hours => lang.say(words::PromotionHours),
        Field::Levels => lang.say(words::PromotionLevels),
        Field::MinQuantity => lang.say(words::PromotionMinQuantity),
        Field::MinAmount => lang.say(words::PromotionMinAmount),
        Field::Limit => lang.say(words::PromotionLimit),
        Field::Priority => lang.say(words::PromotionPriority),
        Field::Stacking => lang.say(words::PromotionStacking),
    }
}

/// What a promotion gives, in words.
pub fn deal(lang: Lang, deal: &Deal) -> String {
    match deal {
        Deal::Percent(off) => lang.say(words::DealPercent { off }),
        Deal::Each(off) => lang.say(words::DealEach { off: format::money(*off) }),
        Deal::Total(off) => lang.say(words::DealTotal { off: format::money(*off) }),
        Deal::BuyGet { buy, get } => lang.say(words::DealBuyGet { buy, get }),
        Deal::Second(off) => lang.say(words::DealSecond { off }),
        Deal::Bundle { pieces, price } => {
            lang.say(words::DealBundle { pieces, price: format::money(*price) })
        }
        Deal::Set { price } => lang.say(words::DealSet { price: format::money(*price) }),
        Deal::Clearance { by, steps } => {
            let step = |step: &ledger::promotion::Step| {
                lang.say(words::DealStep { days: step.days, off: step.off })
            };
            let steps = steps.iter().map(step).collect::<Vec<_>>().join(", ");
            match by {
                Age::Date => lang.say(words::DealClearanceDate { steps }),
                Age::Stock => lang.say(words::DealClearanceStock { steps }),
            }
        }
    }
}

/// On which goods it is, in words.
fn goods(lang: Lang, promotion: &Promotion) -> String {
    if promotion.goods.are_all() {
        return lang.say(words::PromotionAllGoods);
    }
    let parts = [Field::Skus, Field::Categories, Field::Brands].map(|field| promotion.get(field));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

fn stores(lang: Lang, promotion: &Promotion) -> String {
    let named = promotion.stores.iter().map(|scope| scope_name(lang, scope));
    named.collect::<Vec<_>>().join(", ")
}

fn stacking(lang: Lang, promotion: &Promotion) -> String {
    match &promotion.stacking {
        Stacking::Exclusive => lang.say(words::PromotionExclusive),
        Stacking::With(group) => lang.say(words::PromotionWith { group }),
    }
}

/// Shows promotions as a table, at most so many.
pub fn print_list(page: &mut Page, rows: &[PromotionView], limit: usize) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::PromotionNumber)),
        Column::flexible(lang.say(words::PromotionName)),
        Column::flexible(lang.say(words::PromotionDeal)),
        Column::flexible(lang.say(words::PromotionGoods)),
        Column::text(lang.say(words::PromotionStores)),
        Column::text(lang.say(words::PriceFrom)),
        Column::text(lang.say(words::PriceUntil)),
    ]);
    for row in rows.iter().take(limit) {
        let id = row.promotion.to_string();
        // What a later version has written is listed by its number.
        let Ok(promotion) = row.read() else {
            table.row([id, "?".into(), "".into(), "".into(), "".into(), "".into(), "".into()]);
            continue;
        };
        table.row([
            id,
            promotion.name.to_string(),
            deal(lang, &promotion.deal),
            goods(lang, &promotion),
            stores(lang, &promotion),
            promotion.window.from.map(wall).unwrap_or_default(),
            promotion.window.until.map(wall).unwrap_or_default(),
        ]);
    }
    page.table(&table);
    let hidden = rows.len().saturating_sub(limit);
    if hidden > 0 {
        page.say(words::More { n: hidden });
    }
}

/// Shows one promotion, a line for each thing that it says.
pub fn print_one(page: &mut Page, row: &PromotionView) {
    let lang = page.lang();
    page.heading(words::PromotionHeading { id: &row.promotion });
    let Ok(promotion) = row.read() else {
        for (name, text) in &row.fields {
            page.line(format!("{name}: {text}"));
        }
        return;
    };
    let levels: Vec<String> =
        promotion.levels.iter().map(|level| level_name(lang, *level)).collect();
    for name in Field::ALL {
        let text = match name {
            Field::Deal => deal(lang, &promotion.deal),
            Field::Stores => stores(lang, &promotion),
            Field::Levels => levels.join(", "),
            Field::Stacking => stacking(lang, &promotion),
            Field::From => promotion.window.from.map(wall).unwrap_or_default(),
            Field::Until => promotion.window.until.map(wall).unwrap_or_default(),
            _ => promotion.get(name),
        };
        if !text.is_empty() {
            page.line(format!("{}: {text}", field(lang, name)));
        }
    }
}

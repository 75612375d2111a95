//! Promotions: set, import, list, show, end.

use std::collections::BTreeMap;

use console::Lang;
pub use console::promotion::{ListPromotions, PromotionView};
use ledger::id::PromotionId;
use ledger::time::LocalTime;
use serde::{Deserialize, Serialize};

use super::catalog::{ImportMode, Imported, RejectedRow};
use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::promotions::{Fields, PromotionRefused, field_named, sheet};
use crate::text;

/// Set fields of a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPromotion {
    /// Which; none for a new one under the next number. One that is not known is made.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub promotion: Option<PromotionId>,
    /// Fields by name, and their texts.
    pub fields: BTreeMap<String, String>,
}

/// A promotion that was set or ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionSet {
    /// It as it is now.
    #[serde(flatten)]
    pub now: PromotionView,
    /// The fields that changed, by name.
    pub changed: Vec<String>,
    /// How many connected stores are told now.
    pub told: usize,
}

impl Ask for SetPromotion {
    const PATH: &'static str = "/v1/promotion/set";
    type Answer = PromotionSet;

    fn answer(self, hub: &Hub) -> Result<PromotionSet> {
        let fields = self.fields.into_iter().map(|(name, text)| Ok((field_named(&name)?, text)));
        let fields = fields.collect::<Result<Fields, PromotionRefused>>()?;
        let (after, changed, told) = hub.set_promotion(self.promotion, &fields)?;
        let changed = changed.keys().map(|field| field.name().to_owned()).collect();
        Ok(PromotionSet { now: PromotionView::from(&after), changed, told })
    }
}

/// Import promotions from the text of a CSV or JSON file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportPromotions {
    /// The file's text.
    pub text: String,
    /// Whether to write anything.
    pub mode: ImportMode,
    /// The language of the reasons for rejected rows: `zh` or `en`.
    pub lang: String,
}

impl Ask for ImportPromotions {
    const PATH: &'static str = "/v1/promotion/import";
    type Answer = Imported;

    fn answer(self, hub: &Hub) -> Result<Imported> {
        let lang = Lang::from_tag(&self.lang);
        let products = hub.catalog()?.into_keys().collect();
        let sheet = sheet::read(&self.text, &hub.promotions()?, &products)?;
        let mut told = 0;
        if self.mode == ImportMode::Apply && !sheet.edits.is_empty() {
            told = hub.edit_parties(sheet.edits)?;
        }
        let rejected = sheet.rejected.into_iter();
        Ok(Imported {
            mode: self.mode,
            rows: sheet.rows,
            added: sheet.added,
            changed: sheet.changed,
            unchanged: sheet.unchanged,
            columns: sheet.columns,
            rejected: rejected
                .map(|(line, why, cells)| RejectedRow { line, reason: why.say(lang), cells })
                .collect(),
            told,
            doubts: Vec::new(),
            hiding: Vec::new(),
        })
    }
}

impl Ask for ListPromotions {
    const PATH: &'static str = "/v1/promotion/list";
    type Answer = Vec<PromotionView>;

    fn answer(self, hub: &Hub) -> Result<Vec<PromotionView>> {
        let all = hub.promotions()?;
        let open = all.values().filter(|one| self.at.is_none_or(|at| one.window.is_open(at)));
        Ok(open.map(PromotionView::from).collect())
    }
}

/// Show one promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowPromotion {
    /// Which.
    #[serde(with = "text")]
    pub promotion: PromotionId,
}

impl Ask for ShowPromotion {
    const PATH: &'static str = "/v1/promotion/show";
    type Answer = PromotionView;

    fn answer(self, hub: &Hub) -> Result<PromotionView> {
        let all = hub.promotions()?;
        let found = all.get(&self.promotion);
        let found = found.ok_or(PromotionRefused::Unknown { id: self.promotion })?;
        Ok(PromotionView::from(found))
    }
}

/// End a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndPromotion {
    /// Which.
    #[serde(with = "text")]
    pub promotion: PromotionId,
    /// When, by the clock on each shop's wall; none: now, by the hub's own.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub at: Option<LocalTime>,
}

impl Ask for EndPromotion {
    const PATH: &'static str = "/v1/promotion/end";
    type Answer = PromotionSet;

    fn answer(self, hub: &Hub) -> Result<PromotionSet> {
        let here = || LocalTime::reached(hub.now(), &jiff::tz::TimeZone::system());
        let at = self.at.unwrap_or_else(here);
        let (after, told) = hub.end_promotion(&self.promotion, at)?;
        let changed = vec!["until".to_owned()];
        Ok(PromotionSet { now: PromotionView::from(&after), changed, told })
    }
}

//! Promotions, set in head office's name.

pub(crate) mod sheet;

use std::collections::{BTreeMap, BTreeSet};

use console::{Exit, Lang, Tell, Told, promotion, words};
use ledger::id::{PromotionId, Sku};
use ledger::promotion::{Field, FieldError, Promotion, PromotionError};
use ledger::time::LocalTime;
use sync_proto::party::Edits;
use thiserror::Error;

use crate::error::Result;
use crate::hub::Hub;
use crate::prices::next_serial;

/// Where the number of the last promotion is kept.
const LAST_NUMBER: &str = "promotion";

/// Fields of a promotion, and their texts.
pub type Fields = BTreeMap<Field, String>;

/// Why a promotion is not set or ended.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PromotionRefused {
    /// It can't be one.
    #[error("the promotion {id} cannot be set")]
    Wrong {
        /// Which.
        id: PromotionId,
        /// Why.
        source: PromotionError,
    },
    /// It is on a product that the catalog doesn't have.
    #[error("there is no product {sku}")]
    NoProduct {
        /// Which.
        sku: Sku,
    },
    /// There is no such field.
    #[error("promotions have no field `{field}`")]
    NoField {
        /// What was given.
        field: String,
    },
    /// There is no such promotion.
    #[error("there is no promotion {id}")]
    Unknown {
        /// What was given.
        id: PromotionId,
    },
    /// It has ended before.
    #[error("the promotion {id} is over, at {until}")]
    Over {
        /// Which.
        id: PromotionId,
        /// When it ended.
        until: LocalTime,
    },
}

impl PromotionRefused {
    /// The reason in words.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::Wrong { source: PromotionError::Field(error), .. } => {
                let (field, value) = (promotion::field(lang, error.field), &error.text);
                format!("{} ({})", lang.say(words::FieldValueBad { field, value }), error.why)
            }
            Self::Wrong { id, source } => {
                format!("{} ({source})", lang.say(words::PromotionWrong { id }))
            }
            Self::NoProduct { sku } => lang.say(words::ProductNotKnown { item: sku }),
            Self::NoField { field } => lang.say(words::PromotionNoField { field }),
            Self::Unknown { id } => lang.say(words::PromotionUnknown { id }),
            Self::Over { id, until } => {
                let until = console::prices::wall(*until);
                lang.say(words::PromotionOver { id, until })
            }
        }
    }
}

impl Tell for PromotionRefused {
    fn tell(&self, lang: Lang) -> Told {
        let told = Told::saying(match self {
            // The causes follow by themselves.
            Self::Wrong { source: PromotionError::Field(error), .. } => {
                let (field, value) = (promotion::field(lang, error.field), &error.text);
                lang.say(words::FieldValueBad { field, value })
            }
            Self::Wrong { id, .. } => lang.say(words::PromotionWrong { id }),
            _ => self.say(lang),
        });
        match self {
            Self::NoField { .. } => {
                let fields = Field::ALL.map(Field::name).join(", ");
                told.hint(lang.say(words::FieldNotKnownHint { fields }))
            }
            Self::Unknown { .. } => told.hint(lang.say(words::PromotionUnknownHint)),
            Self::Wrong { .. } | Self::NoProduct { .. } | Self::Over { .. } => told,
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Wrong { .. } | Self::NoField { .. } => Exit::Usage,
            Self::NoProduct { .. } | Self::Unknown { .. } | Self::Over { .. } => Exit::Failed,
        }
    }
}

/// The field of this name.
pub(crate) fn field_named(name: &str) -> std::result::Result<Field, PromotionRefused> {
    Field::named(name).ok_or_else(|| PromotionRefused::NoField { field: name.to_owned() })
}

/// What a promotion becomes when fields are set, and which of them change.
pub(crate) fn judge(
    id: &PromotionId,
    known: Option<&Promotion>,
    fields: &Fields,
    products: &BTreeSet<Sku>,
) -> std::result::Result<(Promotion, Fields), PromotionRefused> {
    let wrong = |source| PromotionRefused::Wrong { id: id.clone(), source };
    let before = known.map(Promotion::fields).unwrap_or_default();
    let mut all = before.clone();
    for (field, text) in fields {
        let text = field.spelled(text).map_err(|error: FieldError| wrong(error.into()))?;
        all.insert(*field, text);
    }
    let texts = all.iter().map(|(field, text)| (*field, text.as_str()));
    let after = Promotion::from_fields(id.clone(), texts).map_err(wrong)?;
    if let Some(sku) = after.goods.skus.iter().find(|sku| !products.contains(sku)) {
        return Err(PromotionRefused::NoProduct { sku: sku.clone() });
    }
    let text = |field: Field| (field, after.get(field));
    let differs = |(field, text): &(Field, String)| {
        before.get(field).map_or("", String::as_str) != text.as_str()
    };
    let changed = Field::ALL.into_iter().map(text).filter(differs).collect();
    Ok((after, changed))
}

impl Hub {
    /// The promotions that this version can read, by number.
    pub fn promotions(&self) -> Result<BTreeMap<PromotionId, Promotion>> {
        let known = self.reader()?.promotions()?.into_iter();
        Ok(known.filter_map(|(id, read)| Some((id, read.ok()?))).collect())
    }

    /// Sets fields of a promotion; under the next number where none is given. Gives it as it is then, which
    /// fields have changed, and how many connected stores are told.
    pub fn set_promotion(
        &self,
        id: Option<PromotionId>,
        fields: &Fields,
    ) -> Result<(Promotion, Fields, usize)> {
        let products = self.catalog()?.into_keys().collect();
        let known = self.promotions()?;
        let id = match id {
            Some(id) => id,
            None => {
                // A number is taken only for what can be set.
                judge(&PromotionId::new("new")?, None, fields, &products)?;
                self.next_promotion()?
            }
        };
        let (after, changed) = judge(&id, known.get(&id), fields, &products)?;
        let mut told = 0;
        if !changed.is_empty() {
            let promotions = [(id, changed.clone())].into();
            told = self.edit_parties(Edits { promotions, ..Edits::default() })?;
        }
        Ok((after, changed, told))
    }

    /// Ends a promotion at a time on each shop's wall; one that had not begun by then never does.
    pub fn end_promotion(&self, id: &PromotionId, at: LocalTime) -> Result<(Promotion, usize)> {
        let known = self.promotions()?.remove(id);
        let known = known.ok_or_else(|| PromotionRefused::Unknown { id: id.clone() })?;
        if let Some(until) = known.window.until.filter(|until| *until <= at) {
            return Err(PromotionRefused::Over { id: id.clone(), until }.into());
        }
        let mut fields = Fields::from([(Field::Until, at.to_string())]);
        if known.window.from.is_some_and(|from| from >= at) {
            fields.insert(Field::From, at.minute_before().to_string());
        }
        let (after, _, told) = self.set_promotion(Some(id.clone()), &fields)?;
        Ok((after, told))
    }

    /// A number that no promotion had before.
    fn next_promotion(&self) -> Result<PromotionId> {
        let day = self.now().utc_day().compact();
        self.books().write(move |tx| -> Result<_> {
            let last = tx.note(LAST_NUMBER)?;
            let (serial, note) = next_serial(last.as_deref(), &day);
            tx.set_note(LAST_NUMBER, &note)?;
            Ok(PromotionId::new(&format!("SP{serial}"))?)
        })
    }
}

//! The manifest of a shipment (随货单): what the source writes in the order when goods leave, in a
//! form that travels with the goods.
//!
//! ```text
//! {"v":1,"transfer":"S1+S2-2611-tA7","from":"S1","to":"S2","no":1,"at":…,"op":"…","fact":"1-42",
//!  "goods":[["6901…",2000,53000]]}
//! ```
//!
//! Quantities are thousandths, money is ten-thousandths, `at` is milliseconds. It says nothing of
//! whether it is true: that is for a signature around it.

use std::borrow::Cow;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::event::{Event, Route, Step};
use crate::amount::{AmountError, Money, Quantity};
use crate::id::{FactId, IdError, Operator, TransferId};
use crate::order::{Goods, Party};
use crate::time::Timestamp;

/// The version of the form that [`Manifest::to_text`] writes.
const VERSION: u32 = 1;

/// What left in one shipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Of which transfer.
    pub transfer: TransferId,
    /// From where to where.
    pub route: Route,
    /// Which shipment of the transfer.
    pub shipment: NonZeroU32,
    /// When it left, by the source's clock.
    pub at: Timestamp,
    /// Who shipped it, if known.
    pub operator: Option<Operator>,
    /// The source's fact.
    pub fact: FactId,
    /// What left, at the cost at which it left.
    pub goods: Vec<Goods>,
}

/// Why a text is not a manifest.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// Not the form.
    #[error("the manifest cannot be read")]
    Form(#[from] serde_json::Error),
    /// A form of a later version.
    #[error("the manifest is of form {found}; this version reads form {VERSION}")]
    Version {
        /// Which.
        found: u32,
    },
    /// A name in it is none.
    #[error("a name in the manifest cannot be read")]
    Name(#[from] IdError),
    /// A number in it is out of range.
    #[error("a number in the manifest is out of range")]
    Amount(#[from] AmountError),
    /// There is nothing in it.
    #[error("there are no goods in the manifest, or less than nothing of some")]
    Nothing,
}

#[derive(Serialize, Deserialize)]
struct Row<'a> {
    v: u32,
    #[serde(borrow)]
    transfer: Cow<'a, str>,
    #[serde(borrow)]
    from: Cow<'a, str>,
    #[serde(borrow)]
    to: Cow<'a, str>,
    no: NonZeroU32,
    at: i64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    op: Option<Cow<'a, str>>,
    #[serde(borrow)]
    fact: Cow<'a, str>,
    #[serde(borrow)]
    goods: Vec<GoodsRow<'a>>,
}

#[derive(Serialize, Deserialize)]
struct GoodsRow<'a>(#[serde(borrow)] Cow<'a, str>, i64, i64);

impl Manifest {
    /// The manifest of a shipment that the source told of; nothing for any other event.
    pub fn of(transfer: &TransferId, route: &Route, event: &Event) -> Option<Self> {
        let Step::Ship { shipment, fact, goods } = &event.step else { return None };
        Some(Self {
            transfer: transfer.clone(),
            route: route.clone(),
            shipment: *shipment,
            at: event.at,
            operator: event.operator.clone(),
            fact: *fact,
            goods: goods.clone(),
        })
    }

    /// What the source wrote in the order.
    pub fn event(&self) -> Event {
        let Self { shipment, fact, goods, .. } = self.clone();
        let by = Party::Store(self.route.from().clone());
        let step = Step::Ship { shipment, fact, goods };
        Event { by, at: self.at, operator: self.operator.clone(), step }
    }

    /// The text that travels.
    pub fn to_text(&self) -> String {
        let goods = self.goods.iter().map(|Goods { sku, quantity, value }| {
            GoodsRow(sku.as_str().into(), quantity.thousandths(), value.ten_thousandths())
        });
        let row = Row {
            v: VERSION,
            transfer: self.transfer.as_str().into(),
            from: self.route.from().as_str().into(),
            to: self.route.to().as_str().into(),
            no: self.shipment,
            at: self.at.millis(),
            op: self.operator.as_ref().map(|operator| operator.as_str().into()),
            fact: self.fact.to_string().into(),
            goods: goods.collect(),
        };
        serde_json::to_string(&row).expect("rows of numbers and strings always serialize")
    }

    /// Reads the text.
    pub fn read(text: &str) -> Result<Self, ManifestError> {
        let row: Row<'_> = serde_json::from_str(text)?;
        if row.v != VERSION {
            return Err(ManifestError::Version { found: row.v });
        }
        let goods: Vec<Goods> = row.goods.iter().map(goods).collect::<Result<_, _>>()?;
        if goods.is_empty() {
            return Err(ManifestError::Nothing);
        }
        Ok(Self {
            transfer: row.transfer.parse()?,
            route: Route::new(row.from.parse()?, row.to.parse()?)?,
            shipment: row.no,
            at: Timestamp::from_millis(row.at),
            operator: row.op.as_deref().map(Operator::new).transpose()?,
            fact: row.fact.parse()?,
            goods,
        })
    }
}

fn goods(GoodsRow(sku, quantity, value): &GoodsRow<'_>) -> Result<Goods, ManifestError> {
    let quantity = Quantity::from_thousandths(*quantity)?;
    if !quantity.is_positive() {
        return Err(ManifestError::Nothing);
    }
    Ok(Goods { sku: sku.parse()?, quantity, value: Money::from_ten_thousandths(*value)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let goods = |sku: &str, quantity, value| Goods {
            sku: sku.parse().unwrap(),
            quantity: Quantity::from_thousandths(quantity).unwrap(),
            value: Money::from_ten_thousandths(value).unwrap(),
        };
        Manifest {
            transfer: "T-S012-A-7".parse().unwrap(),
            route: Route::new("S003".parse().unwrap(), "S012".parse().unwrap()).unwrap(),
            shipment: NonZeroU32::MIN,
            at: Timestamp::from_millis(1_795_312_800_000),
            operator: Some("林晓".parse().unwrap()),
            fact: "1-42".parse().unwrap(),
            goods: vec![goods("6901234567892", 8_000, 212_000), goods("苹果", 456, 12_000)],
        }
    }

    #[test]
    fn a_manifest_has_the_golden_form() {
        let path = format!("{}/golden/v1/transfer/manifest.json", env!("CARGO_MANIFEST_DIR"));
        let golden = std::fs::read_to_string(path).expect("the golden file is part of the crate");
        assert_eq!(manifest().to_text(), golden.trim_end());
        assert_eq!(Manifest::read(golden.trim_end()).unwrap(), manifest());
    }

    #[test]
    fn it_is_what_the_source_wrote_in_the_order() {
        let manifest = manifest();
        let event = manifest.event();
        let again = Manifest::of(&manifest.transfer, &manifest.route, &event);
        assert_eq!(again.as_ref(), Some(&manifest));
        let cancelled = Event { step: Step::Cancel { reason: "no".into() }, ..event };
        assert_eq!(Manifest::of(&manifest.transfer, &manifest.route, &cancelled), None);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let text = manifest().to_text();
        let why =
            |from: &str, to: &str| Manifest::read(&text.replace(from, to)).unwrap_err().to_string();
        assert!(why(r#""v":1"#, r#""v":2"#).contains("form 2"));
        assert!(why("S003", "S012").contains("a name"), "from a store to itself");
        assert!(why(",8000,", ",0,").contains("no goods"));
        assert!(why(",8000,", ",9999999999999999,").contains("out of range"));
        assert!(why("1-42", "1-042").contains("a name"));
        assert!(why("{", "").contains("cannot be read"));
        let empty = text.split(r#""goods""#).next().unwrap().to_owned() + r#""goods":[]}"#;
        assert!(Manifest::read(&empty).is_err());
    }
}

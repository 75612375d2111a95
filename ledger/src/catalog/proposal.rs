//! Product proposals (商品提报): a store makes a product known while head office is not there to ask.
//!
//! The product stands in the catalog at once, under a provisional SKU of the store's own, with the fields
//! that stores may set and the store's proposal beside them. Head office answers with a verdict. Facts
//! booked under the provisional SKU stay what they are, whatever it says.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::MAX_TEXT_LEN;
use crate::amount::{AmountError, Money};
use crate::id::{IdError, Sku, StoreId};

/// What provisional SKUs begin with.
const PROVISIONAL: &str = "P-";

/// What a store says of a product that it proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The store.
    pub store: StoreId,
    /// What it sells for there until head office sets a price.
    pub price: Option<Money>,
    /// Why, or where it comes from.
    pub note: Box<str>,
}

/// Head office's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is a product of the chain, under the provisional SKU.
    Accepted,
    /// It is a product that the chain has already.
    Merged(Sku),
    /// It is not to be sold, and why.
    Rejected(Box<str>),
}

/// Why a text is no proposal or verdict.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProposalError {
    /// It is not written as one.
    #[error("it is no proposal or verdict: {0}")]
    Form(Box<str>),
    /// Its price is no amount.
    #[error("its price is wrong: {0}")]
    Amount(#[from] AmountError),
    /// Its price is not above zero.
    #[error("its price is not above zero")]
    NotPositive,
    /// A name in it is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A text is too long, or cannot be printed.
    #[error("its text has at most {MAX_TEXT_LEN} bytes and no control characters")]
    Text,
}

#[derive(Serialize, Deserialize)]
struct KeptProposal {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    price: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptVerdict {
    Accepted,
    Merged(String),
    Rejected(String),
}

/// The provisional SKU of a store's n-th proposal: `P-S012-1`.
pub fn provisional(store: &StoreId, n: u32) -> Result<Sku, IdError> {
    Sku::new(&format!("{}{n}", prefix(store)))
}

/// What the provisional SKUs of a store begin with.
pub fn prefix(store: &StoreId) -> String {
    format!("{PROVISIONAL}{store}-")
}

impl Proposal {
    /// What is kept of it.
    pub fn text(&self) -> String {
        let price = self.price.map(|price| price.to_string());
        let kept = KeptProposal { price, note: self.note.to_string() };
        serde_json::to_string(&kept).expect("texts always serialize")
    }

    /// The proposal that is kept as this text. An empty one says that there is none.
    pub fn read(store: &StoreId, text: &str) -> Result<Option<Self>, ProposalError> {
        if text.is_empty() {
            return Ok(None);
        }
        let kept: KeptProposal = serde_json::from_str(text).map_err(|error| form(&error))?;
        let price: Option<Money> = kept.price.map(|price| price.parse()).transpose()?;
        if price.is_some_and(|price| !price.is_positive()) {
            return Err(ProposalError::NotPositive);
        }
        Ok(Some(Self { store: store.clone(), price, note: printable(&kept.note)? }))
    }
}

impl Verdict {
    /// What is kept of it.
    pub fn text(&self) -> String {
        let kept = match self {
            Self::Accepted => KeptVerdict::Accepted,
            Self::Merged(into) => KeptVerdict::Merged(into.to_string()),
            Self::Rejected(why) => KeptVerdict::Rejected(why.to_string()),
        };
        serde_json::to_string(&kept).expect("texts always serialize")
    }

    /// The verdict that is kept as this text. An empty one says that there is none.
    pub fn read(text: &str) -> Result<Option<Self>, ProposalError> {
        if text.is_empty() {
            return Ok(None);
        }
        let kept: KeptVerdict = serde_json::from_str(text).map_err(|error| form(&error))?;
        Ok(Some(match kept {
            KeptVerdict::Accepted => Self::Accepted,
            KeptVerdict::Merged(into) => Self::Merged(into.parse()?),
            KeptVerdict::Rejected(why) => Self::Rejected(printable(&why)?),
        }))
    }
}

fn form(error: &serde_json::Error) -> ProposalError {
    ProposalError::Form(error.to_string().into())
}

fn printable(text: &str) -> Result<Box<str>, ProposalError> {
    if text.len() > MAX_TEXT_LEN || text.chars().any(char::is_control) {
        return Err(ProposalError::Text);
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        let store: StoreId = "S012".parse().unwrap();
        let proposal =
            Proposal {
                store: store.clone(), price: "3.5".parse().ok(), note: "本地汽水".into()
            };
        assert_eq!(proposal.text(), r#"{"price":"3.5","note":"本地汽水"}"#);
        assert_eq!(Proposal::read(&store, &proposal.text()), Ok(Some(proposal)));
        assert_eq!(Proposal::read(&store, ""), Ok(None));
        for text in ["x", r#"{"price":"0"}"#, r#"{"price":"-1"}"#, r#"{"note":"a\nb"}"#] {
            assert!(Proposal::read(&store, text).is_err(), "{text}");
        }
        let verdicts = [
            (Verdict::Accepted, r#""accepted""#),
            (Verdict::Merged("cola".parse().unwrap()), r#"{"merged":"cola"}"#),
            (Verdict::Rejected("过期".into()), r#"{"rejected":"过期"}"#),
        ];
        for (verdict, text) in verdicts {
            assert_eq!(verdict.text(), text);
            assert_eq!(Verdict::read(text), Ok(Some(verdict)));
        }
        assert_eq!(Verdict::read(""), Ok(None));
        assert!(Verdict::read(r#"{"merged":""}"#).is_err());
        assert_eq!(provisional(&store, 7).unwrap().as_str(), "P-S012-7");
    }
}

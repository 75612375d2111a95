//! Head office's answers to products that stores have proposed.

use std::collections::BTreeMap;

use books::read::ProposalRow;
use books::{Edits, TermEdits};
use console::{Exit, Lang, Told, words};
use ledger::catalog::proposal::{ProposalError, Verdict};
use ledger::catalog::{Field, Product, Term};
use ledger::id::Sku;
use thiserror::Error;

use crate::error::{HubError, Result};
use crate::events::What;
use crate::hub::Hub;

/// Why a proposal is not answered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AnswerRefused {
    /// No store has proposed it.
    #[error("no store has proposed {sku}")]
    NotProposed {
        /// What was given.
        sku: Sku,
    },
    /// It was to be merged into itself, or into a proposal that is no product.
    #[error("{sku} cannot be merged into itself or into a proposal that was not accepted")]
    IntoItself {
        /// Which.
        sku: Sku,
    },
    /// The reason cannot be printed.
    #[error("the answer cannot be like that")]
    Verdict(#[from] ProposalError),
}

impl AnswerRefused {
    pub(crate) fn told(&self, lang: Lang) -> Told {
        match self {
            Self::NotProposed { sku } => Told::saying(lang.say(words::ProposalNone { sku })),
            Self::IntoItself { sku } => Told::saying(lang.say(words::ProposalIntoItself { sku })),
            Self::Verdict(error) => {
                Told::saying(lang.say(words::ProposalWrong)).because(error.to_string())
            }
        }
    }

    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::NotProposed { .. } => Exit::Failed,
            Self::IntoItself { .. } | Self::Verdict(_) => Exit::Usage,
        }
    }
}

impl Hub {
    /// Answers a proposal, with the fields that follow from the answer: an accepted product gets those
    /// that are given; one that is merged or rejected is withdrawn, and a merged one gives up its codes.
    /// An answer may be given anew.
    pub fn answer_proposal(
        &self,
        sku: &Sku,
        verdict: &Verdict,
        given: BTreeMap<Field, String>,
    ) -> Result<ProposalRow> {
        let reader = self.reader()?;
        let known = reader.proposals(Some(sku))?.pop();
        let row = known.ok_or_else(|| AnswerRefused::NotProposed { sku: sku.clone() })?;
        let mut fields = given;
        match verdict {
            Verdict::Accepted => {
                fields.insert(Field::Status, "active".to_owned());
            }
            Verdict::Merged(into) => {
                let target = reader.proposals(Some(into))?.pop();
                let is_product =
                    target.is_none_or(|target| target.verdict == Some(Verdict::Accepted));
                if into == sku || !is_product {
                    return Err(AnswerRefused::IntoItself { sku: sku.clone() }.into());
                }
                if reader.product(into)?.is_none() {
                    return Err(HubError::NoProduct { item: into.to_string() });
                }
                fields.insert(Field::Status, "withdrawn".to_owned());
                fields.insert(Field::Barcode, String::new());
                fields.insert(Field::MoreBarcodes, String::new());
            }
            Verdict::Rejected(_) => {
                fields.insert(Field::Status, "withdrawn".to_owned());
            }
        }
        let mut product = reader.product(sku)?.unwrap_or_else(|| Product::named_after(sku.clone()));
        let mut wanted = BTreeMap::new();
        for (field, text) in fields {
            let set = product.set(field, &crate::sheet::value(field, &text));
            set.map_err(|source| HubError::Field { sku: sku.clone(), source })?;
            wanted.insert(field, product.get(field));
        }
        let text = verdict.text();
        Verdict::read(&text).map_err(AnswerRefused::from)?;
        let edits = Edits::from([(sku.clone(), wanted)]);
        let terms = TermEdits::from([(sku.clone(), BTreeMap::from([(Term::Verdict, text)]))]);
        let now = self.now();
        self.books().write(move |tx| -> Result<()> {
            tx.edit_catalog(&edits, now)?;
            tx.edit_terms(&terms, now)?;
            Ok(())
        })?;
        self.note_event(None, What::CatalogChanged { products: 1 });
        Ok(ProposalRow { verdict: Some(verdict.clone()), ..row })
    }
}

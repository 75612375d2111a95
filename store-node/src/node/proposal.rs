//! Products that the store proposes while head office is not there to ask.

use std::collections::BTreeMap;

use books::{BooksError, Edits, TermEdits};
use console::{Exit, Lang, Told, words};
use ledger::amount::{Money, Quantity};
use ledger::catalog::proposal::{Proposal, ProposalError, Verdict, provisional};
use ledger::catalog::{Field, FieldError, Product, Term};
use ledger::fact::{Body, Fact};
use ledger::id::{IdError, Sku};
use thiserror::Error;

use super::{Booked, Node, When};
use crate::error::Result;
use crate::request::{About, Adjust, CountLine, Unheard};

/// The reason of the fact that moves a merged product's stock.
const MERGED: &str = "merged into";

/// A product that the store proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProduct {
    /// What stores may say of products.
    pub fields: BTreeMap<Field, String>,
    /// What it sells for here until head office sets a price.
    pub price: Option<Money>,
    /// Why, or where it comes from.
    pub note: Box<str>,
}

/// Why a product is not proposed, or a merged one not moved.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProposalRefused {
    /// A field is head office's alone.
    #[error("a store may not set `{}`", field.name())]
    NotAStores {
        /// Which.
        field: Field,
    },
    /// A field's text is no value.
    #[error("the product cannot be like that")]
    Field(#[from] FieldError),
    /// Its price or note is none.
    #[error("the proposal cannot be like that")]
    Proposal(#[from] ProposalError),
    /// A product has this code already.
    #[error("the code {code} is on {sku} already")]
    Known {
        /// The code.
        code: String,
        /// The product.
        sku: Sku,
    },
    /// Head office has merged no such product.
    #[error("head office has not merged {sku} into another product")]
    NotMerged {
        /// What was given.
        sku: Sku,
    },
    /// Nothing is on hand of it.
    #[error("nothing of {sku} is on hand")]
    NothingLeft {
        /// What was given.
        sku: Sku,
    },
    /// No SKU can be made of the store's id.
    #[error("no provisional SKU can be made")]
    Sku(#[from] IdError),
}

impl ProposalRefused {
    pub(crate) fn told(&self, lang: Lang) -> Told {
        match self {
            Self::NotAStores { field } => {
                let field = console::labels::field(lang, *field);
                Told::saying(lang.say(words::ProposalNotAStores { field }))
            }
            Self::Known { code, sku } => Told::saying(lang.say(words::ProposalKnown { code, sku }))
                .hint(lang.say(words::ProposalKnownHint)),
            Self::NotMerged { sku } => Told::saying(lang.say(words::ProposalNotMerged { sku })),
            Self::NothingLeft { sku } => Told::saying(lang.say(words::ProposalNothingLeft { sku })),
            Self::Field(error) => {
                Told::saying(lang.say(words::ProposalWrong)).because(error.to_string())
            }
            Self::Proposal(error) => {
                Told::saying(lang.say(words::ProposalWrong)).because(error.to_string())
            }
            Self::Sku(error) => {
                Told::saying(lang.say(words::ProposalWrong)).because(error.to_string())
            }
        }
    }

    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::Known { .. } | Self::NotMerged { .. } | Self::NothingLeft { .. } => Exit::Failed,
            Self::NotAStores { .. } | Self::Field(_) | Self::Proposal(_) | Self::Sku(_) => {
                Exit::Usage
            }
        }
    }
}

impl Node {
    /// Makes a product known under a provisional SKU, with or without a network. It can be sold and
    /// received at once. Gives the SKU.
    pub fn propose(&self, new: NewProduct) -> Result<Sku> {
        let reader = self.books().reader()?;
        let sku = provisional(self.store(), reader.last_provisional(self.store())? + 1)
            .map_err(ProposalRefused::from)?;
        let mut product = Product::named_after(sku.clone());
        let mut fields = BTreeMap::new();
        for (field, text) in &new.fields {
            if !field.is_descriptive() {
                return Err(ProposalRefused::NotAStores { field: *field }.into());
            }
            product.set(*field, text).map_err(ProposalRefused::from)?;
            fields.insert(*field, product.get(*field));
        }
        for (code, _) in product.codes() {
            if let Some(known) = reader.product_by_code(code)? {
                let (code, sku) = (code.to_owned(), known.product.sku);
                return Err(ProposalRefused::Known { code, sku }.into());
            }
        }
        let proposal = Proposal { store: self.store().clone(), price: new.price, note: new.note };
        let (text, term) = (proposal.text(), Term::Proposal(self.store().clone()));
        term.check(&text).map_err(|_| ProposalError::Text).map_err(ProposalRefused::from)?;
        let edits = Edits::from([(sku.clone(), fields)]);
        let terms = TermEdits::from([(sku.clone(), BTreeMap::from([(term, text)]))]);
        let now = self.now();
        self.books().write(move |tx| -> std::result::Result<_, BooksError> {
            tx.edit_catalog(&edits, now)?;
            tx.edit_terms(&terms, now)?;
            Ok(())
        })?;
        Ok(sku)
    }

    /// Moves what is on hand of a product that head office has merged to the one it was merged into, as
    /// a fact of its own: what was booked under the provisional SKU stays what it was.
    pub fn settle_merged(&self, about: About, sku: &Sku) -> Result<Booked> {
        if let Some(booked) = self.settled_before(&about, sku)? {
            return Ok(booked);
        }
        let row = self.books().reader()?.proposals(Some(sku))?.pop();
        let Some(Verdict::Merged(into)) = row.and_then(|row| row.verdict) else {
            return Err(ProposalRefused::NotMerged { sku: sku.clone() }.into());
        };
        let left = self.left_of(sku)?;
        if left.is_zero() {
            return Err(ProposalRefused::NothingLeft { sku: sku.clone() }.into());
        }
        let line = |sku: &Sku, quantity| {
            let item = sku.to_string();
            CountLine { item, lot: None, quantity, unheard: Unheard::Take }
        };
        let lines = vec![line(sku, left.negated()), line(&into, left)];
        self.adjust(about, Adjust { lines, reason: format!("{MERGED} {into}: {sku}") })
    }

    /// What was booked under the same request before, which left nothing to move.
    fn settled_before(&self, about: &About, sku: &Sku) -> Result<Option<Booked>> {
        let Some(name) = about.request.clone() else { return Ok(None) };
        let fact = self.books().write(move |tx| -> std::result::Result<_, BooksError> {
            match tx.request(&name)? {
                Some(id) => Ok(tx.fact(id)?.map(|stored| stored.fact)),
                None => Ok(None),
            }
        })?;
        let of_it = |fact: &Fact| match &fact.body {
            Body::StockAdjustment { reason } => {
                reason.starts_with(MERGED) && reason.ends_with(&format!(": {sku}"))
            }
            _ => false,
        };
        let before = fact.filter(of_it);
        Ok(before.map(|fact| Booked { fact, also: None, notices: Vec::new(), when: When::Before }))
    }

    fn left_of(&self, sku: &Sku) -> Result<Quantity> {
        let sku = sku.clone();
        let position = self.books().write(move |tx| tx.position(&sku))?;
        Ok(position.quantity)
    }
}

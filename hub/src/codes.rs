//! Who has which code: one code means one product, on a bottle as on a case.

use std::collections::BTreeMap;

use ledger::catalog::{Contradiction, Product};
use ledger::id::Sku;
use ledger::scan::{Codes, ScanError};
use thiserror::Error;

/// The codes of a catalog, each with the product that has it.
pub(crate) struct Claims {
    owners: BTreeMap<String, Sku>,
    codes: Codes,
}

/// Why a product can't be as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClaimError {
    /// A code can't be one.
    #[error("`{code}` can't be a barcode")]
    Bad {
        /// What was given.
        code: String,
        /// Why.
        source: ScanError,
    },
    /// Another product has the code.
    #[error("the barcode {code} belongs to {owner}")]
    Taken {
        /// The code.
        code: String,
        /// The product that has it.
        owner: Sku,
    },
    /// The product contradicts itself.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
}

impl Claims {
    /// Those of a catalog, of which only such codes may be taken.
    pub(crate) fn of<'a>(products: impl IntoIterator<Item = &'a Product>, codes: Codes) -> Self {
        let mut owners = BTreeMap::new();
        for product in products {
            owners.extend(product.codes().map(|(code, _)| (code.to_owned(), product.sku.clone())));
        }
        Self { owners, codes }
    }

    /// Lets a product become another. What was so before is not judged again: it came from elsewhere,
    /// and an edit of the name must not fail because of it.
    pub(crate) fn claim(&mut self, before: &Product, after: &Product) -> Result<(), ClaimError> {
        let had: Vec<&str> = before.codes().map(|(code, _)| code).collect();
        let has: Vec<&str> = after.codes().map(|(code, _)| code).collect();
        for code in has.iter().filter(|code| !had.contains(code)) {
            if let Some(owner) = self.owners.get(*code).filter(|owner| **owner != after.sku) {
                return Err(ClaimError::Taken { code: (*code).into(), owner: owner.clone() });
            }
            let bad = |source| ClaimError::Bad { code: (*code).into(), source };
            self.codes.check(code).map_err(bad)?;
        }
        match after.contradiction() {
            Some(why) if before.contradiction().as_ref() != Some(&why) => return Err(why.into()),
            _ => {}
        }
        for code in had.iter().filter(|code| !has.contains(code)) {
            if self.owners.get(*code) == Some(&after.sku) {
                self.owners.remove(*code);
            }
        }
        self.owners.extend(has.iter().map(|code| ((*code).to_owned(), after.sku.clone())));
        Ok(())
    }
}

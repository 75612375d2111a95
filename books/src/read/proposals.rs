//! Products that stores have proposed.

use ledger::catalog::proposal::{Proposal, Verdict, prefix};
use ledger::id::{Sku, StoreId};

use super::stock::parse_sku;
use super::{Reader, of_product};
use crate::error::{BooksError, Result};
use crate::sql;

/// A product that a store has proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalRow {
    /// Its provisional SKU.
    pub sku: Sku,
    /// What the store says.
    pub proposal: Proposal,
    /// What head office says to that.
    pub verdict: Option<Verdict>,
}

impl Reader {
    /// The products that stores have proposed, by SKU; or one of them.
    pub fn proposals(&self, sku: Option<&Sku>) -> Result<Vec<ProposalRow>> {
        let sql = format!(
            "SELECT sku.name, store, product_proposal.text, product_verdict.text \
             FROM product_proposal JOIN sku ON sku.id = product_proposal.sku \
             LEFT JOIN product_verdict ON product_verdict.sku = product_proposal.sku \
             WHERE {} ORDER BY sku.name, store",
            of_product("product_proposal.sku", sku)
        );
        let rows = sql::all(self.conn(), "list proposals", &sql, [sku.map(Sku::as_str)], |row| {
            let (sku, store): (String, String) = (row.get(0)?, row.get(1)?);
            Ok((sku, store, row.get::<_, String>(2)?, row.get::<_, Option<String>>(3)?))
        })?;
        let mut found = Vec::with_capacity(rows.len());
        for (sku, store, proposal, verdict) in rows {
            let subject = format!("the proposal {sku}");
            let damaged = || BooksError::damaged(subject.clone(), "it cannot be read");
            let store = StoreId::new(&store).map_err(|_| damaged())?;
            // What can't be read was refused where it came from, or is a later version's.
            let Ok(Some(proposal)) = Proposal::read(&store, &proposal) else { continue };
            let verdict = verdict.and_then(|text| Verdict::read(&text).ok().flatten());
            found.push(ProposalRow { sku: parse_sku(&sku)?, proposal, verdict });
        }
        Ok(found)
    }

    /// The highest number of a store's provisional SKUs that the books have heard of.
    pub fn last_provisional(&self, store: &StoreId) -> Result<u32> {
        let prefix = prefix(store);
        let names = sql::all(
            self.conn(),
            "list provisional SKUs",
            "SELECT name FROM sku WHERE substr(name, 1, length(?1)) = ?1",
            [prefix.as_str()],
            |row| row.get::<_, String>(0),
        )?;
        let number = |name: &String| name.strip_prefix(&prefix)?.parse::<u32>().ok();
        Ok(names.iter().filter_map(number).max().unwrap_or_default())
    }
}

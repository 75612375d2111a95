//! What booking asks of the books, answered from inside the transaction that books.

use std::collections::BTreeMap;
use std::sync::Arc;

use books::{BinsOf, BooksError, LinkKind, Tx};
use ledger::alert::Cause;
use ledger::amount::Money;
use ledger::catalog::{Product, Tracking};
use ledger::command::Reversed;
use ledger::cost::Position;
use ledger::fact::Fact;
use ledger::id::{Bin, FactId, InvoiceNo, LetterNo, MemberId, PurchaseId, Sku, SupplierId};
use ledger::invoice::OpenReceipt;
use ledger::payable::OpenInvoice;
use ledger::purchase;
use ledger::serial::{Entry, Piece};
use ledger::shift::Drawer;
use ledger::supplier::Supplier;

use super::catalog::Products;
use super::value;
use crate::book::lookup::{Aftermath, Counter, Lookup};
use crate::request::FactRef;

pub(super) struct InTx<'a, 't> {
    pub(super) tx: &'a mut Tx<'t>,
    /// The products that the request names, looked up before the transaction.
    pub(super) products: &'a Products,
    /// What its baskets are priced by.
    pub(super) counter: &'a Arc<Counter>,
}

impl Lookup for InTx<'_, '_> {
    type Error = BooksError;

    fn product(&mut self, item: &str) -> Result<Option<Product>, BooksError> {
        let found = self.products.get(item).and_then(Option::as_ref);
        Ok(found.map(|found| Product::clone(&found.product)))
    }

    fn counter(&mut self) -> Result<Arc<Counter>, BooksError> {
        Ok(self.counter.clone())
    }

    fn position(&mut self, sku: &Sku) -> Result<Position, BooksError> {
        self.tx.position(sku)
    }

    fn bins_of(&mut self, sku: &Sku) -> Result<BinsOf, BooksError> {
        self.tx.bins_of(sku)
    }

    fn listed_bins(&mut self) -> Result<Vec<Bin>, BooksError> {
        self.tx.listed_bins()
    }

    fn tracking(&mut self, sku: &Sku) -> Result<Tracking, BooksError> {
        self.tx.tracking(sku)
    }

    fn story(&mut self, piece: &Piece) -> Result<Vec<Entry>, BooksError> {
        self.tx.story(piece)
    }

    fn drawer(&mut self, shift: FactId) -> Result<Drawer, BooksError> {
        Ok(Drawer::of(shift, &self.tx.facts_since(shift, None)?))
    }

    fn has_alert(&mut self, cause: &Cause) -> Result<bool, BooksError> {
        self.tx.has_alert(cause)
    }

    fn fact(&mut self, which: &FactRef) -> Result<Option<Fact>, BooksError> {
        let found = match which {
            FactRef::Id(id) => self.tx.fact(*id)?,
            FactRef::Bill(bill) => self.tx.fact_by_bill(bill)?,
        };
        Ok(found.map(|stored| stored.fact))
    }

    fn suppliers(&mut self, name: &str) -> Result<Vec<Supplier>, BooksError> {
        self.tx.suppliers_called(name)
    }

    fn open_receipt(&mut self, receipt: FactId) -> Result<Option<OpenReceipt>, BooksError> {
        self.tx.open_receipt(receipt)
    }

    fn ordered_at(&mut self, order: &PurchaseId) -> Result<BTreeMap<Sku, Money>, BooksError> {
        let status = purchase::status(&self.tx.purchase(order)?);
        let me = self.tx.me().store().cloned();
        let ours = status.lines.into_iter().filter(|((store, _), _)| me.as_ref() == Some(store));
        Ok(ours.filter_map(|((_, sku), line)| Some((sku, line.price?))).collect())
    }

    fn invoice_of(&mut self, receipt: FactId) -> Result<Option<FactId>, BooksError> {
        self.tx.invoice_of(receipt)
    }

    fn invoice_numbered(
        &mut self,
        supplier: &SupplierId,
        number: &InvoiceNo,
    ) -> Result<Option<FactId>, BooksError> {
        self.tx.invoice_numbered(supplier, number)
    }

    fn open_invoices(&mut self, supplier: &SupplierId) -> Result<Vec<OpenInvoice>, BooksError> {
        self.tx.open_invoices(supplier)
    }

    fn value_rights(&mut self, member: &MemberId) -> Result<i64, BooksError> {
        self.tx.value_rights(member)
    }

    fn may_pay_out(
        &mut self,
        letter: &LetterNo,
        member: &MemberId,
    ) -> Result<Option<Money>, BooksError> {
        value::allowed(self.tx, letter, member)
    }

    fn aftermath(&mut self, fact: &Fact) -> Result<Aftermath, BooksError> {
        let mut aftermath = Aftermath { returns: Vec::new(), reversed: Reversed::No };
        for link in self.tx.corrections(fact.id)? {
            match link.kind {
                LinkKind::Reversal => aftermath.reversed = Reversed::By(link.id),
                LinkKind::Return if self.undone(link.id)? => {}
                LinkKind::Return => aftermath.returns.push(must_have(self.tx, link.id)?),
            }
        }
        Ok(aftermath)
    }
}

impl InTx<'_, '_> {
    fn undone(&mut self, id: FactId) -> Result<bool, BooksError> {
        Ok(self.tx.corrections(id)?.iter().any(|link| link.kind == LinkKind::Reversal))
    }
}

/// A fact that the books refer to and so must hold.
pub(super) fn must_have(tx: &mut Tx<'_>, id: FactId) -> Result<Fact, BooksError> {
    let missing = || BooksError::Damaged {
        subject: format!("fact {id}"),
        problem: "the books refer to it and do not hold it".to_owned(),
    };
    tx.fact(id)?.map(|stored| stored.fact).ok_or_else(missing)
}

//! From an invoice or payment as people hand it in to a command of the ledger.

use std::collections::BTreeMap;

use console::supplier::SupplierError;
use ledger::amount::{Money, TaxRate};
use ledger::command::Command;
use ledger::fact::{Body, Fact};
use ledger::id::{FactId, Sku, SupplierId};
use ledger::invoice::{
    self, Compared, Draft, InvoiceError, OpenReceipt, Received, Tolerance, compare,
};
use ledger::payable::SupplierPayment;
use ledger::supplier::Supplier;
use ledger::time::BusinessDate;

use super::BookError;
use super::command::{Bench, amount_at};
use super::lookup::Lookup;
use super::refused::Refused;
use crate::request::{Cost, InvoiceLine, NamedFact, PaySupplier, TakeInvoice};

/// Basis points in a whole.
const BASIS_POINTS: i128 = 10_000;

impl<L: Lookup> Bench<'_, L> {
    /// The invoice with what the books know of the goods it is for.
    pub(super) fn invoice(&mut self, asked: &TakeInvoice) -> Result<Draft, BookError<L::Error>> {
        let supplier = self.supplier(&asked.supplier)?;
        let Named { receipts, ordered, last } = self.receipts(&supplier, &asked.receipts)?;
        let open = invoice::open_goods(&receipts).map_err(amount_at(0))?;
        let mut lines = Vec::with_capacity(asked.lines.len());
        for (line, given) in (1..).zip(&asked.lines) {
            lines.push(self.invoice_line(line, given, &open, asked.tax_rate)?);
        }
        if asked.lines.is_empty() {
            for (sku, goods) in &open {
                let (sku, quantity, net) = (sku.clone(), goods.quantity, goods.value);
                let tax = tax_on(net, asked.tax_rate).map_err(amount_at(0))?;
                lines.push(invoice::InvoiceLine { sku, quantity, net, tax });
            }
        }
        let known = self.books.invoice_numbered(&supplier.id, &asked.number);
        let dated = asked.dated.or(last);
        let due = asked.due.or(last.map(|last| supplier.terms.due(last)));
        let (Some(dated), Some(due)) = (dated, due) else {
            return Err(Refused::Post(InvoiceError::NoReceipts.into()).into());
        };
        Ok(Draft {
            supplier: supplier.id,
            number: asked.number.clone(),
            dated,
            due,
            lines,
            receipts,
            ordered,
            known: known.map_err(BookError::Books)?,
            accept: asked.accept.as_deref().map(Into::into),
        })
    }

    /// What the three-way match says of an invoice that is not booked.
    pub(super) fn matched(
        &mut self,
        asked: &TakeInvoice,
    ) -> Result<Vec<Compared>, BookError<L::Error>> {
        let draft = self.invoice(asked)?;
        let open = invoice::open_goods(&draft.receipts).map_err(amount_at(0))?;
        let compared = compare(&draft.lines, &open, &draft.ordered, Tolerance::usual());
        Ok(compared.map_err(amount_at(0))?)
    }

    /// A payment, and what the invoices that it names have open.
    pub(super) fn pay_supplier(
        &mut self,
        asked: &PaySupplier,
    ) -> Result<Command, BookError<L::Error>> {
        let supplier = self.supplier(&asked.supplier)?.id;
        let mut invoices = Vec::with_capacity(asked.invoices.len());
        for name in &asked.invoices {
            let id = self.invoice_named(&supplier, name)?;
            if !invoices.contains(&id) {
                invoices.push(id);
            }
        }
        let open = self.books.open_invoices(&supplier).map_err(BookError::Books)?;
        let open: i128 =
            open.iter().filter(|open| invoices.contains(&open.id)).map(|open| open.open).sum();
        let whole =
            i64::try_from(open).ok().and_then(|open| Money::from_ten_thousandths(open).ok());
        let payment = Box::new(SupplierPayment {
            supplier,
            amount: asked.amount.or(whole).unwrap_or_default(),
            method: asked.method,
            reference: asked.reference.as_str().into(),
            invoices,
        });
        Ok(Command::PaySupplier { payment, open })
    }

    /// The supplier that is called so.
    pub(super) fn supplier(&mut self, name: &str) -> Result<Supplier, BookError<L::Error>> {
        let called = self.books.suppliers(name).map_err(BookError::Books)?;
        Ok(SupplierError::only(name, called).map_err(Refused::Supplier)?)
    }

    /// An invoice by the supplier's number for it, or as any fact is named.
    pub(super) fn invoice_named(
        &mut self,
        supplier: &SupplierId,
        name: &str,
    ) -> Result<FactId, BookError<L::Error>> {
        if let Ok(number) = name.parse() {
            let numbered = self.books.invoice_numbered(supplier, &number);
            if let Some(id) = numbered.map_err(BookError::Books)? {
                return Ok(id);
            }
        }
        let none = || Refused::NotAnInvoice { which: name.to_owned() };
        let which = name.parse().map_err(|_| none())?;
        let fact = self.books.fact(&which).map_err(BookError::Books)?.ok_or_else(none)?;
        let stands = self.books.aftermath(&fact).map_err(BookError::Books)?.stands();
        match &fact.body {
            Body::Invoice(invoice) if invoice.supplier == *supplier && stands => Ok(fact.id),
            _ => Err(none().into()),
        }
    }

    /// A receipt that an invoice covers stays: what the invoice corrected would be gone.
    pub(super) fn not_invoiced(&mut self, fact: &Fact) -> Result<(), BookError<L::Error>> {
        if !matches!(fact.body, Body::GoodsReceipt { .. }) {
            return Ok(());
        }
        match self.books.invoice_of(fact.id).map_err(BookError::Books)? {
            Some(invoice) => Err(Refused::Invoiced { receipt: fact.bill.clone(), invoice }.into()),
            None => Ok(()),
        }
    }

    /// What of the receipts is open, and what they were ordered at.
    fn receipts(
        &mut self,
        supplier: &Supplier,
        named: &[NamedFact],
    ) -> Result<Named, BookError<L::Error>> {
        let mut found: BTreeMap<FactId, OpenReceipt> = BTreeMap::new();
        let (mut ordered, mut last) = (BTreeMap::new(), None);
        for NamedFact(which) in named {
            let receipt = self.fact(which)?;
            let none = || Refused::NotAReceipt { which: which.clone() };
            let Body::GoodsReceipt { supplier: from, delivery, .. } = &receipt.body else {
                return Err(none().into());
            };
            if let Some(order) = delivery.as_ref().and_then(|delivery| delivery.order.as_ref()) {
                ordered.extend(self.books.ordered_at(order).map_err(BookError::Books)?);
            }
            if let Some(from) = from.as_deref().filter(|from| !supplier.is_called(from)) {
                let (which, supplier) = (which.clone(), from.to_owned());
                return Err(Refused::OtherSupplier { which, supplier }.into());
            }
            let open = self.books.open_receipt(receipt.id).map_err(BookError::Books)?;
            found.insert(receipt.id, open.ok_or_else(none)?);
            last = last.max(Some(receipt.happened_on()));
        }
        Ok(Named { receipts: found.into_values().collect(), ordered, last })
    }

    fn invoice_line(
        &mut self,
        line: usize,
        given: &InvoiceLine,
        open: &BTreeMap<Sku, Received>,
        tax_rate: Option<u16>,
    ) -> Result<invoice::InvoiceLine, BookError<L::Error>> {
        let product = self.product(&given.item)?;
        let sku = self.known_or_new(line, &given.item, product)?;
        let quantity = given.quantity;
        let net = match given.cost {
            Cost::Whole(net) => Ok(net),
            Cost::PerUnit(price) => price.times(quantity),
            Cost::AsBefore => {
                let none = || Refused::NoCost { line, item: given.item.clone() };
                let goods = open.get(&sku).ok_or_else(none)?;
                goods.value.share(quantity, goods.quantity)
            }
        };
        let net = net.map_err(amount_at(line))?;
        let tax = given.tax.map_or_else(|| tax_on(net, tax_rate), Ok).map_err(amount_at(line))?;
        Ok(invoice::InvoiceLine { sku, quantity, net, tax })
    }
}

/// Receipts that an invoice names.
struct Named {
    /// What of them is open, the oldest first.
    receipts: Vec<OpenReceipt>,
    /// The prices of their orders.
    ordered: BTreeMap<Sku, Money>,
    /// The day of the last.
    last: Option<BusinessDate>,
}

/// The tax on a net amount, to the coin.
pub(crate) fn tax_on(
    net: Money,
    basis_points: Option<u16>,
) -> Result<Money, ledger::amount::AmountError> {
    let rate = TaxRate::from_basis_points(basis_points.unwrap_or_default())?;
    let raw = i128::from(net.ten_thousandths()) * i128::from(rate.basis_points());
    let half = if raw < 0 { -BASIS_POINTS / 2 } else { BASIS_POINTS / 2 };
    let raw = i64::try_from((raw + half) / BASIS_POINTS);
    let tax = raw.map_err(|_| ledger::amount::AmountError::OutOfRange)?;
    Ok(Money::from_ten_thousandths(tax)?.to_coins())
}

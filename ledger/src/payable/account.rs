//! Where an account stands: what is open, since when, and what is not yet due.

use std::collections::BTreeMap;

use super::{Entry, What};
use crate::id::{FactId, InvoiceNo, StoreId};
use crate::time::BusinessDate;

/// An account at the end of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// What is owed in all; negative when more was paid than asked for.
    pub balance: i128,
    /// Invoices that are not paid in full, the one that is due first.
    pub open: Vec<OpenInvoice>,
    /// What was paid or credited and pays no invoice yet (预付).
    pub unapplied: i128,
    /// The open amounts by how long they are due.
    pub ageing: Ageing,
}

/// An invoice that is not paid in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvoice {
    /// At which store it is booked.
    pub store: StoreId,
    /// The fact.
    pub id: FactId,
    /// The supplier's number for it.
    pub number: InvoiceNo,
    /// The day that it is booked to.
    pub date: BusinessDate,
    /// When it is to be paid.
    pub due: BusinessDate,
    /// What it comes to.
    pub amount: i128,
    /// What of that is open.
    pub open: i128,
}

/// Open amounts by age (账龄).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ageing {
    /// Not yet due.
    pub not_due: i128,
    /// Due for up to 30 days.
    pub to_30: i128,
    /// Due for 31 to 60 days.
    pub to_60: i128,
    /// Due for 61 to 90 days.
    pub to_90: i128,
    /// Due for longer.
    pub over_90: i128,
}

impl Ageing {
    fn add(&mut self, due: BusinessDate, today: BusinessDate, open: i128) {
        let bucket = match due {
            due if due >= today => &mut self.not_due,
            due if due >= today.plus_days(-30) => &mut self.to_30,
            due if due >= today.plus_days(-60) => &mut self.to_60,
            due if due >= today.plus_days(-90) => &mut self.to_90,
            _ => &mut self.over_90,
        };
        *bucket += open;
    }
}

/// Where an account stands in the evening of a day. Entries that were undone by then do not count.
/// A payment pays the invoices that it names; what is left of it, and what was credited, pays those
/// that are due first.
pub fn account(entries: &[Entry], today: BusinessDate) -> Account {
    let stands = |entry: &&Entry| {
        entry.date <= today && entry.undone.is_none_or(|(_, undone)| undone > today)
    };
    let mut entries: Vec<&Entry> = entries.iter().filter(stands).collect();
    entries.sort_by(|a, b| (a.date, &a.store, a.id).cmp(&(b.date, &b.store, b.id)));
    let mut invoices: Vec<OpenInvoice> = entries.iter().filter_map(|e| invoice(e)).collect();
    invoices.sort_by(|a, b| (a.due, a.date, &a.store, a.id).cmp(&(b.due, b.date, &b.store, b.id)));
    let unapplied = settle(&entries, &mut invoices);
    invoices.retain(|invoice| invoice.open != 0);
    let mut ageing = Ageing::default();
    for invoice in &invoices {
        ageing.add(invoice.due, today, invoice.open);
    }
    let balance = entries.iter().map(|entry| entry.change()).sum();
    Account { balance, open: invoices, unapplied, ageing }
}

/// Pays invoices with what was paid and credited. Gives what is left over.
fn settle(entries: &[&Entry], invoices: &mut [OpenInvoice]) -> i128 {
    let places: BTreeMap<(StoreId, FactId), usize> =
        invoices.iter().enumerate().map(|(at, i)| ((i.store.clone(), i.id), at)).collect();
    let mut left = 0;
    for entry in entries {
        let named = match &entry.what {
            What::Invoice { .. } => continue,
            What::Credit { .. } => &[][..],
            What::Payment { invoices, .. } => invoices.as_slice(),
        };
        let mut money = -entry.change();
        for id in named {
            if let Some(at) = places.get(&(entry.store.clone(), *id)) {
                pay(&mut invoices[*at], &mut money);
            }
        }
        left += money;
    }
    for invoice in invoices {
        pay(invoice, &mut left);
    }
    left
}

fn pay(invoice: &mut OpenInvoice, money: &mut i128) {
    let paid = invoice.open.min(*money).max(0);
    invoice.open -= paid;
    *money -= paid;
}

fn invoice(entry: &Entry) -> Option<OpenInvoice> {
    let What::Invoice { number, due, .. } = &entry.what else { return None };
    Some(OpenInvoice {
        store: entry.store.clone(),
        id: entry.id,
        number: number.clone(),
        date: entry.date,
        due: *due,
        amount: entry.change(),
        open: entry.change(),
    })
}

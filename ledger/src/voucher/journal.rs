//! From facts to vouchers, a store's day at a time.

use std::collections::BTreeMap;

use super::entry::{self, Entry, Role, Why, entries};
use super::mapping::{Account, By, Correction, Dimension, Mapping};
use super::remainder::Remainders;
use super::{About, Cents, Line, Side, Unmapped, Voucher, money};
use crate::amount::TaxRate;
use crate::fact::Fact;
use crate::id::{FactId, Sku, StoreId};
use crate::time::BusinessDate;

/// Makes vouchers. The days of a store are given in their order, since what rounding leaves goes into the
/// next line of its account.
#[derive(Debug)]
pub struct Journal<'m> {
    mapping: &'m Mapping,
    remainders: Remainders,
}

/// A store's day, while its facts are added.
#[derive(Debug)]
pub struct Day<'j> {
    mapping: &'j Mapping,
    remainders: &'j mut Remainders,
    store: StoreId,
    date: BusinessDate,
    gathered: BTreeMap<Heading, Gathered>,
    unmapped: Vec<Unmapped>,
}

/// What a voucher is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Heading {
    kind: Box<str>,
    is_late: bool,
    shift: Option<FactId>,
    fact: Option<FactId>,
}

#[derive(Debug, Default)]
struct Gathered {
    facts: u64,
    late_of: Option<BusinessDate>,
    sums: BTreeMap<Place, i128>,
}

/// Where an amount is added up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    side: Side,
    account: usize,
    is_red: bool,
    about: About,
}

impl<'m> Journal<'m> {
    /// One that goes on from what rounding had left before; from nothing where the books begin.
    pub const fn new(mapping: &'m Mapping, remainders: Remainders) -> Self {
        Self { mapping, remainders }
    }

    /// The next day of a store.
    pub fn day(&mut self, store: &StoreId, date: BusinessDate) -> Day<'_> {
        Day {
            mapping: self.mapping,
            remainders: &mut self.remainders,
            store: store.clone(),
            date,
            gathered: BTreeMap::new(),
            unmapped: Vec::new(),
        }
    }

    /// What rounding has left.
    pub fn into_remainders(self) -> Remainders {
        self.remainders
    }
}

impl Day<'_> {
    /// Adds a fact; one that is booked to another day is late. `undone` is what a reversal undoes, `category`
    /// what a product is.
    pub fn fact<'c>(
        &mut self,
        fact: &Fact,
        undone: Option<&Fact>,
        category: impl Fn(&Sku) -> Option<&'c str>,
    ) {
        let mut found = Vec::with_capacity(16);
        if let Err(why) = entries(fact, undone, &mut found) {
            return self.leave_out(fact, why, &found);
        }
        if found.is_empty() {
            return;
        }
        if found.iter().map(|entry| entry.amount).sum::<i128>() != 0 {
            return self.leave_out(fact, Why::Uneven, &found);
        }
        let kind = entry::kind_of(fact, undone);
        let mut places = Vec::with_capacity(found.len());
        let is_red = self.mapping.settings().corrections == Correction::Red
            && entry::takes_back(fact, undone);
        for entry in &found {
            let category = entry.sku.and_then(&category);
            let Some(account) = self.mapping.place(&self.store, kind, entry, category) else {
                let why = Why::NoRule { role: entry.role };
                return self.leave_out(fact, why, &found);
            };
            let about = about(&self.mapping.accounts()[account], entry, category);
            let side = if (entry.amount > 0) != is_red { Side::Debit } else { Side::Credit };
            places.push((Place { side, account, is_red, about }, entry.amount));
        }
        let gathered = self.gathered.entry(self.heading(fact)).or_default();
        gathered.facts += 1;
        if fact.date != self.date {
            let first = gathered.late_of.map_or(fact.date, |first| first.min(fact.date));
            gathered.late_of = Some(first);
        }
        for (place, amount) in places {
            *gathered.sums.entry(place).or_default() += amount;
        }
    }

    /// The day's vouchers, and the facts that are in none.
    pub fn finish(self) -> (Vec<Voucher>, Vec<Unmapped>) {
        let Self { mapping, remainders, store, date, gathered, unmapped } = self;
        let mut vouchers = Vec::with_capacity(gathered.len());
        for (heading, gathered) in gathered {
            let number = heading.number(&store, date);
            let Heading { kind, shift, fact, .. } = heading;
            let Gathered { facts, late_of, sums } = gathered;
            let lines = lines(mapping, remainders, &store, sums);
            if lines.is_empty() {
                continue;
            }
            let (store, kind) = (store.clone(), kind.into());
            vouchers.push(Voucher {
                number,
                date,
                store,
                kind,
                shift,
                fact,
                late_of,
                facts,
                lines,
            });
        }
        (vouchers, unmapped)
    }

    fn heading(&self, fact: &Fact) -> Heading {
        let by = self.mapping.settings().by;
        Heading {
            kind: fact.body.kind().into(),
            is_late: fact.date != self.date,
            shift: fact.shift.filter(|_| by == By::Shift),
            fact: Some(fact.id).filter(|_| by == By::Fact),
        }
    }

    fn leave_out(&mut self, fact: &Fact, why: Why, found: &[Entry<'_>]) {
        let debits = found.iter().map(|entry| entry.amount.max(0)).sum::<i128>();
        // Of a kind that is not known only the goods are: half of what its movements say twice.
        let moved = || {
            let values = fact.movements.iter().map(|movement| movement.value.magnitude());
            values.map(|value| i128::from(value.ten_thousandths())).sum()
        };
        let amount = money(if found.is_empty() { moved() } else { debits });
        self.unmapped.push(Unmapped {
            store: self.store.clone(),
            fact: fact.id,
            date: fact.date,
            bill: fact.bill.to_string(),
            kind: fact.body.kind().to_owned(),
            why,
            amount,
        });
    }
}

impl Heading {
    fn number(&self, store: &StoreId, date: BusinessDate) -> String {
        let mut number = format!("{}-{store}-{}", date.compact(), self.kind);
        for part in [self.shift, self.fact].into_iter().flatten() {
            number.push_str(&format!("-{part}"));
        }
        if self.is_late {
            number.push_str("-late");
        }
        number
    }
}

fn lines(
    mapping: &Mapping,
    remainders: &mut Remainders,
    store: &StoreId,
    sums: BTreeMap<Place, i128>,
) -> Vec<Line> {
    let mut lines = Vec::with_capacity(sums.len() + 1);
    let mut over = 0;
    for (Place { side, account, about, .. }, amount) in sums {
        let account = &mapping.accounts()[account];
        let cents = remainders.round(store, &account.code, &about, amount).get();
        over += cents;
        if cents != 0 {
            let amount = Cents::new(if side == Side::Debit { cents } else { -cents });
            lines.push(Line { account: account.code.clone(), side, amount, about });
        }
    }
    if let (1.. | ..=-1, Some(rounding)) = (over, mapping.rounding()) {
        let side = if over < 0 { Side::Debit } else { Side::Credit };
        let (account, amount) = (rounding.code.clone(), Cents::new(over.abs()));
        lines.push(Line { account, side, amount, about: About::default() });
    }
    lines.sort_by_key(|line| line.side);
    lines
}

/// What an account wants to know of an entry.
fn about(account: &Account, entry: &Entry<'_>, category: Option<&str>) -> About {
    let wants = |dimension| account.about.contains(&dimension);
    About {
        supplier: entry.supplier.filter(|_| wants(Dimension::Supplier)).map(Into::into),
        category: category.filter(|_| wants(Dimension::Category)).map(Into::into),
        rate: entry.rate.filter(|_| wants(Dimension::Rate)).map(percent),
        method: entry.method.filter(|_| wants(Dimension::Method)),
    }
}

/// A rate in per cent: `13`, or `6.5`.
fn percent(rate: TaxRate) -> Box<str> {
    let points = rate.basis_points();
    let (whole, part) = (points / 100, points % 100);
    if part == 0 {
        return whole.to_string().into();
    }
    format!("{whole}.{part:02}").trim_end_matches('0').into()
}

impl Role {
    /// The role of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

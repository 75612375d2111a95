//! What a stocktake is to cover: a category, a place, a class of goods, some at random.

use std::collections::{BTreeMap, BTreeSet};

use books::read::{ProductFilter, StockFilter};
use ledger::fact::{Body, Receipt, SignedReceipt};
use ledger::id::{Bin, Sku};
use ledger::stocktake::{AbcClass, abc, spot};
use ledger::time::BusinessDate;

use super::{CountRefused, Node};
use crate::error::Result;

/// The days whose sales decide the class of goods: a season's worth, so that neither one good week nor what
/// sold a year ago does.
const ABC_DAYS: i32 = 90;

/// What a stocktake is to cover. Several together cover all that each of them does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Every product of this category (分类盘点).
    pub category: Option<String>,
    /// What lies in this bin by the books, belongs there, or was found there when it was counted last (货位盘点).
    pub bin: Option<Bin>,
    /// Every product of this class by what it sold for in the last 90 days (循环盘点).
    pub abc: Option<AbcClass>,
    /// So many of those, or of all that is on hand (抽盘).
    pub spot: Option<Spot>,
}

/// A choice at random that can be made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// How many.
    pub many: usize,
    /// What the choice follows from.
    pub seed: String,
}

impl Scope {
    /// The bin, where that alone is to be counted.
    pub(super) fn one_bin(&self) -> Option<&Bin> {
        let Self { category, bin, abc, spot } = self;
        bin.as_ref().filter(|_| category.is_none() && abc.is_none() && spot.is_none())
    }

    /// What a stocktake of this is called unless somebody says otherwise.
    pub(super) fn name(&self, today: BusinessDate) -> String {
        match &self.spot {
            Some(Spot { many, seed }) => format!("{today} spot {many} ({seed})"),
            None => today.to_string(),
        }
    }
}

impl Node {
    /// The products that a scope covers.
    pub(super) fn covered(&self, scope: &Scope) -> Result<BTreeSet<Sku>> {
        let Scope { category, bin, abc, spot: chosen } = scope;
        let mut covered = BTreeSet::new();
        if let Some(category) = category {
            covered.extend(self.of_category(category)?);
        }
        if let Some(bin) = bin {
            covered.extend(self.in_bin(bin)?);
        }
        if let Some(class) = abc {
            let found = self.of_class(*class)?;
            if found.is_empty() {
                return Err(CountRefused::NothingOfClass { class: *class }.into());
            }
            covered.extend(found);
        }
        let Some(Spot { many, seed }) = chosen else { return Ok(covered) };
        if category.is_none() && bin.is_none() && abc.is_none() {
            covered = self.on_hand()?;
        }
        Ok(spot(&covered, *many, seed).into_iter().collect())
    }

    /// What lies in a bin by the books, belongs there, or was found there when it was counted last.
    fn in_bin(&self, bin: &Bin) -> Result<BTreeSet<Sku>> {
        let reader = self.books().reader()?;
        let mut found: BTreeSet<Sku> = reader.counted_at(bin)?.into_iter().collect();
        for (sku, bins) in reader.bins(self.store(), None)? {
            if bins.home.as_ref() == Some(bin) || bins.standing().of(bin) != 0 {
                found.insert(sku);
            }
        }
        if found.is_empty() {
            return Err(CountRefused::NothingAtBin { bin: bin.clone() }.into());
        }
        Ok(found)
    }

    fn of_category(&self, category: &str) -> Result<Vec<Sku>> {
        let filter = ProductFilter { category: Some(category.to_owned()), ..Default::default() };
        let products = self.books().reader()?.products(&filter)?;
        if products.is_empty() {
            return Err(CountRefused::NoSuchCategory { category: category.to_owned() }.into());
        }
        Ok(products.into_iter().map(|product| product.sku).collect())
    }

    fn of_class(&self, class: AbcClass) -> Result<BTreeSet<Sku>> {
        // What lies there unsold is of class C.
        let on_hand = self.on_hand()?.into_iter().map(|sku| (sku, 0));
        let mut sales: BTreeMap<Sku, i128> = on_hand.collect();
        let (reader, since) = (self.books().reader()?, self.today().plus_days(-ABC_DAYS));
        for day in reader.days(self.store())?.into_iter().filter(|day| *day > since) {
            for stored in reader.facts_of_day(self.store(), day)? {
                match &stored.fact.body {
                    Body::RetailSale(receipt)
                    | Body::Reversal { receipt: Some(SignedReceipt::OfReturn(receipt)), .. } => {
                        add(&mut sales, receipt, 1);
                    }
                    Body::SaleReturn { receipt, .. }
                    | Body::Reversal { receipt: Some(SignedReceipt::OfSale(receipt)), .. } => {
                        add(&mut sales, receipt, -1);
                    }
                    _ => {}
                }
            }
        }
        let of_class = abc(&sales).into_iter().filter(|(_, of)| *of == class);
        Ok(of_class.map(|(sku, _)| sku).collect())
    }

    fn on_hand(&self) -> Result<BTreeSet<Sku>> {
        let filter = StockFilter { store: Some(self.store().clone()), ..Default::default() };
        let rows = self.books().reader()?.stock(&filter)?;
        let held = rows.into_iter().filter(|row| !row.stock.quantity.is_zero());
        Ok(held.map(|row| row.sku).collect())
    }
}

fn add(sales: &mut BTreeMap<Sku, i128>, receipt: &Receipt, sign: i128) {
    for line in &receipt.lines {
        let sum = sales.entry(line.sku.clone()).or_default();
        *sum += sign * i128::from(line.total.ten_thousandths());
    }
}

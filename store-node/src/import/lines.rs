//! A row becomes one line of a document, or a fault, or nothing.

use jiff::civil::DateTime;
use ledger::amount::{Money, Quantity, TaxRate};
use ledger::catalog::Product;
use ledger::fact::PaymentMethod;
use ledger::id::{Lot, Sku, StoreId};

use super::columns::Columns;
use super::dates::Dates;
use super::documents::DocumentKind;
use super::field::{Field, Kind};
use super::mapping::Mapping;
use super::reason::{Fault, Reason};
use super::row::Row;
use super::rule::Action;
use super::stores::Stores;

/// Where a sale finds the price that its file does not have.
pub trait Prices {
    /// The price of a unit, tax included, and the tax rate.
    fn price(&self, sku: &Sku) -> Option<(Money, TaxRate)>;
}

/// No prices but those of the file.
#[derive(Debug, Clone, Copy)]
pub struct NoPrices;

impl Prices for NoPrices {
    fn price(&self, _: &Sku) -> Option<(Money, TaxRate)> {
        None
    }
}

impl Prices for std::collections::BTreeMap<Sku, Product> {
    fn price(&self, sku: &Sku) -> Option<(Money, TaxRate)> {
        self.get(sku).map(|product| (product.price, product.tax_rate))
    }
}

/// What a row comes to.
pub(super) enum Verdict<'r> {
    Line(Box<Line<'r>>),
    /// A rule of the mapping, by its place, leaves the row out.
    Skipped {
        rule: usize,
    },
    /// The row belongs to a store that is not asked for.
    OtherStore,
    /// A stock or receipt of nothing.
    NothingToBook,
}

/// One line of a document-to-be.
pub(super) struct Line<'r> {
    pub(super) kind: DocumentKind,
    pub(super) store: StoreId,
    pub(super) at: DateTime,
    /// The document's number, where rows share documents.
    pub(super) number: Option<&'r str>,
    pub(super) remark: Option<&'r str>,
    pub(super) payment: Option<PaymentMethod>,
    pub(super) item: Item,
}

/// The goods of a line, of whatever kind.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) sku: Sku,
    /// Positive, but for adjustments.
    pub(super) quantity: Quantity,
    pub(super) lot: Option<Lot>,
    /// The price of a unit.
    pub(super) price: Money,
    pub(super) discount: Money,
    pub(super) tax_rate: TaxRate,
    /// What the line comes to: what is paid for it, or what it cost.
    pub(super) total: Money,
    /// Of a statement: what there was, what was sold, thrown away and left.
    pub(super) stated: [Option<Quantity>; 4],
}

/// Reads the rows of one file.
pub(super) struct LineReader<'a> {
    mapping: &'a Mapping,
    prices: &'a dyn Prices,
    only: Option<&'a StoreId>,
    dates: Dates,
    stores: Stores,
}

impl<'a> LineReader<'a> {
    pub(super) fn new(
        mapping: &'a Mapping,
        prices: &'a dyn Prices,
        only: Option<&'a StoreId>,
        canonical_dates: bool,
    ) -> Self {
        let dates = Dates::new(&mapping.dates, canonical_dates);
        Self { mapping, prices, only, dates, stores: Stores::new(mapping.store.form.clone()) }
    }

    pub(super) fn read<'r>(
        &mut self,
        columns: &'r Columns,
        row: &'r Row<'_>,
    ) -> Result<Verdict<'r>, Fault> {
        columns.check_width(row)?;
        let text = columns.needed(Field::Store, row)?;
        let store = self.stores.id(text).map_err(|why| Fault::of(Field::Store, text, why))?;
        if self.only.is_some_and(|only| *only != store) {
            return Ok(Verdict::OtherStore);
        }
        let cells = Cells { mapping: self.mapping, prices: self.prices, columns, row };
        let price = || Ok(cells.price(&cells.sku()?)?.0.ten_thousandths());
        let quantity = || cells.quantity().map(Quantity::thousandths);
        let ruling = columns.rule(row, &quantity, &price)?;
        let reason = match &ruling {
            Some(ruling) => match ruling.action {
                Action::Skip => return Ok(Verdict::Skipped { rule: ruling.rule }),
                Action::Reject => {
                    let sku = columns.text(Field::Sku, row)?.unwrap_or_default();
                    let reason = match ruling.reason {
                        "" => format!("[[rule]] {}", ruling.rule + 1).into(),
                        given => given.into(),
                    };
                    return Err(Fault::of(Field::Sku, sku, Reason::ByRule(reason)));
                }
                Action::Sale | Action::Return | Action::Adjustment | Action::Scrap => ruling.reason,
            },
            None => "",
        };
        if self.mapping.kind == Kind::Statements {
            let Some(item) = cells.stated()? else { return Ok(Verdict::NothingToBook) };
            let (kind, at) = (DocumentKind::Statement, self.moment(columns, row)?);
            let number = columns.text(Field::Document, row)?;
            let (remark, payment) = (None, None);
            let line = Line { kind, store, at, number, remark, payment, item };
            return Ok(Verdict::Line(Box::new(line)));
        }
        let quantity = cells.quantity()?;
        let kind = document_kind(self.mapping.kind, ruling.map(|r| r.action));
        if quantity.is_zero() {
            return match self.mapping.kind {
                Kind::Sales => Err(cells.quantity_fault(Reason::ZeroQuantity)),
                Kind::Products
                | Kind::Opening
                | Kind::Receipts
                | Kind::Adjustments
                | Kind::Statements => Ok(Verdict::NothingToBook),
            };
        }
        let quantity = match kind {
            DocumentKind::Adjustment | DocumentKind::Statement => quantity,
            DocumentKind::Return | DocumentKind::Scrap => quantity.magnitude(),
            DocumentKind::Opening | DocumentKind::Receipt | DocumentKind::Sale => {
                if quantity.is_negative() {
                    return Err(cells.quantity_fault(Reason::NegativeQuantity));
                }
                quantity
            }
        };
        let remark = match kind {
            DocumentKind::Receipt => columns.text(Field::Supplier, row)?,
            DocumentKind::Adjustment | DocumentKind::Scrap => {
                columns.text(Field::Reason, row)?.or((!reason.is_empty()).then_some(reason))
            }
            DocumentKind::Opening
            | DocumentKind::Sale
            | DocumentKind::Return
            | DocumentKind::Statement => None,
        };
        let (item, payment) = match kind {
            DocumentKind::Opening | DocumentKind::Receipt => (cells.inbound(quantity)?, None),
            DocumentKind::Sale | DocumentKind::Return => (cells.sold(quantity)?, cells.payment()?),
            DocumentKind::Adjustment | DocumentKind::Scrap | DocumentKind::Statement => {
                (cells.moved(quantity)?, None)
            }
        };
        let at = self.moment(columns, row)?;
        let number = columns.text(Field::Document, row)?;
        Ok(Verdict::Line(Box::new(Line { kind, store, at, number, remark, payment, item })))
    }

    fn moment(&mut self, columns: &Columns, row: &Row<'_>) -> Result<DateTime, Fault> {
        let text = columns.needed(Field::Date, row)?;
        let at = self.dates.date(text).map_err(|why| Fault::of(Field::Date, text, why))?;
        match columns.text(Field::Time, row)? {
            None => Ok(at),
            Some(text) => {
                let time =
                    self.dates.time(text).map_err(|why| Fault::of(Field::Time, text, why))?;
                Ok(at.date().to_datetime(time))
            }
        }
    }
}

/// The amounts of one row.
struct Cells<'a, 'r> {
    mapping: &'a Mapping,
    prices: &'a dyn Prices,
    columns: &'r Columns,
    row: &'r Row<'r>,
}

impl Cells<'_, '_> {
    fn sku(&self) -> Result<Sku, Fault> {
        let text = self.columns.needed(Field::Sku, self.row)?;
        Sku::new(text).map_err(|error| Fault::of(Field::Sku, text, Reason::BadId(error)))
    }

    fn quantity(&self) -> Result<Quantity, Fault> {
        let text = self.columns.needed(Field::Quantity, self.row)?;
        let fault = |reason: Reason| Fault::of(Field::Quantity, text, reason);
        let raw = self.mapping.numbers.quantity(text).map_err(|why| fault(why.into()))?;
        Quantity::from_thousandths(raw).map_err(|_| fault(Reason::TooLarge))
    }

    /// What the row says of a day; none if it says nothing.
    fn stated(&self) -> Result<Option<Item>, Fault> {
        let parts = [Field::Opening, Field::Sold, Field::Scrapped, Field::Closing];
        let mut stated = [None; 4];
        for (place, field) in stated.iter_mut().zip(parts) {
            let Some(text) = self.columns.text(field, self.row)? else { continue };
            let fault = |reason: Reason| Fault::of(field, text, reason);
            let raw = self.mapping.numbers.quantity(text).map_err(|why| fault(why.into()))?;
            let quantity = Quantity::from_thousandths(raw).map_err(|_| fault(Reason::TooLarge))?;
            if quantity.is_negative() {
                return Err(fault(Reason::NegativeQuantity));
            }
            *place = Some(quantity);
        }
        if stated == [None; 4] {
            return Ok(None);
        }
        Ok(Some(Item { stated, ..self.moved(Quantity::ZERO)? }))
    }

    fn quantity_fault(&self, reason: Reason) -> Fault {
        let text = self.columns.text(Field::Quantity, self.row).ok().flatten();
        Fault::of(Field::Quantity, text.unwrap_or_default(), reason)
    }

    /// An amount of money that is not negative, if the file has it.
    fn money(&self, field: Field) -> Result<Option<Money>, Fault> {
        let Some(text) = self.columns.text(field, self.row)? else { return Ok(None) };
        let raw = self.mapping.numbers.money(text).map_err(|why| Fault::of(field, text, why))?;
        let money = Money::from_ten_thousandths(raw);
        money.map(Some).map_err(|_| Fault::of(field, text, Reason::TooLarge))
    }

    fn not_negative(&self, field: Field, amount: Money) -> Result<Money, Fault> {
        if amount.is_negative() {
            let text = self.columns.text(field, self.row)?.unwrap_or_default();
            return Err(Fault::of(field, text, Reason::NegativeAmount));
        }
        Ok(amount)
    }

    /// The price, of whatever sign, and the tax rate.
    fn price(&self, sku: &Sku) -> Result<(Money, TaxRate), Fault> {
        let own = self.money(Field::Price)?;
        let rate = self.tax_rate()?;
        if let (Some(price), Some(rate)) = (own, rate) {
            return Ok((price, rate));
        }
        let known = self.prices.price(sku);
        let price = own.or(known.map(|(price, _)| price));
        let price = price.ok_or_else(|| Fault::of(Field::Price, "", Reason::NoPrice))?;
        Ok((price, rate.or(known.map(|(_, rate)| rate)).unwrap_or_default()))
    }

    fn tax_rate(&self) -> Result<Option<TaxRate>, Fault> {
        let Some(text) = self.columns.text(Field::TaxRate, self.row)? else { return Ok(None) };
        let fault = || Fault::of(Field::TaxRate, text, Reason::BadTaxRate);
        let raw = self.mapping.numbers.tax_rate(text).map_err(|_| fault())?;
        let points = u16::try_from(raw).map_err(|_| fault())?;
        TaxRate::from_basis_points(points).map(Some).map_err(|_| fault())
    }

    fn sold(&self, quantity: Quantity) -> Result<Item, Fault> {
        let sku = self.sku()?;
        let (price, tax_rate) = self.price(&sku)?;
        self.not_negative(Field::Price, price)?;
        let discount = self.money(Field::Discount)?.unwrap_or_default();
        self.not_negative(Field::Discount, discount)?;
        let gross = price.times(quantity).map_err(|_| self.quantity_fault(Reason::TooLarge))?;
        let gross = gross.to_coins();
        if discount > gross {
            let text = self.columns.text(Field::Discount, self.row)?.unwrap_or_default();
            return Err(Fault::of(Field::Discount, text, Reason::DiscountTooLarge));
        }
        let total = gross.minus(discount).map_err(|_| self.quantity_fault(Reason::TooLarge))?;
        let stated = [None; 4];
        Ok(Item { sku, quantity, lot: None, price, discount, tax_rate, total, stated })
    }

    fn inbound(&self, quantity: Quantity) -> Result<Item, Fault> {
        let total = match self.money(Field::LineCost)? {
            Some(cost) => self.not_negative(Field::LineCost, cost)?,
            None => {
                let missing = || Fault::of(Field::Cost, "", Reason::Missing);
                let unit = self.money(Field::Cost)?.ok_or_else(missing)?;
                let unit = self.not_negative(Field::Cost, unit)?;
                unit.times(quantity).map_err(|_| self.quantity_fault(Reason::TooLarge))?
            }
        };
        let lot = self.columns.text(Field::Lot, self.row)?;
        let as_lot = |text: &str| {
            Lot::new(text).map_err(|error| Fault::of(Field::Lot, text, Reason::BadId(error)))
        };
        Ok(Item { lot: lot.map(as_lot).transpose()?, total, ..self.moved(quantity)? })
    }

    fn moved(&self, quantity: Quantity) -> Result<Item, Fault> {
        let (price, discount, total) = (Money::ZERO, Money::ZERO, Money::ZERO);
        let (sku, tax_rate, stated) = (self.sku()?, TaxRate::ZERO, [None; 4]);
        Ok(Item { sku, quantity, lot: None, price, discount, tax_rate, total, stated })
    }

    /// How it is paid; none for the usual way, in cash.
    fn payment(&self) -> Result<Option<PaymentMethod>, Fault> {
        let Some(text) = self.columns.text(Field::Payment, self.row)? else { return Ok(None) };
        let method = PaymentMethod::named(text);
        let method =
            method.ok_or_else(|| Fault::of(Field::Payment, text, Reason::UnknownPayment))?;
        Ok(Some(method).filter(|method| *method != PaymentMethod::Cash))
    }
}

fn document_kind(kind: Kind, action: Option<Action>) -> DocumentKind {
    match action {
        Some(Action::Sale) => DocumentKind::Sale,
        Some(Action::Return) => DocumentKind::Return,
        Some(Action::Adjustment) => DocumentKind::Adjustment,
        Some(Action::Scrap) => DocumentKind::Scrap,
        Some(Action::Reject | Action::Skip) | None => match kind {
            Kind::Opening => DocumentKind::Opening,
            Kind::Receipts => DocumentKind::Receipt,
            Kind::Adjustments => DocumentKind::Adjustment,
            Kind::Statements => DocumentKind::Statement,
            Kind::Sales | Kind::Products => DocumentKind::Sale,
        },
    }
}

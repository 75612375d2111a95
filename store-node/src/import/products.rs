//! Products of the catalog, read from a file.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use console::words::Lang;
use ledger::amount::{Money, Quantity, TaxRate};
use ledger::catalog::{self, FieldError, MAX_TEXT_LEN, Product};
use ledger::id::Sku;

use super::ImportError;
use super::columns::Columns;
use super::field::{Field, Kind};
use super::limits::MAX_PRODUCTS;
use super::mapping::{Duplicates, LongTexts, Mapping};
use super::reason::{Fault, Reason};
use super::rejects::{Reject, RejectWriter};
use super::report::Report;
use super::row::Row;
use super::rule::Action;
use super::source::{self, Header, Progress, Visitor};

/// The products of a file.
#[derive(Debug, Clone, Default)]
pub struct ProductList {
    /// The products, in the order of the file.
    pub products: Vec<Product>,
    /// What the file came to.
    pub report: Report,
    /// The reject file, if one was asked for and there is anything in it.
    pub reject_file: Option<PathBuf>,
}

/// Reads products. What cannot be read goes to the file `rejects`, if one is named.
pub fn read_products(
    mapping: &Mapping,
    file: &Path,
    rejects: Option<&Path>,
    lang: Lang,
    progress: &mut dyn FnMut(Progress),
) -> Result<ProductList, ImportError> {
    if mapping.kind != Kind::Products {
        return Err(ImportError::WrongKind { found: mapping.kind, wanted: "products" });
    }
    let delimiter = mapping.file.delimiter.byte();
    let rejects = rejects.map(|path| RejectWriter::new(path, file, delimiter, lang));
    let mut reader = Reader {
        mapping,
        file,
        lang,
        progress,
        columns: None,
        rejects: rejects.transpose()?,
        known: HashMap::new(),
        list: ProductList::default(),
    };
    let encoding = source::read(file, &mapping.file, &mut reader)?;
    let Reader { rejects, mut list, .. } = reader;
    list.report.encoding = encoding;
    if let Some(rejects) = rejects {
        (_, list.reject_file) = rejects.finish()?;
    }
    Ok(list)
}

struct Reader<'a> {
    mapping: &'a Mapping,
    file: &'a Path,
    lang: Lang,
    progress: &'a mut dyn FnMut(Progress),
    columns: Option<Columns>,
    rejects: Option<RejectWriter<'a>>,
    /// The place and the row of each SKU.
    known: HashMap<Sku, (usize, u64)>,
    list: ProductList,
}

impl Visitor for Reader<'_> {
    fn header(&mut self, header: &Header) -> Result<(), ImportError> {
        let columns = Columns::resolve(self.mapping, header, self.file)?;
        if let Some(rejects) = &mut self.rejects {
            rejects.set_header(&columns);
        }
        self.columns = Some(columns);
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, progress: Progress) -> Result<ControlFlow<()>, ImportError> {
        (self.progress)(progress);
        let Some(columns) = self.columns.take() else { return Err(ImportError::NoHeader) };
        self.list.report.rows += 1;
        let taken = match self.read(&columns, row) {
            Ok(Some(product)) => self.take(product, row)?,
            Ok(None) => Ok(()),
            Err(fault) => Err(fault),
        };
        if let Err(fault) = taken {
            let reject = Reject::new(&columns, row, fault);
            self.list.report.count_reject(&reject, self.lang);
            if let Some(rejects) = &mut self.rejects {
                rejects.write(&reject)?;
            }
        }
        self.columns = Some(columns);
        Ok(ControlFlow::Continue(()))
    }
}

impl Reader<'_> {
    fn read(&mut self, columns: &Columns, row: &Row<'_>) -> Result<Option<Product>, Fault> {
        columns.check_width(row)?;
        let price = || {
            let price = self.money(Field::Price, columns, row)?;
            Ok(price.unwrap_or_default().ten_thousandths())
        };
        let nothing = || Ok(0);
        if let Some(ruling) = columns.rule(row, &nothing, &price)? {
            let reason = match ruling.reason {
                "" => format!("[[rule]] {}", ruling.rule + 1),
                given => given.to_owned(),
            };
            if ruling.action == Action::Reject {
                let sku = columns.text(Field::Sku, row)?.unwrap_or_default();
                return Err(Fault::of(Field::Sku, sku, Reason::ByRule(reason.into())));
            }
            *self.list.report.skipped.entry(reason).or_default() += 1;
            return Ok(None);
        }
        self.product(columns, row).map(Some)
    }

    fn product(&self, columns: &Columns, row: &Row<'_>) -> Result<Product, Fault> {
        let sku = columns.needed(Field::Sku, row)?;
        let bad = |error| Fault::of(Field::Sku, sku, Reason::BadId(error));
        let mut product = Product::named_after(Sku::new(sku).map_err(bad)?);
        let any = columns.text(Field::Name, row)?;
        let chinese = columns.text(Field::NameZh, row)?;
        let english = columns.text(Field::NameEn, row)?;
        let missing = || Fault::of(Field::Name, "", Reason::Missing);
        let name_zh = chinese.or(any).or(english).ok_or_else(missing)?;
        let name_en = english.or(any).or(chinese).ok_or_else(missing)?;
        let texts = [
            (Field::NameZh, catalog::Field::NameZh, Some(name_zh)),
            (Field::NameEn, catalog::Field::NameEn, Some(name_en)),
            (Field::Barcode, catalog::Field::Barcode, columns.text(Field::Barcode, row)?),
            (Field::Unit, catalog::Field::Unit, columns.text(Field::Unit, row)?),
            (Field::Category, catalog::Field::Category, columns.text(Field::Category, row)?),
            (Field::SoldBy, catalog::Field::SoldBy, columns.text(Field::SoldBy, row)?),
            (Field::Status, catalog::Field::Status, columns.text(Field::Status, row)?),
            (Field::Spec, catalog::Field::Spec, columns.text(Field::Spec, row)?),
            (Field::Model, catalog::Field::Model, columns.text(Field::Model, row)?),
            (Field::Brand, catalog::Field::Brand, columns.text(Field::Brand, row)?),
            (Field::Mnemonic, catalog::Field::Mnemonic, columns.text(Field::Mnemonic, row)?),
            (Field::Style, catalog::Field::Style, columns.text(Field::Style, row)?),
            (Field::Size, catalog::Field::Size, columns.text(Field::Size, row)?),
            (Field::Colour, catalog::Field::Colour, columns.text(Field::Colour, row)?),
        ];
        let texts = texts.map(|(field, target, text)| {
            (field, target, text.map(|text| self.fitting(field, text)))
        });
        // Cut short these would be other codes, other numbers.
        let exact = [
            (Field::MoreBarcodes, catalog::Field::MoreBarcodes),
            (Field::Packs, catalog::Field::Packs),
            (Field::ShelfLifeDays, catalog::Field::ShelfLifeDays),
        ];
        let exact = exact.map(|(field, target)| Ok((field, target, columns.text(field, row)?)));
        let exact = exact.into_iter().collect::<Result<Vec<_>, Fault>>()?;
        for (field, target, text) in texts.into_iter().chain(exact) {
            let Some(text) = text else { continue };
            let wrong = |error: FieldError| Fault::of(field, text, Reason::BadField(error));
            product.set(target, text).map_err(wrong)?;
        }
        product.price = self.not_negative(Field::Price, columns, row)?.unwrap_or_default();
        product.floor_price = self.not_negative(Field::FloorPrice, columns, row)?;
        product.purchase_price = self.not_negative(Field::PurchasePrice, columns, row)?;
        product.wholesale_price = self.not_negative(Field::WholesalePrice, columns, row)?;
        product.member_price = self.not_negative(Field::MemberPrice, columns, row)?;
        if let Some(text) = columns.text(Field::TaxRate, row)? {
            let fault = || Fault::of(Field::TaxRate, text, Reason::BadTaxRate);
            let raw = self.mapping.numbers.tax_rate(text).map_err(|_| fault())?;
            let points = u16::try_from(raw).map_err(|_| fault())?;
            product.tax_rate = TaxRate::from_basis_points(points).map_err(|_| fault())?;
        }
        product.min_stock = self.stock(Field::MinStock, columns, row)?;
        product.max_stock = self.stock(Field::MaxStock, columns, row)?;
        match product.contradiction() {
            Some(why) => {
                Err(Fault::of(Field::Sku, product.sku.as_str(), Reason::Contradiction(why)))
            }
            None => Ok(product),
        }
    }

    /// The text, shortened if the mapping allows it. A barcode cut short is another barcode.
    fn fitting<'t>(&self, field: Field, text: &'t str) -> &'t str {
        let cut = self.mapping.products.long_texts == LongTexts::Cut && field != Field::Barcode;
        if cut { text[..text.floor_char_boundary(MAX_TEXT_LEN)].trim_end() } else { text }
    }

    fn not_negative(
        &self,
        field: Field,
        columns: &Columns,
        row: &Row<'_>,
    ) -> Result<Option<Money>, Fault> {
        let money = self.money(field, columns, row)?;
        if money.is_some_and(Money::is_negative) {
            let text = columns.text(field, row)?.unwrap_or_default();
            return Err(Fault::of(field, text, Reason::NegativeAmount));
        }
        Ok(money)
    }

    /// An amount of whatever sign; nothing where the file has none.
    fn money(
        &self,
        field: Field,
        columns: &Columns,
        row: &Row<'_>,
    ) -> Result<Option<Money>, Fault> {
        let Some(text) = columns.text(field, row)? else { return Ok(None) };
        let fault = |reason: Reason| Fault::of(field, text, reason);
        let raw = self.mapping.numbers.money(text).map_err(|why| fault(why.into()))?;
        Money::from_ten_thousandths(raw).map(Some).map_err(|_| fault(Reason::TooLarge))
    }

    /// A bound of the stock; none where the file has none.
    fn stock(
        &self,
        field: Field,
        columns: &Columns,
        row: &Row<'_>,
    ) -> Result<Option<Quantity>, Fault> {
        let Some(text) = columns.text(field, row)? else { return Ok(None) };
        let fault = |reason: Reason| Fault::of(field, text, reason);
        let raw = self.mapping.numbers.quantity(text).map_err(|why| fault(why.into()))?;
        let min = Quantity::from_thousandths(raw).map_err(|_| fault(Reason::TooLarge))?;
        if min.is_negative() {
            return Err(fault(Reason::NegativeAmount));
        }
        Ok(Some(min))
    }

    fn take(&mut self, product: Product, row: &Row<'_>) -> Result<Result<(), Fault>, ImportError> {
        let products = &mut self.list.products;
        if let Some((place, first)) = self.known.get(&product.sku) {
            let known = &mut products[*place];
            match self.mapping.products.duplicates {
                Duplicates::Reject if *known != product => {
                    let sku = product.sku.as_str();
                    let fault = Fault::of(Field::Sku, sku, Reason::ProductTwice { row: *first });
                    return Ok(Err(fault));
                }
                Duplicates::Last => *known = product,
                Duplicates::Reject | Duplicates::First => {}
            }
            self.list.report.used += 1;
            return Ok(Ok(()));
        }
        if products.len() == MAX_PRODUCTS {
            return Err(ImportError::TooManyProducts);
        }
        self.known.insert(product.sku.clone(), (products.len(), row.number));
        products.push(product);
        self.list.report.used += 1;
        Ok(Ok(()))
    }
}

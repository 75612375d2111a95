//! `hub catalog …`

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use console::label::{Label, Printing};
use console::{Column, Exit, Lang, Out, Progress, Table, format, labels, words};
use ledger::catalog::Field;
use ledger::id::Sku;
use ledger::scan::Codes;

use crate::ask::catalog::{
    DoubtRow, ImportCatalog, ImportMode, Imported, ListConflicts, ListProducts, ProductRow,
    RejectedRow, SetProduct,
};
use crate::door::Door;
use crate::error::{HubError, Result};
use crate::sheet;

/// Rejected rows that a person is shown; the file has all.
const SHOWN_REJECTS: usize = 20;

pub(super) fn import(
    door: &impl Door,
    file: &Path,
    (mode, codes): (ImportMode, Codes),
    rejects: Option<PathBuf>,
    out: &Out,
) -> Result<Exit> {
    let (text, encoding) = read_text(file)?;
    let working = Progress::spinner(out, words::ImportReading { file: file.display() });
    let imported = door.ask(ImportCatalog { text, mode, codes, lang: out.lang.tag().to_owned() });
    working.clear();
    show_imported(file, encoding, rejects, &imported?, out)
}

/// Shows what an import did, and keeps the rows that were not taken.
pub(super) fn show_imported(
    file: &Path,
    encoding: &str,
    rejects: Option<PathBuf>,
    imported: &Imported,
    out: &Out,
) -> Result<Exit> {
    let (name, mode) = (file.display(), imported.mode);
    let rejects = match (mode, imported.rejected.is_empty()) {
        (ImportMode::Apply, false) => {
            Some(write_rejects(file, rejects, &imported.columns, &imported.rejected)?)
        }
        _ => None,
    };
    out.show(imported, |page| {
        page.say(words::ImportEncoding { encoding });
        for row in imported.rejected.iter().take(SHOWN_REJECTS) {
            page.say(words::ImportRowProblem { row: row.line, problem: &row.reason });
        }
        let hidden = imported.rejected.len().saturating_sub(SHOWN_REJECTS);
        if hidden > 0 {
            page.say(words::More { n: hidden });
        }
        for row in imported.doubts.iter().take(SHOWN_REJECTS) {
            let problem = doubt(page.lang(), row);
            page.say(words::ImportRowProblem { row: row.line.unwrap_or_default(), problem });
        }
        let hidden = imported.doubts.len().saturating_sub(SHOWN_REJECTS);
        if hidden > 0 {
            page.say(words::More { n: hidden });
        }
        let lang = page.lang();
        imported.hiding.iter().take(SHOWN_REJECTS).for_each(|row| page.line(row.hides(lang)));
        let hidden = imported.hiding.len().saturating_sub(SHOWN_REJECTS);
        if hidden > 0 {
            page.say(words::More { n: hidden });
        }
        let Imported { added, changed, unchanged: same, .. } = *imported;
        let (file, rejected) = (&name, imported.rejected.len());
        match mode {
            ImportMode::DryRun => {
                page.say(words::CatalogWouldImport { file, added, changed, same, rejected });
                page.say(words::ImportDryRun);
            }
            ImportMode::Apply => {
                page.say(words::CatalogImported { file, added, changed, same, rejected });
                if imported.told > 0 {
                    page.say(words::CatalogSent { stores: imported.told });
                }
            }
        }
        if let Some(path) = &rejects {
            page.say(words::ImportRejectFile { path: path.display() });
            page.say(words::CatalogRetry);
        }
    });
    Ok(if imported.rejected.is_empty() { Exit::Done } else { Exit::Failed })
}

/// The text of a file, and its encoding.
pub(super) fn read_text(file: &Path) -> Result<(String, &'static str)> {
    let at = |source| HubError::File { what: "read", path: file.to_owned(), source };
    let size = fs::metadata(file).map_err(at)?.len();
    if size > sheet::MAX_FILE as u64 {
        return Err(sheet::SheetError::TooLarge.into());
    }
    Ok(sheet::decode(&fs::read(file).map_err(at)?)?)
}

/// Writes the rejected rows as they came, with the reason in a last column, so that they can be
/// corrected and imported again.
pub(super) fn write_rejects(
    file: &Path,
    to: Option<PathBuf>,
    columns: &[String],
    rejected: &[RejectedRow],
) -> Result<PathBuf> {
    let path = to.unwrap_or_else(|| file.with_extension("rejected.csv"));
    let write = || -> io::Result<()> {
        let to = fs::File::create(&path)?;
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(to);
        let header = columns.iter().map(String::as_str).chain(["line", "reason"]);
        writer.write_record(header)?;
        for row in rejected {
            let line = row.line.to_string();
            let blank = columns.len().saturating_sub(row.cells.len());
            let cells = row.cells.iter().take(columns.len()).map(String::as_str);
            let cells = cells.chain(std::iter::repeat_n("", blank));
            writer.write_record(cells.chain([line.as_str(), &row.reason]))?;
        }
        writer.flush()
    };
    write().map_err(|source| HubError::File { what: "write", path: path.clone(), source })?;
    Ok(path)
}

pub(super) fn list(
    door: &impl Door,
    wanted: ListProducts,
    limit: usize,
    out: &Out,
) -> Result<Exit> {
    let of_style = wanted.style.is_some();
    let list = door.ask(wanted)?;
    out.show(&list, |page| {
        let lang = page.lang();
        if list.total == 0 {
            return page.say(words::CatalogEmpty);
        }
        if of_style {
            return print_variants(page, &list.products);
        }
        page.heading(words::CatalogHeading);
        let mut table = Table::new([
            Column::text(lang.say(words::Sku)),
            Column::text(lang.say(words::Barcode)),
            Column::flexible(lang.say(words::Product)),
            Column::flexible(labels::field(lang, Field::Spec)),
            Column::text(lang.say(words::Unit)),
            Column::flexible(lang.say(words::Category)),
            Column::number(lang.say(words::Price)),
            Column::number(lang.say(words::TaxRate)),
            Column::text(lang.say(words::Status)),
            Column::number(lang.say(words::Minimum)),
        ]);
        for product in list.products.iter().take(limit) {
            let name = match lang {
                Lang::Zh => product.get(Field::NameZh),
                Lang::En => product.get(Field::NameEn),
            };
            table.row([
                product.sku.as_str(),
                product.get(Field::Barcode),
                name,
                product.get(Field::Spec),
                product.get(Field::Unit),
                product.get(Field::Category),
                &price(product.get(Field::Price)),
                &percent(product.get(Field::TaxRate)),
                product.get(Field::Status),
                product.get(Field::MinStock),
            ]);
        }
        page.table(&table);
        let hidden = list.products.len().saturating_sub(limit);
        if hidden > 0 {
            page.say(words::More { n: hidden });
        }
        page.say(words::CatalogCount { n: format::count(list.products.len() as u64) });
        if list.conflicts > 0 {
            page.say(words::ConflictsCount { n: list.conflicts });
        }
    });
    Ok(Exit::Done)
}

/// The variants of a style.
fn print_variants(page: &mut console::Page, products: &[ProductRow]) {
    let lang = page.lang();
    page.heading(words::CatalogHeading);
    let mut table = Table::new([
        Column::text(labels::field(lang, Field::Colour)),
        Column::text(labels::field(lang, Field::Size)),
        Column::text(lang.say(words::Sku)),
        Column::text(lang.say(words::Barcode)),
        Column::flexible(lang.say(words::Product)),
        Column::number(lang.say(words::Price)),
    ]);
    for product in products {
        let name = match lang {
            Lang::Zh => product.get(Field::NameZh),
            Lang::En => product.get(Field::NameEn),
        };
        table.row([
            product.get(Field::Colour),
            product.get(Field::Size),
            product.sku.as_str(),
            product.get(Field::Barcode),
            name,
            &price(product.get(Field::Price)),
        ]);
    }
    page.table(&table);
}

pub(super) fn set(
    door: &impl Door,
    sku: Sku,
    fields: &[String],
    codes: Codes,
    out: &Out,
) -> Result<Exit> {
    let mut wanted = BTreeMap::new();
    for text in fields {
        let (field, value) =
            text.split_once('=').ok_or_else(|| HubError::NotAssigned { text: text.clone() })?;
        wanted.insert(field.trim().to_owned(), value.trim().to_owned());
    }
    let set = door.ask(SetProduct { sku, fields: wanted.clone(), codes })?;
    out.show(&set, |page| {
        let lang = page.lang();
        let sku = &set.product.sku;
        for field in wanted.keys().filter_map(|name| Field::named(name)) {
            let name = labels::field(lang, field);
            if set.changed.iter().any(|changed| changed == field.name()) {
                let value = set.product.get(field);
                page.say(words::CatalogSet { sku, field: name, value });
            } else {
                page.say(words::CatalogUnchanged { sku, field: name });
            }
        }
        for row in &set.doubts {
            page.line(doubt(lang, row));
        }
        set.hiding.iter().for_each(|row| page.line(row.hides(lang)));
        if set.told > 0 {
            page.say(words::CatalogSent { stores: set.told });
        }
    });
    Ok(Exit::Done)
}

pub(super) fn label(
    door: &impl Door,
    skus: &[Sku],
    printing: &Printing,
    out: &Out,
) -> Result<Exit> {
    let list = door.ask(ListProducts::default())?;
    let label = |sku: &Sku| {
        let known = list.products.iter().find(|product| product.sku == *sku);
        let known = known.ok_or_else(|| HubError::NoProduct { item: sku.to_string() })?;
        Ok(Label::from(&known.product()))
    };
    let labels = skus.iter().map(label).collect::<Result<Vec<Label>>>()?;
    printing.print(&labels, out)?;
    Ok(Exit::Done)
}

pub(super) fn conflicts(door: &impl Door, out: &Out) -> Result<Exit> {
    let found = door.ask(ListConflicts {})?;
    out.show(&found, |page| {
        let lang = page.lang();
        if found.conflicts.is_empty() {
            return page.say(words::ConflictsNone);
        }
        page.heading(words::ConflictsHeading);
        let mut table = Table::new([
            Column::text(lang.say(words::Sku)),
            Column::text(lang.say(words::ConflictField)),
            Column::flexible(lang.say(words::Value)),
            Column::text(lang.say(words::ConflictBy)),
            Column::text(lang.say(words::ConflictChosen)),
        ]);
        for conflict in &found.conflicts {
            let field = Field::named(&conflict.field);
            let field = field.map_or(conflict.field.clone(), |f| labels::field(lang, f));
            let last = conflict.values.len().saturating_sub(1);
            for (at, value) in conflict.values.iter().enumerate() {
                let in_force = if at == last { lang.say(words::Yes) } else { String::new() };
                table.row([conflict.sku.as_str(), &field, &value.value, &value.writer, &in_force]);
            }
        }
        page.table(&table);
        page.say(words::ConflictHow);
    });
    Ok(Exit::Done)
}

/// What is odd about a price.
fn doubt(lang: Lang, row: &DoubtRow) -> String {
    let field = Field::named(&row.field).map_or(row.field.clone(), |f| labels::field(lang, f));
    let [price, purchase] = [row.price, row.purchase].map(format::money);
    lang.say(words::PriceBelowPurchase { field, price, purchase })
}

/// A price as people read it; what is none stays as it is.
fn price(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), format::money)
}

/// Basis points as percent.
fn percent(text: &str) -> String {
    match text.parse::<u32>() {
        Ok(points) if points % 100 == 0 => format!("{}%", points / 100),
        Ok(points) => format!("{}.{:02}%", points / 100, points % 100),
        Err(_) => text.to_owned(),
    }
}

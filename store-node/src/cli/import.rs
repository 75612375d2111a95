//! Files of other systems, from the command line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use console::{Column, Exit, Out, Page, Progress, Table, format, labels, words};
use ledger::amount::{Money, TaxRate};
use ledger::id::{Operator, Sku};
use serde::Serialize;

use super::Scene;
use crate::ask::catalog::{ListProducts, Priced, PutProducts, Sheet};
use crate::door::{AnyDoor, Door};
use crate::error::Result;
use crate::import::{self, Applied, Kind, Mapping, Prices, Report, read_products};
use crate::sink::DoorSink;

/// Book a file of another system: products, opening stock, receipts, sales, adjustments · 导入
///
/// CSV (UTF-8, GB18030) or XLSX. The mapping file (TOML) says what the columns mean. Only rows of
/// this store are booked. Bad rows go to a reject file with their reasons and hold up nothing else.
/// The same file twice changes nothing. Products go into the catalog only while the books stand
/// alone; in a chain, head office imports them.
///
/// 映射文件（TOML）说明各列含义；只导入本店的行；坏行连同原因写入退回文件；重复导入不会重复入账。
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The file · 文件
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What its columns mean · 映射文件
    #[arg(long, value_name = "TOML")]
    mapping: PathBuf,
    /// Check and count, and book nothing · 只检查，不入账
    #[arg(long)]
    dry_run: bool,
    /// Where rejected rows go; FILE with `.rejects.csv` if left out · 退回文件
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Who does it · 经手人
    #[arg(long, value_name = "NAME", env = "EVENSTOCK_OPERATOR")]
    operator: Option<Operator>,
}

/// What an import came to.
#[derive(Serialize)]
struct Imported {
    file: String,
    dry_run: bool,
    /// Documents or products that are booked now.
    booked: u64,
    /// Documents that were booked before.
    booked_before: u64,
    /// Documents that the books refused.
    refused: u64,
    /// Rows in the reject file.
    rejected_rows: u64,
    reject_file: Option<PathBuf>,
    report: Report,
}

impl Import {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let mapping = Mapping::read(&self.mapping)
            .map_err(|source| crate::NodeError::Mapping { path: self.mapping.clone(), source })?;
        let door = scene.door()?;
        let imported = if mapping.kind() == Kind::Products {
            self.products(scene, &door, &mapping)?
        } else {
            self.documents(scene, &door, &mapping)?
        };
        scene.out.show(&imported, |page| print(page, &imported));
        Ok(Exit::Done)
    }

    fn products(&self, scene: &Scene<'_>, door: &AnyDoor, mapping: &Mapping) -> Result<Imported> {
        let rejects = self.rejects_path();
        let wanted = (!self.dry_run).then_some(rejects.as_path());
        let bar = Bar::reading(scene.out, &self.file);
        let list = read_products(mapping, &self.file, wanted, scene.out.lang, &mut |p| bar.at(p));
        bar.clear();
        let list = list?;
        if !self.dry_run && !list.products.is_empty() {
            door.ask(PutProducts { products: list.products.iter().map(Sheet::from).collect() })?;
        }
        Ok(Imported {
            file: self.file.display().to_string(),
            dry_run: self.dry_run,
            booked: if self.dry_run { 0 } else { list.products.len() as u64 },
            booked_before: 0,
            refused: 0,
            rejected_rows: list.report.rejected,
            reject_file: list.reject_file,
            report: list.report,
        })
    }

    fn documents(&self, scene: &Scene<'_>, door: &AnyDoor, mapping: &Mapping) -> Result<Imported> {
        let store = scene.home.read_config()?.store;
        let prices = Catalog::of(door.ask(ListProducts::default())?);
        let import = import::Import::new(mapping, &self.file)
            .only_store(&store)
            .in_language(scene.out.lang)
            .with_prices(&prices);
        let bar = Bar::reading(scene.out, &self.file);
        let checked = import.check(&mut |progress| bar.at(progress));
        bar.clear();
        let checked = checked?;
        let applied = if self.dry_run {
            Applied { report: checked.report, ..Applied::default() }
        } else {
            let mut sink = DoorSink::new(door, self.operator.clone(), scene.out.lang);
            let bar = Bar::posting(scene.out, &self.file);
            let rejects = self.rejects_path();
            let applied = import.apply(&checked, &mut sink, &rejects, &mut |p| bar.at(p));
            bar.clear();
            applied?
        };
        let rejected_rows =
            if self.dry_run { applied.report.rejected } else { applied.rejected_rows };
        Ok(Imported {
            file: self.file.display().to_string(),
            dry_run: self.dry_run,
            booked: applied.posted,
            booked_before: applied.already_there,
            refused: applied.refused,
            rejected_rows,
            reject_file: applied.reject_file,
            report: applied.report,
        })
    }

    fn rejects_path(&self) -> PathBuf {
        self.rejects.clone().unwrap_or_else(|| self.file.with_extension("rejects.csv"))
    }
}

/// The prices of the catalog, for files that have none.
struct Catalog(BTreeMap<Sku, (Money, TaxRate)>);

impl Catalog {
    fn of(products: Vec<Priced>) -> Self {
        let price = |product: Priced| {
            let rate = TaxRate::from_basis_points(product.tax_rate).unwrap_or_default();
            (product.sku, (product.price, rate))
        };
        Self(products.into_iter().filter(|p| !p.price.is_zero()).map(price).collect())
    }
}

impl Prices for Catalog {
    fn price(&self, sku: &Sku) -> Option<(Money, TaxRate)> {
        self.0.get(sku).copied()
    }
}

/// A bar over the bytes of the file.
struct Bar(Progress);

impl Bar {
    fn reading(out: &Out, file: &Path) -> Self {
        Self(Progress::bar(out, words::ImportReading { file: file.display() }, 0))
    }

    fn posting(out: &Out, file: &Path) -> Self {
        Self(Progress::bar(out, words::ImportPosting { file: file.display() }, 0))
    }

    fn at(&self, progress: import::Progress) {
        self.0.set_total(progress.total);
        self.0.reach(progress.done);
    }

    fn clear(&self) {
        self.0.clear();
    }
}

fn print(page: &mut Page, imported: &Imported) {
    let (lang, report) = (page.lang(), &imported.report);
    let mut table = Table::new([
        Column::text(lang.say(words::Kind)),
        Column::number(lang.say(words::Count)),
        Column::number(lang.say(words::Lines)),
        Column::number(lang.say(words::Quantity)),
        Column::number(lang.say(words::Amount)),
    ]);
    for (kind, total) in report.by_kind() {
        table.row([
            labels::kind(lang, kind.name()),
            format::count(total.documents),
            format::count(total.lines),
            format::quantity_total(total.quantity),
            format::money_total(total.money),
        ]);
    }
    if !table.is_empty() {
        page.table(&table);
    }
    page.fields([
        (lang.say(words::ImportRows), format::count(report.rows)),
        (lang.say(words::ImportGood), format::count(report.used)),
        (lang.say(words::ImportRejected), format::count(imported.rejected_rows)),
        (lang.say(words::ImportOtherStores), format::count(report.other_stores)),
        (
            lang.say(words::ImportLeftOut),
            format::count(report.skipped.values().sum::<u64>() + report.nothing_to_book),
        ),
    ]);
    for reject in &report.rejects {
        let problem = match reject.column.as_str() {
            "" => reject.reason.say(lang),
            column => format!("{column} `{}`: {}", reject.value, reject.reason.say(lang)),
        };
        page.say(words::ImportRowProblem { row: reject.row, problem });
    }
    let more = report.rejected.saturating_sub(report.rejects.len() as u64);
    if more > 0 {
        page.say(words::More { n: format::count(more) });
    }
    if imported.dry_run {
        return page.say(words::ImportDryRun);
    }
    page.say(words::ImportDone {
        file: &imported.file,
        booked: format::count(imported.booked),
        known: format::count(imported.booked_before),
        rejected: format::count(imported.rejected_rows),
    });
    if let Some(path) = &imported.reject_file {
        page.say(words::ImportRejectFile { path: path.display() });
    }
}

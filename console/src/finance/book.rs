//! A file of vouchers while it is written, one voucher after the other.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use ledger::voucher::{Account, Settings, Voucher};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::ExportError;
use super::journal;
use super::layout::{At, Layout};
use crate::words::Lang;

/// The form of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// A row for each line, for spreadsheets and other programs · CSV 文件
    #[default]
    Csv,
    /// The same as a workbook · Excel 工作簿
    Xlsx,
    /// A journal for hledger
    Hledger,
    /// A journal for beancount
    Beancount,
    /// A list of vouchers
    Json,
}

/// What a file needs to know beside the vouchers.
#[derive(Debug)]
pub struct Book {
    lang: Lang,
    settings: Settings,
    accounts: Vec<Account>,
}

/// A file under way.
pub struct Writing<'b> {
    book: &'b Book,
    path: PathBuf,
    fresh: PathBuf,
    to: BufWriter<File>,
    body: Body,
    layout: Layout,
    /// The month whose vouchers are counted, and how many there were.
    month: (String, u64),
    vouchers: u64,
}

enum Body {
    Csv,
    Xlsx { workbook: Box<Workbook>, row: u32, money: Box<Format> },
    Hledger,
    Beancount,
    Json,
}

impl Book {
    /// With a chart of accounts.
    pub const fn new(lang: Lang, settings: Settings, accounts: Vec<Account>) -> Self {
        Self { lang, settings, accounts }
    }

    pub(super) const fn lang(&self) -> Lang {
        self.lang
    }

    pub(super) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The account of a code.
    pub(super) fn account(&self, code: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.code == code)
    }

    /// Begins a file. It gets its name when it is whole.
    pub fn write(
        &self,
        path: &Path,
        form: Form,
        layout: Layout,
    ) -> Result<Writing<'_>, ExportError> {
        let mut fresh = path.as_os_str().to_owned();
        fresh.push(".part");
        let fresh = PathBuf::from(fresh);
        let file = File::create(&fresh)
            .map_err(|source| ExportError::File { path: path.to_owned(), source })?;
        let body = match form {
            Form::Csv => Body::Csv,
            Form::Xlsx => Body::Xlsx {
                workbook: Box::new(begin_workbook(&layout)?),
                row: 0,
                money: Box::new(Format::new().set_num_format("#,##0.00")),
            },
            Form::Hledger => Body::Hledger,
            Form::Beancount => Body::Beancount,
            Form::Json => Body::Json,
        };
        let mut writing = Writing {
            book: self,
            path: path.to_owned(),
            fresh,
            to: BufWriter::new(file),
            body,
            layout,
            month: (String::new(), 0),
            vouchers: 0,
        };
        let head = match writing.body {
            Body::Csv => csv_row(writing.layout.headings()),
            Body::Hledger => journal::hledger_head(self),
            Body::Beancount => journal::beancount_head(self),
            Body::Json => "[".to_owned(),
            Body::Xlsx { .. } => String::new(),
        };
        writing.put(head.as_bytes())?;
        Ok(writing)
    }
}

impl Writing<'_> {
    /// Adds a voucher.
    pub fn add(&mut self, voucher: &Voucher) -> Result<(), ExportError> {
        let month = voucher.date.to_string()[.."2026-11".len()].to_owned();
        if self.month.0 != month {
            self.month = (month, 0);
        }
        self.month.1 += 1;
        self.vouchers += 1;
        let serial = self.month.1;
        let at = |line| At { voucher, serial, line };
        let text = match &mut self.body {
            Body::Hledger => journal::hledger(self.book, voucher),
            Body::Beancount => journal::beancount(self.book, voucher),
            Body::Json => {
                let comma = if self.vouchers == 1 { "\n" } else { ",\n" };
                let text = serde_json::to_string(voucher);
                format!("{comma}{}", text.expect("texts and numbers always serialize"))
            }
            Body::Csv => {
                let rows = (0..voucher.lines.len())
                    .map(|line| csv_row(self.layout.cells(self.book, &at(line))));
                rows.collect()
            }
            Body::Xlsx { workbook, row, money } => {
                for line in 0..voucher.lines.len() {
                    *row += 1;
                    let cells = self.layout.cells(self.book, &at(line));
                    write_row(workbook, *row, &self.layout, &cells, money)?;
                }
                String::new()
            }
        };
        self.put(text.as_bytes())
    }

    /// Makes the file whole, and gives how many vouchers are in it.
    pub fn finish(mut self) -> Result<u64, ExportError> {
        let end = match &mut self.body {
            Body::Json => b"\n]\n".to_vec(),
            Body::Xlsx { workbook, .. } => {
                workbook.save_to_buffer().map_err(Box::new).map_err(ExportError::from)?
            }
            _ => Vec::new(),
        };
        self.put(&end)?;
        let settle = |to: &mut BufWriter<File>| {
            to.flush()?;
            to.get_ref().sync_all()?;
            std::fs::rename(&self.fresh, &self.path)
        };
        let failed = |source| ExportError::File { path: self.path.clone(), source };
        settle(&mut self.to).map_err(failed)?;
        Ok(self.vouchers)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        let failed = |source: io::Error| ExportError::File { path: self.path.clone(), source };
        self.to.write_all(bytes).map_err(failed)
    }
}

fn csv_row(cells: Vec<String>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).expect("rows are written to memory");
    let bytes = writer.into_inner().expect("memory takes what is left");
    String::from_utf8(bytes).expect("text was written")
}

fn begin_workbook(layout: &Layout) -> Result<Workbook, ExportError> {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold();
    let mut begin = || -> Result<(), XlsxError> {
        let page = workbook.add_worksheet();
        for (at, heading) in (0_u16..).zip(layout.headings()) {
            page.write_with_format(0, at, heading, &bold)?;
        }
        page.set_freeze_panes(1, 0)?;
        Ok(())
    };
    begin().map_err(Box::new)?;
    Ok(workbook)
}

fn write_row(
    workbook: &mut Workbook,
    row: u32,
    layout: &Layout,
    cells: &[String],
    money: &Format,
) -> Result<(), ExportError> {
    let mut write = || -> Result<(), XlsxError> {
        let page = workbook.worksheet_from_index(0)?;
        for (at, (column, cell)) in (0_u16..).zip(layout.columns.iter().zip(cells)) {
            match cell.parse::<f64>() {
                // Cents of less than 2^53 are exact enough to print as they are.
                Ok(amount) if column.value.is_amount() => {
                    page.write_number_with_format(row, at, amount, money)?;
                }
                _ => {
                    page.write_string(row, at, cell)?;
                }
            }
        }
        Ok(())
    };
    Ok(write().map_err(Box::new)?)
}

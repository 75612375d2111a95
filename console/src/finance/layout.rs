//! Columns of vouchers in CSV files and workbooks: presets, and layouts of a chain's own.

use std::fs;
use std::path::Path;

use clap::ValueEnum;
use ledger::fact::PaymentMethod;
use ledger::voucher::{Account, Line, Side, Voucher};
use serde::{Deserialize, Serialize};

use super::ExportError;
use super::book::Book;
use crate::labels;
use crate::words::{self, Lang};

/// A known layout.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// Everything there is, for programs · 全部列
    #[default]
    Plain,
    /// As voucher import of Kingdee has it · 金蝶
    Kingdee,
    /// As voucher import of Yonyou has it · 用友
    Yonyou,
}

/// The columns of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// From left to right.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// What stands above it.
    pub heading: String,
    /// What stands in it.
    pub value: Value,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// The voucher's day (日期).
    Date,
    /// The year of that day.
    Year,
    /// The month of that day, from 1 (期间).
    Month,
    /// The word before its number (凭证字).
    Word,
    /// Its count within the month, from 1 (凭证号).
    Serial,
    /// Its name, which nothing changes.
    Number,
    /// The line's place in it, from 1 (分录号).
    Line,
    /// What it is about (摘要).
    Summary,
    /// The code of the account (科目编码).
    Account,
    /// The account's name (科目名称).
    AccountName,
    /// What is debited (借方金额).
    Debit,
    /// What is credited (贷方金额).
    Credit,
    /// The store (门店, 部门).
    Store,
    /// The kind of its facts.
    Kind,
    /// The supplier (供应商).
    Supplier,
    /// The category (商品类别).
    Category,
    /// The tax rate (税率).
    Rate,
    /// The payment method.
    Method,
    /// The currency (币别).
    Currency,
    /// How many facts are in the voucher (附单据数).
    Facts,
    /// The shift.
    Shift,
    /// The fact.
    Fact,
    /// Nothing.
    Empty,
}

impl Value {
    /// Whether it is an amount.
    pub(super) const fn is_amount(self) -> bool {
        matches!(self, Self::Debit | Self::Credit)
    }
}

impl Layout {
    /// A preset.
    pub fn preset(preset: Preset) -> Self {
        use Value::{
            Account, AccountName, Category, Credit, Currency, Date, Debit, Fact, Facts, Kind, Line,
            Method, Month, Number, Rate, Serial, Shift, Store, Summary, Supplier, Word, Year,
        };
        let columns: &[(&str, Value)] = match preset {
            Preset::Plain => &[
                ("number", Number),
                ("date", Date),
                ("store", Store),
                ("kind", Kind),
                ("shift", Shift),
                ("fact", Fact),
                ("facts", Facts),
                ("line", Line),
                ("account", Account),
                ("account_name", AccountName),
                ("debit", Debit),
                ("credit", Credit),
                ("supplier", Supplier),
                ("category", Category),
                ("rate", Rate),
                ("method", Method),
                ("currency", Currency),
            ],
            Preset::Kingdee => &[
                ("日期", Date),
                ("会计年度", Year),
                ("会计期间", Month),
                ("凭证字", Word),
                ("凭证号", Serial),
                ("分录号", Line),
                ("摘要", Summary),
                ("科目代码", Account),
                ("科目名称", AccountName),
                ("币别", Currency),
                ("借方金额", Debit),
                ("贷方金额", Credit),
                ("部门", Store),
                ("供应商", Supplier),
                ("参考信息", Number),
                ("附件数", Facts),
            ],
            Preset::Yonyou => &[
                ("制单日期", Date),
                ("凭证类别字", Word),
                ("凭证编号", Serial),
                ("附单据数", Facts),
                ("摘要", Summary),
                ("科目编码", Account),
                ("科目名称", AccountName),
                ("币种", Currency),
                ("借方金额", Debit),
                ("贷方金额", Credit),
                ("部门编码", Store),
                ("供应商编码", Supplier),
                ("票据号", Number),
            ],
        };
        let column = |(heading, value): &(&str, Value)| Column {
            heading: (*heading).to_owned(),
            value: *value,
        };
        Self { columns: columns.iter().map(column).collect() }
    }

    /// A chain's own, from a TOML file: `[[column]]` with `heading` and `value`.
    pub fn read(path: &Path) -> Result<Self, ExportError> {
        let bad = |why: String| ExportError::Layout { path: path.to_owned(), why };
        let text = fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
        let layout: Self = toml::from_str(&text).map_err(|error| bad(error.to_string()))?;
        if layout.columns.is_empty() {
            return Err(bad("it has no column".to_owned()));
        }
        Ok(layout)
    }

    /// What stands above the columns.
    pub(super) fn headings(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.heading.clone()).collect()
    }

    /// The cells of a line.
    pub(super) fn cells(&self, book: &Book, at: &At<'_>) -> Vec<String> {
        self.columns.iter().map(|column| cell(book, column.value, at)).collect()
    }
}

/// A line of a voucher, and where it stands.
pub(super) struct At<'v> {
    pub(super) voucher: &'v Voucher,
    pub(super) serial: u64,
    pub(super) line: usize,
}

fn cell(book: &Book, value: Value, at: &At<'_>) -> String {
    let At { voucher, serial, line: place } = at;
    let line: &Line = &voucher.lines[*place];
    let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
    let amount = |side| if line.side == side { line.amount.to_string() } else { String::new() };
    match value {
        Value::Date => voucher.date.to_string(),
        Value::Year => voucher.date.date().year().to_string(),
        Value::Month => voucher.date.date().month().to_string(),
        Value::Word => book.settings().word.clone(),
        Value::Serial => serial.to_string(),
        Value::Number => voucher.number.clone(),
        Value::Line => (place + 1).to_string(),
        Value::Summary => summary(book.lang(), voucher),
        Value::Account => line.account.clone(),
        Value::AccountName => book
            .account(&line.account)
            .map(|account| name(book.lang(), account).to_owned())
            .unwrap_or_default(),
        Value::Debit => amount(Side::Debit),
        Value::Credit => amount(Side::Credit),
        Value::Store => voucher.store.to_string(),
        Value::Kind => voucher.kind.clone(),
        Value::Supplier => text(&line.about.supplier),
        Value::Category => text(&line.about.category),
        Value::Rate => text(&line.about.rate),
        Value::Method => line.about.method.map(PaymentMethod::name).unwrap_or_default().into(),
        Value::Currency => book.settings().currency.clone(),
        Value::Facts => voucher.facts.to_string(),
        Value::Shift => voucher.shift.map(|shift| shift.to_string()).unwrap_or_default(),
        Value::Fact => voucher.fact.map(|fact| fact.to_string()).unwrap_or_default(),
        Value::Empty => String::new(),
    }
}

/// What a voucher is about, in words (摘要).
pub(super) fn summary(lang: Lang, voucher: &Voucher) -> String {
    let mut text = format!("{} {}", labels::kind(lang, &voucher.kind), voucher.store);
    if let Some(date) = voucher.late_of {
        text = format!("{text} ({})", lang.say(words::FinanceLate { date }));
    }
    text
}

/// An account's name.
pub(super) fn name(lang: Lang, account: &Account) -> &str {
    match lang {
        Lang::Zh => &account.zh,
        Lang::En => &account.en,
    }
}

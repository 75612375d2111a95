//! What can be typed after `report`.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};
use ledger::id::{Sku, StoreId};
use ledger::report::{
    Answer, Borders, Buckets, Group, MarginGroup, Period, PurchaseGroup, Rank, Report, TakingsGroup,
};
use ledger::time::BusinessDate;

use super::ask::Asked;
use super::{ReportError, file, show};
use crate::output::Out;

/// Rows that a person is shown before being told that there are more.
const HUMAN_ROWS: usize = 200;

/// What money tied up in stock costs a year unless somebody says otherwise: 10 %, in hundredths of a per cent.
const HOLDING_RATE: &str = "10";

/// Reports · 报表
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "flattened options have their texts where they are defined")]
pub enum Reports {
    /// Opening, in by kind, out by kind, closing · 进销存汇总表
    Movements {
        /// One row for each ... · 汇总方式
        #[arg(long, value_enum, default_value_t = By::Both)]
        by: By,
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        about: About,
    },
    /// What was on hand at the end of a day · 某日库存
    Stock {
        #[command(flatten)]
        moment: Moment,
        #[command(flatten)]
        about: About,
    },
    /// Products by stores: what each has · 库存分布表
    Matrix {
        #[command(flatten)]
        moment: Moment,
        #[command(flatten)]
        about: About,
    },
    /// Every fact that moved a product, with what there was after it · 商品流水账
    Ledger {
        /// The product: its SKU or barcode · 商品编码或条码
        #[arg(value_name = "ITEM")]
        item: Sku,
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        about: About,
    },
    /// How old stock is, by the deliveries it comes from · 库龄
    Ageing {
        /// One row for each ... · 汇总方式
        #[arg(long, value_enum, default_value_t = By::Both)]
        by: By,
        /// Up to how many days each class reaches · 库龄段（天）
        #[arg(long, value_name = "DAYS,...", default_value = "30,60,90,180,365")]
        buckets: Buckets,
        #[command(flatten)]
        moment: Moment,
        #[command(flatten)]
        about: About,
    },
    /// How fast stock turns over, and for how many days it lasts · 周转率
    Turnover {
        /// One row for each ... · 汇总方式
        #[arg(long, value_enum, default_value_t = By::Product)]
        by: By,
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        about: About,
    },
    /// How much of what there was to sell was sold · 动销率
    SellThrough {
        /// One row for each ... · 汇总方式
        #[arg(long, value_enum, default_value_t = By::Product)]
        by: By,
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        about: About,
    },
    /// The few products that matter most · ABC 分类
    Abc {
        /// By what they are ranked · 排序依据
        #[arg(long, value_enum, default_value_t = RankBy::Sales)]
        rank: RankBy,
        /// Up to which share A and B reach, in per cent · A、B 类累计占比（%）
        #[arg(long, value_name = "A,B", default_value = "80,95")]
        borders: Borders,
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        about: About,
    },
    /// What was bought · 采购统计
    Purchases {
        /// One row for each ... · 汇总方式
        #[arg(long, value_enum, default_value_t = BoughtBy::Supplier)]
        by: BoughtBy,
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        about: About,
    },
    /// What customers paid and were paid back, by payment method · 收银日报
    Takings {
        /// One row for each ... and payment method · 汇总方式
        #[arg(long, value_enum, default_value_t = TakenBy::Shift)]
        by: TakenBy,
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        about: About,
    },
    /// Deliveries, rejected goods and prices of suppliers · 供应商评价
    Suppliers {
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        about: About,
    },
    /// What stock cost: buying, holding, loss · 库存成本
    Cost {
        /// One row for each ... · 汇总方式
        #[arg(long, value_enum, default_value_t = By::Store)]
        by: By,
        /// What holding stock costs a year, in per cent of its worth · 年持有成本率（%）
        #[arg(long, value_name = "PERCENT", default_value = HOLDING_RATE)]
        rate: Rate,
        /// Where that is another rate for a store, e.g. S01=12.5 · 门店费率
        #[arg(long, value_name = "STORE=PERCENT", value_delimiter = ',')]
        store_rate: Vec<StoreRate>,
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        about: About,
    },
    /// Sales, what they cost, and what was earned on them · 销售毛利
    Margin {
        /// One row for each ... · 汇总方式
        #[arg(long, value_enum, default_value_t = EarnedBy::Product)]
        by: EarnedBy,
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        about: About,
    },
    /// Margin, corrections of cost and losses of each store · 商品损益表
    Profit {
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        about: About,
    },
    /// Tax on sales by rate, and tax that suppliers asked for · 增值税汇总
    Tax {
        #[command(flatten)]
        days: Days,
        #[command(flatten)]
        about: About,
    },
    /// What is owed to suppliers at the end of a day, by how long it has been due · 应付账龄
    Payables {
        #[command(flatten)]
        moment: Moment,
        #[command(flatten)]
        about: About,
    },
}

/// What a row about margins is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EarnedBy {
    /// A product · 商品
    Product,
    /// A store · 门店
    Store,
    /// Who sold · 收银员
    Operator,
    /// Who bought · 会员
    Member,
}

/// Of which days.
#[derive(Debug, Clone, Copy, Args)]
pub struct Days {
    /// From this day on [default: the first of the month] · 起始日期
    #[arg(long, value_name = "DATE")]
    from: Option<BusinessDate>,
    /// Up to this day [default: today] · 截止日期
    #[arg(long, value_name = "DATE")]
    to: Option<BusinessDate>,
    /// A whole month, e.g. 2026-10 · 月份
    #[arg(long, value_name = "MONTH", conflicts_with_all = ["from", "to"])]
    month: Option<Period>,
}

/// At the end of which day.
#[derive(Debug, Clone, Copy, Args)]
pub struct Moment {
    /// At the end of this day [default: today] · 截止日期
    #[arg(long, value_name = "DATE")]
    at: Option<BusinessDate>,
}

/// Of which stores and goods, and where it goes.
#[derive(Debug, Clone, Args)]
pub struct About {
    /// Only these stores, e.g. S01,S02 · 门店
    #[arg(long = "store", value_name = "STORE,...", value_delimiter = ',')]
    stores: Vec<StoreId>,
    /// Only products of this category · 商品类别
    #[arg(long, value_name = "CATEGORY")]
    category: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// Where a report goes beside the terminal.
#[derive(Debug, Clone, Args)]
pub struct Output {
    /// Write all rows to a CSV file · 导出 CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write all rows to a workbook · 导出 Excel
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,
    /// The most rows to print; files and JSON have all · 最多行数
    #[arg(long, value_name = "N", default_value_t = HUMAN_ROWS)]
    limit: usize,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// A product at a store · 门店与商品
    Both,
    /// A product, over the stores · 商品
    Product,
    /// A category, over the stores · 类别
    Category,
    /// A store, over its products · 门店
    Store,
}

/// What a row about purchases is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BoughtBy {
    /// A supplier · 供应商
    Supplier,
    /// A product · 商品
    Product,
    /// A month · 月份
    Month,
    /// A store · 门店
    Store,
}

/// What a row about takings is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TakenBy {
    /// A day · 日期
    Day,
    /// A shift of a day · 班次
    Shift,
    /// Who took it · 收银员
    Operator,
    /// A store · 门店
    Store,
}

impl From<TakenBy> for TakingsGroup {
    fn from(by: TakenBy) -> Self {
        match by {
            TakenBy::Day => Self::Day,
            TakenBy::Shift => Self::Shift,
            TakenBy::Operator => Self::Operator,
            TakenBy::Store => Self::Store,
        }
    }
}

/// By what products are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RankBy {
    /// What customers paid · 销售额
    Sales,
    /// What was earned on them · 毛利
    Margin,
    /// How much was sold · 销量
    Quantity,
}

/// A rate in hundredths of a per cent, typed in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(u32);

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is not a rate from 0 to 1000 per cent, such as 12.5");
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 4 || part.len() > 2 || !plain(whole) || !plain(part) {
            return Err(bad());
        }
        let rate = format!("{whole}{part:0<2}").parse().map_err(|_| bad())?;
        if rate > 100_000 { Err(bad()) } else { Ok(Self(rate)) }
    }
}

/// A store's own rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreRate(StoreId, Rate);

impl FromStr for StoreRate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (store, rate) =
            text.split_once('=').ok_or_else(|| format!("`{text}` is not like S01=12.5"))?;
        Ok(Self(StoreId::new(store).map_err(|error| error.to_string())?, rate.parse()?))
    }
}

impl Reports {
    /// What is asked, and where the answer goes.
    pub fn ask(self) -> (Asked, Output) {
        match self {
            Self::Movements { by, days, about } => {
                about.ask(Report::Movements { by: by.into() }, days)
            }
            Self::Stock { moment, about } => about.ask(Report::Stock, moment.into()),
            Self::Matrix { moment, about } => about.ask(Report::Matrix, moment.into()),
            Self::Ledger { item, days, about } => about.ask(Report::Ledger { sku: item }, days),
            Self::Ageing { by, buckets, moment, about } => {
                about.ask(Report::Ageing { by: by.into(), buckets }, moment.into())
            }
            Self::Turnover { by, days, about } => {
                about.ask(Report::Turnover { by: by.into() }, days)
            }
            Self::SellThrough { by, days, about } => {
                about.ask(Report::SellThrough { by: by.into() }, days)
            }
            Self::Abc { rank, borders, days, about } => {
                about.ask(Report::Abc { rank: rank.into(), borders }, days)
            }
            Self::Purchases { by, days, about } => {
                about.ask(Report::Purchases { by: by.into() }, days)
            }
            Self::Takings { by, days, about } => about.ask(Report::Takings { by: by.into() }, days),
            Self::Suppliers { days, about } => about.ask(Report::Suppliers, days),
            Self::Margin { by, days, about } => about.ask(Report::Margin { by: by.into() }, days),
            Self::Profit { days, about } => about.ask(Report::Profit, days),
            Self::Tax { days, about } => about.ask(Report::Tax, days),
            Self::Payables { moment, about } => about.ask(Report::Payables, moment.into()),
            Self::Cost { by, rate, store_rate, days, about } => {
                let own = |StoreRate(store, rate)| (store.to_string(), rate.0);
                let store_rates = store_rate.into_iter().map(own).collect();
                about.ask(Report::Cost { by: by.into(), rate: rate.0, store_rates }, days)
            }
        }
    }
}

impl About {
    fn ask(self, report: Report, days: Days) -> (Asked, Output) {
        let Self { stores, category, output } = self;
        let (from, to) = match days.month {
            Some(month) => (Some(month.from()), Some(month.to())),
            None => (days.from, days.to),
        };
        (Asked { report, from, to, stores, category }, output)
    }
}

impl Output {
    /// Writes the files that were asked for, and shows the report.
    pub fn give(&self, answer: &Answer, out: &Out) -> Result<(), ReportError> {
        let mut written = Vec::new();
        if let Some(path) = &self.csv {
            write(path, file::csv(&answer.sheet).as_bytes())?;
            written.push(path.as_path());
        }
        if let Some(path) = &self.xlsx {
            write(path, &file::xlsx(answer, out.lang)?)?;
            written.push(path.as_path());
        }
        out.show(answer, |page| show::report(page, answer, self.limit, &written));
        Ok(())
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    fs::write(path, bytes).map_err(|source| ReportError::File { path: path.to_owned(), source })
}

impl From<Moment> for Days {
    fn from(Moment { at }: Moment) -> Self {
        Self { from: at, to: at, month: None }
    }
}

impl From<By> for Group {
    fn from(by: By) -> Self {
        match by {
            By::Both => Self::StoreAndProduct,
            By::Product => Self::Product,
            By::Category => Self::Category,
            By::Store => Self::Store,
        }
    }
}

impl From<BoughtBy> for PurchaseGroup {
    fn from(by: BoughtBy) -> Self {
        match by {
            BoughtBy::Supplier => Self::Supplier,
            BoughtBy::Product => Self::Product,
            BoughtBy::Month => Self::Month,
            BoughtBy::Store => Self::Store,
        }
    }
}

impl From<EarnedBy> for MarginGroup {
    fn from(by: EarnedBy) -> Self {
        match by {
            EarnedBy::Product => Self::Product,
            EarnedBy::Store => Self::Store,
            EarnedBy::Operator => Self::Operator,
            EarnedBy::Member => Self::Member,
        }
    }
}

impl From<RankBy> for Rank {
    fn from(by: RankBy) -> Self {
        match by {
            RankBy::Sales => Self::Sales,
            RankBy::Margin => Self::Margin,
            RankBy::Quantity => Self::Quantity,
        }
    }
}

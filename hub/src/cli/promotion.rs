//! `hub promotion ...`

use std::path::PathBuf;

use clap::Subcommand;
use console::promotion::{self, ListPromotions};
use console::{Exit, Out, words};
use ledger::id::PromotionId;
use ledger::time::LocalTime;

use super::catalog::{read_text, show_imported};
use super::supplier::assigned;
use crate::ask::promotions::{EndPromotion, ImportPromotions, SetPromotion, ShowPromotion};
use crate::door::Door;
use crate::error::Result;

/// Rows that a person is shown before being told that there are more.
const HUMAN_ROWS: usize = 200;

/// Promotions: add, list, show, end, import · 促销
#[derive(Debug, Subcommand)]
pub(super) enum Promotion {
    /// Set a promotion; connected stores get it at once · 设定促销
    ///
    /// Fields: name, deal, skus, categories, brands, stores, from, until, weekdays, hours, levels, min_quantity,
    /// min_amount, limit, priority, stacking. Lists have ; between their parts. Deals:
    ///
    ///   deal=percent:20               20 % off
    ///   deal=each:2.50                2.50 off each
    ///   deal=total:10 min_amount=100  10 off for every 100; with limit=1 once
    ///   deal=buy:2+1                  of three the cheapest is free
    ///   deal=second:50                the second one at half price
    ///   deal=bundle:3=10              any three for 10
    ///   deal=set:19.90 skus='A;B'     one of each for 19.90
    ///   deal=clearance-date:0=10,7=20 from=2026-12-01   10 % off, after 7 days 20 %
    ///   deal=clearance-stock:60=20    20 % off what would last 60 days
    ///
    /// stacking=with:GROUP lets it hold beside others of that group; else it holds beside none.
    #[command(verbatim_doc_comment)]
    Add {
        /// Fields and their values, e.g. name=双十二 deal=percent:20 · 字段=值
        #[arg(required = true, value_name = "FIELD=VALUE")]
        fields: Vec<String>,
        /// Its number; the next one if left out, and one that is known is changed · 促销单号
        #[arg(long, value_name = "NUMBER")]
        number: Option<PromotionId>,
    },
    /// List promotions · 列出促销
    List {
        /// Those that hold at this time of shops' clocks · 某一时刻有效的
        #[arg(long, value_name = "TIME", value_parser = LocalTime::typed)]
        at: Option<LocalTime>,
    },
    /// Show a promotion · 查看促销
    Show {
        /// Its number · 促销单号
        promotion: PromotionId,
    },
    /// End a promotion · 结束促销
    End {
        /// Its number · 促销单号
        promotion: PromotionId,
        /// At this time of shops' clocks; now if left out · 结束时间
        #[arg(long, value_name = "TIME", value_parser = LocalTime::typed)]
        at: Option<LocalTime>,
    },
    /// Import promotions from a CSV or JSON file · 导入促销
    Import {
        /// The file: a row for each, with columns promotion, name, deal, ... · 文件
        file: PathBuf,
        /// Only show what would change · 试运行
        #[arg(long)]
        dry_run: bool,
        /// Where rejected rows go, each with its reason [default: beside the file] · 退回行文件
        #[arg(long, value_name = "FILE")]
        rejects: Option<PathBuf>,
    },
}

pub(super) fn run(door: &impl Door, what: Promotion, out: &Out) -> Result<Exit> {
    match what {
        Promotion::Add { fields, number } => {
            let set = door.ask(SetPromotion { promotion: number, fields: assigned(&fields)? })?;
            out.show(&set, |page| {
                let id = &set.now.promotion;
                if set.changed.is_empty() {
                    return page.say(words::PromotionSame { id });
                }
                page.say(words::PromotionAdded { id });
                promotion::print_one(page, &set.now);
                if set.told > 0 {
                    page.say(words::CatalogSent { stores: set.told });
                }
            });
        }
        Promotion::List { at } => {
            let rows = door.ask(ListPromotions { at })?;
            out.show(&rows, |page| {
                if rows.is_empty() {
                    return page.say(words::PromotionsNone);
                }
                page.heading(words::PromotionsHeading);
                promotion::print_list(page, &rows, HUMAN_ROWS);
            });
        }
        Promotion::Show { promotion } => {
            let row = door.ask(ShowPromotion { promotion })?;
            out.show(&row, |page| promotion::print_one(page, &row));
        }
        Promotion::End { promotion, at } => {
            let set = door.ask(EndPromotion { promotion, at })?;
            out.show(&set, |page| {
                let until = set.now.fields.get("until").map_or("", String::as_str);
                let until = until.replacen('T', " ", 1);
                page.say(words::PromotionEnded { id: &set.now.promotion, until });
            });
        }
        Promotion::Import { file, dry_run, rejects } => {
            let (text, encoding) = read_text(&file)?;
            let (mode, lang) = (dry_run.into(), out.lang.tag().to_owned());
            let imported = door.ask(ImportPromotions { text, mode, lang })?;
            return show_imported(&file, encoding, rejects, &imported, out);
        }
    }
    Ok(Exit::Done)
}

//! Promotions that concern this store.

use clap::Subcommand;
use console::promotion::{ListPromotions, print_list};
use console::{Exit, words};
use ledger::time::LocalTime;

use super::Scene;
use crate::door::Door;
use crate::error::Result;

/// Rows that a person is shown before being told that there are more.
const HUMAN_ROWS: usize = 200;

/// Promotions that concern this store · 促销
#[derive(Debug, Subcommand)]
pub(super) enum Promotion {
    /// List them · 列出促销
    List {
        /// Those that hold at this time of the shop's clock, e.g. 2026-12-01T08:00 · 某一时刻有效的
        #[arg(long, value_name = "TIME", value_parser = LocalTime::typed)]
        at: Option<LocalTime>,
    },
}

impl Promotion {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self::List { at } = self;
        let rows = scene.door()?.ask(ListPromotions { at })?;
        scene.out.show(&rows, |page| {
            if rows.is_empty() {
                return page.say(words::PromotionsNone);
            }
            page.heading(words::PromotionsHeading);
            print_list(page, &rows, HUMAN_ROWS);
        });
        Ok(Exit::Done)
    }
}

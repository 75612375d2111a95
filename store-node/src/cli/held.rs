//! What of the history is not here, and dropping old books, on the command line.

use clap::{Args, Subcommand};
use console::{Exit, Page, Progress, format, words};

use super::Scene;
use crate::ask::held::{DropBooks, NotHere};
use crate::door::Door;
use crate::error::Result;
use crate::retain::KeptDays;

/// The store's day books · 日账簿
#[derive(Debug, Subcommand)]
pub(super) enum Books {
    Drop(Drop),
}

/// Drop the day books older than so many days, closed and acknowledged by head office · 清理旧账簿
///
/// Stock, day totals and what was moved on each day stay. The receipts of those days are at head office
/// from then on, and no longer here. At least 35 days are kept.
///
/// 库存、日合计与每日进出数仍保留；这些日期的单据此后只在总部可查。至少保留 35 天。
#[derive(Debug, Args)]
pub(super) struct Drop {
    /// How many days to keep, e.g. 400d · 保留天数
    #[arg(long, value_name = "DAYS")]
    keep: KeptDays,
}

impl Books {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self::Drop(Drop { keep }) = self;
        let door = scene.door()?;
        let busy = Progress::spinner(scene.out, words::Working);
        let dropped = door.ask(DropBooks { keep });
        busy.clear();
        let dropped = dropped?;
        scene.out.show(&dropped, |page| {
            if dropped.days == 0 {
                page.say(words::BooksDroppedNone);
                page.say(words::BooksDroppedNoneHint);
            } else {
                page.say(words::BooksDropped {
                    days: format::count(dropped.days),
                    facts: format::count(dropped.facts),
                    size: format::bytes(dropped.bytes),
                });
            }
            note(page, &dropped.not_here);
        });
        Ok(Exit::Done)
    }
}

/// Says what is not here, if anything.
pub(super) fn note(page: &mut Page, not_here: &NotHere) {
    if let Some(through) = not_here.awaited_through {
        let facts = format::count(not_here.awaited);
        page.say(words::HistoryAwaited { facts, through });
    }
    if not_here.left_over > 0 {
        page.say(words::HistoryLeftOver { n: not_here.left_over });
    }
    if let Some(through) = not_here.dropped_through {
        page.say(words::HistoryDropped { through });
    }
}

//! The stocktake on the command line.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use console::{Column, Exit, Lang, Page, Table, format, words};
use ledger::amount::Quantity;
use ledger::id::{Bin, Operator, RequestId};
use ledger::stocktake::AbcClass;

use super::Scene;
use crate::ask::Named;
use crate::ask::count::{
    AddCount, Against, ApproveCount, CancelCount, CountAdded, CountResult, CountSheet, CountedItem,
    ExplainCount, PostCount, Recount, SeenLine, ShowCount, Sight, StartCount,
};
use crate::ask::counted::{Counted, ShowCounted};
use crate::clock::Zone;
use crate::door::Door;
use crate::error::Result;
use crate::node::count::WhichRound;
use crate::request::{FactRef, ReasonLine, ShelfLine};
use crate::view::ComparedView;

/// Count what is on the shelves while the shop sells · 盘点
///
/// What several people count of a product adds up. Counters see no book quantities; `show --book` is for
/// whoever reviews. Differences above the tolerance are counted again or given a reason before `post`
/// books them all as one document.
///
/// 边营业边盘点：多人分货位盘点，数量累加；盘点人看不到账面数，复核用 `show --book`。
/// 超出容差的商品须复盘或注明原因，最后用 `post` 一次入账。
#[derive(Debug, Subcommand)]
pub(super) enum Count {
    Start(Start),
    Add(Add),
    /// Show what was counted so far · 查看盘点进度
    Show {
        /// With book quantities and variances: for the reviewer · 显示账面数与盈亏（复核用）
        #[arg(long)]
        book: bool,
    },
    /// Have products counted again: what was counted of them no longer counts · 要求复盘
    Recount {
        /// Which · 商品
        #[arg(required = true, value_name = "ITEM")]
        items: Vec<String>,
    },
    /// Say why products differ · 注明差异原因
    ///
    /// A reason is ITEM=CODE, with a code of the chain's own: `milk=damaged`.
    ///
    /// 每项写作 商品=原因代码。
    Reason {
        /// Which, and why · 商品与原因
        #[arg(required = true, value_name = "ITEM=CODE")]
        reasons: Vec<ReasonLine>,
    },
    Approve(Approve),
    Post(Post),
    /// Show what was counted for a stocktake that is over, place by place · 盘点明细
    Lines {
        /// The stocktake: its bill number or fact id · 盘点单号
        #[arg(value_name = "BILL")]
        fact: FactRef,
    },
    /// Give the stocktake up: nothing of it is kept · 取消盘点
    Cancel,
}

/// Start a stocktake · 开始盘点
///
/// Of a category, a place, a class, some at random, of some items, or of whatever is counted. The same seed
/// chooses the same goods.
#[derive(Debug, Args)]
pub(super) struct Start {
    /// What is to be counted · 待盘商品
    #[arg(value_name = "ITEM")]
    items: Vec<String>,
    /// All products of a category · 按类别
    #[arg(long, value_name = "CATEGORY")]
    category: Option<String>,
    /// What was found at a place when it was counted last · 按货位
    #[arg(long, value_name = "PLACE")]
    bin: Option<Bin>,
    /// Goods of a class by their sales of the last 90 days: A, B or C · 按 ABC 类
    #[arg(long, value_name = "CLASS")]
    abc: Option<AbcClass>,
    /// So many of those, or of all that is on hand, at random · 抽盘数量
    #[arg(long, value_name = "N")]
    spot: Option<usize>,
    /// What the choice follows from; the day if left out · 抽样种子
    #[arg(long, value_name = "TEXT", requires = "spot")]
    seed: Option<String>,
    /// What to call it; by its day if left out · 名称，默认当日日期
    #[arg(long, value_name = "TEXT", default_value = "")]
    name: String,
    /// How much may differ without being looked at again; one unit if left out · 容差，默认 1
    #[arg(long, value_name = "QUANTITY")]
    tolerance: Option<Quantity>,
    #[command(flatten)]
    who: Who,
}

/// Put down what was counted · 登记实盘数
///
/// A line is CODE[:QUANTITY]: `milk:12`; a code alone is one. Put down what is on the shelf at once: it is
/// compared with the books of that moment.
///
/// 每行写作 条码[:数量]，只写条码为 1。请点完即登记。
#[derive(Debug, Args)]
pub(super) struct Add {
    /// What is there · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<ShelfLine>,
    /// Where · 货位
    #[arg(long, value_name = "PLACE")]
    place: Option<Bin>,
    /// Replaces what was counted of these products before · 复盘，替换此前数量
    #[arg(long)]
    recount: bool,
    #[command(flatten)]
    who: Who,
}

/// Approve what the stocktake has found · 盘点审核
///
/// By somebody who has neither started it nor counted. Needed where `[count] approve_above` in config.toml says so.
#[derive(Debug, Args)]
pub(super) struct Approve {
    /// Who approves it · 审核人
    #[arg(
        long = "by",
        visible_alias = "operator",
        value_name = "NAME",
        env = "EVENSTOCK_OPERATOR"
    )]
    operator: Option<Operator>,
}

/// End the stocktake and book what differs · 盘点入账
#[derive(Debug, Args)]
pub(super) struct Post {
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, Args)]
struct Who {
    /// Your own name for the request: repeating it does nothing twice · 请求号，重复提交不会重复登记
    #[arg(long, value_name = "ID")]
    request: Option<RequestId>,
    /// Who does it · 经手人
    #[arg(
        long = "by",
        visible_alias = "operator",
        value_name = "NAME",
        env = "EVENSTOCK_OPERATOR"
    )]
    operator: Option<Operator>,
}

impl Count {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let (door, zone, out) = (scene.door()?, scene.zone()?, scene.out);
        match self {
            Self::Start(start) => {
                let Start { items, category, bin, abc, spot, seed, name, tolerance, who } = start;
                let Who { request, operator } = who;
                let start = StartCount {
                    name,
                    category,
                    bin,
                    abc,
                    spot,
                    seed,
                    items,
                    tolerance,
                    request,
                    operator,
                };
                let sheet = door.ask(start)?;
                out.show(&sheet, |page| {
                    print_sheet(page, &sheet, &zone);
                    if sheet.repeated {
                        page.say(words::CountStartedBefore);
                    } else {
                        page.say(words::CountStarted);
                    }
                });
            }
            Self::Add(Add { lines, place, recount, who }) => {
                let Who { request, operator } = who;
                let round = if recount { WhichRound::New } else { WhichRound::Current };
                let added = door.ask(AddCount { lines, place, round, request, operator })?;
                out.show(&added, |page| print_added(page, &added));
            }
            Self::Show { book } => {
                let sight = if book { Sight::Book } else { Sight::Blind };
                let sheet = door.ask(ShowCount { sight })?;
                out.show(&sheet, |page| print_sheet(page, &sheet, &zone));
            }
            Self::Recount { items } => {
                let sheet = door.ask(Recount { items })?;
                out.show(&sheet, |page| print_sheet(page, &sheet, &zone));
            }
            Self::Reason { reasons } => {
                let sheet = door.ask(ExplainCount { reasons })?;
                out.show(&sheet, |page| print_sheet(page, &sheet, &zone));
            }
            Self::Approve(Approve { operator }) => {
                let sheet = door.ask(ApproveCount { operator })?;
                out.show(&sheet, |page| print_sheet(page, &sheet, &zone));
            }
            Self::Lines { fact } => {
                let counted = door.ask(ShowCounted { fact })?;
                out.show(&counted, |page| print_counted(page, &counted));
            }
            Self::Post(Post { who: Who { request, operator } }) => {
                let result = door.ask(PostCount { request, operator })?;
                out.show(&result, |page| print_result(page, &result));
            }
            Self::Cancel => {
                let cancelled = door.ask(CancelCount {})?;
                out.show(&cancelled, |page| page.say(words::CountGone));
            }
        }
        Ok(Exit::Done)
    }
}

fn print_sheet(page: &mut Page, sheet: &CountSheet, zone: &Zone) {
    let lang = page.lang();
    page.heading(words::CountHeading { name: &sheet.name });
    page.fields([
        (lang.say(words::CountStartedAt), format::time_in(sheet.started, zone.time_zone())),
        (
            lang.say(words::Operator),
            sheet.operator.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string),
        ),
        (lang.say(words::CountTolerance), format::quantity(sheet.tolerance)),
        (
            lang.say(words::CountApprovedBy),
            sheet.approved.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string),
        ),
    ]);
    if sheet.items.is_empty() {
        return page.say(words::CountEmpty);
    }
    page.gap();
    if sheet.items.iter().any(|item| item.against.is_some()) {
        print_review(page, &sheet.items);
    } else {
        print_blind(page, &sheet.items);
    }
    let left = sheet.items.iter().filter(|item| item.counted.is_none()).count();
    if left > 0 {
        page.say(words::CountLeft { n: left });
    }
}

/// As counters see it.
fn print_blind(page: &mut Page, items: &[CountedItem]) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::number(lang.say(words::CountCounted)),
        Column::number(lang.say(words::CountRound)),
        Column::text(lang.say(words::Status)),
        Column::text(lang.say(words::CountWhere)),
    ]);
    for item in items {
        table.row([
            item.sku.to_string(),
            name(item.named.as_ref(), lang),
            counted(item),
            item.round.to_string(),
            state(lang, &item.state),
            places(&item.lines),
        ]);
    }
    page.table(&table);
}

/// As whoever reviews it sees it.
fn print_review(page: &mut Page, items: &[CountedItem]) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::number(lang.say(words::CountCounted)),
        Column::number(lang.say(words::CountBook)),
        Column::number(lang.say(words::CountVariance)),
        Column::number(lang.say(words::CountMoved)),
        Column::number(lang.say(words::CountRound)),
        Column::text(lang.say(words::Status)),
        Column::text(lang.say(words::Reason)),
    ]);
    for item in items {
        let against = |of: fn(&Against) -> Quantity| {
            item.against.as_ref().map(|against| format::quantity(of(against))).unwrap_or_default()
        };
        let moved = item.against.as_ref().filter(|against| !against.moved.is_zero());
        table.row([
            item.sku.to_string(),
            name(item.named.as_ref(), lang),
            counted(item),
            against(|against| against.book),
            against(|against| against.variance),
            moved.map(|against| format::quantity(against.moved)).unwrap_or_default(),
            item.round.to_string(),
            state(lang, &item.state),
            item.reason.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]);
    }
    page.table(&table);
}

fn print_added(page: &mut Page, added: &CountAdded) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::number(lang.say(words::CountCounted)),
        Column::number(lang.say(words::CountTotal)),
        Column::number(lang.say(words::CountRound)),
    ]);
    for line in &added.lines {
        let unit = line.named.as_ref().map_or("", |named| &named.unit);
        table.row([
            line.sku.to_string(),
            name(line.named.as_ref(), lang),
            format::quantity_of(line.quantity, unit),
            format::quantity_of(line.total, unit),
            line.round.to_string(),
        ]);
    }
    page.table(&table);
    if added.repeated {
        page.say(words::CountAddedBefore);
    }
}

fn print_result(page: &mut Page, result: &CountResult) {
    let (lang, bill) = (page.lang(), &result.fact.bill);
    if result.repeated {
        page.say(words::BookedBefore { bill });
    } else {
        page.say(words::CountPostedAs { bill });
    }
    let Some(stocktake) = &result.fact.stocktake else { return };
    print_compared(page, stocktake.differing(), &result.names);
    let counted = stocktake.lines.len();
    let equal = counted - stocktake.differing().count();
    page.say(words::CountPostedSums { counted, equal });
    if !result.uncounted.is_empty() {
        page.say(words::CountLeftAlone { n: result.uncounted.len() });
    }
    for notice in &result.notices {
        page.line(format!("{}: {}", lang.say(words::Warning), notice.say(lang)));
    }
}

/// What was counted for a stocktake that is over.
fn print_counted(page: &mut Page, counted: &Counted) {
    let lang = page.lang();
    page.heading(words::CountLinesHeading { bill: &counted.bill });
    if counted.lines.is_empty() {
        return page.say(words::CountLinesNone);
    }
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::text(lang.say(words::Lot)),
        Column::text(lang.say(words::CountPlace)),
        Column::text(lang.say(words::Operator)),
        Column::number(lang.say(words::CountCounted)),
        Column::number(lang.say(words::CountBook)),
        Column::number(lang.say(words::CountRound)),
    ]);
    for line in &counted.lines {
        table.row([
            line.sku.to_string(),
            line.lot.as_ref().map(ToString::to_string).unwrap_or_default(),
            line.place.as_ref().map(ToString::to_string).unwrap_or_default(),
            line.operator.as_ref().map(ToString::to_string).unwrap_or_default(),
            format::quantity(line.quantity),
            format::quantity(line.book),
            line.round.to_string(),
        ]);
    }
    page.table(&table);
}

/// What was found of products, and what the books said.
pub(super) fn print_compared<'l>(
    page: &mut Page,
    lines: impl IntoIterator<Item = &'l ComparedView>,
    names: &BTreeMap<String, Named>,
) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::number(lang.say(words::CountCounted)),
        Column::number(lang.say(words::CountBook)),
        Column::number(lang.say(words::CountVariance)),
        Column::text(lang.say(words::Reason)),
    ]);
    for line in lines {
        table.row([
            line.sku.to_string(),
            name(names.get(line.sku.as_str()), lang),
            format::quantity(line.counted),
            format::quantity(line.book),
            format::quantity(line.variance),
            line.reason.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]);
    }
    if !table.is_empty() {
        page.table(&table);
    }
}

fn name(named: Option<&Named>, lang: Lang) -> String {
    named.map_or("", |named| named.name(lang)).to_owned()
}

fn counted(item: &CountedItem) -> String {
    let unit = item.named.as_ref().map_or("", |named| &named.unit);
    item.counted.map_or_else(|| "-".to_owned(), |counted| format::quantity_of(counted, unit))
}

fn places(lines: &[SeenLine]) -> String {
    let place = |line: &SeenLine| {
        let place = line.place.as_ref().map(ToString::to_string);
        let by = line.operator.as_ref().map(ToString::to_string);
        let parts: Vec<_> = place.into_iter().chain(by).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    };
    let mut places: Vec<_> = lines.iter().filter_map(place).collect();
    places.dedup();
    places.join(", ")
}

fn state(lang: Lang, state: &str) -> String {
    match state {
        "uncounted" => lang.say(words::CountStateUncounted),
        "recount" => lang.say(words::CountStateRecount),
        "equal" => lang.say(words::CountStateEqual),
        "tolerated" => lang.say(words::CountStateTolerated),
        "settled" => lang.say(words::CountStateSettled),
        "beyond" => lang.say(words::CountStateBeyond),
        _ => lang.say(words::CountStateCounted),
    }
}

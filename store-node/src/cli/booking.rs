//! Booking from the command line.

use std::collections::BTreeMap;

use clap::Args;
use console::{Column, Exit, Lang, Page, Table, format, labels, words};
use ledger::amount::Money;
use ledger::fact::Condition;
use ledger::id::{Lot, MemberId, Operator};
use ledger::movement::Account;
use ledger::time::BusinessDate;

use super::bin::print_detail;
use super::serial::GoodsArgs;
use super::terms::{SaleTerms, print_reductions};
use super::{AboutArgs, Scene, shift};
use crate::ask::Named;
use crate::ask::booking::Receipt;
use crate::book::Refused;
use crate::door::Door;
use crate::error::Result;
use crate::request::{
    self, About, CountLine, FactRef, InboundLine, Pay, Request, SaleLine, StatedLine, Task, Unheard,
};
use crate::view::{DrawerView, FactView, ReceiptView, TermsView};

/// Sell over the counter · 零售
///
/// A line is ITEM[:QUANTITY][@PRICE][-DISCOUNT], where ITEM is a barcode or SKU:
///
///   6901234567892            one piece at the catalog's price
///   6901234567892x2          two (x works after a barcode, : after any item)
///   apple:1.25@12.80-0.50    1.25 kg at 12.80 a kg, 0.50 off the line
///   tape@3.50                what the catalog doesn't know sells at a given price
///   tea:1-10%                10 % off what promotions leave of the line
///
/// 每行写作 商品[:数量][@单价][-优惠]。商品资料中没有的商品，给出单价即可销售。
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Sell {
    /// What is sold · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<SaleLine>,
    /// The member who buys · 会员
    #[arg(long, value_name = "MEMBER")]
    member: Option<MemberId>,
    /// How it is paid: cash, card, transfer, mobile or stored_value, with :AMOUNT handed over and @REFERENCE of
    /// the other side; one may leave its amount out and takes the rest. Cash in full if left out · 付款方式，可多次；默认现金
    #[arg(long, value_name = "METHOD[:AMOUNT][@REFERENCE]")]
    pay: Vec<Pay>,
    #[command(flatten)]
    terms: SaleTerms,
    #[command(flatten)]
    goods: GoodsArgs,
    #[command(flatten)]
    about: AboutArgs,
}

/// Take goods back · 退货
///
/// With --bill, what is given back is checked against that sale: never more than was sold, at the
/// price that was paid. Without lines, all of it that is left comes back. Without --bill (the
/// customer has no receipt), the lines say what comes back, at the catalog's price or @PRICE.
///
/// 有小票时用 --bill 指定原单，不写商品行即整单退回；无小票时直接写商品行。
#[derive(Debug, Args)]
pub(super) struct Return {
    /// What is given back: ITEM[:QUANTITY][@PRICE] · 商品行
    #[arg(value_name = "LINE", required_unless_present = "bill")]
    lines: Vec<SaleLine>,
    /// The member who gives back; that of the sale if --bill names one · 会员
    #[arg(long, value_name = "MEMBER")]
    member: Option<MemberId>,
    /// The sale it comes from: its bill number, also of another store, or its fact id · 原销售单号，可为其他门店
    #[arg(long, value_name = "BILL")]
    bill: Option<FactRef>,
    /// In which condition it is: sellable, damaged (to quarantine) or worthless (thrown away) · 商品状况
    #[arg(long, value_name = "CONDITION", default_value_t)]
    condition: Condition,
    /// Who has approved it, where the rules want that · 批准人
    #[arg(long, value_name = "NAME")]
    approved: Option<Operator>,
    /// How the money goes out; cash if left out · 退款方式，默认现金
    #[arg(long, value_name = "METHOD[:AMOUNT][@REFERENCE]")]
    pay: Vec<Pay>,
    #[command(flatten)]
    goods: GoodsArgs,
    #[command(flatten)]
    about: AboutArgs,
}

/// Take bought goods in · 采购入库
///
/// A line is ITEM[:QUANTITY][@UNIT_COST | =LINE_COST]: `milk:24@2.10` or `milk:24=50.40`. Without a
/// cost, what the goods are worth in the books already.
///
/// 每行写作 商品[:数量][@单位成本 或 =本行成本]，不写成本则按账面成本。
#[derive(Debug, Args)]
pub(super) struct Receive {
    /// What came · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<InboundLine>,
    /// From whom · 供应商
    #[arg(long, value_name = "NAME", conflicts_with = "opening")]
    supplier: Option<String>,
    /// From which production lot; for lines whose code does not say · 批号
    #[arg(long, value_name = "LOT")]
    lot: Option<Lot>,
    /// Its last good day, e.g. 2027-03-31; without a lot, goods of the same day are one lot · 有效期至
    #[arg(long, value_name = "DATE", conflicts_with = "opening")]
    expiry: Option<BusinessDate>,
    /// It is the stock with which the books start · 作为期初库存
    #[arg(long)]
    opening: bool,
    #[command(flatten)]
    goods: GoodsArgs,
    #[command(flatten)]
    about: AboutArgs,
}

/// Correct the quantity on hand · 库存调整
///
/// A line is ITEM:DIFFERENCE: `milk:-2` when two are missing, `milk:1` when one was found.
///
/// 每行写作 商品:差额，缺少为负，多出为正。
#[derive(Debug, Args)]
pub(super) struct Adjust {
    /// The differences · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<CountLine>,
    /// Why · 原因
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    goods: GoodsArgs,
    #[command(flatten)]
    about: AboutArgs,
}

/// Throw goods away · 报损
///
/// A line is ITEM:QUANTITY: `apple:0.4`. A reason is a code (damaged, expired, stolen, sample, own_use, gift,
/// shrinkage, counting_error) or any text; `losses` adds up by it.
///
/// 每行写作 商品:数量。原因可用代码或任意文字，`losses` 按原因汇总。
#[derive(Debug, Args)]
pub(super) struct Scrap {
    /// What goes · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<CountLine>,
    /// Of which lot · 批号
    #[arg(long, value_name = "LOT")]
    lot: Option<Lot>,
    /// Why · 原因
    #[arg(long, value_name = "CODE|TEXT")]
    reason: String,
    #[command(flatten)]
    goods: GoodsArgs,
    #[command(flatten)]
    about: AboutArgs,
}

/// Book goods that are there beyond the books · 报溢
///
/// A line is ITEM:QUANTITY: `milk:1`. They come in at what the books say a unit is worth.
///
/// 每行写作 商品:数量，按账面成本入账。
#[derive(Debug, Args)]
pub(super) struct Overflow {
    /// What was found · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<CountLine>,
    /// Of which lot · 批号
    #[arg(long, value_name = "LOT")]
    lot: Option<Lot>,
    /// Why: a code (found, over_delivered, counting_error) or any text · 原因
    #[arg(long, value_name = "CODE|TEXT")]
    reason: String,
    #[command(flatten)]
    goods: GoodsArgs,
    #[command(flatten)]
    about: AboutArgs,
}

/// Put goods together to another product · 组装
///
/// A line is ITEM:QUANTITY, all parts together: `assemble hamper:2 --of wine:2 --of cheese:4`. The product is worth
/// its parts at cost and the labour.
///
/// 每行写作 商品:数量，组件为合计用量。成品成本为组件成本加加工费。
#[derive(Debug, Args)]
pub(super) struct Assemble {
    /// What they become · 成品
    #[arg(value_name = "PRODUCT")]
    product: CountLine,
    /// What goes into it; may be given several times · 组件，可多次
    #[arg(long = "of", required = true, value_name = "LINE")]
    parts: Vec<CountLine>,
    /// What the work cost · 加工费
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    labour: Money,
    #[command(flatten)]
    about: AboutArgs,
}

/// Take a product apart · 拆卸
///
/// Its cost goes over to the parts, by what they are worth: `disassemble hamper:1 --to wine:1 --to cheese:2`.
///
/// 成品成本按组件账面价值分摊。
#[derive(Debug, Args)]
pub(super) struct Disassemble {
    /// What is taken apart · 成品
    #[arg(value_name = "PRODUCT")]
    product: CountLine,
    /// What comes of it; may be given several times · 组件，可多次
    #[arg(long = "to", required = true, value_name = "LINE")]
    parts: Vec<CountLine>,
    #[command(flatten)]
    about: AboutArgs,
}

/// Say how the day went, to be compared with its facts · 日报声明
///
/// A line is ITEM:PART=QUANTITY,…: `croissant:opening=18,sold=8,scrapped=10,closing=0`.
/// What is left out is not compared.
///
/// 每行写作 商品:项目=数量，项目为 opening 期初、sold 售出、scrapped 报损、closing 期末。
#[derive(Debug, Args)]
pub(super) struct State {
    /// What is stated · 商品行
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<StatedLine>,
    #[command(flatten)]
    about: AboutArgs,
}

/// Undo a whole fact · 红冲
#[derive(Debug, Args)]
pub(super) struct Reverse {
    /// The fact: its bill number or id · 单据编号或流水号
    #[arg(value_name = "BILL")]
    fact: FactRef,
    /// Why · 原因
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    about: AboutArgs,
}

impl Sell {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let about = AboutArgs { member: self.member, ..self.about };
        let sell = self.terms.sell(self.lines, self.pay)?;
        book(scene, self.goods.about(about), sell.into())
    }
}

impl Return {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { lines, member, bill: source, condition, approved, pay: payments, goods, about } =
            self;
        let about = AboutArgs { member, ..about };
        let task = request::GiveBack { source, lines, payments, condition, approved };
        book(scene, goods.about(about), task.into())
    }
}

impl Receive {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { mut lines, supplier, lot, expiry, opening, goods, about } = self;
        for line in &mut lines {
            (line.lot, line.expiry) = (lot.clone(), expiry);
        }
        let task = if opening {
            request::Opening { lines }.into()
        } else {
            request::Receive { lines, supplier }.into()
        };
        book(scene, goods.about(about), task)
    }
}

impl Adjust {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { lines, reason, goods, about } = self;
        book(scene, goods.about(about), request::Adjust { lines, reason }.into())
    }
}

impl Scrap {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { lines, lot, reason, goods, about } = self;
        book(
            scene,
            goods.about(about),
            request::Scrap { lines: of_lot(lines, lot.as_ref()), reason }.into(),
        )
    }
}

impl Overflow {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { lines, lot, reason, goods, about } = self;
        if let Some(line) = lines.iter().find(|line| !line.quantity.is_positive()) {
            let (item, quantity) = (line.item.clone(), line.quantity);
            return Err(Refused::NothingFound { item, quantity }.into());
        }
        book(
            scene,
            goods.about(about),
            request::Adjust { lines: of_lot(lines, lot.as_ref()), reason }.into(),
        )
    }
}

impl Assemble {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { product, parts, labour, about } = self;
        // The product is often new to the books.
        let product = CountLine { unheard: Unheard::Take, ..product };
        book(scene, about, request::Assemble { product, parts, labour }.into())
    }
}

impl Disassemble {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { product, parts, about } = self;
        let new = |part| CountLine { unheard: Unheard::Take, ..part };
        let parts = parts.into_iter().map(new).collect();
        book(scene, about, request::Disassemble { product, parts }.into())
    }
}

fn of_lot(lines: Vec<CountLine>, lot: Option<&Lot>) -> Vec<CountLine> {
    lines.into_iter().map(|line| CountLine { lot: lot.cloned(), ..line }).collect()
}

impl State {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { lines, about } = self;
        book(scene, about, request::State { lines }.into())
    }
}

impl Reverse {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { fact, reason, about } = self;
        book(scene, about, request::Reverse { fact, reason }.into())
    }
}

pub(super) fn book(scene: &Scene<'_>, about: impl Into<About>, task: Task) -> Result<Exit> {
    let receipt = scene.door()?.ask(Request { about: about.into(), task })?;
    show(scene, &receipt);
    Ok(Exit::Done)
}

/// Shows what was booked.
pub(super) fn show(scene: &Scene<'_>, receipt: &Receipt) {
    scene.out.show(receipt, |page| print(page, receipt));
}

pub(super) fn print(page: &mut Page, answer: &Receipt) {
    let Receipt { fact, also, names, promotions, repeated, notices } = answer;
    let lang = page.lang();
    if *repeated {
        page.say(words::BookedBefore { bill: &fact.bill });
    } else {
        page.line(headline(lang, fact));
    }
    if let Some(receipt) = &fact.receipt {
        print_receipt(page, receipt, names);
        print_reductions(page, receipt, promotions);
    }
    print_detail(page, fact);
    if let Some(terms) = &fact.terms {
        print_terms(page, terms);
    }
    if let Some(DrawerView::Closed { counts }) = &fact.drawer {
        shift::print_counts(page, counts);
    }
    if let Some(taken) = also {
        print_taken(page, fact, taken, names);
    }
    if let Some(invoice) = &fact.invoice {
        page.say(words::InvoiceDue { due: invoice.due });
        let to = |account: &Account| {
            let moved = fact.movements.iter().filter(|movement| movement.to == *account);
            let sum = moved.map(|movement| i128::from(movement.value.ten_thousandths())).sum();
            format::money_total(sum)
        };
        if !fact.movements.is_empty() {
            let (stock, cost) = (to(&Account::OnHand), to(&Account::CostAdjustment));
            page.say(words::InvoiceAdjusted { stock, cost });
        }
        if let Some(reason) = &fact.reason {
            page.say(words::InvoiceAccepted { reason });
        }
    }
    for notice in notices {
        let (label, text) = (lang.say(words::Warning), notice.say(lang));
        page.line(format!("{label}: {text}"));
    }
}

fn print_terms(page: &mut Page, terms: &TermsView) {
    let lang = page.lang();
    if let (Some(store), Some(bill)) = (&terms.store, &terms.bill) {
        page.say(words::ReturnOfStore { store, bill });
    }
    let condition = labels::condition(lang, terms.condition);
    page.line(format!("{}: {condition}", lang.say(words::ReturnCondition)));
    if let Some(operator) = &terms.approved {
        page.say(words::ReturnApprovedBy { operator });
    }
}

/// What went in place of goods given back, and who pays the difference.
fn print_taken(
    page: &mut Page,
    back: &FactView,
    taken: &FactView,
    names: &BTreeMap<String, Named>,
) {
    let total = |fact: &FactView| fact.receipt.as_ref().map_or(Money::ZERO, |it| it.total);
    let (returned, sold) = (total(back), total(taken));
    page.gap();
    page.say(words::ExchangeTaken { bill: &taken.bill, total: format::money(sold) });
    if let Some(receipt) = &taken.receipt {
        print_receipt(page, receipt, names);
    }
    let difference = sold.ten_thousandths() - returned.ten_thousandths();
    let amount = format::money_total(i128::from(difference.abs()));
    if difference < 0 {
        page.say(words::ExchangePaidBack { amount });
    } else {
        page.say(words::ExchangePaid { amount });
    }
}

fn headline(lang: Lang, fact: &FactView) -> String {
    let bill = &fact.bill;
    let total = || {
        let total = fact.receipt.as_ref().map(|receipt| receipt.total);
        format::money(total.unwrap_or_default())
    };
    let cost = || format::money_total(fact.cost());
    match fact.kind.as_str() {
        "sale" => lang.say(words::SaleBooked { bill, total: total() }),
        "return" => lang.say(words::ReturnBooked { bill, total: total() }),
        "receipt" => lang.say(words::ReceiptBooked { bill, cost: cost() }),
        "opening" => lang.say(words::OpeningBooked { bill, cost: cost() }),
        "adjustment" => lang.say(words::AdjustmentBooked { bill }),
        "scrap" => lang.say(words::ScrapBooked { bill }),
        "assembly" => lang.say(words::AssemblyBooked { bill, cost: cost() }),
        "disassembly" => lang.say(words::DisassemblyBooked { bill, cost: cost() }),
        "alert_ack" => lang.say(words::AlertAcknowledged { bill }),
        "bin_move" => lang.say(words::BinMoved { bill }),
        "bin_home" => lang.say(words::BinHomeSet { bill }),
        "shift_open" => match &fact.drawer {
            Some(DrawerView::Opened { till, float }) => {
                let float = format::money(*float);
                lang.say(words::TillShiftOpened { shift: fact.id, till, float })
            }
            _ => String::new(),
        },
        "cash_move" => match &fact.drawer {
            Some(DrawerView::Moved { amount, .. }) => {
                lang.say(words::TillCashMoved { bill, amount: format::money(*amount) })
            }
            _ => String::new(),
        },
        "shift_close" => {
            let shift = fact.shift.map_or_else(String::new, |shift| shift.to_string());
            lang.say(words::TillShiftClosed { bill, shift })
        }
        "statement" => lang.say(words::StatementBooked { bill }),
        "value_top_up" | "value_paid_out" | "value_moved" => value_headline(lang, fact),
        "invoice" => {
            let (number, amount) = match &fact.invoice {
                Some(invoice) => (invoice.number.as_str(), format::money(invoice.amount)),
                None => ("", String::new()),
            };
            lang.say(words::InvoiceBooked { bill, number, amount })
        }
        "supplier_payment" => {
            let supplier = fact.supplier.as_deref().unwrap_or_default();
            let paid = fact.payment.as_ref().map(|payment| format::money(payment.amount));
            lang.say(words::PaymentBooked { bill, amount: paid.unwrap_or_default(), supplier })
        }
        _ => {
            let of = fact.of.map_or_else(String::new, |of| of.to_string());
            lang.say(words::ReversalBooked { bill, of })
        }
    }
}

fn value_headline(lang: Lang, fact: &FactView) -> String {
    let bill = &fact.bill;
    let member = fact.member.as_ref().map_or_else(String::new, ToString::to_string);
    let amount = format::money(fact.value.unwrap_or_default());
    match fact.kind.as_str() {
        "value_top_up" => lang.say(words::ValueToppedUp { bill, amount, member }),
        "value_paid_out" => lang.say(words::ValuePaidOut { bill, amount, member }),
        _ => lang.say(words::ValueMoved { bill }),
    }
}

/// The lines of a receipt and how it was paid.
pub(super) fn print_receipt(
    page: &mut Page,
    receipt: &ReceiptView,
    names: &BTreeMap<String, Named>,
) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::flexible(lang.say(words::Product)),
        Column::number(lang.say(words::Quantity)),
        Column::number(lang.say(words::Price)),
        Column::number(lang.say(words::Discount)),
        Column::number(lang.say(words::Amount)),
    ]);
    for line in &receipt.lines {
        let named = names.get(line.sku.as_str());
        let discount =
            if line.discount.is_zero() { String::new() } else { format::money(line.discount) };
        table.row([
            line.sku.to_string(),
            named.map_or("", |named| named.name(lang)).to_owned(),
            format::quantity_of(line.quantity, named.map_or("", |named| &named.unit)),
            format::money(line.price),
            discount,
            format::money(line.total),
        ]);
    }
    let total = format::money(receipt.total);
    table.total([lang.say(words::Total), "".into(), "".into(), "".into(), "".into(), total]);
    page.table(&table);
    for payment in &receipt.payments {
        let method = labels::payment(lang, payment.method);
        let reference = payment.reference.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
        page.line(format!("{method} {}{reference}", format::money(payment.amount)));
        if payment.change.is_positive() {
            page.say(words::SaleChange { change: format::money(payment.change) });
        }
    }
}

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use ledger::report::{
    Answer, Cell, Column, Direction, Flow, Group, Measured, Question, Report, Scope, Sheet,
};

use super::*;
use crate::output::{Captured, Form, Out};

const QUANTITY: Measured = Measured::Quantity;
const VALUE: Measured = Measured::Value;

fn answer() -> Answer {
    let columns = vec![
        Column::Store,
        Column::Sku,
        Column::Product,
        Column::Opening(QUANTITY),
        Column::Flow(Flow::Received, QUANTITY),
        Column::Flow(Flow::Received, VALUE),
        Column::Sum(Direction::In, QUANTITY),
        Column::Flow(Flow::Sold, QUANTITY),
        Column::Flow(Flow::Scrapped, QUANTITY),
        Column::Closing(QUANTITY),
        Column::Closing(VALUE),
    ];
    let row = |sku: &str, name: Cell, numbers: [i128; 8]| {
        let mut row = vec![Cell::text("S01"), Cell::text(sku), name];
        row.extend(numbers.map(Cell::Number));
        row
    };
    let water = Cell::Name("矿泉水".into(), "Water".into());
    let rows = vec![
        row("cola", Cell::Empty, [10_000, 5_000, 70_000, 5_000, 1_250_500, 0, -1_235_500, 0]),
        row("water", water, [0, 12_000, 120_000, 12_000, 0, 0, 12_000, 120_000]),
    ];
    let mut total = vec![Cell::Empty; 3];
    total.extend(
        [10_000, 17_000, 190_000, 17_000, 1_250_500, 0, -1_223_500, 120_000].map(Cell::Number),
    );
    let sheet = Sheet { columns, rows, total: Some(total) };
    let period = "2026-10".parse().unwrap();
    let scope = Scope { period, stores: Vec::new(), category: None };
    let report = Report::Movements { by: Group::StoreAndProduct };
    Answer { question: Question { report, scope }, sheet, notes: Vec::new() }
}

fn shown(lang: Lang, limit: usize) -> String {
    let captured = Captured::default();
    let out = Out::to(captured.clone(), lang, Form::Human, None);
    out.page(|page| show::report(page, &answer(), limit, &[]));
    drop(out);
    captured.text()
}

#[test]
fn a_report_lines_up_in_both_languages() {
    let expected = "\
进销存汇总表　2026-10-01 至 2026-10-31
══════════════════════════════════════
门店  商品编码  商品    期初  采购入库  入库合计     销售      期末  期末金额
────  ────────  ──────  ────  ────────  ────────  ───────  ────────  ────────
S01   cola                10         5         5  1,250.5  -1,235.5      0.00
S01   water     矿泉水     0        12        12        0        12     12.00
────  ────────  ──────  ────  ────────  ────────  ───────  ────────  ────────
合计                      10        17        17  1,250.5  -1,223.5     12.00
";
    assert_eq!(shown(Lang::Zh, 9), expected);
    let cut = shown(Lang::En, 1);
    assert!(cut.contains("... and 1 more") && !cut.contains("Water"), "{cut}");
}

#[test]
fn files_hold_every_row_and_column() {
    let text = csv(&answer().sheet);
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("store,sku,product_zh,product_en,opening_quantity,received_quantity")
    );
    assert_eq!(lines[1], "S01,cola,,,10,5,7,5,1250.5,0,-1235.5,0");
    assert_eq!(lines[2], "S01,water,矿泉水,Water,0,12,12,12,0,0,12,12");
    assert_eq!(lines.len(), 3);

    let bytes = xlsx(&answer(), Lang::Zh).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("进销存汇总表").unwrap();
    let at = |row, column| range.get_value((row, column)).cloned().unwrap_or_default();
    assert_eq!(at(3, 3), Data::String("期初".to_owned()));
    assert_eq!(at(4, 7), Data::Float(1_250.5));
    assert_eq!(at(5, 2), Data::String("矿泉水".to_owned()));
    assert_eq!(at(6, 0), Data::String("合计".to_owned()));
    assert_eq!(at(6, 10), Data::Float(12.0));
}

#[test]
fn days_left_open_are_this_month_so_far() {
    let asked = |from: Option<&str>, to: Option<&str>| {
        let day = |text: Option<&str>| text.map(|text| text.parse().unwrap());
        let (from, to) = (day(from), day(to));
        let (stores, category) = (Vec::new(), None);
        let asked = Asked { report: Report::Stock, from, to, stores, category };
        let question = asked.question("2026-11-24".parse().unwrap());
        question.map(|question| question.scope.period.to_string())
    };
    assert_eq!(asked(None, None).unwrap(), "2026-11-01..2026-11-24");
    assert_eq!(asked(None, Some("2026-09-05")).unwrap(), "2026-09-01..2026-09-05");
    assert_eq!(asked(Some("2026-10-20"), None).unwrap(), "2026-10-20..2026-11-24");
    assert!(asked(Some("2026-11-02"), Some("2026-11-01")).is_err());
}

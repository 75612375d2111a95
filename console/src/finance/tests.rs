//! Files of vouchers, read back.

use std::fs;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use ledger::voucher::{About, Cents, Line, Mapping, Side, Voucher};

use super::*;

fn book(lang: Lang) -> Book {
    let mapping = Mapping::standard();
    Book::new(lang, mapping.settings().clone(), mapping.accounts().to_vec())
}

/// A sale, and a late return on red lines.
fn vouchers() -> Vec<Voucher> {
    let line = |account: &str, side, cents, rate: Option<&str>| Line {
        account: account.to_owned(),
        side,
        amount: Cents::new(cents),
        about: About { rate: rate.map(Into::into), ..About::default() },
    };
    let voucher = |number: &str, kind: &str, date: &str, lines| Voucher {
        number: number.to_owned(),
        date: date.parse().unwrap(),
        store: "S01".parse().unwrap(),
        kind: kind.to_owned(),
        shift: None,
        fact: None,
        late_of: None,
        facts: 2,
        lines,
    };
    let sale = vec![
        line("1001", Side::Debit, 11_300, None),
        line("2221.01.02", Side::Credit, 1_300, Some("13")),
        line("6001", Side::Credit, 10_000, Some("13")),
    ];
    let given_back = vec![
        line("1001", Side::Debit, -565, None),
        line("2221.01.02", Side::Credit, -65, Some("13")),
        line("6001", Side::Credit, -500, Some("13")),
    ];
    let mut late = voucher("20261201-S01-return-late", "return", "2026-12-01", given_back);
    late.late_of = Some("2026-11-30".parse().unwrap());
    vec![voucher("20261124-S01-sale", "sale", "2026-11-24", sale), late]
}

fn written(form: Form, layout: Layout, lang: Lang) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let book = book(lang);
    let mut writing = book.write(&path, form, layout).unwrap();
    for voucher in vouchers() {
        writing.add(&voucher).unwrap();
    }
    assert!(!path.exists(), "a file that is not whole has no name");
    assert_eq!(writing.finish().unwrap(), 2);
    fs::read(&path).unwrap()
}

fn text(form: Form, lang: Lang) -> String {
    String::from_utf8(written(form, Layout::preset(Preset::Plain), lang)).unwrap()
}

#[test]
fn a_journal_for_hledger_says_every_line_with_its_sign() {
    let text = text(Form::Hledger, Lang::En);
    let sale = "2026-11-24 (20261124-S01-sale) ";
    assert!(text.contains(sale), "{text}");
    for line in [
        "    assets:1001 Cash on hand:S01  113.00 CNY\n",
        "    revenues:6001 Sales:S01:13  -100.00 CNY\n",
        "    assets:1001 Cash on hand:S01  -5.65 CNY\n",
        "    liabilities:2221.01.02 VAT payable - output tax:S01:13  0.65 CNY\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn a_beancount_file_has_accounts_in_its_own_spelling() {
    let text = text(Form::Beancount, Lang::Zh);
    assert!(text.contains("  Assets:1001:S01  113.00 CNY\n"), "{text}");
    assert!(text.contains("  Liabilities:2221-01-02:S01:13  -13.00 CNY\n"), "{text}");
    assert!(text.contains("补记 2026-11-30"), "{text}");
}

#[test]
fn json_reads_back() {
    let read: Vec<Voucher> = serde_json::from_str(&text(Form::Json, Lang::En)).unwrap();
    assert_eq!(read, vouchers());
}

#[test]
fn presets_count_vouchers_by_month_and_keep_sides_apart() {
    let bytes = written(Form::Csv, Layout::preset(Preset::Kingdee), Lang::Zh);
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let at = |name: &str, reader: &mut csv::Reader<&[u8]>| {
        reader.headers().unwrap().iter().position(|heading| heading == name).unwrap()
    };
    let places =
        ["凭证号", "科目代码", "借方金额", "贷方金额", "凭证字"].map(|name| at(name, &mut reader));
    let rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            places.iter().map(|at| row[*at].to_owned()).collect()
        })
        .collect();
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0], ["1", "1001", "113.00", "", "记"]);
    assert_eq!(rows[5], ["1", "6001", "", "-5.00", "记"]);
}

#[test]
fn a_workbook_has_amounts_as_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vouchers.xlsx");
    fs::write(&path, written(Form::Xlsx, Layout::preset(Preset::Yonyou), Lang::Zh)).unwrap();
    let mut workbook: Xlsx<_> = open_workbook(&path).unwrap();
    let page = workbook.worksheet_range_at(0).unwrap().unwrap();
    let debit = page.rows().next().unwrap().iter().position(|cell| cell == "借方金额").unwrap();
    assert_eq!(page.height(), 7);
    assert_eq!(page.get((1, debit)), Some(&Data::Float(113.0)));
}

#[test]
fn columns_of_a_chains_own_are_read_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("columns.toml");
    fs::write(&path, "[[column]]\nheading = \"No\"\nvalue = \"number\"\n").unwrap();
    assert_eq!(Layout::read(&path).unwrap().columns.len(), 1);
    for bad in ["", "[[column]]\nheading = \"No\"\nvalue = \"nothing\"\n"] {
        fs::write(&path, bad).unwrap();
        assert!(matches!(Layout::read(&path), Err(ExportError::Layout { .. })));
    }
}

//! Encodings, forms of files, headers, mappings.

use std::io::Write;

use console::{Exit, Lang, Told};
use encoding_rs::{GB18030, UTF_16LE};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::*;

const CHINESE: &str = r#"
set = "shop"
kind = "sales"
[columns]
document = ["单号", "单据编号"]
date = "日期"
store = "门店"
sku = "商品"
quantity = "数量"
price = "单价"
[values.store]
"北京路店" = "S001"
"#;

const ROWS: &str = "单号,日期,门店,商品,数量,单价\n1,2026-11-22,北京路店,可口可乐,2,3.50\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn one_file_in_many_encodings() {
    let mapping = mapping(CHINESE);
    let gb18030 = GB18030.encode(ROWS).0.into_owned();
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(ROWS.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let with_mark = [b"\xef\xbb\xbf", ROWS.as_bytes()].concat();
    let cases = [
        (ROWS.as_bytes().to_vec(), "UTF-8"),
        (with_mark, "UTF-8"),
        (gb18030.clone(), "gb18030"),
        (gzip(&gb18030), "gb18030"),
        (gzip(ROWS.as_bytes()), "UTF-8"),
        (utf16, UTF_16LE.name()),
        (ROWS.replace('\n', "\r\n").into_bytes(), "UTF-8"),
    ];
    for (bytes, encoding) in cases {
        let (documents, report) = documents(&mapping, &Files::csv(bytes).file);
        assert_eq!(report.encoding, encoding);
        assert_eq!(lines(&documents[0].command), ["可口可乐 2 3.5"], "{encoding}");
        assert_eq!(documents[0].store.as_str(), "S001");
        assert_eq!(documents[0].rows, [2]);
    }
}

#[test]
fn the_encoding_shows_late_and_a_declared_one_holds() {
    // The first Chinese character comes long after what is read at once.
    let mut text = String::from("No,Date,Store,Item,Qty,Price\n");
    for number in 0..20_000 {
        text.push_str(&format!("{number},2026-11-22,S1,cola,1,3.50\n"));
    }
    text.push_str("x,2026-11-22,S1,可乐,1,3.50\n");
    let mapping_auto = mapping(SALES);
    let (found, report) = documents(&mapping_auto, &Files::csv(GB18030.encode(&text).0).file);
    assert_eq!(report.encoding, "gb18030");
    assert_eq!(lines(&found[20_000].command), ["可乐 1 3.5"]);

    let russian = "No,Date,Store,Item,Qty,Price\n1,2026-11-22,S1,Хлеб,1,3.50\n";
    let bytes = encoding_rs::WINDOWS_1251.encode(russian).0.into_owned();
    let declared = format!("{SALES}\n[file]\nencoding = \"windows-1251\"\n");
    let (found, _) = documents(&mapping(&declared), &Files::csv(bytes).file);
    assert_eq!(lines(&found[0].command), ["Хлеб 1 3.5"]);
}

#[test]
fn damaged_text_costs_its_row_alone() {
    let mut bytes = HEADER.as_bytes().to_vec();
    for number in 0..40 {
        bytes.extend(format!("{number},2026-11-22,S1,可口可乐,1,3.50\n").bytes());
    }
    bytes.extend(b"40,2026-11-22,S1,\xff\xfe,1,3.50\n41,2026-11-22,S1,cola,1,3.50\n");
    let (documents, report) = documents(&mapping(SALES), &Files::csv(bytes).file);
    assert_eq!((documents.len(), report.encoding), (41, "UTF-8"));
    let (row, column, _, reason) = &reasons(&report)[0];
    assert_eq!((*row, *column), (42, "Item"));
    assert!(reason.contains("damaged"), "{reason}");
}

#[test]
fn rows_keep_the_numbers_that_an_editor_shows() {
    let text = "\r\nNo,Date,Store,Item,Qty,Price\r\n\r\n1,2026-11-22,S1,\"two\r\nlines\",1,1\r\n\
                \r\n,,,,,\r\n2,2026-11-22,S1,\"a \"\"b\"\", c\",x,1\r\n3,2026-11-22,S1,d,1,1";
    let (documents, report) = documents(&mapping(SALES), &Files::csv(text).file);
    assert_eq!(documents.len(), 1, "a line break is no part of a SKU");
    assert_eq!(documents[0].rows, [9]);
    let seen: Vec<_> = report.rejects.iter().map(|r| (r.row, r.column.as_str())).collect();
    assert_eq!(seen, [(4, "Item"), (8, "Qty")]);
    assert_eq!(report.rejects[1].record[3], "a \"b\", c");
}

#[test]
fn a_workbook_reads_like_a_csv() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("封面").unwrap().write(0, 0, "说明").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("销售").unwrap();
    sheet.write(0, 0, "十一月销售").unwrap();
    for (column, name) in ["No", "Date", "Store", "Item", "Qty", "Price"].iter().enumerate() {
        sheet.write(1, u16::try_from(column).unwrap(), *name).unwrap();
    }
    let date = Format::new().set_num_format("yyyy/mm/dd");
    let moment = Format::new().set_num_format("yyyy/mm/dd hh:mm:ss");
    let day = ExcelDateTime::parse_from_str("2026-11-22").unwrap();
    let late = ExcelDateTime::parse_from_str("2026-11-22 17:04:59").unwrap();
    sheet.write(2, 0, 536_365).unwrap();
    sheet.write_with_format(2, 1, &day, &date).unwrap();
    sheet.write(2, 2, "S1").unwrap();
    sheet.write(2, 3, 6_901_234_567_892_i64).unwrap();
    sheet.write(2, 4, 3).unwrap();
    sheet.write(2, 5, 0.1 + 0.2).unwrap();
    sheet.write(5, 0, 536_366).unwrap();
    sheet.write_with_format(5, 1, &late, &moment).unwrap();
    sheet.write(5, 2, "S1").unwrap();
    sheet.write(5, 3, "cola").unwrap();
    sheet.write(5, 4, -0.125).unwrap();
    sheet.write(5, 5, "3.50").unwrap();
    sheet.write(6, 0, 536_367).unwrap();
    let files = Files::with("sales.xlsx", book.save_to_buffer().unwrap());

    let form = "[file]\nsheet = \"销售\"\nskip_lines = 1\n[dates]\nformats = [\"%d.%m.%Y\"]\n";
    let mapping = mapping(&format!("{SALES}\n{form}"));
    let (found, report) = documents(&mapping, &files.file);
    assert_eq!(report.encoding, "XLSX");
    assert_eq!(lines(&found[0].command), ["6901234567892 3 0.3"]);
    assert_eq!(found[0].at.to_string(), "2026-11-22T00:00:00");
    assert_eq!(lines(&found[1].command), ["cola 0.125 3.5"]);
    assert_eq!(found[1].at.to_string(), "2026-11-22T17:04:59");
    assert_eq!((found[0].rows.as_slice(), found[1].rows.as_slice()), (&[3][..], &[6][..]));
    assert_eq!(reasons(&report)[0].0, 7);

    let other = mapping_of_sheet("Sheet9");
    let error = check_error(&other, &files.file);
    assert!(error.contains("`Sheet9`, but: 封面, 销售"), "{error}");
}

fn mapping_of_sheet(name: &str) -> Mapping {
    mapping(&format!("{SALES}\n[file]\nsheet = \"{name}\"\n"))
}

#[test]
fn a_wrong_header_names_what_is_missing_and_what_is_there() {
    let files = Files::csv("No,Datum,Store,Item,Qty,Price\n");
    let error = check_error(&mapping(SALES), &files.file);
    let columns = "`No`, `Datum`, `Store`, `Item`, `Qty`, `Price`";
    assert_eq!(error, format!("there is no column `Date` for `date`; the columns are: {columns}"));

    let files = Files::csv("No,Date,Store,Item,Qty,Price,Qty\n");
    assert_eq!(
        check_error(&mapping(SALES), &files.file),
        "the column `Qty` is there more than once"
    );
    assert_eq!(check_error(&mapping(SALES), &Files::csv("").file), "the file has no header line");
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let sales = mapping(SALES);
    let error = |bytes: &[u8]| check_error(&sales, &Files::csv(bytes).file);
    assert!(error(b"\xd0\xcf\x11\xe0\xa1").contains(".xls workbook"));
    assert!(error(b"PK\x03\x04 and then nothing").contains("the workbook cannot be read"));
    let cut_off = gzip(HEADER.repeat(2_000).as_bytes());
    assert!(error(&cut_off[..cut_off.len() / 2]).contains("cannot be read from row"));
    let open = format!("{HEADER}1,2026-11-22,S1,\"cola,1,1\n{}", "x\n".repeat(1 << 20));
    assert!(
        error(open.as_bytes()).contains("a quote opens in row 2"),
        "{}",
        error(open.as_bytes())
    );
    let long = format!("{HEADER}{}", "x".repeat(2 << 20));
    assert!(error(long.as_bytes()).contains("row 2 is longer"));
    let wide = format!("{HEADER}{}", ",".repeat(3_000));
    assert!(error(wide.as_bytes()).contains("row 2 has more than"));
    let gone = check_error(&sales, Path::new("/nowhere/data.csv"));
    assert!(gone.contains("/nowhere/data.csv cannot be opened"), "{gone}");
}

#[test]
fn a_wrong_mapping_names_its_line() {
    let error = |text: &str| chain(&text.parse::<Mapping>().unwrap_err());
    let misspelt = error(&SALES.replace("sku =", "skuu ="));
    assert!(misspelt.contains("line 8") && misspelt.contains("skuu"), "{misspelt}");
    let delimiter = error(&format!("{SALES}\n[file]\ndelimiter = \"ab\"\n"));
    assert!(
        delimiter.contains("line 16") && delimiter.contains("delimiter is one of"),
        "{delimiter}"
    );
    let format = error(&format!("{SALES}\n[dates]\nformats = [\"%d.%m\"]\n"));
    assert!(format.contains("line 16") && format.contains("year"), "{format}");
    let missing = error(&SALES.replace("date = \"Date\"\n", ""));
    assert!(missing.contains("must name a column for: date"), "{missing}");
    let needless = error(&SALES.replace("price =", "cost ="));
    assert!(needless.contains("`cost` means nothing in a file of sales"), "{needless}");
    let rule = error(&SALES.replace("quantity = \"negative\"", "is = \"x\""));
    assert!(rule.contains("rule 1 must name a column"), "{rule}");
    let condition = error(&SALES.replace("quantity = \"negative\"", "colour = \"red\""));
    assert!(condition.contains("line 12") && condition.contains("`prefix`"), "{condition}");
    let reach = error(&format!(
        "{SALES}\n[[join]]\nname = \"p\"\nfile = \"../secret.csv\"\non = \"a\"\nkey = \"b\"\n"
    ));
    assert!(reach.contains("plain name of a file"), "{reach}");
}

#[test]
fn errors_speak_chinese_and_say_what_to_do() {
    let files = Files::sales("1,2026-11-22,S1,x,1,1\n");
    let wrong = mapping(&SALES.replace("\"Price\"", "\"单价\""));
    let error = Import::new(&wrong, &files.file).check(&mut |_| ()).unwrap_err();
    let told = Told::of(Lang::Zh, &error);
    assert!(
        told.message.starts_with("没有 `price` 所需的列 `单价`；现有的列：`No`"),
        "{}",
        told.message
    );
    assert!(told.hint.is_some());
    let broken = "kind = 1".parse::<Mapping>().unwrap_err();
    let told = Told::of(Lang::Zh, &broken);
    assert_eq!((told.message.as_str(), told.exit), ("映射文件有误", Exit::Usage));
    assert!(told.causes[0].contains("line 1"), "{:?}", told.causes);
}

#[test]
fn every_shipped_mapping_can_be_used() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples/mappings");
    let names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(names.len() >= 8, "{names:?}");
    for path in names {
        let read = Mapping::read(&path);
        assert!(read.is_ok(), "{}: {}", path.display(), chain(&read.unwrap_err()));
    }
}

//! The same receipt in every form, against kept files; and what a reader makes of the bars on the page.

use std::fs;
use std::process::Command;

use unicode_width::UnicodeWidthStr;

use super::*;
use crate::words::Lang;

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn slip() -> Slip {
    let cut = |cause, amount| SlipCut { cause, amount: money(amount) };
    let line = |name: &str, quantity: &str, unit: &str, price: &str, total: &str| SlipLine {
        name: name.to_owned(),
        quantity: quantity.parse().unwrap(),
        unit: unit.to_owned(),
        price: money(price),
        cuts: Vec::new(),
        total: money(total),
    };
    let cuts = vec![
        cut(CutCause::Promotion("第二件半价".to_owned()), "1.75"),
        cut(CutCause::Basket, "0.25"),
        cut(CutCause::Hand, "0.10"),
    ];
    let pay = |method: &str, handed, change, reference: &str| SlipPayment {
        method: method.to_owned(),
        handed: money(handed),
        change: money(change),
        reference: reference.to_owned(),
    };
    Slip {
        store: "S012".parse().unwrap(),
        shop: "晨光便利店（人民路）".to_owned(),
        kind: "sale".to_owned(),
        bill: "S012-A-20261122-00042".parse().unwrap(),
        fact: "1-42".parse().unwrap(),
        date: "2026-11-22".parse().unwrap(),
        time: "2026-11-22 18:04:09".to_owned(),
        operator: Some("林晓".parse().unwrap()),
        member: Some("M-S012-s1A7".parse().unwrap()),
        of: None,
        lines: vec![
            SlipLine { cuts, ..line("可口可乐 330 ml 罐装", "2", "罐", "3.50", "4.90") },
            line(
                "Braeburn apples & pears from a very long valley far away",
                "0.456",
                "kg",
                "12.80",
                "5.84",
            ),
        ],
        total: money("10.74"),
        taxes: vec![
            SlipTax { rate: 1300, gross: money("4.90"), tax: money("0.56") },
            SlipTax { rate: 900, gross: money("5.84"), tax: money("0.48") },
        ],
        payments: vec![pay("mobile", "5.00", "0", "4200/2611"), pay("cash", "10.00", "4.26", "")],
        printed: 0,
    }
}

fn golden(name: &str, found: &[u8]) {
    let path = format!("{}/golden/receipt/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("EVENSTOCK_WRITE_GOLDEN").is_some() {
        fs::write(&path, found).unwrap();
    }
    let kept = fs::read(&path).expect("the golden file is part of the crate");
    assert!(kept == found, "{name} has changed:\n{}", String::from_utf8_lossy(found));
}

#[test]
fn a_receipt_has_the_golden_forms() {
    let copy = Slip { printed: 2, ..slip() };
    for (width, lang, slip, name) in [
        (Width::Wide, Lang::Zh, &slip(), "sale-80-zh"),
        (Width::Narrow, Lang::En, &copy, "copy-58-en"),
    ] {
        let rows = rows(slip, lang);
        golden(&format!("{name}.txt"), text(&rows, width).as_bytes());
        golden(&format!("{name}.escpos"), &escpos(&rows, width, Encoding::Gb18030));
        golden(&format!("{name}.html"), html(&rows, width, slip.bill.as_str()).as_bytes());
    }
}

#[test]
fn no_line_is_wider_than_the_paper_and_nothing_is_lost() {
    for lang in Lang::ALL {
        for width in [Width::Narrow, Width::Wide] {
            let text = text(&rows(&slip(), lang), width);
            let widest = text.lines().map(UnicodeWidthStr::width).max().unwrap();
            assert!(widest <= width.columns(), "{widest} columns:\n{text}");
            let joined: String = text.split_whitespace().collect();
            for part in ["far", "away", "可口可乐330ml罐装", "S012-A-20261122-00042", "4.26"]
            {
                assert!(joined.contains(part), "{part} is missing:\n{text}");
            }
        }
    }
}

#[test]
fn only_a_copy_says_so() {
    let said = |printed| text(&rows(&Slip { printed, ..slip() }, Lang::Zh), Width::Wide);
    assert!(!said(0).contains("副本"));
    assert!(said(3).contains("副本 3"));
}

#[test]
fn letters_go_out_as_the_printer_takes_them() {
    let rows = rows(&slip(), Lang::Zh);
    let (gb, _, _) = encoding_rs::GB18030.encode("谢谢惠顾");
    let has = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|it| it == part);
    let bytes = escpos(&rows, Width::Wide, Encoding::Gb18030);
    assert!(has(&bytes, &gb) && has(&bytes, &[0x1c, b'&']));
    let bytes = escpos(&rows, Width::Wide, Encoding::Utf8);
    assert!(has(&bytes, "谢谢惠顾".as_bytes()) && !has(&bytes, &[0x1c, b'&']));
    // Bars need 80 mm; the narrow paper has a QR code.
    assert!(has(&bytes, b"{BS012-A-{C\x14\x1a\x0b\x16{B-0{C\x00\x2a"));
    let bytes = escpos(&rows, Width::Narrow, Encoding::Gb18030);
    assert!(has(&bytes, b"1P0S012-A-20261122-00042") && !has(&bytes, b"{B"));
}

/// The bars of the page, as a picture that a reader reads.
#[test]
fn a_reader_reads_the_bill_number() {
    if Command::new("zbarimg").arg("--version").output().is_err() {
        println!("skipped: there is no zbarimg");
        return;
    }
    let bars = crate::barcode::Barcode::code128(slip().bill.as_str()).unwrap();
    const PIXELS: u32 = 3;
    let [before, behind] = bars.symbology().quiet_zone();
    let dark = bars.bars();
    let is_dark = |x: u32| {
        (x / PIXELS).checked_sub(before).is_some_and(|at| dark.iter().any(|bar| bar.contains(&at)))
    };
    let width = (before + bars.width() + behind) * PIXELS;
    let row: Vec<u8> = (0..width).map(|x| if is_dark(x) { 0 } else { u8::MAX }).collect();
    let mut image = format!("P5 {width} 60 255\n").into_bytes();
    image.extend(row.repeat(60));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bars.pgm");
    fs::write(&path, image).unwrap();
    let out = Command::new("zbarimg").args(["-q", "--raw"]).arg(&path).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&out.stdout).trim(), "S012-A-20261122-00042");
}

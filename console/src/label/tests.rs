use super::*;

fn water() -> Label {
    Label {
        name_zh: "农夫山泉 <天然水> 550ml".to_owned(),
        name_en: "Spring & natural water".to_owned(),
        spec: "550 ml".to_owned(),
        unit: "瓶".to_owned(),
        price: "2.50".parse().unwrap(),
        sku: "W-550".to_owned(),
        barcode: Some("6901234567892".to_owned()),
    }
}

fn coded(barcode: &str) -> Label {
    Label { barcode: Some(barcode.to_owned()), ..water() }
}

fn one(label: &Label, size: &str) -> Result<String, LabelError> {
    let mut pages = pages(std::slice::from_ref(label), size.parse().unwrap(), Paper::Label)?;
    assert_eq!(pages.len(), 1);
    Ok(pages.remove(0))
}

/// What a reader finds on a printed label: bars are taken from the picture, at 300 dots an inch.
fn scan(svg: &str, size: Size) -> Option<String> {
    const DOT: u32 = 85;
    let (columns, rows) = (size.width / DOT, size.height / DOT);
    let mut image = vec![u8::MAX; (columns * rows) as usize];
    let path = svg.split_once("<path d=\"")?.1.split_once('"')?.0;
    for bar in path.split_terminator('z') {
        let numbers: Vec<u32> = bar
            .split(|c: char| !c.is_ascii_digit())
            .filter(|number| !number.is_empty())
            .map(|number| number.parse().unwrap())
            .collect();
        let [x, y, wide, high, _] = numbers[..] else { panic!("{bar} is no bar") };
        for row in y / DOT..(y + high) / DOT {
            for column in x / DOT..(x + wide) / DOT {
                image[(row * columns + column) as usize] = 0;
            }
        }
    }
    let found = rxing::helpers::detect_in_luma(image, columns, rows, None).ok()?;
    Some(found.getText().to_owned())
}

#[test]
fn a_reader_reads_printed_labels() {
    let cases = [
        ("6901234567892", "50x30"),
        ("6901234567892", "33x20"),
        ("96385074", "25x15"),
        ("036000291452", "40x25"),
        ("16901234567899", "50x30"),
        ("COLA-330", "60x40"),
    ];
    for (code, size) in cases {
        let svg = one(&coded(code), size).unwrap();
        assert_eq!(scan(&svg, size.parse().unwrap()).as_deref(), Some(code), "{code} on {size}");
    }
    let own = Label { barcode: None, ..water() };
    assert_eq!(scan(&one(&own, "50x30").unwrap(), "50x30".parse().unwrap()).unwrap(), "W-550");
}

#[test]
fn what_no_reader_could_read_is_not_printed() {
    let refused = |code: &str, size| one(&coded(code), size).unwrap_err().to_string();
    assert_eq!(
        refused("6901234567892", "30x20"),
        "the barcode of `6901234567892` needs a label 32 mm wide"
    );
    assert!(one(&coded("6901234567892"), "32x20").is_ok());
    assert!(refused("the-longest-number-of-all", "50x30").contains("needs a label"));
    assert_eq!(refused("可乐", "50x30"), "`可乐` cannot be printed as a barcode");
    let many = vec![water(); MAX_LABELS + 1];
    assert!(matches!(pages(&many, "50x30".parse().unwrap(), Paper::A4), Err(LabelError::TooMany)));
}

#[test]
fn names_are_cut_and_never_break_the_picture() {
    let svg = one(&water(), "50x30").unwrap();
    for said in ["&lt;天然水&gt;", "Spring &amp; natural water", ">2.50<", "/瓶", "550 ml", "W-550"]
    {
        assert!(svg.contains(said), "{said} is missing in {svg}");
    }
    let long = Label { name_zh: "很".repeat(60), name_en: "\u{ffff}".repeat(60), ..water() };
    let svg = one(&long, "50x30").unwrap();
    assert!(svg.contains("很…"), "{svg}");
    assert!(!svg.contains('\u{ffff}'));
}

#[test]
fn a_sheet_holds_as_many_as_fit_and_another_the_rest() {
    let size: Size = "50x30".parse().unwrap();
    let labels = vec![water(); 37];
    let sheets = pages(&labels, size, Paper::A4).unwrap();
    let on = |sheet: &String| sheet.matches("<path").count();
    assert_eq!(sheets.iter().map(on).collect::<Vec<_>>(), [36, 1]);
    assert_eq!(pages(&labels, size, Paper::Label).unwrap().len(), 37);
    for text in ["50", "50x", "0x30", "201x30", "50x281", "5x5", "-50x30"] {
        assert!(text.parse::<Size>().is_err(), "{text}");
    }
    assert_eq!(size.to_string(), "50x30");
}

//! Rows into documents: grouping, kinds, names.

use ledger::fact::PaymentMethod;
use ledger::post::MAX_LINES;

use super::*;

fn requests(documents: &[ImportedDocument]) -> Vec<&str> {
    documents.iter().map(|d| d.request.as_str()).collect()
}

#[test]
fn rows_of_one_number_form_one_document() {
    let files = Files::sales(
        "A1,2026-11-22,S1,cola,2,3.50\n\
         B1,2026-11-22,S1,bread,1,5\n\
         A1,2026-11-22,S1,cola,2,3.50\n\
         A1,2026-11-22,S1,milk,-1,8\n\
         A1,2026-11-22,S2,milk,1,8\n\
         A1,2026-11-23,S1,milk,1,8\n",
    );
    let (found, report) = documents(&mapping(SALES), &files.file);
    assert_eq!(
        requests(&found),
        [
            "shop:S1:20261122:A1",
            "shop:S1:20261122:B1",
            "shop:S1:20261122:A1~ret",
            "shop:S2:20261122:A1",
            "shop:S1:20261123:A1",
        ]
    );
    // Two equal rows are two lines: the file says so.
    assert_eq!(lines(&found[0].command), ["cola 2 3.5", "cola 2 3.5"]);
    assert_eq!(found[0].rows, [2, 4]);
    assert_eq!(lines(&found[2].command), ["milk 1 8"]);
    assert!(matches!(&found[2].command, Command::Return { source: None, .. }));
    let sums: Vec<_> =
        report.by_kind().iter().map(|(k, t)| format!("{} {}", k.name(), t.money_text())).collect();
    assert_eq!(sums, ["sale 35", "return 8"]);
}

#[test]
fn rows_far_apart_form_parts_and_parts_have_names() {
    let mut rows = String::from("A,2026-11-22,S1,cola,1,1\n");
    for number in 0..7 {
        rows.push_str(&format!("B{number},2026-11-22,S1,x,1,1\n"));
    }
    rows.push_str("A,2026-11-22,S1,cola,1,1\n");
    let files = Files::sales(&rows);
    let scoped = |window| {
        let text = format!("{SALES}\n[document]\nunique = \"chain\"\nwindow = {window}\n");
        documents(&mapping(&text), &files.file).0
    };
    let near = scoped(8);
    assert_eq!((near.len(), near[0].rows.as_slice()), (8, &[2, 10][..]));
    for window in [0, 7] {
        let far = scoped(window);
        assert_eq!((far.len(), requests(&far)[0], requests(&far)[8]), (9, "shop:A", "shop:A~2"));
    }
}

#[test]
fn a_document_holds_only_so_many_lines() {
    let rows = "A,2026-11-22,S1,cola,1,1\n".repeat(2 * MAX_LINES + 1);
    let (found, report) = documents(&mapping(SALES), &Files::sales(&rows).file);
    assert_eq!(found.iter().map(|d| d.rows.len()).collect::<Vec<_>>(), [MAX_LINES, MAX_LINES, 1]);
    assert_eq!(requests(&found)[2], "shop:S1:20261122:A~3");
    assert_eq!(report.documents(), 3);
}

#[test]
fn odd_numbers_still_make_names() {
    let long = "9".repeat(60);
    let rows = format!(
        "a/b,2026-11-22,S1,x,1,1\n{long},2026-11-22,S1,x,1,1\nA~ret,2026-11-22,S1,x,1,1\n\
         发票1,2026-11-22,S1,x,1,1\n"
    );
    let (found, _) = documents(&mapping(SALES), &Files::sales(&rows).file);
    let names = requests(&found);
    assert_eq!(names[3], "shop:S1:20261122:发票1");
    for name in &names[..3] {
        assert!(name.starts_with("shop:#") && name.len() == 30, "{name}");
    }
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 4);
}

#[test]
fn rows_without_number_are_named_by_what_they_say() {
    let text = SALES.replace("document = \"No\"\n", "");
    let header = "Date,Store,Item,Qty,Price,Note\n";
    let january =
        "2026-01-30,S1,cola,1,3.50,a\n2026-01-30,S1,cola,1,3.50,a\n2026-01-31,S2,x,1,1,\n";
    let february = "2026-02-01,S1,cola,1,3.50,a\n";
    let first = Files::csv(format!("{header}{january}"));
    let both = Files::csv(format!("{header}{february}{january}"));
    let mapping = mapping(&text);
    let mut shelf = Shelf::default();
    assert_eq!(apply(&mapping, &first, &mut shelf).posted, 3);
    let again = apply(&mapping, &both, &mut shelf);
    assert_eq!((again.posted, again.already_there), (1, 3));
}

#[test]
fn every_kind_of_file_makes_its_command() {
    let of = |kind: &str, fields: &str, header: &str, rows: &str| {
        let base = "date = \"Date\"\nstore = \"Store\"\nsku = \"Item\"\nquantity = \"Qty\"\n";
        let text = format!("set = \"s\"\nkind = \"{kind}\"\n[columns]\n{base}{fields}");
        let files = Files::csv(format!("Date,Store,Item,Qty{header}\n{rows}"));
        documents(&mapping(&text), &files.file)
    };
    let (opening, report) = of(
        "opening",
        "cost = \"Cost\"\nlot = \"Lot\"\n[defaults]\ndocument = \"stock\"\n",
        ",Cost,Lot",
        "2026-01-01,S1,cola,1.5,2.20,L1\n2026-01-01,S1,x,0,1,\n2026-01-01,S1,milk,-1,8,\n",
    );
    assert_eq!(lines(&opening[0].command), ["cola 1.5 3.3"]);
    assert_eq!((report.nothing_to_book, report.rejected), (1, 1));
    let (receipts, _) = of(
        "receipts",
        "line_cost = \"Sum\"\nsupplier = \"From\"\ndocument = \"No\"\n",
        ",Sum,From,No",
        "2026-01-01,S1,cola,24,52.80,Swire,7\n2026-01-01,S1,milk,1,8,Mengniu,7\n",
    );
    assert_eq!(lines(&receipts[0].command), ["cola 24 52.8"]);
    assert!(
        matches!(&receipts[1].command, Command::Receive { supplier: Some(s), .. } if &**s == "Mengniu")
    );
    let (adjusted, _) = of(
        "adjustments",
        "reason = \"Why\"\n[[rule]]\nwhen = { column = \"Why\", prefix = \"broken\" }\nthen = \"scrap\"\n",
        ",Why",
        "2026-01-01,S1,cola,-2,stolen\n2026-01-01,S1,egg,-6,broken box\n",
    );
    assert_eq!(lines(&adjusted[0].command), ["cola -2"]);
    assert_eq!(lines(&adjusted[1].command), ["egg 6"]);
    assert!(
        matches!(&adjusted[1].command, Command::Scrap { reason, .. } if &**reason == "broken box")
    );
}

#[test]
fn money_side_of_a_receipt() {
    let more = "discount = \"Off\"\ntax_rate = \"Tax\"\npayment = \"Paid\"\n";
    let text = SALES
        .replace("[[rule]]", &format!("{more}[values.payment]\n\"微信\" = \"mobile\"\n[[rule]]"));
    let files = Files::csv(
        "No,Date,Store,Item,Qty,Price,Off,Tax,Paid\n\
         1,2026-11-22,S1,apples,0.456,12.80,0.84,9%,微信\n\
         1,2026-11-22,S1,cola,2,3.50,,13,微信\n\
         2,2026-11-22,S1,cola,1,3.50,3.51,,\n\
         3,2026-11-22,S1,cola,1,3.50,,101%,\n\
         4,2026-11-22,S1,cola,1,3.50,,,barter\n\
         5,2026-11-22,S1,cola,1,,,,\n\
         6,2026-11-22,S1,cola,0,1,,,\n\
         7,2026-11-22,S1,cola,1,-1,,,\n",
    );
    let (found, report) = documents(&mapping(&text), &files.file);
    let Command::Sell { lines, payments } = &found[0].command else { panic!("a sale") };
    assert_eq!((lines[0].tax_rate.basis_points(), lines[1].tax_rate.basis_points()), (900, 1_300));
    assert_eq!(
        (payments[0].method, payments[0].amount.to_string()),
        (PaymentMethod::Mobile, "12".into())
    );
    let seen: Vec<_> =
        reasons(&report).into_iter().map(|(row, column, ..)| (row, column.to_owned())).collect();
    let wanted = [(4, "Off"), (5, "Tax"), (6, "Paid"), (7, "Price"), (8, "Qty"), (9, "Price")];
    assert_eq!(seen, wanted.map(|(row, column)| (row, column.to_owned())));
}

#[test]
fn prices_come_from_joined_files_or_the_catalog() {
    let text = SALES.replace("price = \"Price\"\n", "price = \"goods:Price\"\n");
    let join = "[[join]]\nname = \"goods\"\nfile = \"goods.csv\"\non = \"Item\"\nkey = \"Code\"\n";
    let joined = mapping(&format!("{text}\n{join}[numbers]\ncurrency = [\"$\"]\n"));
    let files = Files::sales("1,2026-11-22,S1,cola,2,\n2,2026-11-22,S1,tea,1,\n");
    files.add("goods.csv", "Code,Price\ncola,$3.50 \n");
    let (found, report) = documents(&joined, &files.file);
    assert_eq!(lines(&found[0].command), ["cola 2 3.5"]);
    assert_eq!(reasons(&report)[0].3, "goods.csv has no row for it");
    files.add("goods.csv", "Code,Price\ncola,1\ncola,2\n");
    let error = check_error(&joined, &files.file);
    assert!(error.contains("goods.csv cannot be used: the rows 2 and 3 both have the key `cola`"));

    let bare = mapping(&SALES.replace("price = \"Price\"\n", ""));
    let mut catalog = std::collections::BTreeMap::new();
    let mut cola = ledger::catalog::Product::named_after(ledger::id::Sku::new("cola").unwrap());
    cola.price = "4".parse().unwrap();
    catalog.insert(cola.sku.clone(), cola);
    let import = Import::new(&bare, &files.file).with_prices(&catalog);
    let report = import.check(&mut |_| ()).unwrap().report;
    assert_eq!(report.by_kind()[&DocumentKind::Sale].money_text(), "8");
    assert_eq!(reasons(&report)[0].3, "neither the file nor the catalog has a price");
}

#[test]
fn one_store_takes_only_its_own_rows() {
    let files = Files::sales("1,2026-11-22,S1,x,1,1\n2,2026-11-22,S2,x,bad,1\n");
    let store = ledger::id::StoreId::new("S1").unwrap();
    let sales = mapping(SALES);
    let import = Import::new(&sales, &files.file).only_store(&store);
    let report = import.check(&mut |_| ()).unwrap().report;
    assert_eq!((report.used, report.other_stores, report.rejected), (1, 1, 0));
}

#[test]
fn a_sheet_of_days_becomes_statements() {
    let mapping = mapping(
        r#"
        set = "sheet"
        kind = "statements"
        [columns]
        date = "Date"
        store = "Store"
        sku = "Item"
        sold = "Sold"
        scrapped = "Waste"
        [defaults]
        closing = "0"
        "#,
    );
    let files = Files::csv(
        "Date,Store,Item,Sold,Waste\n\
         2026-11-22,S1,bun,8,\n\
         2026-11-22,S1,roll,-1,2\n\
         2026-11-23,S1,bun,,1.5\n",
    );
    let (found, report) = documents(&mapping, &files.file);
    let quantity = |text: &str| Some(text.parse::<Quantity>().unwrap());
    let stated = |document: &ImportedDocument| {
        assert_eq!(document.kind, DocumentKind::Statement);
        let Command::State { lines } = &document.command else { panic!("a statement") };
        let [line] = lines.as_slice() else { panic!("one line: {lines:?}") };
        (line.sku.to_string(), [line.opening, line.sold, line.scrapped, line.closing])
    };
    assert_eq!(stated(&found[0]), ("bun".into(), [None, quantity("8"), None, quantity("0")]));
    assert_eq!(stated(&found[1]), ("bun".into(), [None, None, quantity("1.5"), quantity("0")]));
    assert_eq!((found.len(), reasons(&report).len()), (2, 1), "less than none is no statement");
    assert!(found[0].request.as_str().ends_with("~day"));
}

//! What cannot be booked, the file that keeps it, and coming back with it.

use super::*;

const MIXED: &str = "A,2026-11-22,S1,cola,2,3.50\n\
                     A,2026-11-22,S1,milk,two,8\n\
                     A,22/11/2026,S1,bread,1,5\n\
                     B,2026-11-22,S 1,bread,1,5\n\
                     C,2026-11-22,S1,\"a, b\",1,5,surplus\n\
                     D,2026-11-22,S1,FORBIDDEN,1,5\n\
                     E,2026-11-22,S1,tea\n\
                     F,2026-11-22,S1,tea,1,9\n";

#[test]
fn bad_rows_go_to_the_reject_file_and_good_ones_are_booked() {
    let files = Files::sales(MIXED);
    let mut shelf = Shelf::default();
    let applied = apply(&mapping(SALES), &files, &mut shelf);
    assert_eq!((applied.posted, applied.refused, applied.rejected_rows), (2, 1, 6));
    assert_eq!(applied.reject_file.as_deref(), Some(files.rejects().as_path()));
    let text = fs::read_to_string(files.rejects()).unwrap();
    let wanted = "\u{feff}evenstock_row,evenstock_column,evenstock_value,evenstock_reason,\
                  No,Date,Store,Item,Qty,Price\n\
        3,Qty,two,this is not a number as the mapping describes them,A,2026-11-22,S1,milk,two,8\n\
        4,Date,22/11/2026,\"this is not a date of the form %Y-%m-%d, %Y-%m-%d %H:%M:%S, \
        %Y-%m-%d %H:%M, %Y-%m-%dT%H:%M:%S\",A,22/11/2026,S1,bread,1,5\n\
        5,Store,S 1,the store id `S 1` contains ' ',B,2026-11-22,S 1,bread,1,5\n\
        6,,,\"the row has 7 fields, the header 6\",C,2026-11-22,S1,\"a, b\",1,5,surplus\n\
        8,,,\"the row has 4 fields, the header 6\",E,2026-11-22,S1,tea\n\
        7,,,the document was refused: not for sale,D,2026-11-22,S1,FORBIDDEN,1,5\n";
    assert_eq!(text, wanted);
    // The dry run sees the same, but for what only the books can refuse.
    assert_eq!((applied.report.rejected, applied.report.used), (5, 3));
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let files = Files::sales(MIXED);
    let mut shelf = Shelf::default();
    apply(&mapping(SALES), &files, &mut shelf);
    let booked = shelf.documents.clone();
    let again = apply(&mapping(SALES), &files, &mut shelf);
    assert_eq!((again.posted, again.already_there, again.rejected_rows), (0, 2, 6));
    assert_eq!(shelf.documents, booked);
}

#[test]
fn a_corrected_reject_file_brings_the_missing_rows_once() {
    let files = Files::sales(MIXED);
    let sales = mapping(&format!("{SALES}\n[file]\nskip_lines = 0\n"));
    let mut shelf = Shelf::default();
    apply(&sales, &files, &mut shelf);
    let rejects = fs::read_to_string(files.rejects()).unwrap();
    let corrected = rejects
        .replace(",A,2026-11-22,S1,milk,two,8", ",A,2026-11-22,S1,milk,2,8")
        .replace(",A,22/11/2026,S1,bread", ",A,2026-11-22,S1,bread");
    let corrected = files.add("corrected.csv", corrected);
    let still_bad = files.folder.path().join("still_bad.csv");
    let applied = apply_file(&sales, &corrected, &still_bad, &mut shelf);
    assert_eq!((applied.posted, applied.refused, applied.rejected_rows), (2, 1, 4));
    let added: Vec<_> = shelf.documents[2..].iter().map(|d| d.request.as_str()).collect();
    assert_eq!(added, ["shop:S1:20261122:A~r3", "shop:S1:20261122:A~r4"]);
    // What is still wrong keeps the number and the columns that it had at first.
    let text = fs::read_to_string(&still_bad).unwrap();
    let first = text.lines().nth(1).unwrap();
    assert_eq!(first, "5,Store,S 1,the store id `S 1` contains ' ',B,2026-11-22,S 1,bread,1,5");
    let again = apply_file(&sales, &corrected, &still_bad, &mut shelf);
    assert_eq!((again.posted, again.already_there), (0, 2));
    let original = apply(&sales, &files, &mut shelf);
    assert_eq!((original.posted, original.already_there), (0, 2));
}

#[test]
fn a_broken_sink_stops_the_import_and_the_next_goes_on() {
    let rows: String =
        (0..1_500).map(|number| format!("{number},2026-11-22,S1,cola,1,1\n")).collect();
    let files = Files::sales(&rows);
    let sales = mapping(SALES);
    let import = Import::new(&sales, &files.file);
    let checked = import.check(&mut |_| ()).unwrap();
    let mut shelf = Shelf { breaks_at: Some(3), ..Shelf::default() };
    let error = import.apply(&checked, &mut shelf, &files.rejects(), &mut |_| ()).unwrap_err();
    let text = chain(&error);
    assert_eq!(text, "the documents from row 1026 on could not be booked: the disk is full");
    let rest = apply(&sales, &files, &mut shelf);
    assert_eq!((rest.already_there, rest.posted), (1_024, 476));
    assert_eq!(rest.reject_file, None);
    assert!(!files.rejects().exists());
}

#[test]
fn what_was_checked_is_what_is_booked() {
    let files = Files::sales("1,2026-11-22,S1,cola,1,1\n");
    let sales = mapping(SALES);
    let import = Import::new(&sales, &files.file);
    let checked = import.check(&mut |_| ()).unwrap();
    let mut shelf = Shelf::default();
    let over = import.apply(&checked, &mut shelf, &files.file, &mut |_| ()).unwrap_err();
    assert!(matches!(over, ImportError::RejectsOverInput));
    files.add("data.csv", format!("{HEADER}1,2026-11-22,S1,cola,1,1\n2,2026-11-22,S1,x,1,1\n"));
    let error = import.apply(&checked, &mut shelf, &files.rejects(), &mut |_| ()).unwrap_err();
    assert!(matches!(error, ImportError::Changed));
    assert!(shelf.documents.is_empty());
}

#[test]
fn nothing_is_booked_when_rejects_cannot_be_kept() {
    let files = Files::sales(MIXED);
    let sales = mapping(SALES);
    let import = Import::new(&sales, &files.file);
    let checked = import.check(&mut |_| ()).unwrap();
    let mut shelf = Shelf::default();
    let nowhere = files.folder.path().join("missing/rejects.csv");
    let error = import.apply(&checked, &mut shelf, &nowhere, &mut |_| ()).unwrap_err();
    assert!(matches!(error, ImportError::RejectFile { .. }));
    assert!(shelf.documents.is_empty());
}

#[test]
fn reasons_come_in_chinese_too() {
    let files = Files::sales("1,2026-11-22,S1,cola,x,1\n2,2026-11-22,S1,cola,x,1\n");
    let sales = mapping(SALES);
    let import = Import::new(&sales, &files.file).in_language(console::words::Lang::Zh);
    let report = import.check(&mut |_| ()).unwrap().report;
    assert_eq!(report.reasons.get("不是映射文件所述格式的数字"), Some(&2));
}

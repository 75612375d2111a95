use super::*;

fn cola() -> Product {
    Product::named_after(Sku::new("cola").unwrap())
}

fn set(field: Field, text: &str) -> Result<String, FieldError> {
    let mut product = cola();
    product.set(field, text)?;
    let fields = product.fields();
    let fields = fields.iter().map(|(field, text)| (*field, text.as_str()));
    assert_eq!(Product::from_fields(product.sku.clone(), fields), (product.clone(), vec![]));
    Ok(product.get(field))
}

#[test]
fn a_minimum_may_be_missing_and_is_not_negative() {
    let mut cola = cola();
    assert!(!cola.fields().contains_key(&Field::MinStock), "what nobody set is not carried");
    cola.set(Field::MinStock, " 2.50 ").unwrap();
    assert_eq!((cola.get(Field::MinStock).as_str(), cola.fields().len()), ("2.5", 11));
    let fields = cola.fields();
    let fields = fields.iter().map(|(field, text)| (*field, text.as_str()));
    assert_eq!(Product::from_fields(cola.sku.clone(), fields), (cola.clone(), vec![]));
    for text in ["-1", "x", "1.2345"] {
        assert!(cola.set(Field::MinStock, text).is_err(), "{text}");
    }
    cola.set(Field::MinStock, "").unwrap();
    assert_eq!(cola.min_stock, None);
}

#[test]
fn what_is_set_is_carried_and_read_again() {
    let cases = [
        (Field::MaxStock, "40", "40"),
        (Field::MoreBarcodes, " 6901234567892  96385074 ", "6901234567892 96385074"),
        (Field::Packs, "箱=24 16901234567899；盒 = 6;", "箱=24 16901234567899; 盒=6"),
        (Field::Packs, "bag=2.5", "bag=2.5"),
        (Field::Spec, "500 ml", "500 ml"),
        (Field::Mnemonic, "KKKL", "KKKL"),
        (Field::PurchasePrice, "2.10", "2.1"),
        (Field::MemberPrice, "", ""),
        (Field::ShelfLifeDays, "365", "365"),
    ];
    for (field, text, expected) in cases {
        assert_eq!(set(field, text).as_deref(), Ok(expected), "{text}");
    }
    let plain = cola().fields();
    assert_eq!(plain.len(), 10, "what nobody set is not carried: {plain:?}");
}

#[test]
fn what_can_not_be_is_refused_with_the_reason() {
    let many = vec!["1"; MAX_BARCODES + 1];
    let many: Vec<String> = many.iter().enumerate().map(|(at, one)| format!("{one}{at}")).collect();
    let cases = [
        (Field::MoreBarcodes, "1 2 1".to_owned(), "it names `1` twice"),
        (Field::MoreBarcodes, many.join(" "), "it has more than 32 entries"),
        (Field::MoreBarcodes, "1".repeat(MAX_LIST_LEN + 1), "it is longer than"),
        (Field::Packs, "箱=24; 箱=12".to_owned(), "it names `箱` twice"),
        (Field::Packs, "箱=24 1; 盒=6 1".to_owned(), "it names `1` twice"),
        (Field::Packs, "箱".to_owned(), "`箱` is not of the form"),
        (Field::Packs, "箱=0".to_owned(), "`箱=0` is not of the form"),
        (Field::Packs, "箱=-6".to_owned(), "`箱=-6` is not of the form"),
        (Field::Packs, "=6".to_owned(), "`=6` is not of the form"),
        (Field::Packs, "箱=6 1 2".to_owned(), "`箱=6 1 2` is not of the form"),
        (Field::MemberPrice, "-1".to_owned(), "it is negative"),
        (Field::ShelfLifeDays, "0".to_owned(), "it is not a number of days"),
        (Field::ShelfLifeDays, "36501".to_owned(), "it is not a number of days"),
        (Field::Spec, "a\nb".to_owned(), "it contains a control character"),
    ];
    for (field, text, why) in cases {
        let error = set(field, &text).unwrap_err().why.to_string();
        assert!(error.starts_with(why), "{text}: {error}");
    }
}

#[test]
fn every_code_stands_for_its_count() {
    let mut cola = cola();
    cola.set(Field::Barcode, "1").unwrap();
    cola.set(Field::MoreBarcodes, "2 3").unwrap();
    cola.set(Field::Packs, "箱=24 4; 盒=6").unwrap();
    let codes = |product: &Product| -> Vec<(String, String)> {
        product.codes().map(|(code, count)| (code.to_owned(), count.to_string())).collect()
    };
    let said = |code: &str, count: &str| (code.to_owned(), count.to_owned());
    assert_eq!(codes(&cola), [said("1", "1"), said("2", "1"), said("3", "1"), said("4", "24")]);
    assert_eq!(cola.contradiction(), None);
    cola.set(Field::Packs, "箱=24 2").unwrap();
    assert_eq!(cola.contradiction(), Some(Contradiction::CodeTwice { code: "2".into() }));
}

#[test]
fn bounds_and_prices_are_looked_at_together() {
    let mut cola = cola();
    cola.set(Field::MinStock, "12").unwrap();
    cola.set(Field::MaxStock, "11.999").unwrap();
    assert!(matches!(cola.contradiction(), Some(Contradiction::MinAboveMax { .. })));
    cola.set(Field::MaxStock, "12").unwrap();
    assert_eq!(cola.contradiction(), None);
    cola.set(Field::PurchasePrice, "2").unwrap();
    assert_eq!(cola.doubts(), [], "it has no price yet");
    cola.set(Field::Price, "2").unwrap();
    cola.set(Field::MemberPrice, "1.9999").unwrap();
    let doubted: Vec<_> = cola.doubts().iter().map(|doubt| doubt.field).collect();
    assert_eq!(doubted, [Field::MemberPrice]);
}

use super::*;
use crate::catalog::Product;
use crate::id::Sku;

fn promotion(fields: &[(Field, &str)]) -> Result<Promotion, PromotionError> {
    let named = [(Field::Name, "双十二"), (Field::Deal, "percent:20")];
    let id = PromotionId::new("SP1").unwrap();
    Promotion::from_fields(id, named.into_iter().chain(fields.iter().copied()))
}

fn time(text: &str) -> LocalTime {
    text.parse().unwrap()
}

#[test]
fn every_field_reads_what_it_writes() {
    let texts = [
        (Field::Name, "第二件半价"),
        (Field::Deal, "second:50"),
        (Field::Skus, "A;B"),
        (Field::Categories, "Soft Drinks;饮料/碳酸"),
        (Field::Brands, "北冰洋"),
        (Field::Stores, "group:北区;store:S012"),
        (Field::From, "2026-12-01T00:00"),
        (Field::Until, "2026-12-13T00:00"),
        (Field::Weekdays, "sat sun"),
        (Field::Hours, "14:00-16:30"),
        (Field::Levels, "retail member"),
        (Field::MinQuantity, "2"),
        (Field::MinAmount, "100"),
        (Field::Limit, "3"),
        (Field::Priority, "7"),
        (Field::Stacking, "with:festival"),
    ];
    let whole = promotion(&texts).unwrap();
    let fields = whole.fields();
    let written: Vec<(Field, &str)> =
        fields.iter().map(|(field, text)| (*field, text.as_str())).collect();
    assert_eq!(written, texts);
    let plain = promotion(&[]).unwrap().fields();
    assert_eq!(plain.keys().copied().collect::<Vec<_>>(), [Field::Name, Field::Deal]);
}

#[test]
fn every_deal_reads_what_it_writes() {
    for text in [
        "percent:12.5",
        "each:2.5",
        "total:10",
        "buy:2+1",
        "second:50",
        "bundle:3=10",
        "set:19.9",
        "clearance-date:0=10,7=20",
        "clearance-stock:60=20,90=40",
    ] {
        assert_eq!(text.parse::<Deal>().unwrap().to_string(), text);
    }
    for text in [
        "percent:0",
        "percent:101",
        "each:0.005",
        "total:-1",
        "buy:2",
        "buy:0+1",
        "bundle:3",
        "clearance-date:",
        "clearance-stock:9=10,9=20",
        "free:1",
        "",
    ] {
        assert!(text.parse::<Deal>().is_err(), "{text}");
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let wrong = [
        (Field::Stores, "north"),
        (Field::From, "soon"),
        (Field::Weekdays, "someday"),
        (Field::Hours, "16:00-14:00"),
        (Field::Levels, "floor"),
        (Field::MinQuantity, "0"),
        (Field::Limit, "0"),
        (Field::Priority, "-1"),
        (Field::Stacking, "with:"),
        (Field::Deal, "set:10"),
        (Field::Deal, "clearance-date:0=10"),
    ];
    for (field, text) in wrong {
        assert!(promotion(&[(field, text)]).is_err(), "{text}");
    }
    let ends = [(Field::From, "2026-12-02"), (Field::Until, "2026-12-02")];
    assert!(matches!(promotion(&ends), Err(PromotionError::EndsTooSoon { .. })));
    let id = PromotionId::new("SP1").unwrap();
    let nameless = Promotion::from_fields(id, [(Field::Deal, "percent:20")]);
    assert_eq!(nameless, Err(PromotionError::Missing(Field::Name)));
}

#[test]
fn a_promotion_holds_in_its_window_at_its_stores() {
    let window = [
        (Field::Stores, "group:north"),
        (Field::From, "2026-12-01"),
        (Field::Until, "2026-12-13"),
        (Field::Weekdays, "tue"),
        (Field::Hours, "14:00-16:00"),
    ];
    let promotion = promotion(&window).unwrap();
    let north = Membership { store: "S1".parse().unwrap(), groups: vec!["north".parse().unwrap()] };
    let south = Membership::alone("S2".parse().unwrap());
    // 2026-12-01 is a Tuesday.
    assert!(promotion.holds(&north, time("2026-12-01T14:00")));
    assert!(!promotion.holds(&south, time("2026-12-01T14:00")));
    for at in [
        "2026-11-24T14:00",
        "2026-12-01T13:59",
        "2026-12-01T16:00",
        "2026-12-02T14:00",
        "2026-12-15T14:00",
    ] {
        assert!(!promotion.holds(&north, time(at)), "{at}");
    }
}

#[test]
fn goods_are_named_by_sku_category_or_brand() {
    let mut cola = Product::named_after(Sku::new("cola").unwrap());
    (cola.category, cola.brand) = ("饮料/碳酸".into(), "北冰洋".into());
    for (field, text, covers) in [
        (Field::Skus, "cola;tea", true),
        (Field::Categories, "饮料", true),
        (Field::Categories, "饮", false),
        (Field::Brands, "北冰洋", true),
        (Field::Brands, "北冰", false),
        (Field::Skus, "tea", false),
        (Field::Weekdays, "mon", true),
    ] {
        assert_eq!(promotion(&[(field, text)]).unwrap().goods.cover(&cola), covers, "{text}");
    }
}

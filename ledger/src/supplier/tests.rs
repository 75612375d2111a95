use super::*;

fn supplier() -> Supplier {
    Supplier::named_after("V007".parse().unwrap())
}

#[test]
fn every_field_reads_what_it_writes() {
    let texts = [
        "东方批发",
        "East Wholesale",
        "王芳",
        "021-5555 0100",
        "wang@east.example",
        "上海市…路 1 号",
        "91310000X",
        "month_end+30",
        "500",
        "满三十箱送一箱",
        "250",
        "10000",
        "withdrawn",
    ];
    let fields = Field::ALL.into_iter().zip(texts);
    let (read, errors) = Supplier::from_fields("V007".parse().unwrap(), fields.clone());
    assert!(errors.is_empty(), "{errors:?}");
    for (field, text) in fields {
        assert_eq!(read.get(field), text, "{}", field.name());
        assert_eq!(Field::named(field.name()), Some(field));
    }
    let again = read.fields();
    let again = again.iter().map(|(field, text)| (*field, text.as_str()));
    assert_eq!(Supplier::from_fields("V007".parse().unwrap(), again).0, read);
}

#[test]
fn what_cannot_be_read_is_left_as_it_was_and_reported() {
    let wrong = [
        (Field::Email, "east.example"),
        (Field::Email, "a b@east.example"),
        (Field::Terms, "400"),
        (Field::Terms, "month_end"),
        (Field::MinimumOrder, "-1"),
        (Field::Discount, "10001"),
        (Field::Status, "gone"),
        (Field::NameZh, "a\nb"),
    ];
    let (read, errors) = Supplier::from_fields("V007".parse().unwrap(), wrong);
    assert_eq!(read, supplier());
    assert_eq!(errors.len(), wrong.len(), "{errors:?}");
}

#[test]
fn terms_count_from_the_delivery_or_from_the_end_of_its_month() {
    let due = |terms: &str, day: &str| {
        terms.parse::<Terms>().unwrap().due(day.parse().unwrap()).to_string()
    };
    assert_eq!(due("0", "2026-11-24"), "2026-11-24");
    assert_eq!(due("30", "2026-11-24"), "2026-12-24");
    assert_eq!(due("month_end+0", "2028-02-03"), "2028-02-29");
    assert_eq!(due("month_end+10", "2026-12-31"), "2027-01-10");
}

#[test]
fn a_bound_for_a_discount_needs_a_discount() {
    let mut given = supplier();
    given.set(Field::DiscountOver, "1000").unwrap();
    assert_eq!(given.contradiction(), Some(Contradiction::NoDiscount));
    given.set(Field::Discount, "300").unwrap();
    assert_eq!(given.contradiction(), None);
}

#[test]
fn offers_read_what_they_write_and_refuse_nonsense() {
    let texts = ["2.1", "3", "24", "12", "48=1.9 144=1.75", "A-77", "withdrawn"];
    let fields = OfferField::ALL.into_iter().zip(texts);
    let (offer, errors) = Offer::from_fields(fields.clone());
    assert!(errors.is_empty() && !offer.stands());
    for (field, text) in fields {
        assert_eq!(offer.get(field), text);
        assert_eq!(OfferField::named(field.name()), Some(field));
    }
    let mut offer = Offer::default();
    for (field, text) in
        [(OfferField::Pack, "0"), (OfferField::LeadDays, "-1"), (OfferField::Breaks, "12")]
    {
        assert!(offer.set(field, text).is_err(), "{}", field.name());
    }
    assert_eq!(offer, Offer::default());
}

#[test]
fn deliveries_are_late_by_the_days_after_the_one_that_was_agreed_to() {
    let day = |text: &str| Some(text.parse().unwrap());
    let mut kept = Punctuality::default();
    let mut came = |on: &str, due, sent| kept.add(on.parse().unwrap(), due, sent);
    came("2026-11-20", day("2026-11-22"), day("2026-11-18"));
    came("2026-11-22", day("2026-11-22"), None);
    came("2026-12-01", day("2026-11-28"), day("2026-11-24"));
    came("2026-12-02", day("2026-12-01"), None);
    came("2026-12-03", None, None);
    assert_eq!((kept.due, kept.late, kept.kept_points()), (4, 2, Some(5_000)));
    assert_eq!((kept.average_late(), kept.average_taken()), (Some(2_000), Some(4_500)));
    let none = Punctuality::default();
    assert_eq!((none.kept_points(), none.average_late(), none.average_taken()), (None, None, None));
}

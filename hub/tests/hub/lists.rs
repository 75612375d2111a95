use hub::Door;
use hub::ask::bounds::{BoundsRow, ListBounds, SetBounds};
use hub::ask::catalog::{ImportCatalog, ImportMode, ListProducts};
use hub::ask::categories::{ListCategories, MoveCategory};
use hub::ask::prices::{ListPrices, SetPrice, Terms};
use hub::ask::profiles::{SetProfile, ShowProfiles};
use ledger::price::Level;
use ledger::scan::Codes;
use ledger::scope::Scope;

use crate::chain::Chain;

const SHIRTS: &str = "sku,name_zh,category,style,size,colour,price,purchase_price\n\
    T1-RL,衬衫,服装 / 男装,T1,L,红,99,60\n\
    T1-BM,衬衫,服装/男装,T1,M,蓝,99,60\n\
    T1-BL,衬衫,服装/男装,T1,L,蓝,99,60\n\
    S1,裙,服装/女装,S1,M,红,199,\n\
    F1,服装袋,服装袋,,,,1,\n";

fn import(chain: &Chain) {
    let (text, mode) = (SHIRTS.to_owned(), ImportMode::Apply);
    let import = ImportCatalog { text, mode, codes: Codes::Articles, lang: "zh".to_owned() };
    assert_eq!(chain.hub.ask(import).unwrap().added, 5);
}

fn listed(chain: &Chain, category: Option<&str>, style: Option<&str>) -> Vec<String> {
    let (category, style) = (category.map(str::to_owned), style.map(str::to_owned));
    let list = ListProducts { search: None, category, style };
    let found = chain.hub.ask(list).unwrap().products;
    found.iter().map(|product| product.sku.to_string()).collect()
}

fn categories(chain: &Chain) -> Vec<(String, usize, usize)> {
    let rows = chain.hub.ask(ListCategories {}).unwrap();
    rows.into_iter().map(|row| (row.category, row.products, row.with_below)).collect()
}

#[tokio::test]
async fn categories_are_a_tree_and_variants_belong_to_a_style() {
    let chain = Chain::start().await;
    import(&chain);
    assert_eq!(listed(&chain, Some("服装"), None), ["S1", "T1-BL", "T1-BM", "T1-RL"]);
    assert_eq!(listed(&chain, Some("服装/女装"), None), ["S1"]);
    assert_eq!(listed(&chain, None, Some("T1")), ["T1-RL", "T1-BL", "T1-BM"], "by colour, size");

    let row = |name: &str, own, all| (name.to_owned(), own, all);
    let before =
        [row("服装", 0, 4), row("服装/女装", 1, 1), row("服装/男装", 3, 3), row("服装袋", 1, 1)];
    assert_eq!(categories(&chain), before);
    let to = |from: &str, to: &str| MoveCategory { from: from.to_owned(), to: to.to_owned() };
    assert!(chain.hub.ask(to("服装", "服装/旧")).is_err());
    assert!(chain.hub.ask(to("鞋", "靴")).is_err());
    assert_eq!(chain.hub.ask(to("服装", "衣")).unwrap().products, 4);
    let after = [row("服装袋", 1, 1), row("衣", 0, 4), row("衣/女装", 1, 1), row("衣/男装", 3, 3)];
    assert_eq!(categories(&chain), after);
}

#[tokio::test]
async fn bounds_are_a_stores_own_in_their_season() {
    let chain = Chain::start().await;
    import(&chain);
    chain.shop("S001").await;
    let set = |scope: &str, season: Option<&str>, min: Option<&str>| SetBounds {
        item: "S1".to_owned(),
        scope: scope.parse().unwrap(),
        season: season.map(|season| season.parse().unwrap()),
        min: min.map(|min| min.parse().unwrap()),
        max: None,
    };
    let changed = |ask: SetBounds| chain.hub.ask(ask).unwrap().changed;
    assert_eq!(changed(set("all", None, Some("3"))), 1);
    assert_eq!(changed(set("all", None, Some("3"))), 0, "it was so already");
    assert_eq!(changed(set("store:S001", Some("06-01..08-31"), Some("12"))), 1);
    let min = |date: &str| {
        let (item, store) = (Some("S1".to_owned()), "S001".parse().ok());
        let rows = chain.hub.ask(ListBounds { item, store, date: date.parse().ok() }).unwrap();
        let [BoundsRow { min, .. }] = rows.as_slice() else { panic!("one row, not {rows:?}") };
        min.map(|min| min.to_string())
    };
    assert_eq!(min("2026-07-01").as_deref(), Some("12"));
    assert_eq!(min("2026-12-01").as_deref(), Some("3"));
    assert_eq!(changed(set("all", None, None)), 1, "taken away");
    assert_eq!(min("2026-12-01"), None);
}

#[tokio::test]
async fn what_is_rarely_meant_is_told() {
    let chain = Chain::start().await;
    import(&chain);
    chain.shop("S001").await;
    let price = |group: &str, price: &str| SetPrice {
        item: "T1-RL".to_owned(),
        price: price.parse().unwrap(),
        terms: Terms {
            level: Level::Retail,
            scope: Scope::Group(group.parse().unwrap()),
            from: "2026-12-01T00:00".parse().ok(),
            until: None,
            note: String::new(),
            number: None,
        },
        lang: "en".to_owned(),
    };
    let told = chain.hub.ask(price("north", "50")).unwrap().doubts;
    assert_eq!(told.len(), 2, "{told:?}");
    let fields = [("groups".to_owned(), "north".to_owned())].into();
    let set = SetProfile { store: "S001".parse().unwrap(), fields };
    assert!(chain.hub.ask(set.clone()).unwrap().changed);
    assert!(!chain.hub.ask(set).unwrap().changed);
    assert_eq!(chain.hub.ask(ShowProfiles::default()).unwrap().len(), 1);
    assert_eq!(chain.hub.ask(price("north", "70")).unwrap().doubts, [""; 0]);
    assert_eq!(chain.hub.ask(ListPrices::default()).unwrap().len(), 1, "the same key, set anew");
    let wrong = [("zone", "Mars/Olympus"), ("kind", "kiosk"), ("colour", "red")];
    for (field, value) in wrong {
        let fields = [(field.to_owned(), value.to_owned())].into();
        let set = SetProfile { store: "S001".parse().unwrap(), fields };
        assert!(chain.hub.ask(set).is_err(), "{field}");
    }
}

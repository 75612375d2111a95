use hub::Door;
use hub::ask::catalog::{ImportCatalog, ImportMode, ListConflicts, ListProducts, SetProduct};
use hub::ask::prices::{SetPrice, Terms};
use ledger::catalog::Field;
use ledger::price::Level;
use ledger::scan::Codes;
use ledger::scope::Scope;

use crate::chain::{Chain, until};

fn import(chain: &Chain, text: &str, mode: ImportMode) -> (u64, u64, u64, usize) {
    let done = chain
        .hub
        .ask(ImportCatalog {
            text: text.to_owned(),
            mode,
            codes: Codes::Articles,
            lang: "zh".to_owned(),
        })
        .unwrap();
    (done.added, done.changed, done.unchanged, done.rejected.len())
}

fn set(chain: &Chain, sku: &str, field: &str, value: &str) -> Vec<String> {
    let fields = [(field.to_owned(), value.to_owned())].into();
    chain
        .hub
        .ask(SetProduct { sku: sku.parse().unwrap(), fields, codes: Codes::Articles })
        .unwrap()
        .changed
}

const FILE: &str = "sku,name_en,price\nC1,Cola,3.50\nC2,Apple,x\nC3,Tea,2\n";

#[tokio::test]
async fn edits_reach_a_connected_store_at_once_and_the_others_later() {
    let chain = Chain::start().await;
    let (near, far) = (chain.shop("S001").await, chain.shop("S002").await);
    let connected = chain.connect(&near).await;
    assert_eq!(import(&chain, FILE, ImportMode::DryRun), (2, 0, 0, 1));
    assert_eq!(chain.hub.ask(ListProducts::default()).unwrap().total, 0);
    assert_eq!(import(&chain, FILE, ImportMode::Apply), (2, 0, 0, 1));
    assert_eq!(import(&chain, FILE, ImportMode::Apply), (0, 0, 2, 1));
    until(|| near.field("C3", Field::Price).as_deref() == Some("2")).await;

    assert_eq!(set(&chain, "C1", "price", "3.60"), ["price"]);
    assert_eq!(set(&chain, "C1", "price", "3.6"), [""; 0]);
    until(|| near.field("C1", Field::Price).as_deref() == Some("3.6")).await;
    connected.leave(&chain, &near).await;

    assert_eq!(far.field("C1", Field::Price), None);
    chain.connect(&far).await;
    assert_eq!(far.field("C1", Field::Price).as_deref(), Some("3.6"));
}

#[tokio::test]
async fn edits_made_apart_are_listed_until_head_office_decides() {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    set(&chain, "C1", "name_en", "Cola");
    chain.connect(&shop).await.leave(&chain, &shop).await;
    set(&chain, "C1", "name_en", "Cola 330 ml");
    shop.edit("C1", Field::NameEn, "Coke");
    let connected = chain.connect(&shop).await;

    let listed = chain.hub.ask(ListConflicts {}).unwrap().conflicts;
    let [conflict] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((conflict.sku.as_str(), conflict.field.as_str()), ("C1", "name_en"));
    let mut values: Vec<_> =
        conflict.values.iter().map(|v| (v.writer.as_str(), v.value.as_str())).collect();
    assert_eq!(conflict.in_force, values.last().unwrap().1);
    values.sort_unstable();
    assert_eq!(values, [("hub", "Cola 330 ml"), ("store/S001", "Coke")]);

    // Deciding for the value that is in force already is a decision, too.
    let chosen = conflict.in_force.clone();
    assert_eq!(set(&chain, "C1", "name_en", &chosen), ["name_en"]);
    assert_eq!(chain.hub.ask(ListConflicts {}).unwrap().conflicts, []);
    until(|| shop.books.reader().unwrap().conflicts().unwrap().is_empty()).await;
    assert_eq!(shop.field("C1", Field::NameEn), Some(chosen));
    connected.leave(&chain, &shop).await;
}

#[tokio::test]
async fn barcodes_that_can_not_be_are_told_apart() {
    let chain = Chain::start().await;
    let text = "sku,barcode\nA,6901234567892\nB,6901234567890\nC,12345678901\nD,own-1\n";
    let ask = |codes| {
        let mode = ImportMode::DryRun;
        let import = ImportCatalog { text: text.to_owned(), mode, codes, lang: "en".to_owned() };
        let rejected = chain.hub.ask(import).unwrap().rejected;
        rejected.into_iter().map(|row| (row.line, row.reason)).collect::<Vec<_>>()
    };
    let reasons = [
        (3, "the check digit should be 2".to_owned()),
        (4, "article numbers have 8, 12, 13 or 14 digits".to_owned()),
    ];
    assert_eq!(ask(Codes::Articles), reasons);
    assert_eq!(ask(Codes::Any), []);
}

#[tokio::test]
async fn a_code_means_one_product_wherever_it_stands() {
    let chain = Chain::start().await;
    let set = |sku: &str, field: &str, value: &str| {
        let fields = [(field.to_owned(), value.to_owned())].into();
        chain.hub.ask(SetProduct { sku: sku.parse().unwrap(), fields, codes: Codes::Articles })
    };
    set("A", "barcode", "6901234567892").unwrap();
    set("A", "packs", "箱=24 16901234567899; 盒=6").unwrap();
    set("A", "more_barcodes", "96385074 own-1").unwrap();
    let places = [("barcode", ""), ("more_barcodes", ""), ("packs", "箱=12 ")];
    for code in ["6901234567892", "16901234567899", "96385074", "own-1"] {
        for (field, before) in places {
            let refused = set("B", field, &format!("{before}{code}")).unwrap_err().to_string();
            assert_eq!(refused, format!("the barcode {code} belongs to A"), "{field}");
        }
    }
    for (field, before) in places {
        let refused = set("B", field, &format!("{before}6901234567890")).unwrap_err();
        assert_eq!(refused.to_string(), "`6901234567890` can't be a barcode", "{field}");
    }
    let twice = set("A", "more_barcodes", "16901234567899").unwrap_err().to_string();
    assert_eq!(twice, "the code 16901234567899 stands twice in one product");
    // What A gives up, B may take.
    set("A", "more_barcodes", "").unwrap();
    set("B", "barcode", "96385074").unwrap();
    let file =
        "sku,条码,其他条码,包装\nC,own-2,own-3,箱=6 own-4\nD,own-4,,\nE,,own-2,\nF,,,箱=6 own-3\n";
    assert_eq!(import(&chain, file, ImportMode::DryRun), (1, 0, 0, 3));
}

#[tokio::test]
async fn prices_and_bounds_that_can_not_be_meant_are_told() {
    let chain = Chain::start().await;
    let set = |fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(field, text)| ((*field).into(), (*text).into())).collect();
        let sku = "A".parse().unwrap();
        chain.hub.ask(SetProduct { sku, fields, codes: Codes::Articles })
    };
    let refused = set(&[("min_stock", "12"), ("max_stock", "6")]).unwrap_err().to_string();
    assert_eq!(refused, "the minimum stock 12 is more than the maximum 6");
    let doubts = set(&[("price", "3"), ("purchase_price", "3.2")]).unwrap().doubts;
    let told: Vec<_> = doubts.iter().map(|doubt| doubt.field.as_str()).collect();
    assert_eq!(told, ["price"]);
    assert_eq!(set(&[("price", "3"), ("spec", "500 ml")]).unwrap().doubts, [], "it is known");
    let text = "sku,零售价,进价,会员价,最低库存,最高库存\nB,2,1,0.9,,\nC,2,1,,9,8\n".to_owned();
    let (mode, codes, lang) = (ImportMode::DryRun, Codes::Articles, "en".to_owned());
    let done = chain.hub.ask(ImportCatalog { text, mode, codes, lang }).unwrap();
    let doubts: Vec<_> =
        done.doubts.iter().map(|doubt| (doubt.line, doubt.field.as_str())).collect();
    assert_eq!(doubts, [(Some(2), "member_price")]);
    let rejected: Vec<_> = done.rejected.iter().map(|row| row.reason.as_str()).collect();
    assert_eq!(rejected, ["the minimum stock 9 is more than the maximum 8"]);
}

#[tokio::test]
async fn a_base_price_that_a_price_list_hides_is_told() {
    let chain = Chain::start().await;
    set(&chain, "C1", "price", "3.50");
    let hiding = |field: &str, value: &str| {
        let fields = [(field.to_owned(), value.to_owned())].into();
        let sku = "C1".parse().unwrap();
        let set = chain.hub.ask(SetProduct { sku, fields, codes: Codes::Articles }).unwrap();
        set.hiding.iter().map(|row| format!("{} {}", row.scope, row.price)).collect::<Vec<_>>()
    };
    assert!(hiding("price", "3.60").is_empty());
    let list = |price: &str, until: Option<&str>| {
        let terms = Terms {
            level: Level::Retail,
            scope: Scope::All,
            from: Some("2026-11-01T00:00".parse().unwrap()),
            until: until.map(|until| until.parse().unwrap()),
            note: String::new(),
            number: None,
        };
        let (item, price) = ("C1".to_owned(), price.parse().unwrap());
        chain.hub.ask(SetPrice { item, price, terms, lang: "zh".to_owned() }).unwrap();
    };
    // Over before today.
    list("3.30", Some("2026-11-02T00:00"));
    assert!(hiding("price", "3.65").is_empty());
    list("3.40", None);
    assert_eq!(hiding("price", "3.70"), ["all 3.4"]);
    assert!(hiding("price", "3.70").is_empty(), "nothing has changed");
    assert!(hiding("member_price", "3").is_empty(), "another price");
    let done = chain.hub.ask(ImportCatalog {
        text: FILE.to_owned(),
        mode: ImportMode::DryRun,
        codes: Codes::Articles,
        lang: "zh".to_owned(),
    });
    assert_eq!(done.unwrap().hiding.len(), 1);
}

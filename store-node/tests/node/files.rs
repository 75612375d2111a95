//! Imports into the books.

use console::Lang;
use store_node::ask::stock::ShowStock;
use store_node::door::Door;
use store_node::import::{Import, Mapping, NoPrices};
use store_node::sink::DoorSink;

use crate::shop::Shop;

const MAPPING: &str = r#"
set = "old-pos"
kind = "sales"

[columns]
document = "bill"
date = "day"
store = "shop"
sku = "item"
quantity = "pieces"
price = "price"

[[rule]]
when = { quantity = "negative" }
then = "return"
"#;

const SALES: &str = "\
bill,day,shop,item,pieces,price
1,2026-11-20,S012,cola,2,3.00
1,2026-11-20,S012,gum,1,0.50
2,2026-11-20,S012,cola,-1,3.00
3,2026-11-21,S012,cola,many,3.00
4,2026-11-21,S099,cola,5,3.00
";

#[test]
fn a_file_is_booked_once_and_its_bad_rows_are_kept_aside() {
    let shop = Shop::open();
    let file = shop.folder.with_extension("csv");
    std::fs::write(&file, SALES).unwrap();
    let mapping: Mapping = MAPPING.parse().unwrap();
    let store = shop.node.store().clone();
    let import = Import::new(&mapping, &file).only_store(&store).with_prices(&NoPrices);
    let rejects = shop.folder.with_extension("rejects.csv");
    let apply = || {
        let checked = import.check(&mut |_| {}).unwrap();
        let mut sink = DoorSink::new(&shop.node, None, Lang::En);
        let applied = import.apply(&checked, &mut sink, &rejects, &mut |_| {}).unwrap();
        (applied.posted, applied.already_there, applied.refused, applied.rejected_rows)
    };
    assert_eq!(apply(), (2, 0, 0, 1));
    assert_eq!(apply(), (0, 2, 0, 1), "the same file changes nothing");
    assert!(std::fs::read_to_string(&rejects).unwrap().contains("many"));

    let stock = shop.node.ask(ShowStock::default()).unwrap();
    let held: Vec<_> =
        stock.items.iter().map(|item| (item.sku.as_str(), item.quantity.to_string())).collect();
    assert_eq!(held, [("cola", "-1".to_owned()), ("gum", "-1".to_owned())]);
}

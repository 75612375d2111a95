//! Counting through the daemon of a shop that sells: nothing that was counted is lost when it is killed.

use std::thread;

use tests::daemon::{Store, run};

#[test]
fn a_count_goes_on_after_a_kill_and_the_books_say_what_is_on_the_shelf() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("S001");
    run("store-node", &folder, &["init", "S001", "--zone", "UTC"]).expect("init");
    let mut shop = Store::at("S001", &folder);
    shop.ask(&["receive", "tea:40@1", "cola:30@2"]);
    shop.start();
    shop.ask(&["count", "start", "tea", "cola", "--tolerance", "0"]);

    // Two counters at once, and a till that sells what is not being counted at that moment.
    let counts = [("shelf", "tea:25", "ann"), ("cellar", "tea:12", "bob")];
    thread::scope(|scope| {
        for (place, line, by) in counts {
            let args = ["count", "add", line, "--place", place, "--by", by];
            let shop = &shop;
            scope.spawn(move || shop.ask(&args));
        }
        scope.spawn(|| shop.sell("cola:4@3"));
    });
    let cola = ["count", "add", "cola:26", "--request", "c1"];
    shop.ask(&cola);
    shop.kill();
    shop.start();
    assert_eq!(shop.ask(&cola)["repeated"], true);
    shop.sell("tea:5@3");

    let sheet = shop.ask(&["count", "show", "--book"]);
    let item = |sku: &str| {
        let items = sheet["items"].as_array().unwrap();
        items.iter().find(|item| item["sku"] == sku).unwrap().clone()
    };
    assert_eq!((&item("tea")["counted"], &item("tea")["state"]), (&"37".into(), &"beyond".into()));
    assert_eq!(item("tea")["against"]["variance"], "-3");
    assert_eq!(item("tea")["lines"].as_array().unwrap().len(), 2);
    assert_eq!(item("cola")["state"], "equal");
    assert_eq!(shop.run(&["count", "post"]).code, Some(1), "the tea is to be looked at");
    shop.ask(&["count", "reason", "tea=stolen"]);
    let posted = shop.ask(&["count", "post", "--request", "p1"]);
    shop.kill();
    shop.start();
    let again = shop.ask(&["count", "post", "--request", "p1"]);
    assert_eq!((&again["repeated"], &again["fact"]), (&true.into(), &posted["fact"]));
    let stock = shop.stock();
    assert_eq!((stock["tea"], stock["cola"]), (32_000, 26_000));
    shop.verify();
    shop.stop();
}

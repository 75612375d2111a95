//! The disk fills up while a store sells: it stops with a clear word, and nothing that it answered is
//! lost.

use tests::daemon::{Store, bill, run};

/// No file may grow beyond this: room for the empty book and a few dozen sales.
const ROOM_KB: u32 = 768;

/// More sales than fit.
const SALES: usize = 2_000;

#[test]
fn a_full_disk_stops_the_store_and_loses_nothing_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("S001");
    run("store-node", &folder, &["init", "S001", "--zone", "UTC"]).expect("init");
    let mut shop = Store::at("S001", &folder);
    shop.start_on_full_disk(ROOM_KB);

    let mut sold = Vec::new();
    let refused = (0..SALES).find_map(|_| {
        let ran = shop.run(&["sell", "cola:2@3.50"]);
        if ran.is_done() {
            sold.push(bill(&ran.answer));
            return None;
        }
        Some(ran)
    });
    let refused = refused.expect("the disk fills up");
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.complaint.contains("make room on the disk"), "{}", refused.complaint);
    assert!(sold.len() > 5, "only {} sales fitted", sold.len());

    // It doesn't go on as if nothing had been, and what it shows is what is on the disk.
    assert_eq!(shop.run(&["sell", "cola@3.50"]).code, Some(1));
    assert_eq!(shop.stock()["cola"], -2_000 * sold.len() as i64);
    shop.kill();

    shop.start();
    let kept: Vec<_> = shop.facts().iter().map(|fact| fact["bill"].clone()).collect();
    assert_eq!(kept, sold);
    sold.push(shop.sell("cola@3.50"));
    assert_eq!(shop.facts().len(), sold.len());
    shop.verify();
}

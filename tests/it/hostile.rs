//! Peers that lie: a valid certificate in the wrong hands, and certificates that are not valid.

use std::fs;

use ledger::id::{Epoch, FactId, StoreId};
use ledger::time::{BusinessDate, Timestamp};
use sync_proto::day_book::seal;
use sync_proto::frame::frame;
use sync_proto::limits::MAX_FRAME_LEN;
use sync_proto::quic::{CloseCode, Ended};
use sync_proto::{Actor, DocId, DocTail, NewChange, Writer, genesis_hash};
use tests::daemon::{Hub, Store, run, until};
use tests::dice::Dice;
use tests::liar::{self, Heard, Liar};

/// What any of this may cost the hub, in kilobytes above what an honest store costs.
const MAX_RISE_KB: u64 = 64 * 1024;

/// Operations of the bomb that Automerge would need 916 MB for.
const BOMB_OPERATIONS: i64 = 2_000_001;

/// A hub, a liar with a certificate, and an honest store beside it.
struct Scene {
    _dir: tempfile::TempDir,
    hub: Hub,
    liar: Liar,
    neighbour: Store,
    calm_kb: Option<u64>,
    sold: u64,
}

impl Scene {
    fn set() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut hub = Hub::start_new(&dir.path().join("hub"));
        let liar = Liar::with_identity_of(&hub.enrol("S666"), hub.address());
        let neighbour = hub.enrol("S001");
        neighbour.sell("tea@2");
        neighbour.sync();
        hub.verify();
        let calm_kb = hub.daemon().peak_memory_kb();
        Self { _dir: dir, hub, liar, neighbour, calm_kb, sold: 1 }
    }

    /// Says bytes in a session that has been greeted properly.
    fn say(&mut self, what: &str, bytes: &[u8], chunks: usize) -> Heard {
        let heard = self.liar.say(&[self.liar.hello().as_slice(), bytes].concat(), chunks);
        println!("{what}: {:?}, {:?}", heard.ended, heard.refusals());
        self.assert_unharmed(what);
        heard
    }

    /// The hub lives, is no fatter, and others do not notice.
    fn assert_unharmed(&mut self, what: &str) {
        assert!(self.hub.daemon().is_up(), "{what} brought the hub down: {}", self.hub.log());
        if let (Some(calm), Some(now)) = (self.calm_kb, self.hub.daemon().peak_memory_kb()) {
            assert!(now < calm + MAX_RISE_KB, "{what} cost the hub {} kB", now - calm);
        }
        self.neighbour.sell("tea@2");
        self.neighbour.sync();
        self.sold += 1;
        assert_eq!(self.hub.standing("S001")["facts"], self.sold, "after {what}");
    }

    /// Sends one change, which the hub must refuse for a reason that also its operator reads.
    fn is_refused(&mut self, what: &str, doc: &DocId, change: &[u8], reason: &str) {
        let actor = self.actor(self.liar.store(), Epoch::FIRST);
        let chunk = liar::change(1, doc, actor, change);
        let heard = self.say(what, &chunk, 1);
        assert!(heard.refusals().iter().any(|why| why.contains(reason)), "{what}: {heard:?}");
        self.is_listed(what, doc, reason);
    }

    fn is_listed(&self, what: &str, doc: &DocId, reason: &str) {
        let standing = self.hub.standing("S666");
        let listed = standing["quarantined"].as_array().into_iter().flatten().any(|item| {
            let why = item["reason"].as_str().unwrap_or_default();
            item["document"] == doc.to_string()
                && item["refused_by"] == "us"
                && why.contains(reason)
        });
        assert!(listed, "{what} is not in the status: {standing}");
    }

    fn actor(&self, store: &StoreId, epoch: Epoch) -> Actor {
        Actor::derive(self.liar.chain(), &Writer::Store(store.clone()), epoch)
    }

    /// A change with one fact, in the place that `tail` leaves, under a key of one's choice.
    fn fact(&self, book: &DocId, key: u64, id: u64, tail: Option<&DocTail>) -> NewChange {
        let DocId::Book { store, date } = book else { panic!("{book} is no day book") };
        let text = fact_text(store, *date, id);
        let key = FactId { epoch: Epoch::FIRST, seq: key };
        let actor = self.actor(self.liar.store(), Epoch::FIRST);
        seal(book, actor, tail, &[(key, &text)], Timestamp::from_millis(0)).unwrap()
    }
}

#[test]
fn frames_that_lie_cost_the_hub_nothing() {
    let mut scene = Scene::set();
    let ended = |heard: Heard| match heard.ended {
        Some(Ended::Said(code)) => code,
        other => panic!("the hub did not hang up: {other:?}"),
    };

    // Lengths that lie: four gigabytes, nothing, one byte too many that really come.
    let heard = scene.say("4 GiB announced", &u32::MAX.to_be_bytes(), 0);
    assert_eq!(ended(heard), CloseCode::Protocol);
    let heard = scene.say("an empty frame", &[0; 4], 0);
    assert_eq!(ended(heard), CloseCode::Protocol);
    let long = u32::try_from(MAX_FRAME_LEN + 1).unwrap().to_be_bytes();
    let heard = scene.say("a long frame", &[&long[..], &vec![6; MAX_FRAME_LEN + 1]].concat(), 0);
    assert_eq!(ended(heard), CloseCode::Protocol);

    // A quarter of a gigabyte in a few kilobytes; owning up to it, and not.
    for claims in [256 << 20, 1_000] {
        let bomb = liar::bomb(claims, 256);
        assert!(bomb.len() < 64 * 1024, "{} bytes", bomb.len());
        let heard = scene.say("a zstd bomb", &bomb, 0);
        assert_eq!(ended(heard), CloseCode::Protocol);
    }

    // Noise, as one frame and as none.
    let mut dice = Dice::new(666);
    for round in 0..4 {
        let noise: Vec<u8> = (0..5_000).map(|_| dice.any() as u8 | 0x80).collect();
        let bytes = if round % 2 == 0 { frame(&noise) } else { noise };
        let heard = scene.say("noise", &bytes, 0);
        assert_eq!(ended(heard), CloseCode::Protocol);
    }
    // Before any greeting.
    let heard = scene.liar.say(&frame(b"\x06\x01garbage"), 0);
    scene.assert_unharmed("changes before a Hello");
    assert_eq!(ended(heard), CloseCode::Protocol);
    scene.hub.verify();
}

#[test]
fn changes_that_nobody_may_make_are_refused_and_listed() {
    let mut scene = Scene::set();
    let date: BusinessDate = "2026-11-22".parse().unwrap();
    let book = |store: &str| DocId::Book { store: store.parse().unwrap(), date };
    let (mine, theirs) = (book("S666"), book("S001"));

    let own = scene.actor(scene.liar.store(), Epoch::FIRST);
    let deps: [u8; 32] = *genesis_hash(&mine).as_bytes();
    let bomb = liar::operations(BOMB_OPERATIONS, deps, own);
    assert!(bomb.len() < 150, "{} bytes", bomb.len());
    scene.is_refused("an operations bomb", &mine, &bomb, "operations; the limit is");

    scene.is_refused("garbage", &mine, &[0x85; 300], "not one whole, uncompressed change");

    let change = scene.fact(&theirs, 1, 1, None);
    scene.is_refused("another store's book", &theirs, &change.bytes, "may not write");

    let text = fact_text(&"S666".parse().unwrap(), date, 1);
    let first = FactId { epoch: Epoch::FIRST, seq: 1 };
    let neighbour = scene.actor(&"S001".parse().unwrap(), Epoch::FIRST);
    let forged = seal(&mine, neighbour, None, &[(first, &text)], Timestamp::from_millis(0));
    scene.is_refused("a foreign actor", &mine, &forged.unwrap().bytes, "is not that of");

    let change = scene.fact(&mine, 2, 1, None);
    scene.is_refused("a fact under another's key", &mine, &change.bytes, "the fact `1-2`");

    // An honest fact, then another one under its key.
    let honest = scene.fact(&mine, 1, 1, None);
    let tail = DocTail { seq: honest.seq, hash: honest.hash, max_op: honest.max_op };
    let again = scene.fact(&mine, 1, 1, Some(&tail));
    let both =
        [liar::change(1, &mine, own, &honest.bytes), liar::change(2, &mine, own, &again.bytes)];
    let heard = scene.say("an overwritten fact", &both.concat(), 2);
    assert_eq!(heard.refusals().len(), 1, "{heard:?}");
    let reason = heard.refusals()[0].clone();
    scene.is_listed("an overwritten fact", &mine, &reason);

    // One fact of all this is in the books, and the neighbour's are untouched.
    assert_eq!(scene.hub.standing("S666")["facts"], 1);
    assert_eq!(scene.hub.stock("S666"), [("tea".to_owned(), 1_000)].into());
    assert_eq!(scene.hub.stock("S001"), scene.neighbour.stock());
    scene.hub.verify();
}

#[test]
fn only_enrolled_stores_of_this_chain_get_in() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::start_new(&dir.path().join("hub"));
    let other = Hub::start_new(&dir.path().join("other"));

    // A code works once, and only at the hub that gave it.
    let code = hub.invite("S001");
    let astray = Store::join("S001", &dir.path().join("astray"), &code, other.address());
    let astray = astray.expect_err("a code of another chain");
    assert_eq!(astray.code, Some(1), "{}", astray.complaint);
    let folder = dir.path().join("S001");
    let mut shop = Store::join("S001", &folder, &code, hub.address()).unwrap();
    let second = Store::join("S001", &dir.path().join("second"), &code, hub.address());
    let second = second.expect_err("a used code");
    assert_eq!(second.code, Some(1));
    assert!(second.complaint.contains("used"), "{}", second.complaint);

    // The same store sent to the wrong hub: neither believes the other, and nothing is lost.
    shop.sell("tea@2");
    let settings = folder.join("config.toml");
    let right = fs::read_to_string(&settings).unwrap();
    let wrong = right.replace(&hub.address().to_string(), &other.address().to_string());
    assert_ne!(wrong, right);
    fs::write(&settings, wrong).unwrap();
    let refused = shop.run(&["sync", "now"]);
    assert_eq!(refused.code, Some(1), "{}", refused.complaint);
    assert_eq!(other.ask(&["store", "list"])["stores"], serde_json::json!([]));
    fs::write(&settings, right).unwrap();

    // Shut out while connected: the connection ends, and no other comes about.
    shop.start();
    shop.await_in_step();
    hub.ask(&["store", "revoke", "S001"]);
    until("the connection of a revoked store to end", || {
        hub.standing("S001")["connection"].is_null()
    });
    until("the store to hear why", || {
        let problem = shop.status()["hub"]["sync"]["problem"].to_string();
        problem.contains("revoked")
    });
    let refused = shop.run(&["sync", "now"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.complaint.contains("revoked"), "{}", refused.complaint);
    // It sells on; the hub keeps what it had.
    shop.sell("tea@2");
    assert_eq!(hub.standing("S001")["facts"], 1);
    assert_eq!(shop.facts().len(), 2);
    shop.stop();
    let unknown = run("hub", hub.dir(), &["store", "revoke", "S999"]);
    assert_eq!(unknown.code, Some(1));
}

/// An adjustment by hand-written text: one more tea.
fn fact_text(store: &StoreId, date: BusinessDate, id: u64) -> String {
    format!(
        "{{\"v\":1,\"id\":\"1-{id}\",\"store\":\"{store}\",\"date\":\"{date}\",\"at\":1795312800000,\
         \"bill\":\"{store}-A-{}-{id:05}\",\"kind\":\"adjustment\",\"body\":{{\"reason\":\"x\"}},\
         \"moves\":[[\"count_gain\",\"on_hand\",\"tea\",1000,0]]}}",
        date.compact(),
    )
}

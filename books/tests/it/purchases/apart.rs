//! Whatever head office and two stores do about purchases while apart: when they have met, all say the
//! same of them, and what they say is what was done.

use std::collections::{BTreeMap, BTreeSet};

use ledger::order::OrderStep;
use ledger::purchase::{Anomaly, Line, Purchase, ReturnKind, Shipment, Word, receivable};
use proptest::prelude::*;

use super::*;

/// What somebody does next.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// Orders so much for itself; head office for both stores.
    Order(i64),
    /// Says a word about one of the orders that are known.
    Say(usize, u8),
    /// Takes so much in, of which so much is not accepted, for one of the orders.
    Receive(usize, i64, i64),
    /// Sends so much of a receipt back, perhaps for others.
    Return(usize, i64, ReturnKind),
    /// Meets head office.
    Meet,
}

fn deed() -> impl Strategy<Value = Deed> {
    let kind = prop::sample::select(ReturnKind::ALL.as_slice());
    prop_oneof![
        2 => (1..30_i64).prop_map(Deed::Order),
        5 => (0..4_usize, any::<u8>()).prop_map(|(which, word)| Deed::Say(which, word)),
        4 => (0..4_usize, 0..20_i64, 0..3_i64).prop_map(|(which, a, b)| Deed::Receive(which, a, b)),
        2 => (0..4_usize, 1..5_i64, kind).prop_map(|(which, n, kind)| Deed::Return(which, n, kind)),
        3 => Just(Deed::Meet),
    ]
}

/// Units that came, were rejected, went back and are due again, as the people there counted them.
type Counted = BTreeMap<(PurchaseId, StoreId), [i128; 4]>;

struct Chain {
    hub: Books,
    stores: Vec<Books>,
    receipts: Vec<Vec<Fact>>,
    counted: Counted,
    deliveries: u32,
}

impl Chain {
    fn at(&self, machine: usize) -> &Books {
        self.stores.get(machine).unwrap_or(&self.hub)
    }

    fn known(&self, machine: usize, which: usize) -> Option<(PurchaseId, Purchase)> {
        let reader = self.at(machine).reader().unwrap();
        let ids = reader.purchases_of(&PurchaseFilter::default()).unwrap();
        let id = ids.get(which % ids.len().max(1))?.clone();
        let now = status(&reader.purchase(&id).unwrap());
        Some((id, now))
    }

    fn act(&mut self, machine: usize, deed: Deed) {
        match deed {
            Deed::Order(quantity) => {
                let stores: &[(&str, i64)] = match machine {
                    0 => &[("S1", quantity)],
                    1 => &[("S2", quantity)],
                    _ => &[("S1", quantity), ("S2", quantity + 1)],
                };
                order(self.at(machine), stores);
            }
            Deed::Say(which, word) => self.say(machine, which, word),
            Deed::Receive(which, accepted, rejected) => {
                self.receive(machine, which, accepted, rejected);
            }
            Deed::Return(which, quantity, kind) => self.give_back(machine, which, quantity, kind),
            Deed::Meet => self.meet(machine),
        }
    }

    fn say(&self, machine: usize, which: usize, word: u8) {
        let Some((id, now)) = self.known(machine, which) else { return };
        let reason = || "changed plans".into();
        let word = match (word % 12, now.order) {
            (0, Some((_, mut order))) => {
                order.lines[0].quantity = order.lines[0].quantity.plus(units(1)).unwrap();
                Word::Order(order)
            }
            (1 | 2, _) => Word::Submit { remark: None },
            (3..=6, _) => Word::Approve { rule: None, remark: None },
            (7, _) => Word::Reject { reason: reason() },
            (8, _) => Word::Send { remark: None },
            (9, _) => Word::Track(Shipment { expected: Some(day(20)), ..Shipment::default() }),
            (10, _) => Word::Close { reason: reason() },
            (11, _) => Word::Cancel { reason: reason() },
            _ => return,
        };
        let _ = self.at(machine).write(move |tx| tx.say_purchase(&id, None, word, AT)).unwrap();
    }

    fn receive(&mut self, machine: usize, which: usize, accepted: i64, rejected: i64) {
        let Some((id, now)) = self.known(machine, which) else { return };
        let Some(me) = self.at(machine).me().store().cloned() else { return };
        let is_party = id.as_str().contains(me.as_str());
        if !is_party || receivable(&now).is_err() || accepted + rejected == 0 {
            return;
        }
        self.deliveries += 1;
        let receipt = NonZeroU32::new(self.deliveries).unwrap();
        let note = self.deliveries.to_string();
        let delivery = Delivery { receipt, ..delivery(&id, accepted, rejected, &note) };
        let fact = do_and_tell(self.at(machine), Task::Deliver(delivery));
        let counted = self.counted.entry((id, me)).or_default();
        counted[0] += i128::from(accepted);
        counted[1] += i128::from(rejected);
        self.receipts[machine].push(fact);
    }

    fn give_back(&mut self, machine: usize, which: usize, quantity: i64, kind: ReturnKind) {
        let Some(receipts) = self.receipts.get(machine).filter(|all| !all.is_empty()) else {
            return;
        };
        let receipt = receipts[which % receipts.len()].clone();
        let books = self.at(machine).clone();
        let of = receipt.id;
        let earlier = books.write(move |tx| {
            let links = tx.corrections(of)?;
            let fact = |link: books::FactLink| Ok(tx.fact(link.id)?.expect("it is linked").fact);
            links.into_iter().map(fact).collect::<Result<Vec<_>, books::BooksError>>()
        });
        let back = SendBack {
            earlier: earlier.unwrap(),
            reversed: Reversed::No,
            number: NonZeroU32::new(u32::try_from(of.seq).unwrap() * 100 + self.deliveries)
                .unwrap(),
            kind,
            lines: vec![Back { sku: sku("cola"), quantity: units(quantity), from: Pile::Shelf }],
            held: quarantined(&books),
            charged: BTreeMap::default(),
            reason: "too many".into(),
            receipt,
        };
        self.deliveries += 1;
        let task = Task::SendBack(Box::new(back));
        let sent = books.write(move |tx| {
            let fact = post_in(tx, day(0), None, Command::Purchase(Box::new(task)))?;
            let (order, step) = Step::of_fact(&fact).expect("it has an order");
            tx.tell_purchase(order, None, step, AT)?;
            Ok::<_, ShopError>(fact)
        });
        // More than came is refused, and nothing has happened.
        let Ok(fact) = sent else { return };
        let (id, _) = Step::of_fact(&fact).expect("it has an order");
        let counted = self.counted.entry((id.clone(), fact.store.clone())).or_default();
        counted[2] += i128::from(quantity);
        if kind == ReturnKind::Exchange {
            counted[3] += i128::from(quantity);
        }
    }

    fn meet(&self, machine: usize) {
        let Some(store) = self.stores.get(machine) else { return };
        send(store, &self.hub);
        send(&self.hub, store);
    }

    /// All of them meet, twice: what one store says reaches the other through head office.
    fn come_together(&self) {
        for machine in [0, 1, 0, 1] {
            self.meet(machine);
        }
    }
}

fn told(line: &Line) -> [i128; 4] {
    [line.accepted.quantity, line.rejected.quantity, line.returned.quantity, line.exchanged]
        .map(|thousandths| thousandths / 1_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_is_done_apart_comes_together(deeds in prop::collection::vec((0..3_usize, deed()), 1..40)) {
        let place = Place::new();
        let mut chain = Chain {
            hub: place.open("h.db", Writer::Hub),
            stores: vec![place.open("1.db", store("S1")), place.open("2.db", store("S2"))],
            receipts: vec![Vec::new(), Vec::new()],
            counted: Counted::new(),
            deliveries: 0,
        };
        for books in &chain.stores {
            book(books, day(0), super::super::shop::receive("cola", 1, "2"));
        }
        for (machine, deed) in deeds {
            chain.act(machine, deed);
        }
        chain.come_together();
        let mut counted = chain.counted.clone();
        let hub = chain.hub.reader().unwrap();
        let mut seen = BTreeSet::new();
        for id in hub.purchases_of(&PurchaseFilter::default()).unwrap() {
            let now = status(&hub.purchase(&id).unwrap());
            for books in &chain.stores {
                let there = books.reader().unwrap().purchase(&id).unwrap();
                let is_party = id.as_str().contains(books.me().store().unwrap().as_str());
                prop_assert!(!is_party || status(&there) == now, "{} of {}", id, books.me());
            }
            for ((store, _), line) in &now.lines {
                let done = counted.remove(&(id.clone(), store.clone())).unwrap_or_default();
                prop_assert_eq!(told(line), done, "{} at {}", &id, store);
            }
            let odd = |what: &&Anomaly| {
                matches!(what, Anomaly::SaidTwice { .. } | Anomaly::ReturnedBeyondReceived { .. })
            };
            prop_assert_eq!(now.anomalies.iter().find(odd), None, "{}", &id);
            seen.insert(id);
        }
        prop_assert!(counted.is_empty(), "no order tells of {:?}, of {:?}", counted, seen);
        for books in chain.stores.iter().chain([&chain.hub]) {
            assert_whole(books);
        }
        for books in &chain.stores {
            assert_in_step(books, &chain.hub);
        }
    }
}

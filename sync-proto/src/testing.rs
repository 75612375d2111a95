//! What the tests of this crate share: a chain, its writers, and facts to write.

use ledger::id::{Epoch, FactId, StoreId};
use ledger::time::Timestamp;

use crate::ids::{Actor, Authorship, ChainId, DocId, DocTail, NewChange, Writer};
use crate::{WireChange, day_book};

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_312_800_123);

pub(crate) fn chain() -> ChainId {
    "chain-1".parse().unwrap()
}

pub(crate) fn store(id: &str) -> Writer {
    Writer::Store(StoreId::new(id).unwrap())
}

pub(crate) fn epoch(number: u32) -> Epoch {
    Epoch::new(number).unwrap()
}

pub(crate) fn authorship(writer: &Writer, epoch_number: u32) -> Authorship {
    Authorship { writer: writer.clone(), epoch: epoch(epoch_number) }
}

pub(crate) fn actor(writer: &Writer, epoch_number: u32) -> Actor {
    Actor::derive(&chain(), writer, epoch(epoch_number))
}

pub(crate) fn doc(id: &str) -> DocId {
    id.parse().unwrap()
}

pub(crate) fn fact_id(epoch_number: u32, seq: u64) -> FactId {
    FactId { epoch: epoch(epoch_number), seq }
}

/// A valid fact of a book, written out by hand so that golden bytes depend on nothing else.
pub(crate) fn fact_text(book: &DocId, id: FactId) -> String {
    let DocId::Book { store, date } = book else { panic!("{book} is not a day book") };
    format!(
        "{{\"v\":1,\"id\":\"{id}\",\"store\":\"{store}\",\"date\":\"{date}\",\"at\":1795312800000,\
         \"bill\":\"{store}-A-{}-{:05}\",\"kind\":\"adjustment\",\"body\":{{\"reason\":\"盘点\"}},\
         \"moves\":[[\"count_gain\",\"on_hand\",\"6901234567892\",{},0]]}}",
        date.compact(),
        id.seq,
        1000 * id.seq,
    )
}

/// Facts of one epoch, from `first` to `last`.
pub(crate) fn facts(
    book: &DocId,
    epoch_number: u32,
    first: u64,
    last: u64,
) -> Vec<(FactId, String)> {
    let ids = (first..=last).map(|seq| fact_id(epoch_number, seq));
    ids.map(|id| (id, fact_text(book, id))).collect()
}

pub(crate) fn seal(
    book: &DocId,
    actor: Actor,
    tail: Option<&DocTail>,
    facts: &[(FactId, String)],
) -> NewChange {
    let facts: Vec<(FactId, &str)> = facts.iter().map(|(id, text)| (*id, text.as_str())).collect();
    day_book::seal(book, actor, tail, &facts, NOW).unwrap()
}

pub(crate) fn wire(doc: &DocId, bytes: &[u8]) -> WireChange {
    WireChange { doc: doc.clone(), bytes: bytes.to_vec() }
}

//! What a change may do to its document, operation by operation.

use std::collections::BTreeSet;
use std::error::Error;

use automerge::legacy::{Key, Op, OpType};
use automerge::{ExpandedChange, ScalarValue};
use ledger::catalog::{Field, Product, Term};
use ledger::escrow::Asked;
use ledger::id::{Epoch, FactId, StoreId};
use ledger::json;
use ledger::order::Party;
use ledger::purchase;
use ledger::time::BusinessDate;
use ledger::transfer::{self, Event, Step};

use crate::catalog::{may_set, may_set_term, split_key};
use crate::change::{AdmittedFact, Content};
use crate::genesis::content_object;
use crate::ids::{Authorship, DocId, OrderId, OrderKind, Writer, catalog_bucket};
use crate::limits::{MAX_FACT_TEXT, MAX_FACTS_PER_CHANGE, MAX_FIELD_LEN, MAX_REASON_LEN};
use crate::order::{EventName, split_entry};
use crate::party;
use crate::profile;
use crate::refusal::RefusalReason;

/// The epoch that the first operation's key names.
pub(super) fn epoch_of_first_fact(change: &ExpandedChange) -> Result<Epoch, RefusalReason> {
    let first = change.operations.first().map(|op| &op.key);
    let Some(Key::Map(key)) = first else {
        return Err(RefusalReason::Operation { index: 0, what: "has no key" });
    };
    let id: FactId = key.parse().map_err(|_| fact_error(key, "has a key that is no fact id"))?;
    Ok(id.epoch)
}

/// Checks every operation and gives what they say.
pub(super) fn check_operations(
    doc: &DocId,
    author: &Authorship,
    change: ExpandedChange,
) -> Result<Content, RefusalReason> {
    let entries = entries(doc, change)?;
    match doc {
        DocId::Book { store, date } => facts(store, *date, author.epoch, entries),
        DocId::Order { kind, id } => {
            for entry in &entries {
                let name = check_event(&author.writer, entry)?;
                match kind {
                    OrderKind::Transfer => check_route(id, &name, entry)?,
                    OrderKind::Purchase => check_stores(id, &name, entry)?,
                    OrderKind::Value => check_letter(id, &author.writer, &name, entry)?,
                    OrderKind::Sale | OrderKind::Stocktake | OrderKind::Correction => {}
                }
            }
            Ok(Content::Document)
        }
        DocId::Catalog { bucket } => {
            entries.iter().try_for_each(|entry| check_field(*bucket, &author.writer, entry))?;
            Ok(Content::Document)
        }
        DocId::Party { bucket } => {
            entries.iter().try_for_each(|entry| check_party(*bucket, entry))?;
            Ok(Content::Document)
        }
        DocId::Access => Ok(Content::Document),
    }
}

/// A key and the text put under it.
struct Entry {
    key: String,
    text: String,
}

/// The entries of a change, which may do nothing but put texts into the document's content map,
/// each key once. Only the catalog's may replace what was there.
fn entries(doc: &DocId, change: ExpandedChange) -> Result<Vec<Entry>, RefusalReason> {
    let content = content_object();
    let replaces = matches!(doc, DocId::Catalog { .. } | DocId::Party { .. } | DocId::Access);
    let mut entries = Vec::with_capacity(change.operations.len());
    let mut keys = BTreeSet::new();
    for (index, op) in change.operations.into_iter().enumerate() {
        let wrong = |what| RefusalReason::Operation { index, what };
        let Op { action, obj, key, pred, insert } = op;
        if obj != content {
            return Err(wrong("is not in the map of the document's content"));
        }
        if insert {
            return Err(wrong("inserts into a sequence"));
        }
        if !replaces && !pred.is_empty() {
            return Err(wrong("replaces what was written before"));
        }
        let Key::Map(key) = key else { return Err(wrong("has no key")) };
        let OpType::Put(ScalarValue::Str(text)) = action else {
            return Err(wrong("does not put a text"));
        };
        // A day book's facts ascend, which is checked with the facts.
        if !matches!(doc, DocId::Book { .. }) && !keys.insert(key.clone()) {
            return Err(wrong("puts a text where the same change has put one"));
        }
        entries.push(Entry { key: key.into(), text: text.into() });
    }
    Ok(entries)
}

/// The facts that the entries are, each the one that its key and document name.
fn facts(
    store: &StoreId,
    date: BusinessDate,
    epoch: Epoch,
    entries: Vec<Entry>,
) -> Result<Content, RefusalReason> {
    if entries.len() > MAX_FACTS_PER_CHANGE {
        let (found, limit) = (entries.len() as u64, MAX_FACTS_PER_CHANGE as u64);
        return Err(RefusalReason::TooMany { what: "facts", found, limit });
    }
    let mut before = 0;
    let mut facts = Vec::with_capacity(entries.len());
    for Entry { key, text } in entries {
        let wrong = |what: &str| Err(fact_error(&key, what));
        let Ok(id) = key.parse::<FactId>() else { return wrong("has a key that is no fact id") };
        if id.epoch != epoch {
            return wrong("is of another epoch than the first of its change");
        }
        if id.seq <= before {
            return wrong("does not come after the one before it");
        }
        before = id.seq;
        if text.len() > MAX_FACT_TEXT {
            return wrong("is too long");
        }
        let fact = json::from_text(&text).map_err(|error| unreadable(&key, &error))?;
        if fact.id != id {
            return wrong("names itself differently");
        }
        if fact.store != *store {
            return wrong("is of another store");
        }
        if fact.date != date {
            return wrong("is of another day");
        }
        facts.push(AdmittedFact { fact, text });
    }
    Ok(Content::Facts(facts))
}

/// An order's entry stands under its author's name. Gives the event's own.
fn check_event(author: &Writer, entry: &Entry) -> Result<EventName, RefusalReason> {
    let Some((writer, name)) = split_entry(&entry.key) else {
        return Err(entry_error(&entry.key, "has a key that is no order's"));
    };
    if writer != *author {
        let what = printable(&format!("the entry `{}`", entry.key));
        return Err(RefusalReason::WrongAuthor { author: author.clone(), what });
    }
    if entry.text.len() > MAX_FACT_TEXT {
        return Err(entry_error(&entry.key, "is too long"));
    }
    Ok(name)
}

/// A transfer's number names its source and its destination, in this order, and by them who is told
/// of it. A request for another way would move goods of a store that never hears of it.
fn check_route(id: &OrderId, name: &EventName, entry: &Entry) -> Result<(), RefusalReason> {
    // Whose the words are matters to nobody here.
    let said = transfer::Entry::read(Party::HeadOffice, name.as_str(), &entry.text);
    let transfer::Entry::Said(Event { step: Step::Request { route, .. }, .. }) = said else {
        return Ok(());
    };
    if id.parties() == [route.from().clone(), route.to().clone()] {
        return Ok(());
    }
    let (from, to) = (route.from(), route.to());
    let what =
        format!("asks for goods from {from} to {to}, which the order's number does not name");
    Err(entry_error(&entry.key, &what))
}

/// A purchase order's number names the stores that hear of it. A line for another one would promise it
/// goods that it never learns of.
fn check_stores(id: &OrderId, name: &EventName, entry: &Entry) -> Result<(), RefusalReason> {
    let said = purchase::Entry::read(Party::HeadOffice, name.as_str(), &entry.text);
    let purchase::Entry::Said(event) = said else { return Ok(()) };
    let parties = id.parties();
    match event.step.stores().into_iter().find(|store| !parties.contains(store)) {
        None => Ok(()),
        Some(store) => {
            let what = format!("orders goods for {store}, which the order's number does not name");
            Err(entry_error(&entry.key, &what))
        }
    }
}

/// A letter about stored value is readable, and its number names the store whose rights it is about:
/// another one would never hear of it.
fn check_letter(
    id: &OrderId,
    author: &Writer,
    name: &EventName,
    entry: &Entry,
) -> Result<(), RefusalReason> {
    let by = author.store().map_or(Party::HeadOffice, |store| Party::Store(store.clone()));
    let said = Asked::read(&by, name.as_str(), &entry.text);
    let said = said.map_err(|what| entry_error(&entry.key, &format!("cannot be read: {what}")))?;
    let store = match said {
        Asked::Letter(letter) => letter.holder.store,
        Asked::Wish(wish) => wish.holder.store,
        Asked::Other => return Ok(()),
    };
    if id.parties() == [store.clone()] {
        return Ok(());
    }
    let what = format!("is about rights of {store}, which the order's number does not name");
    Err(entry_error(&entry.key, &what))
}

/// A catalog's entry is a field of a product of its bucket, with a value of that field, that its
/// author may set. A field that this version doesn't know is taken from the hub only.
fn check_field(bucket: u8, author: &Writer, entry: &Entry) -> Result<(), RefusalReason> {
    let wrong = |what: &str| Err(entry_error(&entry.key, what));
    let Some((sku, name)) = split_key(&entry.key) else {
        return wrong("has a key that is no product's field");
    };
    if catalog_bucket(&sku) != bucket {
        return wrong("belongs in another bucket");
    }
    if entry.text.len() > MAX_FIELD_LEN {
        return wrong("is too long");
    }
    let (field, term) = (Field::named(name), Term::named(name));
    let allowed = match (field, &term) {
        (Some(field), _) => may_set(author, field),
        (None, Some(term)) => may_set_term(author, term),
        (None, None) => *author == Writer::Hub,
    };
    if !allowed {
        let what = printable(&format!("the product field `{name}`"));
        return Err(RefusalReason::WrongAuthor { author: author.clone(), what });
    }
    let unfit = |error: &dyn Error| entry_error(&entry.key, &format!("cannot be set: {error}"));
    if let Some(field) = field {
        let set = Product::named_after(sku).set(field, &entry.text);
        set.map_err(|error| unfit(&error))?;
    } else if let Some(term) = term {
        term.check(&entry.text).map_err(|error| unfit(&error))?;
    }
    Ok(())
}

/// A party's entry is of its bucket and a value of its field. What this version doesn't know is taken:
/// head office alone writes these documents.
fn check_party(bucket: u8, entry: &Entry) -> Result<(), RefusalReason> {
    if entry.text.len() > MAX_FIELD_LEN {
        return Err(entry_error(&entry.key, "is too long"));
    }
    let checked = party::check(bucket, &entry.key, &entry.text)
        .and_then(|()| profile::check(bucket, &entry.key, &entry.text));
    checked.map_err(|what| entry_error(&entry.key, &what))
}

fn unreadable(key: &str, error: &json::FactTextError) -> RefusalReason {
    let mut what = format!("cannot be read: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        what = format!("{what}: {cause}");
        source = cause.source();
    }
    fact_error(key, &what)
}

fn fact_error(key: &str, what: &str) -> RefusalReason {
    RefusalReason::Fact { key: printable(key), what: printable(what) }
}

fn entry_error(key: &str, what: &str) -> RefusalReason {
    RefusalReason::Entry { key: printable(key), what: printable(what) }
}

/// What a peer wrote, as it may be kept and shown to operators: short, and without what a terminal
/// obeys.
fn printable(text: &str) -> String {
    let shown = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().take(MAX_REASON_LEN).map(shown).collect()
}

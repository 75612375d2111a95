//! Rows of documents, collections and actors.

use ledger::id::Epoch;
use rusqlite::{Connection, OptionalExtension, params};
use sync_proto::{Actor, ChangeHash, Collection, Digest, DocId, DocTail};

use super::{ActorRow, DocRow, Frozen};
use crate::dates;
use crate::error::{During, Result};

pub(super) fn find_doc(conn: &Connection, doc: &DocId) -> Result<Option<DocRow>> {
    let find = || {
        conn.prepare_cached("SELECT id, collection FROM doc WHERE name = ?1")?
            .query_row([doc.to_string()], |row| {
                Ok(DocRow { id: row.get(0)?, collection: row.get(1)? })
            })
            .optional()
    };
    find().during("look up a document")
}

pub(super) fn add_doc(
    conn: &Connection,
    doc: &DocId,
    collection: i64,
    store: Option<i64>,
) -> Result<DocRow> {
    let date = match doc {
        DocId::Book { date, .. } => Some(dates::number(*date)),
        _ => None,
    };
    let add = || {
        conn.prepare_cached(
            "INSERT INTO doc (name, collection, store, date) VALUES (?1, ?2, ?3, ?4) \
             RETURNING id",
        )?
        .query_row(params![doc.to_string(), collection, store, date], |row| row.get(0))
    };
    Ok(DocRow { id: add().during("add a document")?, collection })
}

pub(super) fn find_collection(conn: &Connection, collection: &Collection) -> Result<Option<i64>> {
    let find = || {
        conn.prepare_cached("SELECT id FROM collection WHERE name = ?1")?
            .query_row([collection.to_string()], |row| row.get(0))
            .optional()
    };
    find().during("look up a collection")
}

pub(super) fn add_collection(
    conn: &Connection,
    collection: &Collection,
    store: Option<i64>,
) -> Result<i64> {
    let add = || {
        conn.prepare_cached(
            "INSERT INTO collection (name, store, digest) VALUES (?1, ?2, ?3) RETURNING id",
        )?
        .query_row(params![collection.to_string(), store, Digest::EMPTY.to_bytes()], |row| {
            row.get(0)
        })
    };
    add().during("add a collection")
}

pub(super) fn collection_digest(conn: &Connection, collection: i64) -> Result<Digest> {
    let read = || {
        conn.prepare_cached("SELECT digest FROM collection WHERE id = ?1")?
            .query_row([collection], |row| row.get(0))
    };
    read().during("read a digest").map(Digest::from_bytes)
}

pub(super) fn find_actor(conn: &Connection, actor: &Actor) -> Result<Option<ActorRow>> {
    let find = || {
        conn.prepare_cached("SELECT id, frozen IS NOT NULL FROM actor WHERE bytes = ?1")?
            .query_row([actor.as_bytes()], |row| {
                let frozen = if row.get(1)? { Frozen::Yes } else { Frozen::No };
                Ok(ActorRow { id: row.get(0)?, frozen })
            })
            .optional()
    };
    find().during("look up an actor")
}

pub(super) fn add_actor(
    conn: &Connection,
    actor: &Actor,
    writer: i64,
    epoch: Epoch,
) -> Result<ActorRow> {
    let add = || {
        conn.prepare_cached(
            "INSERT INTO actor (bytes, writer, epoch) VALUES (?1, ?2, ?3) RETURNING id",
        )?
        .query_row(params![actor.as_bytes(), writer, epoch.number()], |row| row.get(0))
    };
    Ok(ActorRow { id: add().during("add an actor")?, frozen: Frozen::No })
}

pub(super) fn freeze_actor(conn: &Connection, actor: &Actor, why: &str) -> Result<()> {
    let freeze = || {
        conn.prepare_cached("UPDATE actor SET frozen = ?2 WHERE bytes = ?1 AND frozen IS NULL")?
            .execute(params![actor.as_bytes(), why])
    };
    freeze().during("freeze an actor").map(drop)
}

pub(super) fn tail(conn: &Connection, doc: i64, actor: i64) -> Result<Option<DocTail>> {
    let read = || {
        conn.prepare_cached("SELECT seq, hash, max_op FROM doc_tail WHERE doc = ?1 AND actor = ?2")?
            .query_row([doc, actor], |row| {
                let (seq, max_op): (i64, i64) = (row.get(0)?, row.get(2)?);
                Ok(DocTail {
                    seq: seq.cast_unsigned(),
                    hash: ChangeHash::from_bytes(row.get(1)?),
                    max_op: max_op.cast_unsigned(),
                })
            })
            .optional()
    };
    read().during("read a document's tail")
}

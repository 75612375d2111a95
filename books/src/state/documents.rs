//! Rows of documents, collections and actors.

use ledger::id::Epoch;
use rusqlite::{Connection, params};
use sync_proto::{Actor, ChangeHash, Collection, Digest, DocId, DocTail};

use super::{ActorRow, DocRow, Frozen};
use crate::dates;
use crate::error::Result;
use crate::sql;

pub(super) fn find_doc(conn: &Connection, doc: &DocId) -> Result<Option<DocRow>> {
    sql::first(
        conn,
        "look up a document",
        "SELECT id FROM doc WHERE name = ?1",
        [doc.to_string()],
        |row| Ok(DocRow { id: row.get(0)? }),
    )
}

pub(super) fn add_doc(conn: &Connection, doc: &DocId, store: Option<i64>) -> Result<DocRow> {
    let date = match doc {
        DocId::Book { date, .. } => Some(dates::number(*date)),
        _ => None,
    };

    Ok(DocRow {
        id: sql::one(
            conn,
            "add a document",
            "INSERT INTO doc (name, store, date) VALUES (?1, ?2, ?3) RETURNING id",
            params![doc.to_string(), store, date],
            |row| row.get(0),
        )?,
    })
}

pub(super) fn add_member(conn: &Connection, collection: i64, doc: DocRow) -> Result<()> {
    sql::run(
        conn,
        "put a document into a collection",
        "INSERT INTO membership (collection, doc) VALUES (?1, ?2)",
        [collection, doc.id],
    )
    .map(drop)
}

pub(super) fn find_collection(conn: &Connection, collection: &Collection) -> Result<Option<i64>> {
    sql::first(
        conn,
        "look up a collection",
        "SELECT id FROM collection WHERE name = ?1",
        [collection.to_string()],
        |row| row.get(0),
    )
}

pub(super) fn add_collection(
    conn: &Connection,
    collection: &Collection,
    store: Option<i64>,
) -> Result<i64> {
    sql::one(
        conn,
        "add a collection",
        "INSERT INTO collection (name, store, digest) VALUES (?1, ?2, ?3) RETURNING id",
        params![collection.to_string(), store, Digest::EMPTY.to_bytes()],
        |row| row.get(0),
    )
}

pub(super) fn collection_digest(conn: &Connection, collection: i64) -> Result<Digest> {
    sql::one(
        conn,
        "read a digest",
        "SELECT digest FROM collection WHERE id = ?1",
        [collection],
        |row| row.get(0),
    )
    .map(Digest::from_bytes)
}

pub(super) fn find_actor(conn: &Connection, actor: &Actor) -> Result<Option<ActorRow>> {
    sql::first(
        conn,
        "look up an actor",
        "SELECT id, frozen IS NOT NULL FROM actor WHERE bytes = ?1",
        [actor.as_bytes()],
        |row| {
            let frozen = if row.get(1)? { Frozen::Yes } else { Frozen::No };
            Ok(ActorRow { id: row.get(0)?, frozen })
        },
    )
}

pub(super) fn add_actor(
    conn: &Connection,
    actor: &Actor,
    writer: i64,
    epoch: Epoch,
) -> Result<ActorRow> {
    Ok(ActorRow {
        id: sql::one(
            conn,
            "add an actor",
            "INSERT INTO actor (bytes, writer, epoch) VALUES (?1, ?2, ?3) RETURNING id",
            params![actor.as_bytes(), writer, epoch.number()],
            |row| row.get(0),
        )?,
        frozen: Frozen::No,
    })
}

pub(super) fn freeze_actor(conn: &Connection, actor: &Actor, why: &str) -> Result<()> {
    sql::run(
        conn,
        "freeze an actor",
        "UPDATE actor SET frozen = ?2 WHERE bytes = ?1 AND frozen IS NULL",
        params![actor.as_bytes(), why],
    )
    .map(drop)
}

pub(super) fn tail(conn: &Connection, doc: i64, actor: i64) -> Result<Option<DocTail>> {
    sql::first(
        conn,
        "read a document's tail",
        "SELECT seq, hash, max_op FROM doc_tail WHERE doc = ?1 AND actor = ?2",
        [doc, actor],
        |row| {
            let (seq, max_op): (i64, i64) = (row.get(0)?, row.get(2)?);
            Ok(DocTail {
                seq: seq.cast_unsigned(),
                hash: ChangeHash::from_bytes(row.get(1)?),
                max_op: max_op.cast_unsigned(),
            })
        },
    )
}

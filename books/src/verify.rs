//! Checking a book against itself.
//!
//! SQLite checks its file; every change is read (checksum), admitted again (hash, author, content)
//! and linked (chain); and a read model built from them in a scratch database is compared with the
//! kept one, row by row. Each kind of fault is named by its first place.

mod compare;

use std::fmt;

use rusqlite::Connection;

use crate::at_rest::Press;
use crate::books::Books;
use crate::error::{During, Result};
use crate::read::Reader;
use crate::rebuild::{Progress, Source, build, keep_what_stays};
use crate::state::State;
use crate::tx::Tx;
use crate::{carried, connection, documents, migrate};

/// The most problems that are listed; a broken disk has thousands.
const MAX_PROBLEMS: usize = 100;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Changes checked.
    pub changes: u64,
    /// Facts checked, pending ones among them.
    pub facts: u64,
    /// Rows of the read model compared.
    pub rows: u64,
    /// What is wrong, the first of each kind first. Empty: the book is whole.
    pub problems: Vec<Problem>,
}

impl Verified {
    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Something that is wrong with a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: a table and key in names, or a document.
    pub subject: String,
    /// What is wrong there.
    pub problem: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.problem)
    }
}

impl Books {
    /// Checks the whole book as it is now. Reads only; writing goes on meanwhile.
    pub fn verify(&self, mut progress: impl FnMut(Progress)) -> Result<Verified> {
        let reader = self.reader()?;
        let mut verified = Verified::default();
        check_file(reader.conn(), &mut verified)?;
        let scratch = shadow(&reader)?;
        let mut state = State::default();
        let mut target_press = Press::new()?;
        let mut source_press = Press::new()?;
        let mut target = Tx {
            conn: &scratch,
            state: &mut state,
            press: &mut target_press,
            identity: self.identity(),
        };
        let source = Source { conn: reader.conn(), press: &mut source_press };
        let built = build(source, &mut target, &mut progress, &mut |error| {
            verified.add(Problem::of(&error));
            Ok(())
        })?;
        (verified.changes, verified.facts) = (built.changes, built.facts);
        compare::compare(reader.conn(), &scratch, &mut verified)?;
        check_carried(reader.conn(), &mut verified)?;
        Ok(verified)
    }
}

impl Verified {
    fn add(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

impl Problem {
    fn of(error: &crate::BooksError) -> Self {
        match error {
            crate::BooksError::Damaged { subject, problem } => {
                Self { subject: subject.clone(), problem: problem.clone() }
            }
            other => Self { subject: "the book".to_owned(), problem: documents::chain_of(other) },
        }
    }
}

/// SQLite's own checks.
fn check_file(conn: &Connection, verified: &mut Verified) -> Result<()> {
    let mut check = |sql: &str| -> rusqlite::Result<()> {
        let mut statement = conn.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let said: String = row.get(0)?;
            if said != "ok" {
                let subject = "the database file".to_owned();
                verified.add(Problem { subject, problem: said });
            }
        }
        Ok(())
    };
    check("PRAGMA integrity_check").during("check the file")?;
    check("PRAGMA foreign_key_check").during("check the file")
}

/// Facts that have all come must have taken away all that was carried of them.
fn check_carried(conn: &Connection, verified: &mut Verified) -> Result<()> {
    let left = carried::left_over(conn)?;
    if left > 0 {
        let problem = format!(
            "every fact has come back, yet something is left of {left} balances that head office told: \
             it counts what no fact says"
        );
        verified.add(Problem { subject: "what was carried over".to_owned(), problem });
    }
    Ok(())
}

/// A scratch database with the book's names in it, and an empty read model.
fn shadow(reader: &Reader) -> Result<Connection> {
    let scratch = connection::scratch().during("make a scratch database")?;
    migrate::make_tables(&scratch).during("make a scratch database")?;
    for (read, write) in NAMES {
        copy(reader.conn(), &scratch, read, write).during("copy the names")?;
    }
    keep_what_stays(reader.conn(), &scratch, reader.identity().store)?;
    Ok(scratch)
}

/// What the read model rests on: names, and links of facts that are gone.
const NAMES: [(&str, &str); 9] = [
    ("SELECT id, name FROM store", "INSERT INTO store VALUES (?1, ?2)"),
    ("SELECT id, name FROM sku", "INSERT INTO sku VALUES (?1, ?2)"),
    ("SELECT id, name FROM lot", "INSERT INTO lot VALUES (?1, ?2)"),
    ("SELECT id, name FROM transfer", "INSERT INTO transfer VALUES (?1, ?2)"),
    (
        "SELECT id, name, store, zeroblob(16) FROM collection",
        "INSERT INTO collection VALUES (?1, ?2, ?3, ?4)",
    ),
    ("SELECT id, name, store, date FROM doc", "INSERT INTO doc VALUES (?1, ?2, ?3, ?4)"),
    ("SELECT collection, doc FROM membership", "INSERT INTO membership VALUES (?1, ?2)"),
    (
        "SELECT id, bytes, writer, epoch, frozen FROM actor",
        "INSERT INTO actor VALUES (?1, ?2, ?3, ?4, ?5)",
    ),
    (
        "SELECT store, epoch, seq, link FROM kept_link",
        "INSERT INTO kept_link VALUES (?1, ?2, ?3, ?4)",
    ),
];

fn copy(from: &Connection, to: &Connection, read: &str, write: &str) -> rusqlite::Result<()> {
    let mut statement = from.prepare(read)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut insert = to.prepare(write)?;
    while let Some(row) = rows.next()? {
        let values: rusqlite::Result<Vec<rusqlite::types::Value>> =
            (0..columns).map(|column| row.get(column)).collect();
        insert.execute(rusqlite::params_from_iter(values?))?;
    }
    Ok(())
}

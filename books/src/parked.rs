//! Baskets that wait at this node until their customer comes back. Not replicated, and no part of the read model: a
//! rebuild leaves it alone.

use ledger::id::{Operator, RequestId};
use ledger::time::Timestamp;
use rusqlite::{Row, params};

use crate::error::{BooksError, Result};
use crate::{Reader, Tx, sql};

/// A basket that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// The client's name for it.
    pub name: RequestId,
    /// What is in it, as the client wrote it.
    pub basket: Box<str>,
    /// Who parked it.
    pub operator: Option<Operator>,
    /// When.
    pub at: Timestamp,
}

impl Tx<'_> {
    /// Parks a basket under a name that no other has.
    pub fn park(&mut self, parked: &Parked) -> Result<()> {
        sql::run(
            self.conn,
            "park a basket",
            "INSERT INTO parked_basket (name, basket, operator, at) VALUES (?1, ?2, ?3, ?4)",
            params![
                parked.name.as_str(),
                parked.basket,
                parked.operator.as_ref().map(Operator::as_str),
                parked.at.millis()
            ],
        )
        .map(drop)
    }

    /// The basket of a name.
    pub fn parked(&mut self, name: &RequestId) -> Result<Option<Parked>> {
        let found = sql::first(
            self.conn,
            "look up a parked basket",
            "SELECT name, basket, operator, at FROM parked_basket WHERE name = ?1",
            [name.as_str()],
            |row| Ok(read(row)),
        )?;
        found.transpose()
    }

    /// How many baskets wait.
    pub fn parked_count(&mut self) -> Result<usize> {
        let count = "SELECT count(*) FROM parked_basket";
        let count: i64 = sql::one(self.conn, "count parked baskets", count, [], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// Takes a basket away.
    pub fn unpark(&mut self, name: &RequestId) -> Result<()> {
        let delete = "DELETE FROM parked_basket WHERE name = ?1";
        sql::run(self.conn, "take a parked basket away", delete, [name.as_str()]).map(drop)
    }
}

impl Reader {
    /// The baskets that wait, the oldest first.
    pub fn parked(&self) -> Result<Vec<Parked>> {
        let rows = sql::all(
            self.conn(),
            "list parked baskets",
            "SELECT name, basket, operator, at FROM parked_basket ORDER BY at, name",
            [],
            |row| Ok(read(row)),
        )?;
        rows.into_iter().collect()
    }
}

fn read(row: &Row<'_>) -> Result<Parked> {
    let columns = || -> rusqlite::Result<(String, String, Option<String>, i64)> {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    };
    let broken = |source: rusqlite::Error| {
        BooksError::damaged("a parked basket".to_owned(), source.to_string())
    };
    let (name, basket, operator, at) = columns().map_err(broken)?;
    let bad = |text: &str, source| BooksError::text("a parked basket", text, source);
    Ok(Parked {
        name: RequestId::new(&name).map_err(|source| bad(&name, source))?,
        basket: basket.into(),
        operator: operator
            .map(|name| Operator::new(&name).map_err(|source| bad(&name, source)))
            .transpose()?,
        at: Timestamp::from_millis(at),
    })
}

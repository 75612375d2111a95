//! Price changes from a CSV file, each row judged on its own.
//!
//! The first row names the columns: `sku` and `price`, and if wanted `kind`, `group` or `store`, `from`,
//! `until` and `note`, by these names or as either language calls them (`商品编码`, `新价`, `生效时间`, …).
//! What a row leaves open is what the command line says.

use std::collections::{BTreeMap, BTreeSet};

use console::{Lang, words};
use ledger::amount::AmountError;
use ledger::id::{Sku, StoreGroup, StoreId};
use ledger::price::{Entry, Key, Level};
use ledger::scope::Scope;
use ledger::time::LocalTime;
use thiserror::Error;

use super::Wanted;
use crate::sheet::{MAX_ROWS, SheetError};

/// What a row means that says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// For what.
    pub level: Level,
    /// Where.
    pub scope: Scope,
    /// From when.
    pub from: LocalTime,
    /// Until when.
    pub until: Option<LocalTime>,
    /// Why.
    pub note: Box<str>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PriceRowError {
    /// It cannot be split into cells.
    #[error("the row cannot be split into cells: {0}")]
    Cells(String),
    /// There is no such product.
    #[error("there is no product {0}")]
    NoProduct(String),
    /// A cell is not what its column is for.
    #[error("{0}")]
    Cell(String),
    /// Both a group and a store.
    #[error("a row names a group or a store, not both")]
    TwoScopes,
    /// Another row sets the same price.
    #[error("row {first} sets the same price")]
    Again {
        /// The earlier row.
        first: u64,
    },
}

impl PriceRowError {
    /// The reason in words.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::Cells(why) => lang.say(words::RowCells { why }),
            Self::NoProduct(item) => lang.say(words::ProductNotKnown { item }),
            Self::Cell(why) => why.clone(),
            Self::TwoScopes => lang.say(words::PriceRowScope),
            Self::Again { first } => lang.say(words::PriceRowTwice { first }),
        }
    }
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its line in the file, from one; the header is line 1.
    pub line: u64,
    /// Why.
    pub why: PriceRowError,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A file as it was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceSheet {
    /// The header's cells.
    pub columns: Vec<String>,
    /// Rows below the header.
    pub rows: u64,
    /// The prices wanted, in the order of the file.
    pub wanted: Vec<Wanted>,
    /// Rows that were not taken.
    pub rejected: Vec<Rejected>,
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Sku,
    Price,
    Kind,
    Group,
    Store,
    From,
    Until,
    Note,
}

/// Reads a file's text; `known` are the products that there are.
pub fn read(
    text: &str,
    known: &BTreeSet<&Sku>,
    defaults: &Defaults,
) -> Result<PriceSheet, SheetError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) if !header.is_empty() => header.clone(),
        Ok(_) => return Err(SheetError::NoHeader(None)),
        Err(error) => return Err(SheetError::NoHeader(Some(error))),
    };
    let columns: Vec<Option<Column>> = header.iter().map(|name| column(name.trim())).collect();
    let has = |wanted| columns.contains(&Some(wanted));
    if !has(Column::Sku) || !has(Column::Price) {
        let found = header.iter().collect::<Vec<_>>().join(", ");
        return Err(SheetError::NoPrice { found });
    }
    let names = header.iter().map(str::to_owned).collect();
    let mut sheet = PriceSheet { columns: names, ..PriceSheet::default() };
    let mut lines: BTreeMap<(Sku, Key), u64> = BTreeMap::new();
    for record in reader.into_records() {
        sheet.rows += 1;
        if sheet.rows > MAX_ROWS as u64 {
            return Err(SheetError::TooManyRows);
        }
        let (line, cells, verdict) = match &record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cells = record.iter().map(str::to_owned).collect();
                (line, cells, row(record, &columns, known, defaults))
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                (line, Vec::new(), Err(PriceRowError::Cells(error.to_string())))
            }
        };
        let verdict = verdict.and_then(|wanted| {
            let key = (wanted.sku.clone(), wanted.key.clone());
            match lines.get(&key) {
                Some(first) => Err(PriceRowError::Again { first: *first }),
                None => {
                    lines.insert(key, line);
                    Ok(wanted)
                }
            }
        });
        match verdict {
            Ok(wanted) => sheet.wanted.push(wanted),
            Err(why) => sheet.rejected.push(Rejected { line, why, cells }),
        }
    }
    Ok(sheet)
}

fn row(
    record: &csv::StringRecord,
    columns: &[Option<Column>],
    known: &BTreeSet<&Sku>,
    defaults: &Defaults,
) -> Result<Wanted, PriceRowError> {
    let cell = |wanted: Column| {
        let place = columns.iter().position(|column| *column == Some(wanted))?;
        record.get(place).map(str::trim).filter(|text| !text.is_empty())
    };
    let wrong = |error: &dyn std::error::Error| PriceRowError::Cell(error.to_string());
    let item = cell(Column::Sku).unwrap_or_default();
    let sku = Sku::new(item).map_err(|error| wrong(&error))?;
    if !known.contains(&sku) {
        return Err(PriceRowError::NoProduct(item.to_owned()));
    }
    let price = cell(Column::Price).unwrap_or_default();
    let price = price.parse().map_err(|error: AmountError| wrong(&error))?;
    let level = match cell(Column::Kind) {
        None => defaults.level,
        Some(name) => level(name).ok_or_else(|| {
            let names = Level::ALL.map(Level::name).join(", ");
            PriceRowError::Cell(format!("`{name}` is none of {names}"))
        })?,
    };
    let scope = match (cell(Column::Group), cell(Column::Store)) {
        (None, None) => defaults.scope.clone(),
        (Some(group), None) => Scope::Group(StoreGroup::new(group).map_err(|error| wrong(&error))?),
        (None, Some(store)) => Scope::Store(StoreId::new(store).map_err(|error| wrong(&error))?),
        (Some(_), Some(_)) => return Err(PriceRowError::TwoScopes),
    };
    let time = |column| {
        let typed = cell(column).map(LocalTime::typed).transpose();
        typed.map_err(|error| wrong(&error))
    };
    let from = time(Column::From)?.unwrap_or(defaults.from);
    let until = time(Column::Until)?.or(defaults.until);
    let note = cell(Column::Note).map_or_else(|| defaults.note.clone(), Into::into);
    let key = Key { level, scope, from };
    // Judged here, so that one bad row does not stop the others.
    let number = super::placeholder().map_err(|error| wrong(&error))?;
    let entry = Entry { key: key.clone(), price, until, number, note: note.clone() };
    entry.checked().map_err(|error| wrong(&error))?;
    Ok(Wanted { sku, key, price, until, note })
}

fn level(name: &str) -> Option<Level> {
    let called = |level: &Level| {
        Lang::ALL.iter().any(|lang| console::prices::level_name(*lang, *level) == name)
    };
    Level::named(&name.to_ascii_lowercase()).or_else(|| Level::ALL.into_iter().find(called))
}

fn column(name: &str) -> Option<Column> {
    let lower = name.to_ascii_lowercase();
    let either = |phrases: [String; 2]| phrases.iter().any(|phrase| phrase == name);
    let named = [
        (Column::Sku, "sku", Lang::ALL.map(|lang| lang.say(words::Sku))),
        (Column::Price, "price", Lang::ALL.map(|lang| lang.say(words::PriceAfter))),
        (Column::Kind, "kind", Lang::ALL.map(|lang| lang.say(words::PriceLevel))),
        (Column::Group, "group", Lang::ALL.map(|lang| lang.say(words::ProfileGroups))),
        (Column::Store, "store", Lang::ALL.map(|lang| lang.say(words::Store))),
        (Column::From, "from", Lang::ALL.map(|lang| lang.say(words::PriceFrom))),
        (Column::Until, "until", Lang::ALL.map(|lang| lang.say(words::PriceUntil))),
        (Column::Note, "note", Lang::ALL.map(|lang| lang.say(words::PriceNote))),
    ];
    let fits = |(_, plain, phrases): &(Column, &str, [String; 2])| {
        *plain == lower || either(phrases.clone())
    };
    named.into_iter().find(fits).map(|(column, ..)| column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults() -> Defaults {
        Defaults {
            level: Level::Retail,
            scope: Scope::All,
            from: "2026-12-01T00:00".parse().unwrap(),
            until: None,
            note: "".into(),
        }
    }

    fn told(text: &str) -> (Vec<String>, Vec<(u64, String)>) {
        let skus = ["A", "B"].map(|sku| Sku::new(sku).unwrap());
        let known = skus.iter().collect();
        let sheet = read(text, &known, &defaults()).unwrap();
        let wanted = sheet.wanted.iter().map(|w| format!("{} {} {}", w.sku, w.key, w.price));
        let rejected = sheet.rejected.iter().map(|r| (r.line, r.why.say(Lang::En)));
        (wanted.collect(), rejected.collect())
    }

    #[test]
    fn rows_say_what_defaults_leave_open() {
        let text =
            "商品编码,新价,分组,价格种类,生效时间\nA,3.50,,,\nA,3,north,会员价,2026-12-24 08:00\n";
        let (wanted, rejected) = told(text);
        assert_eq!(rejected, []);
        let expected =
            ["A retail@all@2026-12-01T00:00 3.5", "A member@group:north@2026-12-24T08:00 3"];
        assert_eq!(wanted, expected);
    }

    #[test]
    fn bad_rows_are_named_and_good_ones_taken() {
        let text = "sku,price,kind,group,store,until\nA,1,,,,\nC,1,,,,\nA,2,,,,\nB,x,,,,\nB,0,,,,\n\
                    B,1,cheap,,,\nB,1,,a,S1,\nB,1,,,,2026-11-30\nB,1,,a b,,\nB,1,,,,\n";
        let (wanted, rejected) = told(text);
        assert_eq!(wanted.len(), 2);
        let lines: Vec<u64> = rejected.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 4, 5, 6, 7, 8, 9, 10], "{rejected:?}");
        assert_eq!(rejected[1].1, "row 2 sets the same price");
    }

    #[test]
    fn a_file_needs_its_columns() {
        let error = |text: &str| read(text, &BTreeSet::new(), &defaults()).unwrap_err().to_string();
        assert!(error("sku,name\n").contains("sku, name"));
        assert!(error("").contains("no first row"));
    }
}

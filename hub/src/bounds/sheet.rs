//! Stock bounds from a CSV file, each row judged on its own.
//!
//! The first row names the columns: `sku`, `min`, `max`, and if wanted `group` or `store`, `from` and `until`
//! (days of the year like `12-01`), by these names or as either language calls them. A row with neither
//! bound takes away what was said.

use std::collections::BTreeSet;

use console::{Lang, words};
use ledger::bounds::{Bounds, Entry, Key, Season};
use ledger::id::{Sku, StoreGroup, StoreId};
use ledger::scope::Scope;

use super::BoundsEdits;
use crate::ask::catalog::RejectedRow;
use crate::sheet::{MAX_ROWS, SheetError};

/// A file as it was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoundsSheet {
    /// The header's cells.
    pub columns: Vec<String>,
    /// Rows below the header.
    pub rows: u64,
    /// What is wanted.
    pub wanted: BoundsEdits,
    /// Rows that were not taken.
    pub rejected: Vec<RejectedRow>,
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Sku,
    Min,
    Max,
    Group,
    Store,
    From,
    Until,
}

/// Reads a file's text; `known` are the products that there are.
pub fn read(text: &str, known: &BTreeSet<&Sku>, lang: Lang) -> Result<BoundsSheet, SheetError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) if !header.is_empty() => header.clone(),
        Ok(_) => return Err(SheetError::NoHeader(None)),
        Err(error) => return Err(SheetError::NoHeader(Some(error))),
    };
    let columns: Vec<Option<Column>> = header.iter().map(|name| column(name.trim())).collect();
    if !columns.contains(&Some(Column::Sku)) {
        let found = header.iter().collect::<Vec<_>>().join(", ");
        return Err(SheetError::NoSku { found });
    }
    let names = header.iter().map(str::to_owned).collect();
    let mut sheet = BoundsSheet { columns: names, ..BoundsSheet::default() };
    for record in reader.into_records() {
        sheet.rows += 1;
        if sheet.rows > MAX_ROWS as u64 {
            return Err(SheetError::TooManyRows);
        }
        let (line, cells, verdict) = match &record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cells = record.iter().map(str::to_owned).collect();
                (line, cells, row(record, &columns, known, lang))
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                (line, Vec::new(), Err(lang.say(words::RowCells { why: error })))
            }
        };
        let verdict = verdict.and_then(|(place, entry)| {
            if sheet.wanted.contains_key(&place) {
                return Err(lang.say(words::BoundsRowTwice));
            }
            sheet.wanted.insert(place, entry);
            Ok(())
        });
        if let Err(reason) = verdict {
            sheet.rejected.push(RejectedRow { line, reason, cells });
        }
    }
    Ok(sheet)
}

fn row(
    record: &csv::StringRecord,
    columns: &[Option<Column>],
    known: &BTreeSet<&Sku>,
    lang: Lang,
) -> Result<((Sku, Key), Option<Entry>), String> {
    let cell = |wanted: Column| {
        let place = columns.iter().position(|column| *column == Some(wanted))?;
        record.get(place).map(str::trim).filter(|text| !text.is_empty())
    };
    let item = cell(Column::Sku).unwrap_or_default();
    let sku = Sku::new(item).map_err(|error| error.to_string())?;
    if !known.contains(&sku) {
        return Err(lang.say(words::ProductNotKnown { item }));
    }
    let scope = match (cell(Column::Group), cell(Column::Store)) {
        (None, None) => Scope::All,
        (Some(group), None) => {
            Scope::Group(StoreGroup::new(group).map_err(|error| error.to_string())?)
        }
        (None, Some(store)) => {
            Scope::Store(StoreId::new(store).map_err(|error| error.to_string())?)
        }
        (Some(_), Some(_)) => return Err(lang.say(words::PriceRowScope)),
    };
    let day = |text: &str| text.parse().map_err(|error: ledger::id::IdError| error.to_string());
    let season = match (cell(Column::From), cell(Column::Until)) {
        (None, None) => None,
        (Some(first), Some(last)) => Some(Season { first: day(first)?, last: day(last)? }),
        _ => return Err(lang.say(words::BoundsHalfSeason)),
    };
    let bound = |column| {
        let number = cell(column).map(str::parse).transpose();
        number.map_err(|error: ledger::amount::AmountError| error.to_string())
    };
    let (key, bounds) =
        (Key { scope, season }, Bounds { min: bound(Column::Min)?, max: bound(Column::Max)? });
    let entry = match bounds {
        Bounds { min: None, max: None } => None,
        bounds => {
            let bounds = bounds.checked().map_err(|error| error.to_string())?;
            Some(Entry { key: key.clone(), bounds })
        }
    };
    Ok(((sku, key), entry))
}

fn column(name: &str) -> Option<Column> {
    let lower = name.to_ascii_lowercase();
    let named = [
        (Column::Sku, "sku", Lang::ALL.map(|lang| lang.say(words::Sku))),
        (Column::Min, "min", Lang::ALL.map(|lang| lang.say(words::Minimum))),
        (Column::Max, "max", Lang::ALL.map(|lang| lang.say(words::Maximum))),
        (Column::Group, "group", Lang::ALL.map(|lang| lang.say(words::ProfileGroups))),
        (Column::Store, "store", Lang::ALL.map(|lang| lang.say(words::Store))),
        (Column::From, "from", Lang::ALL.map(|lang| lang.say(words::SeasonFrom))),
        (Column::Until, "until", Lang::ALL.map(|lang| lang.say(words::SeasonUntil))),
    ];
    let fits = |(_, plain, phrases): &(Column, &str, [String; 2])| {
        *plain == lower || phrases.iter().any(|phrase| phrase == name)
    };
    named.into_iter().find(fits).map(|(column, ..)| column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_judged_one_by_one() {
        let sku = Sku::new("A").unwrap();
        let text = "sku,min,max,group,store,from,until\nA,1,9,,,,\nA,5,,,S1,12-01,02-28\nA,,,north,,,\n\
                    B,1,,,,,\nA,9,1,x,,,\nA,1,,,,12-01,\nA,1,,,,,\nA,1,,a,b,,\n";
        let sheet = read(text, &BTreeSet::from([&sku]), Lang::En).unwrap();
        let wanted: Vec<String> = sheet
            .wanted
            .iter()
            .map(|((_, key), entry)| format!("{key} {}", entry.as_ref().map_or(0, |_| 1)))
            .collect();
        assert_eq!(wanted, ["all@year 1", "group:north@year 0", "store:S1@12-01..02-28 1"]);
        let lines: Vec<u64> = sheet.rejected.iter().map(|row| row.line).collect();
        assert_eq!(lines, [5, 6, 7, 8, 9], "{:?}", sheet.rejected);
    }
}

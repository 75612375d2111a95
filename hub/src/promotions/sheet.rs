//! Promotions from a file, each judged on its own: a CSV file, or a JSON list as `promotion list --json`
//! writes it.
//!
//! The first row of a CSV file names the columns: `promotion` and the fields, by their names or as either
//! language calls them. Columns that mean nothing here are left alone. A field whose cell is empty keeps its
//! value.

use std::collections::{BTreeMap, BTreeSet};

use console::promotion::{self, PromotionView};
use console::{Lang, words};
use ledger::id::{IdError, PromotionId, Sku};
use ledger::promotion::{Field, Promotion};
use sync_proto::party::Edits;
use thiserror::Error;

use super::{Fields, PromotionRefused, field_named, judge};
use crate::sheet::{MAX_ROWS, SheetError};

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum RowError {
    /// It cannot be split into cells.
    #[error("the row cannot be split into cells: {0}")]
    Cells(String),
    /// Its number is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// It is not taken as it is.
    #[error(transparent)]
    Refused(#[from] PromotionRefused),
    /// An earlier row is about the same promotion.
    #[error("row {first} is about the same")]
    Again {
        /// The earlier row.
        first: u64,
    },
}

impl RowError {
    /// The reason in words.
    pub(crate) fn say(&self, lang: Lang) -> String {
        match self {
            Self::Cells(why) => lang.say(words::RowCells { why }),
            Self::Id(why) => why.to_string(),
            Self::Refused(why) => why.say(lang),
            Self::Again { first } => lang.say(words::SupplierRowAgain { first }),
        }
    }
}

/// A file as it was understood.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    /// The header's cells.
    pub(crate) columns: Vec<String>,
    /// Rows below the header.
    pub(crate) rows: u64,
    /// What they set.
    pub(crate) edits: Edits,
    /// Rows about a new promotion.
    pub(crate) added: u64,
    /// Rows that change one.
    pub(crate) changed: u64,
    /// Rows that say what is known.
    pub(crate) unchanged: u64,
    /// Rows that were not taken: line, reason, cells.
    pub(crate) rejected: Vec<(u64, RowError, Vec<String>)>,
}

/// A row as it stands in the file.
struct Row {
    line: u64,
    cells: Vec<String>,
    says: Result<(PromotionId, Fields), RowError>,
}

/// Reads a file's text, against the promotions and products that are known. Nothing is written.
pub(crate) fn read(
    text: &str,
    known: &BTreeMap<PromotionId, Promotion>,
    products: &BTreeSet<Sku>,
) -> Result<Sheet, SheetError> {
    let is_json = text.trim_start().starts_with('[');
    let (columns, rows) = if is_json { json_rows(text)? } else { csv_rows(text)? };
    let mut sheet = Sheet { columns, ..Sheet::default() };
    let mut lines: BTreeMap<PromotionId, u64> = BTreeMap::new();
    for Row { line, cells, says } in rows {
        sheet.rows += 1;
        let judged = says.and_then(|(id, fields)| {
            if let Some(first) = lines.get(&id) {
                return Err(RowError::Again { first: *first });
            }
            let (_, changed) = judge(&id, known.get(&id), &fields, products)?;
            lines.insert(id.clone(), line);
            Ok((id, changed))
        });
        match judged {
            Ok((_, changed)) if changed.is_empty() => sheet.unchanged += 1,
            Ok((id, changed)) => {
                match known.contains_key(&id) {
                    true => sheet.changed += 1,
                    false => sheet.added += 1,
                }
                sheet.edits.promotions.insert(id, changed);
            }
            Err(why) => sheet.rejected.push((line, why, cells)),
        }
    }
    Ok(sheet)
}

/// The rows of a JSON list; the line of each is its place in it.
fn json_rows(text: &str) -> Result<(Vec<String>, Vec<Row>), SheetError> {
    let views: Vec<PromotionView> =
        serde_json::from_str(text).map_err(|source| SheetError::Json(source.to_string()))?;
    if views.len() > MAX_ROWS {
        return Err(SheetError::TooManyRows);
    }
    let row = |(line, view): (u64, PromotionView)| {
        let cells = vec![view.promotion.to_string()];
        let fields = view.fields.into_iter().map(|(name, text)| Ok((field_named(&name)?, text)));
        let fields = fields.collect::<Result<Fields, PromotionRefused>>();
        let says = fields.map(|fields| (view.promotion, fields)).map_err(RowError::from);
        Row { line, cells, says }
    };
    Ok((vec!["promotion".to_owned()], (1..).zip(views).map(row).collect()))
}

fn csv_rows(text: &str) -> Result<(Vec<String>, Vec<Row>), SheetError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) if !header.is_empty() => header.clone(),
        Ok(_) => return Err(SheetError::NoHeader(None)),
        Err(error) => return Err(SheetError::NoHeader(Some(error))),
    };
    let named = header.iter().map(str::trim).collect::<Vec<_>>();
    let number = named
        .iter()
        .position(|name| is_number(name))
        .ok_or_else(|| SheetError::NoColumn { column: "promotion", found: named.join(", ") })?;
    let mut columns: Vec<(usize, Field)> = Vec::new();
    for (at, name) in named.iter().enumerate() {
        let Some(field) = field_called(name) else { continue };
        if columns.iter().any(|(_, other)| *other == field) {
            return Err(SheetError::Twice { column: field.name() });
        }
        columns.push((at, field));
    }
    let mut rows = Vec::new();
    for record in reader.into_records() {
        if rows.len() == MAX_ROWS {
            return Err(SheetError::TooManyRows);
        }
        rows.push(match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cell = |at: usize| record.get(at).unwrap_or_default().trim();
                let text = |(at, field): &(usize, Field)| (*field, cell(*at).to_owned());
                let said = columns.iter().map(text).filter(|(_, text)| !text.is_empty());
                let id = PromotionId::new(cell(number)).map_err(RowError::from);
                let says = id.map(|id| (id, said.collect()));
                Row { line, cells: record.iter().map(str::to_owned).collect(), says }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                Row { line, cells: Vec::new(), says: Err(RowError::Cells(error.to_string())) }
            }
        });
    }
    Ok((header.iter().map(str::to_owned).collect(), rows))
}

fn is_number(name: &str) -> bool {
    name.eq_ignore_ascii_case("promotion")
        || Lang::ALL.iter().any(|lang| lang.say(words::PromotionNumber) == name)
}

fn field_called(name: &str) -> Option<Field> {
    let called =
        |field: &Field| Lang::ALL.iter().any(|lang| promotion::field(*lang, *field) == name);
    Field::named(&name.to_ascii_lowercase()).or_else(|| Field::ALL.into_iter().find(called))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, known: &BTreeMap<PromotionId, Promotion>) -> Sheet {
        let products = ["tea", "milk"].map(|sku| Sku::new(sku).unwrap()).into();
        read(text, known, &products).unwrap()
    }

    /// The promotions that a file sets.
    fn set_by(sheet: &Sheet) -> BTreeMap<PromotionId, Promotion> {
        let promotion = |(id, fields): (&PromotionId, &Fields)| {
            let texts = fields.iter().map(|(field, text)| (*field, text.as_str()));
            (id.clone(), Promotion::from_fields(id.clone(), texts).unwrap())
        };
        sheet.edits.promotions.iter().map(promotion).collect()
    }

    #[test]
    fn each_row_is_judged_on_its_own() {
        let text = "promotion,促销名称,deal,skus,weekdays,生效时间\n\
                    SP1,周二茶,percent:20,tea,tue,2026-12-01\n\
                    SP2,套餐,set:9.9,tea;milk,,\n\
                    SP3,,percent:20,,,\n\
                    SP4,x,free,,,\n\
                    SP5,x,percent:20,wine,,\n\
                    SP1,x,percent:30,,,\n\
                    S P,x,percent:30,,,\n";
        let sheet = told(text, &BTreeMap::new());
        assert_eq!((sheet.rows, sheet.added), (7, 2));
        let lines: Vec<u64> = sheet.rejected.iter().map(|(line, ..)| *line).collect();
        assert_eq!(lines, [4, 5, 6, 7, 8]);
        let again = told(text, &set_by(&sheet));
        assert_eq!((again.unchanged, again.edits.is_empty()), (2, true));
    }

    #[test]
    fn a_list_in_json_says_the_same() {
        let text = r#"[
            {"promotion": "SP1", "name": "第二件半价", "deal": "second:50", "brands": "北冰洋"},
            {"promotion": "SP2", "name": "x", "deal": "second:50", "colour": "red"}
        ]"#;
        let sheet = told(text, &BTreeMap::new());
        assert_eq!((sheet.added, sheet.rejected.len()), (1, 1));
        let views: Vec<PromotionView> = set_by(&sheet).values().map(PromotionView::from).collect();
        let again = told(&serde_json::to_string(&views).unwrap(), &set_by(&sheet));
        assert_eq!(again.unchanged, 1);
        assert!(read("[1]", &BTreeMap::new(), &BTreeSet::new()).is_err());
        assert!(read("name\nx\n", &BTreeMap::new(), &BTreeSet::new()).is_err());
    }
}

//! Reading suppliers or their offers from a CSV file: from bytes to edits, each row judged on its own.
//!
//! The first row names the columns: `supplier`, for offers `sku`, and the fields by their names in the
//! documents or as either language calls them. Columns that mean nothing here are left alone. A field
//! whose column is missing, or whose cell is empty, keeps its value.

use std::collections::{BTreeMap, BTreeSet};

use console::{Lang, supplier, words};
use ledger::id::{IdError, Sku, SupplierId};
use ledger::supplier::{Field, Offer, OfferField, Supplier};
use sync_proto::party::Edits;
use thiserror::Error;

use super::{Names, SameNames, SupplierRefused};
use crate::sheet::{EditKind, MAX_ROWS, SheetError};

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum RowError {
    /// It cannot be split into cells.
    #[error("the row cannot be split into cells: {0}")]
    Cells(String),
    /// A name in it is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// It is not taken as it is.
    #[error(transparent)]
    Refused(#[from] SupplierRefused),
    /// An earlier row is about the same.
    #[error("row {first} is about the same")]
    Again {
        /// The earlier row.
        first: u64,
    },
    /// An offer of nobody.
    #[error("there is no supplier {id}")]
    NoSupplier {
        /// What was given.
        id: SupplierId,
    },
    /// An offer of nothing.
    #[error("the catalog has no product {sku}")]
    NoProduct {
        /// What was given.
        sku: Sku,
    },
}

impl RowError {
    /// The reason in words.
    pub(crate) fn say(&self, lang: Lang) -> String {
        match self {
            Self::Cells(why) => lang.say(words::RowCells { why }),
            Self::Id(why) => why.to_string(),
            Self::Refused(why @ SupplierRefused::Field(error)) => {
                format!("{} ({})", why.say(lang), error.why)
            }
            Self::Refused(why) => why.say(lang),
            Self::Again { first } => lang.say(words::SupplierRowAgain { first }),
            Self::NoSupplier { id } => lang.say(words::SupplierRowUnknown { id }),
            Self::NoProduct { sku } => lang.say(words::SupplierRowProduct { sku }),
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
    /// Rows about something new.
    pub(crate) added: u64,
    /// Rows that change what is known.
    pub(crate) changed: u64,
    /// Rows that say what is known.
    pub(crate) unchanged: u64,
    /// Rows that were not taken: line, reason, cells.
    pub(crate) rejected: Vec<(u64, RowError, Vec<String>)>,
}

/// What a row does.
enum Verdict {
    Adds,
    Changes,
    Same,
}

/// Reads suppliers, against those that are known. Nothing is written.
pub(crate) fn suppliers(
    text: &str,
    known: &BTreeMap<SupplierId, Supplier>,
    same: SameNames,
) -> Result<Sheet, SheetError> {
    let fields = Field::ALL.map(|field| (field.name(), field));
    let columns =
        |header: &csv::StringRecord| Columns::of(header, &["supplier"], &fields, supplier::field);
    let (mut names, mut lines) = (Names::of(known.values(), same), BTreeMap::new());
    read(text, columns, |line, columns, record, edits: &mut Edits| {
        let id = SupplierId::new(columns.key(record, 0))?;
        let old = known.get(&id);
        let before = old.cloned().unwrap_or_else(|| Supplier::named_after(id.clone()));
        let mut after = before.clone();
        for (field, text) in columns.texts(record) {
            after.set(field, text).map_err(SupplierRefused::from)?;
        }
        first(&mut lines, id.clone(), line)?;
        names.claim(&before, &after)?;
        let mut set = after.fields();
        if old.is_some() {
            let differs = |field: &Field| before.get(*field) != after.get(*field);
            set = Field::ALL.into_iter().filter(differs).map(|f| (f, after.get(f))).collect();
        }
        Ok(keep(&mut edits.suppliers, id, set, kind(old)))
    })
}

/// Reads offers of suppliers that are known for products that are. Nothing is written.
pub(crate) fn offers(
    text: &str,
    suppliers: &BTreeSet<SupplierId>,
    products: &BTreeSet<Sku>,
    known: &BTreeMap<(SupplierId, Sku), Offer>,
) -> Result<Sheet, SheetError> {
    let fields = OfferField::ALL.map(|field| (field.name(), field));
    let columns = |header: &csv::StringRecord| {
        Columns::of(header, &["supplier", "sku"], &fields, supplier::offer_field)
    };
    let mut lines = BTreeMap::new();
    read(text, columns, |line, columns, record, edits: &mut Edits| {
        let id = SupplierId::new(columns.key(record, 0))?;
        let sku = Sku::new(columns.key(record, 1))?;
        if !suppliers.contains(&id) {
            return Err(RowError::NoSupplier { id });
        }
        if !products.contains(&sku) {
            return Err(RowError::NoProduct { sku });
        }
        let of = (id, sku);
        let old = known.get(&of);
        let before = old.cloned().unwrap_or_default();
        let mut after = before.clone();
        for (field, text) in columns.texts(record) {
            after.set(field, text).map_err(SupplierRefused::from)?;
        }
        first(&mut lines, of.clone(), line)?;
        let mut set = after.fields();
        if old.is_some() {
            let differs = |field: &OfferField| before.get(*field) != after.get(*field);
            set = OfferField::ALL.into_iter().filter(differs).map(|f| (f, after.get(f))).collect();
        }
        Ok(keep(&mut edits.offers, of, set, kind(old)))
    })
}

fn keep<K: Ord, F>(
    edits: &mut BTreeMap<K, BTreeMap<F, String>>,
    of: K,
    set: BTreeMap<F, String>,
    kind: EditKind,
) -> Verdict {
    if set.is_empty() {
        return Verdict::Same;
    }
    edits.insert(of, set);
    match kind {
        EditKind::New => Verdict::Adds,
        EditKind::Change => Verdict::Changes,
    }
}

fn kind<T>(known: Option<&T>) -> EditKind {
    if known.is_some() { EditKind::Change } else { EditKind::New }
}

/// Notes the line that is about something; refuses a second one.
fn first<K: Ord>(lines: &mut BTreeMap<K, u64>, of: K, line: u64) -> Result<(), RowError> {
    match lines.get(&of) {
        Some(first) => Err(RowError::Again { first: *first }),
        None => {
            lines.insert(of, line);
            Ok(())
        }
    }
}

fn read<F>(
    text: &str,
    columns: impl FnOnce(&csv::StringRecord) -> Result<Columns<F>, SheetError>,
    mut judge: impl FnMut(u64, &Columns<F>, &csv::StringRecord, &mut Edits) -> Result<Verdict, RowError>,
) -> Result<Sheet, SheetError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) if !header.is_empty() => header.clone(),
        Ok(_) => return Err(SheetError::NoHeader(None)),
        Err(error) => return Err(SheetError::NoHeader(Some(error))),
    };
    let columns = columns(&header)?;
    let mut sheet =
        Sheet { columns: header.iter().map(str::to_owned).collect(), ..Sheet::default() };
    for (index, record) in reader.into_records().enumerate() {
        if index >= MAX_ROWS {
            return Err(SheetError::TooManyRows);
        }
        sheet.rows += 1;
        let (line, cells, verdict) = match &record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cells = record.iter().map(str::to_owned).collect();
                (line, cells, judge(line, &columns, record, &mut sheet.edits))
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                (line, Vec::new(), Err(RowError::Cells(error.to_string())))
            }
        };
        match verdict {
            Ok(Verdict::Adds) => sheet.added += 1,
            Ok(Verdict::Changes) => sheet.changed += 1,
            Ok(Verdict::Same) => sheet.unchanged += 1,
            Err(why) => sheet.rejected.push((line, why, cells)),
        }
    }
    Ok(sheet)
}

/// Which cell means what.
struct Columns<F> {
    keys: Vec<usize>,
    fields: Vec<(usize, F)>,
}

impl<F: Copy + PartialEq> Columns<F> {
    fn of(
        header: &csv::StringRecord,
        keys: &[&'static str],
        fields: &[(&'static str, F)],
        called: impl Fn(Lang, F) -> String,
    ) -> Result<Self, SheetError> {
        let mut columns: Vec<(usize, F)> = Vec::new();
        let mut places: Vec<Option<usize>> = vec![None; keys.len()];
        for (at, name) in header.iter().map(str::trim).enumerate() {
            let key = keys.iter().position(|key| is_key(key, name));
            if let Some(key) = key {
                if places[key].replace(at).is_some() {
                    return Err(SheetError::Twice { column: keys[key] });
                }
                continue;
            }
            let means = |(own, field): &&(&str, F)| {
                own.eq_ignore_ascii_case(name)
                    || Lang::ALL.iter().any(|lang| called(*lang, *field) == name)
            };
            let Some((own, field)) = fields.iter().find(means) else { continue };
            if columns.iter().any(|(_, other)| other == field) {
                return Err(SheetError::Twice { column: own });
            }
            columns.push((at, *field));
        }
        let place = |(column, place): (&&'static str, Option<usize>)| {
            let found = || header.iter().collect::<Vec<_>>().join(", ");
            place.ok_or_else(|| SheetError::NoColumn { column, found: found() })
        };
        let keys = keys.iter().zip(places).map(place).collect::<Result<_, _>>()?;
        Ok(Self { keys, fields: columns })
    }
}

impl<F: Copy> Columns<F> {
    fn key<'r>(&self, record: &'r csv::StringRecord, key: usize) -> &'r str {
        record.get(self.keys[key]).unwrap_or_default().trim()
    }

    /// The fields of which a row says something.
    fn texts<'r>(&self, record: &'r csv::StringRecord) -> impl Iterator<Item = (F, &'r str)> {
        let text = |(at, field): &(usize, F)| (*field, record.get(*at).unwrap_or_default().trim());
        let texts: Vec<(F, &str)> = self.fields.iter().map(text).collect();
        texts.into_iter().filter(|(_, text)| !text.is_empty())
    }
}

fn is_key(key: &str, name: &str) -> bool {
    let called = |lang: Lang| match key {
        "sku" => lang.say(words::Sku),
        _ => lang.say(words::Supplier),
    };
    key.eq_ignore_ascii_case(name) || Lang::ALL.iter().any(|lang| called(*lang) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> SupplierId {
        name.parse().unwrap()
    }

    #[test]
    fn each_row_is_judged_on_its_own() {
        let text = "supplier,名称x,中文名,账期,email\n\
                    V1,,东方批发,30,\n\
                    V2,,东方批发,30,\n\
                    V/3,,x,30,\n\
                    V4,,西城,soon,\n\
                    V5,,v1,0,\n\
                    V1,,东方,30,\n\
                    V6,,南门,month_end+10,a@b.cn\n";
        let sheet = suppliers(text, &BTreeMap::new(), SameNames::Refuse).unwrap();
        assert_eq!((sheet.rows, sheet.added), (7, 2));
        let lines: Vec<u64> = sheet.rejected.iter().map(|(line, ..)| *line).collect();
        assert_eq!(lines, [3, 4, 5, 6, 7]);
        assert_eq!(sheet.edits.suppliers[&id("V6")][&Field::Terms], "month_end+10");
        let both = suppliers(text, &BTreeMap::new(), SameNames::Take).unwrap();
        assert_eq!(both.added, 4);
    }

    #[test]
    fn the_same_file_twice_changes_nothing_and_empty_cells_say_nothing() {
        let text = "supplier,name_zh,terms\nV1,东方批发,30\n";
        let first = suppliers(text, &BTreeMap::new(), SameNames::Refuse).unwrap();
        let fields = &first.edits.suppliers[&id("V1")];
        let fields = fields.iter().map(|(field, text)| (*field, text.as_str()));
        let known = [(id("V1"), Supplier::from_fields(id("V1"), fields).0)].into();
        for text in [text, "supplier,name_zh,terms\nV1,,\n"] {
            let again = suppliers(text, &known, SameNames::Refuse).unwrap();
            assert_eq!((again.unchanged, again.edits.is_empty()), (1, true));
        }
    }

    #[test]
    fn offers_need_supplier_and_product() {
        let text = "supplier,sku,供货价,lead_days\n\
                    V1,cola,2.10,3\nV9,cola,2,3\nV1,tea,2,3\nV1,cola,2,3\n";
        let (suppliers, products) = ([id("V1")].into(), ["cola".parse().unwrap()].into());
        let sheet = offers(text, &suppliers, &products, &BTreeMap::new()).unwrap();
        assert_eq!((sheet.added, sheet.rejected.len()), (1, 3));
        assert!(matches!(sheet.rejected[0].1, RowError::NoSupplier { .. }));
        assert!(matches!(sheet.rejected[1].1, RowError::NoProduct { .. }));
        assert_eq!(sheet.rejected[2].1, RowError::Again { first: 2 });
        let of = (id("V1"), "cola".parse().unwrap());
        assert_eq!(sheet.edits.offers[&of][&OfferField::Price], "2.1");
    }

    #[test]
    fn a_file_without_the_columns_that_name_things_is_refused() {
        let none = suppliers("name_zh\nx\n", &BTreeMap::new(), SameNames::Refuse).unwrap_err();
        assert!(matches!(none, SheetError::NoColumn { column: "supplier", .. }), "{none}");
    }
}

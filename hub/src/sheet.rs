//! Reading a catalog from a CSV file: from bytes to edits, each row judged on its own.
//!
//! The first row names the columns: `sku`, and the fields of a product by their names in the
//! documents (`name_zh`, `price`, …) or as either language calls them (`中文名`, `零售价`).
//! Columns that mean nothing here are left alone. A field whose column is missing keeps its value.

use std::collections::BTreeMap;

use console::{Lang, labels, words};
use encoding_rs::{GB18030, UTF_8};
use ledger::catalog::{Doubt, Field, FieldError, Product};
use ledger::id::{IdError, Sku};
use ledger::scan::Codes;
use thiserror::Error;

use crate::codes::{ClaimError, Claims};

/// The largest file that is read, in bytes: 100,000 products take about 15 MB.
pub const MAX_FILE: usize = 64 << 20;

/// The most rows of one file: twice the largest assortment.
pub const MAX_ROWS: usize = 200_000;

/// A file that cannot be read at all.
#[derive(Debug, Error)]
pub enum SheetError {
    /// Larger than [`MAX_FILE`].
    #[error("the file is larger than {} MB", MAX_FILE >> 20)]
    TooLarge,
    /// More than [`MAX_ROWS`] rows.
    #[error("the file has more than {MAX_ROWS} rows")]
    TooManyRows,
    /// Neither UTF-8 nor GB18030.
    #[error("the file is neither UTF-8 nor GB18030 text")]
    Encoding,
    /// No first row.
    #[error("the file has no first row that names its columns")]
    NoHeader(#[source] Option<csv::Error>),
    /// No SKU column.
    #[error("the file has no column `sku` (商品编码); its columns are: {found}")]
    NoSku {
        /// The columns that it has.
        found: String,
    },
    /// No column that names what a row is about.
    #[error("the file has no column `{column}`; its columns are: {found}")]
    NoColumn {
        /// Its name.
        column: &'static str,
        /// The columns that it has.
        found: String,
    },
    /// No column of SKUs, or none of prices.
    #[error("the file needs the columns `sku` and `price`; its columns are: {found}")]
    NoPrice {
        /// The columns that it has.
        found: String,
    },
    /// A JSON file that is no list of promotions.
    #[error("the file is no list of promotions: {0}")]
    Json(String),
    /// Two columns for one field.
    #[error("the file has two columns for `{column}`")]
    Twice {
        /// The field's name.
        column: &'static str,
    },
}

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RowError {
    /// It cannot be split into cells.
    #[error("the row cannot be split into cells: {0}")]
    Cells(String),
    /// Its SKU is not one.
    #[error(transparent)]
    Sku(IdError),
    /// A field's text is not a value.
    #[error(transparent)]
    Field(FieldError),
    /// A code can't be one, or is another product's; or the product contradicts itself.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// The SKU stands in an earlier row.
    #[error("row {first} is about the same SKU")]
    SkuAgain {
        /// The earlier row.
        first: u64,
    },
}

impl RowError {
    /// The reason in words.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::Cells(why) => lang.say(words::RowCells { why }),
            Self::Sku(why) => why.to_string(),
            Self::Field(FieldError { field, text: value, why }) => {
                let field = labels::field(lang, *field);
                format!("{} ({why})", lang.say(words::FieldValueBad { field, value }))
            }
            Self::Claim(ClaimError::Bad { source, .. }) => labels::code(lang, source),
            Self::Claim(ClaimError::Taken { code, owner }) => {
                lang.say(words::BarcodeTaken { barcode: code, owner })
            }
            Self::Claim(ClaimError::Contradiction(why)) => labels::contradiction(lang, why),
            Self::SkuAgain { first } => lang.say(words::RowSkuAgain { first }),
        }
    }
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its line in the file, from one; the header is line 1.
    pub line: u64,
    /// Why.
    pub why: RowError,
    /// Its cells, for the file of rejected rows.
    pub cells: Vec<String>,
}

/// An edit of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which product.
    pub sku: Sku,
    /// The fields that change, and to what.
    pub fields: BTreeMap<Field, String>,
    /// Whether the product is new to the catalog.
    pub kind: EditKind,
}

/// Whether an edit makes a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditKind {
    /// It does.
    New,
    /// The product is there.
    Change,
}

/// A file as it was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The header's cells.
    pub columns: Vec<String>,
    /// Rows below the header.
    pub rows: u64,
    /// What they change, in the order of the file.
    pub edits: Vec<Edit>,
    /// Rows that say what the catalog says already.
    pub unchanged: u64,
    /// Rows that were not taken.
    pub rejected: Vec<Rejected>,
    /// Rows that were taken and rarely mean what they say, by line.
    pub doubtful: Vec<(u64, Doubt)>,
}

/// Reads a file's text against the catalog as it is. Nothing is written.
pub fn read(
    text: &str,
    catalog: &BTreeMap<Sku, Product>,
    codes: Codes,
) -> Result<Sheet, SheetError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) if !header.is_empty() => header.clone(),
        Ok(_) => return Err(SheetError::NoHeader(None)),
        Err(error) => return Err(SheetError::NoHeader(Some(error))),
    };
    let columns = Columns::of(&header)?;
    let mut judge = Judge::new(catalog, codes);
    let columns_found = header.iter().map(str::to_owned).collect();
    let mut sheet = Sheet { columns: columns_found, ..Sheet::default() };
    for (index, record) in reader.into_records().enumerate() {
        if index >= MAX_ROWS {
            return Err(SheetError::TooManyRows);
        }
        sheet.rows += 1;
        let (line, cells, verdict) = match &record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cells = record.iter().map(str::to_owned).collect();
                (line, cells, judge.row(line, &columns, record))
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                (line, Vec::new(), Err(RowError::Cells(error.to_string())))
            }
        };
        sheet.doubtful.extend(judge.doubts.drain(..).map(|doubt| (line, doubt)));
        match verdict {
            Ok(Some(edit)) => sheet.edits.push(edit),
            Ok(None) => sheet.unchanged += 1,
            Err(why) => sheet.rejected.push(Rejected { line, why, cells }),
        }
    }
    Ok(sheet)
}

/// The text of a file in UTF-8 (with or without a byte order mark) or GB18030.
pub fn decode(bytes: &[u8]) -> Result<(String, &'static str), SheetError> {
    if bytes.len() > MAX_FILE {
        return Err(SheetError::TooLarge);
    }
    for encoding in [UTF_8, GB18030] {
        let (text, _, faulty) = encoding.decode(bytes);
        if !faulty {
            let name = if encoding == UTF_8 { "UTF-8" } else { "GB18030" };
            return Ok((text.into_owned(), name));
        }
    }
    Err(SheetError::Encoding)
}

/// Which cell means what.
struct Columns {
    sku: usize,
    fields: Vec<(usize, Field)>,
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Result<Self, SheetError> {
        let mut sku = None;
        let mut fields: Vec<(usize, Field)> = Vec::new();
        for (at, name) in header.iter().enumerate() {
            let name = name.trim();
            if is_sku(name) {
                if sku.replace(at).is_some() {
                    return Err(SheetError::Twice { column: "sku" });
                }
            } else if let Some(field) = field_named(name) {
                if fields.iter().any(|(_, other)| *other == field) {
                    return Err(SheetError::Twice { column: field.name() });
                }
                fields.push((at, field));
            }
        }
        let found = || header.iter().collect::<Vec<_>>().join(", ");
        let sku = sku.ok_or_else(|| SheetError::NoSku { found: found() })?;
        Ok(Self { sku, fields })
    }
}

/// What the rows so far have said.
struct Judge<'a> {
    catalog: &'a BTreeMap<Sku, Product>,
    claims: Claims,
    lines: BTreeMap<Sku, u64>,
    /// What is odd about the last row.
    doubts: Vec<Doubt>,
}

impl<'a> Judge<'a> {
    fn new(catalog: &'a BTreeMap<Sku, Product>, codes: Codes) -> Self {
        let claims = Claims::of(catalog.values(), codes);
        Self { catalog, claims, lines: BTreeMap::new(), doubts: Vec::new() }
    }

    /// What a row changes; nothing, if the catalog says so already.
    fn row(
        &mut self,
        line: u64,
        columns: &Columns,
        record: &csv::StringRecord,
    ) -> Result<Option<Edit>, RowError> {
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        let sku = Sku::new(cell(columns.sku)).map_err(RowError::Sku)?;
        if let Some(first) = self.lines.get(&sku) {
            return Err(RowError::SkuAgain { first: *first });
        }
        let known = self.catalog.get(&sku);
        let before = known.cloned().unwrap_or_else(|| Product::named_after(sku.clone()));
        let mut after = before.clone();
        for (at, field) in &columns.fields {
            let text = cell(*at);
            // An empty cell of a number or word says nothing; an empty text is a text.
            if text.is_empty() && !field.is_descriptive() {
                continue;
            }
            after.set(*field, &value(*field, text)).map_err(RowError::Field)?;
        }
        self.claims.claim(&before, &after)?;
        self.lines.insert(sku.clone(), line);
        let known_doubts = before.doubts();
        self.doubts = after.doubts();
        self.doubts.retain(|doubt| !known_doubts.contains(doubt));
        let (kind, fields) = match known {
            None => (EditKind::New, after.fields()),
            Some(_) => {
                let differs = |field: &Field| before.get(*field) != after.get(*field);
                let changed = Field::ALL.into_iter().filter(differs);
                (EditKind::Change, changed.map(|field| (field, after.get(field))).collect())
            }
        };
        Ok((!fields.is_empty()).then_some(Edit { sku, fields, kind }))
    }
}

/// A text as the field reads it: a tax rate may be given in percent.
pub(crate) fn value(field: Field, text: &str) -> String {
    let percent = text.strip_suffix(['%', '％']).map(str::trim_end);
    match percent.filter(|_| field == Field::TaxRate).and_then(basis_points) {
        Some(basis_points) => basis_points.to_string(),
        None => text.to_owned(),
    }
}

/// `6.5` is 650.
fn basis_points(percent: &str) -> Option<u32> {
    let (whole, part) = percent.split_once('.').unwrap_or((percent, ""));
    let part = part.trim_end_matches('0');
    let digits = whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit());
    if !digits || whole.is_empty() || part.len() > 2 {
        return None;
    }
    format!("{whole}{part:0<2}").parse().ok()
}

fn is_sku(name: &str) -> bool {
    let called = |lang: Lang| lang.say(words::Sku);
    name.eq_ignore_ascii_case("sku") || Lang::ALL.iter().any(|lang| called(*lang) == name)
}

fn field_named(name: &str) -> Option<Field> {
    let lower = name.to_ascii_lowercase();
    let called = |field: Field| Lang::ALL.iter().any(|lang| labels::field(*lang, field) == name);
    Field::named(&lower).or_else(|| Field::ALL.into_iter().find(|field| called(*field)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog(text: &str) -> BTreeMap<Sku, Product> {
        let sheet = read(text, &BTreeMap::new(), Codes::Any).unwrap();
        assert_eq!(sheet.rejected, []);
        let product = |edit: Edit| {
            let fields = edit.fields.iter().map(|(field, text)| (*field, text.as_str()));
            let (product, errors) = Product::from_fields(edit.sku.clone(), fields);
            assert_eq!(errors, []);
            (edit.sku, product)
        };
        sheet.edits.into_iter().map(product).collect()
    }

    const COLA: &str = "sku,name_zh,price,tax_rate,barcode\nC1,可乐,3.50,13%,6901\n";

    #[test]
    fn the_same_file_twice_changes_nothing() {
        let known = catalog(COLA);
        assert_eq!(known[&Sku::new("C1").unwrap()].tax_rate.basis_points(), 1_300);
        let again = read(COLA, &known, Codes::Any).unwrap();
        assert_eq!((again.edits.len(), again.unchanged), (0, 1));
        let dearer = read(&COLA.replace("3.50", "3.60"), &known, Codes::Articles).unwrap();
        let fields = BTreeMap::from([(Field::Price, "3.6".to_owned())]);
        let sku = Sku::new("C1").unwrap();
        assert_eq!(dearer.edits, [Edit { sku, fields, kind: EditKind::Change }]);
    }

    #[test]
    fn bad_rows_are_named_and_good_ones_taken() {
        let text = "商品编码,中文名,零售价,条码\nA,甲,1,1\nB,乙,x,2\n,丙,1,3\nA,丁,1,4\nC,戊,2,1\nD,己,2,5\n";
        let (bytes, _, _) = GB18030.encode(text);
        let (text, encoding) = decode(&bytes).unwrap();
        assert_eq!(encoding, "GB18030");
        let sheet = read(&text, &BTreeMap::new(), Codes::Any).unwrap();
        let good: Vec<_> = sheet.edits.iter().map(|edit| edit.sku.as_str()).collect();
        assert_eq!(good, ["A", "D"]);
        let bad: Vec<_> =
            sheet.rejected.iter().map(|row| (row.line, row.why.to_string())).collect();
        let bad: Vec<_> = bad.iter().map(|(line, why)| (*line, why.as_str())).collect();
        assert_eq!(
            bad,
            [
                (
                    3,
                    "`x` is not a value for the product field `price`: `x` is not a decimal number"
                ),
                (4, "the SKU is empty"),
                (5, "row 2 is about the same SKU"),
                (6, "the barcode 1 belongs to A"),
            ]
        );
    }

    #[test]
    fn files_without_usable_columns_are_refused_whole() {
        let error = |text: &str| read(text, &BTreeMap::new(), Codes::Any).unwrap_err().to_string();
        assert!(error("").contains("no first row"));
        assert!(error("name,price\n").contains("name, price"));
        assert!(error("sku,price,零售价\n").contains("two columns for `price`"));
    }
}

//! The mapping file: which column of someone else's file means what.
//!
//! Everything that one can say:
//!
#![doc = "```toml"]
#![doc = include_str!("../../../examples/mappings/reference.toml")]
#![doc = "```"]

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use serde::Deserialize;
use thiserror::Error;

use super::field::{Field, Kind};
use super::limits::{DEFAULT_WINDOW, MAX_MAPPING_BYTES, MAX_WINDOW};
use super::rule::Rule;
use super::settings::{
    DateFormat, Decimal, Delimiter, DocumentScope, EncodingName, JoinedFile, OneOrMany, Rounding,
    SetName, StoreForm, Thousands, TimeFormat,
};

/// Which column of a file means what.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub(super) set: SetName,
    pub(super) kind: Kind,
    #[serde(default)]
    pub(super) file: FileForm,
    pub(super) columns: BTreeMap<Field, OneOrMany>,
    #[serde(default)]
    pub(super) defaults: BTreeMap<Field, String>,
    #[serde(default)]
    pub(super) values: BTreeMap<Field, BTreeMap<String, String>>,
    #[serde(default)]
    pub(super) numbers: NumberForm,
    #[serde(default)]
    pub(super) dates: DateForm,
    #[serde(default)]
    pub(super) store: StoreRule,
    #[serde(default)]
    pub(super) document: DocumentRule,
    #[serde(default)]
    pub(super) products: ProductRule,
    #[serde(default, rename = "join")]
    pub(super) joins: Vec<JoinRule>,
    #[serde(default, rename = "rule")]
    pub(super) rules: Vec<Rule>,
}

/// What the file looks like.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileForm {
    pub(super) delimiter: Delimiter,
    pub(super) encoding: EncodingName,
    pub(super) skip_lines: u64,
    pub(super) sheet: Option<String>,
}

/// How numbers are written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct NumberForm {
    pub(super) decimal: Decimal,
    pub(super) thousands: Thousands,
    pub(super) currency: Vec<String>,
    pub(super) round: Rounding,
    pub(super) percent: bool,
}

impl Default for NumberForm {
    fn default() -> Self {
        Self {
            decimal: Decimal::default(),
            thousands: Thousands::default(),
            currency: Vec::new(),
            round: Rounding::default(),
            percent: true,
        }
    }
}

/// How dates are written: the forms are tried in turn.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DateForm {
    pub(super) formats: Vec<DateFormat>,
    pub(super) times: Vec<TimeFormat>,
}

impl Default for DateForm {
    fn default() -> Self {
        let formats = ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"];
        Self {
            formats: formats.into_iter().map(DateFormat::known).collect(),
            times: ["%H:%M:%S", "%H:%M"].into_iter().map(TimeFormat::known).collect(),
        }
    }
}

/// How a store's text becomes its id.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StoreRule {
    pub(super) form: StoreForm,
}

/// How rows form documents.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DocumentRule {
    pub(super) unique: DocumentScope,
    pub(super) window: u64,
}

impl Default for DocumentRule {
    fn default() -> Self {
        Self { unique: DocumentScope::default(), window: DEFAULT_WINDOW }
    }
}

/// How products are read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ProductRule {
    pub(super) duplicates: Duplicates,
    pub(super) long_texts: LongTexts,
}

/// What to do with names and categories longer than the catalog takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LongTexts {
    /// The row is rejected.
    #[default]
    Reject,
    /// Their end is left out.
    Cut,
}

/// Which row of several for one SKU counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Duplicates {
    /// The first; a row that says something else is rejected.
    #[default]
    Reject,
    /// The first.
    First,
    /// The last.
    Last,
}

/// A file whose columns stand beside those of the imported one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinRule {
    pub(super) name: String,
    pub(super) file: JoinedFile,
    pub(super) on: String,
    pub(super) key: String,
}

/// Why a mapping cannot be used.
#[derive(Debug, Error)]
pub enum MappingError {
    /// It cannot be read.
    #[error("the mapping cannot be read")]
    Read(#[source] std::io::Error),
    /// Larger than [`MAX_MAPPING_BYTES`].
    #[error("the mapping is larger than {MAX_MAPPING_BYTES} bytes")]
    TooLarge,
    /// It is no TOML, or a key or value of it means nothing. The source names line and column.
    #[error("the mapping is wrong")]
    Syntax(#[source] toml::de::Error),
    /// A kind of file needs a field that has neither column nor default.
    #[error("[columns] of a file of {kind} must name a column for: {}", names(missing))]
    MissingFields {
        /// What the file holds.
        kind: Kind,
        /// What is missing.
        missing: Vec<Field>,
    },
    /// A field that means nothing in this kind of file.
    #[error("the field `{field}` means nothing in a file of {kind}")]
    NeedlessField {
        /// What the file holds.
        kind: Kind,
        /// The field.
        field: Field,
    },
    /// A rule that can never apply, or whose action makes no sense for the kind.
    #[error("rule {number} {problem}")]
    Rule {
        /// Which rule, from one.
        number: usize,
        /// What is wrong.
        problem: &'static str,
    },
    /// Two joined files of one name.
    #[error("two joins are named `{name}`")]
    JoinTwice {
        /// The name.
        name: String,
    },
    /// The window is beyond [`MAX_WINDOW`].
    #[error("document.window is at most {MAX_WINDOW}")]
    Window,
}

impl Mapping {
    /// Reads a mapping file.
    pub fn read(path: &Path) -> Result<Self, MappingError> {
        let size = std::fs::metadata(path).map_err(MappingError::Read)?.len();
        if size > MAX_MAPPING_BYTES {
            return Err(MappingError::TooLarge);
        }
        std::fs::read_to_string(path).map_err(MappingError::Read)?.parse()
    }

    /// What files it describes.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The name of the data, as in request ids.
    pub fn set(&self) -> &str {
        self.set.as_str()
    }

    fn check(&self) -> Result<(), MappingError> {
        let kind = self.kind;
        let named =
            |field: &Field| self.columns.contains_key(field) || self.defaults.contains_key(field);
        let mut missing: Vec<Field> =
            kind.required().iter().copied().filter(|field| !named(field)).collect();
        if !kind.one_of().is_empty() && !kind.one_of().iter().any(named) {
            missing.extend(kind.one_of().first());
        }
        if !missing.is_empty() {
            return Err(MappingError::MissingFields { kind, missing });
        }
        let fields = self.columns.keys().chain(self.defaults.keys()).chain(self.values.keys());
        if let Some(field) = fields.copied().find(|field| !kind.knows(*field)) {
            return Err(MappingError::NeedlessField { kind, field });
        }
        for (number, rule) in (1..).zip(&self.rules) {
            rule.check(kind).map_err(|problem| MappingError::Rule { number, problem })?;
        }
        for (at, join) in self.joins.iter().enumerate() {
            if self.joins[..at].iter().any(|other| other.name == join.name) {
                return Err(MappingError::JoinTwice { name: join.name.clone() });
            }
        }
        if self.document.window > MAX_WINDOW { Err(MappingError::Window) } else { Ok(()) }
    }
}

impl FromStr for Mapping {
    type Err = MappingError;

    fn from_str(text: &str) -> Result<Self, MappingError> {
        let mapping: Self = toml::from_str(text).map_err(MappingError::Syntax)?;
        mapping.check()?;
        Ok(mapping)
    }
}

fn names(fields: &[Field]) -> String {
    fields.iter().map(Field::name).collect::<Vec<_>>().join(", ")
}

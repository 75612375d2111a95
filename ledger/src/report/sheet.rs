//! Any report as columns and rows.
//!
//! In JSON a row is an object, with a member for each cell that is not empty. Quantities, money and other
//! decimals are texts, so that nothing is rounded on the way.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::Error as _;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::column::{Column, Form};
use crate::time::BusinessDate;

/// One cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing to say.
    #[default]
    Empty,
    /// Words.
    Text(Box<str>),
    /// A product's Chinese and English name.
    Name(Box<str>, Box<str>),
    /// A day.
    Date(BusinessDate),
    /// An integer, with as many decimals as its column's [`Form`] says.
    Number(i128),
}

impl Cell {
    /// Words.
    pub fn text(text: impl fmt::Display) -> Self {
        Self::Text(text.to_string().into())
    }

    /// The integer, or 0 where there is none.
    pub const fn number(&self) -> i128 {
        match self {
            Self::Number(number) => *number,
            _ => 0,
        }
    }
}

impl From<Option<i128>> for Cell {
    fn from(number: Option<i128>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

/// A row: a cell for each column.
pub type Row = Vec<Cell>;

/// Columns and rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What the columns hold.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What they come to, where that means something.
    pub total: Option<Row>,
}

impl Sheet {
    /// The cells of a column, if the sheet has it.
    pub fn cells(&self, column: &Column) -> Option<impl Iterator<Item = &Cell>> {
        let at = self.columns.iter().position(|known| known == column)?;
        Some(self.rows.iter().filter_map(move |row| row.get(at)))
    }
}

impl Serialize for Sheet {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let named = |row| Named { columns: &self.columns, row };
        let mut map = to.serialize_map(None)?;
        let columns: Vec<String> = self.columns.iter().map(ToString::to_string).collect();
        map.serialize_entry("columns", &columns)?;
        map.serialize_entry("rows", &self.rows.iter().map(named).collect::<Vec<_>>())?;
        if let Some(total) = &self.total {
            map.serialize_entry("total", &named(total))?;
        }
        map.end()
    }
}

/// A row with the names of its cells.
struct Named<'a> {
    columns: &'a [Column],
    row: &'a Row,
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        for (column, cell) in self.columns.iter().zip(self.row) {
            let key = column.to_string();
            match (cell, column.form().decimals()) {
                (Cell::Empty, _) => {}
                (Cell::Text(text), _) => map.serialize_entry(&key, text)?,
                (Cell::Name(zh, en), _) => {
                    map.serialize_entry(&key, &Raw::Name { zh: zh.clone(), en: en.clone() })?;
                }
                (Cell::Date(date), _) => map.serialize_entry(&key, &date.to_string())?,
                (Cell::Number(number), decimals) => {
                    map.serialize_entry(&key, &decimal(*number, decimals.unwrap_or(0)))?;
                }
            }
        }
        map.end()
    }
}

/// A cell in JSON.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Raw {
    Text(Box<str>),
    Name { zh: Box<str>, en: Box<str> },
}

#[derive(Deserialize)]
struct Wire {
    columns: Vec<String>,
    rows: Vec<BTreeMap<String, Raw>>,
    #[serde(default)]
    total: Option<BTreeMap<String, Raw>>,
}

impl<'de> Deserialize<'de> for Sheet {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Wire { columns, rows, total } = Wire::deserialize(from)?;
        let columns: Result<Vec<Column>, _> = columns.iter().map(|name| name.parse()).collect();
        let columns = columns.map_err(D::Error::custom)?;
        let keys: Vec<String> = columns.iter().map(ToString::to_string).collect();
        let row = |mut cells: BTreeMap<String, Raw>| -> Result<Row, D::Error> {
            let cells = columns.iter().zip(&keys).map(|(column, key)| match cells.remove(key) {
                None => Ok(Cell::Empty),
                Some(raw) => cell(column.form(), raw)
                    .ok_or_else(|| D::Error::custom(format_args!("`{key}` has no such value"))),
            });
            cells.collect()
        };
        let rows = rows.into_iter().map(row).collect::<Result<_, _>>()?;
        let total = total.map(row).transpose()?;
        Ok(Self { columns, rows, total })
    }
}

fn cell(form: Form, raw: Raw) -> Option<Cell> {
    Some(match (form, raw) {
        (Form::Name, Raw::Name { zh, en }) => Cell::Name(zh, en),
        (Form::Name, Raw::Text(_)) | (_, Raw::Name { .. }) => return None,
        (Form::Date, Raw::Text(text)) => Cell::Date(text.parse().ok()?),
        (Form::Text | Form::Kind | Form::Method, Raw::Text(text)) => Cell::Text(text),
        (
            Form::Count | Form::Quantity | Form::Money | Form::Percent | Form::Times | Form::Days,
            Raw::Text(text),
        ) => Cell::Number(read_decimal(&text, form.decimals()?)?),
    })
}

/// The shortest decimal of an integer with so many decimals.
fn decimal(raw: i128, decimals: u32) -> String {
    let scale = 10_u128.pow(decimals);
    let (whole, part) = (raw.unsigned_abs() / scale, raw.unsigned_abs() % scale);
    let sign = if raw < 0 { "-" } else { "" };
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let part = format!("{part:0width$}", width = decimals as usize);
    format!("{sign}{whole}.{}", part.trim_end_matches('0'))
}

fn read_decimal(text: &str, decimals: u32) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let places = decimals as usize;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > places || !plain(whole) || !plain(part) {
        return None;
    }
    format!("{whole}{part:0<places$}").parse::<i128>().ok()?.checked_mul(sign)
}

impl Cell {
    /// As programs read it: plain decimals, days as `2026-11-22`; nothing for names, which a language
    /// chooses from.
    pub fn plain(&self, form: Form) -> String {
        match self {
            Self::Empty | Self::Name(..) => String::new(),
            Self::Text(text) => text.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Number(number) => decimal(*number, form.decimals().unwrap_or(0)),
        }
    }
}

//! Larger units of a product, and lists of codes, from text and back.

use super::{FieldProblem, MAX_LIST_LEN, label};
use crate::amount::Quantity;

/// The most other barcodes of a product: makers change theirs every few years.
pub const MAX_BARCODES: usize = 32;

/// The most packs of a product: a bottle comes in boxes, cases, layers and pallets.
pub const MAX_PACKS: usize = 8;

/// A unit that is several base units (包装单位), e.g. a case of 24.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// What it is called, e.g. `箱`.
    pub unit: Box<str>,
    /// How many base units it is (换算率).
    pub count: Quantity,
    /// What a scanner reads on it, if it has a code of its own.
    pub barcode: Option<Box<str>>,
}

/// Codes with spaces between them.
pub(super) fn barcodes(text: &str) -> Result<Vec<Box<str>>, FieldProblem> {
    check_length(text)?;
    let codes = text.split_whitespace().map(label).collect::<Result<Vec<_>, _>>()?;
    if codes.len() > MAX_BARCODES {
        return Err(FieldProblem::TooMany(MAX_BARCODES));
    }
    refuse_twice(codes.iter())?;
    Ok(codes)
}

/// Packs with semicolons between them.
pub(super) fn read(text: &str) -> Result<Vec<Pack>, FieldProblem> {
    check_length(text)?;
    let parts = text.split([';', '；']).map(str::trim).filter(|part| !part.is_empty());
    let packs = parts.map(one).collect::<Result<Vec<_>, _>>()?;
    if packs.len() > MAX_PACKS {
        return Err(FieldProblem::TooMany(MAX_PACKS));
    }
    refuse_twice(packs.iter().map(|pack| &pack.unit))?;
    refuse_twice(packs.iter().filter_map(|pack| pack.barcode.as_ref()))?;
    // What is kept has a space behind each semicolon, and must be readable again.
    check_length(&self::text(&packs))?;
    Ok(packs)
}

/// As [`read`] takes them.
pub(super) fn text(packs: &[Pack]) -> String {
    let one = |Pack { unit, count, barcode }: &Pack| match barcode {
        Some(barcode) => format!("{unit}={count} {barcode}"),
        None => format!("{unit}={count}"),
    };
    packs.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn one(text: &str) -> Result<Pack, FieldProblem> {
    let bad = || FieldProblem::Pack(text.into());
    let (unit, rest) = text.split_once(['=', '＝']).ok_or_else(bad)?;
    let unit = label(unit)?;
    let mut words = rest.split_whitespace();
    let count: Quantity = words.next().and_then(|count| count.parse().ok()).ok_or_else(bad)?;
    let barcode = words.next().map(label).transpose()?;
    if unit.is_empty() || !count.is_positive() || words.next().is_some() {
        return Err(bad());
    }
    Ok(Pack { unit, count, barcode })
}

fn check_length(text: &str) -> Result<(), FieldProblem> {
    if text.len() > MAX_LIST_LEN { Err(FieldProblem::TooLong) } else { Ok(()) }
}

/// Few entries: comparing each with those before it is as quick as a set.
fn refuse_twice<'a>(entries: impl Iterator<Item = &'a Box<str>>) -> Result<(), FieldProblem> {
    let mut known: Vec<&str> = Vec::new();
    for entry in entries {
        if known.contains(&&**entry) {
            return Err(FieldProblem::Twice(entry.clone()));
        }
        known.push(entry);
    }
    Ok(())
}

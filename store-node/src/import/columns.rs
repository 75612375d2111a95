//! Finds the cells that a mapping names: in the row itself, in a joined file, or a default.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::ImportError;
use super::field::Field;
use super::join::JoinedTable;
use super::mapping::Mapping;
use super::reason::{Fault, Reason};
use super::row::Row;
use super::rule::{Action, Condition, Rule, Sign};
use super::source::Header;

/// A mapping brought together with the header of one file.
pub(super) struct Columns {
    /// By [`Field`] in the order of its declaration.
    places: Vec<Option<Place>>,
    defaults: Vec<Option<String>>,
    values: Vec<Option<HashMap<String, String>>>,
    names: Vec<String>,
    joins: Vec<Join>,
    rules: Vec<ResolvedRule>,
    is_workbook: bool,
    is_reject_file: bool,
}

/// Where a cell stands.
#[derive(Debug, Clone, Copy)]
enum Place {
    Here(usize),
    Joined { join: usize, column: usize },
}

struct Join {
    on: usize,
    file: String,
    table: JoinedTable,
}

struct ResolvedRule {
    conditions: Vec<(Option<Place>, Condition)>,
    then: Action,
    reason: Box<str>,
}

/// What the rules make of a row.
pub(super) struct Ruling<'a> {
    pub(super) action: Action,
    pub(super) reason: &'a str,
    /// Its place in the mapping, from zero.
    pub(super) rule: usize,
}

impl Columns {
    /// Looks up the mapping's columns; `file` says where joined files stand.
    pub(super) fn resolve(
        mapping: &Mapping,
        header: &Header,
        file: &Path,
    ) -> Result<Self, ImportError> {
        let joins = mapping.joins.iter().map(|rule| {
            let on = find(&header.names, None, std::slice::from_ref(&rule.on))?;
            let path = beside(file, rule.file.as_str());
            let table = JoinedTable::read(&path, &mapping.file, &rule.key)
                .map_err(|source| ImportError::Join { path, source: Box::new(source) })?;
            Ok(Join { on, file: rule.file.as_str().to_owned(), table })
        });
        let joins: Vec<Join> = joins.collect::<Result<_, ImportError>>()?;
        let place =
            |field: Option<Field>, names: &[String]| place(mapping, header, &joins, field, names);
        let mut columns = Self {
            places: vec![None; Field::ALL.len()],
            defaults: vec![None; Field::ALL.len()],
            values: vec![None; Field::ALL.len()],
            names: header.names.clone(),
            joins: Vec::new(),
            rules: Vec::new(),
            is_workbook: header.is_workbook,
            is_reject_file: header.is_reject_file,
        };
        for (field, names) in &mapping.columns {
            columns.places[*field as usize] = Some(place(Some(*field), names.all())?);
        }
        for (field, text) in &mapping.defaults {
            columns.defaults[*field as usize] = Some(text.trim().to_owned());
        }
        for (field, meanings) in &mapping.values {
            let meanings = meanings.clone().into_iter().collect();
            columns.values[*field as usize] = Some(meanings);
        }
        let resolve = |rule: &Rule| {
            let conditions = rule.when.all().iter().map(|condition| {
                let column = condition.column.as_ref();
                let place = column.map(|name| place(None, std::slice::from_ref(name)));
                Ok((place.transpose()?, condition.clone()))
            });
            let conditions = conditions.collect::<Result<_, ImportError>>()?;
            let reason = rule.reason.as_deref().unwrap_or_default().into();
            Ok(ResolvedRule { conditions, then: rule.then, reason })
        };
        columns.rules = mapping.rules.iter().map(resolve).collect::<Result<_, ImportError>>()?;
        columns.joins = joins;
        Ok(columns)
    }

    /// The names of the file's columns.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The column of a field, as a reject file names it.
    pub(super) fn name_of(&self, field: Field) -> String {
        match self.places[field as usize] {
            Some(Place::Here(column)) => self.names[column].clone(),
            Some(Place::Joined { join, column }) => self.joins[join].table.name(column).to_owned(),
            None => field.name().to_owned(),
        }
    }

    /// Whether rows carry the number that they had in an earlier import.
    pub(super) const fn is_reject_file(&self) -> bool {
        self.is_reject_file
    }

    /// Whether the row has as many fields as the header. A comma too many or too few shifts all
    /// that follow; empty fields at the end shift nothing.
    pub(super) fn check_width(&self, row: &Row<'_>) -> Result<(), Fault> {
        let expected = self.names.len();
        let surplus = (expected..row.len()).any(|column| !row.get(column).is_empty());
        if surplus || (row.len() < expected && !self.is_workbook) {
            return Err(Fault::of_row(Reason::FieldCount { found: row.len(), expected }));
        }
        Ok(())
    }

    /// What stands for a field: the cell's text as the mapping translates it, or the default
    /// where there is no text. None when there is neither.
    pub(super) fn text<'a>(
        &'a self,
        field: Field,
        row: &'a Row<'_>,
    ) -> Result<Option<&'a str>, Fault> {
        let cell = match self.places[field as usize] {
            None => "",
            Some(place) => {
                self.cell(place, row).map_err(|reason| self.fault_at(field, place, row, reason))?
            }
        };
        if row.damaged && cell.contains(char::REPLACEMENT_CHARACTER) {
            return Err(Fault::of(field, cell, Reason::DamagedText));
        }
        let meaning = self.values[field as usize].as_ref().and_then(|known| known.get(cell));
        if let Some(meaning) = meaning {
            return Ok(Some(meaning));
        }
        if cell.is_empty() {
            return Ok(self.defaults[field as usize].as_deref());
        }
        Ok(Some(cell))
    }

    /// What stands for a field that must not be empty.
    pub(super) fn needed<'a>(&'a self, field: Field, row: &'a Row<'_>) -> Result<&'a str, Fault> {
        self.text(field, row)?.ok_or_else(|| Fault::of(field, "", Reason::Missing))
    }

    /// The cell of a field as it stands in the file itself; empty for joined columns and defaults,
    /// which may change while the file stays the same.
    pub(super) fn own_text<'a>(&self, field: Field, row: &'a Row<'_>) -> &'a str {
        match self.places[field as usize] {
            Some(Place::Here(column)) => row.get(column),
            Some(Place::Joined { .. }) | None => "",
        }
    }

    /// The first rule that applies to the row. The amounts are read only if a rule asks.
    pub(super) fn rule(
        &self,
        row: &Row<'_>,
        quantity: &dyn Fn() -> Result<i64, Fault>,
        price: &dyn Fn() -> Result<i64, Fault>,
    ) -> Result<Option<Ruling<'_>>, Fault> {
        for (number, rule) in self.rules.iter().enumerate() {
            if self.applies(rule, row, quantity, price)? {
                let (action, reason) = (rule.then, &*rule.reason);
                return Ok(Some(Ruling { action, reason, rule: number }));
            }
        }
        Ok(None)
    }

    fn applies(
        &self,
        rule: &ResolvedRule,
        row: &Row<'_>,
        quantity: &dyn Fn() -> Result<i64, Fault>,
        price: &dyn Fn() -> Result<i64, Fault>,
    ) -> Result<bool, Fault> {
        for (place, condition) in &rule.conditions {
            if let Some(place) = place {
                let cell = self.cell(*place, row).map_err(Fault::of_row)?;
                let is = |text: &String| cell.eq_ignore_ascii_case(text);
                let holds = condition.is.as_ref().is_none_or(|any| any.all().iter().any(is))
                    && condition.prefix.as_ref().is_none_or(|any| {
                        any.all().iter().any(|prefix| cell.starts_with(prefix.as_str()))
                    });
                if !holds {
                    return Ok(false);
                }
            }
            if !has_sign(quantity, condition.quantity)? || !has_sign(price, condition.price)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn cell<'a>(&'a self, place: Place, row: &'a Row<'_>) -> Result<&'a str, Reason> {
        match place {
            Place::Here(column) => Ok(row.get(column)),
            Place::Joined { join, column } => {
                let join = &self.joins[join];
                let key = row.get(join.on);
                let found = join.table.cell(key, column);
                found.ok_or_else(|| Reason::NotJoined { file: join.file.clone() })
            }
        }
    }

    /// A fault of a joined cell is one of the key that was looked up.
    fn fault_at(&self, field: Field, place: Place, row: &Row<'_>, reason: Reason) -> Fault {
        let value = match place {
            Place::Here(column) => row.get(column),
            Place::Joined { join, .. } => row.get(self.joins[join].on),
        };
        Fault::of(field, value, reason)
    }
}

/// Whether an amount has the sign asked for, if one is. The amount is read only then.
fn has_sign(amount: &dyn Fn() -> Result<i64, Fault>, sign: Option<Sign>) -> Result<bool, Fault> {
    match sign {
        None => Ok(true),
        Some(sign) => Ok(Sign::of(amount()?) == sign),
    }
}

/// The place of the one column that has one of these names.
fn place(
    mapping: &Mapping,
    header: &Header,
    joins: &[Join],
    field: Option<Field>,
    names: &[String],
) -> Result<Place, ImportError> {
    for name in names {
        let Some((join, column)) = name.split_once(':') else { continue };
        if let Some(at) = mapping.joins.iter().position(|rule| rule.name == join) {
            let wanted = [column.to_owned()];
            let column = find(joins[at].table.names(), field, &wanted)?;
            return Ok(Place::Joined { join: at, column });
        }
    }
    find(&header.names, field, names).map(Place::Here)
}

/// The index of the first of `wanted` that is among the names.
pub(super) fn find(
    names: &[String],
    field: Option<Field>,
    wanted: &[String],
) -> Result<usize, ImportError> {
    for name in wanted {
        let mut places = names.iter().enumerate().filter(|(_, found)| *found == name.trim());
        match (places.next(), places.next()) {
            (None, _) => {}
            (Some((at, _)), None) => return Ok(at),
            (Some(_), Some(_)) => return Err(ImportError::ColumnTwice { name: name.clone() }),
        }
    }
    let quote = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect();
    Err(ImportError::MissingColumn { field, wanted: quote(wanted), found: quote(names) })
}

fn beside(file: &Path, name: &str) -> PathBuf {
    file.with_file_name(name)
}

//! A second file, held in memory, whose rows are found by a key.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use super::ImportError;
use super::columns::find;
use super::limits::MAX_JOINED_ROWS;
use super::mapping::FileForm;
use super::row::Row;
use super::source::{self, Header, Progress, Visitor};

pub(super) struct JoinedTable {
    names: Vec<String>,
    rows: HashMap<Box<str>, Box<[Box<str>]>>,
}

impl JoinedTable {
    /// Reads a file of the same form as the imported one.
    pub(super) fn read(path: &Path, form: &FileForm, key: &str) -> Result<Self, ImportError> {
        // Lines above the header and the sheet's name belong to the imported file alone.
        let form = FileForm { skip_lines: 0, sheet: None, ..form.clone() };
        let mut reader = Reader {
            key: key.to_owned(),
            column: 0,
            numbers: HashMap::new(),
            table: Self { names: Vec::new(), rows: HashMap::new() },
        };
        source::read(path, &form, &mut reader)?;
        Ok(reader.table)
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn name(&self, column: usize) -> &str {
        &self.names[column]
    }

    /// The cell in the row of this key, if there is such a row.
    pub(super) fn cell(&self, key: &str, column: usize) -> Option<&str> {
        self.rows.get(key).map(|row| row.get(column).map_or("", |cell| cell))
    }
}

struct Reader {
    key: String,
    column: usize,
    numbers: HashMap<Box<str>, u64>,
    table: JoinedTable,
}

impl Visitor for Reader {
    fn header(&mut self, header: &Header) -> Result<(), ImportError> {
        self.column = find(&header.names, None, std::slice::from_ref(&self.key))?;
        self.table.names.clone_from(&header.names);
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, _: Progress) -> Result<ControlFlow<()>, ImportError> {
        let key: Box<str> = row.get(self.column).into();
        if let Some(first) = self.numbers.insert(key.clone(), row.number) {
            let (key, second) = (key.into(), row.number);
            return Err(ImportError::JoinAmbiguous { key, first, second });
        }
        if self.table.rows.len() == MAX_JOINED_ROWS {
            return Err(ImportError::JoinTooLarge);
        }
        let cells = (0..self.table.names.len()).map(|column| row.get(column).into()).collect();
        self.table.rows.insert(key, cells);
        Ok(ControlFlow::Continue(()))
    }
}

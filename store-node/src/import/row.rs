//! One row of a file, whatever the file's form.

/// A row as it stands in the file.
pub(super) struct Row<'a> {
    /// Its number as an editor or Excel shows it: the first line of the file is 1.
    pub(super) number: u64,
    /// Whether parts of it could not be decoded and were replaced by U+FFFD.
    pub(super) damaged: bool,
    text: &'a str,
    fields: &'a [(usize, usize)],
}

impl<'a> Row<'a> {
    /// Each field is a range of the text.
    pub(super) const fn new(
        number: u64,
        text: &'a str,
        fields: &'a [(usize, usize)],
        damaged: bool,
    ) -> Self {
        Self { number, damaged, text, fields }
    }

    /// A field without the space around it; empty when the row has no such column.
    pub(super) fn get(&self, column: usize) -> &'a str {
        self.fields.get(column).map_or("", |(start, end)| self.text[*start..*end].trim())
    }

    /// How many fields it has.
    pub(super) const fn len(&self) -> usize {
        self.fields.len()
    }

    /// Its fields as they stand, space included.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'a str> {
        self.fields.iter().map(|(start, end)| &self.text[*start..*end])
    }

    /// Whether nothing is written in it.
    pub(super) fn is_blank(&self) -> bool {
        self.fields().all(|field| field.trim().is_empty())
    }
}

//! The two checks that the text ids of this crate share.

use ledger::id::{IdError, MAX_ID_LEN};

/// Letters and digits of ASCII, `-`, `_`, `.`, at most [`MAX_ID_LEN`] bytes.
pub(super) fn plain(what: &'static str, text: &str) -> Result<Box<str>, IdError> {
    if text.is_empty() {
        return Err(IdError::Empty { what });
    }
    if text.len() > MAX_ID_LEN {
        return Err(IdError::TooLong { what, text: text.chars().take(MAX_ID_LEN).collect() });
    }
    match text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
        Some(found) => Err(IdError::BadCharacter { what, text: text.to_owned(), found }),
        None => Ok(text.into()),
    }
}

/// The error for a text that isn't a `what`, cut to what a message can show.
pub(super) fn malformed(what: &'static str, text: &str) -> IdError {
    IdError::Malformed { what, text: text.chars().take(2 * MAX_ID_LEN).collect() }
}

/// Reads a number that has one spelling: no sign, no leading zero.
pub(super) fn number<T: std::str::FromStr>(digits: &str) -> Option<T> {
    let one_spelling =
        digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    if one_spelling { digits.parse().ok() } else { None }
}

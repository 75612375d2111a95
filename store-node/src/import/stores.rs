//! Store ids made of what a file calls its stores.

use std::collections::HashMap;

use ledger::id::StoreId;

use super::reason::Reason;
use super::settings::StoreForm;

/// How many stores' texts are kept: the largest chain has 5,000.
const MAX_KNOWN: usize = 100_000;

/// Turns the same few texts into ids again and again.
pub(super) struct Stores {
    form: StoreForm,
    known: HashMap<Box<str>, StoreId>,
}

impl Stores {
    pub(super) fn new(form: StoreForm) -> Self {
        Self { form, known: HashMap::new() }
    }

    pub(super) fn id(&mut self, text: &str) -> Result<StoreId, Reason> {
        if let Some(id) = self.known.get(text) {
            return Ok(id.clone());
        }
        let id = self.form.id(text)?;
        if self.known.len() < MAX_KNOWN {
            self.known.insert(text.into(), id.clone());
        }
        Ok(id)
    }
}

impl StoreForm {
    fn id(&self, text: &str) -> Result<StoreId, Reason> {
        let made = match self {
            Self::AsIs => text.to_owned(),
            Self::Slug => slug(text).ok_or(Reason::StoreNotAscii)?,
            Self::Pattern { before, width: 0, after } => format!("{before}{text}{after}"),
            Self::Pattern { before, width, after } => {
                if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(Reason::StoreNotANumber);
                }
                // Excel and databases write the same number with and without leading zeros.
                let number = text.trim_start_matches('0');
                format!("{before}{number:0>width$}{after}")
            }
        };
        StoreId::new(&made).map_err(Reason::BadId)
    }
}

/// `Channel Islands` becomes `channel-islands`. None if a letter is beyond ASCII: two names must
/// not become one.
fn slug(name: &str) -> Option<String> {
    let mut slug = String::with_capacity(name.len());
    for char in name.chars() {
        if char.is_ascii_alphanumeric() {
            slug.push(char.to_ascii_lowercase());
        } else if char.is_alphanumeric() {
            return None;
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(form: &str, text: &str) -> Result<String, Reason> {
        let form: StoreForm = serde::Deserialize::deserialize(serde::de::value::StrDeserializer::<
            serde::de::value::Error,
        >::new(form))
        .unwrap();
        form.id(text).map(|id| id.to_string())
    }

    #[test]
    fn stores_get_readable_ids() {
        assert_eq!(id("S{:03}", "7").unwrap(), "S007");
        assert_eq!(id("S{:03}", "0007").unwrap(), "S007");
        assert_eq!(id("S{:03}", "1234").unwrap(), "S1234");
        assert_eq!(id("S{:03}", "0").unwrap(), "S000");
        assert_eq!(id("shop-{}", "A7").unwrap(), "shop-A7");
        assert_eq!(id("slug", "United Kingdom").unwrap(), "united-kingdom");
        assert_eq!(id("slug", " St. John's (2) ").unwrap(), "st-john-s-2");
        assert_eq!(id("S{:03}", "x"), Err(Reason::StoreNotANumber));
        assert_eq!(id("slug", "北京路"), Err(Reason::StoreNotAscii));
        assert!(matches!(id("x/{}", "1"), Err(Reason::BadId(_))));
    }
}

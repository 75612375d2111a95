//! Store profiles, set in head office's name.

use std::collections::BTreeMap;

use books::ProfileEdits;
use console::{Lang, Told, words};
use ledger::id::StoreId;
use ledger::profile::{Profile, ProfileError, ProfileField};
use thiserror::Error;

use crate::error::Result;
use crate::hub::Hub;

/// Why a profile is not set.
#[derive(Debug, Error)]
pub enum ProfileRefused {
    /// There is no such field.
    #[error("store profiles have no field `{field}`")]
    NoField {
        /// What was given.
        field: String,
    },
    /// A text is not a value of its field.
    #[error("`{text}` is no value for `{}`", field.name())]
    Value {
        /// Which field.
        field: ProfileField,
        /// What was given.
        text: String,
        /// Why.
        source: ProfileError,
    },
    /// There is no such zone.
    #[error("there is no time zone `{zone}`")]
    Zone {
        /// What was given.
        zone: String,
    },
}

impl ProfileRefused {
    pub(crate) fn told(&self, lang: Lang) -> Told {
        match self {
            Self::NoField { field } => {
                let fields = ProfileField::ALL.map(ProfileField::name).join(", ");
                Told::saying(lang.say(words::ProfileNoField { field }))
                    .hint(lang.say(words::ProfileNoFieldHint { fields }))
            }
            Self::Value { field, text: value, source } => {
                let field = field.name();
                Told::saying(lang.say(words::ProfileWrong { field, value }))
                    .because(source.to_string())
            }
            Self::Zone { zone } => Told::saying(lang.say(words::ProfileZoneUnknown { zone }))
                .hint(lang.say(words::ProfileZoneHint)),
        }
    }
}

impl Hub {
    /// Sets fields of a store's profile, by their names. Gives the profile and whether it changed.
    pub fn set_profile(
        &self,
        store: &StoreId,
        fields: &BTreeMap<String, String>,
    ) -> Result<(Profile, Changed)> {
        self.must_know(store)?;
        let known = self.reader()?.profiles(Some(store))?.pop();
        let before = known.unwrap_or_else(|| Profile::blank(store.clone()));
        let mut after = before.clone();
        let mut edits = BTreeMap::new();
        for (name, text) in fields {
            let field = ProfileField::named(name)
                .ok_or_else(|| ProfileRefused::NoField { field: name.clone() })?;
            after.set(field, text).map_err(|source| ProfileRefused::Value {
                field,
                text: text.clone(),
                source,
            })?;
            let zone = &*after.zone;
            if field == ProfileField::Zone
                && !zone.is_empty()
                && jiff::tz::TimeZone::get(zone).is_err()
            {
                return Err(ProfileRefused::Zone { zone: zone.to_owned() }.into());
            }
            edits.insert(field, after.get(field));
        }
        if after == before {
            return Ok((after, Changed::No));
        }
        let (edits, now) = (ProfileEdits::from([(store.clone(), edits)]), self.now());
        self.books().write(move |tx| -> Result<()> {
            tx.edit_profiles(&edits, now)?;
            Ok(())
        })?;
        Ok((after, Changed::Yes))
    }
}

/// Whether something was otherwise before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It was.
    Yes,
    /// It was so already.
    No,
}

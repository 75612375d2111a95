//! Store profiles: set and show.

use std::collections::BTreeMap;

use ledger::id::StoreId;
use ledger::profile::{Profile, ProfileField};
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::profiles::Changed;
use crate::text;

/// Set fields of a store's profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetProfile {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// Fields by name, and their texts.
    pub fields: BTreeMap<String, String>,
}

/// A store's profile: its fields by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileRow {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// Every field's text.
    #[serde(flatten)]
    pub fields: BTreeMap<String, String>,
}

impl ProfileRow {
    fn of(profile: &Profile) -> Self {
        let text = |field: ProfileField| (field.name().to_owned(), profile.get(field));
        Self {
            store: profile.store.clone(),
            fields: ProfileField::ALL.into_iter().map(text).collect(),
        }
    }

    /// A field's text.
    pub fn get(&self, field: ProfileField) -> &str {
        self.fields.get(field.name()).map_or("", String::as_str)
    }
}

/// What became of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileSet {
    /// The profile as it is now.
    pub profile: ProfileRow,
    /// Whether it was otherwise before.
    pub changed: bool,
}

impl Ask for SetProfile {
    const PATH: &'static str = "/v1/store/profile/set";
    type Answer = ProfileSet;

    fn answer(self, hub: &Hub) -> Result<ProfileSet> {
        let (profile, changed) = hub.set_profile(&self.store, &self.fields)?;
        Ok(ProfileSet { profile: ProfileRow::of(&profile), changed: changed == Changed::Yes })
    }
}

/// Show the profiles of all stores, or of one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowProfiles {
    /// The store.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
}

impl Ask for ShowProfiles {
    const PATH: &'static str = "/v1/store/profile/show";
    type Answer = Vec<ProfileRow>;

    fn answer(self, hub: &Hub) -> Result<Vec<ProfileRow>> {
        if let Some(store) = &self.store {
            hub.must_know(store)?;
        }
        let profiles = hub.reader()?.profiles(self.store.as_ref())?;
        Ok(profiles.iter().map(ProfileRow::of).collect())
    }
}

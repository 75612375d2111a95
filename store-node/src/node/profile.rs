//! The store's profile beside its own settings.
//!
//! Zone and cut-off decide to which day a sale belongs and when a price changes. Were they head office's
//! to set, an edit there would move a shop's day while it sells; so the settings here count, and where
//! head office believes otherwise people are told.

use console::{Lang, words};
use ledger::profile::{Profile, ProfileField};
use serde::{Deserialize, Serialize};

use super::Node;

/// A setting here that head office believes to be another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differs {
    /// Which: `zone` or `cutoff`.
    pub field: String,
    /// What counts.
    pub here: String,
    /// What head office says.
    pub head_office: String,
}

impl Differs {
    /// The same in words.
    pub fn say(&self, lang: Lang) -> String {
        let field = match ProfileField::named(&self.field) {
            Some(ProfileField::Zone) => lang.say(words::ProfileZone),
            Some(ProfileField::Cutoff) => lang.say(words::ProfileCutoff),
            _ => self.field.clone(),
        };
        let (here, there) = (&self.here, &self.head_office);
        lang.say(words::ProfileDiffers { field, here, there })
    }
}

impl Node {
    /// Where head office's profile says otherwise than the settings here. What it leaves open is fine.
    pub(crate) fn differences(&self, profile: &Profile) -> Vec<Differs> {
        let own = [
            (ProfileField::Zone, self.zone().name()),
            (ProfileField::Cutoff, self.config().cutoff().to_string()),
        ];
        let differs = |(field, here): (ProfileField, String)| {
            let head_office = profile.get(field);
            let same = head_office.is_empty() || head_office == here;
            (!same).then(|| Differs { field: field.name().to_owned(), here, head_office })
        };
        own.into_iter().filter_map(differs).collect()
    }
}

//! What head office says of stores.

use ledger::id::StoreId;
use ledger::profile::{Profile, ProfileField};
use ledger::scope::Membership;

use super::Reader;
use crate::error::{BooksError, Result};
use crate::sql;

impl Reader {
    /// The profiles of all stores that have one, or of one store, by store.
    pub fn profiles(&self, store: Option<&StoreId>) -> Result<Vec<Profile>> {
        let rows = sql::all(
            self.conn(),
            "read store profiles",
            "SELECT store, kind, name, address, groups, zone, cutoff, bins FROM store_profile \
             WHERE ?1 IS NULL OR store = ?1 ORDER BY store",
            [store.map(StoreId::as_str)],
            |row| {
                let texts = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
                Ok((row.get::<_, String>(0)?, texts, [row.get(6)?, row.get(7)?]))
            },
        )?;
        let profile = |(store, [kind, name, address, groups, zone], [cutoff, bins]): Kept| {
            let store =
                store.parse().map_err(|source| BooksError::text("a store id", &store, source))?;
            let texts = [
                (ProfileField::Kind, &kind),
                (ProfileField::Name, &name),
                (ProfileField::Address, &address),
                (ProfileField::Groups, &groups),
                (ProfileField::Zone, &zone),
                (ProfileField::Cutoff, &cutoff),
                (ProfileField::Bins, &bins),
            ];
            let texts = texts.map(|(field, text)| (field, text.as_str()));
            Ok(Profile::from_fields(store, texts))
        };
        rows.into_iter().map(profile).collect()
    }

    /// The groups that a store belongs to.
    pub fn membership(&self, store: &StoreId) -> Result<Membership> {
        let profile = self.profiles(Some(store))?.pop();
        Ok(profile.map_or_else(|| Membership::alone(store.clone()), |known| known.membership()))
    }
}

/// A row as it is kept.
type Kept = (String, [String; 5], [String; 2]);

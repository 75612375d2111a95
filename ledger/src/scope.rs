//! For which stores something holds.

use std::fmt;
use std::str::FromStr;

use crate::id::{IdError, StoreGroup, StoreId};

/// The stores that something is said of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Every store: `all`.
    All,
    /// The stores of a group: `group:north`.
    Group(StoreGroup),
    /// One store: `store:S012`.
    Store(StoreId),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Group(group) => write!(f, "group:{group}"),
            Self::Store(store) => write!(f, "store:{store}"),
        }
    }
}

impl FromStr for Scope {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.split_once(':') {
            None if text == "all" => Ok(Self::All),
            Some(("group", group)) => Ok(Self::Group(group.parse()?)),
            Some(("store", store)) => Ok(Self::Store(store.parse()?)),
            _ => {
                let what = "scope (all, group:NAME or store:ID)";
                Err(IdError::Malformed { what, text: text.to_owned() })
            }
        }
    }
}

/// A store and the groups that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Membership {
    /// The store.
    pub store: StoreId,
    /// Its groups, the narrowest first, as head office has put them.
    pub groups: Vec<StoreGroup>,
}

impl Membership {
    /// A store that belongs to no group.
    pub const fn alone(store: StoreId) -> Self {
        Self { store, groups: Vec::new() }
    }

    /// How close to the store a scope is: the store itself is closest, then come its groups in their
    /// order, then the whole chain. None, if it isn't this store's.
    pub fn distance(&self, scope: &Scope) -> Option<usize> {
        match scope {
            Scope::Store(store) => (*store == self.store).then_some(0),
            Scope::Group(group) => {
                self.groups.iter().position(|own| own == group).map(|place| place + 1)
            }
            Scope::All => Some(usize::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_as_close_as_the_store_says() {
        let groups = ["airport", "北区"].map(|group| group.parse().unwrap());
        let store = Membership { store: "S1".parse().unwrap(), groups: groups.into() };
        let distance = |text: &str| store.distance(&text.parse().unwrap());
        let near = ["store:S1", "group:airport", "group:北区", "all"].map(distance);
        assert!(near.is_sorted() && near.iter().all(Option::is_some), "{near:?}");
        assert_eq!([distance("store:S2"), distance("group:south")], [None, None]);
        for text in ["", "group:", "group:a b", "group:a@b", "store:", "S1", "all:"] {
            assert!(text.parse::<Scope>().is_err(), "{text}");
        }
        for text in ["all", "group:北区", "store:S1"] {
            assert_eq!(text.parse::<Scope>().unwrap().to_string(), text);
        }
    }
}

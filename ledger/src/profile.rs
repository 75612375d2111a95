//! Store profiles (门店档案): what head office says of a store.

use thiserror::Error;

use crate::id::{Bin, IdError, StoreGroup, StoreId};
use crate::scope::Membership;

/// The longest a text of a profile may be, in bytes: an address stands on a label.
pub const MAX_TEXT_LEN: usize = 200;

/// The most groups of one store: a region, a city, a format, a price level, and as many again.
pub const MAX_GROUPS: usize = 16;

/// The longest that the list of a store's bins may be, in bytes: it is one entry of a document. Some 300 bins
/// with names as warehouses have them; a store may use others, too.
pub const MAX_BINS_LEN: usize = 2_000;

/// What a store is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoreKind {
    /// It sells to customers (门店).
    #[default]
    Shop,
    /// It keeps goods (仓库).
    Warehouse,
    /// It passes goods on to other stores (配送中心).
    DistributionCentre,
}

impl StoreKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Shop, Self::Warehouse, Self::DistributionCentre];

    /// Its name in documents and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Warehouse => "warehouse",
            Self::DistributionCentre => "distribution-centre",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A field of a profile that is edited on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProfileField {
    /// [`Profile::kind`].
    Kind,
    /// [`Profile::name`].
    Name,
    /// [`Profile::address`].
    Address,
    /// [`Profile::groups`], with spaces between them.
    Groups,
    /// [`Profile::zone`].
    Zone,
    /// [`Profile::cutoff`].
    Cutoff,
    /// [`Profile::bins`], with commas between them.
    Bins,
}

impl ProfileField {
    /// Every field.
    pub const ALL: [Self; 7] =
        [Self::Kind, Self::Name, Self::Address, Self::Groups, Self::Zone, Self::Cutoff, Self::Bins];

    /// Its name in the documents and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Name => "name",
            Self::Address => "address",
            Self::Groups => "groups",
            Self::Zone => "zone",
            Self::Cutoff => "cutoff",
            Self::Bins => "bins",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// A store's profile. What nobody has said is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The store.
    pub store: StoreId,
    /// What it is.
    pub kind: StoreKind,
    /// What people call it (门店名称).
    pub name: Box<str>,
    /// Where it is (地址).
    pub address: Box<str>,
    /// The groups that it belongs to (分组), the narrowest first.
    pub groups: Vec<StoreGroup>,
    /// Its time zone by its IANA name, e.g. `Asia/Shanghai`, as head office believes it to be.
    pub zone: Box<str>,
    /// When its business day ends, e.g. `03:00`, as head office believes it to be.
    pub cutoff: Box<str>,
    /// Its bins (货位), in the order in which somebody walks past them.
    pub bins: Vec<Bin>,
}

/// Why a text is not a value of a profile's field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProfileError {
    /// No kind of store.
    #[error("expected one of: shop, warehouse, distribution-centre")]
    Kind,
    /// Longer than [`MAX_TEXT_LEN`] bytes, or cannot be printed.
    #[error("it has at most {MAX_TEXT_LEN} bytes and no control characters")]
    Text,
    /// The name of a group or bin is none.
    #[error(transparent)]
    Name(#[from] IdError),
    /// More than [`MAX_GROUPS`], or one of them twice.
    #[error("a store has at most {MAX_GROUPS} groups, each once")]
    Groups,
    /// The list of bins is longer than [`MAX_BINS_LEN`], or has one of them twice.
    #[error("the bins take at most {MAX_BINS_LEN} bytes, each once")]
    Bins,
    /// Not of the form `HH:MM`.
    #[error("expected a time of day like 03:00")]
    Cutoff,
}

impl Profile {
    /// A store of which nothing is said.
    pub fn blank(store: StoreId) -> Self {
        let [name, address, zone, cutoff] = [(); 4].map(|()| Box::<str>::from(""));
        let kind = StoreKind::default();
        let (groups, bins) = (Vec::new(), Vec::new());
        Self { store, kind, name, address, groups, zone, cutoff, bins }
    }

    /// The groups that it belongs to, for whatever holds for some stores only.
    pub fn membership(&self) -> Membership {
        Membership { store: self.store.clone(), groups: self.groups.clone() }
    }

    /// The text of a field, as [`Profile::set`] reads it.
    pub fn get(&self, field: ProfileField) -> String {
        match field {
            ProfileField::Kind => self.kind.name().to_owned(),
            ProfileField::Name => self.name.to_string(),
            ProfileField::Address => self.address.to_string(),
            ProfileField::Groups => {
                let names: Vec<&str> = self.groups.iter().map(StoreGroup::as_str).collect();
                names.join(" ")
            }
            ProfileField::Zone => self.zone.to_string(),
            ProfileField::Cutoff => self.cutoff.to_string(),
            ProfileField::Bins => {
                let names: Vec<&str> = self.bins.iter().map(Bin::as_str).collect();
                names.join(",")
            }
        }
    }

    /// Sets a field from its text.
    pub fn set(&mut self, field: ProfileField, text: &str) -> Result<(), ProfileError> {
        match field {
            ProfileField::Kind => {
                self.kind = StoreKind::named(text).ok_or(ProfileError::Kind)?;
            }
            ProfileField::Name => self.name = label(text)?,
            ProfileField::Address => self.address = label(text)?,
            ProfileField::Groups => self.groups = groups(text)?,
            ProfileField::Zone => self.zone = label(text)?,
            ProfileField::Cutoff => self.cutoff = cutoff(text)?,
            ProfileField::Bins => self.bins = bins(text)?,
        }
        Ok(())
    }

    /// The profile that these fields describe. A text that cannot be read leaves its field blank.
    pub fn from_fields<'a>(
        store: StoreId,
        fields: impl IntoIterator<Item = (ProfileField, &'a str)>,
    ) -> Self {
        let mut profile = Self::blank(store);
        for (field, text) in fields {
            // What cannot be read was refused where it came from, or is a later version's.
            let _ = profile.set(field, text);
        }
        profile
    }
}

fn label(text: &str) -> Result<Box<str>, ProfileError> {
    let text = text.trim();
    if text.len() > MAX_TEXT_LEN || text.chars().any(char::is_control) {
        return Err(ProfileError::Text);
    }
    Ok(text.into())
}

fn groups(text: &str) -> Result<Vec<StoreGroup>, ProfileError> {
    let mut groups: Vec<StoreGroup> = Vec::new();
    for name in text.split_whitespace() {
        let group = name.parse()?;
        if groups.contains(&group) || groups.len() == MAX_GROUPS {
            return Err(ProfileError::Groups);
        }
        groups.push(group);
    }
    Ok(groups)
}

fn bins(text: &str) -> Result<Vec<Bin>, ProfileError> {
    if text.len() > MAX_BINS_LEN {
        return Err(ProfileError::Bins);
    }
    let mut bins: Vec<Bin> = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let bin = name.parse()?;
        if bins.contains(&bin) {
            return Err(ProfileError::Bins);
        }
        bins.push(bin);
    }
    Ok(bins)
}

fn cutoff(text: &str) -> Result<Box<str>, ProfileError> {
    let text = text.trim();
    let number = |digits: &str, below: u8| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain && digits.parse::<u8>().is_ok_and(|number| number < below)
    };
    let is_time = text.split_once(':').is_some_and(|(h, m)| number(h, 24) && number(m, 60));
    if is_time || text.is_empty() { Ok(text.into()) } else { Err(ProfileError::Cutoff) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_reads_what_it_writes() {
        let mut profile = Profile::blank("S012".parse().unwrap());
        let texts = [
            (ProfileField::Kind, "distribution-centre"),
            (ProfileField::Name, "南京西路店"),
            (ProfileField::Address, "上海市静安区南京西路 1 号"),
            (ProfileField::Groups, "机场 north"),
            (ProfileField::Zone, "Asia/Shanghai"),
            (ProfileField::Cutoff, "03:00"),
            (ProfileField::Bins, "A-01,A-02,后仓"),
        ];
        for (field, text) in texts {
            profile.set(field, text).unwrap();
            assert_eq!(profile.get(field), text);
        }
        let again = Profile::from_fields(profile.store.clone(), texts);
        assert_eq!(again, profile);
        assert_eq!(profile.membership().groups.len(), 2);
    }

    #[test]
    fn wrong_texts_are_refused_and_change_nothing() {
        let mut profile = Profile::blank("S012".parse().unwrap());
        let many = (0..=MAX_GROUPS).map(|n| format!("g{n} ")).collect::<String>();
        let wrong = [
            (ProfileField::Kind, "kiosk"),
            (ProfileField::Name, "a\nb"),
            (ProfileField::Groups, "a@b"),
            (ProfileField::Groups, "a a"),
            (ProfileField::Groups, &many),
            (ProfileField::Bins, "A-01, A-01"),
            (ProfileField::Bins, "A/01"),
            (ProfileField::Cutoff, "3:00"),
            (ProfileField::Cutoff, "24:00"),
        ];
        for (field, text) in wrong {
            assert!(profile.set(field, text).is_err(), "{text}");
        }
        assert_eq!(profile, Profile::blank(profile.store.clone()));
    }
}

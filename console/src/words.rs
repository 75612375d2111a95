//! Every text that people read, in both languages, in one place.
//!
//! A text is a *phrase*: a type with one public field per placeholder. [`Lang::say`] puts it in
//! words:
//!
//! ```
//! use console::words::{self, Lang};
//!
//! assert_eq!(Lang::En.say(words::StockHeading { place: "S012" }), "Stock of S012");
//! assert_eq!(Lang::Zh.say(words::StockHeading { place: "S012" }), "S012 的库存");
//! assert_eq!(Lang::Zh.say(words::Store), "门店");
//! ```
//!
//! (Name them through their module, `words::Sku`: many are called like the thing they name.)
//!
//! To add one, write one line in the file of its topic below `words/`:
//!
//! ```text
//! StockHeading(place) => "Stock of {place}", "{place} 的库存";
//! ```
//!
//! A placeholder that one language forgets, or misspells, does not compile:
//!
//! ```compile_fail
//! mod topic { console::words! { Lost(store) => "Stock of {store}", "库存"; } }
//! ```
//!
//! as this does:
//!
//! ```
//! mod topic { console::words! { Kept(store) => "Stock of {store}", "{store} 的库存"; } }
//! # fn main() { assert_eq!(topic::ENTRIES.len(), 1) }
//! ```
//!
//! English texts avoid plurals ("products: 3", not "3 products"), so that one template serves
//! every number.

use std::fmt::{self, Write as _};

/// A language that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Chinese (中文).
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both, to go through them.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// Puts a phrase in words.
    pub fn say(self, phrase: impl Phrase) -> String {
        let mut text = String::new();
        phrase
            .write(self, &mut text)
            .expect("a String takes any text, and no placeholder refuses to print");
        text
    }

    /// The language of the machine: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set
    /// and not empty decides, as POSIX has it. Chinese when it begins with `zh`, else English.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        locale.map_or(Self::En, |locale| Self::from_tag(&locale))
    }

    /// The language of a locale or language tag such as `zh_CN.UTF-8` or `zh-Hans`.
    pub fn from_tag(tag: &str) -> Self {
        let chinese = tag.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("zh"));
        if chinese { Self::Zh } else { Self::En }
    }

    /// Its two-letter name: `zh` or `en`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

/// A text that exists in both languages, with its placeholders filled in.
pub trait Phrase {
    /// Its stable name.
    fn key(&self) -> &'static str;

    /// Writes it in a language.
    fn write(&self, lang: Lang, to: &mut String) -> fmt::Result;
}

impl<P: Phrase + ?Sized> Phrase for &P {
    fn key(&self) -> &'static str {
        (**self).key()
    }

    fn write(&self, lang: Lang, to: &mut String) -> fmt::Result {
        (**self).write(lang, to)
    }
}

/// A text that is the same in every language: a name, a number, a path.
#[derive(Debug, Clone, Copy)]
pub struct Plain<T>(pub T);

impl<T: fmt::Display> Phrase for Plain<T> {
    fn key(&self) -> &'static str {
        "Plain"
    }

    fn write(&self, _: Lang, to: &mut String) -> fmt::Result {
        write!(to, "{}", self.0)
    }
}

/// A line of the table of texts, for tests and translators.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The phrase's name.
    pub key: &'static str,
    /// Its English template.
    pub en: &'static str,
    /// Its Chinese template.
    pub zh: &'static str,
}

/// Makes phrases: `Name(placeholder, …) => "English", "中文";`, one a line.
#[macro_export]
macro_rules! words {
    ($( $(#[$doc:meta])* $name:ident $( ( $($arg:ident),+ $(,)? ) )? => $en:literal, $zh:literal; )+) => {
        /// The phrases of this topic.
        pub(super) mod phrases {
            $( $crate::words!(@phrase $(#[$doc])* $name [$($($arg),+)?] $en $zh); )+
        }

        /// The texts of this topic.
        pub(super) const ENTRIES: &[$crate::words::Entry] = &[
            $( $crate::words::Entry { key: stringify!($name), en: $en, zh: $zh } ),+
        ];
    };
    (@phrase $(#[$doc:meta])* $name:ident [] $en:literal $zh:literal) => {
        $(#[$doc])*
        #[doc = concat!("“", $en, "”, “", $zh, "”")]
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        $crate::words!(@impl $name [] $en $zh);
    };
    (@phrase $(#[$doc:meta])* $name:ident [$($arg:ident),+] $en:literal $zh:literal) => {
        $(#[$doc])*
        #[doc = concat!("“", $en, "”, “", $zh, "”")]
        #[derive(Debug, Clone, Copy)]
        #[allow(non_camel_case_types, reason = "each field's type is named after its placeholder")]
        pub struct $name<$($arg),+> {
            $(
                #[doc = concat!("What stands for `{", stringify!($arg), "}`.")]
                pub $arg: $arg
            ),+
        }

        $crate::words!(@impl $name [$($arg),+] $en $zh);
    };
    (@impl $name:ident [$($arg:ident),*] $en:literal $zh:literal) => {
        #[allow(non_camel_case_types, reason = "each field's type is named after its placeholder")]
        impl<$($arg: std::fmt::Display),*> $crate::words::Phrase for $name<$($arg),*> {
            fn key(&self) -> &'static str {
                stringify!($name)
            }

            fn write(&self, lang: $crate::words::Lang, to: &mut String) -> std::fmt::Result {
                use std::fmt::Write as _;
                match lang {
                    $crate::words::Lang::En => write!(to, $en, $($arg = self.$arg),*),
                    $crate::words::Lang::Zh => write!(to, $zh, $($arg = self.$arg),*),
                }
            }
        }
    };
}

/// The topics: one file each, one line here.
macro_rules! topics {
    ($( $(#[$doc:meta])* $topic:ident; )+) => {
        $( $(#[$doc])* mod $topic; )+

        $( pub use $topic::phrases::*; )+

        /// Every text, topic by topic.
        pub fn entries() -> impl Iterator<Item = &'static Entry> {
            [$( $topic::ENTRIES ),+].into_iter().flatten()
        }
    };
}

topics! {
    /// Alerts: what they say, and who has seen them.
    alert;
    /// Lots with their dates, goods put together and taken apart, reasons of losses.
    lot;
    /// Ages, dates, sizes.
    ages;
    /// The consistency checks and their reports.
    audit;
    /// Bins: what lies where.
    bin;
    /// Why a sale or other request is not booked, and what to look at in one that is.
    booking;
    /// Minimum and maximum stock by store and season.
    bounds;
    /// Products, prices, conflicts of their edits.
    catalog;
    /// Verification, rebuilding, the doctor's findings.
    checks;
    /// The day close.
    close;
    /// The stocktake.
    count;
    /// History that is not here: still to come, or dropped.
    held;
    /// Words of every screen.
    common;
    /// Other stores' stock, and who could give some of it.
    elsewhere;
    /// What goes wrong, and what to do about it.
    errors;
    /// Sales and other facts, history, the way from a number to its receipts.
    facts;
    /// The hub's view of its stores, enrolment.
    fleet;
    /// Head office's own commands, errors and events.
    head_office;
    /// Files that are read in.
    import;
    /// Shelf and price labels.
    label;
    /// Names of accounts, kinds, payment methods, measures, fields.
    names;
    /// Price lists and scheduled price changes.
    prices;
    /// Store profiles.
    profile;
    /// Reports of periods and what their columns are called.
    report;
    /// Purchase orders, deliveries, purchase returns, quarantine.
    purchase;
    /// Products that stores propose.
    proposals;
    /// Promotions, and what people take off by hand.
    promotion;
    /// What a scanned code is on.
    scan;
    /// Single pieces by their numbers.
    serial;
    /// Vouchers, accounts and closed periods.
    finance;
    /// What to buy.
    plan;
    /// The store node's own commands and errors.
    shop;
    /// Stock on hand.
    stock;
    /// What the example tells while a chain has its day.
    story;
    /// Suppliers, their invoices and accounts.
    supplier;
    /// Receipts on paper, parked baskets.
    receipt;
    /// Tills: shifts, takings, returns and exchanges.
    till;
    /// Synchronisation: state, policy, quarantine.
    sync;
    /// Transfers between stores.
    transfer;
    value;
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// The names between braces.
    fn placeholders(template: &str) -> BTreeSet<&str> {
        let after_brace = template.split('{').skip(1);
        after_brace.filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        for entry in entries() {
            assert_eq!(placeholders(entry.en), placeholders(entry.zh), "{}", entry.key);
            let has_chinese = entry.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(has_chinese || entry.zh == entry.en, "{} is not in Chinese", entry.key);
            assert!(entry.en.is_ascii() || entry.en == entry.zh, "{}: {}", entry.key, entry.en);
            assert_eq!(entry.en.trim(), entry.en, "{}", entry.key);
        }
    }

    #[test]
    fn keys_are_unique() {
        let mut seen = BTreeMap::new();
        for entry in entries() {
            assert_eq!(seen.insert(entry.key, entry.en), None, "{}", entry.key);
        }
    }

    #[test]
    fn the_language_follows_the_locale() {
        let lang = |vars: &[(&str, &str)]| {
            let vars: BTreeMap<&str, &str> = vars.iter().copied().collect();
            Lang::from_environment(|name| vars.get(name).map(|value| (*value).to_owned()))
        };
        assert_eq!(lang(&[]), Lang::En);
        assert_eq!(lang(&[("LANG", "zh_CN.UTF-8")]), Lang::Zh);
        assert_eq!(lang(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "en_US.UTF-8")]), Lang::En);
        assert_eq!(lang(&[("LANG", "de_DE"), ("LC_ALL", ""), ("LC_MESSAGES", "zh")]), Lang::Zh);
        assert_eq!(lang(&[("LANG", "中")]), Lang::En);
    }
}

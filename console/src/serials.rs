//! Single pieces by their numbers, as both programs show them.

use ledger::id::{BillNo, FactId, Serial, Sku, StoreId};
use ledger::movement::Account;
use ledger::serial::{Doubt, Entry, Piece, Way, Whereabouts, doubts, whereabouts};
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use crate::words::{self, Lang};
use crate::{Column, Page, Table, labels, text};

/// A piece: where it is, and how it came there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceView {
    /// Of which product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Its number.
    #[serde(with = "text")]
    pub serial: Serial,
    /// Where it is: `on_hand`, `sold` or the name of an account; none where nobody can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// By the word of which store.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// What facts say of it, in their order.
    pub story: Vec<PieceEntry>,
    /// What about it cannot be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<PieceDoubt>,
}

/// What a fact says of a piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceEntry {
    /// At which store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// By which fact.
    #[serde(with = "text")]
    pub fact: FactId,
    /// Its number on paper.
    #[serde(with = "text")]
    pub bill: BillNo,
    /// What kind of fact it is.
    pub kind: String,
    /// The day it is booked to.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// When it was recorded.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// `in`, `out` or `beside`.
    pub way: String,
    /// The account at the other end.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
}

/// What about a piece cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PieceDoubt {
    /// It left a store to which it hadn't come.
    NotThere {
        /// Which.
        #[serde(with = "text")]
        store: StoreId,
    },
    /// It came to a store again without having left.
    CameTwice {
        /// Which.
        #[serde(with = "text")]
        store: StoreId,
    },
    /// It is on hand at several stores.
    SeveralStores {
        /// Which.
        #[serde(with = "text::list")]
        stores: Vec<StoreId>,
    },
    /// It was sold again without having come back.
    SoldTwice {
        /// By which stores.
        #[serde(with = "text::list")]
        stores: Vec<StoreId>,
    },
}

impl From<Doubt> for PieceDoubt {
    fn from(doubt: Doubt) -> Self {
        match doubt {
            Doubt::NotThere(store) => Self::NotThere { store },
            Doubt::CameTwice(store) => Self::CameTwice { store },
            Doubt::SeveralStores(stores) => Self::SeveralStores { stores },
            Doubt::SoldTwice(stores) => Self::SoldTwice { stores },
        }
    }
}

impl PieceDoubt {
    /// It in words.
    pub fn say(&self, lang: Lang) -> String {
        let all = |stores: &[StoreId]| {
            let names: Vec<&str> = stores.iter().map(StoreId::as_str).collect();
            names.join(", ")
        };
        match self {
            Self::NotThere { store } => lang.say(words::SerialNotThere { store }),
            Self::CameTwice { store } => lang.say(words::SerialCameTwice { store }),
            Self::SeveralStores { stores } => {
                lang.say(words::SerialSeveral { stores: all(stores) })
            }
            Self::SoldTwice { stores } => lang.say(words::SerialSoldTwice { stores: all(stores) }),
        }
    }
}

impl PieceView {
    /// A piece with its story in its order.
    pub fn of(piece: &Piece, story: &[Entry]) -> Self {
        let (place, store) = match whereabouts(story) {
            None => (None, None),
            Some(Whereabouts::OnHand(store)) => (Some("on_hand".to_owned()), Some(store)),
            Some(Whereabouts::Sold(store)) => (Some("sold".to_owned()), Some(store)),
            Some(Whereabouts::Elsewhere(store, account)) => {
                (account.map(|account| account.to_string()), Some(store))
            }
        };
        let told = doubts(story).into_iter().map(PieceDoubt::from);
        Self {
            sku: piece.sku.clone(),
            serial: piece.serial.clone(),
            place,
            store,
            story: story.iter().map(PieceEntry::from).collect(),
            doubts: told.collect(),
        }
    }

    fn place(&self, lang: Lang) -> String {
        let Some(store) = &self.store else { return String::new() };
        match self.place.as_deref() {
            Some("on_hand") => lang.say(words::SerialOnHand { store }),
            Some("sold") => lang.say(words::SerialSold { store }),
            Some(account) => {
                let known = account.parse().map(|account| labels::account(lang, &account));
                let account = known.unwrap_or_else(|_| account.to_owned());
                lang.say(words::SerialElsewhere { account, store })
            }
            None => lang.say(words::SerialNamed { store }),
        }
    }
}

impl From<&Entry> for PieceEntry {
    fn from(entry: &Entry) -> Self {
        let way = match entry.way {
            Way::In => "in",
            Way::Out => "out",
            Way::Beside => "beside",
        };
        Self {
            store: entry.store.clone(),
            fact: entry.fact,
            bill: entry.bill.clone(),
            kind: entry.kind.to_string(),
            date: entry.date,
            at: entry.at,
            way: way.to_owned(),
            account: entry.account.clone(),
        }
    }
}

impl PieceEntry {
    fn way(&self, lang: Lang) -> String {
        let Some(account) = &self.account else { return String::new() };
        let account = labels::account(lang, account);
        match self.way.as_str() {
            "in" => lang.say(words::SerialIn { account }),
            _ => lang.say(words::SerialOut { account }),
        }
    }
}

/// Prints where pieces are and their stories; `at` writes a time.
pub fn print_pieces(
    page: &mut Page,
    serial: &Serial,
    pieces: &[PieceView],
    at: impl Fn(Timestamp) -> String,
) {
    let lang = page.lang();
    if pieces.is_empty() {
        return page.say(words::SerialUnknown { serial });
    }
    for piece in pieces {
        page.heading(words::SerialHeading { serial: &piece.serial, sku: &piece.sku });
        page.line(piece.place(lang));
        let mut table = Table::new([
            Column::text(lang.say(words::Date)),
            Column::text(lang.say(words::Time)),
            Column::text(lang.say(words::Store)),
            Column::text(lang.say(words::Kind)),
            Column::flexible(lang.say(words::SerialWay)),
            Column::text(lang.say(words::Bill)),
        ]);
        for entry in &piece.story {
            table.row([
                entry.date.to_string(),
                at(entry.at),
                entry.store.to_string(),
                labels::kind(lang, &entry.kind),
                entry.way(lang),
                entry.bill.to_string(),
            ]);
        }
        page.table(&table);
        for doubt in &piece.doubts {
            let (label, text) = (lang.say(words::SerialDoubt), doubt.say(lang));
            page.line(format!("{label}: {text}"));
        }
    }
}

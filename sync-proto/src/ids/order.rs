//! Orders (单据) and their kinds.

use std::fmt;
use std::str::FromStr;

use ledger::id::{IdError, MAX_ID_LEN, StoreId};

use super::{Month, text};

/// What kind of intention an order states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderKind {
    /// Goods between two stores (调拨).
    Transfer,
    /// Goods from a supplier (采购).
    Purchase,
    /// Goods promised to a customer (销售订单).
    Sale,
    /// A count of a store's stock (盘点).
    Stocktake,
    /// What a store is to book because a check found something (更正).
    Correction,
    /// What head office writes about members' stored value (额度).
    Value,
}

impl OrderKind {
    /// Every kind there is.
    pub const ALL: [Self; 6] = [
        Self::Transfer,
        Self::Purchase,
        Self::Sale,
        Self::Stocktake,
        Self::Correction,
        Self::Value,
    ];

    /// Its name in document ids.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Purchase => "purchase",
            Self::Sale => "sale",
            Self::Stocktake => "stocktake",
            Self::Correction => "correction",
            Self::Value => "value",
        }
    }
}

impl fmt::Display for OrderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for OrderKind {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let named = Self::ALL.into_iter().find(|kind| kind.name() == text);
        named.ok_or_else(|| text::malformed("kind of order", text))
    }
}

/// How many stores may be party to one order.
pub const MAX_ORDER_PARTIES: usize = 8;

/// The number of an order: the stores that are party to it, the month from which it is, and what
/// tells it from others of these: `A01+B02-2611-tA7`. (Head office is party to every order.)
///
/// So the name alone says who shares the document, whatever has been seen of it; and an order is
/// compared with those of its month and parties, not with all there ever were.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(Box<str>);

impl OrderId {
    /// Parses the id.
    pub fn new(text: &str) -> Result<Self, IdError> {
        let what = "order number (like A01+B02-2611-tA7)";
        if text.is_empty() {
            return Err(IdError::Empty { what });
        }
        if text.len() > MAX_ID_LEN {
            let text = text.chars().take(MAX_ID_LEN).collect();
            return Err(IdError::TooLong { what, text });
        }
        let malformed = || text::malformed(what, text);
        let Parts { parties, month, serial } = Parts::of(text).ok_or_else(malformed)?;
        let parties = parties.split('+').map(StoreId::new).collect::<Result<Vec<_>, _>>()?;
        let repeated = |(n, store): (usize, &StoreId)| parties[..n].contains(store);
        let good = Month::of_digits(month).is_some()
            && !serial.is_empty()
            && serial.bytes().all(|b| b.is_ascii_alphanumeric())
            && parties.len() <= MAX_ORDER_PARTIES
            && !parties.iter().enumerate().any(repeated);
        if good { Ok(Self(text.into())) } else { Err(malformed()) }
    }

    /// The number of a new order. `serial` is of letters and digits.
    pub fn of(parties: &[&StoreId], made: Month, serial: &str) -> Result<Self, IdError> {
        let parties: Vec<&str> = parties.iter().map(|store| store.as_str()).collect();
        let month = made.digits().unwrap_or_default();
        Self::new(&format!("{}-{month}-{serial}", parties.join("+")))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The stores that are party to it, in the order in which it names them.
    pub fn parties(&self) -> Vec<StoreId> {
        let stores = self.parts().parties.split('+');
        stores.map(|store| StoreId::new(store).expect("it was parsed before")).collect()
    }

    /// The month in which it was made.
    pub fn month(&self) -> Month {
        Month::of_digits(self.parts().month).expect("it was parsed before")
    }

    /// What tells it from others of its parties and month.
    pub fn serial(&self) -> &str {
        self.parts().serial
    }

    fn parts(&self) -> Parts<'_> {
        Parts::of(&self.0).expect("it was parsed before")
    }
}

/// The three parts of an order's number. A store's name may hold dashes, the others do not.
struct Parts<'a> {
    parties: &'a str,
    month: &'a str,
    serial: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (rest, serial) = text.rsplit_once('-')?;
        let (parties, month) = rest.rsplit_once('-')?;
        Some(Self { parties, month, serial })
    }
}

impl FromStr for OrderId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::new(text)
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

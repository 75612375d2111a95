//! Parked baskets (挂单): put a sale aside while its customer fetches something, and go on with it later.

use books::{BooksError, Parked};
use ledger::id::{Operator, RequestId, StoreId};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::book::Refused;
use crate::door::Ask;
use crate::error::{NodeError, Result};
use crate::node::Node;
use crate::request::Sell;
use crate::text;

/// The most baskets that wait: a full shop's queue, and more would be forgotten.
const MAX_PARKED: usize = 200;

/// How many letters of its name stand in the request that sells it: four bytes each still leave room.
const NAME_LETTERS: usize = 10;

/// Put a basket aside. The same basket under the same name again is the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParkBasket {
    /// What to call it.
    #[serde(with = "text")]
    pub name: RequestId,
    /// What is in it.
    pub basket: Sell,
    /// Who puts it aside.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
}

/// List the baskets that wait, the oldest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListBaskets {}

/// Show a basket that waits. It waits on until it is sold or dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowBasket {
    /// Which.
    #[serde(with = "text")]
    pub name: RequestId,
}

/// Take a basket away. One that is away already is no mistake: its answer may have been lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropBasket {
    /// Which.
    #[serde(with = "text")]
    pub name: RequestId,
}

/// The baskets that wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baskets {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// Now: their age is the time since they were parked.
    #[serde(with = "text::instant")]
    pub as_of: Timestamp,
    /// The baskets.
    pub baskets: Vec<BasketView>,
}

/// A basket that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketView {
    /// What it is called.
    #[serde(with = "text")]
    pub name: RequestId,
    /// What is in it.
    pub basket: Sell,
    /// Who put it aside.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// When.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
}

impl Ask for ParkBasket {
    const PATH: &'static str = "/v1/baskets/park";
    type Answer = BasketView;

    fn answer(self, node: &Node) -> Result<BasketView> {
        let Self { name, basket, operator } = self;
        let text =
            serde_json::to_string(&basket).map_err(|source| NodeError::BadRequest { source })?;
        let parked = Parked { name, basket: text.into(), operator, at: node.now() };
        let kept = node.books().write(move |tx| -> Result<Parked, Refusing> {
            match tx.parked(&parked.name)? {
                Some(kept) if kept.basket == parked.basket => Ok(kept),
                Some(kept) => Err(Refused::BasketTaken { name: kept.name }.into()),
                None if tx.parked_count()? >= MAX_PARKED => {
                    Err(Refused::TooManyBaskets { most: MAX_PARKED }.into())
                }
                None => {
                    tx.park(&parked)?;
                    Ok(parked)
                }
            }
        })?;
        BasketView::of(kept)
    }
}

impl Ask for ListBaskets {
    const PATH: &'static str = "/v1/baskets";
    type Answer = Baskets;

    fn answer(self, node: &Node) -> Result<Baskets> {
        let parked = node.books().reader()?.parked()?;
        let baskets = parked.into_iter().map(BasketView::of).collect::<Result<_>>()?;
        Ok(Baskets { store: node.store().clone(), as_of: node.now(), baskets })
    }
}

impl Ask for ShowBasket {
    const PATH: &'static str = "/v1/baskets/show";
    type Answer = BasketView;

    fn answer(self, node: &Node) -> Result<BasketView> {
        let parked = node.books().reader()?.parked()?;
        let found = parked.into_iter().find(|parked| parked.name == self.name);
        BasketView::of(found.ok_or(Refused::NoSuchBasket { name: self.name })?)
    }
}

impl Ask for DropBasket {
    const PATH: &'static str = "/v1/baskets/drop";
    type Answer = Self;

    fn answer(self, node: &Node) -> Result<Self> {
        let name = self.name.clone();
        node.books().write(move |tx| tx.unpark(&name))?;
        Ok(self)
    }
}

impl BasketView {
    /// The name under which it is sold. The same name may be given to another basket later, so the moment is
    /// part of it.
    pub fn request(&self) -> Option<RequestId> {
        let name: String = self.name.as_str().chars().take(NAME_LETTERS).collect();
        RequestId::new(&format!("park:{}:{name}", self.at.millis())).ok()
    }

    fn of(parked: Parked) -> Result<Self> {
        let Parked { name, basket, operator, at } = parked;
        // Of another version, perhaps: it cannot be sold as it is.
        let bad = |source| NodeError::BadRequest { source };
        Ok(Self { name, basket: serde_json::from_str(&basket).map_err(bad)?, operator, at })
    }
}

/// Why a basket is not parked.
type Refusing = crate::book::BookError<BooksError>;

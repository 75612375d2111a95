//! Letters: what head office and a store write each other about stored value. One JSON object each, version 1:
//!
//! ```text
//! move       {"v":1,"at":…,"pool":1,"store":"S012","epoch":2,"lines":[["M-1",500000],["M-2",-200000]]}
//! write-off  {"v":1,"at":…,"op":"…","pool":1,"store":"S012","epoch":1,"lines":[["M-1",300000]],"note":"…"}
//! pay-out    {"v":1,"at":…,"op":"…","pool":1,"store":"S012","epoch":2,"lines":[["M-1",300000]],"note":"…"}
//! ask        {"v":1,"at":…,"op":"…","epoch":2,"member":"M-1","amount":300000}    a store's
//! ```
//!
//! Each is the only entry of an order of its own, so none is ever taken for another, or twice.

use serde::{Deserialize, Serialize};

use super::{Holder, MAX_MEMBERS};
use crate::amount::Money;
use crate::id::{Epoch, MemberId, Operator, StoreId};
use crate::order::Party;
use crate::time::Timestamp;

/// The version of the form that [`Letter::to_text`] writes.
const VERSION: u32 = 1;

/// What head office writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// When, by head office's clock.
    pub at: Timestamp,
    /// The person behind it, if one is.
    pub operator: Option<Operator>,
    /// Out of which pool, and into which: that of this history of head office.
    pub pool: Epoch,
    /// Whose rights it is about.
    pub holder: Holder,
    /// What is to become of them.
    pub purpose: Purpose,
    /// Of which members, and how much.
    pub lines: Vec<(MemberId, Money)>,
    /// Why, where a person says so.
    pub note: Box<str>,
}

/// What a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// More than nothing is granted; less is asked back.
    Move,
    /// The holder is no more: what it had goes to the pool.
    WriteOff,
    /// The store may pay so much out (储值退款).
    PayOut,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::Move, Self::WriteOff, Self::PayOut];

    /// Its name: that of the entry.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Move => "move",
            Self::WriteOff => "write-off",
            Self::PayOut => "pay-out",
        }
    }

    /// The purpose of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }
}

/// What a store would like to be granted: a member is there who wants to spend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// When, by the store's clock.
    pub at: Timestamp,
    /// The person behind it, if known.
    pub operator: Option<Operator>,
    /// Who asks.
    pub holder: Holder,
    /// Whose value.
    pub member: MemberId,
    /// How much; more than nothing.
    pub amount: Money,
}

/// What somebody has written in an order about stored value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A letter of head office.
    Letter(Letter),
    /// A store's wish. It moves nothing.
    Wish(Wish),
    /// Something that this version doesn't know, or that isn't its writer's to say. It changes nothing.
    Other,
}

#[derive(Serialize, Deserialize)]
struct Row {
    v: u32,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    op: Option<String>,
    pool: u32,
    store: String,
    epoch: u32,
    lines: Vec<(String, i64)>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
}

#[derive(Serialize, Deserialize)]
struct WishRow {
    v: u32,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    op: Option<String>,
    epoch: u32,
    member: String,
    amount: i64,
}

impl Wish {
    /// The name of the entry that says it.
    pub const NAME: &str = "ask";

    /// The text of the entry. Only its author writes it, once.
    pub fn to_text(&self) -> String {
        let row = WishRow {
            v: VERSION,
            at: self.at.millis(),
            op: self.operator.as_ref().map(ToString::to_string),
            epoch: self.holder.epoch.number(),
            member: self.member.to_string(),
            amount: self.amount.ten_thousandths(),
        };
        serde_json::to_string(&row).expect("rows of numbers and strings always serialize")
    }

    fn read(store: &StoreId, text: &str) -> Result<Self, String> {
        let row: WishRow = serde_json::from_str(text).map_err(|error| error.to_string())?;
        known_version(row.v)?;
        let amount = Money::from_ten_thousandths(row.amount).map_err(|error| said(&error))?;
        if !amount.is_positive() {
            return Err(format!("{amount} is no amount to ask for"));
        }
        let holder = Holder { store: store.clone(), epoch: epoch(row.epoch)? };
        let member = MemberId::new(&row.member).map_err(|error| said(&error))?;
        let at = Timestamp::from_millis(row.at);
        Ok(Self { at, operator: operator(row.op.as_deref())?, holder, member, amount })
    }
}

impl Letter {
    /// The text of the entry. Only its author writes it, once.
    pub fn to_text(&self) -> String {
        let line =
            |(member, amount): &(MemberId, Money)| (member.to_string(), amount.ten_thousandths());
        let row = Row {
            v: VERSION,
            at: self.at.millis(),
            op: self.operator.as_ref().map(ToString::to_string),
            pool: self.pool.number(),
            store: self.holder.store.to_string(),
            epoch: self.holder.epoch.number(),
            lines: self.lines.iter().map(line).collect(),
            note: self.note.to_string(),
        };
        serde_json::to_string(&row).expect("rows of numbers and strings always serialize")
    }
}

impl Asked {
    /// Reads an entry; says what is wrong with one that cannot be read.
    pub fn read(by: &Party, name: &str, text: &str) -> Result<Self, String> {
        let purpose = match (by, Purpose::named(name)) {
            (Party::HeadOffice, Some(purpose)) => purpose,
            (Party::Store(store), _) if name == Wish::NAME => {
                return Wish::read(store, text).map(Self::Wish);
            }
            _ => return Ok(Self::Other),
        };
        let row: Row = serde_json::from_str(text).map_err(|error| error.to_string())?;
        known_version(row.v)?;
        let line = |(member, amount): &(String, i64)| {
            let member = MemberId::new(member).map_err(|error| said(&error))?;
            let amount = Money::from_ten_thousandths(*amount).map_err(|error| said(&error))?;
            Ok::<_, String>((member, amount))
        };
        let lines: Vec<_> = row.lines.iter().map(line).collect::<Result<_, _>>()?;
        check(purpose, &lines)?;
        let store = StoreId::new(&row.store).map_err(|error| said(&error))?;
        Ok(Self::Letter(Letter {
            at: Timestamp::from_millis(row.at),
            operator: operator(row.op.as_deref())?,
            pool: epoch(row.pool)?,
            holder: Holder { store, epoch: epoch(row.epoch)? },
            purpose,
            lines,
            note: row.note.into(),
        }))
    }
}

fn known_version(found: u32) -> Result<(), String> {
    match found {
        VERSION => Ok(()),
        _ => Err(format!("it is of form {found}; this version reads form {VERSION}")),
    }
}

fn operator(text: Option<&str>) -> Result<Option<Operator>, String> {
    text.map(Operator::new).transpose().map_err(|error| said(&error))
}

fn epoch(number: u32) -> Result<Epoch, String> {
    Epoch::new(number).ok_or_else(|| "epochs count from one".to_owned())
}

fn said(error: &dyn std::fmt::Display) -> String {
    error.to_string()
}

/// A letter names each member once, with an amount that fits its purpose.
fn check(purpose: Purpose, lines: &[(MemberId, Money)]) -> Result<(), String> {
    if lines.is_empty() || lines.len() > MAX_MEMBERS {
        return Err(format!("it names {} members; it may name 1 to {MAX_MEMBERS}", lines.len()));
    }
    let fits = |amount: Money| match purpose {
        Purpose::Move => !amount.is_zero(),
        Purpose::WriteOff | Purpose::PayOut => amount.is_positive(),
    };
    for (place, (member, amount)) in lines.iter().enumerate() {
        if !fits(*amount) {
            return Err(format!("{amount} for {member} is no amount to {}", purpose.name()));
        }
        if lines[..place].iter().any(|(other, _)| other == member) {
            return Err(format!("it names {member} twice"));
        }
    }
    Ok(())
}

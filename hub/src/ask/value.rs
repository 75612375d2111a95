//! Members' stored value: where it is; grant, ask back, write off, let a store pay out.

use std::collections::BTreeMap;

use books::read::MemberValue;
use console::sums::Amount;
use ledger::amount::Money;
use ledger::escrow::Holder;
use ledger::id::{Epoch, LetterNo, MemberId, Operator, StoreId};
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::Result;
use crate::hub::Hub;
use crate::text;
use crate::value::{By, Gone, ValueRefused, money};

/// List members' stored value: one member's, or everyone's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListValue {
    /// Whose.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
}

/// Members' stored value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueList {
    /// What the chain owes its members.
    pub liability: Amount,
    /// Each member's.
    pub members: Vec<ValueRow>,
}

/// One member's stored value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueRow {
    /// Whose.
    #[serde(with = "text")]
    pub member: MemberId,
    /// What the chain owes the member.
    #[serde(with = "text")]
    pub balance: Money,
    /// What stores may spend, with what is on its way to them.
    #[serde(with = "text")]
    pub at_stores: Money,
    /// What head office may grant.
    #[serde(with = "text")]
    pub pool: Money,
    /// What former histories of stores and of head office had: nobody spends it until it is written off.
    #[serde(with = "text")]
    pub frozen: Money,
    /// Where it is.
    pub held: Vec<HeldRow>,
}

/// What one history of a store has of a member's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRow {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The history, by its number.
    pub epoch: u32,
    /// Whether the store goes on in it.
    pub present: bool,
    /// What it may spend, as far as its facts are known.
    #[serde(with = "text")]
    pub rights: Money,
    /// What is granted and not yet taken.
    #[serde(with = "text")]
    pub coming: Money,
    /// What it was asked to give back and has not answered to.
    #[serde(with = "text")]
    pub asked_back: Money,
    /// What the member has spent at the store.
    #[serde(with = "text")]
    pub spent: Money,
    /// Whether it has spent more than it had.
    pub overdrawn: bool,
}

impl Ask for ListValue {
    const PATH: &'static str = "/v1/value/list";
    type Answer = ValueList;

    fn answer(self, hub: &Hub) -> Result<ValueList> {
        let reader = hub.reader()?;
        let (own, epochs) = (reader.epoch()?, reader.store_epochs()?);
        let values = reader.values(self.member.as_ref())?;
        if let (Some(member), true) = (self.member, values.is_empty()) {
            return Err(ValueRefused::NoMember { member }.into());
        }
        let owed = values.values().map(|value| i128::from(value.standing.balance)).sum();
        let members = values.into_iter().map(|(member, value)| row(member, &value, own, &epochs));
        Ok(ValueList { liability: Amount(owed), members: members.collect() })
    }
}

fn row(
    member: MemberId,
    value: &MemberValue,
    own: Epoch,
    epochs: &BTreeMap<StoreId, Epoch>,
) -> ValueRow {
    let standing = &value.standing;
    let present =
        |holder: &Holder| epochs.get(&holder.store).is_none_or(|epoch| *epoch <= holder.epoch);
    let (at_stores, pool) = (standing.usable(present), standing.pool(own));
    let held = standing.held.iter().map(|(holder, held)| HeldRow {
        store: holder.store.clone(),
        epoch: holder.epoch.number(),
        present: present(holder),
        rights: money(held.rights),
        coming: money(held.coming),
        asked_back: money(held.asked_back),
        spent: money(value.spent.get(&holder.store).copied().unwrap_or_default()),
        overdrawn: held.rights.saturating_add(held.coming) < 0,
    });
    ValueRow {
        member,
        balance: money(standing.balance),
        at_stores: money(at_stores),
        pool: money(pool),
        frozen: money(standing.balance.saturating_sub(at_stores).saturating_sub(pool)),
        held: held.collect(),
    }
}

/// Move rights between head office and a store, or let the store pay out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveValue {
    /// Which way.
    pub way: Way,
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// Whose value.
    #[serde(with = "text")]
    pub member: MemberId,
    /// How much.
    #[serde(with = "text")]
    pub amount: Money,
    /// Who says so.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub by: Option<Operator>,
    /// Why.
    #[serde(default)]
    pub note: String,
}

/// Which way rights move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// To the store.
    Grant {
        /// Out of the pool of this history of head office; the present one if none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pool: Option<u32>,
    },
    /// Back to head office.
    Reclaim,
    /// To the member, in money.
    PayOut,
}

/// A letter that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Its number.
    #[serde(with = "text")]
    pub letter: LetterNo,
    /// To which store.
    #[serde(with = "text")]
    pub store: StoreId,
}

impl Ask for MoveValue {
    const PATH: &'static str = "/v1/value/move";
    type Answer = Sent;

    fn answer(self, hub: &Hub) -> Result<Sent> {
        let Self { way, store, member, amount, by, note } = self;
        let by = By { operator: by, note: note.into() };
        let what = (&member, amount);
        let letter = match way {
            Way::Grant { pool } => hub.grant_value(&store, what, pool.and_then(Epoch::new), by),
            Way::Reclaim => hub.reclaim_value(&store, what, by),
            Way::PayOut => hub.allow_pay_out(&store, what, by),
        };
        Ok(Sent { letter: letter?, store })
    }
}

/// Write off what a history of a store had that is no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteOffValue {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The history, by its number.
    pub epoch: u32,
    /// Whose value; everyone's if none is named.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// Whether a person says that the machine will never sell again.
    pub gone: bool,
    /// Who says so.
    #[serde(with = "text")]
    pub by: Operator,
    /// Why.
    pub reason: String,
}

impl Ask for WriteOffValue {
    const PATH: &'static str = "/v1/value/write-off";
    type Answer = Vec<Sent>;

    fn answer(self, hub: &Hub) -> Result<Vec<Sent>> {
        let Self { store, epoch, member, gone, by, reason } = self;
        let epoch = Epoch::new(epoch).unwrap_or(Epoch::FIRST);
        let gone = if gone { Gone::Surely } else { Gone::NotSaid };
        let by = By { operator: Some(by), note: reason.into() };
        let holder = Holder { store: store.clone(), epoch };
        let letters = hub.write_off_value(&holder, member.as_ref(), gone, &by)?;
        Ok(letters.into_iter().map(|letter| Sent { letter, store: store.clone() }).collect())
    }
}

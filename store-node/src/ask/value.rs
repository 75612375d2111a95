//! Show what may be spent here of members' stored value.

use ledger::amount::Money;
use ledger::fact::PaymentMethod;
use ledger::id::{Epoch, LetterNo, MemberId, Operator};
use ledger::post::PostError;
use serde::{Deserialize, Serialize};

use crate::book::Refused;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::node::value::ValueHere;
use crate::text;

/// Show one member's stored value, or everyone's of whom the store knows any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowValue {
    /// Whose.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
}

/// Ask head office for rights to a member's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskForValue {
    /// Whose.
    #[serde(with = "text")]
    pub member: MemberId,
    /// How much.
    #[serde(with = "text")]
    pub amount: Money,
    /// Who asks.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
}

/// What was asked of head office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedForValue {
    /// The number under which it is known.
    #[serde(with = "text")]
    pub letter: LetterNo,
}

impl Ask for AskForValue {
    const PATH: &'static str = "/v1/value/ask";
    type Answer = AskedForValue;

    fn answer(self, node: &Node) -> Result<AskedForValue> {
        let Self { member, amount, operator } = self;
        if !amount.is_positive() {
            let method = PaymentMethod::StoredValue;
            return Err(Refused::Post(PostError::EmptyPayment { method, amount }).into());
        }
        Ok(AskedForValue { letter: node.ask_for_value(&member, amount, operator)? })
    }
}

/// A member's stored value at this store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueRow {
    /// Whose.
    #[serde(with = "text")]
    pub member: MemberId,
    /// What may be spent here now, with or without the network.
    #[serde(with = "text")]
    pub rights: Money,
    /// What head office has granted and the daemon takes next.
    #[serde(with = "text")]
    pub coming: Money,
    /// What former histories of this machine had: nobody spends it until head office writes it off.
    #[serde(with = "text")]
    pub frozen: Money,
}

impl Ask for ShowValue {
    const PATH: &'static str = "/v1/value/show";
    type Answer = Vec<ValueRow>;

    fn answer(self, node: &Node) -> Result<Vec<ValueRow>> {
        let epoch = node.books().reader()?.epoch()?;
        let values = node.values(self.member.as_ref())?;
        let mut rows: Vec<ValueRow> =
            values.into_iter().map(|(member, here)| row(member, epoch, &here)).collect();
        if let (Some(member), true) = (self.member, rows.is_empty()) {
            rows.push(row(member, epoch, &ValueHere { rights: 0, known: Default::default() }));
        }
        Ok(rows)
    }
}

fn row(member: MemberId, epoch: Epoch, here: &ValueHere) -> ValueRow {
    let (mut coming, mut frozen) = (0_i64, 0_i64);
    for (holder, held) in &here.known.standing.held {
        if holder.epoch == epoch {
            coming = coming.saturating_add(held.coming);
        } else {
            frozen = frozen.saturating_add(held.rights).saturating_add(held.coming);
        }
    }
    let money = |raw| Money::from_ten_thousandths(raw).unwrap_or_default();
    ValueRow { member, rights: money(here.rights), coming: money(coming), frozen: money(frozen) }
}

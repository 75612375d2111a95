//! A transfer as an order: how its steps are named, read off facts and taken back.

use std::num::NonZeroU32;

use super::booked::Act;
use super::event::{Entry, Event, Step};
use super::name::StepName;
use super::text;
use crate::fact::{Body, Fact};
use crate::id::{FactId, TransferId};
use crate::movement::{Account, Movement};
use crate::order::text::entry;
use crate::order::{Goods, OrderStep, Party};

impl OrderStep for Step {
    type Id = TransferId;
    type Name = StepName;

    fn name(&self) -> StepName {
        match self {
            Self::Request { .. } => StepName::Request,
            Self::Approve { .. } => StepName::Approve,
            Self::Reject { .. } => StepName::Reject,
            Self::Ship { shipment, .. } => StepName::Ship(*shipment),
            Self::Receive { shipment, part, .. } => {
                StepName::Receive { shipment: *shipment, part: *part }
            }
            Self::Settle { settlement, .. } => StepName::Settle(*settlement),
            Self::Cancel { .. } => StepName::Cancel,
            Self::Withdraw { withdrawal, .. } => StepName::Withdraw(*withdrawal),
        }
    }

    fn text_of(event: &Event) -> String {
        text::write(event)
    }

    fn read(by: Party, name: &str, text: &str) -> Entry {
        entry(by, name, text::read(name, text))
    }

    fn fact(&self) -> Option<FactId> {
        match self {
            Self::Ship { fact, .. } | Self::Receive { fact, .. } | Self::Settle { fact, .. } => {
                Some(*fact)
            }
            Self::Request { .. }
            | Self::Approve { .. }
            | Self::Reject { .. }
            | Self::Cancel { .. }
            | Self::Withdraw { .. } => None,
        }
    }

    fn of_fact(fact: &Fact) -> Option<(&TransferId, Self)> {
        let Body::Transfer(booked) = &fact.body else { return None };
        let transit = Account::InTransit(booked.transfer.clone());
        let left_for = |account: Account| {
            let leaves = |m: &&Movement| m.from == transit && m.to == account;
            fact.movements.iter().filter(leaves).map(Goods::from).collect()
        };
        let entered = fact.movements.iter().filter(|m| m.to == transit);
        let id = fact.id;
        let step = match &booked.act {
            Act::Ship { shipment } => Self::Ship {
                shipment: *shipment,
                fact: id,
                goods: entered.map(Goods::from).collect(),
            },
            Act::Receipt { shipment, part } => Self::Receive {
                shipment: *shipment,
                part: *part,
                fact: id,
                received: left_for(Account::OnHand),
                damaged: left_for(Account::Quarantine),
            },
            Act::Settlement { settlement, liable, reason } => Self::Settle {
                settlement: *settlement,
                fact: id,
                lost: left_for(Account::TransitLoss),
                damaged: left_for(Account::Scrap),
                returned: left_for(Account::OnHand),
                surplus: entered.map(Goods::from).collect(),
                liable: *liable,
                reason: reason.clone(),
            },
        };
        Some((&booked.transfer, step))
    }

    fn withdrawn(&self) -> Option<&Self> {
        match self {
            Self::Withdraw { of, .. } => Some(of),
            _ => None,
        }
    }

    fn taking_back(step: Self) -> Self {
        Self::Withdraw { withdrawal: NonZeroU32::MIN, of: Box::new(step) }
    }

    fn numbered(&self, number: NonZeroU32) -> Self {
        let mut step = self.clone();
        match &mut step {
            Self::Ship { shipment: own, .. }
            | Self::Receive { part: own, .. }
            | Self::Settle { settlement: own, .. }
            | Self::Withdraw { withdrawal: own, .. } => *own = number,
            Self::Request { .. }
            | Self::Approve { .. }
            | Self::Reject { .. }
            | Self::Cancel { .. } => {}
        }
        step
    }
}

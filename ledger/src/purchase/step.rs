//! A purchase as an order: how its steps are named, read off facts and taken back.

use std::num::NonZeroU32;

use super::booked::Act;
use super::event::{Entry, Event, Step};
use super::name::StepName;
use super::text;
use crate::fact::{Body, Fact};
use crate::id::{FactId, PurchaseId};
use crate::movement::{Account, Movement};
use crate::order::text::entry;
use crate::order::{Goods, OrderStep, Party};

impl OrderStep for Step {
    type Id = PurchaseId;
    type Name = StepName;

    fn name(&self) -> StepName {
        match self {
            Self::Request { .. } => StepName::Request,
            Self::Order { revision, .. } => StepName::Order(*revision),
            Self::Submit { .. } => StepName::Submit,
            Self::Approve { .. } => StepName::Approve,
            Self::Reject { .. } => StepName::Reject,
            Self::Send { .. } => StepName::Send,
            Self::Track { number, .. } => StepName::Track(*number),
            Self::Receive { receipt, .. } => StepName::Receive(*receipt),
            Self::Return { number, .. } => StepName::Return(*number),
            Self::Close { .. } => StepName::Close,
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
            Self::Receive { fact, .. } | Self::Return { fact, .. } => Some(*fact),
            _ => None,
        }
    }

    fn of_fact(fact: &Fact) -> Option<(&PurchaseId, Self)> {
        let moved = |is: &dyn Fn(&Movement) -> bool| {
            fact.movements.iter().filter(|m| is(m)).map(Goods::from).collect::<Vec<_>>()
        };
        let came = |to: Account| moved(&|m| m.from == Account::Supplier && m.to == to);
        match &fact.body {
            Body::GoodsReceipt { delivery: Some(delivery), .. } => {
                let step = Self::Receive {
                    receipt: delivery.receipt,
                    fact: fact.id,
                    accepted: came(Account::OnHand),
                    rejected: came(Account::Quarantine),
                };
                Some((delivery.order.as_ref()?, step))
            }
            Body::Purchase(Act::SentBack(sent)) => {
                let step = Self::Return {
                    number: sent.number,
                    fact: fact.id,
                    goods: moved(&|m| m.to == Account::Supplier),
                    kind: sent.kind,
                    reason: sent.reason.clone(),
                };
                Some((sent.order.as_ref()?, step))
            }
            _ => None,
        }
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
            Self::Receive { receipt: own, .. }
            | Self::Return { number: own, .. }
            | Self::Withdraw { withdrawal: own, .. } => *own = number,
            _ => {}
        }
        step
    }
}

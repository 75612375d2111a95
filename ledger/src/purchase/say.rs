//! What a party may add to an order, given what has been said: the same for a store and for head
//! office, so that both refuse the same things for the same reasons.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use thiserror::Error;

use super::event::{Entry, Event, Ordered, Revision, Shipment, Step};
use super::status::{Anomaly, Purchase, Stage, status};
use crate::id::{Sku, StoreId};
use crate::order::{OrderStep, Party};
use crate::time::Timestamp;

/// What a party wants to say of an order that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// This is to be ordered; in place of what was there, as long as nobody has agreed to that.
    Order(Ordered),
    /// It is ready to be agreed to.
    Submit {
        /// What else there is to say.
        remark: Option<Box<str>>,
    },
    /// Let it be ordered.
    Approve {
        /// The rule by which it is agreed to automatically.
        rule: Option<Box<str>>,
        /// What else there is to say.
        remark: Option<Box<str>>,
    },
    /// Let it not be ordered.
    Reject {
        /// Why.
        reason: Box<str>,
    },
    /// The supplier has it.
    Send {
        /// What else there is to say.
        remark: Option<Box<str>>,
    },
    /// This is known of a shipment.
    Track(Shipment),
    /// Nothing more is waited for.
    Close {
        /// Why.
        reason: Box<str>,
    },
    /// It is to be stopped.
    Cancel {
        /// Why.
        reason: Box<str>,
    },
}

/// What is to be done about a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is to be added.
    Say(Step),
    /// It was said before.
    Before,
}

/// Why a word changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Nothing is known of such an order.
    #[error("there is no such purchase order")]
    Unknown,
    /// Nothing has been ordered yet.
    #[error("nothing is ordered in it yet")]
    NothingOrdered,
    /// A product stands on two lines of one store.
    #[error("{sku} is on two lines for {store}")]
    LineTwice {
        /// For which store.
        store: StoreId,
        /// Which.
        sku: Sku,
    },
    /// It has come too far for this.
    #[error("the order is {} already", stage.name())]
    TooLate {
        /// How far.
        stage: Stage,
    },
    /// Nobody has agreed to it.
    #[error("the order is not approved")]
    NotApproved,
    /// Nothing is still to come.
    #[error("nothing is still to come")]
    NothingOpen,
    /// Goods have come; what is left is closed instead.
    #[error("goods have come already")]
    GoodsCame,
    /// The party has no say in this.
    #[error("{by} has no say in this")]
    NotEntitled {
        /// Which party.
        by: Party,
    },
    /// It said something else before.
    #[error("{by} has said something else before")]
    SaidOtherwise {
        /// Which party.
        by: Party,
    },
}

/// What a party adds to an order when it says this.
pub fn answer(entries: &[Entry], me: &Party, word: Word) -> Result<Answer, Refusal> {
    let now = status(entries);
    if now.stage == Stage::Unknown && now.anomalies.is_empty() {
        return Err(Refusal::Unknown);
    }
    let said = Said { entries, me };
    let answer = match word {
        Word::Order(order) => said.order(&now, order),
        Word::Submit { remark } => said.submit(&now, remark),
        Word::Approve { rule, remark } => said.approve(&now, rule, remark),
        Word::Reject { reason } => said.reject(&now, reason),
        Word::Send { remark } => said.send(&now, remark),
        Word::Track(shipment) => said.track(&now, shipment),
        Word::Close { reason } => said.close(&now, reason),
        Word::Cancel { reason } => said.cancel(&now, reason),
    }?;
    match &answer {
        Answer::Say(step) => counts(entries, me, &now, step).map(|()| answer),
        _ => Ok(answer),
    }
}

/// Refuses what the status would not let its party say, as may be where parties ordered at once.
fn counts(entries: &[Entry], me: &Party, now: &Purchase, step: &Step) -> Result<(), Refusal> {
    let refused = Anomaly::NotEntitled { by: me.clone(), name: step.name() };
    if now.anomalies.contains(&refused) {
        return Ok(());
    }
    let at = Timestamp::from_millis(0);
    let event = Event { by: me.clone(), at, operator: None, step: step.clone() };
    let more: Vec<Entry> = entries.iter().cloned().chain([Entry::Said(event)]).collect();
    match status(&more).anomalies.contains(&refused) {
        true => Err(Refusal::NotEntitled { by: me.clone() }),
        false => Ok(()),
    }
}

/// Whether a store may take goods of the order in.
pub fn receivable(now: &Purchase) -> Result<(), Refusal> {
    match now.stage {
        Stage::Approved
        | Stage::Sent
        | Stage::PartlyReceived
        | Stage::Received
        | Stage::ShortClosed => Ok(()),
        Stage::Unknown => Err(Refusal::Unknown),
        Stage::Requested => Err(Refusal::NothingOrdered),
        Stage::Draft | Stage::Submitted => Err(Refusal::NotApproved),
        stage @ (Stage::Rejected | Stage::Cancelled) => Err(Refusal::TooLate { stage }),
    }
}

impl Ordered {
    /// That no product is on two lines of one store: nobody could tell which price holds.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut seen = BTreeSet::new();
        match self.lines.iter().find(|line| !seen.insert((&line.store, &line.sku))) {
            None => Ok(()),
            Some(line) => {
                Err(Refusal::LineTwice { store: line.store.clone(), sku: line.sku.clone() })
            }
        }
    }
}

struct Said<'a> {
    entries: &'a [Entry],
    me: &'a Party,
}

impl Said<'_> {
    fn order(&self, now: &Purchase, order: Ordered) -> Result<Answer, Refusal> {
        order.check()?;
        if let Some((revision, there)) = &now.order
            && revision.by == *self.me
            && *there == order
        {
            return Ok(Answer::Before);
        }
        if now.stage > Stage::Submitted {
            return Err(Refusal::TooLate { stage: now.stage });
        }
        let newest = self.events().filter_map(|event| match &event.step {
            Step::Order { revision, .. } => Some(*revision),
            _ => None,
        });
        let revision = newest.max().map_or(NonZeroU32::MIN, |newest| newest.saturating_add(1));
        Ok(Answer::Say(Step::Order { revision, order }))
    }

    fn submit(&self, now: &Purchase, remark: Option<Box<str>>) -> Result<Answer, Refusal> {
        ordered(now)?;
        if self.mine().any(|step| matches!(step, Step::Submit { .. })) {
            return Ok(Answer::Before);
        }
        match now.stage {
            Stage::Draft | Stage::Submitted => Ok(Answer::Say(Step::Submit { remark })),
            stage => Err(Refusal::TooLate { stage }),
        }
    }

    fn approve(
        &self,
        now: &Purchase,
        rule: Option<Box<str>>,
        remark: Option<Box<str>>,
    ) -> Result<Answer, Refusal> {
        let (of, order) = ordered(now)?;
        if now.approval.as_ref().is_some_and(|approval| approval.of == *of) {
            return Ok(Answer::Before);
        }
        if now.stage > Stage::Submitted || now.approval.is_some() {
            return Err(Refusal::TooLate { stage: now.stage });
        }
        self.may_decide(of)?;
        if let Party::Store(store) = self.me
            && order.lines.iter().any(|line| line.store != *store)
        {
            return Err(Refusal::NotEntitled { by: self.me.clone() });
        }
        self.decided_otherwise()?;
        Ok(Answer::Say(Step::Approve { of: of.clone(), rule, remark }))
    }

    fn reject(&self, now: &Purchase, reason: Box<str>) -> Result<Answer, Refusal> {
        let earlier = self.mine().find_map(|step| match step {
            Step::Reject { reason } => Some(reason),
            _ => None,
        });
        if let Some(earlier) = earlier {
            let same = *earlier == reason;
            let by = self.me.clone();
            return if same { Ok(Answer::Before) } else { Err(Refusal::SaidOtherwise { by }) };
        }
        match (&now.order, now.stage) {
            (_, stage) if stage > Stage::Submitted => return Err(Refusal::TooLate { stage }),
            (Some((of, _)), _) => self.may_decide(of)?,
            (None, _) if *self.me == Party::HeadOffice => {}
            (None, _) => return Err(Refusal::NotEntitled { by: self.me.clone() }),
        }
        self.decided_otherwise()?;
        Ok(Answer::Say(Step::Reject { reason }))
    }

    fn send(&self, now: &Purchase, remark: Option<Box<str>>) -> Result<Answer, Refusal> {
        ordered(now)?;
        match now.stage {
            Stage::Approved => Ok(Answer::Say(Step::Send { remark })),
            Stage::Draft | Stage::Submitted => Err(Refusal::NotApproved),
            Stage::Sent | Stage::PartlyReceived | Stage::Received => Ok(Answer::Before),
            stage => Err(Refusal::TooLate { stage }),
        }
    }

    fn track(&self, now: &Purchase, shipment: Shipment) -> Result<Answer, Refusal> {
        ordered(now)?;
        if matches!(now.stage, Stage::Rejected | Stage::Cancelled) {
            return Err(Refusal::TooLate { stage: now.stage });
        }
        let mine = self.mine().filter_map(|step| match step {
            Step::Track { number, shipment } => Some((number, shipment)),
            _ => None,
        });
        let last = mine.max_by_key(|(number, _)| **number);
        if last.is_some_and(|(_, said)| *said == shipment) {
            return Ok(Answer::Before);
        }
        let number = last.map_or(NonZeroU32::MIN, |(number, _)| number.saturating_add(1));
        Ok(Answer::Say(Step::Track { number, shipment }))
    }

    fn close(&self, now: &Purchase, reason: Box<str>) -> Result<Answer, Refusal> {
        if self.mine().any(|step| matches!(step, Step::Close { .. })) {
            return Ok(Answer::Before);
        }
        if now.stage < Stage::Approved {
            return Err(Refusal::NotApproved);
        }
        let mine = |store: &StoreId| match self.me {
            Party::HeadOffice => true,
            Party::Store(me) => me == store,
        };
        if !now.lines.iter().any(|((store, _), line)| line.open > 0 && mine(store)) {
            return Err(Refusal::NothingOpen);
        }
        Ok(Answer::Say(Step::Close { reason }))
    }

    fn cancel(&self, now: &Purchase, reason: Box<str>) -> Result<Answer, Refusal> {
        if self.mine().any(|step| matches!(step, Step::Cancel { .. })) {
            return Ok(Answer::Before);
        }
        match now.stage {
            Stage::PartlyReceived | Stage::Received => return Err(Refusal::GoodsCame),
            stage @ (Stage::Rejected | Stage::Cancelled | Stage::ShortClosed) => {
                return Err(Refusal::TooLate { stage });
            }
            _ => {}
        }
        let buyer = now.buyer.as_ref();
        if *self.me != Party::HeadOffice && buyer.is_some_and(|buyer| buyer != self.me) {
            return Err(Refusal::NotEntitled { by: self.me.clone() });
        }
        Ok(Answer::Say(Step::Cancel { reason }))
    }

    /// Head office decides on anything; a store on what it ordered itself.
    fn may_decide(&self, of: &Revision) -> Result<(), Refusal> {
        if *self.me == Party::HeadOffice || of.by == *self.me {
            return Ok(());
        }
        Err(Refusal::NotEntitled { by: self.me.clone() })
    }

    /// Nobody agrees and doesn't.
    fn decided_otherwise(&self) -> Result<(), Refusal> {
        let decided =
            self.mine().any(|step| matches!(step, Step::Approve { .. } | Step::Reject { .. }));
        if decided { Err(Refusal::SaidOtherwise { by: self.me.clone() }) } else { Ok(()) }
    }

    fn mine(&self) -> impl Iterator<Item = &Step> {
        self.events().filter(|event| event.by == *self.me).map(|event| &event.step)
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Said(event) => Some(event),
            Entry::Unread(_) => None,
        })
    }
}

/// The order that counts.
fn ordered(now: &Purchase) -> Result<(&Revision, &Ordered), Refusal> {
    now.order.as_ref().map(|(revision, order)| (revision, order)).ok_or(Refusal::NothingOrdered)
}

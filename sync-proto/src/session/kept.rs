//! Comparing what store and hub keep of the same facts: the hub asks, the store answers, and the hub
//! looks into what differs.
//!
//! A store may sell between question and answer. So each answer names the store's last fact, and the
//! hub compares its own numbers after that very fact: it waits until it has it, or asks again if it
//! has gone past it already.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use ledger::check::replicas::{Difference, RowKey};
use ledger::time::BusinessDate;

use super::bounds::{MAX_ANSWERS_AT_ONCE, MAX_PASSED_BY};
use super::{CloseReason, Event, Phase, Purpose, Session};
use crate::ask::Ask;
use crate::clock::Now;
use crate::kept::{
    BUCKETS, Bucket, Comparison, FIRST_VERSION, Kept, KeyTag, MAX_MARKS, MAX_ROWS, Mark,
    NotCompared, Prefix, Question, Told, Wants,
};
use crate::message::Message;
use crate::replica::Head;

/// Where the comparison stands, at either end.
#[derive(Debug, Default)]
pub(super) struct Comparing {
    step: Step,
    /// What the hub asks next or has asked last.
    question: Option<Question>,
    last_number: u64,
    round_trips: u32,
    /// How often the hub's own numbers were past the store's answer.
    passed_by: u32,
    rows: u64,
    left_out: u64,
    /// On the store: questions that its replica is looking at.
    answering: usize,
}

#[derive(Debug, Default)]
enum Step {
    /// Nothing is under way.
    #[default]
    Idle,
    /// The question is to be sent.
    Due,
    /// The store owes the answer.
    Asked,
    /// The hub's replica is asked the same.
    Reading(Kept),
    /// The hub has not taken in yet what the store's answer counts.
    Behind(Kept),
}

impl Comparing {
    /// Whether the store owes an answer.
    pub(super) const fn awaits_peer(&self) -> bool {
        matches!(self.step, Step::Asked)
    }

    fn ask(&mut self, since: Option<BusinessDate>, wants: Wants) {
        self.last_number += 1;
        self.question = Some(Question { number: self.last_number, since, wants });
        self.step = Step::Due;
    }
}

impl Session {
    /// Compares what both sides keep, on the hub, as soon as they are in step; leaves rows of days before
    /// `since` out. [`Event::Compared`] tells what it came to. One that is under way is given up.
    pub fn handle_compare(&mut self, now: Now, since: Option<BusinessDate>) {
        if self.is_closed() || self.is_store() {
            return;
        }
        let last_number = self.comparing.last_number;
        self.comparing = Comparing { last_number, ..Comparing::default() };
        self.comparing.ask(since, Wants::Buckets(None));
        self.turn(now);
    }

    /// The hub asks, if it is time to.
    pub(super) fn ask_kept(&mut self) {
        let live = matches!(self.phase, Phase::Talking) && self.in_sync;
        if !live || !matches!(self.comparing.step, Step::Due) {
            return;
        }
        let Some(question) = self.comparing.question.clone() else { return };
        if self.version < FIRST_VERSION {
            return self.end_comparison(Err(NotCompared::OlderPeer));
        }
        self.comparing.step = Step::Asked;
        self.comparing.round_trips += 1;
        self.send(&Message::Compare(question));
    }

    /// The hub asks the store.
    pub(super) fn on_compare(&mut self, question: Question) {
        if !self.is_store() || self.version < FIRST_VERSION {
            return self.close(CloseReason::Unexpected("a question about what is kept"));
        }
        if self.comparing.answering >= MAX_ANSWERS_AT_ONCE {
            return self
                .close(CloseReason::Unexpected("more questions before the last was answered"));
        }
        self.comparing.answering += 1;
        self.ask(Purpose::AnswerKept(question.number), Ask::Kept(question));
    }

    pub(super) fn on_kept_answered(&mut self, number: u64, kept: Kept) {
        self.comparing.answering = self.comparing.answering.saturating_sub(1);
        self.send(&Message::Compared(number, kept));
    }

    /// The store answers the hub.
    pub(super) fn on_compared(&mut self, number: u64, theirs: Kept) {
        if self.is_store() || number == 0 || number > self.comparing.last_number {
            return self.close(CloseReason::Unexpected("an answer to what nobody asked"));
        }
        // Of a comparison that was given up.
        let Some(question) = self.comparing.question.clone() else { return };
        if number < question.number || !self.comparing.awaits_peer() {
            return;
        }
        if !theirs.told.answers(&question.wants) {
            return self.close(CloseReason::Unexpected("an answer to another question"));
        }
        self.read_kept(theirs);
    }

    fn read_kept(&mut self, theirs: Kept) {
        let Some(question) = self.comparing.question.clone() else { return };
        self.comparing.step = Step::Reading(theirs);
        self.ask(Purpose::ReadKept(question.number), Ask::Kept(question));
    }

    /// Looks again, after changes were taken in, whether the hub has what the store's answer counts.
    pub(super) fn reread_kept(&mut self) {
        match std::mem::take(&mut self.comparing.step) {
            Step::Behind(theirs) => self.read_kept(theirs),
            other => self.comparing.step = other,
        }
    }

    pub(super) fn on_kept_read(&mut self, number: u64, ours: Kept) {
        let Some(question) = self.comparing.question.clone() else { return };
        if number != question.number {
            return;
        }
        let theirs = match std::mem::take(&mut self.comparing.step) {
            Step::Reading(theirs) => theirs,
            other => return self.comparing.step = other,
        };
        match order(ours.head, theirs.head) {
            Some(Ordering::Equal) => self.look_into(&question, theirs, ours),
            Some(Ordering::Less) => self.comparing.step = Step::Behind(theirs),
            Some(Ordering::Greater) | None => {
                self.comparing.passed_by += 1;
                if self.comparing.passed_by > MAX_PASSED_BY {
                    return self.end_comparison(Err(NotCompared::Busy));
                }
                self.comparing.ask(question.since, question.wants);
            }
        }
    }

    /// Both sides have answered, after the same fact.
    fn look_into(&mut self, question: &Question, theirs: Kept, ours: Kept) {
        let head = ours.head;
        let next = match (&question.wants, theirs.told, ours.told) {
            (Wants::Buckets(under), Told::Buckets(theirs), Told::Buckets(ours)) => {
                if under.is_none() {
                    self.comparing.rows = ours.iter().map(|bucket| bucket.rows).sum();
                }
                let (wants, left_out) = differing_buckets(*under, &theirs, &ours);
                self.comparing.left_out += left_out;
                wants
            }
            (Wants::Marks(_), Told::Marks(theirs), Told::Marks(ours)) => {
                let mut keys = differing_keys(&theirs, &ours);
                self.comparing.left_out += keys.len().saturating_sub(MAX_ROWS) as u64;
                keys.truncate(MAX_ROWS);
                (!keys.is_empty()).then_some(Wants::Rows(keys))
            }
            (Wants::Rows(_), Told::Rows(theirs), Told::Rows(ours)) => {
                return self.tell_compared(head, differing_rows(theirs, ours));
            }
            _ => return self.close(CloseReason::WrongAnswer),
        };
        match next {
            Some(wants) => self.comparing.ask(question.since, wants),
            None => self.tell_compared(head, Vec::new()),
        }
    }

    fn tell_compared(&mut self, head: Option<Head>, differences: Vec<Difference>) {
        let Comparing { round_trips, rows, left_out, .. } = self.comparing;
        self.end_comparison(Ok(Comparison { head, round_trips, rows, differences, left_out }));
    }

    fn end_comparison(&mut self, ended: Result<Comparison, NotCompared>) {
        self.comparing.step = Step::Idle;
        self.comparing.question = None;
        self.tell(Event::Compared(ended));
    }
}

/// How two ends of a store's history stand to each other; nothing if they part.
fn order(ours: Option<Head>, theirs: Option<Head>) -> Option<Ordering> {
    let place = |head: Option<Head>| head.map(|head| (head.epoch, head.seq));
    // A fresh store's end is in its first epoch, before the first fact.
    let place = |head| place(head).filter(|(_, seq)| *seq > 0);
    let order = place(ours).cmp(&place(theirs));
    let same = || place(ours).is_none() || ours.map(|h| h.link) == theirs.map(|h| h.link);
    (order != Ordering::Equal || same()).then_some(order)
}

/// What to ask for next, and how many of the buckets that differ are left out.
///
/// As many buckets are looked into as have, on the side that has more, half the marks that an answer
/// may bring: they may have grown meanwhile.
fn differing_buckets(
    under: Option<u8>,
    theirs: &[Bucket],
    ours: &[Bucket],
) -> (Option<Wants>, u64) {
    const ROOM: u64 = MAX_MARKS as u64 / 2;
    let both = theirs.iter().zip(ours).take(BUCKETS).zip(0_u8..=u8::MAX);
    let differing: Vec<(u8, u64)> = both
        .filter(|((theirs, ours), _)| theirs != ours)
        .map(|((theirs, ours), place)| (place, theirs.rows.max(ours.rows)))
        .collect();
    let (mut chosen, mut sum) = (Vec::new(), 0_u64);
    for (place, rows) in &differing {
        sum = sum.saturating_add(*rows);
        if sum > ROOM {
            break;
        }
        chosen.push(under.map_or(Prefix::One(*place), |first| Prefix::Two(first, *place)));
    }
    let left_out = |looked_into: usize| differing.len().saturating_sub(looked_into) as u64;
    match (differing.first(), under) {
        (None, _) => (None, 0),
        (Some(_), _) if !chosen.is_empty() => {
            let left_out = left_out(chosen.len());
            (Some(Wants::Marks(chosen)), left_out)
        }
        (Some((first, _)), None) => (Some(Wants::Buckets(Some(*first))), left_out(1)),
        // More in one bucket of a bucket than an answer holds: its beginning is looked into.
        (Some((second, _)), Some(first)) => {
            (Some(Wants::Marks(vec![Prefix::Two(first, *second)])), left_out(1))
        }
    }
}

/// The keys of which the two sides hold different rows, or one holds none.
fn differing_keys(theirs: &[Mark], ours: &[Mark]) -> Vec<KeyTag> {
    // Beyond its last key a full answer says nothing.
    let end = |marks: &[Mark]| {
        let full = marks.len() >= MAX_MARKS;
        marks.last().filter(|_| full).map_or(KeyTag([u8::MAX; 8]), |last| last.key)
    };
    let end = end(theirs).min(end(ours));
    let mut rows: BTreeMap<KeyTag, [Option<[u8; 8]>; 2]> = BTreeMap::new();
    for (side, marks) in [theirs, ours].into_iter().enumerate() {
        for mark in marks.iter().take_while(|mark| mark.key <= end) {
            rows.entry(mark.key).or_default()[side] = Some(mark.row);
        }
    }
    rows.into_iter().filter(|(_, [theirs, ours])| theirs != ours).map(|(key, _)| key).collect()
}

fn differing_rows(
    theirs: Vec<(RowKey, Vec<i64>)>,
    ours: Vec<(RowKey, Vec<i64>)>,
) -> Vec<Difference> {
    let mut theirs: BTreeMap<_, _> = theirs.into_iter().collect();
    let mut rows = Vec::new();
    for (key, at_hub) in ours {
        let at_store = theirs.remove(&key);
        rows.push(Difference { key, at_store, at_hub: Some(at_hub) });
    }
    let only_there = theirs.into_iter();
    rows.extend(only_there.map(|(key, row)| Difference { key, at_store: Some(row), at_hub: None }));
    rows.retain(|row| row.at_store != row.at_hub);
    rows
}

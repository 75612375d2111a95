//! The run itself: one agenda of happenings in virtual time.

use std::collections::BTreeMap;

use ledger::catalog::Field;
use ledger::id::{Sku, StoreId};
use ledger::time::{BusinessDate, Timestamp};
use sync_proto::ask::{Answer, answer};
use sync_proto::frame::FrameBuffer;
use sync_proto::memory::MemoryReplica;
use sync_proto::replica::Replica;
use sync_proto::schedule::backoff;
use sync_proto::session::{CloseReason, Config, Effect, Event, RECHECK_INTERVAL, Session};
use sync_proto::{ChainId, Collection, Writer};

use super::check;
use super::network::{End, Link, Weather};
use super::node::{LinkId, Node, Talk};
use super::plan::{Fault, Plan};
use super::shop::{Deal, Sale, Shop};
use super::trace::Trace;
use crate::dice::Dice;

/// The hub's place among the machines.
pub(super) const HUB: usize = 0;

/// Within this time after the weather clears, all replicas must hold the same: one period of a
/// silent peer, one of waiting to try again, and what there is to send.
const CALM_BOUND: u64 = 5 * 60 * 1_000;

/// How long a store that hangs up once in sync stays away.
const PERIOD: u64 = 2 * 60 * 1_000;

/// How often the calm world is looked at.
const GLANCE: u64 = 1_000;

/// The longest until the hub notices that a connection is gone; a store notices sooner.
const HUB_NOTICES: u64 = 45_000;
const STORE_NOTICES: u64 = 3_000;

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The hash of everything that happened.
    pub trace: [u8; 32],
    /// How many facts the hub holds at the end.
    pub facts: usize,
    /// How many facts were set aside because histories had parted.
    pub set_aside: usize,
    /// How long after the weather cleared all was equal, in milliseconds.
    pub calm_after: u64,
}

/// A chain of stores in virtual time.
#[derive(Debug)]
pub struct World {
    pub(super) plan: Plan,
    pub(super) nodes: Vec<Node>,
    pub(super) shop: Shop,
    chain: ChainId,
    dice: Dice,
    ticks: u64,
    agenda: BTreeMap<(u64, u64), Happening>,
    serial: u64,
    links: BTreeMap<LinkId, Link>,
    weather: Weather,
    trace: Trace,
    /// What must not be, as soon as it is seen.
    wrong: Option<String>,
}

#[derive(Debug)]
enum Happening {
    Arrive {
        link: LinkId,
        to: End,
        bytes: Vec<u8>,
    },
    /// An end learns that its connection is no more.
    Gone {
        link: LinkId,
        end: End,
    },
    /// The first question of a session is answered.
    Answered {
        machine: usize,
        life: u64,
        link: LinkId,
    },
    Wake {
        machine: usize,
        life: u64,
        link: LinkId,
        at: u64,
    },
    Dial {
        machine: usize,
        life: u64,
    },
    Customer {
        machine: usize,
    },
    Booked {
        machine: usize,
        life: u64,
    },
    Edit {
        machine: usize,
    },
    Fault(Fault),
    Restart {
        machine: usize,
    },
    Retire {
        machine: usize,
    },
    Clear,
    Glance,
}

impl World {
    /// The world of a plan, before anything has happened.
    pub fn new(plan: Plan) -> Self {
        let chain: ChainId = "sim".parse().expect("letters are a chain id");
        let mut nodes = vec![node(&chain, Writer::Hub)];
        for number in 1..=plan.stores {
            let store = StoreId::new(&format!("S{number}")).expect("a letter and a digit");
            nodes.push(node(&chain, Writer::Store(store)));
        }
        let weather = Weather { latency_max: plan.latency_max, loss_percent: plan.loss_percent };
        let mut world = Self {
            dice: Dice::new(plan.seed),
            nodes,
            chain,
            ticks: 0,
            agenda: BTreeMap::new(),
            serial: 0,
            links: BTreeMap::new(),
            weather,
            shop: Shop::default(),
            trace: Trace::new(),
            wrong: None,
            plan,
        };
        world.open();
        world
    }

    /// Runs until all is equal after the weather has cleared, or says what is wrong.
    pub fn run(mut self) -> Result<Outcome, String> {
        while let Some(((at, _), happening)) = self.agenda.pop_first() {
            self.ticks = at;
            if let Happening::Glance = happening {
                if self.is_calm() {
                    return self.finish();
                }
                if at > self.plan.clears_at + CALM_BOUND + self.patience() {
                    return Err(check::unsettled(&self));
                }
            }
            self.happen(happening);
            if let Some(wrong) = self.wrong.take() {
                return Err(format!("at {} ms: {wrong}", self.ticks));
            }
        }
        Err("nothing happens any more".to_owned())
    }

    fn open(&mut self) {
        for machine in 1..self.nodes.len() {
            for _ in 0..self.plan.backlog {
                let sale = Sale::any(&mut self.dice);
                self.record(machine, &sale, true);
            }
            self.dial_after(machine, self.dice.clone().below(5_000));
            self.schedule(self.plan.pace_max, Happening::Customer { machine });
        }
        if self.plan.edits {
            for machine in 0..self.nodes.len() {
                self.schedule(20_000, Happening::Edit { machine });
            }
        }
        for (at, fault) in self.plan.faults.clone() {
            self.schedule(at, Happening::Fault(fault));
        }
        self.schedule(self.plan.clears_at, Happening::Clear);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Arrive { link, to, bytes } => self.arrive(link, to, &bytes),
            Happening::Gone { link, end } => self.gone(link, end),
            Happening::Answered { machine, life, link } => self.answered(machine, life, link),
            Happening::Wake { machine, life, link, at } => self.wake(machine, life, link, at),
            Happening::Dial { machine, life } => self.dial(machine, life),
            Happening::Customer { machine } => self.customer(machine),
            Happening::Booked { machine, life } => self.booked(machine, life),
            Happening::Edit { machine } => self.edit(machine),
            Happening::Fault(fault) => self.fault(fault),
            Happening::Restart { machine } => self.restart(machine),
            Happening::Retire { machine } => self.retire(machine),
            Happening::Clear => self.clear(),
            Happening::Glance => self.schedule(GLANCE, Happening::Glance),
        }
    }

    // Machines.

    fn customer(&mut self, machine: usize) {
        if self.ticks >= self.plan.clears_at || self.nodes[machine].scrapped {
            return;
        }
        let pause = self.dice.between(1, self.plan.pace_max);
        self.schedule(pause, Happening::Customer { machine });
        if self.nodes[machine].up {
            let sale = Sale::any(&mut self.dice);
            self.nodes[machine].booking.push_back(sale);
            if self.nodes[machine].booking.len() == 1 {
                self.disk(machine, |life| Happening::Booked { machine, life });
            }
        }
    }

    fn booked(&mut self, machine: usize, life: u64) {
        if self.nodes[machine].life != life {
            return;
        }
        if let Some(sale) = self.nodes[machine].booking.pop_front() {
            self.record(machine, &sale, true);
            self.changed(machine, None);
        }
        if !self.nodes[machine].booking.is_empty() {
            self.disk(machine, |life| Happening::Booked { machine, life });
        }
    }

    fn record(&mut self, machine: usize, sale: &Sale, acked: bool) {
        let node = &self.nodes[machine];
        let Some(store) = node.writer.store().cloned() else { return };
        let at = node.now(self.ticks).wall;
        let date = day_of(at).plus_days(if sale.late { -1 } else { 0 });
        let mut text = String::new();
        let id = node.replica.record(date, |id| {
            text = sale.text(&store, id, date, at);
            text.clone()
        });
        self.trace.note(self.ticks, format_args!("{machine} books {id}"));
        self.shop.deals.insert((store, id, text), sale.deal(machine, acked));
    }

    fn edit(&mut self, machine: usize) {
        let pause = self.dice.between(1_000, 90_000);
        let forgotten =
            machine == HUB && self.plan.hub_forgets_from().is_some_and(|from| self.ticks >= from);
        if self.ticks >= self.plan.clears_at || self.nodes[machine].scrapped || forgotten {
            return;
        }
        self.schedule(pause, Happening::Edit { machine });
        if !self.nodes[machine].up {
            return;
        }
        let sku = Sku::new(&format!("69{:011}", self.dice.below(12))).expect("digits are a SKU");
        let value = self.dice.below(100).to_string();
        let field = match machine {
            HUB => *self.dice.pick(&[Field::Price, Field::NameZh]),
            _ => *self.dice.pick(&[Field::NameZh, Field::NameEn]),
        };
        let node = &self.nodes[machine];
        let edits = BTreeMap::from([(sku, BTreeMap::from([(field, value)]))]);
        if let Err(error) = node.replica.edit_catalog(&edits, node.now(self.ticks).wall) {
            self.wrong = Some(format!("machine {machine} cannot edit the catalog: {error}"));
        }
        self.changed(machine, None);
    }

    fn fault(&mut self, fault: Fault) {
        self.trace.note(self.ticks, format_args!("{fault:?}"));
        match fault {
            Fault::Break { store } => self.break_links(store),
            Fault::Partition { store, lasts } => {
                let store = &mut self.nodes[store];
                store.cut_off_until = store.cut_off_until.max(self.ticks + lasts);
                let writer = store.writer.clone();
                for machine in 0..self.nodes.len() {
                    if self.nodes[machine].writer == writer {
                        self.break_links(machine);
                    }
                }
            }
            Fault::Crash { machine, down } => self.crash(machine, down),
            Fault::ClockJump { machine, by } => self.nodes[machine].clock_ahead += by,
            Fault::SlowDisk { machine, lasts } => {
                self.nodes[machine].slow_until = self.ticks + lasts;
            }
            Fault::Backup { machine } => {
                self.nodes[machine].backup = Some(self.nodes[machine].replica.backup());
            }
            Fault::Restore { machine, down } => self.restore(machine, down),
            Fault::Clone { store, lasts } => self.clone_disk(store, lasts),
        }
    }

    fn crash(&mut self, machine: usize, down: u64) {
        if !self.nodes[machine].up {
            return;
        }
        // What the disk was doing either happened or did not; nobody is told.
        let under_way: Vec<_> = self.nodes[machine]
            .talks
            .values_mut()
            .filter_map(|talk| Some((talk.session.config().peer.clone(), talk.asks.pop_front()?.1)))
            .collect();
        for (peer, ask) in under_way {
            if self.dice.percent(50) {
                answer(&self.nodes[machine].replica, &peer, ask);
            }
        }
        if let Some(sale) = self.nodes[machine].booking.pop_front()
            && self.dice.percent(50)
        {
            self.record(machine, &sale, false);
        }
        let node = &mut self.nodes[machine];
        node.up = false;
        node.life += 1;
        node.booking.clear();
        self.break_links(machine);
        self.nodes[machine].talks.clear();
        self.schedule(down, Happening::Restart { machine });
    }

    fn restore(&mut self, machine: usize, down: u64) {
        let Some(backup) = self.nodes[machine].backup.take() else { return };
        self.crash(machine, down);
        let kept = backup.facts();
        for ((store, id, _), deal) in &mut self.shop.deals {
            if deal.machine == machine && !kept.contains_key(&(store.clone(), *id)) {
                deal.excused = true;
            }
        }
        self.nodes[machine].replica = backup;
        self.nodes[machine].may_part = true;
    }

    fn clone_disk(&mut self, store: usize, lasts: u64) {
        self.nodes[store].may_part = true;
        let node = &self.nodes[store];
        let mut clone = Node::new(node.writer.clone(), node.replica.backup());
        clone.may_part = true;
        clone.cut_off_until = node.cut_off_until;
        self.nodes.push(clone);
        let machine = self.nodes.len() - 1;
        self.dial_after(machine, 100);
        self.schedule(self.plan.pace_max, Happening::Customer { machine });
        self.schedule(lasts, Happening::Retire { machine });
    }

    fn retire(&mut self, machine: usize) {
        if self.nodes[machine].scrapped {
            return;
        }
        self.crash(machine, 0);
        self.nodes[machine].scrapped = true;
        let lost = |deal: &&mut Deal| deal.machine == machine;
        self.shop.deals.values_mut().filter(lost).for_each(|deal| deal.excused = true);
    }

    fn restart(&mut self, machine: usize) {
        if self.nodes[machine].up || self.nodes[machine].scrapped {
            return;
        }
        self.nodes[machine].up = true;
        if machine != HUB {
            self.dial_after(machine, 10);
        }
    }

    /// The weather clears: everything works from here on.
    fn clear(&mut self) {
        for machine in 0..self.nodes.len() {
            if machine > self.plan.stores {
                self.retire(machine);
            }
            self.nodes[machine].cut_off_until = 0;
            self.nodes[machine].slow_until = 0;
            self.restart(machine);
        }
        self.weather = Weather { latency_max: 40, loss_percent: 0 };
        self.trace.note(self.ticks, format_args!("the weather clears"));
        self.schedule(GLANCE, Happening::Glance);
    }

    // Connections.

    fn dial(&mut self, machine: usize, life: u64) {
        let node = &self.nodes[machine];
        if node.life != life || !node.up || node.scrapped || !node.talks.is_empty() {
            return;
        }
        if self.ticks < node.cut_off_until || !self.nodes[HUB].up {
            self.nodes[machine].failures += 1;
            return self.dial_later(machine);
        }
        self.serial += 1;
        let link = self.serial;
        let store = self.nodes[machine].writer.clone();
        self.trace.note(self.ticks, format_args!("{machine} connects as {link}"));
        if self.dice.percent(50) {
            // A hub that notices a new connection lets the old one go; it may also not notice.
            let old: Vec<LinkId> = self.nodes[HUB]
                .talks
                .iter()
                .filter(|(_, talk)| talk.session.config().peer == store)
                .map(|(link, _)| *link)
                .collect();
            old.into_iter().for_each(|link| self.gone(link, End::Hub));
        }
        self.links.insert(link, Link::new(machine));
        for (at, me, peer) in
            [(machine, store.clone(), Writer::Hub), (HUB, Writer::Hub, store.clone())]
        {
            let config = Config { chain: self.chain.clone(), me, peer };
            let session = Session::new(config, self.nodes[at].now(self.ticks));
            self.nodes[at].talks.insert(link, Talk::new(session));
            self.drain(at, link);
        }
    }

    fn dial_after(&mut self, machine: usize, wait: u64) {
        let life = self.nodes[machine].life;
        self.schedule(wait, Happening::Dial { machine, life });
    }

    fn dial_later(&mut self, machine: usize) {
        let wait = backoff(self.nodes[machine].failures, self.dice.any());
        self.dial_after(machine, wait.0);
    }

    fn arrive(&mut self, link: LinkId, to: End, bytes: &[u8]) {
        let Some(machine) = self.machine_at(link, to) else { return };
        let now = self.nodes[machine].now(self.ticks);
        let Some(talk) = self.nodes[machine].talks.get_mut(&link) else { return };
        talk.incoming.push(bytes);
        loop {
            match FrameBuffer::next_frame(&mut talk.incoming) {
                Ok(Some(frame)) => talk.session.handle_frame(now, &frame),
                Ok(None) => break,
                Err(error) => {
                    talk.session.handle_frame_error(now, error);
                    break;
                }
            }
        }
        self.drain(machine, link);
    }

    /// Every connection of a machine breaks. What is on the way is lost, or arrives late.
    fn break_links(&mut self, machine: usize) {
        let links: Vec<LinkId> = self.nodes[machine].talks.keys().copied().collect();
        for id in links {
            if let Some(link) = self.links.get_mut(&id) {
                link.broken = true;
            }
            for end in [End::Store, End::Hub] {
                if self.dice.percent(60) {
                    self.agenda.retain(|_, happening| {
                        !matches!(happening, Happening::Arrive { link, to, .. } if *link == id && *to == end)
                    });
                }
            }
            let wait = self.dice.below(STORE_NOTICES);
            self.schedule(wait, Happening::Gone { link: id, end: End::Store });
            let wait = self.dice.below(HUB_NOTICES);
            self.schedule(wait, Happening::Gone { link: id, end: End::Hub });
        }
    }

    fn gone(&mut self, link: LinkId, end: End) {
        let Some(machine) = self.machine_at(link, end) else { return };
        if self.nodes[machine].talks.remove(&link).is_none() {
            return;
        }
        self.trace.note(self.ticks, format_args!("{machine} loses {link}"));
        if let Some(link) = self.links.get_mut(&link) {
            link.broken = true;
        }
        if end == End::Hub {
            let wait = self.dice.below(STORE_NOTICES);
            self.schedule(wait, Happening::Gone { link, end: End::Store });
        } else {
            self.nodes[machine].failures += 1;
            self.dial_later(machine);
        }
    }

    fn machine_at(&self, link: LinkId, end: End) -> Option<usize> {
        match end {
            End::Hub => Some(HUB),
            End::Store => self.links.get(&link).map(|link| link.machine),
        }
    }

    // Sessions.

    /// Something was appended at a machine, by someone else than one of its sessions.
    fn changed(&mut self, machine: usize, by: Option<LinkId>) {
        let links: Vec<LinkId> = self.nodes[machine].talks.keys().copied().collect();
        for link in links.into_iter().filter(|link| Some(*link) != by) {
            let now = self.nodes[machine].now(self.ticks);
            if let Some(talk) = self.nodes[machine].talks.get_mut(&link) {
                talk.session.handle_local_change(now);
            }
            self.drain(machine, link);
        }
    }

    fn answered(&mut self, machine: usize, life: u64, link: LinkId) {
        let node = &mut self.nodes[machine];
        if node.life != life {
            return;
        }
        let now = node.now(self.ticks);
        let Some(talk) = node.talks.get_mut(&link) else { return };
        let Some((id, ask)) = talk.asks.pop_front() else { return };
        let answer = answer(&node.replica, &talk.session.config().peer.clone(), ask);
        if let Answer::Failed(error) = &answer {
            self.wrong = Some(format!("machine {machine}: {error}: {}", error.source));
        }
        talk.session.handle_answer(now, id, answer);
        if !talk.asks.is_empty() {
            self.disk(machine, |life| Happening::Answered { machine, life, link });
        }
        self.drain(machine, link);
    }

    fn wake(&mut self, machine: usize, life: u64, link: LinkId, at: u64) {
        let node = &mut self.nodes[machine];
        let now = node.now(self.ticks);
        let Some(talk) = node.talks.get_mut(&link) else { return };
        if node.life == life && talk.timer == Some(at) {
            talk.timer = None;
            talk.session.handle_timeout(now);
            self.drain(machine, link);
        }
    }

    /// Carries out what a session wants done.
    fn drain(&mut self, machine: usize, link: LinkId) {
        while let Some(talk) = self.nodes[machine].talks.get_mut(&link) {
            match talk.session.poll_effect() {
                Some(Effect::Send(bytes)) => self.send(machine, link, &bytes),
                Some(Effect::Ask(id, ask)) => {
                    talk.asks.push_back((id, ask));
                    if talk.asks.len() == 1 {
                        self.disk(machine, |life| Happening::Answered { machine, life, link });
                    }
                }
                Some(Effect::Event(event)) => self.event(machine, link, event),
                Some(Effect::Close(reason)) => self.closed(machine, link, &reason),
                None => break,
            }
        }
        let life = self.nodes[machine].life;
        let Some(talk) = self.nodes[machine].talks.get_mut(&link) else { return };
        let timer = talk.session.poll_timeout().map(|at| at.0.max(self.ticks));
        if timer != talk.timer {
            talk.timer = timer;
            if let Some(at) = timer {
                let wait = at - self.ticks;
                self.schedule(wait, Happening::Wake { machine, life, link, at });
            }
        }
    }

    fn send(&mut self, machine: usize, id: LinkId, bytes: &[u8]) {
        let to = if machine == HUB { End::Hub.other() } else { End::Store.other() };
        self.trace.note(self.ticks, format_args!("{machine} sends {} bytes on {id}", bytes.len()));
        let Some(link) = self.links.get_mut(&id) else { return };
        for piece in link.send(self.ticks, to, bytes, self.weather, &mut self.dice) {
            let arrive = Happening::Arrive { link: id, to, bytes: piece.bytes };
            self.schedule(piece.arrives - self.ticks, arrive);
        }
    }

    fn event(&mut self, machine: usize, link: LinkId, event: Event) {
        self.trace.note(self.ticks, format_args!("{machine} on {link}: {event:?}"));
        match event {
            Event::Received { collections, .. } => {
                let shared = |of: &Collection| !matches!(of, Collection::Books { .. });
                if machine == HUB && collections.iter().any(shared) {
                    self.changed(HUB, Some(link));
                }
            }
            Event::AckedUpTo(head) if self.plan.hub_forgets_from().is_none() => {
                let Some(store) = self.nodes[machine].writer.store() else { return };
                let held = self.nodes[HUB].replica.link_at(store, head.epoch, head.seq);
                if !matches!(held, Ok(Some(link)) if link == head.link) {
                    self.wrong = Some(format!("{store} was told of {head:?}, which is not there"));
                }
            }
            Event::InSync if machine != HUB => {
                self.nodes[machine].failures = 0;
                if self.plan.periodic {
                    let now = self.nodes[machine].now(self.ticks);
                    if let Some(talk) = self.nodes[machine].talks.get_mut(&link) {
                        talk.session.handle_shutdown(now);
                    }
                }
            }
            Event::Quarantined(_) | Event::Forked { .. } | Event::TakeBack(_)
                if !self.parting_is_possible() =>
            {
                self.wrong = Some(format!("machine {machine}: {event:?}"));
            }
            Event::Forgotten { .. } if self.plan.hub_forgets_from().is_none() => {
                self.wrong = Some(format!("machine {machine}: {event:?}"));
            }
            _ => {}
        }
    }

    fn closed(&mut self, machine: usize, id: LinkId, reason: &CloseReason) {
        self.trace.note(self.ticks, format_args!("{machine} closes {id}: {reason}"));
        let normal = matches!(
            reason,
            CloseReason::Asked
                | CloseReason::Silent
                | CloseReason::Peer(_)
                | CloseReason::Unsettled
        );
        if !normal {
            self.wrong = Some(format!("machine {machine} closes: {reason:?}"));
        }
        self.nodes[machine].talks.remove(&id);
        let end = if machine == HUB { End::Store } else { End::Hub };
        if let Some(link) = self.links.get_mut(&id) {
            link.broken = true;
            let wait = link.drained(end).saturating_sub(self.ticks) + 1;
            self.schedule(wait, Happening::Gone { link: id, end });
        }
        if machine == HUB {
            return;
        }
        if matches!(reason, CloseReason::Asked) {
            self.dial_after(machine, PERIOD);
        } else {
            self.nodes[machine].failures += 1;
            self.dial_later(machine);
        }
    }

    /// Whether some disk was restored or cloned, so that histories may part.
    pub(super) fn parting_is_possible(&self) -> bool {
        self.nodes.iter().any(|node| node.may_part)
    }

    // The end.

    fn is_calm(&self) -> bool {
        let hub = &self.nodes[HUB];
        self.nodes[1..=self.plan.stores].iter().all(|store| {
            let equal = store.replica.root(&Writer::Hub) == hub.replica.root(&store.writer);
            equal && store.replica.pending() == 0 && (self.plan.periodic || store.is_in_sync())
        })
    }

    /// Where two machines bore one name, what one sent late the other hears of when it compares
    /// anew. A restored hub may have to hear several stores' edits in turn, as each builds on another's.
    fn patience(&self) -> u64 {
        let period = if self.plan.periodic { PERIOD } else { 0 };
        let anew = match (self.parting_is_possible(), self.plan.hub_forgets_from()) {
            (_, Some(_)) => 4,
            (true, None) => 1,
            (false, None) => 0,
        };
        period + anew * RECHECK_INTERVAL.0
    }

    fn finish(mut self) -> Result<Outcome, String> {
        check::everything(&self)?;
        let facts = self.nodes[HUB].replica.facts().len();
        self.trace.note(self.ticks, format_args!("all is equal: {facts} facts"));
        Ok(Outcome {
            trace: self.trace.hash(),
            facts,
            set_aside: self.nodes.iter().map(|node| node.replica.set_aside_facts().len()).sum(),
            calm_after: self.ticks - self.plan.clears_at,
        })
    }

    fn disk(&mut self, machine: usize, done: impl FnOnce(u64) -> Happening) {
        let node = &self.nodes[machine];
        let slow = if self.ticks < node.slow_until { 50 } else { 1 };
        let done = done(node.life);
        let wait = (1 + self.dice.below(self.plan.disk_max)) * slow;
        self.schedule(wait, done);
    }

    fn schedule(&mut self, wait: u64, happening: Happening) {
        self.serial += 1;
        self.agenda.insert((self.ticks + wait, self.serial), happening);
    }
}

fn node(chain: &ChainId, writer: Writer) -> Node {
    let replica = MemoryReplica::new(chain.clone(), writer.clone());
    Node::new(writer, replica)
}

/// The day of a wall clock's time.
fn day_of(at: Timestamp) -> BusinessDate {
    let first: BusinessDate = "1970-01-01".parse().expect("a date");
    let days = at.millis().div_euclid(24 * 60 * 60 * 1_000);
    first.plus_days(i32::try_from(days).unwrap_or(0))
}

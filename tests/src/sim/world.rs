//! The run itself: one agenda of happenings in virtual time.

mod connections;
mod counts;
mod days;
mod desks;
mod edits;
mod machines;
mod orders;
mod purchases;
mod sessions;

use std::collections::BTreeMap;

use sync_proto::memory::MemoryReplica;
use sync_proto::replica::Replica;
use sync_proto::session::RECHECK_INTERVAL;
use sync_proto::{ChainId, Collection, OrderKind, Writer};

use super::check;
use super::ending::Ending;
use super::network::{End, Link, Weather};
use super::node::{LinkId, Node};
use super::plan::{Fault, Plan};
use super::shop::Shop;
use super::till::Sale;
use super::trace::Trace;
use crate::dice::Dice;
pub(super) use orders::{is_party, purchase_entry, transfer_entry};

/// The hub's place among the machines.
pub(super) const HUB: usize = 0;

/// The kinds of orders that people here write.
pub(super) const ORDERS: [OrderKind; 2] = [OrderKind::Transfer, OrderKind::Purchase];

/// Within this time after the weather clears, all replicas must hold the same: one period of a
/// silent peer, one of waiting to try again, and what there is to send.
const CALM_BOUND: u64 = 5 * 60 * 1_000;

/// How long a store that hangs up once in sync stays away.
const PERIOD: u64 = 2 * 60 * 1_000;

/// How often the calm world is looked at.
const GLANCE: u64 = 1_000;

/// The same where words are compared, which takes longer than all else in a run.
const CLOSE_LOOK: u64 = 30_000;

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The hash of everything that happened.
    pub trace: [u8; 32],
    /// How many facts the hub holds at the end.
    pub facts: usize,
    /// How many facts were set aside because histories had parted.
    pub set_aside: usize,
    /// How many transfers there were.
    pub transfers: usize,
    /// How many purchases there were.
    pub purchases: usize,
    /// How often each thing was done or befell, by its name.
    pub done: BTreeMap<&'static str, u64>,
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
    /// How often each thing was done.
    done: BTreeMap<&'static str, u64>,
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
    /// Somebody looks after transfers and purchases.
    Operator {
        machine: usize,
    },
    /// Somebody, or the schedule, closes days.
    Evening {
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
            nodes.push(node(&chain, Writer::Store(orders::store_numbered(number as u64))));
        }
        nodes.iter_mut().for_each(|node| node.clock_ahead = plan.begins);
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
            done: BTreeMap::new(),
            wrong: None,
            plan,
        };
        world.open();
        world
    }

    /// Runs until all is equal after the weather has cleared, or says what is wrong.
    pub fn run(mut self) -> Result<(Outcome, Ending), String> {
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
                self.sell(machine, &sale, true);
            }
            self.dial_after(machine, self.dice.clone().below(5_000));
            self.schedule(self.plan.pace_max, Happening::Customer { machine });
            self.schedule(self.plan.close_pace_max, Happening::Evening { machine });
        }
        for machine in 0..self.nodes.len() {
            self.schedule(self.plan.desk_pace_max, Happening::Operator { machine });
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
            Happening::Operator { machine } => self.operator(machine),
            Happening::Evening { machine } => self.evening(machine),
            Happening::Booked { machine, life } => self.booked(machine, life),
            Happening::Edit { machine } => self.edit(machine),
            Happening::Fault(fault) => self.fault(fault),
            Happening::Restart { machine } => self.restart(machine),
            Happening::Retire { machine } => self.retire(machine),
            Happening::Clear => self.clear(),
            Happening::Glance => {
                let forgotten = !self.shop.forgotten.is_empty();
                let pause = if forgotten { CLOSE_LOOK } else { GLANCE };
                self.schedule(pause, Happening::Glance);
            }
        }
    }

    /// Whether some disk was restored or cloned, so that histories may part.
    pub(super) fn parting_is_possible(&self) -> bool {
        self.nodes.iter().any(|node| node.may_part)
    }

    fn is_calm(&self) -> bool {
        let hub = &self.nodes[HUB];
        self.nodes[1..=self.plan.stores].iter().all(|store| {
            let equal = store.replica.root(&Writer::Hub) == hub.replica.root(&store.writer);
            store.replica.pending() == 0
                && (self.plan.periodic || store.is_in_sync())
                && (equal || self.differs_by_forgotten(store))
        })
    }

    /// Whether a store holds what the hub does, but for words of head office that were lost with the
    /// hub's disk and that the hub takes back from nobody.
    fn differs_by_forgotten(&self, store: &Node) -> bool {
        if self.shop.forgotten.is_empty() {
            return false;
        }
        let hub = &self.nodes[HUB];
        let but_orders = |replica: &MemoryReplica, peer| {
            let mut digests = replica.collections(peer).expect("it can be read").digests;
            digests.retain(|collection, _| !matches!(collection, Collection::Orders { .. }));
            digests
        };
        let mut words = machines::words(&store.replica);
        words.retain(|word| !self.shop.forgotten.contains(word));
        let mut at_hub = machines::words(&hub.replica);
        at_hub.retain(|(id, ..)| is_party(&store.writer, id));
        words == at_hub
            && but_orders(&store.replica, &Writer::Hub) == but_orders(&hub.replica, &store.writer)
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

    fn finish(mut self) -> Result<(Outcome, Ending), String> {
        let ending = Ending::of(&self)?;
        let findings = check::findings(&ending);
        if !findings.is_empty() {
            let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
            return Err(lines.join("\n"));
        }
        let facts = ending.hub().facts.len();
        self.trace.note(self.ticks, format_args!("all is equal: {facts} facts"));
        let aside = self.nodes.iter().map(|node| node.replica.set_aside_facts().len()).sum();
        let outcome = Outcome {
            trace: self.trace.hash(),
            facts,
            set_aside: aside,
            transfers: ending.hub().transfers.len(),
            purchases: ending.hub().purchases.len(),
            calm_after: self.ticks - self.plan.clears_at,
            done: self.done,
        };
        Ok((outcome, ending))
    }

    pub(super) fn count(&mut self, what: &'static str) {
        *self.done.entry(what).or_default() += 1;
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

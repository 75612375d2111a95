//! A model checker: two stores and head office share two units of one member's value. Every state that
//! any order of events leads to is visited: spending, granting, asking back, letters and facts that
//! come late, out of order, twice or never, disks that are lost, backups of stores and of head office that
//! are restored at any time, and what a person writes off.
//!
//! In no state has more been spent than was paid in. With the rule broken that keeps it so, the checker
//! finds a state where it has.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use super::*;

/// What is paid in at the first store, at the start.
const PAID_IN: i64 = 2;

/// The most letters that are written, histories that a store has, and histories that head office has.
#[derive(Clone, Copy)]
struct Bounds {
    letters: usize,
    store_epochs: u32,
    hub_epochs: u32,
}

/// Which rules are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// All of them.
    Kept,
    /// A restored store goes on with the rights that its backup knows of.
    Revived,
    /// Whoever disposes of what former histories had doesn't see to it that nothing is missing.
    Unsure,
}

type HolderNo = (usize, u32);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Booked {
    PaidIn,
    Spent,
    Answered { letter: usize, pool: u32, amount: i64 },
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Written {
    pool: u32,
    to: HolderNo,
    write_off: bool,
    amount: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct World {
    /// Everything that ever was booked, whoever still has it.
    facts: BTreeMap<HolderNo, Vec<Booked>>,
    /// Every letter that ever was written.
    letters: Vec<Written>,
    /// The history of each store.
    epochs: [u32; 2],
    /// How many facts of its first history a restored store goes by, against the rule.
    revived: [usize; 2],
    hub: Hub,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hub {
    epoch: u32,
    /// How much of each history it has seen.
    seen: BTreeMap<HolderNo, usize>,
    letters: BTreeSet<usize>,
}

impl World {
    fn start() -> Self {
        Self {
            facts: BTreeMap::from([((0, 1), vec![Booked::PaidIn])]),
            letters: Vec::new(),
            epochs: [1, 1],
            revived: [0, 0],
            hub: Hub { epoch: 1, seen: BTreeMap::new(), letters: BTreeSet::new() },
        }
    }

    fn spent(&self) -> i64 {
        let spent = self.facts.values().flatten().filter(|fact| **fact == Booked::Spent);
        i64::try_from(spent.count()).unwrap()
    }

    /// What a store may spend: by its own facts of its present history, all of which it has.
    fn rights(&self, store: usize) -> i64 {
        let facts = |epoch| self.facts.get(&(store, epoch)).map_or(&[] as &[Booked], Vec::as_slice);
        let mine = facts(self.epochs[store]).iter().map(rights).sum::<i64>();
        mine + facts(1).iter().take(self.revived[store]).map(rights).sum::<i64>()
    }

    /// Where the value is, as head office knows it.
    fn standing(&self) -> Standing {
        let (mut entries, mut answers) = (Vec::new(), Vec::new());
        for (who, seen) in &self.hub.seen {
            for fact in &self.facts[who][..*seen] {
                let balance = if let Booked::Answered { .. } = fact { 0 } else { rights(fact) };
                entries.push(Entry { holder: named(*who), balance, rights: rights(fact) });
                if let Booked::Answered { letter, pool, amount } = fact {
                    let pool = Epoch::new(*pool).unwrap();
                    answers.push(Answer { letter: number(*letter), pool, amount: *amount });
                }
            }
        }
        let promise = |n: &usize| {
            let Written { pool, to, write_off, amount } = self.letters[*n];
            let purpose = if write_off { Purpose::WriteOff } else { Purpose::Move };
            let (pool, holder) = (Epoch::new(pool).unwrap(), named(to));
            Promise { letter: number(*n), pool, holder, purpose, amount }
        };
        let promises: Vec<_> = self.hub.letters.iter().map(promise).collect();
        Standing::of(&entries, &answers, &promises)
    }

    /// Whether a person can know that head office has everything: all facts, and the answers to all letters
    /// that may still be answered.
    fn is_in_step(&self) -> bool {
        let all = self
            .facts
            .iter()
            .all(|(who, facts)| self.hub.seen.get(who).copied().unwrap_or(0) == facts.len());
        all && (0..self.letters.len()).all(|n| {
            let Written { to, write_off, .. } = self.letters[n];
            let dead = to.1 < self.epochs[to.0];
            self.hub.letters.contains(&n) || write_off || dead || self.is_answered(n)
        })
    }

    fn is_answered(&self, n: usize) -> bool {
        let to = self.letters[n].to;
        let answers =
            |fact: &Booked| matches!(fact, Booked::Answered { letter, .. } if *letter == n);
        self.facts.get(&to).is_some_and(|facts| facts.iter().any(answers))
    }

    /// Every state that may follow.
    fn next(&self, bounds: Bounds, rule: Rule) -> Vec<Self> {
        let mut worlds = Vec::new();
        for store in 0..2 {
            let me = (store, self.epochs[store]);
            if self.rights(store) > 0 {
                worlds.push(self.with(|world| world.book(me, Booked::Spent)));
            }
            // A store is restored: of what it booked, head office may have seen any part.
            if self.epochs[store] < bounds.store_epochs {
                let facts = self.facts.get(&me).map_or(0, Vec::len);
                let most = if rule == Rule::Revived { facts } else { 0 };
                worlds.extend((0..=most).map(|kept| {
                    self.with(|world| {
                        world.epochs[store] += 1;
                        world.revived[store] = kept;
                    })
                }));
            }
            for n in 0..self.letters.len() {
                let asked = &self.letters[n];
                if asked.to == me && !asked.write_off && !self.is_answered(n) {
                    worlds.push(self.with(|world| world.answer(n)));
                }
            }
        }
        for (who, facts) in &self.facts {
            if self.hub.seen.get(who).copied().unwrap_or(0) < facts.len() {
                worlds.push(self.with(|world| *world.hub.seen.entry(*who).or_default() += 1));
            }
        }
        self.restore_hub(bounds, &mut worlds);
        if self.letters.len() < bounds.letters {
            self.write_letters(rule, &mut worlds);
        }
        worlds
    }

    /// Head office is restored: from a backup with nothing in it, or from one that lacks the last letter.
    fn restore_hub(&self, bounds: Bounds, worlds: &mut Vec<Self>) {
        if self.hub.epoch >= bounds.hub_epochs {
            return;
        }
        worlds.push(self.with(|world| {
            let epoch = world.hub.epoch + 1;
            world.hub = Hub { epoch, seen: BTreeMap::new(), letters: BTreeSet::new() };
        }));
        worlds.push(self.with(|world| {
            world.hub.epoch += 1;
            world.hub.letters.pop_last();
        }));
    }

    fn write_letters(&self, rule: Rule, worlds: &mut Vec<Self>) {
        let (standing, own) = (self.standing(), self.hub.epoch);
        let sure = rule == Rule::Unsure || self.is_in_step();
        for store in 0..2 {
            for epoch in 1..=self.epochs[store] {
                let to = (store, epoch);
                let mut write = |pool, write_off, amount| {
                    worlds.push(self.with(|world| {
                        world.hub.letters.insert(world.letters.len());
                        world.letters.push(Written { pool, to, write_off, amount });
                    }));
                };
                // Of a former pool a person disposes, who knows that nothing is missing.
                for pool in (1..=own).filter(|pool| *pool == own || sure) {
                    if standing.pool(Epoch::new(pool).unwrap()) > 0 {
                        write(pool, false, 1);
                    }
                }
                write(own, false, -1);
                let left = standing.may_write_off(&named(to), Epoch::new(own).unwrap());
                if sure && epoch < self.epochs[store] && left > 0 {
                    write(own, true, left);
                }
            }
        }
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut world = self.clone();
        change(&mut world);
        world
    }

    fn book(&mut self, who: HolderNo, fact: Booked) {
        self.facts.entry(who).or_default().push(fact);
    }

    fn answer(&mut self, n: usize) {
        let Written { pool, to, amount, .. } = self.letters[n].clone();
        let member = MemberId::new("M").unwrap();
        let asked = Letter { pool: Epoch::new(pool).unwrap(), ..letter(Purpose::Move, &[]) };
        let asked = Letter { lines: vec![(member, money(amount))], ..asked };
        let here = self.rights(to.0);
        let moved = answer(&number(n), &asked, |_| Ok::<_, Infallible>(here)).unwrap();
        let amount = moved.lines[0].1.ten_thousandths();
        self.book(to, Booked::Answered { letter: n, pool, amount });
    }
}

fn rights(fact: &Booked) -> i64 {
    match fact {
        Booked::PaidIn => PAID_IN,
        Booked::Spent => -1,
        Booked::Answered { amount, .. } => *amount,
    }
}

fn named((store, epoch): HolderNo) -> Holder {
    holder(&format!("S{store}"), epoch)
}

fn number(n: usize) -> LetterNo {
    LetterNo::new(&format!("S-2611-h{n}")).unwrap()
}

/// Visits every state. Gives how many there are, or the first in which too much was spent.
fn explore(bounds: Bounds, rule: Rule) -> Result<usize, Box<World>> {
    let mut seen = BTreeSet::from([World::start()]);
    let mut open = vec![World::start()];
    while let Some(world) = open.pop() {
        for next in world.next(bounds, rule) {
            if next.spent() > PAID_IN {
                return Err(Box::new(next));
            }
            assert!(next.standing().is_whole(), "{next:?}");
            if seen.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    Ok(seen.len())
}

#[test]
fn no_order_of_events_spends_value_twice() {
    let stores = Bounds { letters: 3, store_epochs: 2, hub_epochs: 1 };
    let office = Bounds { letters: 3, store_epochs: 1, hub_epochs: 2 };
    let both = Bounds { letters: 2, store_epochs: 2, hub_epochs: 2 };
    for bounds in [stores, office, both] {
        let states = explore(bounds, Rule::Kept).unwrap_or_else(|world| panic!("{world:?}"));
        assert!(states > 1_000, "{states} states are not every order of events");
    }
}

#[test]
fn the_checker_finds_what_broken_rules_lead_to() {
    let stores = Bounds { letters: 1, store_epochs: 2, hub_epochs: 1 };
    assert!(explore(stores, Rule::Revived).is_err(), "a backup brought rights back");
    let office = Bounds { letters: 3, store_epochs: 1, hub_epochs: 2 };
    assert!(explore(office, Rule::Unsure).is_err(), "a former pool was given out twice");
}

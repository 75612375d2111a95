//! Closed days that were signed wrongly, or touched afterwards.

use ledger::close::{ClosingStock, DayClose, Figures};
use ledger::fact::{Body, Fact};
use ledger::id::{FactId, StoreId};

use super::Planted;
use super::facts::{add_up, rewrite};
use crate::sim::close::{is_close, signature, signed};
use crate::sim::ending::Ending;

pub(super) const FAULTS: [Planted; 13] = [
    Planted {
        name: "a changed sum in a close",
        found_by: "closes agree with the books",
        plant: |ending| {
            said(ending, |said| {
                let sum = said.accounts.values_mut().next()?;
                sum.quantity += 1;
                Some(())
            })
        },
    },
    Planted {
        name: "a close that counts a fact too many",
        found_by: "closes agree with the books",
        plant: |ending| {
            said(ending, |said| {
                *said.kinds.values_mut().next()? += 1;
                Some(())
            })
        },
    },
    Planted {
        name: "a close with another closing stock",
        found_by: "closes agree with the books",
        plant: |ending| {
            said(ending, |said| {
                said.stock.digest = ClosingStock::default().summary().digest;
                Some(())
            })
        },
    },
    Planted {
        name: "a close after another history",
        found_by: "closes agree with the books",
        plant: |ending| {
            said(ending, |said| {
                said.history.link = said.history.link.then("a fact that nobody booked");
                Some(())
            })
        },
    },
    Planted {
        name: "a closing value off by one, everywhere",
        found_by: "closes are as recounted",
        plant: |ending| {
            said(ending, |said| {
                said.stock.total.value += 1;
                Some(())
            })
        },
    },
    Planted {
        name: "a fact of a closed day that changed",
        found_by: "closes agree with the books",
        plant: |ending| {
            (!ending.may_part).then_some(())?;
            let (key, close) = find(ending, is_close)?;
            let covered = |fact: &Fact| !is_close(fact) && fact.date == close.date;
            let (key, mut fact) = find(ending, |fact| covered(fact) && fact.store == key.0)?;
            fact.operator = "nobody".parse().ok();
            replace(ending, &key, &fact)?;
            Some(close.id.to_string())
        },
    },
    Planted {
        name: "a fact slipped into a closed day",
        found_by: "closes agree with the books",
        plant: |ending| {
            (!ending.may_part).then_some(())?;
            let (key, _) = slipped(ending)?;
            Some(key.1.to_string())
        },
    },
    Planted {
        name: "a fact booked to a day after its close",
        found_by: "closed days take no more",
        plant: |ending| {
            let (key, _) = slipped(ending)?;
            Some(format!("{} booked {}", key.0, key.1))
        },
    },
    Planted {
        name: "a late fact that hides its day",
        found_by: "closed days take no more",
        plant: |ending| {
            let (key, mut fact) = find(ending, |fact| fact.true_date.is_some())?;
            fact.true_date = None;
            replace(ending, &key, &fact)?;
            Some(format!("{} {}", key.0, key.1))
        },
    },
    Planted {
        name: "a close with another's signature",
        found_by: "closes are signed",
        plant: |ending| {
            let other = StoreId::new("S77").ok()?;
            signs(ending, |close| {
                let signature = signature(&other, close.statement());
                close.clone().signed(signature)
            })
        },
    },
    Planted {
        name: "a close that nobody signed",
        found_by: "closes are signed",
        plant: |ending| signs(ending, |close| DayClose::new(close.figures().clone())),
    },
    Planted {
        name: "a close that was changed after it was signed",
        found_by: "closes are signed",
        plant: |ending| {
            signs(ending, |close| {
                let mut figures = close.figures().clone();
                figures.stock.skus += 1;
                let signature = close.signature().unwrap_or_default().into();
                DayClose::new(figures).signed(signature)
            })
        },
    },
    Planted {
        name: "a missing close between two",
        found_by: "closed days leave no gap",
        plant: |ending| {
            (!ending.may_part).then_some(())?;
            let (later, key) = ending.shop.closes.iter().find_map(|(later, sealed)| {
                let mut closes = ending.shop.closes.iter();
                let (before, _) = closes.find(|(before, other)| {
                    before.0 == later.0
                        && sealed.date > other.date
                        && sealed.facts.contains_key(&other.date)
                })?;
                let held = |key: &(StoreId, FactId, String)| {
                    ending.hub().facts.get(&(key.0.clone(), key.1)) == Some(&key.2)
                };
                let once = ending.shop.closes.iter().filter(|(key, other)| {
                    key.0 == before.0 && other.date == ending.shop.closes[before].date
                });
                (held(later) && held(before) && once.count() == 1)
                    .then(|| (sealed.date, before.clone()))
            })?;
            let name = (key.0.clone(), key.1);
            for machine in &mut ending.machines {
                machine.facts.remove(&name);
                machine.changes.iter_mut().for_each(|(_, facts)| {
                    facts.retain(|(_, text)| *text != key.2);
                });
            }
            add_up(ending)?;
            Some(format!("{} closed {later}", key.0))
        },
    },
];

/// The name and the text of a fact at the hub.
type Key = (StoreId, FactId, String);

/// Has the first close say something else, with a good signature. Gives its number.
fn said(ending: &mut Ending, bend: impl FnOnce(&mut Figures) -> Option<()>) -> Option<String> {
    let (key, mut fact) = find(ending, counts(ending))?;
    let Body::DayClose(close) = &fact.body else { return None };
    let mut figures = close.figures().clone();
    bend(&mut figures)?;
    fact.body = Body::DayClose(Box::new(signed(&key.0, figures)));
    replace(ending, &key, &fact)?;
    Some(fact.id.to_string())
}

/// Has the first close signed otherwise. Gives its number.
fn signs(ending: &mut Ending, sign: impl FnOnce(&DayClose) -> DayClose) -> Option<String> {
    let (key, mut fact) = find(ending, counts(ending))?;
    let Body::DayClose(close) = &fact.body else { return None };
    fact.body = Body::DayClose(Box::new(sign(close)));
    replace(ending, &key, &fact)?;
    Some(format!("{} {}", key.0, fact.id))
}

/// Books the last fact of an epoch that has closed a day to that day instead.
fn slipped(ending: &mut Ending) -> Option<(Key, Fact)> {
    let closes: Vec<Fact> =
        all(ending).filter(|(_, fact)| is_close(fact)).map(|(_, f)| f).collect();
    let (key, mut fact, date) = all(ending).find_map(|(key, fact)| {
        let after = |close: &&Fact| {
            close.store == fact.store
                && close.id.epoch == fact.id.epoch
                && close.id.seq < fact.id.seq
                && close.date < fact.date
        };
        let close = closes.iter().find(after).filter(|_| !is_close(&fact))?;
        Some((key, fact, close.date))
    })?;
    (fact.date, fact.true_date) = (date, None);
    replace(ending, &key, &fact)?;
    Some((key, fact))
}

/// Whether a fact is the only close of its day.
fn counts(ending: &Ending) -> impl Fn(&Fact) -> bool + use<> {
    let closes: Vec<Fact> =
        all(ending).filter(|(_, fact)| is_close(fact)).map(|(_, f)| f).collect();
    move |fact| {
        let same = |other: &&Fact| (&other.store, other.date) == (&fact.store, fact.date);
        is_close(fact) && closes.iter().filter(same).count() == 1
    }
}

fn find(ending: &Ending, is_it: impl Fn(&Fact) -> bool) -> Option<(Key, Fact)> {
    all(ending).find(|(_, fact)| is_it(fact))
}

fn all(ending: &Ending) -> impl Iterator<Item = (Key, Fact)> + '_ {
    ending.hub().facts.iter().filter_map(|((store, id), text)| {
        Some(((store.clone(), *id, text.clone()), ledger::json::from_text(text).ok()?))
    })
}

fn replace(ending: &mut Ending, key: &Key, fact: &Fact) -> Option<()> {
    let text = ledger::json::to_text(fact);
    rewrite(ending, &(key.0.clone(), key.1), &key.2, &text)
}

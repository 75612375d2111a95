//! Members' stored value at head office: it is shared out among the stores, and a person disposes of what
//! machines had that are no more.
//!
//! Whoever writes a letter looks at the standing and writes in one transaction, so that nothing is granted
//! twice.

use std::collections::BTreeMap;
use std::time::Duration;

use books::Tx;
use books::read::MemberValue;
use console::{Exit, Lang, Told, words};
use ledger::amount::Money;
use ledger::escrow::{Holder, Letter, MAX_HOLDERS, MAX_MEMBERS, Purpose, Share, share};
use ledger::id::{Epoch, LetterNo, MemberId, Operator, StoreId};
use ledger::time::Timestamp;
use thiserror::Error;
use tokio::time::{Instant, sleep};

use crate::error::Result;
use crate::hub::Hub;
use crate::registry::Standing;

/// How long changes gather before value is shared out again: stores sell several times a second.
const SHARE_GATHER: Duration = Duration::from_secs(1);

/// How many times as long as a look took passes before the next one: a chain with many members looks
/// less often, and always leaves the machine to its sessions.
const SHARE_REST: u32 = 20;

/// The most members that are looked at in one transaction, so that others don't wait for it.
const SHARE_BATCH: usize = 50;

/// Why head office doesn't move stored value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ValueRefused {
    /// The member never had any.
    #[error("{member} has no stored value")]
    NoMember {
        /// Who was named.
        member: MemberId,
    },
    /// Less than that is in the pool.
    #[error("{asked} is to be granted, the pool has {pool}")]
    NotInPool {
        /// What was given.
        asked: Money,
        /// What is there.
        pool: Money,
    },
    /// Nothing, or less than nothing.
    #[error("{amount} is not an amount to move")]
    WrongAmount {
        /// What was given.
        amount: Money,
    },
    /// There is nothing to write off.
    #[error("history {} of {} has nothing to write off", .holder.epoch.number(), .holder.store)]
    NothingToWriteOff {
        /// Of whom.
        holder: Holder,
    },
    /// The store goes on in that history.
    #[error("{} goes on in history {}", .holder.store, .holder.epoch.number())]
    StillAlive {
        /// Of whom.
        holder: Holder,
    },
}

impl ValueRefused {
    pub(crate) fn told(&self, lang: Lang) -> Told {
        match self {
            Self::NoMember { member } => {
                Told::saying(lang.say(words::ValueNoMemberKnown { member }))
            }
            Self::NotInPool { asked, pool } => {
                Told::saying(lang.say(words::ValueNotInPool { asked, pool }))
                    .hint(lang.say(words::ValueNotInPoolHint))
            }
            Self::WrongAmount { amount } => {
                Told::saying(lang.say(words::ValueWrongAmount { amount }))
            }
            Self::NothingToWriteOff { holder: Holder { store, epoch } } => {
                let epoch = epoch.number();
                Told::saying(lang.say(words::ValueNothingToWriteOff { store, epoch }))
            }
            Self::StillAlive { holder: Holder { store, epoch } } => {
                let epoch = epoch.number();
                Told::saying(lang.say(words::ValueStillAlive { store, epoch }))
                    .hint(lang.say(words::ValueStillAliveHint))
            }
        }
    }

    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::WrongAmount { .. } => Exit::Usage,
            _ => Exit::Failed,
        }
    }
}

/// Who moves value, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub operator: Option<Operator>,
    /// Why.
    pub note: Box<str>,
}

/// Whether a machine that still counts as a store's is known to be gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// A person says that it will never sell again.
    Surely,
    /// Nobody has said so.
    NotSaid,
}

impl Hub {
    /// Grants a store rights out of a pool: of the present history of head office, or of a former one, when
    /// a person knows that every store has been heard of since.
    pub fn grant_value(
        &self,
        store: &StoreId,
        (member, amount): (&MemberId, Money),
        pool: Option<Epoch>,
        by: By,
    ) -> Result<LetterNo> {
        self.must_know(store)?;
        positive(amount)?;
        let (holder, now) = (self.holder(store)?, self.now());
        let member = member.clone();
        self.books().write(move |tx| {
            let pool = pool.map_or_else(|| tx.epoch(), Ok)?;
            let there = known(tx, &member)?.standing.pool(pool);
            if there < amount.ten_thousandths() {
                let pool = money(there.max(0));
                return Err(ValueRefused::NotInPool { asked: amount, pool }.into());
            }
            let lines = vec![(member, amount)];
            write(tx, (holder, Purpose::Move), lines, pool, (by, now))
        })
    }

    /// Asks a store to give rights back. It gives what it has, when it hears of it.
    pub fn reclaim_value(
        &self,
        store: &StoreId,
        (member, amount): (&MemberId, Money),
        by: By,
    ) -> Result<LetterNo> {
        self.ask_store(store, (member, amount), Purpose::Move, by)
    }

    /// Lets a store pay a member so much of the stored value out.
    pub fn allow_pay_out(
        &self,
        store: &StoreId,
        (member, amount): (&MemberId, Money),
        by: By,
    ) -> Result<LetterNo> {
        self.ask_store(store, (member, amount), Purpose::PayOut, by)
    }

    fn ask_store(
        &self,
        store: &StoreId,
        (member, amount): (&MemberId, Money),
        purpose: Purpose,
        by: By,
    ) -> Result<LetterNo> {
        self.must_know(store)?;
        positive(amount)?;
        let (holder, now) = (self.holder(store)?, self.now());
        let member = member.clone();
        self.books().write(move |tx| {
            known(tx, &member)?;
            let pool = tx.epoch()?;
            let asked = if purpose == Purpose::Move { amount.negated() } else { amount };
            write(tx, (holder, purpose), vec![(member, asked)], pool, (by, now))
        })
    }

    /// Takes what a machine had that is no more back to the pool: of one member, or of all. Gives the letters.
    pub fn write_off_value(
        &self,
        holder: &Holder,
        member: Option<&MemberId>,
        gone: Gone,
        by: &By,
    ) -> Result<Vec<LetterNo>> {
        self.must_know(&holder.store)?;
        if self.holder(&holder.store)? == *holder && gone == Gone::NotSaid {
            return Err(ValueRefused::StillAlive { holder: holder.clone() }.into());
        }
        let members: Vec<MemberId> = self.reader()?.values(member)?.into_keys().collect();
        let mut letters = Vec::new();
        for members in members.chunks(MAX_MEMBERS) {
            let (holder, members, by, now) =
                (holder.clone(), members.to_vec(), by.clone(), self.now());
            letters.extend(self.books().write(move |tx| -> Result<_> {
                let own = tx.epoch()?;
                let mut lines = Vec::new();
                for member in members {
                    let left = tx.value_of(&member)?.standing.may_write_off(&holder, own);
                    if left > 0 {
                        lines.push((member, money(left)));
                    }
                }
                if lines.is_empty() {
                    return Ok(None);
                }
                write(tx, (holder, Purpose::WriteOff), lines, own, (by, now)).map(Some)
            })?);
        }
        if letters.is_empty() {
            return Err(ValueRefused::NothingToWriteOff { holder: holder.clone() }.into());
        }
        Ok(letters)
    }

    /// Shares members' value out among the stores as the policy says. Gives how many letters that took.
    pub fn share_value(&self) -> Result<usize> {
        let reader = self.reader()?;
        let own = reader.epoch()?;
        let stores = self.selling_stores()?;
        let values = reader.values(None)?;
        drop(reader);
        let due = |value: &MemberValue| !moves(value, own, &stores).is_empty();
        let members: Vec<MemberId> =
            values.into_iter().filter(|(_, value)| due(value)).map(|(member, _)| member).collect();
        let mut written = 0;
        for members in members.chunks(SHARE_BATCH) {
            let (members, stores, now) = (members.to_vec(), stores.clone(), self.now());
            written += self.books().write(move |tx| share_out(tx, &members, &stores, now))?;
        }
        Ok(written)
    }

    /// A store's present history, as far as its facts are here.
    pub(crate) fn holder(&self, store: &StoreId) -> Result<Holder> {
        let epochs = self.reader()?.store_epochs()?;
        let epoch = epochs.get(store).copied().unwrap_or(Epoch::FIRST);
        Ok(Holder { store: store.clone(), epoch })
    }

    /// The present histories of the stores that are not shut out.
    fn selling_stores(&self) -> Result<Vec<Holder>> {
        let epochs = self.reader()?.store_epochs()?;
        let stores: Vec<StoreId> = self.register().read(|registry| {
            let active = registry.stores().filter(|store| store.standing() == Standing::Active);
            active.map(|store| store.store.clone()).collect()
        });
        let holder = |store: StoreId| {
            let epoch = epochs.get(&store).copied().unwrap_or(Epoch::FIRST);
            Holder { store, epoch }
        };
        Ok(stores.into_iter().map(holder).collect())
    }
}

/// Keeps members' value where it can be spent, while the hub runs.
pub(crate) async fn keep_sharing(hub: Hub) {
    let mut commits = hub.books().commits();
    loop {
        commits.mark_unchanged();
        let (asked, began) = (hub.clone(), Instant::now());
        match tokio::task::spawn_blocking(move || asked.share_value()).await {
            Ok(Ok(0)) => {}
            Ok(Ok(letters)) => tracing::info!(letters, "shared stored value out"),
            Ok(Err(error)) => tracing::error!(%error, "stored value cannot be shared out"),
            Err(_) => tracing::error!("sharing stored value out panicked"),
        }
        sleep(SHARE_GATHER.max(began.elapsed() * SHARE_REST)).await;
        if commits.changed().await.is_err() {
            return;
        }
    }
}

fn share_out(
    tx: &mut Tx<'_>,
    members: &[MemberId],
    stores: &[Holder],
    now: Timestamp,
) -> Result<usize> {
    let own = tx.epoch()?;
    let mut lines: BTreeMap<Holder, Vec<(MemberId, Money)>> = BTreeMap::new();
    for member in members {
        for (holder, amount) in moves(&tx.value_of(member)?, own, stores) {
            lines.entry(holder).or_default().push((member.clone(), money(amount)));
        }
    }
    let letters = lines.len();
    for (holder, lines) in lines {
        let by = By { operator: None, note: "".into() };
        write(tx, (holder, Purpose::Move), lines, own, (by, now))?;
    }
    Ok(letters)
}

/// What is to be granted and asked back of one member's value. A store that hasn't answered yet is left alone.
fn moves(value: &MemberValue, own: Epoch, stores: &[Holder]) -> Vec<(Holder, i64)> {
    let standing = &value.standing;
    let held = |holder: &Holder| standing.held.get(holder).copied().unwrap_or_default();
    // What a store asks for tells as much of the demand as what was spent there.
    let spent = |holder: &Holder| {
        let of = |sums: &BTreeMap<StoreId, i64>| sums.get(&holder.store).copied();
        of(&value.spent).unwrap_or(0).saturating_add(of(&value.asked).unwrap_or(0))
    };
    let been = |holder: &Holder| {
        value.spent.contains_key(&holder.store) || value.asked.contains_key(&holder.store)
    };
    // In a larger chain value goes where the member has been, or is.
    let few = stores.len() <= MAX_HOLDERS;
    let mut near: Vec<&Holder> = stores.iter().filter(|holder| few || been(holder)).collect();
    near.sort_by_key(|holder| std::cmp::Reverse(spent(holder)));
    near.truncate(MAX_HOLDERS);
    let shares: Vec<Share> = near
        .into_iter()
        .map(|holder| {
            let now = held(holder);
            let has = now.rights.saturating_add(now.coming).saturating_sub(now.asked_back);
            Share { holder: holder.clone(), has: has.max(0), spent: spent(holder) }
        })
        .collect();
    let mut pool = standing.pool(own).max(0);
    let back: i64 = shares.iter().map(|store| held(&store.holder).asked_back).sum();
    let there =
        shares.iter().fold(pool.saturating_add(back), |sum, store| sum.saturating_add(store.has));
    let mut moves = Vec::new();
    for (holder, amount) in share(there, pool.saturating_add(back), &shares) {
        let waits = held(&holder).coming != 0 || held(&holder).asked_back != 0;
        let amount = amount.min(pool);
        if waits || amount == 0 {
            continue;
        }
        pool -= amount.max(0);
        moves.push((holder, amount));
    }
    moves
}

fn write(
    tx: &mut Tx<'_>,
    (holder, purpose): (Holder, Purpose),
    lines: Vec<(MemberId, Money)>,
    pool: Epoch,
    (by, at): (By, Timestamp),
) -> Result<LetterNo> {
    let By { operator, note } = by;
    Ok(tx.write_letter(&Letter { at, operator, pool, holder, purpose, lines, note })?)
}

fn known(tx: &mut Tx<'_>, member: &MemberId) -> Result<MemberValue> {
    let value = tx.value_of(member)?;
    if value == MemberValue::default() {
        return Err(ValueRefused::NoMember { member: member.clone() }.into());
    }
    Ok(value)
}

fn positive(amount: Money) -> Result<(), ValueRefused> {
    if amount.is_positive() { Ok(()) } else { Err(ValueRefused::WrongAmount { amount }) }
}

pub(crate) fn money(raw: i64) -> Money {
    Money::from_ten_thousandths(raw).unwrap_or_default()
}

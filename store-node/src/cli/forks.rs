//! Facts that were set aside, from the command line.

use clap::{Args, Subcommand};
use console::{Column, Exit, Lang, Page, Table, format, labels, words};
use ledger::id::FactId;

use super::Scene;
use crate::ask::forks::{
    DecideForks, DecidedFact, FactName, ForkedFact, ListForks, State, Verdict,
};
use crate::clock::Zone;
use crate::door::Door;
use crate::error::Result;

/// Decide on facts that were set aside after a restore or on a cloned machine · 处理被搁置的流水
///
/// When a store's folder was restored from an old backup, or two machines ran the same folder, the
/// hub may hold other facts under the same numbers. Those that this machine booked meanwhile are set
/// aside: they leave the books and are kept until a person decides.
///
/// 恢复旧备份或两台机器使用同一目录时，总部在同一序号下可能有不同的流水；本机的流水会被搁置，等待处理。
#[derive(Debug, Args)]
pub(super) struct Forks {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List them · 列出
    List,
    /// Book them again, under new numbers · 重新入账
    Adopt(Chosen),
    /// Let them not count · 作废
    Discard(Chosen),
}

#[derive(Debug, Args)]
struct Chosen {
    /// Their fact ids as listed, e.g. 1-42 · 流水号
    #[arg(value_name = "FACT", required_unless_present = "all")]
    facts: Vec<FactId>,
    /// All that are open · 全部
    #[arg(long, conflicts_with = "facts")]
    all: bool,
}

impl Forks {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        match self.what {
            What::List => list(scene),
            What::Adopt(chosen) => decide(scene, chosen, Verdict::Adopt),
            What::Discard(chosen) => decide(scene, chosen, Verdict::Discard),
        }
    }
}

fn list(scene: &Scene<'_>) -> Result<Exit> {
    let (door, zone) = (scene.door()?, scene.zone()?);
    let facts = door.ask(ListForks {})?;
    scene.out.show(&facts, |page| print(page, &facts, &zone));
    Ok(Exit::Done)
}

fn print(page: &mut Page, facts: &[ForkedFact], zone: &Zone) {
    let lang = page.lang();
    if facts.is_empty() {
        return page.say(words::ForksNone);
    }
    page.heading(words::ForksHeading);
    page.say(words::ForksExplained);
    let mut table = Table::new([
        Column::text(lang.say(words::Fact)),
        Column::text(lang.say(words::Bill)),
        Column::text(lang.say(words::Kind)),
        Column::number(lang.say(words::Amount)),
        Column::text(lang.say(words::ForkSince)),
        Column::text(lang.say(words::Status)),
    ]);
    for forked in facts {
        let fact = forked.fact.as_ref();
        let receipt = fact.and_then(|fact| fact.receipt.as_ref());
        table.row([
            forked.id.to_string(),
            fact.map(|fact| fact.bill.to_string()).unwrap_or_default(),
            fact.map(|fact| labels::kind(lang, &fact.kind)).unwrap_or_default(),
            receipt.map(|receipt| format::money(receipt.total)).unwrap_or_default(),
            format::time_in(forked.set_aside_at, zone.time_zone()),
            state(lang, forked.state, forked.adopted_as),
        ]);
    }
    page.table(&table);
    if facts.iter().any(|forked| forked.state == State::Open) {
        page.say(words::ForksDecide);
    }
}

fn decide(scene: &Scene<'_>, chosen: Chosen, decision: Verdict) -> Result<Exit> {
    let facts = chosen.facts.into_iter().map(FactName).collect();
    let decided = scene.door()?.ask(DecideForks { facts, decision })?;
    scene.out.show(&decided, |page| {
        if decided.is_empty() {
            page.say(words::ForkNothing);
        }
        decided.iter().for_each(|fact| print_decided(page, fact));
    });
    let all_done = decided.iter().all(|fact| fact.state != State::Open);
    Ok(if all_done { Exit::Done } else { Exit::Failed })
}

fn print_decided(page: &mut Page, decided: &DecidedFact) {
    let lang = page.lang();
    let id = decided.id;
    match (decided.state, decided.needs) {
        (State::Open, Some(needs)) => page.say(words::ForkNeeds { id, needs }),
        (State::Open, None) => page.say(words::ForkUnknown { id }),
        (fate, _) => page.line(format!("{id}: {}", state(lang, fate, decided.adopted_as))),
    }
}

fn state(lang: Lang, state: State, adopted_as: Option<FactId>) -> String {
    match (state, adopted_as) {
        (State::Open, _) => lang.say(words::ForkOpen),
        (State::Returned, _) => lang.say(words::ForkReturned),
        (State::Adopted, Some(id)) => lang.say(words::ForkAdopted { id }),
        (State::Adopted, None) => lang.say(words::ForkAdopted { id: "?" }),
        (State::Discarded, _) => lang.say(words::ForkDiscarded),
    }
}

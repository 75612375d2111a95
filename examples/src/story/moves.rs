//! Goods that stores move among each other on the day: asked for in the morning, shipped and received
//! in the afternoon, from the manifest where the network is gone. One shipment arrives short.

use std::time::Duration;

use console::{Out, words};
use hub::transfers::Word;
use ledger::amount::Quantity;
use ledger::id::{RequestId, Sku, TransferId};
use ledger::time::BusinessDate;
use ledger::transfer::{Liable, Route, Stage as Progress, Transfer, Wanted, status};
use store_node::{About, Difference, Node};

use super::StoryError;
use crate::generator::Chain;
use crate::recount::Recount;
use crate::stage::{Shop, Stage};

/// What is moved, of each product: five units.
const MOVED: i64 = 5_000;

/// What of the first product of the short shipment does not arrive: two units.
const MISSING: i64 = 2_000;

/// Products of a transfer.
const LINES: usize = 3;

/// How often a waiting store looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// What became of the day's transfers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moved {
    /// Transfers that are over.
    pub(super) transfers: usize,
    /// Of these, how many were received from a manifest.
    pub(super) by_manifest: usize,
    /// Differences that were settled.
    pub(super) settled: usize,
    /// What was lost on the way, in thousandths of a unit.
    pub(super) lost: i64,
}

/// The day's transfers, each from a store to the next.
pub(super) struct Moves(Vec<Move>);

struct Move {
    name: String,
    source: usize,
    target: usize,
    skus: Vec<Sku>,
    arrives: Arrives,
    id: Option<TransferId>,
}

/// How much of a shipment arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrives {
    Whole,
    Short,
}

impl Moves {
    /// Pairs the stores off. The last pair's shipment arrives short.
    pub(super) fn plan(chain: &Chain) -> Self {
        let mut moves = Vec::new();
        for (number, pair) in chain.stores().chunks_exact(2).enumerate() {
            let (lines, most) = (chain.opening(&pair[0]), MOVED);
            let in_stock = lines.iter().filter(|line| line.quantity.thousandths() >= most);
            let skus: Vec<Sku> = in_stock.take(LINES).map(|line| line.sku.clone()).collect();
            if skus.is_empty() {
                continue;
            }
            let (name, source, target) = (format!("move-{number}"), 2 * number, 2 * number + 1);
            moves.push(Move { name, source, target, skus, arrives: Arrives::Whole, id: None });
        }
        if let Some(last) = moves.last_mut() {
            last.arrives = Arrives::Short;
        }
        Self(moves)
    }

    /// Asks for everything, and waits until the sources know that head office agrees.
    pub(super) async fn ask(&mut self, stage: &Stage, out: &Out) -> Result<(), StoryError> {
        for one in &mut self.0 {
            let (source, target) = (&stage.shops[one.source].node, &stage.shops[one.target].node);
            let route = Route::new(source.store().clone(), target.store().clone())?;
            let lines = one.lines(MOVED)?;
            let (id, _) = target.request_transfer(one.about("ask")?, route, lines, None)?;
            until(stage.hub.books(), &id, |now| now.stage == Progress::Requested).await?;
            stage.hub.decide_transfer(&id, None, Word::Approve(Vec::new()))?;
            until(source.books(), &id, |now| now.stage == Progress::Approved).await?;
            one.id = Some(id);
        }
        out.say(words::StoryAsked { transfers: self.0.len() });
        Ok(())
    }

    /// Ships and receives everything, with and without a network.
    pub(super) async fn carry(
        &self,
        stage: &Stage,
        date: BusinessDate,
        recount: &mut Recount,
        out: &Out,
    ) -> Result<Moved, StoryError> {
        let mut moved = Moved::default();
        for one in &self.0 {
            let Some(id) = &one.id else { continue };
            let (source, target) = (&stage.shops[one.source], &stage.shops[one.target]);
            let online = source.is_online() && target.is_online();
            let manifest = one.ship(id, &source.node, date)?;
            if online {
                until(target.node.books(), id, |now| now.stage == Progress::Shipped).await?;
            }
            one.receive(id, &target.node, date, (!online).then_some(manifest.as_str()))?;
            one.count(source, target, recount);
            moved.transfers += 1;
            moved.by_manifest += usize::from(!online);
            if one.arrives == Arrives::Short {
                one.settle(id, &target.node, date)?;
                moved.settled += 1;
                moved.lost += MISSING;
            }
        }
        out.say(words::StoryCarried { transfers: moved.transfers, manifests: moved.by_manifest });
        Ok(moved)
    }

    /// Waits until head office knows that nothing is missing.
    pub(super) async fn are_over(&self, stage: &Stage) -> Result<(), StoryError> {
        let over = |now: &Transfer| now.waits_for.is_empty();
        for id in self.0.iter().filter_map(|one| one.id.as_ref()) {
            until(stage.hub.books(), id, over).await?;
        }
        Ok(())
    }
}

impl Move {
    fn ship(
        &self,
        id: &TransferId,
        source: &Node,
        date: BusinessDate,
    ) -> Result<String, StoryError> {
        source.ship_transfer(self.about("ship")?.on(date), id.clone(), Vec::new())?;
        Ok(source.manifest(id, None)?.text)
    }

    fn receive(
        &self,
        id: &TransferId,
        target: &Node,
        date: BusinessDate,
        manifest: Option<&str>,
    ) -> Result<(), StoryError> {
        let about = self.about("receive")?.on(date);
        let lines = match self.arrives {
            Arrives::Whole => Vec::new(),
            Arrives::Short => {
                let mut lines = self.lines(MOVED)?;
                lines[0].quantity = quantity(MOVED - MISSING)?;
                lines
            }
        };
        match manifest {
            Some(text) => drop(target.receive_manifest(about, text, lines, Vec::new())?),
            None => drop(target.receive_transfer(about, id.clone(), None, lines, Vec::new())?),
        }
        Ok(())
    }

    fn settle(&self, id: &TransferId, target: &Node, date: BusinessDate) -> Result<(), StoryError> {
        let lost = vec![Wanted { sku: self.skus[0].clone(), quantity: quantity(MISSING)? }];
        let (damaged, returned, surplus) = Default::default();
        let (liable, reason) = (Liable::Carrier, "a box was open".into());
        let difference = Difference { lost, damaged, returned, surplus, liable, reason };
        target.settle_transfer(self.about("settle")?.on(date), id.clone(), difference)?;
        Ok(())
    }

    /// Counts it by hand.
    fn count(&self, source: &Shop, target: &Shop, recount: &mut Recount) {
        let [from, to] = [source, target].map(|shop| shop.node.store().as_str().to_owned());
        for (at, sku) in self.skus.iter().enumerate() {
            let lost = if at == 0 && self.arrives == Arrives::Short { MISSING } else { 0 };
            recount.moved(&from, &to, sku.as_str(), MOVED, lost);
        }
        recount.asked(&from, &format!("{}:ship", self.name));
        recount.asked(&to, &format!("{}:receive", self.name));
        if self.arrives == Arrives::Short {
            recount.asked(&to, &format!("{}:settle", self.name));
        }
    }

    fn about(&self, step: &str) -> Result<About, StoryError> {
        Ok(About::named(RequestId::new(&format!("{}:{step}", self.name))?))
    }

    fn lines(&self, each: i64) -> Result<Vec<Wanted>, StoryError> {
        let line = |sku: &Sku| Ok(Wanted { sku: sku.clone(), quantity: quantity(each)? });
        self.skus.iter().map(line).collect()
    }
}

fn quantity(thousandths: i64) -> Result<Quantity, StoryError> {
    Quantity::from_thousandths(thousandths).map_err(StoryError::Amount)
}

async fn until(
    books: &books::Books,
    id: &TransferId,
    is_so: impl Fn(&Transfer) -> bool,
) -> Result<(), StoryError> {
    while !is_so(&status(&books.reader()?.transfer(id)?)) {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

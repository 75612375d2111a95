//! The sheet of a stocktake that goes on: what is to be counted, what was, and what stands in the way of
//! posting it.

use std::collections::BTreeMap;

use super::{Compared, CountLine, Round, Tally};
use crate::amount::{AmountError, Quantity};
use crate::id::{ReasonCode, Sku};

/// The most lines one sheet may have: those of [`MAX_LINES`](crate::post::MAX_LINES) SKUs at eighty places
/// each.
pub const MAX_SHEET_LINES: usize = 96_000;

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// How much of a SKU may differ without being looked at again.
    pub tolerance: Quantity,
    /// What is to be counted, and what was counted beside that.
    pub items: BTreeMap<Sku, Item>,
    /// What was counted, in that order, rounds that no longer count among it.
    pub lines: Vec<CountLine>,
}

/// What was decided about a SKU of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The round that counts.
    pub round: Round,
    /// Why it differs.
    pub reason: Option<ReasonCode>,
}

impl Default for Item {
    fn default() -> Self {
        Self { round: Round::FIRST, reason: None }
    }
}

/// How a SKU of a sheet stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What was decided about it.
    pub item: Item,
    /// What was counted in the round that counts.
    pub tally: Option<Tally>,
    /// What that means.
    pub verdict: Verdict,
}

/// What the count of a SKU means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody has counted it.
    Uncounted,
    /// It is to be counted again, and nobody has.
    Recount,
    /// Shelf and books agree.
    Equal,
    /// They differ no more than is tolerated.
    Tolerated,
    /// They differ by more, after a recount or for a reason.
    Settled,
    /// They differ by more: somebody is to count again, or to say why.
    Beyond,
}

impl Verdict {
    /// Its name in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uncounted => "uncounted",
            Self::Recount => "recount",
            Self::Equal => "equal",
            Self::Tolerated => "tolerated",
            Self::Settled => "settled",
            Self::Beyond => "beyond",
        }
    }
}

/// What stands in the way of posting a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unsettled {
    /// SKUs that differ by more than is tolerated.
    pub beyond: Vec<Sku>,
    /// SKUs that are to be counted again.
    pub recount: Vec<Sku>,
}

impl Sheet {
    /// How each SKU stands.
    pub fn standings(&self) -> Result<BTreeMap<Sku, Standing>, AmountError> {
        let mut lines: BTreeMap<&Sku, Vec<&CountLine>> = BTreeMap::new();
        for line in &self.lines {
            lines.entry(&line.sku).or_default().push(line);
        }
        let standing = |(sku, item): (&Sku, &Item)| {
            let all = lines.get(sku).map(Vec::as_slice).unwrap_or_default();
            let counts = all.iter().copied().filter(|line| line.round == item.round);
            let tally = Tally::of(counts)?;
            let verdict = self.verdict(item, tally.as_ref())?;
            Ok((sku.clone(), Standing { item: item.clone(), tally, verdict }))
        };
        self.items.iter().map(standing).collect()
    }

    /// What is to be posted: every SKU that was counted. What nobody counted is left as it is.
    pub fn compared(&self) -> Result<Result<Vec<Compared>, Unsettled>, AmountError> {
        let (mut compared, mut unsettled) = (Vec::new(), Unsettled::default());
        for (sku, Standing { item, tally, verdict }) in self.standings()? {
            match verdict {
                Verdict::Beyond => unsettled.beyond.push(sku.clone()),
                Verdict::Recount => unsettled.recount.push(sku.clone()),
                _ => {}
            }
            if let Some(tally) = tally {
                compared.push(Compared { sku, tally, round: item.round, reason: item.reason });
            }
        }
        Ok(if unsettled == Unsettled::default() { Ok(compared) } else { Err(unsettled) })
    }

    fn verdict(&self, item: &Item, tally: Option<&Tally>) -> Result<Verdict, AmountError> {
        let recounted = item.round > Round::FIRST;
        let Some(tally) = tally else {
            return Ok(if recounted { Verdict::Recount } else { Verdict::Uncounted });
        };
        let doubt = tally.variance()?.magnitude().plus(tally.moved)?;
        Ok(match doubt {
            doubt if doubt.is_zero() => Verdict::Equal,
            doubt if doubt <= self.tolerance => Verdict::Tolerated,
            _ if recounted || item.reason.is_some() => Verdict::Settled,
            _ => Verdict::Beyond,
        })
    }
}

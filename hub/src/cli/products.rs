//! `hub product …`

use std::collections::BTreeMap;

use clap::Subcommand;
use console::proposals::print_proposals;
use console::{Exit, Out, words};
use ledger::id::Sku;

use crate::ask::proposals::{Answer, AnswerProposal, ListProposals, WhichProposals};
use crate::door::Door;
use crate::error::{HubError, Result};

/// Products that stores propose: list, accept, merge, reject · 商品提报
#[derive(Debug, Subcommand)]
pub(super) enum Product {
    /// List those that wait for an answer · 列出待审核的提报
    Proposals {
        /// Those that have one, too · 包括已答复的
        #[arg(long)]
        all: bool,
    },
    /// Take it into the catalog under its SKU · 采纳
    Accept {
        /// The provisional SKU · 临时编码
        sku: Sku,
        /// Fields and their values, e.g. price=3.50 tax_rate=13% · 字段=值
        #[arg(value_name = "FIELD=VALUE")]
        fields: Vec<String>,
    },
    /// It is a product that the chain has already · 并入已有商品
    Merge {
        /// The provisional SKU · 临时编码
        sku: Sku,
        /// The product that it is · 已有商品
        into: Sku,
    },
    /// It is not to be sold · 驳回
    Reject {
        /// The provisional SKU · 临时编码
        sku: Sku,
        /// Why · 原因
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

pub(super) fn run(door: &impl Door, what: Product, out: &Out) -> Result<Exit> {
    let (sku, answer) = match what {
        Product::Proposals { all } => {
            let which = if all { WhichProposals::All } else { WhichProposals::Open };
            let rows = door.ask(ListProposals { which })?;
            out.show(&rows, |page| print_proposals(page, &rows));
            return Ok(Exit::Done);
        }
        Product::Accept { sku, fields } => {
            let mut given = BTreeMap::new();
            for text in &fields {
                let (field, value) = text
                    .split_once('=')
                    .ok_or_else(|| HubError::NotAssigned { text: text.clone() })?;
                given.insert(field.trim().to_owned(), value.trim().to_owned());
            }
            (sku, Answer::Accept(given))
        }
        Product::Merge { sku, into } => (sku, Answer::Merge(into)),
        Product::Reject { sku, reason } => (sku, Answer::Reject(reason)),
    };
    let view = door.ask(AnswerProposal { sku, answer })?;
    out.show(&view, |page| {
        print_proposals(page, std::slice::from_ref(&view));
        if view.into.is_some() {
            page.say(words::ProposalSettleHint { sku: &view.sku });
        }
    });
    Ok(Exit::Done)
}

//! `hub transfer …`

use console::{Exit, Out, TransferView};

use super::{Suggest, Transfer};
use crate::ask::suggest::SuggestTransfer;
use crate::ask::transfer::{DecideTransfer, ListTransfers, ShowTransfer, Verdict};
use crate::door::Door;
use crate::error::Result;

pub(super) fn run(door: &impl Door, what: Transfer, out: &Out) -> Result<Exit> {
    let lang = out.lang.tag().to_owned();
    let view = match what {
        Transfer::Approve { transfer, operator } => {
            door.ask(DecideTransfer { transfer, verdict: Verdict::Approve, operator, lang })?
        }
        Transfer::Reject { transfer, reason, operator } => {
            let verdict = Verdict::Reject(reason);
            door.ask(DecideTransfer { transfer, verdict, operator, lang })?
        }
        Transfer::Show { transfer } => door.ask(ShowTransfer { transfer, lang })?,
        Transfer::Suggest(Suggest { lines, min, to }) => {
            let found = door.ask(SuggestTransfer { lines, min, to })?;
            out.show(&found, |page| found.print(page));
            return Ok(Exit::Done);
        }
        Transfer::List => {
            let list = door.ask(ListTransfers { lang })?;
            out.show(&list, |page| TransferView::print_list(&list, page));
            return Ok(Exit::Done);
        }
    };
    out.show(&view, |page| view.print(page));
    Ok(Exit::Done)
}

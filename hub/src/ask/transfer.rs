//! Transfers between stores: request, approve, reject, cancel, look.

use books::{Reader, TransferFilter, WhichTransfers};
use console::transfer::ItemLine;
use console::transfer::Which;
pub use console::transfer::{ListTransfers, ShowTransfer};
use console::{Lang, TransferView};
use ledger::amount::Quantity;
use ledger::id::{Operator, RequestId, Sku, StoreId, TransferId};
use ledger::transfer::{Route, Wanted};
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::text;
use crate::transfers::{Asked, Said, Word};

/// Ask a store to send goods to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestTransfer {
    /// The store that has the goods.
    #[serde(with = "text")]
    pub from: StoreId,
    /// The store that is to get them.
    #[serde(with = "text")]
    pub to: StoreId,
    /// What is to go.
    pub lines: Vec<ItemLine>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The client's own name for the request.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// Who asks.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// Decide on a transfer. Deciding the same again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideTransfer {
    /// Which.
    #[serde(with = "text")]
    pub transfer: TransferId,
    /// How.
    pub verdict: Verdict,
    /// Who decides.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// What head office says to a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// So much may go; no lines: all that was asked for.
    Approve(Vec<ItemLine>),
    /// Nothing may, and why.
    Reject(String),
}

/// Stop a transfer: what has not left stays. Asking again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelTransfer {
    /// Which.
    #[serde(with = "text")]
    pub transfer: TransferId,
    /// Why.
    pub reason: String,
    /// Who decides.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

impl Ask for RequestTransfer {
    const PATH: &'static str = "/v1/transfer/request";
    type Answer = TransferView;

    fn answer(self, hub: &Hub) -> Result<TransferView> {
        let Self { from, to, lines, note, request, operator, lang } = self;
        let asked = Asked {
            route: Route::new(from, to)?,
            lines: wanted(&hub.reader()?, &lines)?,
            remark: note.map(Into::into),
        };
        let (id, said) = hub.request_transfer(asked, request, operator)?;
        view(hub, &id, &lang, said)
    }
}

impl Ask for DecideTransfer {
    const PATH: &'static str = "/v1/transfer/decide";
    type Answer = TransferView;

    fn answer(self, hub: &Hub) -> Result<TransferView> {
        let word = match self.verdict {
            Verdict::Approve(lines) => Word::Approve(wanted(&hub.reader()?, &lines)?),
            Verdict::Reject(reason) => Word::Reject(reason.into()),
        };
        let said = hub.decide_transfer(&self.transfer, self.operator, word)?;
        view(hub, &self.transfer, &self.lang, said)
    }
}

impl Ask for CancelTransfer {
    const PATH: &'static str = "/v1/transfer/cancel";
    type Answer = TransferView;

    fn answer(self, hub: &Hub) -> Result<TransferView> {
        let said = hub.cancel_transfer(&self.transfer, self.operator, self.reason.into())?;
        view(hub, &self.transfer, &self.lang, said)
    }
}

impl Ask for ListTransfers {
    const PATH: &'static str = "/v1/transfer/list";
    type Answer = Vec<TransferView>;

    fn answer(self, hub: &Hub) -> Result<Vec<TransferView>> {
        let reader = hub.reader()?;
        let lang = Lang::from_tag(&self.lang);
        let show = |id: TransferId| Ok(TransferView::of(&id, &reader.transfer(&id)?, lang));
        let ids = reader.transfers_of(&filter(&self))?;
        let mut views = ids.into_iter().map(show).collect::<Result<Vec<_>>>()?;
        views.retain(|view| self.admits(view));
        Ok(views)
    }
}

/// As the books list them.
fn filter(ask: &ListTransfers) -> TransferFilter {
    let which = match ask.which {
        Which::All => WhichTransfers::All,
        Which::Open => WhichTransfers::Open,
    };
    TransferFilter { which, store: ask.store.clone(), since: ask.since }
}

impl Ask for ShowTransfer {
    const PATH: &'static str = "/v1/transfer/show";
    type Answer = TransferView;

    fn answer(self, hub: &Hub) -> Result<TransferView> {
        view(hub, &self.transfer, &self.lang, Said::Now)
    }
}

fn view(hub: &Hub, id: &TransferId, lang: &str, said: Said) -> Result<TransferView> {
    let entries = hub.reader()?.transfer(id)?;
    if entries.is_empty() {
        return Err(HubError::NoTransfer { transfer: id.clone() });
    }
    let mut view = TransferView::of(id, &entries, Lang::from_tag(lang));
    view.repeated = said == Said::Before;
    Ok(view)
}

/// Items as SKUs: of the product with this barcode or SKU, or a SKU that the catalog does not know.
fn wanted(reader: &Reader, lines: &[ItemLine]) -> Result<Vec<Wanted>> {
    let line = |ItemLine { item, quantity }: &ItemLine| {
        let (sku, each) = match reader.product_by_code(item)? {
            Some(coded) => (coded.product.sku, coded.count),
            None => (Sku::new(item)?, Quantity::ONE),
        };
        Ok(Wanted { sku, quantity: quantity.times(each)? })
    };
    lines.iter().map(line).collect()
}

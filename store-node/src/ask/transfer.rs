//! Transfers between stores: ask for goods, ship, receive, settle, cancel, look.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use books::{BinsOf, Reader, TransferFilter, WhichTransfers};
use console::bins::{BinRow, BinsView};
use console::transfer::Which;
pub use console::transfer::{ListTransfers, ShowTransfer};
use console::{Lang, TransferView};
use ledger::amount::Quantity;
use ledger::fact::Fact;
use ledger::id::{Sku, StoreId, TransferId};
use ledger::movement::Account;
use ledger::order::OrderStep;
use ledger::post::PostError;
use ledger::transfer::{Liable, Manifest, Route, Step, Wanted};
use serde::{Deserialize, Serialize};

use crate::book::Refused;
use crate::door::Ask;
use crate::error::Result;
use crate::node::transfer::manifest::{note_of, with_manifests};
use crate::node::transfer::{Difference, SignedManifest, TransferRefused};
use crate::node::{Node, When};
use crate::request::{About, SaleLine};
use crate::text;

/// Ask for goods to go between this store and another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestTransfer {
    /// Under which name, by whom.
    #[serde(default)]
    pub about: About,
    /// Which store, and which way.
    pub partner: Partner,
    /// What is wanted.
    pub lines: Vec<SaleLine>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// The store at the other end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Partner {
    /// The goods come from there.
    From(#[serde(with = "text")] StoreId),
    /// The goods go there.
    To(#[serde(with = "text")] StoreId),
}

/// Ship goods of an approved transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipTransfer {
    /// Under which name, by whom, on which day.
    #[serde(default)]
    pub about: About,
    /// Which transfer.
    #[serde(with = "text")]
    pub transfer: TransferId,
    /// What leaves; empty for all that is approved and has not left.
    #[serde(default)]
    pub lines: Vec<SaleLine>,
    /// Whether it makes sense without a manifest.
    #[serde(default)]
    pub manifest: Need,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// Whether something must be there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// It may be missing: a store without a key signs nothing.
    #[default]
    Optional,
    /// Without it nothing is done.
    Required,
}

/// A transfer of which goods have just left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipped {
    /// How far it has come.
    #[serde(flatten)]
    pub view: TransferView,
    /// The manifest that travels with the goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<ManifestView>,
    /// From which bins to take them, where the store has bins and nobody named one: the home bin first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bins: Vec<BinRow>,
}

/// The signed manifest of a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestView {
    /// Of which transfer.
    #[serde(with = "text")]
    pub transfer: TransferId,
    /// Which shipment of it.
    pub shipment: NonZeroU32,
    /// The store that is to get the goods.
    #[serde(with = "text")]
    pub to: StoreId,
    /// What travels: the text behind the QR code.
    pub text: String,
}

/// Write the manifest of a shipment that has left here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteManifest {
    /// Of which transfer.
    #[serde(with = "text")]
    pub transfer: TransferId,
    /// Which shipment; the last one if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment: Option<NonZeroU32>,
}

/// Receive the goods of a manifest, with or without a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiveManifest {
    /// Under which name, by whom, on which day.
    #[serde(default)]
    pub about: About,
    /// The signed text.
    pub manifest: String,
    /// What arrived in order; empty for all of it that is not damaged.
    #[serde(default)]
    pub lines: Vec<SaleLine>,
    /// What arrived damaged.
    #[serde(default)]
    pub damaged: Vec<SaleLine>,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// Receive goods of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiveTransfer {
    /// Under which name, by whom, on which day.
    #[serde(default)]
    pub about: About,
    /// Which transfer.
    #[serde(with = "text")]
    pub transfer: TransferId,
    /// Which shipment; the oldest of which goods are on the way if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment: Option<NonZeroU32>,
    /// What arrived in order; empty for all of the shipment that is on the way and not damaged.
    #[serde(default)]
    pub lines: Vec<SaleLine>,
    /// What arrived damaged.
    #[serde(default)]
    pub damaged: Vec<SaleLine>,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// Account for goods of a transfer that did not arrive, or that nobody shipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleTransfer {
    /// Under which name, by whom, on which day.
    #[serde(default)]
    pub about: About,
    /// Which transfer.
    #[serde(with = "text")]
    pub transfer: TransferId,
    /// What is gone.
    #[serde(default)]
    pub lost: Vec<SaleLine>,
    /// What was ruined on the way and thrown away.
    #[serde(default)]
    pub damaged: Vec<SaleLine>,
    /// What came back to the source.
    #[serde(default)]
    pub returned: Vec<SaleLine>,
    /// What arrived though no shipment names it.
    #[serde(default)]
    pub surplus: Vec<SaleLine>,
    /// Who answers for it: `source`, `destination`, `carrier`.
    #[serde(with = "text")]
    pub liable: Liable,
    /// Why.
    pub reason: String,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// Stop a transfer: what has not left stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelTransfer {
    /// Under which name, by whom.
    #[serde(default)]
    pub about: About,
    /// Which transfer.
    #[serde(with = "text")]
    pub transfer: TransferId,
    /// Why.
    pub reason: String,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

impl Ask for RequestTransfer {
    const PATH: &'static str = "/v1/transfer/request";
    type Answer = TransferView;

    fn answer(self, node: &Node) -> Result<TransferView> {
        let lines = wanted(node, &self.lines)?;
        let remark = self.note.map(Into::into);
        let here = node.store().clone();
        let route = match self.partner {
            Partner::From(store) => Route::new(store, here)?,
            Partner::To(store) => Route::new(here, store)?,
        };
        let (id, when) = node.request_transfer(self.about, route, lines, remark)?;
        view(node, &id, &self.lang, when)
    }
}

impl Ask for ShipTransfer {
    const PATH: &'static str = "/v1/transfer/ship";
    type Answer = Shipped;

    fn answer(self, node: &Node) -> Result<Shipped> {
        let lines = wanted(node, &self.lines)?;
        if self.manifest == Need::Required {
            node.can_sign()?;
        }
        let about = node.with_pieces(self.about, items(&self.lines))?;
        let (fact, when) = node.ship_transfer(about, self.transfer.clone(), lines)?;
        let shipment = match Step::of_fact(&fact) {
            Some((_, Step::Ship { shipment, .. })) => Some(shipment),
            _ => None,
        };
        let manifest = match node.manifest(&self.transfer, shipment) {
            Ok(signed) => Some(signed.into()),
            // The goods have left, with or without one.
            Err(_) if self.manifest == Need::Optional => None,
            Err(error) => return Err(error),
        };
        let bins = picks(node, &fact)?;
        Ok(Shipped { view: view(node, &self.transfer, &self.lang, when)?, manifest, bins })
    }
}

/// From which bins to take what has been shipped: as the goods lay before.
fn picks(node: &Node, fact: &Fact) -> Result<Vec<BinRow>> {
    let mut shipped: BTreeMap<&Sku, i128> = BTreeMap::new();
    for movement in fact.movements.iter().filter(|movement| movement.from == Account::OnHand) {
        let quantity = i128::from(movement.quantity.thousandths());
        *shipped.entry(&movement.sku).or_default() += quantity;
    }
    let (reader, mut view) = (node.books().reader()?, BinsView::of(node.store().clone()));
    for (sku, quantity) in shipped.into_iter().filter(|_| fact.detail.bins.is_empty()) {
        let bins = reader.bins(node.store(), Some(sku))?.remove(sku).unwrap_or_default();
        let before = BinsOf { on_hand: bins.on_hand + quantity, ..bins };
        let product = reader.product(sku)?;
        let lies = (&before.standing(), before.home.as_ref());
        view.add((sku, product.as_ref()), lies, Some(quantity));
    }
    view.rows.retain(|row| row.take.is_some());
    view.sort();
    Ok(view.rows)
}

/// What the lines name.
fn items(lines: &[SaleLine]) -> impl Iterator<Item = &str> {
    lines.iter().map(|line| line.item.as_str())
}

impl Ask for WriteManifest {
    const PATH: &'static str = "/v1/transfer/manifest";
    type Answer = ManifestView;

    fn answer(self, node: &Node) -> Result<ManifestView> {
        Ok(node.manifest(&self.transfer, self.shipment)?.into())
    }
}

impl Ask for ReceiveManifest {
    const PATH: &'static str = "/v1/transfer/receive-manifest";
    type Answer = TransferView;

    fn answer(self, node: &Node) -> Result<TransferView> {
        let (good, damaged) = (wanted(node, &self.lines)?, wanted(node, &self.damaged)?);
        let about = node.with_pieces(self.about, items(&self.lines))?;
        let (transfer, _, when) = node.receive_manifest(about, &self.manifest, good, damaged)?;
        view(node, &transfer, &self.lang, when)
    }
}

impl From<SignedManifest> for ManifestView {
    fn from(signed: SignedManifest) -> Self {
        let SignedManifest { manifest, text } = signed;
        let Manifest { transfer, shipment, route, .. } = manifest;
        Self { transfer, shipment, to: route.to().clone(), text }
    }
}

impl Ask for ReceiveTransfer {
    const PATH: &'static str = "/v1/transfer/receive";
    type Answer = TransferView;

    fn answer(self, node: &Node) -> Result<TransferView> {
        let (good, damaged) = (wanted(node, &self.lines)?, wanted(node, &self.damaged)?);
        let (transfer, shipment) = (self.transfer.clone(), self.shipment);
        let about = node.with_pieces(self.about, items(&self.lines))?;
        let (_, when) = node.receive_transfer(about, transfer, shipment, good, damaged)?;
        view(node, &self.transfer, &self.lang, when)
    }
}

impl Ask for SettleTransfer {
    const PATH: &'static str = "/v1/transfer/settle";
    type Answer = TransferView;

    fn answer(self, node: &Node) -> Result<TransferView> {
        let difference = Difference {
            lost: wanted(node, &self.lost)?,
            damaged: wanted(node, &self.damaged)?,
            returned: wanted(node, &self.returned)?,
            surplus: wanted(node, &self.surplus)?,
            liable: self.liable,
            reason: self.reason.into(),
        };
        let (_, when) = node.settle_transfer(self.about, self.transfer.clone(), difference)?;
        view(node, &self.transfer, &self.lang, when)
    }
}

impl Ask for CancelTransfer {
    const PATH: &'static str = "/v1/transfer/cancel";
    type Answer = TransferView;

    fn answer(self, node: &Node) -> Result<TransferView> {
        let reason = self.reason.into();
        let when = node.cancel_transfer(self.about, self.transfer.clone(), reason)?;
        view(node, &self.transfer, &self.lang, when)
    }
}

impl Ask for ListTransfers {
    const PATH: &'static str = "/v1/transfer/list";
    type Answer = Vec<TransferView>;

    fn answer(self, node: &Node) -> Result<Vec<TransferView>> {
        let reader = node.books().reader()?;
        let lang = Lang::from_tag(&self.lang);
        let ids = reader.transfers_of(&filter(&self))?;
        let views = ids.iter().map(|id| known(&reader, id, lang));
        let mut views = views.collect::<Result<Vec<_>>>()?;
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

    fn answer(self, node: &Node) -> Result<TransferView> {
        view(node, &self.transfer, &self.lang, When::Now)
    }
}

fn view(node: &Node, id: &TransferId, lang: &str, when: When) -> Result<TransferView> {
    let mut view = known(&node.books().reader()?, id, Lang::from_tag(lang))?;
    if view.steps.is_empty() && view.anomalies.is_empty() {
        return Err(TransferRefused::Unknown { transfer: id.clone() }.into());
    }
    view.repeated = when == When::Before;
    Ok(view)
}

/// What is known of a transfer here: from its order, and from manifests that came ahead of it.
fn known(reader: &Reader, id: &TransferId, lang: Lang) -> Result<TransferView> {
    let kept = reader.note(&note_of(id))?;
    let (entries, told) = with_manifests(reader.transfer(id)?, kept.as_deref())?;
    let mut view = TransferView::of(id, &entries, lang);
    if let (None, Some(route)) = (&view.from, told) {
        view.from = Some(route.from().to_string());
        view.to = Some(route.to().to_string());
    }
    Ok(view)
}

/// Items as SKUs: of the product with this barcode or SKU, or a SKU that the catalog does not know.
fn wanted(node: &Node, lines: &[SaleLine]) -> Result<Vec<Wanted>> {
    let line = |(line, asked): (usize, &SaleLine)| {
        let item = asked.item.clone();
        if !asked.quantity.is_positive() {
            let sku = Sku::new(&item).map_err(|source| Refused::BadItem { line, item, source })?;
            let quantity = asked.quantity;
            return Err(Refused::Post(PostError::BadQuantity { line, sku, quantity }).into());
        }
        let (sku, each) = match node.coded(&asked.item)? {
            Some((product, each)) => (product.sku.clone(), each),
            None => {
                let bad = |source| Refused::BadItem { line, item, source };
                (Sku::new(&asked.item).map_err(bad)?, Quantity::ONE)
            }
        };
        let quantity = asked.quantity.times(each);
        let quantity = quantity.map_err(|source| Refused::Amount { line, source })?;
        Ok(Wanted { sku, quantity })
    };
    (1..).zip(lines).map(line).collect()
}

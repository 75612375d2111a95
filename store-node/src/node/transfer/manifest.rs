//! Manifests: a shipment that carries its own proof, and is received without a network.
//!
//! What a manifest says is kept here until the source's own word arrives by way of head office; then
//! that counts. Both are the same entry, so nothing is received twice.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use books::Tx;
use ledger::fact::Fact;
use ledger::id::{Sku, TransferId};
use ledger::order::{OrderStep, Party};
use ledger::transfer::{Entry, Event, Manifest, Route, Step, Wanted};
use sync_proto::Writer;
use sync_proto::quic::{Identity, Letter};

use super::receive::{self, Of, Receipt};
use super::{Known, ManifestRefused, before, book, moved};
use crate::error::{NodeError, Result};
use crate::node::{Node, When};
use crate::request::About;
use crate::sync::identity;

/// A manifest as it leaves the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedManifest {
    /// What it says.
    pub manifest: Manifest,
    /// The signed text: for a QR code, a file, or to be read out.
    pub text: String,
}

impl Node {
    /// Makes sure that this store can sign manifests and read those of others.
    pub fn can_sign(&self) -> Result<()> {
        self.signer().map(drop)
    }

    /// The signed manifest of a shipment that left here; of the last one if none is named.
    pub fn manifest(
        &self,
        transfer: &TransferId,
        shipment: Option<NonZeroU32>,
    ) -> Result<SignedManifest> {
        let signer = self.signer()?;
        let entries = self.books().reader()?.transfer(transfer)?;
        let route = ledger::transfer::status(&entries).route;
        let me = Party::Store(self.store().clone());
        let shipped = entries.iter().filter_map(|entry| match entry {
            Entry::Said(event) if event.by == me => {
                route.as_ref().and_then(|route| Manifest::of(transfer, route, event))
            }
            _ => None,
        });
        let wanted = |manifest: &Manifest| shipment.is_none_or(|n| manifest.shipment == n);
        let manifest = shipped.filter(wanted).max_by_key(|manifest| manifest.shipment);
        let none = || ManifestRefused::NoShipment { transfer: transfer.clone() };
        let manifest = manifest.ok_or_else(none)?;
        let text = Letter::write(&signer, manifest.to_text().as_bytes());
        let text = text.map_err(ManifestRefused::Letter)?;
        Ok(SignedManifest { manifest, text })
    }

    /// Receives the goods of a manifest; without lines, all of it that was not received before and
    /// is not damaged arrived in order.
    pub fn receive_manifest(
        &self,
        about: About,
        text: &str,
        received: Vec<Wanted>,
        damaged: Vec<Wanted>,
    ) -> Result<(TransferId, Fact, When)> {
        let manifest = self.read_manifest(text)?;
        let transfer = manifest.transfer.clone();
        let stamp = self.stamp();
        let receipt = Receipt { received, damaged, shipment: None };
        let (fact, when) = self.books().write(move |tx| {
            let Manifest { transfer, shipment, .. } = manifest.clone();
            if let Some((request, fact)) = before(tx, &about, &transfer, receive::KIND)? {
                return receipt.repeated(request, fact);
            }
            keep(tx, &manifest)?;
            let known = Known::of(tx, &transfer)?;
            if known.told_otherwise(&manifest) {
                return Err(ManifestRefused::Differs { transfer, shipment }.into());
            }
            let mut rest = moved(&manifest.goods);
            for (sku, arrived) in known.received_of(shipment) {
                *rest.entry(sku).or_default() -= arrived;
            }
            rest.retain(|_, left| *left > 0);
            if rest.is_empty() {
                return Err(ManifestRefused::ReceivedBefore { transfer, shipment }.into());
            }
            let of = Of { transfer, shipment, due: Some(&rest) };
            let task = known.receipt(of, &receipt)?;
            book(tx, &stamp, &about, task)
        })?;
        Ok((transfer, fact, when))
    }

    /// Reads a manifest for this store and makes sure that its source wrote it.
    fn read_manifest(&self, text: &str) -> Result<Manifest> {
        let me = self.signer()?;
        let letter = Letter::open(text, &me.me().name.chain, me.authority());
        let letter = letter.map_err(ManifestRefused::Letter)?;
        let body = String::from_utf8_lossy(&letter.body);
        let manifest = Manifest::read(&body).map_err(ManifestRefused::Form)?;
        let (from, to) = (manifest.route.from().clone(), manifest.route.to().clone());
        if letter.from.name.writer != Writer::Store(from.clone()) {
            let signer = letter.from.name.writer.to_string();
            return Err(ManifestRefused::Stranger { signer, from }.into());
        }
        if to != *self.store() {
            return Err(ManifestRefused::ForAnother { to, here: self.store().clone() }.into());
        }
        Ok(manifest)
    }

    fn signer(&self) -> Result<Identity> {
        if self.config().hub.is_none() {
            return Err(NodeError::Standalone);
        }
        identity(self)
    }
}

impl Known {
    /// Whether the source has told of the same shipment, and not the same.
    fn told_otherwise(&self, manifest: &Manifest) -> bool {
        let shipments = self.entries.iter().filter_map(|entry| match entry {
            Entry::Said(event) => Manifest::of(&manifest.transfer, &self.route, event),
            Entry::Unread(_) => None,
        });
        let mut same_number = shipments.filter(|told| told.shipment == manifest.shipment);
        same_number.any(|told| told != *manifest)
    }

    /// What was received of a shipment, in whatever state.
    pub(super) fn received_of(&self, shipment: NonZeroU32) -> BTreeMap<Sku, i128> {
        let mut sums = BTreeMap::new();
        for entry in &self.entries {
            if let Entry::Said(Event { by: Party::Store(store), step, .. }) = entry
                && store == self.route.to()
                && let Step::Receive { shipment: of, received, damaged, .. } = step
                && *of == shipment
            {
                for (sku, quantity) in moved(received).into_iter().chain(moved(damaged)) {
                    *sums.entry(sku).or_insert(0) += quantity;
                }
            }
        }
        sums
    }
}

/// Where the manifests of a transfer are kept, a line each.
pub(crate) fn note_of(transfer: &TransferId) -> String {
    format!("transfer.manifest.{transfer}")
}

/// Adds what the manifests say to what has been heard, until it is heard from the source itself.
/// Gives the way of the goods as well, which an order without its request does not tell.
pub(crate) fn with_manifests(
    mut entries: Vec<Entry>,
    kept: Option<&str>,
) -> Result<(Vec<Entry>, Option<Route>)> {
    let mut route = None;
    for text in kept.unwrap_or_default().lines() {
        let manifest = Manifest::read(text).map_err(ManifestRefused::Form)?;
        let event = manifest.event();
        let heard = entries.iter().any(|entry| match entry {
            Entry::Said(said) => said.by == event.by && said.step.name() == event.step.name(),
            Entry::Unread(_) => false,
        });
        if !heard {
            entries.push(Entry::Said(event));
        }
        route = Some(manifest.route);
    }
    Ok((entries, route))
}

fn keep(tx: &mut Tx<'_>, manifest: &Manifest) -> Result<()> {
    let note = note_of(&manifest.transfer);
    let (kept, text) = (tx.note(&note)?.unwrap_or_default(), manifest.to_text());
    if !kept.lines().any(|line| line == text) {
        tx.set_note(&note, &format!("{kept}{text}\n"))?;
    }
    Ok(())
}

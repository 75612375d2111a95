//! What a code is on, on the command line.

use clap::Args;
use console::{Exit, Page, format, words};

use super::Scene;
use crate::ask::scan::{self, Scanned};
use crate::door::Door;
use crate::error::Result;

/// Read a barcode, scale label or radio tag and show what it is on · 扫码查询
///
/// Takes EAN, UPC and GTIN numbers, GS1 element strings and Digital Links, scale labels with weight
/// or price, and SGTIN and SSCC tags. Exit code 1: the catalog does not know it.
#[derive(Debug, Args)]
pub(super) struct Scan {
    /// What the scanner sends · 扫描内容
    #[arg(value_name = "CODE")]
    code: String,
}

impl Scan {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let scanned = scene.door()?.ask(scan::Scan { code: self.code })?;
        scene.out.show(&scanned, |page| print(page, &scanned));
        Ok(if scanned.product.is_some() { Exit::Done } else { Exit::Failed })
    }
}

fn print(page: &mut Page, scanned: &Scanned) {
    let lang = page.lang();
    let mut fields = Vec::new();
    let mut unit = "";
    match (&scanned.product, &scanned.case, &scanned.number) {
        (Some(product), ..) => {
            unit = &product.named.unit;
            fields.push((lang.say(words::Product), product.named.name(lang).to_owned()));
            fields.push((lang.say(words::Sku), product.sku.to_string()));
            fields.push((lang.say(words::Price), format::money(product.price)));
        }
        (None, Some(case), _) => page.say(words::ScanCase { case }),
        (None, None, number) => {
            page.say(words::ScanUnknown { number: number.as_deref().unwrap_or_default() });
        }
    }
    let on_hand = scanned.on_hand.map(|quantity| format::quantity_of(quantity, unit));
    let date = |date: Option<ledger::time::BusinessDate>| date.map(|date| date.to_string());
    let said = [
        (lang.say(words::OnHand), on_hand),
        (lang.say(words::Lot), scanned.lot.clone()),
        (lang.say(words::ScanSerial), scanned.serial.clone()),
        (lang.say(words::ScanProduced), date(scanned.produced)),
        (lang.say(words::ScanBestBefore), date(scanned.best_before)),
        (lang.say(words::ScanExpires), date(scanned.expires)),
        (lang.say(words::ScanWeight), scanned.weight.map(|kg| format::quantity_of(kg, "kg"))),
        (lang.say(words::ScanCount), scanned.count.map(format::quantity)),
        (lang.say(words::ScanPrice), scanned.price.map(format::money)),
    ];
    fields.extend(said.into_iter().filter_map(|(name, value)| Some((name, value?))));
    page.fields(fields);
}

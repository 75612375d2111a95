//! Shelf and price labels (货架标签) as SVG: name, price and barcode, alone or many on a sheet.
//!
//! All lengths are in micrometres, so that they are whole numbers and a bar is as wide as it should be.

mod draw;
mod print;

use std::path::PathBuf;
use std::str::FromStr;
use std::{fmt, io};

use clap::ValueEnum;
use ledger::amount::Money;
use ledger::catalog::Product;
use thiserror::Error;

use crate::tell::{Exit, Tell, Told};
use crate::words::{self, Lang};

pub use draw::pages;
pub use print::{Printed, Printing};

/// A millimetre.
const MM: u32 = 1_000;

/// The most labels drawn at once: some 300 sheets, or 30 MB.
pub const MAX_LABELS: usize = 10_000;

/// What a label says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The Chinese name.
    pub name_zh: String,
    /// The English name; left out where it is the same.
    pub name_en: String,
    /// The specification, e.g. `500 ml`.
    pub spec: String,
    /// The unit that the price is for.
    pub unit: String,
    /// The price of a unit.
    pub price: Money,
    /// The SKU, printed as such, and as the barcode of goods that have none.
    pub sku: String,
    /// What a scanner reads, if it is not the SKU.
    pub barcode: Option<String>,
}

impl From<&Product> for Label {
    fn from(product: &Product) -> Self {
        Self {
            name_zh: product.name_zh.to_string(),
            name_en: product.name_en.to_string(),
            spec: product.spec.to_string(),
            unit: product.unit.to_string(),
            price: product.price,
            sku: product.sku.to_string(),
            barcode: product.barcode.as_deref().map(str::to_owned),
        }
    }
}

/// How large a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    width: u32,
    height: u32,
}

/// The smallest label with room for a name, a price and an EAN-8, and the largest that a sheet holds, in millimetres.
const MIN_SIZE: [u32; 2] = [25, 15];
const MAX_SIZE: [u32; 2] = [200, 280];

/// Why a text is no size.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "expected WIDTHxHEIGHT in millimetres, from {}x{} to {}x{}, e.g. 50x30",
    MIN_SIZE[0], MIN_SIZE[1], MAX_SIZE[0], MAX_SIZE[1]
)]
pub struct NoSize;

impl FromStr for Size {
    type Err = NoSize;

    fn from_str(text: &str) -> Result<Self, NoSize> {
        let (width, height) = text.split_once(['x', 'X', '×']).ok_or(NoSize)?;
        let side = |text: &str, at: usize| {
            let side: u32 = text.trim().parse().map_err(|_| NoSize)?;
            if (MIN_SIZE[at]..=MAX_SIZE[at]).contains(&side) { Ok(side * MM) } else { Err(NoSize) }
        };
        Ok(Self { width: side(width, 0)?, height: side(height, 1)? })
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width / MM, self.height / MM)
    }
}

/// What is printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Paper {
    /// A4 sheets with labels side by side, to be cut.
    A4,
    /// A printer of labels: a picture for each.
    Label,
}

/// Why labels are not printed.
#[derive(Debug, Error)]
pub enum LabelError {
    /// A code has characters that no barcode for goods can hold.
    #[error("`{code}` cannot be printed as a barcode")]
    NoBarcode {
        /// The code.
        code: String,
    },
    /// The bars would be too narrow to be read.
    #[error("the barcode of `{code}` needs a label {needed} mm wide")]
    TooNarrow {
        /// The code.
        code: String,
        /// How wide the label must be.
        needed: u32,
    },
    /// More than [`MAX_LABELS`].
    #[error("more than {MAX_LABELS} labels at once")]
    TooMany,
    /// A picture could not be written.
    #[error("cannot write {}", path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Tell for LabelError {
    fn tell(&self, lang: Lang) -> Told {
        match self {
            Self::NoBarcode { code } => Told::saying(lang.say(words::LabelNoBarcode { code }))
                .hint(lang.say(words::LabelNoBarcodeHint)),
            Self::TooNarrow { code, needed } => {
                Told::saying(lang.say(words::LabelTooNarrow { code, needed }))
                    .hint(lang.say(words::LabelTooNarrowHint))
            }
            Self::TooMany => Told::saying(lang.say(words::LabelTooMany { most: MAX_LABELS })),
            Self::File { path, .. } => {
                Told::saying(lang.say(words::LabelNotWritten { path: path.display() }))
            }
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::File { .. } => Exit::Failed,
            Self::NoBarcode { .. } | Self::TooNarrow { .. } | Self::TooMany => Exit::Usage,
        }
    }
}

#[cfg(test)]
mod tests;

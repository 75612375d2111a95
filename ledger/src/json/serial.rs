//! The stored form of single pieces, behind the movements of any fact: `"serials":[{"sku":"6901…","sn":"A17"}]`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{FactTextError, id_error};
use crate::id::{Serial, Sku};
use crate::serial::Piece;

#[derive(Serialize, Deserialize)]
pub(super) struct PieceRow<'a> {
    #[serde(borrow)]
    sku: Cow<'a, str>,
    #[serde(borrow)]
    sn: Cow<'a, str>,
}

impl<'a> PieceRow<'a> {
    pub(super) fn of(piece: &'a Piece) -> Self {
        Self { sku: piece.sku.as_str().into(), sn: piece.serial.as_str().into() }
    }

    pub(super) fn read(&self) -> Result<Piece, FactTextError> {
        Ok(Piece {
            sku: Sku::new(&self.sku).map_err(id_error("serials"))?,
            serial: Serial::new(&self.sn).map_err(id_error("serials"))?,
        })
    }
}

//! The bytes of other stores' stock.

use ledger::amount::Quantity;

use super::decode::clock;
use crate::codec::{CodecError, Reader, put_number, put_signed, put_text};
use crate::replica::More;
pub(super) use crate::stock::FIRST_VERSION;
use crate::stock::{Begins, Cursor, MAX_ROWS_PER_PAGE, StockPage, StoreStock};

pub(super) fn put_maybe_cursor(out: &mut Vec<u8>, cursor: Option<Cursor>) {
    out.push(u8::from(cursor.is_some()));
    if let Some(cursor) = cursor {
        put_cursor(out, cursor);
    }
}

pub(super) fn put_cursor(out: &mut Vec<u8>, cursor: Cursor) {
    out.extend_from_slice(&cursor.edition.to_le_bytes());
    put_number(out, cursor.version);
}

pub(super) fn put_page(out: &mut Vec<u8>, page: &StockPage) {
    out.push(u8::from(page.begins == Begins::Onward));
    put_cursor(out, page.next);
    out.push(u8::from(page.more == More::Yes));
    put_number(out, page.stores.len() as u64);
    for store in &page.stores {
        put_text(out, store.store.as_str());
        put_signed(out, store.as_of.millis());
        put_number(out, store.available.len() as u64);
        for (sku, quantity) in &store.available {
            put_text(out, sku.as_str());
            put_signed(out, quantity.thousandths());
        }
    }
}

/// The cursor of a greeting in this version, which older ones do not have.
pub(super) fn since(version: u16, reader: &mut Reader<'_>) -> Result<Option<Cursor>, CodecError> {
    if version < FIRST_VERSION {
        return Ok(None);
    }
    match reader.byte("cursor")? {
        0 => Ok(None),
        1 => cursor(reader).map(Some),
        _ => Err(CodecError::Invalid("cursor")),
    }
}

pub(super) fn cursor(reader: &mut Reader<'_>) -> Result<Cursor, CodecError> {
    let edition = u32::from_le_bytes(reader.array("edition")?);
    Ok(Cursor { edition, version: reader.number("version of the stock")? })
}

pub(super) fn page(reader: &mut Reader<'_>) -> Result<StockPage, CodecError> {
    let begins = match reader.byte("beginning")? {
        0 => Begins::Anew,
        1 => Begins::Onward,
        _ => return Err(CodecError::Invalid("beginning")),
    };
    let next = cursor(reader)?;
    let more = match reader.byte("more")? {
        0 => More::No,
        1 => More::Yes,
        _ => return Err(CodecError::Invalid("more")),
    };
    let stores = reader.list("stores", |reader| {
        Ok(StoreStock {
            store: reader.parsed("store id")?,
            as_of: clock(reader)?,
            available: reader.list("stock", |reader| {
                let sku = reader.parsed("SKU")?;
                let quantity = Quantity::from_thousandths(reader.signed("quantity")?);
                Ok((sku, quantity.map_err(|_| CodecError::Invalid("quantity"))?))
            })?,
        })
    })?;
    let page = StockPage { begins, next, more, stores };
    if page.rows() > MAX_ROWS_PER_PAGE || page.stores.len() > MAX_ROWS_PER_PAGE {
        return Err(CodecError::Invalid("number of rows"));
    }
    Ok(page)
}

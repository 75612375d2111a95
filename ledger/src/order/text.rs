//! What the stored forms of all orders' entries share: goods, and how a field is read or said to be
//! wrong.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Entry, Event, Goods, Party, Unread};
use crate::amount::{Money, Quantity};
use crate::id::{Operator, Sku};
use crate::time::Timestamp;

/// A text of a row: borrowed where it can be.
pub(crate) type Text<'a> = Cow<'a, str>;

/// What an entry says, with when and by whom; or what is wrong with it, for people.
pub(crate) type Said<S> = Result<(Timestamp, Option<Operator>, S), String>;

/// Goods as they stand in a row.
#[derive(Serialize, Deserialize)]
pub(crate) struct GoodsRow<'a> {
    #[serde(borrow)]
    sku: Text<'a>,
    qty: i64,
    value: i64,
}

/// The entry of a party, whether it could be read or not.
pub(crate) fn entry<S>(by: Party, name: &str, said: Said<S>) -> Entry<S> {
    match said {
        Ok((at, operator, step)) => Entry::Said(Event { by, at, operator, step }),
        Err(why) => Entry::Unread(Unread { by, name: name.into(), why: why.into() }),
    }
}

/// Refuses a row of another form than the one that is known.
pub(crate) fn check_version(found: u32, known: u32) -> Result<(), String> {
    if found == known {
        return Ok(());
    }
    Err(format!("it is of form {found}; this version reads form {known}"))
}

/// A field that must be there.
pub(crate) fn parsed<T: FromStr<Err: Display>>(
    text: Option<&str>,
    field: &str,
) -> Result<T, String> {
    let text = text.ok_or_else(|| format!("`{field}` is missing"))?;
    text.parse().map_err(|error| format!("`{field}`: {error}"))
}

/// A field that may be left out.
pub(crate) fn optional<T: FromStr<Err: Display>>(
    text: Option<&str>,
    field: &str,
) -> Result<Option<T>, String> {
    text.map(|text| parsed(Some(text), field)).transpose()
}

/// The goods of a list of rows.
pub(crate) fn goods(rows: &[GoodsRow<'_>]) -> Result<Vec<Goods>, String> {
    let line = |row: &GoodsRow<'_>| {
        let sku = parsed::<Sku>(Some(&row.sku), "sku")?;
        let quantity = positive(row.qty).map_err(|why| format!("{sku}: {why}"))?;
        Ok(Goods { sku, quantity, value: money(row.value)? })
    };
    rows.iter().map(line).collect()
}

/// The rows of a list of goods.
pub(crate) fn goods_rows(goods: &[Goods]) -> Vec<GoodsRow<'_>> {
    let row = |goods: &'_ Goods| {
        let (qty, value) = (goods.quantity.thousandths(), goods.value.ten_thousandths());
        GoodsRow { sku: Cow::Owned(goods.sku.as_str().to_owned()), qty, value }
    };
    goods.iter().map(row).collect()
}

/// A quantity of more than nothing.
pub(crate) fn positive(raw: i64) -> Result<Quantity, String> {
    let quantity = quantity(raw)?;
    if quantity.is_positive() {
        return Ok(quantity);
    }
    Err(format!("{quantity} is not more than nothing"))
}

/// A quantity of any sign.
pub(crate) fn quantity(raw: i64) -> Result<Quantity, String> {
    Quantity::from_thousandths(raw).map_err(|error| error.to_string())
}

/// An amount of any sign.
pub(crate) fn money(raw: i64) -> Result<Money, String> {
    Money::from_ten_thousandths(raw).map_err(|error| error.to_string())
}

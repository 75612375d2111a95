//! The bytes of questions about what is kept, and of their answers.

use ledger::check::replicas::RowKey;
use ledger::id::Epoch;
use ledger::movement::Account;
use ledger::time::BusinessDate;

use super::decode::maybe_head;
use super::encode::put_maybe_head;
use crate::Digest;
use crate::codec::{CodecError, Reader, put_number, put_signed, put_text};
use crate::kept::{
    BUCKETS, Bucket, FIRST_DAY_NUMBERS, Kept, KeyTag, MAX_MARKS, MAX_ROWS, Mark, Prefix, Question,
    Told, Wants, put_key, table, told,
};

pub(super) fn put_question(out: &mut Vec<u8>, question: &Question) {
    put_number(out, question.number);
    put_text(out, &question.since.map(|date| date.to_string()).unwrap_or_default());
    match &question.wants {
        Wants::Buckets(None) => out.push(0),
        Wants::Buckets(Some(first)) => out.extend([1, *first]),
        Wants::Marks(of) => {
            out.push(2);
            put_number(out, of.len() as u64);
            for prefix in of {
                match prefix {
                    Prefix::One(first) => out.extend([1, *first]),
                    Prefix::Two(first, second) => out.extend([2, *first, *second]),
                }
            }
        }
        Wants::Rows(keys) => {
            out.push(3);
            put_number(out, keys.len() as u64);
            keys.iter().for_each(|key| out.extend(key.0));
        }
    }
}

pub(super) fn question(reader: &mut Reader<'_>) -> Result<Question, CodecError> {
    let number = reader.number("number of the question")?;
    let since = match reader.text("first day")? {
        "" => None,
        date => Some(date.parse().map_err(|_| CodecError::Invalid("first day"))?),
    };
    let wants = match reader.byte("question")? {
        0 => Wants::Buckets(None),
        1 => Wants::Buckets(Some(reader.byte("bucket")?)),
        2 => Wants::Marks(bounded("buckets", BUCKETS, reader, |reader| {
            Ok(match reader.byte("bucket")? {
                1 => Prefix::One(reader.byte("bucket")?),
                2 => Prefix::Two(reader.byte("bucket")?, reader.byte("bucket")?),
                _ => return Err(CodecError::Invalid("bucket")),
            })
        })?),
        3 => Wants::Rows(bounded("keys", MAX_ROWS, reader, key_tag)?),
        _ => return Err(CodecError::Invalid("question")),
    };
    Ok(Question { number, since, wants })
}

pub(super) fn put_kept(out: &mut Vec<u8>, number: u64, kept: &Kept) {
    put_number(out, number);
    put_maybe_head(out, kept.head.as_ref());
    match &kept.told {
        Told::Buckets(buckets) => {
            out.push(0);
            for bucket in buckets {
                put_number(out, bucket.rows);
                out.extend(bucket.digest.to_bytes());
            }
        }
        Told::Marks(marks) => {
            out.push(1);
            put_number(out, marks.len() as u64);
            marks.iter().for_each(|mark| out.extend([mark.key.0, mark.row].concat()));
        }
        Told::Rows(rows) => {
            out.push(2);
            put_number(out, rows.len() as u64);
            for (key, numbers) in rows {
                let (place, numbers) = (out.len(), told(key, numbers));
                put_key(out, key);
                if matches!(key, RowKey::Day { .. }) && numbers.len() > FIRST_DAY_NUMBERS {
                    out[place] = table::LONG_DAY;
                    put_number(out, numbers.len() as u64);
                }
                numbers.iter().for_each(|number| put_signed(out, *number));
            }
        }
    }
}

pub(super) fn kept(reader: &mut Reader<'_>) -> Result<(u64, Kept), CodecError> {
    let number = reader.number("number of the question")?;
    let head = maybe_head(reader)?;
    let told = match reader.byte("answer")? {
        0 => {
            let bucket = |reader: &mut Reader<'_>| {
                let rows = reader.number("number of rows")?;
                Ok(Bucket { rows, digest: reader.array("digest").map(Digest::from_bytes)? })
            };
            Told::Buckets((0..BUCKETS).map(|_| bucket(reader)).collect::<Result<_, _>>()?)
        }
        1 => Told::Marks(bounded("marks", MAX_MARKS, reader, |reader| {
            Ok(Mark { key: key_tag(reader)?, row: reader.array("mark")? })
        })?),
        2 => Told::Rows(bounded("rows", MAX_ROWS, reader, |reader| {
            let (key, count) = row(reader)?;
            let numbers = (0..count).map(|_| reader.signed("number"));
            let mut numbers = numbers.collect::<Result<Vec<_>, _>>()?;
            numbers.resize(key.width(), 0);
            Ok((key, numbers))
        })?),
        _ => return Err(CodecError::Invalid("answer")),
    };
    Ok((number, Kept { head, told }))
}

/// The key of a row, and how many numbers follow it.
fn row(reader: &mut Reader<'_>) -> Result<(RowKey, usize), CodecError> {
    let table = reader.byte("table")?;
    let key = key(table, reader)?;
    let count = match table {
        table::DAY => FIRST_DAY_NUMBERS,
        table::LONG_DAY => {
            let count = usize::from(reader.byte("number of numbers")?);
            if !(FIRST_DAY_NUMBERS + 1..=key.width()).contains(&count) {
                return Err(CodecError::Invalid("number of numbers"));
            }
            count
        }
        _ => key.width(),
    };
    Ok((key, count))
}

fn key(table: u8, reader: &mut Reader<'_>) -> Result<RowKey, CodecError> {
    Ok(match table {
        table::BALANCE => RowKey::Balance {
            account: account(reader)?,
            sku: reader.parsed("SKU")?,
            lot: match reader.text("lot")? {
                "" => None,
                lot => Some(lot.parse().map_err(|_| CodecError::Invalid("lot"))?),
            },
        },
        table::DAY_BALANCE => RowKey::DayBalance {
            account: account(reader)?,
            date: date(reader)?,
            sku: reader.parsed("SKU")?,
        },
        table::DAY | table::LONG_DAY => {
            let date = date(reader)?;
            let epoch = Epoch::new(reader.small("epoch")?).ok_or(CodecError::Invalid("epoch"))?;
            RowKey::Day { date, epoch }
        }
        _ => return Err(CodecError::Invalid("table")),
    })
}

/// An account of a store: goods on the way are no store's.
fn account(reader: &mut Reader<'_>) -> Result<Account, CodecError> {
    match reader.parsed("account")? {
        Account::InTransit(_) => Err(CodecError::Invalid("account")),
        account => Ok(account),
    }
}

fn date(reader: &mut Reader<'_>) -> Result<BusinessDate, CodecError> {
    reader.parsed("date")
}

fn key_tag(reader: &mut Reader<'_>) -> Result<KeyTag, CodecError> {
    reader.array("key").map(KeyTag)
}

fn bounded<T>(
    what: &'static str,
    limit: usize,
    reader: &mut Reader<'_>,
    element: impl FnMut(&mut Reader<'_>) -> Result<T, CodecError>,
) -> Result<Vec<T>, CodecError> {
    let list = reader.list(what, element)?;
    if list.len() > limit { Err(CodecError::Invalid(what)) } else { Ok(list) }
}

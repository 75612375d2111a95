//! Why a row is rejected, in both languages.

use std::fmt;

use console::labels;
use console::words::{Lang, Phrase};
use ledger::catalog::{Contradiction, FieldError};
use ledger::id::IdError;

use super::field::Field;
use super::numbers::NumberProblem;

/// Why a row cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Bytes that stand for nothing in the file's encoding.
    DamagedText,
    /// Fewer or more fields than the header has.
    FieldCount {
        /// How many the row has.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// A cell that must not be empty.
    Missing,
    /// No number in the form that the mapping describes.
    NotANumber,
    /// More decimals than fit.
    TooPrecise {
        /// How many fit.
        places: u32,
    },
    /// Beyond the range of quantities or money.
    TooLarge,
    /// No date in any form that the mapping names.
    NotADate {
        /// The forms tried.
        formats: String,
    },
    /// A date long ago or far ahead.
    ImplausibleDate {
        /// Its year.
        year: i16,
    },
    /// No id of a product, store or lot.
    BadId(IdError),
    /// The store's pattern fills up numbers, and this is none.
    StoreNotANumber,
    /// A store's name of which a slug leaves nothing readable.
    StoreNotAscii,
    /// The joined file has no row for this key.
    NotJoined {
        /// The joined file.
        file: String,
    },
    /// Neither the file nor the catalog has a price.
    NoPrice,
    /// A quantity of nothing.
    ZeroQuantity,
    /// Less than nothing, and no rule says what that means.
    NegativeQuantity,
    /// A price or cost below zero.
    NegativeAmount,
    /// More off than the line comes to.
    DiscountTooLarge,
    /// No tax rate between 0 and 100 %.
    BadTaxRate,
    /// No way of paying.
    UnknownPayment,
    /// A rule of the mapping rejects it, for this reason.
    ByRule(Box<str>),
    /// The product stands in an earlier row, and differently.
    ProductTwice {
        /// That row.
        row: u64,
    },
    /// Fields of a product that can't both be.
    Contradiction(Contradiction),
    /// A field of a product that cannot be.
    BadField(FieldError),
    /// The books refused the whole document.
    Refused(String),
}

console::words! {
    ReasonDamagedText => "the text is damaged: some bytes stand for no character", "文本损坏：部分字节不是任何字符";
    ReasonFieldCount(found, expected) => "the row has {found} fields, the header {expected}", "本行有 {found} 个字段，表头有 {expected} 个";
    ReasonMissing => "nothing is given", "未填写";
    ReasonNotANumber => "this is not a number as the mapping describes them", "不是映射文件所述格式的数字";
    ReasonTooPrecise(places) => "at most {places} decimals fit", "最多 {places} 位小数";
    ReasonTooLarge => "the number is too large", "数值过大";
    ReasonNotADate(formats) => "this is not a date of the form {formats}", "不是格式为 {formats} 的日期";
    ReasonImplausibleDate(year) => "the year {year} cannot be meant", "年份 {year} 不合理";
    ReasonBadId(error) => "{error}", "不能用作编码：{error}";
    ReasonStoreNotANumber => "the mapping's store pattern needs a number", "映射文件的门店格式要求数字";
    ReasonStoreNotAscii => "no store id can be made of this name; list it under [values.store]", "无法由该名称生成门店编号；请在 [values.store] 中列出";
    ReasonNotJoined(file) => "{file} has no row for it", "{file} 中没有对应的行";
    ReasonNoPrice => "neither the file nor the catalog has a price", "文件和商品资料中均无价格";
    ReasonZeroQuantity => "the quantity is zero", "数量为零";
    ReasonNegativeQuantity => "the quantity is negative, and no rule of the mapping says what that means", "数量为负，映射文件中没有规则说明其含义";
    ReasonNegativeAmount => "the amount is negative", "金额为负";
    ReasonDiscountTooLarge => "the discount is more than the line comes to", "优惠大于本行金额";
    ReasonBadTaxRate => "this is not a tax rate from 0 to 100 %", "不是 0 到 100% 的税率";
    ReasonUnknownPayment => "this is none of: cash, card, transfer, mobile", "不是 cash、card、transfer、mobile 之一";
    ReasonByRule(reason) => "left out by the mapping: {reason}", "按映射规则排除：{reason}";
    ReasonProductTwice(row) => "row {row} describes the same product differently", "第 {row} 行对同一商品的描述不同";
    ReasonBadField(error) => "{error}", "商品字段有误：{error}";
    ReasonRefused(error) => "the document was refused: {error}", "单据未能入账：{error}";
}

use phrases::*;

impl Reason {
    /// The reason in words.
    pub fn say(&self, lang: Lang) -> String {
        let say = |phrase: &dyn Phrase| lang.say(phrase);
        match self {
            Self::DamagedText => say(&ReasonDamagedText),
            Self::FieldCount { found, expected } => say(&ReasonFieldCount { found, expected }),
            Self::Missing => say(&ReasonMissing),
            Self::NotANumber => say(&ReasonNotANumber),
            Self::TooPrecise { places } => say(&ReasonTooPrecise { places }),
            Self::TooLarge => say(&ReasonTooLarge),
            Self::NotADate { formats } => say(&ReasonNotADate { formats }),
            Self::ImplausibleDate { year } => say(&ReasonImplausibleDate { year }),
            Self::BadId(error) => say(&ReasonBadId { error }),
            Self::StoreNotANumber => say(&ReasonStoreNotANumber),
            Self::StoreNotAscii => say(&ReasonStoreNotAscii),
            Self::NotJoined { file } => say(&ReasonNotJoined { file }),
            Self::NoPrice => say(&ReasonNoPrice),
            Self::ZeroQuantity => say(&ReasonZeroQuantity),
            Self::NegativeQuantity => say(&ReasonNegativeQuantity),
            Self::NegativeAmount => say(&ReasonNegativeAmount),
            Self::DiscountTooLarge => say(&ReasonDiscountTooLarge),
            Self::BadTaxRate => say(&ReasonBadTaxRate),
            Self::UnknownPayment => say(&ReasonUnknownPayment),
            Self::ByRule(reason) => say(&ReasonByRule { reason }),
            Self::ProductTwice { row } => say(&ReasonProductTwice { row }),
            Self::Contradiction(why) => labels::contradiction(lang, why),
            Self::BadField(error) => say(&ReasonBadField { error }),
            Self::Refused(error) => say(&ReasonRefused { error }),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.say(Lang::En))
    }
}

impl From<NumberProblem> for Reason {
    fn from(problem: NumberProblem) -> Self {
        match problem {
            NumberProblem::NotANumber => Self::NotANumber,
            NumberProblem::TooPrecise { places } => Self::TooPrecise { places },
            NumberProblem::TooLarge => Self::TooLarge,
        }
    }
}

/// A reason and the cell it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The field whose cell is wrong; none when it is the row as a whole.
    pub(super) field: Option<Field>,
    pub(super) value: String,
    pub(super) reason: Reason,
}

impl Fault {
    /// A fault of one cell.
    pub(super) fn of(field: Field, value: &str, reason: impl Into<Reason>) -> Self {
        Self { field: Some(field), value: value.to_owned(), reason: reason.into() }
    }

    /// A fault of the whole row.
    pub(super) fn of_row(reason: Reason) -> Self {
        Self { field: None, value: String::new(), reason }
    }
}

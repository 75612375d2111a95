//! The business of a store chain, as pure functions.
//!
//! A person or till gives a [`Command`](command::Command); [`post`](post::post) turns it into a
//! [`Fact`](fact::Fact), which says what happened and which [`Movement`](movement::Movement)s of
//! goods and cost it caused; [`fold`](fold::fold) adds facts up to balances. Nothing here knows a
//! clock, a disk, a network or chance: the same arguments always give the same result.
//!
//! | room | holds |
//! |---|---|
//! | [`amount`], [`id`], [`time`] | quantities, money, names, dates: exact and parsed once |
//! | [`movement`], [`fact`] | what happened and what it moved |
//! | [`command`], [`post`], [`cost`] | from what is asked to what is booked, and at which cost |
//! | [`fold`], [`measure`] | what facts add up to |
//! | [`report`] | what they come to over a period, and figures drawn from that |
//! | [`close`] | what a store says of a day when it ends it |
//! | [`check`] | what facts and kept numbers must agree on, and where they first do not |
//! | [`json`], [`chain`] | the form in which facts are kept, and the proof that none is missing |
//! | [`assembly`] | goods that become other goods |
//! | [`loss`] | goods that are gone or too many, by reason |
//! | [`lot`] | lots with their dates, and what is left of each |
//! | [`bins`], [`serial`] | in which bins goods lie, and where single pieces are |
//! | [`alert`] | stock that a person should look at |
//! | [`reason`] | why goods are gone or too many |
//! | [`order`] | what orders of every kind have in common: parties, entries, what is unsaid |
//! | [`transfer`] | goods between stores: who said what, and where that leaves the goods |
//! | [`purchase`] | goods from suppliers: who ordered what, and how much of it has come |
//! | [`stocktake`] | counting while the shop sells, and what comes of it |
//! | [`correction`] | what a store is to book because a check found something |
//! | [`plan`] | how much to buy |
//! | [`voucher`] | what facts come to in the accounts of a bookkeeper |
//! | [`invoice`], [`payable`] | what suppliers ask for goods, and what they are owed |
//! | [`escrow`] | members' stored value, and who may spend it |
//! | [`catalog`], [`supplier`] | products, and whom they are bought from |
//! | [`scope`], [`profile`] | stores: their groups, and what head office says of them |
//! | [`bounds`] | how much of a product a store should have, by season |
//! | [`price`] | price lists and scheduled changes: what a product costs where and when |
//! | [`promotion`], [`basket`] | what head office gives away, and what a basket costs then |
//! | [`percent`] | shares of prices |

pub mod alert;
pub mod amount;
pub mod assembly;
pub mod basket;
pub mod bins;
pub mod bounds;
pub mod catalog;
pub mod chain;
pub mod check;
pub mod close;
pub mod command;
pub mod correction;
pub mod cost;
pub mod escrow;
pub mod fact;
pub mod fold;
pub mod id;
pub mod invoice;
pub mod json;
pub mod loss;
pub mod lot;
pub mod measure;
pub mod movement;
pub mod order;
pub mod payable;
pub mod percent;
pub mod plan;
pub mod post;
pub mod price;
pub mod profile;
pub mod promotion;
pub mod purchase;
pub mod reason;
pub mod report;
pub mod returns;
pub mod scan;
pub mod scope;
pub mod serial;
pub mod shift;
pub mod stocktake;
pub mod supplier;
pub mod time;
pub mod transfer;
pub mod voucher;

#[cfg(test)]
mod properties;

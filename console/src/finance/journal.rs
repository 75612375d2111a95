//! Vouchers as plain-text journals of hledger and beancount.

use std::fmt::Write as _;

use ledger::fact::PaymentMethod;
use ledger::voucher::{Account, Kind, Line, Voucher};

use super::book::Book;
use super::layout::{name, summary};

/// What an hledger journal begins with.
pub(super) fn hledger_head(book: &Book) -> String {
    let mut text = format!("commodity 1000.00 {}\n\n", book.settings().currency);
    for (root, letter) in [
        ("assets", 'A'),
        ("liabilities", 'L'),
        ("equity", 'E'),
        ("revenues", 'R'),
        ("expenses", 'X'),
    ] {
        // Writing to a string can't fail.
        let _ = writeln!(text, "account {root}  ; type: {letter}");
    }
    text.push('\n');
    text
}

/// A voucher in an hledger journal.
pub(super) fn hledger(book: &Book, voucher: &Voucher) -> String {
    let mut text = format!(
        "{} ({}) {}  ; facts: {}\n",
        voucher.date,
        voucher.number,
        plain(&summary(book.lang(), voucher)),
        voucher.facts
    );
    for line in &voucher.lines {
        let account = hledger_account(book, voucher, line);
        let _ = writeln!(text, "    {account}  {} {}", signed(line), book.settings().currency);
    }
    text.push('\n');
    text
}

fn hledger_account(book: &Book, voucher: &Voucher, line: &Line) -> String {
    let account = book.account(&line.account);
    let root = match kind(account) {
        Kind::Asset => "assets",
        Kind::Liability => "liabilities",
        Kind::Equity => "equity",
        Kind::Revenue => "revenues",
        Kind::Expense => "expenses",
    };
    let name = account.map(|account| plain(name(book.lang(), account))).unwrap_or_default();
    let mut text = format!("{root}:{} {name}:{}", line.account, voucher.store);
    for part in about(line) {
        text.push(':');
        text.push_str(&plain(part));
    }
    text
}

/// What a beancount file begins with. Accounts are opened by their first use.
pub(super) fn beancount_head(book: &Book) -> String {
    let currency = &book.settings().currency;
    format!(
        "option \"operating_currency\" \"{currency}\"\nplugin \"beancount.plugins.auto_accounts\"\n\n"
    )
}

/// A voucher in a beancount file.
pub(super) fn beancount(book: &Book, voucher: &Voucher) -> String {
    let mut text = format!(
        "{} * \"{}\"\n  number: \"{}\"\n",
        voucher.date,
        plain(&summary(book.lang(), voucher)),
        voucher.number
    );
    for line in &voucher.lines {
        let root = match kind(book.account(&line.account)) {
            Kind::Asset => "Assets",
            Kind::Liability => "Liabilities",
            Kind::Equity => "Equity",
            Kind::Revenue => "Income",
            Kind::Expense => "Expenses",
        };
        let _ = write!(
            text,
            "  {root}:{}:{}",
            component(&line.account),
            component(voucher.store.as_str())
        );
        for part in about(line) {
            let _ = write!(text, ":{}", component(part));
        }
        let _ = writeln!(text, "  {} {}", signed(line), book.settings().currency);
    }
    text.push('\n');
    text
}

fn kind(account: Option<&Account>) -> Kind {
    account.map_or(Kind::Asset, |account| account.kind)
}

fn about(line: &Line) -> impl Iterator<Item = &str> {
    let texts = [&line.about.supplier, &line.about.category, &line.about.rate];
    let method = line.about.method.map(PaymentMethod::name);
    texts.into_iter().filter_map(|text| text.as_deref()).chain(method)
}

/// An amount with its sign, debits counting up.
fn signed(line: &Line) -> String {
    ledger::voucher::Cents::new(line.change()).to_string()
}

/// A text without what these programs read as more than text.
fn plain(text: &str) -> String {
    let clean =
        |c: char| if matches!(c, ':' | ';' | '"' | '\\' | '|') || c.is_control() { '-' } else { c };
    let words: String = text.chars().map(clean).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A part of an account's name in beancount: letters, digits and `-`, the first a capital or a digit.
fn component(text: &str) -> String {
    let clean = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let text: String = text.chars().map(clean).collect();
    match text.chars().next() {
        Some(first) if first.is_uppercase() || first.is_ascii_digit() => text,
        _ => format!("X{text}"),
    }
}

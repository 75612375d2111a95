//! What stands on a receipt, from top to bottom.

use ledger::amount::Money;

use super::{CutCause, Slip, SlipLine};
use crate::format;
use crate::labels;
use crate::output::printable;
use crate::words::{self, Lang};

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// Words in the middle, larger than the others.
    Title(String),
    /// Words in the middle.
    Middle(String),
    /// Words on the left and words on the right.
    Sides(String, String),
    /// The same, larger.
    Sum(String, String),
    /// A line across.
    Rule,
    /// A code, as bars or dots, with its text below.
    Code(String),
}

/// Lays a receipt out.
pub fn rows(slip: &Slip, lang: Lang) -> Vec<Row> {
    let mut rows = head(slip, lang);
    rows.push(Row::Rule);
    slip.lines.iter().for_each(|line| rows.extend(of_line(line, lang)));
    rows.push(Row::Rule);
    rows.push(Row::Sum(lang.say(words::Total), format::money(slip.total)));
    for payment in &slip.payments {
        let label = labels::method(lang, &payment.method);
        let label = match payment.reference.as_str() {
            "" => label,
            reference => format!("{label} {}", printable(reference)),
        };
        rows.push(Row::Sides(label, format::money(payment.handed)));
        if payment.change.is_positive() {
            rows.push(Row::Sides(lang.say(words::SlipChange), format::money(payment.change)));
        }
    }
    rows.push(Row::Rule);
    for tax in &slip.taxes {
        let rate = format!("{}.{:02}%", tax.rate / 100, tax.rate % 100);
        let label = lang.say(words::SlipTax { rate, gross: format::money(tax.gross) });
        rows.push(Row::Sides(label, format::money(tax.tax)));
    }
    rows.push(Row::Code(slip.bill.to_string()));
    rows.push(Row::Middle(lang.say(words::SlipThanks)));
    rows
}

fn head(slip: &Slip, lang: Lang) -> Vec<Row> {
    let shop = if slip.shop.is_empty() { slip.store.as_str() } else { &slip.shop };
    let mut rows = vec![Row::Title(printable(shop)), Row::Middle(labels::kind(lang, &slip.kind))];
    if slip.printed > 0 {
        rows.push(Row::Title(lang.say(words::SlipCopy { n: slip.printed })));
    }
    let mut side = |label: String, value: String| rows.push(Row::Sides(label, printable(&value)));
    side(lang.say(words::Bill), slip.bill.to_string());
    side(lang.say(words::Time), slip.time.clone());
    if let Some(operator) = &slip.operator {
        side(lang.say(words::Operator), operator.to_string());
    }
    if let Some(member) = &slip.member {
        side(lang.say(words::SlipMember), member.to_string());
    }
    if let Some(of) = &slip.of {
        side(lang.say(words::SlipOf), of.to_string());
    }
    rows
}

fn of_line(line: &SlipLine, lang: Lang) -> Vec<Row> {
    let price = format::money(line.price);
    let much = format::quantity_of(line.quantity, &printable(&line.unit));
    let mut rows = vec![
        Row::Sides(printable(&line.name), String::new()),
        Row::Sides(format!("  {much} x {price}"), format::money(gross(line))),
    ];
    for cut in &line.cuts {
        let cause = match &cut.cause {
            CutCause::Promotion(name) => lang.say(words::SlipPromotion { name: printable(name) }),
            CutCause::Basket => lang.say(words::SlipBasket),
            CutCause::Points => lang.say(words::SlipPoints),
            CutCause::Hand => lang.say(words::SlipByHand),
        };
        rows.push(Row::Sides(format!("  {cause}"), format!("-{}", format::money(cut.amount))));
    }
    rows
}

/// What the line comes to before anything is taken off.
fn gross(line: &SlipLine) -> Money {
    let cuts = Money::sum(line.cuts.iter().map(|cut| cut.amount)).unwrap_or_default();
    line.total.plus(cuts).unwrap_or(line.total)
}

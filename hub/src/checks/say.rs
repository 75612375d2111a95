//! Reports in words, as every form of them for people says it.

use console::{Lang, format, labels, words};
use ledger::check::{Check, Proposal};

use super::life::Life;
use super::report::{CheckFinding, Scope, Seen, State};

/// The columns of a table of findings.
pub(crate) fn columns(lang: Lang) -> [String; 10] {
    [
        lang.say(words::FindingId),
        lang.say(words::Severity),
        lang.say(words::Check),
        lang.say(words::Store),
        lang.say(words::Sku),
        lang.say(words::Date),
        lang.say(words::FirstFact),
        lang.say(words::Expected),
        lang.say(words::Found),
        lang.say(words::FindingState),
    ]
}

/// A finding in a table.
pub(crate) fn row(lang: Lang, finding: &CheckFinding) -> [String; 10] {
    let found = seen(lang, &finding.found);
    [
        finding.id.clone(),
        labels::severity(lang, finding.severity),
        check(lang, finding),
        finding.store.as_ref().map_or(lang.say(words::TheChain), ToString::to_string),
        finding.sku.as_ref().map(ToString::to_string).unwrap_or_default(),
        date(lang, finding),
        fact(finding),
        seen(lang, &finding.expected),
        match finding.line {
            Some(line) => lang.say(words::FoundOnLine { line, found }),
            None => found,
        },
        match finding.life {
            Life::Open => state(lang, finding.state),
            _ => life(lang, &finding.life),
        },
    ]
}

/// The first divergent fact, and who recorded it.
pub(crate) fn fact(finding: &CheckFinding) -> String {
    match (finding.fact, &finding.operator) {
        (None, _) => String::new(),
        (Some(id), None) => id.to_string(),
        (Some(id), Some(operator)) => format!("{id} {operator}"),
    }
}

/// What to do about findings, once for each check.
pub(crate) fn proposals(findings: &[CheckFinding]) -> Vec<(Check, Proposal)> {
    let mut told: Vec<_> =
        findings.iter().map(|finding| (finding.check, finding.proposal)).collect();
    told.sort_by_key(|(check, proposal)| (*check, proposal.name()));
    told.dedup();
    told
}

/// What is checked, and of what where that has no column.
pub(crate) fn check(lang: Lang, finding: &CheckFinding) -> String {
    let check = labels::check(lang, finding.check);
    match &finding.subject {
        Some(subject) => lang.say(words::CheckOf { check, subject }),
        None => check,
    }
}

/// On which day it began, and how long ago.
pub(crate) fn date(lang: Lang, finding: &CheckFinding) -> String {
    let Some(date) = finding.date else { return String::new() };
    match finding.days {
        Some(n) => lang.say(words::SinceDays { date, n }),
        None => date.to_string(),
    }
}

/// What a run was limited to.
pub(crate) fn limits(lang: Lang, scope: &Scope) -> Vec<String> {
    let store = scope.store.as_ref().map(|store| lang.say(words::AuditOnlyStore { store }));
    let since = scope.since.map(|date| lang.say(words::AuditOnlySince { date }));
    let checks = scope.checks.iter().map(|check| labels::check(lang, *check));
    let limits: Vec<_> = store.into_iter().chain(since).chain(checks).collect();
    if limits.is_empty() { vec![lang.say(words::ScopeAll)] } else { limits }
}

/// Whether the report before had it.
pub(crate) fn state(lang: Lang, state: State) -> String {
    match state {
        State::New => lang.say(words::FindingNew),
        State::Persisting => lang.say(words::FindingPersisting),
        State::Resolved => lang.say(words::FindingResolved),
    }
}

/// One side of the evidence.
pub(crate) fn seen(lang: Lang, seen: &Seen) -> String {
    match seen {
        Seen::Nothing => lang.say(words::SeenNothing),
        Seen::Stock { quantity, value } => lang.say(words::SeenStock {
            quantity: format::quantity_total(quantity.0),
            value: format::money_total(value.0),
        }),
        Seen::Count(count) => format::count(*count),
        Seen::Quantity(quantity) => format::quantity_total(quantity.0),
        Seen::Money(money) => format::money_total(money.0),
        Seen::Fact(id) => id.to_string(),
        Seen::Bill(bill) => bill.to_string(),
        Seen::Numbers { first, last } => lang.say(words::SeenNumbers { first, last }),
        Seen::Time(at) => format::local_time(*at),
        Seen::Day(date) => date.to_string(),
        Seen::Days(n) => lang.say(words::SeenDays { n }),
        Seen::Word(word) => labels::word(lang, word),
    }
}

/// What became of a finding, in words.
pub(crate) fn life(lang: Lang, life: &Life) -> String {
    match life {
        Life::Open => lang.say(words::LifeOpen),
        Life::Explained(decision) => {
            lang.say(words::LifeExplained { by: &decision.by, reason: &decision.reason })
        }
        Life::Accepted(decision) => {
            lang.say(words::LifeAccepted { by: &decision.by, reason: &decision.reason })
        }
        Life::Corrected { correction, stage, fact, why } => {
            let why = why.as_deref().unwrap_or_default();
            match (stage.as_str(), fact) {
                ("proposed", _) => lang.say(words::LifeProposed { correction }),
                ("approved", _) if !why.is_empty() => {
                    lang.say(words::LifeApprovedAlone { correction, why })
                }
                ("approved", _) => lang.say(words::LifeApproved { correction }),
                ("rejected", _) => lang.say(words::LifeRejected { correction, why }),
                ("refused", _) => lang.say(words::LifeRefused { correction, why }),
                (_, Some(fact)) => lang.say(words::LifeDone { correction, fact }),
                (_, None) => lang.say(words::LifeProposed { correction }),
            }
        }
    }
}

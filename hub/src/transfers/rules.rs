//! Rules by which transfers are approved without a person, and the approvals that follow from them.
//!
//! The running hub looks at each order as it changes. A request that a rule lets pass is approved at
//! once, in the rule's name; any other waits for a person. So do requests that were there before the
//! rule.

use std::fmt;
use std::str::FromStr;

use books::{Reader, Tx};
use ledger::amount::{AmountError, Money, Quantity};
use ledger::id::{IdError, StoreId, TransferId};
use ledger::transfer::{Route, Stage, Step, Wanted, status};
use serde::{Deserialize, Serialize};
use sync_proto::replica::Row;
use sync_proto::{OrderId, OrderKind};

use super::requested;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::text;

/// Rules stand in the hub's notes, each under its name.
const PREFIX: &str = "transfer.rule.";

/// The last row whose orders have been looked at.
const SEEN: &str = "transfer.rules.seen";

/// How many rows may pass without an order among them until that is noted, so that looking stays
/// short and a change of the catalog costs no note.
const NOTE_EVERY: u64 = 1_000;

/// The most rules that are kept: each request is held against all of them, and people must still see
/// through them.
pub const MAX_RULES: usize = 1_000;

/// The longest name of a rule, in bytes: it stands in every approval.
const MAX_NAME_LEN: usize = 64;

/// What people call a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleName(Box<str>);

impl FromStr for RuleName {
    type Err = IdError;

    fn from_str(name: &str) -> Result<Self, IdError> {
        let (what, text) = ("rule name", name.to_owned());
        if name.trim().is_empty() {
            return Err(IdError::Empty { what });
        }
        if name.len() > MAX_NAME_LEN {
            return Err(IdError::TooLong { what, text });
        }
        match name.chars().find(|c| c.is_control()) {
            Some(found) => Err(IdError::BadCharacter { what, text, found }),
            None => Ok(Self(name.into())),
        }
    }
}

impl fmt::Display for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is approved automatically: requests that keep within all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name.
    #[serde(with = "text")]
    pub name: RuleName,
    /// The source; any if none is named.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<StoreId>,
    /// The destination; any if none is named.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<StoreId>,
    /// The most units, all lines together; any number if none is named.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub max_quantity: Option<Quantity>,
    /// The most money, at the catalog's retail prices. Goods without a price need a person then.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub max_value: Option<Money>,
}

/// A request, as rules look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// From where to where.
    pub route: Route,
    /// All units together.
    pub quantity: Quantity,
    /// What they are worth at retail; none if that is not known of all of them.
    pub value: Option<Money>,
}

impl Rule {
    /// Whether a request passes.
    pub fn lets_pass(&self, size: &Size) -> bool {
        let end = |rule: &Option<StoreId>, end: &StoreId| rule.as_ref().is_none_or(|s| s == end);
        end(&self.from, size.route.from())
            && end(&self.to, size.route.to())
            && self.max_quantity.is_none_or(|most| size.quantity <= most)
            && self.max_value.is_none_or(|most| size.value.is_some_and(|value| value <= most))
    }
}

impl Hub {
    /// Sets a rule, in place of one of the same name. Requests that wait already are left to a
    /// person.
    pub fn set_transfer_rule(&self, rule: &Rule) -> Result<()> {
        let _turn = self.rules_turn();
        self.apply_rules()?;
        let rules = self.transfer_rules()?;
        if rules.len() >= MAX_RULES && rules.iter().all(|other| other.name != rule.name) {
            return Err(HubError::TooManyRules);
        }
        let key = format!("{PREFIX}{}", rule.name);
        let text = serde_json::to_string(rule).expect("a rule is names and numbers");
        self.books().write(move |tx| Ok(tx.set_note(&key, &text)?))
    }

    /// Takes a rule away.
    pub fn remove_transfer_rule(&self, name: &RuleName) -> Result<()> {
        let _turn = self.rules_turn();
        let (key, name) = (format!("{PREFIX}{name}"), name.clone());
        self.books().write(move |tx| match tx.note(&key)? {
            Some(_) => Ok(tx.forget_note(&key)?),
            None => Err(HubError::NoRule { name }),
        })
    }

    /// The rules, by name.
    pub fn transfer_rules(&self) -> Result<Vec<Rule>> {
        let read = |(key, text): (String, String)| {
            let record = |source| HubError::Record { key, source: Box::new(source) };
            serde_json::from_str(&text).map_err(record)
        };
        self.reader()?.notes(PREFIX)?.into_iter().map(read).collect()
    }

    /// Approves what the rules let pass of the requests that arrived since they were last looked at.
    fn approve_by_rule(&self) -> Result<()> {
        let _turn = self.rules_turn();
        self.apply_rules()
    }

    fn apply_rules(&self) -> Result<()> {
        let reader = self.reader()?;
        let seen = reader.note(SEEN)?.and_then(|text| text.parse().ok()).unwrap_or(0);
        let (orders, Row(last)) = reader.orders_since(OrderKind::Transfer, Row(seen))?;
        if orders.is_empty() && last.saturating_sub(seen) < NOTE_EVERY {
            return Ok(());
        }
        let rules = self.transfer_rules()?;
        for order in &orders {
            if let Some((id, lines, rule)) = passing(&reader, order, &rules)? {
                let now = self.now();
                let step =
                    Step::Approve { lines, rule: Some(rule.to_string().into()), remark: None };
                let told = (id.clone(), rule.clone());
                self.books().write(move |tx| approve(tx, &id, step, now))?;
                tracing::info!(transfer = %told.0, rule = %told.1, "a transfer was approved by rule");
            }
        }
        self.books().write(move |tx| Ok(tx.set_note(SEEN, &last.to_string())?))
    }
}

/// Keeps the requests going while the hub runs.
pub(crate) async fn keep_approving(hub: Hub) {
    let mut commits = hub.books().commits();
    loop {
        let seen = commits.borrow_and_update().last_shared;
        let asked = hub.clone();
        match tokio::task::spawn_blocking(move || asked.approve_by_rule()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the rules for transfers cannot be applied"),
            Err(_) => tracing::error!("applying the rules for transfers panicked"),
        }
        if commits.wait_for(|commit| commit.last_shared != seen).await.is_err() {
            return;
        }
    }
}

/// The request of an order, if a rule lets it pass, and which. What looks odd is left to a person.
fn passing(
    reader: &Reader,
    order: &OrderId,
    rules: &[Rule],
) -> Result<Option<(TransferId, Vec<Wanted>, RuleName)>> {
    let id = TransferId::new(order.as_str())?;
    let transfer = status(&reader.transfer(&id)?);
    let (Stage::Requested, Some(route)) = (transfer.stage, transfer.route.clone()) else {
        return Ok(None);
    };
    if !transfer.anomalies.is_empty() {
        return Ok(None);
    }
    let lines = requested(&transfer)?;
    let Ok(size) = size(reader, route, &lines)? else { return Ok(None) };
    let rule = rules.iter().find(|rule| rule.lets_pass(&size));
    Ok(rule.map(|rule| (id, lines, rule.name.clone())))
}

/// How large a request is; an error inside if that is beyond counting.
fn size(reader: &Reader, route: Route, lines: &[Wanted]) -> Result<Result<Size, AmountError>> {
    let mut size = Size { route, quantity: Quantity::ZERO, value: Some(Money::ZERO) };
    for Wanted { sku, quantity } in lines {
        let price = reader.product(sku)?.map(|product| product.price);
        let price = price.filter(|price| price.is_positive());
        let add = || -> Result<(), AmountError> {
            size.quantity = size.quantity.plus(*quantity)?;
            size.value = match (size.value, price) {
                (Some(value), Some(price)) => Some(value.plus(price.times(*quantity)?)?),
                _ => None,
            };
            Ok(())
        };
        if let Err(error) = { add }() {
            return Ok(Err(error));
        }
    }
    Ok(Ok(size))
}

/// Approves a request if it still waits, for what was looked at.
fn approve(
    tx: &mut Tx<'_>,
    id: &TransferId,
    step: Step,
    now: ledger::time::Timestamp,
) -> Result<()> {
    let transfer = status(&tx.transfer(id)?);
    if transfer.stage == Stage::Requested && transfer.anomalies.is_empty() {
        tx.tell_transfer(id, None, step, now)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(from: Option<&str>, max_quantity: Option<&str>, max_value: Option<&str>) -> Rule {
        Rule {
            name: "near".parse().unwrap(),
            from: from.map(|from| from.parse().unwrap()),
            to: None,
            max_quantity: max_quantity.map(|most| most.parse().unwrap()),
            max_value: max_value.map(|most| most.parse().unwrap()),
        }
    }

    fn size(quantity: &str, value: Option<&str>) -> Size {
        Size {
            route: Route::new("A".parse().unwrap(), "B".parse().unwrap()).unwrap(),
            quantity: quantity.parse().unwrap(),
            value: value.map(|value| value.parse().unwrap()),
        }
    }

    #[test]
    fn a_request_passes_within_every_bound() {
        let small = size("10", Some("25.00"));
        assert!(rule(None, None, None).lets_pass(&small));
        assert!(rule(Some("A"), Some("10"), Some("25")).lets_pass(&small));
        assert!(!rule(Some("B"), None, None).lets_pass(&small), "it comes from elsewhere");
        assert!(!rule(None, Some("9.999"), None).lets_pass(&small));
        assert!(!rule(None, None, Some("24.99")).lets_pass(&small));
        let priceless = size("10", None);
        assert!(rule(None, Some("10"), None).lets_pass(&priceless));
        assert!(!rule(None, None, Some("1000")).lets_pass(&priceless), "nobody knows its worth");
    }

    #[test]
    fn a_rule_has_a_name_that_people_can_read() {
        for name in ["", "  ", "a\nb", &"x".repeat(65)] {
            assert!(name.parse::<RuleName>().is_err(), "{name:?}");
        }
        assert_eq!("邻店 小额".parse::<RuleName>().unwrap().to_string(), "邻店 小额");
    }
}

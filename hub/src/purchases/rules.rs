//! Rules by which purchase orders are approved without a person, and the approvals that follow from
//! them.
//!
//! As with transfers, the running hub looks at each order as it changes. One that was submitted and that
//! a rule lets pass is approved at once, in the rule's name; any other waits for a person. So do orders
//! that were there before the rule.

use books::Tx;
use ledger::amount::Money;
use ledger::id::{PurchaseId, StoreId, SupplierId};
use ledger::purchase::{Ordered, Purchase, Stage, Word, status};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use sync_proto::OrderKind;
use sync_proto::replica::Row;

use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::text;
use crate::transfers::rules::{MAX_RULES, RuleName};

/// Rules stand in the hub's notes, each under its name.
const PREFIX: &str = "purchase.rule.";

/// The last row whose orders have been looked at.
const SEEN: &str = "purchase.rules.seen";

/// How many rows may pass without an order among them until that is noted, so that looking stays
/// short and a change of the catalog costs no note.
const NOTE_EVERY: u64 = 1_000;

/// What is approved automatically: orders that keep within all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurchaseRule {
    /// Its name.
    #[serde(with = "text")]
    pub name: RuleName,
    /// Only orders for this store alone; any if none is named.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// Only orders from this supplier; any if none is named.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub supplier: Option<SupplierId>,
    /// The most that an order may come to; anything if none is named.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub max_value: Option<Money>,
}

impl PurchaseRule {
    /// Whether an order passes. One whose value is beyond counting needs a person.
    pub fn lets_pass(&self, order: &Ordered) -> bool {
        let Ok(value) = order.value() else { return false };
        self.store.as_ref().is_none_or(|store| order.lines.iter().all(|line| line.store == *store))
            && self.supplier.as_ref().is_none_or(|supplier| order.supplier == *supplier)
            && self.max_value.is_none_or(|most| value <= most)
    }
}

impl Hub {
    /// Sets a rule, in place of one of the same name. Orders that wait already are left to a person.
    pub fn set_purchase_rule(&self, rule: &PurchaseRule) -> Result<()> {
        let _turn = self.rules_turn();
        self.apply_purchase_rules()?;
        let rules = self.purchase_rules()?;
        if rules.len() >= MAX_RULES && rules.iter().all(|other| other.name != rule.name) {
            return Err(HubError::TooManyRules);
        }
        let key = format!("{PREFIX}{}", rule.name);
        let text = serde_json::to_string(rule).expect("a rule is names and numbers");
        self.books().write(move |tx| Ok(tx.set_note(&key, &text)?))
    }

    /// Takes a rule away.
    pub fn remove_purchase_rule(&self, name: &RuleName) -> Result<()> {
        let _turn = self.rules_turn();
        let (key, name) = (format!("{PREFIX}{name}"), name.clone());
        self.books().write(move |tx| match tx.note(&key)? {
            Some(_) => Ok(tx.forget_note(&key)?),
            None => Err(HubError::NoRule { name }),
        })
    }

    /// The rules, by name.
    pub fn purchase_rules(&self) -> Result<Vec<PurchaseRule>> {
        let read = |(key, text): (String, String)| {
            let record = |source| HubError::Record { key, source: Box::new(source) };
            serde_json::from_str(&text).map_err(record)
        };
        self.reader()?.notes(PREFIX)?.into_iter().map(read).collect()
    }

    /// Approves what the rules let pass of the orders that arrived since they were last looked at.
    fn approve_purchases_by_rule(&self) -> Result<()> {
        let _turn = self.rules_turn();
        self.apply_purchase_rules()
    }

    fn apply_purchase_rules(&self) -> Result<()> {
        let reader = self.reader()?;
        let seen = reader.note(SEEN)?.and_then(|text| text.parse().ok()).unwrap_or(0);
        let (orders, Row(last)) = reader.orders_since(OrderKind::Purchase, Row(seen))?;
        if orders.is_empty() && last.saturating_sub(seen) < NOTE_EVERY {
            return Ok(());
        }
        let rules = self.purchase_rules()?;
        for order in &orders {
            let id = PurchaseId::new(order.as_str())?;
            let now = status(&reader.purchase(&id)?);
            if let Some(rule) = passing(&now, &rules) {
                let (told, at) = (id.clone(), self.now());
                let name = rule.name.to_string();
                let looked_at = now.order;
                self.books().write(move |tx| approve(tx, &id, &looked_at, &name, at))?;
                tracing::info!(purchase = %told, rule = %rule.name, "a purchase was approved by rule");
            }
        }
        self.books().write(move |tx| Ok(tx.set_note(SEEN, &last.to_string())?))
    }
}

/// Keeps the orders going while the hub runs.
pub(crate) async fn keep_approving_purchases(hub: Hub) {
    let mut commits = hub.books().commits();
    loop {
        let seen = commits.borrow_and_update().last_shared;
        let asked = hub.clone();
        match tokio::task::spawn_blocking(move || asked.approve_purchases_by_rule()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the rules for purchases cannot be applied"),
            Err(_) => tracing::error!("applying the rules for purchases panicked"),
        }
        if commits.wait_for(|commit| commit.last_shared != seen).await.is_err() {
            return;
        }
    }
}

/// The rule that lets an order pass. What looks odd is left to a person.
fn passing<'a>(now: &Purchase, rules: &'a [PurchaseRule]) -> Option<&'a PurchaseRule> {
    let (_, order) = now.order.as_ref().filter(|_| waits(now))?;
    rules.iter().find(|rule| rule.lets_pass(order))
}

fn waits(now: &Purchase) -> bool {
    now.stage == Stage::Submitted && now.anomalies.is_empty()
}

/// Approves an order if it still waits and is what was looked at.
fn approve(
    tx: &mut Tx<'_>,
    id: &PurchaseId,
    looked_at: &Option<(ledger::purchase::Revision, Ordered)>,
    rule: &str,
    at: Timestamp,
) -> Result<()> {
    let now = status(&tx.purchase(id)?);
    if waits(&now) && now.order == *looked_at {
        let word = Word::Approve { rule: Some(rule.into()), remark: None };
        // Whoever decided meanwhile has decided.
        let _ = tx.say_purchase(id, None, word, at)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ledger::purchase::OrderLine;

    use super::*;

    fn order(stores: &[&str], price: &str) -> Ordered {
        let line = |store: &&str| OrderLine {
            store: store.parse().unwrap(),
            sku: "X".parse().unwrap(),
            quantity: "10".parse().unwrap(),
            price: price.parse().unwrap(),
        };
        let lines = stores.iter().map(line).collect();
        Ordered { supplier: "V7".parse().unwrap(), lines, expected: None, remark: None }
    }

    fn rule(store: Option<&str>, supplier: Option<&str>, max: Option<&str>) -> PurchaseRule {
        PurchaseRule {
            name: "small".parse().unwrap(),
            store: store.map(|store| store.parse().unwrap()),
            supplier: supplier.map(|supplier| supplier.parse().unwrap()),
            max_value: max.map(|most| most.parse().unwrap()),
        }
    }

    #[test]
    fn an_order_passes_within_every_bound() {
        let small = order(&["S1"], "2.5");
        assert!(rule(None, None, None).lets_pass(&small));
        assert!(rule(Some("S1"), Some("V7"), Some("25")).lets_pass(&small));
        assert!(!rule(None, None, Some("24.99")).lets_pass(&small));
        assert!(!rule(Some("S2"), None, None).lets_pass(&small));
        assert!(!rule(None, Some("V8"), None).lets_pass(&small));
        assert!(!rule(Some("S1"), None, None).lets_pass(&order(&["S1", "S2"], "1")), "not alone");
    }
}

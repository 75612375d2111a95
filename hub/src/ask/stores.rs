//! Stores of the chain: invite, list, shut out.

use std::time::Duration;

use ledger::id::StoreId;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::Result;
use crate::events::What;
use crate::hub::Hub;
use crate::registry::{Invitation, Standing, StoreRecord, Update};
use crate::text;

/// Invite a store: make it known, and a code with which one machine can join as it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// Its name, for people. None keeps the one it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the store may be known already.
    pub kind: InviteKind,
    /// How long the code works, in minutes.
    pub life_minutes: u64,
}

/// [`Invitation`] in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteKind {
    /// The store is new.
    First,
    /// The store is known; a new machine takes over.
    Again,
}

/// A store that was invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The join code. Shown once: the hub keeps a hash only.
    pub code: String,
    /// After this it no longer works.
    #[serde(with = "text::instant")]
    pub expires: Timestamp,
    /// Where the store finds the hub, if the hub knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hub: Option<String>,
}

impl Ask for Invite {
    const PATH: &'static str = "/v1/store/add";
    type Answer = Invited;

    fn answer(self, hub: &Hub) -> Result<Invited> {
        let invitation = match self.kind {
            InviteKind::First => Invitation::First,
            InviteKind::Again => Invitation::Again,
        };
        let life = Duration::from_secs(self.life_minutes.saturating_mul(60));
        let code = hub.authority().join_code()?;
        let digest = code.secret().digest();
        let (store, now) = (self.store, hub.now());
        hub.register().decide(|registry| -> Result<Update> {
            let name = self.name.as_deref();
            Ok(registry.invite(invitation, &store, name, digest, life, now)?)
        })?;
        hub.note_event(Some(&store), What::Invited);
        let expires = hub.register().read(|registry| registry.open_code(&store, now));
        Ok(Invited {
            store,
            code: code.to_string(),
            expires: expires.unwrap_or(now),
            hub: hub.public_address(),
        })
    }
}

/// List the stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListStores {}

/// Every store that head office knows, by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreList {
    /// The chain's name.
    pub chain: String,
    /// The stores.
    pub stores: Vec<StoreRow>,
}

/// A store as head office knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreRow {
    /// Its id.
    #[serde(with = "text")]
    pub store: StoreId,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it stands.
    pub standing: Standing,
    /// When it was added.
    #[serde(with = "text::instant")]
    pub added: Timestamp,
    /// Until when its open join code works, if it has one.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub code_until: Option<Timestamp>,
    /// Since when the present machine stands for it.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub machine_since: Option<Timestamp>,
    /// Until when its newest certificate is in force.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub certificate_until: Option<Timestamp>,
}

impl StoreRow {
    fn of(record: &StoreRecord, code_until: Option<Timestamp>) -> Self {
        let machine = record.machine.as_ref();
        Self {
            store: record.store.clone(),
            name: record.name.clone(),
            standing: record.standing(),
            added: record.added,
            code_until,
            machine_since: machine.map(|machine| machine.joined),
            certificate_until: machine.map(|machine| machine.certificate_until),
        }
    }
}

impl Ask for ListStores {
    const PATH: &'static str = "/v1/store/list";
    type Answer = StoreList;

    fn answer(self, hub: &Hub) -> Result<StoreList> {
        let now = hub.now();
        let stores = hub.register().read(|registry| {
            let row =
                |record: &StoreRecord| StoreRow::of(record, registry.open_code(&record.store, now));
            registry.stores().map(row).collect()
        });
        Ok(StoreList { chain: hub.config().title().to_owned(), stores })
    }
}

/// Shut a store out: its machine may no longer connect, its codes no longer work. Its facts stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
}

/// A store that was shut out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// Since when.
    #[serde(with = "text::instant")]
    pub since: Timestamp,
    /// How many of its connections were closed. None when the hub does not run.
    pub closed: Option<usize>,
}

impl Ask for Revoke {
    const PATH: &'static str = "/v1/store/revoke";
    type Answer = Revoked;

    fn answer(self, hub: &Hub) -> Result<Revoked> {
        let (store, now) = (self.store, hub.now());
        hub.register()
            .decide(|registry| -> Result<Update> { Ok(registry.revoke(&store, now)?) })?;
        // Durable first: a connection that is made meanwhile is refused by its standing.
        let closed = hub.shut_out(&store);
        hub.note_event(Some(&store), What::Revoked);
        let revoked = |record: &StoreRecord| record.revoked;
        let since = hub.register().read(|registry| registry.store(&store).and_then(revoked));
        Ok(Revoked { store, since: since.unwrap_or(now), closed })
    }
}

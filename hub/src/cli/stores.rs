//! `hub store …`

use console::{Column, Exit, Out, Table, format, words};
use ledger::id::StoreId;

use super::StoreAdd;
use crate::ask::stores::{Invite, InviteKind, ListStores, Revoke, StoreRow};
use crate::door::Door;
use crate::error::Result;
use crate::registry::Standing;

/// What stands for the hub's address where the hub does not know it.
const UNKNOWN_HUB: &str = "HUB_ADDRESS";

pub(super) fn add(door: &impl Door, add: StoreAdd, out: &Out) -> Result<Exit> {
    let kind = if add.again { InviteKind::Again } else { InviteKind::First };
    let invite = Invite { store: add.store, name: add.name, kind, life_minutes: add.life };
    let invited = door.ask(invite)?;
    out.show(&invited, |page| {
        let store = &invited.store;
        page.say(words::StoreInvited { store });
        page.gap();
        page.line(format!("    {}", invited.code));
        page.gap();
        let when = format::local_time(invited.expires);
        page.say(words::JoinCodeExpires { when });
        page.say(words::JoinCommand);
        page.gap();
        // One argument for the shell: the code has no spaces.
        let (code, hub) = (&invited.code, invited.hub.as_deref().unwrap_or(UNKNOWN_HUB));
        page.line(format!("    store-node join {code} --hub {hub}"));
        if invited.hub.is_none() {
            page.gap();
            page.say(words::JoinAddressUnknown { placeholder: UNKNOWN_HUB });
        }
        if kind == InviteKind::Again {
            page.gap();
            page.say(words::JoinCodeReplaces);
        }
    });
    Ok(Exit::Done)
}

pub(super) fn list(door: &impl Door, out: &Out) -> Result<Exit> {
    let list = door.ask(ListStores {})?;
    out.show(&list, |page| {
        let lang = page.lang();
        if list.stores.is_empty() {
            return page.say(words::FleetEmpty);
        }
        page.heading(words::FleetHeading { chain: &list.chain });
        let mut table = Table::new([
            Column::text(lang.say(words::Store)),
            Column::flexible(lang.say(words::Name)),
            Column::text(lang.say(words::Status)),
            Column::text(lang.say(words::StoreMachineSince)),
            Column::text(lang.say(words::FleetCertificate)),
            Column::text(lang.say(words::JoinCode)),
        ]);
        let time = |at| format::local_time(at);
        for row in &list.stores {
            let StoreRow { store, name, machine_since, certificate_until, code_until, .. } = row;
            let code =
                code_until.map(|when| lang.say(words::JoinCodeOpenUntil { when: time(when) }));
            table.row([
                store.to_string(),
                name.clone().unwrap_or_default(),
                standing(lang, row.standing),
                machine_since.map(time).unwrap_or_default(),
                certificate_until.map(time).unwrap_or_default(),
                code.unwrap_or_default(),
            ]);
        }
        page.table(&table);
    });
    Ok(Exit::Done)
}

pub(super) fn revoke(door: &impl Door, store: StoreId, out: &Out) -> Result<Exit> {
    let revoked = door.ask(Revoke { store })?;
    out.show(&revoked, |page| {
        page.say(words::StoreRevoked { store: &revoked.store });
        match revoked.closed {
            Some(n) => page.say(words::StoreRevokedClosed { n }),
            None => page.say(words::StoreRevokedLater),
        }
    });
    Ok(Exit::Done)
}

pub(super) fn standing(lang: console::Lang, standing: Standing) -> String {
    match standing {
        Standing::Invited => lang.say(words::StoreWaiting),
        Standing::Active => lang.say(words::StoreActive),
        Standing::Revoked => lang.say(words::StoreGone),
    }
}

//! `hub store set|show`

use std::collections::BTreeMap;

use clap::Args;
use console::{Column, Exit, Out, Table, words};
use ledger::id::StoreId;
use ledger::profile::{ProfileField, StoreKind};

use crate::ask::profiles::{SetProfile, ShowProfiles};
use crate::door::Door;
use crate::error::{HubError, Result};

#[derive(Debug, Args)]
pub(super) struct SetArgs {
    /// The store · 门店
    store: StoreId,
    /// Fields and their values: kind (shop, warehouse, distribution-centre), name, address, groups
    /// (the narrowest first), zone, cutoff; e.g. groups="airport north" · 字段=值
    #[arg(required = true, value_name = "FIELD=VALUE")]
    fields: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// One store only · 门店
    store: Option<StoreId>,
}

pub(super) fn set(door: &impl Door, args: SetArgs, out: &Out) -> Result<Exit> {
    let mut fields = BTreeMap::new();
    for text in &args.fields {
        let (field, value) =
            text.split_once('=').ok_or_else(|| HubError::NotAssigned { text: text.clone() })?;
        fields.insert(field.trim().to_owned(), value.trim().to_owned());
    }
    let set = door.ask(SetProfile { store: args.store, fields })?;
    out.show(&set, |page| {
        let store = &set.profile.store;
        match set.changed {
            true => page.say(words::ProfileSet { store }),
            false => page.say(words::ProfileUnchanged { store }),
        }
    });
    Ok(Exit::Done)
}

pub(super) fn show(door: &impl Door, args: ShowArgs, out: &Out) -> Result<Exit> {
    let profiles = door.ask(ShowProfiles { store: args.store })?;
    out.show(&profiles, |page| {
        let lang = page.lang();
        if profiles.is_empty() {
            return page.say(words::ProfilesNone);
        }
        page.heading(words::ProfilesHeading);
        let mut table = Table::new([
            Column::text(lang.say(words::Store)),
            Column::text(lang.say(words::ProfileKind)),
            Column::flexible(lang.say(words::Name)),
            Column::flexible(lang.say(words::ProfileAddress)),
            Column::flexible(lang.say(words::ProfileGroups)),
            Column::text(lang.say(words::ProfileZone)),
            Column::text(lang.say(words::ProfileCutoff)),
        ]);
        for profile in &profiles {
            let kind = match StoreKind::named(profile.get(ProfileField::Kind)) {
                Some(StoreKind::Warehouse) => lang.say(words::KindWarehouse),
                Some(StoreKind::DistributionCentre) => lang.say(words::KindDistributionCentre),
                Some(StoreKind::Shop) | None => lang.say(words::KindShop),
            };
            table.row([
                profile.store.as_str(),
                &kind,
                profile.get(ProfileField::Name),
                profile.get(ProfileField::Address),
                profile.get(ProfileField::Groups),
                profile.get(ProfileField::Zone),
                profile.get(ProfileField::Cutoff),
            ]);
        }
        page.table(&table);
    });
    Ok(Exit::Done)
}

//! What can be asked of a hub: one file per topic, each request with its answer and how it is
//! answered. The same types are the JSON of the local API and of `--json`.

pub mod alerts;
pub mod bins;
pub mod bounds;
pub mod care;
pub mod catalog;
pub mod categories;
pub mod checks;
pub mod closes;
pub mod explain;
pub mod finance;
pub mod findings;
pub mod plan;
pub mod prices;
pub mod profiles;
pub mod promotions;
pub mod proposals;
pub mod purchase;
pub mod purchase_rules;
pub mod replicas;
pub mod report;
pub mod schedule;
pub mod serials;
pub mod status;
pub mod stock;
pub mod stores;
pub mod suggest;
pub mod supplier;
pub mod transfer;
pub mod transfer_rules;
pub mod value;

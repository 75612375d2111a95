//! What must be true in the end, whatever the weather was.

mod closes;
mod counts;
mod facts;
mod orders;
mod prices;
mod purchases;
mod replicas;
mod stock;
mod transfers;

use std::fmt;

use sync_proto::Writer;

use super::World;
use super::ending::Ending;
use super::world::HUB;

/// A check's name, and the check.
type Check = (&'static str, fn(&Ending) -> Result<(), String>);

/// All of them.
const CHECKS: [Check; 29] = [
    ("facts were issued", facts::were_issued),
    ("acknowledged facts are there", facts::acknowledged_are_there),
    ("each fact is in one change", facts::each_is_in_one_change),
    ("chains are whole", facts::chains_are_whole),
    ("nothing is set aside for no reason", facts::none_is_aside),
    ("stock is as recounted", stock::is_as_recounted),
    ("goods are conserved", stock::is_conserved),
    ("counts are as made", counts::are_as_made),
    ("closes agree with the books", closes::agree_with_the_books),
    ("closes are signed", closes::are_signed),
    ("closes are as recounted", closes::are_as_recounted),
    ("closed days take no more", closes::take_no_more),
    ("closed days leave no gap", closes::leave_no_gap),
    ("books agree", replicas::books_agree),
    ("catalogs agree", replicas::catalogs_agree),
    ("prices are as set", prices::are_as_set),
    ("orders agree", replicas::orders_agree),
    ("status is one everywhere", replicas::statuses_agree),
    ("entries were said", orders::entries_were_said),
    ("acknowledged entries are there", orders::acknowledged_are_there),
    ("status does not depend on order", transfers::order_does_not_matter),
    ("lines add up", transfers::lines_add_up),
    ("lines are as recounted", transfers::lines_are_as_recounted),
    ("a transfer is over or waits", transfers::each_is_over_or_waits),
    ("a purchase does not depend on order", purchases::order_does_not_matter),
    ("a purchase adds up", purchases::lines_add_up),
    ("a purchase is as recounted", purchases::lines_are_as_recounted),
    ("a purchase follows its goods", purchases::stage_follows_the_goods),
    ("a purchase is over or waits", purchases::each_is_over_or_waits),
];

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check that found it.
    pub check: &'static str,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.check, self.what)
    }
}

/// What each check finds; nothing where all is well.
pub(super) fn findings(ending: &Ending) -> Vec<Finding> {
    let found = |(check, run): &Check| Some(Finding { check, what: run(ending).err()? });
    CHECKS.iter().filter_map(found).collect()
}

/// Why the world has not become calm in time.
pub(super) fn unsettled(world: &World) -> String {
    let hub = &world.nodes[HUB].replica;
    let stores = world.nodes[1..=world.plan.stores].iter().map(|store| {
        let (ours, theirs) = (store.replica.root(&Writer::Hub), hub.root(&store.writer));
        let state = if ours == theirs { "equal" } else { "different" };
        format!("{}: {state}, in sync: {}, up: {}", store.writer, store.is_in_sync(), store.up)
    });
    format!("not calm in time; {}", stores.collect::<Vec<_>>().join("; "))
}

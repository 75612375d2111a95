//! Transfers between stores (调拨): what the parties say to each other, and where that leaves the
//! goods.
//!
//! Every party writes its part under its own name, in any order and without a network: a store or
//! head office asks, head office approves or rejects, the source ships, the destination receives,
//! either settles what got lost on the way. [`status`] reads whatever is there and says how far
//! each line has come. The goods themselves move by facts in the books of both stores; what a
//! party says about goods names the fact behind it.
//!
//! | name of an entry | who may write it |
//! |---|---|
//! | `request` | the source, the destination, head office |
//! | `approve`, `reject` | head office |
//! | `ship/<shipment>` | the source |
//! | `receive/<shipment>`, `receive/<shipment>/<part>` | the destination |
//! | `settle/<settlement>` | the source, the destination |
//! | `cancel` | the source, the destination, head office |
//! | `withdraw/<withdrawal>` | who said what is taken back |

mod booked;
mod event;
mod manifest;
mod name;
mod open;
mod status;
mod step;
mod suggest;
mod task;
mod text;

pub use booked::{Act, Booked};
pub use event::{Entry, Event, Liable, Route, Step, Wanted};
pub use manifest::{Manifest, ManifestError};
pub use name::StepName;
pub use open::{OpenLine, available};
pub use status::{Anomaly, Line, Stage, Transfer, Waiting, status};
pub use suggest::{Offer, Suggestion, suggest};
pub use task::{Arrived, Carried, Deed, Outcome, Settled, Task};

#[cfg(test)]
mod properties;

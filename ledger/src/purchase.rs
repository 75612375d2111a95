//! Purchase orders (采购订单): what the parties say to each other, and where that leaves what was
//! ordered.
//!
//! A store or head office asks, orders, agrees, sends the order to its supplier and follows the
//! shipment; each store takes its goods in. Every party writes its part under its own name, in any
//! order and without a network. [`status`] reads whatever is there and says how far each line has come;
//! [`answer`] says what a party may add to it. The goods themselves move by facts; what a store says
//! about goods names the fact behind it.
//!
//! | name of an entry | who may write it |
//! |---|---|
//! | `request`, `order/<revision>` | any party |
//! | `submit`, `send`, `track/<shipment>` | any party |
//! | `approve`, `reject` | head office; a store for what it orders for itself |
//! | `receive/<receipt>`, `return/<return>` | a store, for its own lines |
//! | `close` | head office; a store, for its own lines |
//! | `cancel` | head office; the buyer |
//! | `withdraw/<withdrawal>` | who said what is taken back |

mod booked;
mod event;
mod name;
mod open;
mod promise;
mod say;
mod status;
mod step;
mod task;
mod text;

pub use booked::{Act, Basis, Delivery, Freight, Inspected, SentBack, Spread, Way};
pub use event::{Entry, Event, Need, OrderLine, Ordered, ReturnKind, Revision, Shipment, Step};
pub use name::StepName;
pub use open::OpenLine;
pub use promise::Promise;
pub use say::{Answer, Refusal, Word, answer, receivable};
pub use status::{Anomaly, Approval, Line, Purchase, Stage, Waiting, status};
pub use task::{Back, Charged, Clearing, Held, Holdings, Pile, SendBack, Task};

#[cfg(test)]
mod properties;

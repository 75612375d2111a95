//! Head office: lets stores join, takes in what they book, keeps the catalog, shows the chain.
//!
//! | room | holds |
//! |---|---|
//! | [`hub`], [`home`] | the open hub; its folder and settings |
//! | [`registry`], [`register`] | stores and join codes: what is decided, and where it is durable |
//! | [`ca`], `enrol` | the certificate authority; from join code to certificate |
//! | [`run`], `sessions`, `peers` | stores connect, each in a task of its own; what they said last |
//! | [`door`], [`ask`], [`local`] | one way to ask a hub, whether it runs or not |
//! | [`checks`] | the consistency checks over the books, and their reports |
//! | [`transfers`] | head office's part in transfers between stores |
//! | [`finance`] | vouchers of the chain's facts, and periods that are closed |
//! | [`closes`] | who has signed the days that stores have closed |
//! | [`sheet`] | the catalog as a CSV file |
//! | [`cli`] | the command line |
//!
//! A hub in twelve lines, without a command line:
//!
//! ```
//! use hub::ask::stores::{Invite, InviteKind, ListStores};
//! use hub::{Door, Home, Hub, Setup};
//!
//! let dir = tempfile::tempdir().unwrap();
//! let hub = Hub::init(&Home::at(dir.path().join("hub")), Setup::default())?;
//! let store = "S001".parse().unwrap();
//! let invite = Invite { store, name: None, kind: InviteKind::First, life_minutes: 60 };
//! assert!(!hub.ask(invite)?.code.is_empty());
//! assert_eq!(hub.ask(ListStores {})?.stores.len(), 1);
//! # Ok::<(), hub::HubError>(())
//! ```

mod alerts;
pub mod ask;
pub mod bounds;
pub mod ca;
pub mod checks;
pub mod cli;
pub mod closes;
pub mod codes;
pub mod door;
mod enrol;
pub mod error;
pub mod events;
pub mod finance;
pub mod home;
pub mod hub;
pub mod lists;
pub mod local;
mod peers;
pub mod prices;
pub mod profiles;
pub mod promotions;
pub mod proposals;
pub mod purchases;
pub mod register;
pub mod registry;
pub mod run;
mod sessions;
pub mod sheet;
pub mod suppliers;
pub mod text;
pub mod transfers;
pub mod value;

pub use door::{Ask, Door};
pub use error::HubError;
pub use home::{Config, Home};
pub use hub::{Hub, Setup};
pub use run::RunningHub;

//! Values in JSON, as both programs write them.

pub use console::sums::{Amount, Units};
pub(crate) use console::text::{deserialize, instant, list, option, serialize};

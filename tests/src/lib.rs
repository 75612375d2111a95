//! What the integration tests share. The tests themselves are one binary, `it`.

pub mod daemon;
pub mod dice;
pub mod liar;
pub mod sim;

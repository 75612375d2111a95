//! What the integration tests share. The tests themselves are one binary, `it`.

pub mod dice;
pub mod sim;

//! What happened, as one hash: two runs of a seed are the same run if their hashes are.

use std::fmt;

/// Set this variable to see what happens, line by line.
const SHOW: &str = "EVENSTOCK_TRACE";

#[derive(Debug)]
pub(super) struct Trace {
    hasher: blake3::Hasher,
    show: bool,
}

impl Trace {
    pub(super) fn new() -> Self {
        Self { hasher: blake3::Hasher::new(), show: std::env::var_os(SHOW).is_some() }
    }

    pub(super) fn note(&mut self, at: u64, what: fmt::Arguments<'_>) {
        let line = format!("{:>10}.{:03}  {what}\n", at / 1_000, at % 1_000);
        self.hasher.update(line.as_bytes());
        if self.show {
            eprint!("{line}");
        }
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        *self.hasher.finalize().as_bytes()
    }
}

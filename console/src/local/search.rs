//! Finding whoever answers for a data folder: this process, or the daemon that has it open.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::{Client, LocalError};
use crate::words::Lang;

/// A daemon that has just been started takes a moment until it answers commands, and a command
/// that has the books open is done within a moment.
const PATIENCE: Duration = Duration::from_secs(3);

/// How often to look again meanwhile.
const POLL: Duration = Duration::from_millis(50);

/// Who answers for a folder: always exactly one, because only one process can have the books open.
pub enum Answering<T> {
    /// No daemon runs: we have the books.
    Here(T),
    /// A daemon runs.
    Daemon(Client),
}

/// Opens what a folder holds, or finds the daemon that has it open. `is_in_use` tells which of the
/// errors of `open` means that another process has.
pub fn open_or_find<T, E: From<LocalError>>(
    folder: &Path,
    lang: Lang,
    open: impl Fn() -> Result<T, E>,
    is_in_use: impl Fn(&E) -> bool,
) -> Result<Answering<T>, E> {
    let until = Instant::now() + PATIENCE;
    loop {
        let error = match open() {
            Ok(opened) => return Ok(Answering::Here(opened)),
            Err(error) if is_in_use(&error) => error,
            Err(error) => return Err(error),
        };
        // The lock says that somebody has the books; the file, where to ask. Another command has no
        // file, and a daemon that was killed left one where nobody answers.
        if let Some(client) = Client::find(folder, lang)? {
            match client.ping() {
                Ok(()) => return Ok(Answering::Daemon(client)),
                Err(LocalError::Unreachable { .. } | LocalError::Token) => {}
                Err(other) => return Err(other.into()),
            }
        }
        if Instant::now() >= until {
            return Err(error);
        }
        thread::sleep(POLL);
    }
}

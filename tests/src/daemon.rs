//! The real programs: each with a folder of its own, talking over the real loopback network.
//!
//! The binaries are those beside the test's own, as `cargo build --workspace --bins` leaves them.

mod hub;
mod process;
mod store;

use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use serde_json::Value;

pub use hub::Hub;
pub use process::{Daemon, Ran, Running, run, spawn};
pub use store::{Store, bill};

/// How long a test waits for what must come: a guard against hanging, not a measurement.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often it looks.
const POLL: Duration = Duration::from_millis(25);

/// Waits for something that must come, and says what it was if it doesn't.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited for nothing: {what}");
        thread::sleep(POLL);
    }
}

/// Copies a folder with everything in it, as a backup program would.
pub fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Puts a backup in the place of a folder.
pub fn restore_folder(backup: &Path, folder: &Path) -> io::Result<()> {
    fs::remove_dir_all(folder)?;
    copy_folder(backup, folder)
}

/// A decimal number of the programs' JSON in thousandths: quantities have no finer parts.
pub fn thousandths(value: &Value) -> i64 {
    let text = value.as_str().unwrap_or_else(|| panic!("{value} is not a quantity"));
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let raw: i64 = format!("{whole}{part:0<3}").parse().unwrap_or_else(|_| panic!("{text}"));
    sign * raw
}

//! Where what runs remember lies: small files in a folder of the hub's, each with a seal over what it says.
//!
//! They are worth a run's time and nothing else. A file that is missing, damaged, another version's or of
//! an earlier series is as good as none, so nothing is synced to the disk, and a file that cannot be
//! written is done without.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::UNIX_EPOCH;

use super::memory::MAX_STOPS_LEN;

/// The longest file that is read: a store's stops, with room for the list of its days.
const MAX_FILE_LEN: u64 = 2 * MAX_STOPS_LEN as u64;

const SEAL_LEN: usize = 32;

/// The files of one series lie together and hold together: who starts another one has forgotten all that
/// was written before.
pub(super) type Series = [u8; 16];

/// Files by name.
#[derive(Debug)]
pub(super) struct Drawer {
    dir: PathBuf,
}

impl Drawer {
    pub(super) const fn at(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// What a file of the series says, if it is whole.
    pub(super) fn read(&self, series: &Series, name: &str) -> Option<Vec<u8>> {
        let path = self.dir.join(name);
        if fs::metadata(&path).ok()?.len() > MAX_FILE_LEN {
            return None;
        }
        let mut sealed = fs::read(&path).ok()?;
        let body_len = sealed.len().checked_sub(SEAL_LEN)?;
        let is_whole = sealed[body_len..] == seal(series, name, &sealed[..body_len]);
        sealed.truncate(body_len);
        is_whole.then_some(sealed)
    }

    /// Puts a file in the place of the one before, whole or not at all.
    pub(super) fn write(&self, series: &Series, name: &str, body: &[u8]) {
        let path = self.dir.join(name);
        let fresh = self.dir.join(format!("{name}.new"));
        let write = || -> io::Result<()> {
            let mut file = fs::File::create(&fresh)?;
            file.write_all(body)?;
            file.write_all(&seal(series, name, body))?;
            fs::rename(&fresh, &path)
        };
        let made = write().or_else(|_| fs::create_dir_all(&self.dir).and_then(|()| write()));
        if let Err(error) = made {
            tracing::warn!(%error, path = %path.display(), "what the checks have seen is not kept");
        }
    }

    /// Takes a file away for good.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.dir.join(name)) {
            Ok(()) => sync(&self.dir),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Takes all files away that can be.
    pub(super) fn clear(&self) {
        // What stays is of an old series, and nobody believes it.
        fs::remove_dir_all(&self.dir).ok();
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }
}

#[cfg(unix)]
fn sync(dir: &Path) -> io::Result<()> {
    fs::File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_dir: &Path) -> io::Result<()> {
    Ok(())
}

fn seal(series: &Series, name: &str, body: &[u8]) -> [u8; SEAL_LEN] {
    let mut hasher = blake3::Hasher::new_keyed(&PROGRAM);
    hasher.update(series).update(&(name.len() as u64).to_le_bytes()).update(name.as_bytes());
    *hasher.update(body).finalize().as_bytes()
}

/// Stands for this build of the program. Another one may check other things and write other forms; it
/// looks at everything once, and no list of versions has to be kept.
static PROGRAM: LazyLock<[u8; 32]> = LazyLock::new(|| {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    let file = std::env::current_exe().and_then(fs::metadata);
    if let Ok(file) = file {
        let made = file.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        hasher.update(&file.len().to_le_bytes());
        hasher.update(&made.unwrap_or_default().as_nanos().to_le_bytes());
    }
    *hasher.finalize().as_bytes()
});

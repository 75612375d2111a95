//! Small files that must be whole, durable and, for keys, private.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::identity::IdentityError;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Privacy {
    /// Only the user who runs the program.
    OwnerOnly,
    /// Whoever may enter the directory.
    Anyone,
}

/// The text of a file; `None` if there is none.
pub(super) fn read(path: &Path) -> Result<Option<String>, IdentityError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path, error)),
    }
}

/// Makes a directory that only its owner may enter.
pub(super) fn create_dir(path: &Path) -> Result<(), IdentityError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| failed("make the directory", path, error))
}

/// Replaces a file in one step and returns when that is durable: after a crash there is the old file
/// or the new one, never half of one.
pub(super) fn replace(path: &Path, bytes: &[u8], privacy: Privacy) -> Result<(), IdentityError> {
    let fresh = path.with_extension("new");
    let write = || -> io::Result<()> {
        // A left-over from a crash may carry other permissions.
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = create(&fresh, privacy)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        sync_parent(path)
    };
    write().map_err(|error| failed("write", path, error))
}

/// Refuses a secret that others can read, as ssh does.
#[cfg(unix)]
pub(super) fn refuse_exposed(path: &Path) -> Result<(), IdentityError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path).map_err(|error| failed("look at", path, error))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        Ok(())
    } else {
        Err(IdentityError::Exposed { path: path.to_owned(), mode })
    }
}

/// Elsewhere the permissions of the user's own folder have to do.
#[cfg(not(unix))]
pub(super) fn refuse_exposed(_: &Path) -> Result<(), IdentityError> {
    Ok(())
}

fn create(path: &Path, privacy: Privacy) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if privacy == Privacy::OwnerOnly {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = privacy;
    options.open(path)
}

/// A rename is durable when its directory is.
fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        #[cfg(unix)]
        Some(dir) => File::open(dir)?.sync_all(),
        _ => Ok(()),
    }
}

fn failed(operation: &'static str, path: &Path, source: io::Error) -> IdentityError {
    IdentityError::File { operation, path: path.to_owned(), source }
}

//! The vouchers of closed periods: one file each, a voucher a line.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, BufWriter, Write as _};
use std::path::PathBuf;

use ledger::voucher::Voucher;

use super::Close;
use crate::error::{HubError, Result};
use crate::home::Home;

/// As `zstd` has it when nobody says otherwise: a year of a chain is a few megabytes.
const LEVEL: i32 = 3;

/// A file while it is written.
pub(super) struct Writer {
    path: PathBuf,
    fresh: PathBuf,
    to: zstd::Encoder<'static, BufWriter<File>>,
    digest: blake3::Hasher,
}

impl Writer {
    pub(super) fn begin(home: &Home, name: &str) -> Result<Self> {
        let folder = home.finance();
        let path = folder.join(name);
        let fresh = path.with_extension("new");
        let open = || {
            fs::create_dir_all(&folder)?;
            zstd::Encoder::new(BufWriter::new(File::create(&fresh)?), LEVEL)
        };
        let to = open().map_err(failed("write", &fresh))?;
        Ok(Self { path, fresh, to, digest: blake3::Hasher::new() })
    }

    pub(super) fn add(&mut self, voucher: &Voucher) -> Result<()> {
        let mut line = serde_json::to_vec(voucher).expect("texts and numbers always serialize");
        line.push(b'\n');
        self.digest.update(&line);
        self.to.write_all(&line).map_err(failed("write", &self.fresh))
    }

    /// Makes the file durable under its name, and gives the digest of its lines.
    pub(super) fn finish(self) -> Result<String> {
        let Self { path, fresh, to, digest } = self;
        let settle = || {
            let mut to = to.finish()?;
            to.flush()?;
            to.get_ref().sync_all()?;
            fs::rename(&fresh, &path)?;
            #[cfg(unix)]
            if let Some(folder) = path.parent() {
                File::open(folder)?.sync_all()?;
            }
            Ok(())
        };
        settle().map_err(failed("write", &path))?;
        Ok(digest.finalize().to_hex().to_string())
    }
}

/// Gives the vouchers of a period, until the taker says that it has enough. They are compared with the period's
/// digest where all are read.
pub(super) fn each(
    home: &Home,
    close: &Close,
    mut each: impl FnMut(Voucher) -> Option<usize>,
) -> Result<()> {
    let path = home.finance().join(close.file());
    let file = File::open(&path).map_err(failed("read", &path))?;
    let mut lines = BufReader::new(zstd::Decoder::new(file).map_err(failed("read", &path))?);
    let (mut digest, mut line) = (blake3::Hasher::new(), Vec::new());
    let damaged =
        |why: String| HubError::Record { key: path.display().to_string(), source: why.into() };
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).map_err(failed("read", &path))? == 0 {
            break;
        }
        digest.update(&line);
        let voucher = serde_json::from_slice(&line).map_err(|error| damaged(error.to_string()))?;
        if each(voucher).is_some() {
            return Ok(());
        }
    }
    if digest.finalize().to_hex().as_str() != close.digest {
        return Err(damaged("it is not what was written when the period was closed".to_owned()));
    }
    Ok(())
}

fn failed(what: &'static str, path: &std::path::Path) -> impl FnOnce(io::Error) -> HubError {
    let path = path.to_owned();
    move |source| HubError::File { what, path, source }
}

//! The form of a backup: a tar archive under zstd, last in it `SUMS` with the BLAKE3 hash of every
//! other file, as `b3sum` prints and checks them. Common tools can read one without us.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Component, Path};

use tar::{EntryType, Header};

/// The file with the hashes of the others.
const SUMS: &str = "SUMS";

/// The largest `SUMS` worth reading: some dozen files, a line each.
const MAX_SUMS_LEN: u64 = 64 << 10;

/// The level at which a book of 40 MB takes a second; most of it is compressed already.
const LEVEL: i32 = 3;

/// Keys are in it: only its owner may read it.
const MODE: u32 = 0o600;

/// Writes an archive.
pub(super) struct Packer<W: Write> {
    tar: tar::Builder<zstd::Encoder<'static, W>>,
    sums: String,
}

impl<W: Write> Packer<W> {
    pub(super) fn new(to: W) -> io::Result<Self> {
        let mut zstd = zstd::Encoder::new(to, LEVEL)?;
        zstd.include_checksum(true)?;
        Ok(Self { tar: tar::Builder::new(zstd), sums: String::new() })
    }

    /// Adds a file under a name.
    pub(super) fn add(&mut self, name: &str, path: &Path) -> io::Result<()> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        let mut reader = Hashing { reader: file, hasher: blake3::Hasher::new() };
        self.tar.append_data(&mut header(len), name, &mut reader)?;
        let hash = reader.hasher.finalize();
        writeln!(self.sums, "{}  {name}", hash.to_hex()).map_err(io::Error::other)
    }

    /// Adds the hashes, and gives back what was written to.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let sums = std::mem::take(&mut self.sums);
        self.tar.append_data(&mut header(sums.len() as u64), SUMS, sums.as_bytes())?;
        self.tar.into_inner()?.finish()
    }
}

/// Reads an archive through, hands every file to `each`, and compares the hashes at the end. What
/// `each` has taken is good only if this succeeds.
pub(super) fn read(
    from: impl Read,
    mut each: impl FnMut(&Path, &mut dyn Read) -> io::Result<()>,
) -> io::Result<()> {
    let mut tar = tar::Archive::new(zstd::Decoder::new(from)?);
    let mut found = BTreeMap::new();
    let mut sums = None;
    for entry in tar.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let name = path.to_str().unwrap_or_default().to_owned();
        let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
        if entry.header().entry_type() != EntryType::Regular || !plain || name.is_empty() {
            return Err(damaged(&format!("`{}` does not belong in a backup", path.display())));
        }
        if name == SUMS {
            let mut text = String::new();
            entry.take(MAX_SUMS_LEN).read_to_string(&mut text)?;
            sums = Some(text);
            continue;
        }
        let mut reader = Hashing { reader: &mut entry, hasher: blake3::Hasher::new() };
        each(&path, &mut reader)?;
        found.insert(name, reader.hasher.finalize().to_hex().to_string());
    }
    // The last bytes hold the checksum of them all.
    io::copy(&mut tar.into_inner(), &mut io::sink())?;
    let sums = sums.ok_or_else(|| damaged("it ends before its list of files"))?;
    let said: BTreeMap<String, String> = sums
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(hash, name)| (name.to_owned(), hash.to_owned()))
        .collect();
    let differs = |name: &&String| said.get(*name) != found.get(*name);
    match said.keys().chain(found.keys()).find(differs) {
        Some(name) => Err(damaged(&format!("`{name}` is not what its list of files says"))),
        None => Ok(()),
    }
}

fn header(len: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(len);
    header.set_mode(MODE);
    header.set_entry_type(EntryType::Regular);
    header
}

fn damaged(problem: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

/// Hashes what is read.
struct Hashing<R> {
    reader: R,
    hasher: blake3::Hasher,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.reader.read(buffer)?;
        self.hasher.update(&buffer[..len]);
        Ok(len)
    }
}

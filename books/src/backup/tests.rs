use sync_proto::{ChainId, Writer};

use super::*;
use crate::{BooksError, Config};

struct Scene {
    dir: tempfile::TempDir,
    books: Books,
}

impl Scene {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("home");
        fs::create_dir_all(home.join("identity/authority")).unwrap();
        fs::write(home.join("config.toml"), "name = 'Corner'").unwrap();
        fs::write(home.join("identity/authority/key.pem"), "secret").unwrap();
        fs::write(home.join("local.json"), "left out").unwrap();
        let books = Books::open(&home.join("books.db"), config()).unwrap();
        Self { dir, books }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn note(&self, text: &'static str) {
        self.books.write(|tx| -> Result<(), BooksError> { tx.set_note("key", text) }).unwrap();
    }

    fn backup(&self, to: &str) -> Result<u64, BackupError> {
        let home = self.path("home");
        let folder = Folder { dir: &home, beside: &["config.toml", "identity", "absent"] };
        self.books.backup(folder, &self.path(to))
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.dir.path()).unwrap();
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<_> = entries.map(|e| name(e).into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn config() -> Config {
    Config { chain: ChainId::new("demo").unwrap(), me: Writer::Hub }
}

#[test]
fn a_folder_comes_back_as_it_was() {
    let scene = Scene::new();
    scene.note("before");
    let size = scene.backup("copy").unwrap();
    assert_eq!(size, fs::metadata(scene.path("copy")).unwrap().len());
    scene.note("after");

    restore(&scene.path("copy"), &scene.path("new")).unwrap();
    let text = |name: &str| fs::read_to_string(scene.path("new").join(name)).unwrap();
    assert_eq!(text("config.toml"), "name = 'Corner'");
    assert_eq!(text("identity/authority/key.pem"), "secret");
    assert!(!scene.path("new/local.json").exists());
    let books = Books::open(&scene.path("new/books.db"), config()).unwrap();
    assert_eq!(books.reader().unwrap().note("key").unwrap().as_deref(), Some("before"));
    assert_eq!(scene.names(), ["copy", "home", "new"]);
}

#[test]
fn nothing_is_ever_replaced() {
    let scene = Scene::new();
    scene.backup("copy").unwrap();
    assert!(matches!(scene.backup("copy"), Err(BackupError::Exists { .. })));
    let taken = restore(&scene.path("copy"), &scene.path("home"));
    assert!(matches!(taken, Err(BackupError::Exists { .. })), "{taken:?}");
}

/// A compressed stream has bits that say nothing. A flip of one of those harms nobody: what is restored
/// is the same to the byte.
#[test]
fn no_flipped_bit_changes_what_is_restored_and_a_cut_copy_leaves_nothing() {
    let scene = Scene::new();
    scene.backup("copy").unwrap();
    restore(&scene.path("copy"), &scene.path("whole")).unwrap();
    let read = |folder: &str| {
        let names = ["books.db", "config.toml", "identity/authority/key.pem"];
        names.map(|name| fs::read(scene.path(folder).join(name)).unwrap())
    };
    let whole = read("whole");
    let good = fs::read(scene.path("copy")).unwrap();
    let attempt = |bytes: &[u8]| {
        fs::write(scene.path("bad"), bytes).unwrap();
        restore(&scene.path("bad"), &scene.path("new"))
    };
    let is_clean = || assert_eq!(scene.names(), ["bad", "copy", "home", "whole"]);
    let mut refused = 0;
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut flipped = good.clone();
        flipped[at] ^= 0x10;
        match attempt(&flipped) {
            Err(BackupError::Damaged { .. }) => refused += 1,
            Ok(_) => {
                assert_eq!(read("new"), whole, "byte {at}");
                fs::remove_dir_all(scene.path("new")).unwrap();
            }
            Err(other) => panic!("byte {at}: {other}"),
        }
        is_clean();
        let cut = attempt(&good[..at]);
        assert!(matches!(cut, Err(BackupError::Damaged { .. })), "cut at {at}: {cut:?}");
        is_clean();
    }
    assert!(refused > 30, "only {refused} of 40 flips were noticed");
}

#[test]
fn names_that_lead_out_of_the_folder_are_refused() {
    let scene = Scene::new();
    for name in ["../out", "/out"] {
        let mut tar = tar::Builder::new(zstd::Encoder::new(Vec::new(), 1).unwrap());
        let mut header = tar::Header::new_gnu();
        header.set_size(1);
        // The library refuses to write such a name, a liar doesn't.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        tar.append(&header, &b"x"[..]).unwrap();
        let bytes = tar.into_inner().unwrap().finish().unwrap();
        fs::write(scene.path("bad"), bytes).unwrap();
        let restored = restore(&scene.path("bad"), &scene.path("new"));
        assert!(matches!(restored, Err(BackupError::Damaged { .. })), "{restored:?}");
        assert_eq!(scene.names(), ["bad", "home"]);
    }
}

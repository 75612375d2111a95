//! A manifest on the page, in a file, and back.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use console::{Exit, Page, Qr, words};
use sync_proto::quic::{Letter, MAX_LETTER_TEXT};

use crate::ask::transfer::ManifestView;
use crate::cli::Scene;
use crate::error::{NodeError, Result};

/// Stands for standard input: a scanner types what it reads.
const STDIN: &str = "-";

/// Shows a manifest: its text, and its QR code where that fits.
pub(super) fn print(page: &mut Page, written: &ManifestView) {
    let ManifestView { transfer, shipment, to, text } = written;
    page.heading(words::ManifestHeading { transfer, shipment });
    page.say(words::ManifestHow { to });
    page.gap();
    page.line(text);
    page.gap();
    match Qr::of(text) {
        Some(qr) => page.qr(&qr),
        None => page.say(words::ManifestLong),
    }
}

/// Writes a manifest to a file, and its QR code beside it.
pub(super) fn write(
    scene: &Scene<'_>,
    written: &ManifestView,
    file: Option<&Path>,
) -> Result<Exit> {
    let Some(file) = file else { return Ok(Exit::Done) };
    put(file, &format!("{}\n", written.text))?;
    match Qr::of(&written.text) {
        Some(qr) => {
            let svg = file.with_extension("svg");
            put(&svg, &qr.svg())?;
            let (file, svg) = (file.display(), svg.display());
            scene.out.say(words::ManifestWritten { file, svg });
        }
        None => scene.out.say(words::ManifestWrittenLong { file: file.display() }),
    }
    Ok(Exit::Done)
}

/// What `--manifest` gives: the text itself, or that of a file.
pub(super) fn read(given: &str) -> Result<String> {
    if Letter::is_letter(given) {
        return Ok(given.to_owned());
    }
    let mut text = String::new();
    // One more than any letter has shows that it is too long.
    let most = MAX_LETTER_TEXT as u64 + 1;
    let read = if given == STDIN {
        io::stdin().lock().take(most).read_to_string(&mut text)
    } else {
        File::open(given).and_then(|file| file.take(most).read_to_string(&mut text))
    };
    let failed = |source| NodeError::File { what: "read", path: given.into(), source };
    read.map_err(failed).map(|_| text)
}

fn put(file: &Path, text: &str) -> Result<()> {
    let failed = |source| NodeError::File { what: "write", path: file.to_owned(), source };
    fs::write(file, text).map_err(failed)
}

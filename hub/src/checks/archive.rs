//! Where reports are kept: one JSON file each, in a folder of the hub's. A report is on disk before
//! it is shown, and a file is whole or not there.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::report::{CheckFinding, CheckReport, Scope};
use crate::error::{HubError, Result};
use crate::home::Home;

/// The form in which reports are written.
const VERSION: u32 = 1;

const EXTENSION: &str = "json";

/// The kept reports of a hub.
#[derive(Debug)]
pub(crate) struct Archive {
    dir: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Stored<R> {
    v: u32,
    report: R,
}

impl Archive {
    pub(crate) fn of(home: &Home) -> Self {
        Self { dir: home.checks() }
    }

    /// The numbers of the reports, the oldest first.
    pub(crate) fn numbers(&self) -> Result<Vec<u64>> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(file("look into", &self.dir, source)),
        };
        let mut numbers = Vec::new();
        for entry in entries {
            let path = entry.map_err(|source| file("look into", &self.dir, source))?.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            // What a power cut left half written has another ending, and is written over.
            if path.extension().is_some_and(|ending| ending == EXTENSION)
                && let Some(number) = stem.and_then(|stem| stem.parse().ok())
            {
                numbers.push(number);
            }
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    pub(crate) fn next_number(&self) -> Result<u64> {
        Ok(self.numbers()?.last().map_or(1, |last| last + 1))
    }

    /// A report, by its number.
    pub(crate) fn read(&self, number: u64) -> Result<CheckReport> {
        let path = self.path(number);
        let text = fs::read(&path).map_err(|source| {
            if source.kind() == io::ErrorKind::NotFound {
                HubError::NoReport { number }
            } else {
                file("read", &path, source)
            }
        })?;
        let unreadable = |source| HubError::Report { path: path.clone(), source };
        let stored: Stored<serde::de::IgnoredAny> =
            serde_json::from_slice(&text).map_err(unreadable)?;
        if stored.v != VERSION {
            let newer = format!("it is of form {}; this version reads {VERSION}", stored.v);
            return Err(unreadable(serde::de::Error::custom(newer)));
        }
        let stored: Stored<CheckReport> = serde_json::from_slice(&text).map_err(unreadable)?;
        let mut report = stored.report;
        let findings = report.findings.iter_mut().chain(&mut report.resolved);
        findings.filter(|finding| finding.id.is_empty()).for_each(CheckFinding::name_it);
        Ok(report)
    }

    /// The newest report that looked at all that is in scope.
    pub(crate) fn newest_covering(&self, scope: &Scope) -> Result<Option<CheckReport>> {
        for number in self.numbers()?.into_iter().rev() {
            let report = self.read(number)?;
            if report.scope.contains(scope) {
                return Ok(Some(report));
            }
        }
        Ok(None)
    }

    /// Makes a report durable.
    pub(crate) fn keep(&self, report: &CheckReport) -> Result<()> {
        fs::create_dir_all(&self.dir).map_err(|source| file("make", &self.dir, source))?;
        let path = self.path(report.number);
        let fresh = path.with_extension("new");
        let write = || -> io::Result<()> {
            let mut file = fs::File::create(&fresh)?;
            file.write_all(&serde_json::to_vec(&Stored { v: VERSION, report })?)?;
            file.sync_all()?;
            fs::rename(&fresh, &path)?;
            #[cfg(unix)]
            for dir in [Some(self.dir.as_path()), self.dir.parent()].into_iter().flatten() {
                fs::File::open(dir)?.sync_all()?;
            }
            Ok(())
        };
        write().map_err(|source| file("write", &path, source))
    }

    fn path(&self, number: u64) -> PathBuf {
        self.dir.join(format!("{number:06}.{EXTENSION}"))
    }
}

fn file(what: &'static str, path: &Path, source: io::Error) -> HubError {
    HubError::File { what, path: path.to_owned(), source }
}

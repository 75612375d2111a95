//! `hub verify`, `hub rebuild`, `hub backup`, `hub restore`.

use std::path::{Path, PathBuf};

use console::{Column, Exit, Out, Progress, Table, format, words};
use serde::Serialize;

use crate::ask::care::{Backup, Rebuild, Verify};
use crate::door::Door;
use crate::error::{HubError, Result};
use crate::home::Home;
use crate::hub::Hub;

pub(super) fn verify(door: &impl Door, out: &Out) -> Result<Exit> {
    let working = Progress::spinner(out, words::VerifyHeading);
    let verified = door.ask(Verify {});
    working.clear();
    let verified = verified?;
    out.show(&verified, |page| {
        let lang = page.lang();
        page.heading(words::VerifyHeading);
        page.say(words::VerifyCounted {
            changes: format::count(verified.changes),
            facts: format::count(verified.facts),
            rows: format::count(verified.rows),
        });
        if verified.problems.is_empty() {
            return page.say(words::VerifyGood);
        }
        page.say(words::VerifyBad { n: verified.problems.len() });
        let mut table = Table::new([
            Column::text(lang.say(words::Check)),
            Column::flexible(lang.say(words::Finding)),
        ]);
        for problem in &verified.problems {
            table.row([problem.subject.as_str(), &problem.problem]);
        }
        page.table(&table);
    });
    Ok(if verified.problems.is_empty() { Exit::Done } else { Exit::Failed })
}

pub(super) fn rebuild(door: &impl Door, out: &Out) -> Result<Exit> {
    let working = Progress::spinner(out, words::RebuildRunning);
    let rebuilt = door.ask(Rebuild {});
    working.clear();
    let rebuilt = rebuilt?;
    out.show(&rebuilt, |page| {
        page.say(words::RebuildDone { facts: format::count(rebuilt.facts) });
    });
    Ok(Exit::Done)
}

pub(super) fn backup(door: &impl Door, file: &Path, out: &Out) -> Result<Exit> {
    let absolute = |source| HubError::File { what: "name", path: file.to_owned(), source };
    let to = std::path::absolute(file).map_err(absolute)?;
    let working = Progress::spinner(out, words::Working);
    let copied = door.ask(Backup { to });
    working.clear();
    let copied = copied?;
    out.show(&copied, |page| {
        let (path, size) = (copied.path.display(), format::bytes(copied.bytes));
        page.say(words::BackupDone { path, size });
        page.say(words::BackupKeys);
    });
    Ok(Exit::Done)
}

pub(super) fn restore(home: &Home, file: &Path, out: &Out) -> Result<Exit> {
    let working = Progress::spinner(out, words::Working);
    let hub = Hub::restore(file, home);
    working.clear();
    let hub = hub?;
    let restored =
        Restored { chain: hub.config().chain.to_string(), folder: home.dir().to_owned() };
    out.show(&restored, |page| {
        page.say(words::HubRestored { folder: restored.folder.display() });
    });
    Ok(Exit::Done)
}

/// A folder that was made from a backup.
#[derive(Serialize)]
struct Restored {
    chain: String,
    folder: PathBuf,
}

//! Looking for what is wrong, or soon will be, before anyone notices.

mod profile;

use std::path::Path;

use books::read::StoreStatus;
use console::{Lang, format, words};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use sync_proto::Writer;
use sync_proto::quic::{Identity, KEY_FILE};

use crate::error::Result;
use crate::home::Home;
use crate::node::Node;
use crate::node::forks::Fate;

/// Below this much free disk space a person should look: a busy store's books grow by this in a
/// year.
const LOW_DISK: u64 = 1 << 30;

/// Below this little, booking will soon stop.
const NO_DISK: u64 = 100 << 20;

/// A clock may differ by this much without anyone minding.
const CLOCK_TOLERANCE_MS: i64 = 60_000;

/// From here on a person should set the clock: the business date may be wrong.
const CLOCK_WRONG_MS: i64 = 3_600_000;

/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// A certificate that lives no longer than this should have been renewed.
const CERTIFICATE_SHORT_MS: i64 = 30 * DAY_MS;

/// What the doctor found out about one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What was looked at: a stable name.
    pub check: String,
    /// How it is.
    pub level: Level,
    /// The same, for people: what was looked at.
    pub title: String,
    /// What was found.
    pub finding: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// All is well.
    Ok,
    /// A person should look.
    Warn,
    /// It does not work, or soon won't.
    Fail,
}

impl Finding {
    fn new(check: &str, title: String, level: Level, finding: String) -> Self {
        Self { check: check.to_owned(), level, title, finding, hint: None }
    }

    fn hint(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }
}

/// What can be seen without opening the books.
pub fn examine_folder(home: &Home, lang: Lang) -> Vec<Finding> {
    let mut findings = vec![folder(home, lang)];
    findings.extend(key(home, lang));
    findings.push(disk(home, lang));
    findings
}

/// What the open books tell.
pub fn examine_books(node: &Node, lang: Lang) -> Result<Vec<Finding>> {
    let reader = node.books().reader()?;
    let held = reader.store(node.store())?;
    let mut findings = vec![books(node, lang, held.as_ref())?];
    findings.push(clock(node, lang, held.as_ref()));
    findings.push(zone(node, lang));
    findings.push(profile::examine(node, &reader, lang)?);
    findings.extend(certificate(node, lang));
    findings.extend(hub(node, lang)?);
    let quarantined = reader.quarantined()?.len();
    let title = lang.say(words::DoctorCheckQuarantine);
    findings.push(if quarantined == 0 {
        Finding::new("quarantine", title, Level::Ok, lang.say(words::QuarantineNone))
    } else {
        let found = lang.say(words::StatusQuarantined { n: quarantined });
        Finding::new("quarantine", title, Level::Warn, found)
            .hint(lang.say(words::DoctorQuarantineHint))
    });
    let open = node.set_aside()?.iter().filter(|fact| fact.fate == Fate::Open).count();
    let title = lang.say(words::DoctorCheckForks);
    findings.push(if open == 0 {
        Finding::new("set_aside", title, Level::Ok, lang.say(words::ForksNone))
    } else {
        let found = lang.say(words::StatusSetAside { n: open });
        Finding::new("set_aside", title, Level::Warn, found).hint(lang.say(words::ForksDecide))
    });
    Ok(findings)
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).ok().map(|metadata| metadata.permissions().mode() & 0o777)
}

/// Elsewhere the permissions of the user's own folder have to do.
#[cfg(not(unix))]
fn mode(_: &Path) -> Option<u32> {
    None
}

fn folder(home: &Home, lang: Lang) -> Finding {
    let title = lang.say(words::DoctorCheckFolder);
    match mode(home.dir()) {
        Some(mode) if mode & 0o077 != 0 => {
            let found = lang.say(words::DoctorFolderOpen { mode: format!("{mode:o}") });
            Finding::new("folder", title, Level::Warn, found)
                .hint(lang.say(words::DoctorFolderHint { path: home.dir().display() }))
        }
        _ => Finding::new("folder", title, Level::Ok, lang.say(words::DoctorFolderGood)),
    }
}

fn key(home: &Home, lang: Lang) -> Option<Finding> {
    let path = home.identity().join(KEY_FILE);
    let mode = mode(&path).filter(|mode| mode & 0o077 != 0)?;
    let found = lang.say(words::DoctorKeyOpen { mode: format!("{mode:o}") });
    let finding = Finding::new("key", lang.say(words::DoctorCheckCertificate), Level::Fail, found);
    Some(finding.hint(lang.say(words::DoctorKeyHint { path: path.display() })))
}

fn disk(home: &Home, lang: Lang) -> Finding {
    let title = lang.say(words::DoctorCheckDisk);
    let Some(free) = free_space(home.dir()) else {
        let found = lang.say(words::DoctorDiskUnknown);
        return Finding::new("disk", title, Level::Warn, found);
    };
    let level = match free {
        0..NO_DISK => Level::Fail,
        NO_DISK..LOW_DISK => Level::Warn,
        LOW_DISK.. => Level::Ok,
    };
    let found = lang.say(words::DoctorDisk { free: format::bytes(free) });
    let finding = Finding::new("disk", title, level, found);
    if level == Level::Ok { finding } else { finding.hint(lang.say(words::DoctorDiskHint)) }
}

#[cfg(unix)]
fn free_space(path: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(path).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Not known how to ask elsewhere.
#[cfg(not(unix))]
fn free_space(_: &Path) -> Option<u64> {
    None
}

fn books(node: &Node, lang: Lang, held: Option<&StoreStatus>) -> Result<Finding> {
    let size = node.books().reader()?.size()?;
    let facts = format::count(held.map_or(0, |held| held.facts));
    let found = lang.say(words::DoctorBooksGood { facts, size: format::bytes(size.file_bytes) });
    let holder = lang.say(words::DoctorVersion { version: env!("CARGO_PKG_VERSION") });
    let title = lang.say(words::DoctorCheckBooks);
    Ok(Finding::new("books", title, Level::Ok, format!("{found}; {holder}")))
}

fn clock(node: &Node, lang: Lang, held: Option<&StoreStatus>) -> Finding {
    let title = lang.say(words::DoctorCheckClock);
    let behind = held
        .and_then(|held| held.last_fact_at)
        .map_or(0, |last| last.millis().saturating_sub(node.now().millis()));
    let skew = node.sync().state().hub_ahead_ms.unwrap_or(0);
    let span = |millis: i64| {
        format::duration(lang, std::time::Duration::from_millis(millis.unsigned_abs()))
    };
    let (off, found) = if behind > CLOCK_TOLERANCE_MS {
        (behind, lang.say(words::DoctorClockBack { span: span(behind) }))
    } else if skew.saturating_abs() > CLOCK_TOLERANCE_MS {
        (skew.saturating_abs(), lang.say(words::DoctorClock { skew: span(skew) }))
    } else {
        (0, lang.say(words::DoctorClockGood))
    };
    let level = match off {
        0 => Level::Ok,
        ..CLOCK_WRONG_MS => Level::Warn,
        _ => Level::Fail,
    };
    let finding = Finding::new("clock", title, level, found);
    if level == Level::Ok { finding } else { finding.hint(lang.say(words::DoctorClockHint)) }
}

fn zone(node: &Node, lang: Lang) -> Finding {
    let title = lang.say(words::DoctorCheckZone);
    let zone = node.zone().name();
    if node.config().zone.is_some() {
        let found = lang.say(words::DoctorZone { zone });
        return Finding::new("zone", title, Level::Ok, found);
    }
    let found = lang.say(words::DoctorZoneDoubt { zone });
    Finding::new("zone", title, Level::Warn, found)
        .hint(lang.say(words::DoctorZoneHint { path: node.home().config().display() }))
}

fn certificate(node: &Node, lang: Lang) -> Option<Finding> {
    node.config().hub.as_ref()?;
    let title = lang.say(words::DoctorCheckCertificate);
    let identity = match Identity::load(&node.home().identity()) {
        Ok(Some(identity)) => identity,
        Ok(None) => {
            let dir = node.home().identity();
            let found = lang.say(words::NodeNoIdentity { dir: dir.display() });
            return Some(
                Finding::new("certificate", title, Level::Fail, found)
                    .hint(lang.say(words::NodeNoIdentityHint)),
            );
        }
        Err(error) => {
            let found = crate::sync::whole(&error);
            return Some(Finding::new("certificate", title, Level::Fail, found));
        }
    };
    let (until, now) = (identity.me().not_after, node.now());
    let left = until.millis().saturating_sub(now.millis());
    let hint = lang.say(words::DoctorCertificateHint);
    Some(if left <= 0 {
        let found = lang.say(words::DoctorCertificateGone);
        Finding::new("certificate", title, Level::Fail, found).hint(hint)
    } else {
        let found = lang.say(words::DoctorCertificate { when: format::ago(lang, until, now) });
        if left < CERTIFICATE_SHORT_MS {
            Finding::new("certificate", title, Level::Warn, found).hint(hint)
        } else {
            Finding::new("certificate", title, Level::Ok, found)
        }
    })
}

fn hub(node: &Node, lang: Lang) -> Result<Vec<Finding>> {
    let title = lang.say(words::DoctorCheckHub);
    if node.config().hub.is_none() {
        let found = lang.say(words::DoctorHubNone);
        return Ok(vec![Finding::new("hub", title, Level::Ok, found)]);
    }
    let reader = node.books().reader()?;
    let peers = reader.peers()?;
    let peer = peers.iter().find(|peer| peer.peer == Writer::Hub);
    let seen = peer.and_then(|peer| peer.seen_at);
    let (now, hint) = (node.now(), lang.say(words::DoctorHubHint));
    let fresh = |seen: Timestamp| now.millis().saturating_sub(seen.millis()) <= DAY_MS;
    let found = match seen {
        Some(seen) => lang.say(words::DoctorHubSeen { age: format::ago(lang, seen, now) }),
        None => lang.say(words::DoctorHubNever),
    };
    let is_fresh = seen.is_some_and(fresh);
    let heard = if is_fresh {
        Finding::new("hub", title, Level::Ok, found)
    } else {
        Finding::new("hub", title, Level::Warn, found).hint(hint)
    };
    let unsent = reader.unsent(&Writer::Hub)?;
    let n = unsent.sealed_facts + unsent.pending_facts;
    let title = lang.say(words::DoctorCheckUnsynced);
    let found = lang.say(words::UnsyncedFacts { n: format::count(n) });
    let waiting = if n == 0 || is_fresh {
        Finding::new("unsynced", title, Level::Ok, found)
    } else {
        Finding::new("unsynced", title, Level::Warn, found)
            .hint(lang.say(words::DoctorUnsyncedHint))
    };
    Ok(vec![heard, waiting])
}

//! Care for the books, from the command line.

use std::path::PathBuf;

use clap::Args;
use console::{Column, Exit, Page, Progress, Table, Told, format, words};
use serde::Serialize;

use super::Scene;
use crate::ask::care::{self, Examine};
use crate::doctor::{self, Finding, Level};
use crate::door::Door;
use crate::error::{NodeError, Result};
use crate::node::Node;

/// Check the books against themselves: file, checksums, chains, read model · 数据校验
#[derive(Debug, Args)]
pub(super) struct Verify {}

/// Build the read model again from the documents · 重建读模型
#[derive(Debug, Args)]
pub(super) struct Rebuild {}

/// Copy the store into a new file while it goes on: books, settings and keys · 备份
///
/// Whoever has the file can speak for the store: keep it where only you can read it.
///
/// 包括账簿、设置和密钥；持有该文件即可冒充本店，请妥善保管。
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The new file · 备份文件
    #[arg(value_name = "FILE")]
    to: PathBuf,
}

/// Make the store's folder again from a backup · 恢复备份
///
/// The folder must not exist: move what is left of the old one aside first. The store begins a new epoch,
/// and takes back from the hub what it booked after the backup was made.
///
/// 目标目录不得存在，请先移走旧目录。恢复后开始新的账期序列，备份之后的业务会从总部取回。
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup · 备份文件
    #[arg(value_name = "FILE")]
    from: PathBuf,
}

/// Look for what is wrong, or soon will be · 诊断
#[derive(Debug, Args)]
pub(super) struct Doctor {}

impl Verify {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self {} = self;
        let door = scene.door()?;
        let busy = Progress::spinner(scene.out, words::VerifyHeading);
        let found = door.ask(care::Verify {});
        busy.clear();
        let found = found?;
        scene.out.show(&found, |page| {
            page.heading(words::VerifyHeading);
            page.say(words::VerifyCounts {
                changes: format::count(found.changes),
                facts: format::count(found.facts),
                rows: format::count(found.rows),
            });
            page.fields([(page.lang().say(words::Digest), found.digest.clone())]);
            if found.whole {
                page.say(words::VerifyGood);
            } else {
                page.say(words::VerifyBad { n: found.problems.len() });
                found.problems.iter().for_each(|problem| page.line(format!("  {problem}")));
            }
        });
        Ok(if found.whole { Exit::Done } else { Exit::Failed })
    }
}

impl Rebuild {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self {} = self;
        let door = scene.door()?;
        let busy = Progress::spinner(scene.out, words::RebuildRunning);
        let rebuilt = door.ask(care::Rebuild {});
        busy.clear();
        let rebuilt = rebuilt?;
        scene.out.show(&rebuilt, |page| {
            page.say(words::RebuildDone { facts: format::count(rebuilt.facts) });
        });
        Ok(Exit::Done)
    }
}

impl Backup {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        // The daemon may stand in another folder.
        let to = std::path::absolute(&self.to).map_err(|source| NodeError::File {
            what: "write",
            path: self.to.clone(),
            source,
        })?;
        let door = scene.door()?;
        let busy = Progress::spinner(scene.out, words::Working);
        let copy = door.ask(care::Backup { to });
        busy.clear();
        let copy = copy?;
        scene.out.show(&copy, |page| {
            let (path, size) = (copy.file.display(), format::bytes(copy.bytes));
            page.say(words::NodeBackedUp { path, size });
        });
        Ok(Exit::Done)
    }
}

impl Restore {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let busy = Progress::spinner(scene.out, words::Working);
        let node = Node::restore(&self.from, scene.home.dir());
        busy.clear();
        let node = node?;
        let restored = Restored {
            store: node.store().to_string(),
            folder: scene.home.dir().to_owned(),
            facts: node.books().reader()?.store(node.store())?.map_or(0, |held| held.facts),
        };
        scene.out.show(&restored, |page| {
            let (store, folder) = (&restored.store, restored.folder.display());
            let facts = format::count(restored.facts);
            page.say(words::NodeRestored { store, folder, facts });
            page.say(words::NodeRestoredNext);
        });
        Ok(Exit::Done)
    }
}

/// A folder that was made from a backup.
#[derive(Serialize)]
struct Restored {
    store: String,
    folder: PathBuf,
    /// How many facts were in the backup.
    facts: u64,
}

impl Doctor {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self {} = self;
        let lang = scene.out.lang;
        let config = scene.home.read_config()?;
        let mut findings = doctor::examine_folder(&scene.home, lang);
        let lang_tag = lang.tag().to_owned();
        match scene.door().and_then(|door| door.ask(Examine { lang: lang_tag })) {
            Ok(more) => findings.extend(more),
            // Books that don't open are a finding, too.
            Err(error) => {
                let Told { message, causes, hint, .. } = Told::of(lang, &error);
                let title = lang.say(words::DoctorCheckBooks);
                let finding = std::iter::once(message).chain(causes).collect::<Vec<_>>();
                let finding = finding.join(": ");
                let (check, level) = ("books".to_owned(), Level::Fail);
                findings.push(Finding { check, level, title, finding, hint });
            }
        }
        scene.out.show(&findings, |page| {
            page.heading(words::StatusHeading { store: &config.store });
            print(page, &findings);
        });
        let worst = findings.iter().map(|finding| finding.level).max();
        Ok(if worst == Some(Level::Fail) { Exit::Failed } else { Exit::Done })
    }
}

fn print(page: &mut Page, findings: &[Finding]) {
    let lang = page.lang();
    let mut table = Table::new([
        Column::text(""),
        Column::text(lang.say(words::Check)),
        Column::flexible(lang.say(words::Finding)),
    ]);
    for finding in findings {
        let level = match finding.level {
            Level::Ok => lang.say(words::DoctorLevelOk),
            Level::Warn => lang.say(words::DoctorLevelWarn),
            Level::Fail => lang.say(words::DoctorLevelFail),
        };
        table.row([level, finding.title.clone(), finding.finding.clone()]);
    }
    page.table(&table);
    let hint = lang.say(words::Hint);
    for finding in findings {
        if let Some(text) = &finding.hint {
            page.line(format!("{} - {hint}: {text}", finding.title));
        }
    }
    if findings.iter().all(|finding| finding.level == Level::Ok) {
        page.say(words::DoctorWell);
    }
}

//! Synchronisation from the command line.

use clap::{Args, Subcommand};
use console::{Exit, Lang, Progress, format, words};

use super::Scene;
use crate::ask::sync::{SyncNow, SyncPolicy};
use crate::door::Door;
use crate::error::{NodeError, Result};
use crate::sync::Policy;

/// Meet the hub now, or say when to meet it · 与总部同步
#[derive(Debug, Args)]
pub(super) struct Sync {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Meet the hub now and wait until the two are in step · 立即同步
    Now,
    /// Show or change when the store meets its hub · 同步策略
    ///
    /// live (always connected), every MINUTES, at HH:MM,HH:MM (the shop's time), or manual.
    ///
    /// live 实时，every 分钟数，at HH:MM,HH:MM 定时，manual 手动。
    Policy {
        /// The new policy: live, every 15, at 08:00,21:30, manual · 新策略
        #[arg(value_name = "POLICY")]
        policy: Vec<String>,
    },
}

impl Sync {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        match self.what {
            What::Now => now(scene),
            What::Policy { policy } => set_policy(scene, &policy),
        }
    }
}

fn now(scene: &Scene<'_>) -> Result<Exit> {
    let door = scene.door()?;
    let busy = Progress::spinner(scene.out, words::Connecting);
    let synced = door.ask(SyncNow {});
    busy.clear();
    let synced = synced?;
    scene.out.show(&synced, |page| {
        let took = std::time::Duration::from_millis(synced.took_ms);
        page.say(words::SyncTook {
            sent: format::count(synced.changes.sent),
            received: format::count(synced.changes.received),
            duration: format::duration(page.lang(), took),
        });
    });
    Ok(Exit::Done)
}

fn set_policy(scene: &Scene<'_>, words_of: &[String]) -> Result<Exit> {
    let set = match words_of {
        [] => None,
        given => {
            let text = given.join(" ");
            Some(text.parse::<Policy>().map_err(|source| NodeError::Policy { source })?)
        }
    };
    let changed = set.is_some();
    let in_force = scene.door()?.ask(SyncPolicy { set })?;
    scene.out.show(&in_force, |page| {
        let policy = policy_text(page.lang(), &in_force.policy);
        if changed {
            page.say(words::PolicySet { policy });
        } else {
            let label = page.lang().say(words::SyncPolicy);
            page.fields([(label, policy)]);
        }
    });
    Ok(Exit::Done)
}

/// A policy, for people.
pub(super) fn policy_text(lang: Lang, policy: &Policy) -> String {
    match policy {
        Policy::Live => lang.say(words::PolicyLive),
        Policy::Every(minutes) => lang.say(words::PolicyEvery { minutes }),
        Policy::At(_) => {
            let text = policy.to_string();
            let hours = text.strip_prefix("at ").unwrap_or(&text);
            lang.say(words::PolicyAt { hours })
        }
        Policy::Manual => lang.say(words::PolicyManual),
    }
}

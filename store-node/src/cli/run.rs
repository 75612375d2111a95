//! The daemon from the command line.

use std::io::IsTerminal as _;

use clap::Args;
use console::{Exit, words};
use serde::Serialize;
use tracing_subscriber::EnvFilter;

use super::Scene;
use crate::daemon::{Daemon, asked_to_stop};
use crate::error::{NodeError, Result};
use crate::node::Node;

/// What the log shows unless EVENSTOCK_LOG says otherwise.
const LOG_FILTER: &str = "info,quinn=warn,quinn_proto=warn,rustls=warn";

/// Stay open: answer commands and keep in step with the hub · 启动守护进程
///
/// While it runs, all other commands go through it. It works on without the hub; sales never wait
/// for the network. The log goes to standard error (EVENSTOCK_LOG=debug shows more).
///
/// 运行期间其他命令都经由守护进程执行；断网不影响收银。
#[derive(Debug, Args)]
pub(super) struct Run {}

/// A daemon that answers.
#[derive(Serialize)]
struct Running {
    store: String,
    pid: u32,
    address: String,
    hub: Option<String>,
}

impl Run {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self {} = self;
        log();
        let node = Node::open(scene.home.dir())?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|source| NodeError::Runtime { source })?;
        runtime.block_on(async {
            let daemon = Daemon::start(node).await?;
            announce(scene, &daemon)?;
            asked_to_stop().await?;
            daemon.stop().await
        })?;
        scene.out.say(words::StoppedCleanly);
        Ok(Exit::Done)
    }
}

fn announce(scene: &Scene<'_>, daemon: &Daemon) -> Result<()> {
    let node = daemon.node();
    let running = Running {
        store: node.store().to_string(),
        pid: daemon.info().pid,
        address: daemon.info().address.to_string(),
        hub: node.config().hub.clone(),
    };
    let policy = super::sync::policy_text(scene.out.lang, &node.sync_policy()?);
    scene.out.show(&running, |page| {
        page.say(words::DaemonServes { store: &running.store, pid: running.pid });
        page.say(words::Listening { address: &running.address });
        match &running.hub {
            Some(hub) => page.say(words::DaemonHub { hub, policy }),
            None => page.say(words::DaemonAlone),
        }
        page.say(words::PressCtrlC);
    });
    Ok(())
}

fn log() {
    let filter =
        EnvFilter::try_from_env("EVENSTOCK_LOG").unwrap_or_else(|_| EnvFilter::new(LOG_FILTER));
    // A second start in one process keeps the first log.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .try_init();
}

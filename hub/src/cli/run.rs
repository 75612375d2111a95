//! `hub init` and `hub run`.

use std::io::{self, IsTerminal as _};

use console::{Exit, Out, words};
use serde::Serialize;
use tokio::signal;
use tracing_subscriber::EnvFilter;

use super::{Init, Run};
use crate::error::{HubError, Result};
use crate::home::Home;
use crate::hub::{Hub, Setup};

/// What is logged unless `RUST_LOG` says otherwise. QUIC's own remarks are for its makers.
const DEFAULT_LOG: &str = "info,quinn=warn,quinn_proto=warn";

/// A hub that was made, or that has started.
#[derive(Debug, Serialize)]
struct HubInfo<'a> {
    chain: &'a str,
    name: Option<&'a str>,
    dir: String,
    listen: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    public: Option<String>,
}

impl<'a> HubInfo<'a> {
    fn of(hub: &'a Hub, listen: String) -> Self {
        let config = hub.config();
        let dir = hub.home().dir().display().to_string();
        let (name, public) = (config.name.as_deref(), hub.public_address());
        Self { chain: config.chain.as_str(), name, dir, listen, public }
    }
}

pub(super) fn init(home: &Home, init: Init, out: &Out) -> Result<Exit> {
    let Init { name, listen, public } = init;
    let hub = Hub::init(home, Setup { name, listen, public })?;
    let info = HubInfo::of(&hub, hub.config().listen.to_string());
    out.show(&info, |page| {
        let lang = page.lang();
        page.say(words::HubCreated { chain: hub.config().title(), folder: &info.dir });
        page.fields([
            (lang.say(words::HubChain), info.chain.to_owned()),
            (lang.say(words::Address), info.listen.clone()),
            (lang.say(words::HubPublic), info.public.clone().unwrap_or_else(|| "-".to_owned())),
        ]);
        page.say(words::HubNextStep { dir: &info.dir });
    });
    Ok(Exit::Done)
}

pub(super) fn run(home: &Home, options: &Run, out: &Out) -> Result<Exit> {
    log_to_stderr();
    let hub = Hub::open(home)?;
    let listen = options.listen.unwrap_or(hub.config().listen);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|source| HubError::Runtime { source })?;
    runtime.block_on(async {
        let running = hub.start(listen).await?;
        let info = HubInfo::of(&hub, running.address().to_string());
        out.show(&info, |page| {
            page.say(words::HubStarted { title: hub.config().title() });
            page.say(words::Listening { address: &info.listen });
            page.say(words::PressCtrlC);
        });
        asked_to_stop().await;
        out.say(words::HubStopping);
        running.stop().await
    })?;
    out.say(words::StoppedCleanly);
    Ok(Exit::Done)
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_LOG));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    // A program that embeds the hub may have set up its own; that one stays.
    let _ = log.try_init();
}

/// Ctrl+C, or the signal with which services are stopped.
async fn asked_to_stop() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            // Without signals the process is stopped from outside; nothing acknowledged is lost.
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        let terminate = async {
            match signal::unix::signal(signal::unix::SignalKind::terminate()) {
                Ok(mut terminate) => drop(terminate.recv().await),
                Err(_) => std::future::pending::<()>().await,
            }
        };
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}

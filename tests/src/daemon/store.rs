//! A store.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::process::Running;
use super::{Daemon, Ran, run, spawn, thousandths, until};

/// More facts than any test books: a listing with this limit is whole.
const ALL: &str = "5000";

/// A store's folder, and its program while that runs.
#[derive(Debug)]
pub struct Store {
    id: String,
    dir: PathBuf,
    daemon: Option<Daemon>,
}

impl Store {
    /// Joins a hub with a code; gives back what the program said if it may not.
    pub fn join(id: &str, dir: &Path, code: &str, hub: SocketAddr) -> Result<Self, Ran> {
        let hub = hub.to_string();
        let joined = run("store-node", dir, &["join", code, "--hub", &hub, "--zone", "UTC"]);
        if joined.is_done() { Ok(Self::at(id, dir)) } else { Err(joined) }
    }

    /// The store in a folder that is there.
    pub fn at(id: &str, dir: &Path) -> Self {
        Self { id: id.to_owned(), dir: dir.to_owned(), daemon: None }
    }

    /// Starts its daemon.
    pub fn start(&mut self) {
        let log = self.dir.with_extension("log");
        self.daemon = Some(Daemon::start("store-node", &self.dir, &["run"], &log));
    }

    /// Starts its daemon on a disk that is full once a file has so many kilobytes.
    pub fn start_on_full_disk(&mut self, kilobytes: u32) {
        let log = self.dir.with_extension("log");
        let daemon = Daemon::start_on_full_disk("store-node", &self.dir, &["run"], &log, kilobytes);
        self.daemon = Some(daemon);
    }

    /// Stops its daemon in order.
    pub fn stop(&mut self) {
        self.daemon.take().expect("the daemon runs").stop();
    }

    /// Ends its daemon as a power cut would.
    pub fn kill(&mut self) {
        self.daemon.take().expect("the daemon runs").kill();
    }

    /// The store.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Runs a command.
    pub fn run(&self, args: &[&str]) -> Ran {
        run("store-node", &self.dir, args)
    }

    /// Starts a command.
    pub fn spawn(&self, args: &[&str]) -> Running {
        spawn("store-node", &self.dir, args)
    }

    /// Runs a command that must succeed.
    pub fn ask(&self, args: &[&str]) -> Value {
        self.run(args).expect(&args.join(" "))
    }

    /// Sells a line at a price and gives the number on the bill.
    pub fn sell(&self, line: &str) -> String {
        bill(&self.ask(&["sell", line]))
    }

    /// Meets the hub; must succeed.
    pub fn sync(&self) {
        self.ask(&["sync", "now"]);
    }

    /// Its stock, in thousandths.
    pub fn stock(&self) -> BTreeMap<String, i64> {
        let stock = self.ask(&["stock"]);
        let items = stock["items"].as_array().expect("stock has items").iter();
        let item = |item: &Value| {
            (item["sku"].as_str().unwrap_or_default().to_owned(), thousandths(&item["quantity"]))
        };
        items.map(item).filter(|(_, quantity)| *quantity != 0).collect()
    }

    /// Every fact, the oldest first.
    pub fn facts(&self) -> Vec<Value> {
        let history = self.ask(&["history", "--limit", ALL]);
        let mut facts = history["facts"].as_array().cloned().unwrap_or_default();
        facts.reverse();
        facts
    }

    /// Facts that were set aside.
    pub fn set_aside(&self) -> Vec<Value> {
        self.ask(&["forks", "list"]).as_array().cloned().expect("a list")
    }

    /// How it stands.
    pub fn status(&self) -> Value {
        self.ask(&["status"])
    }

    /// Waits until the daemon says that the hub holds the same.
    pub fn await_in_step(&self) {
        until(&format!("{} in step", self.id), || {
            let hub = &self.status()["hub"];
            hub["sync"]["phase"] == "in_step" && hub["unsynced_facts"] == 0
        });
    }

    /// Checks the books against themselves.
    ///
    /// # Panics
    ///
    /// When something is wrong.
    pub fn verify(&self) {
        let found = self.ask(&["verify"]);
        assert_eq!(found["whole"], true, "the books of {}: {}", self.id, found["problems"]);
    }
}

/// The number on the bill of a booked request.
pub fn bill(receipt: &Value) -> String {
    receipt["fact"]["bill"].as_str().expect("a receipt has a bill").to_owned()
}

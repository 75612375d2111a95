//! A hub.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Daemon, Ran, Store, run, thousandths, until};

/// A hub's folder, and its program while that runs.
#[derive(Debug)]
pub struct Hub {
    dir: PathBuf,
    /// Where it listens: any free port at first, the same one ever after.
    address: SocketAddr,
    daemon: Option<Daemon>,
}

impl Hub {
    /// Makes a hub in a folder and starts it.
    pub fn start_new(dir: &Path) -> Self {
        run("hub", dir, &["init", "--name", "Corner shops"]).expect("hub init");
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut hub = Self { dir: dir.to_owned(), address, daemon: None };
        hub.start();
        hub
    }

    /// Starts it where it listened before.
    pub fn start(&mut self) {
        let log = self.dir.with_extension("log");
        let listen = self.address.to_string();
        let daemon = Daemon::start("hub", &self.dir, &["run", "--listen", &listen], &log);
        self.address = daemon.info["listen"].as_str().and_then(|at| at.parse().ok()).expect("JSON");
        self.daemon = Some(daemon);
    }

    /// The running program.
    pub fn daemon(&mut self) -> &mut Daemon {
        self.daemon.as_mut().expect("the hub runs")
    }

    /// Stops it in order.
    pub fn stop(&mut self) {
        self.daemon.take().expect("the hub runs").stop();
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.daemon.take().expect("the hub runs").kill();
    }

    /// Its folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has written to its log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.with_extension("log")).unwrap_or_default()
    }

    /// Runs a command.
    pub fn run(&self, args: &[&str]) -> Ran {
        run("hub", &self.dir, args)
    }

    /// Runs a command that must succeed.
    pub fn ask(&self, args: &[&str]) -> Value {
        self.run(args).expect(&args.join(" "))
    }

    /// A code with which one machine may join as a store that is new.
    pub fn invite(&self, store: &str) -> String {
        let invited = self.ask(&["store", "add", store]);
        invited["code"].as_str().expect("an invitation has a code").to_owned()
    }

    /// A store that has joined, in a folder named after it beside the hub's.
    pub fn enrol(&self, store: &str) -> Store {
        let dir = self.dir.with_file_name(store);
        let joined = Store::join(store, &dir, &self.invite(store), self.address);
        joined.unwrap_or_else(|ran| panic!("{store} cannot join: {}", ran.complaint))
    }

    /// How a store stands here.
    pub fn standing(&self, store: &str) -> Value {
        self.ask(&["status", "--store", store])["stores"][0].clone()
    }

    /// A store's stock as the hub sees it, in thousandths.
    pub fn stock(&self, store: &str) -> BTreeMap<String, i64> {
        let stock = self.ask(&["stock", "--store", store, "--by", "both"]);
        let rows = stock["rows"].as_array().expect("stock has rows").iter();
        let row = |row: &Value| {
            (row["sku"].as_str().unwrap_or_default().to_owned(), thousandths(&row["quantity"]))
        };
        rows.map(row).filter(|(_, quantity)| *quantity != 0).collect()
    }

    /// The bills of a store that moved a product, in the order of their facts.
    pub fn bills(&self, store: &str, sku: &str) -> Vec<String> {
        let explained = self.ask(&["explain", sku, "--store", store]);
        let days = explained["days"].as_array().expect("an explanation has days").iter();
        let facts = days.flat_map(|day| day["facts"].as_array().into_iter().flatten());
        facts.map(|fact| fact["bill"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Waits until the hub holds as many facts of a store.
    pub fn await_facts(&self, store: &str, facts: u64) {
        until(&format!("{facts} facts of {store} at the hub"), || {
            self.standing(store)["facts"] == facts
        });
    }

    /// Checks the books against themselves.
    ///
    /// # Panics
    ///
    /// When something is wrong.
    pub fn verify(&self) {
        let found = self.ask(&["verify"]);
        assert_eq!(found["problems"], Value::Array(Vec::new()), "the hub's books");
    }
}

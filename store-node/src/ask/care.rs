//! Care for the books: check them, build their read model again, copy them.

use std::path::PathBuf;

use books::Folder;
use books::read::Part;
use console::Lang;
use serde::{Deserialize, Serialize};

use crate::doctor::{self, Finding};
use crate::door::Ask;
use crate::error::Result;
use crate::home;
use crate::node::Node;

/// Check the books against themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verify {}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Whether nothing is wrong.
    pub whole: bool,
    /// Changes checked.
    pub changes: u64,
    /// Facts checked.
    pub facts: u64,
    /// Rows of the read model compared.
    pub rows: u64,
    /// The digest of the read model: equal at any replica that holds the same.
    pub digest: String,
    /// What is wrong.
    pub problems: Vec<String>,
}

impl Ask for Verify {
    const PATH: &'static str = "/v1/verify";
    type Answer = Verification;

    fn answer(self, node: &Node) -> Result<Verification> {
        let verified = node.books().verify(|_| {})?;
        let digest = node.books().reader()?.digest(Part::Store(node.store()))?;
        Ok(Verification {
            whole: verified.is_whole(),
            changes: verified.changes,
            facts: verified.facts,
            rows: verified.rows,
            digest: digest.to_string(),
            problems: verified.problems.iter().map(ToString::to_string).collect(),
        })
    }
}

/// Build the read model again from the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebuild {}

/// What the read model was built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebuilt {
    /// Changes read.
    pub changes: u64,
    /// Facts in them.
    pub facts: u64,
}

impl Ask for Rebuild {
    const PATH: &'static str = "/v1/rebuild";
    type Answer = Rebuilt;

    fn answer(self, node: &Node) -> Result<Rebuilt> {
        let rebuilt = node.books().rebuild(|_| {})?;
        Ok(Rebuilt { changes: rebuilt.changes, facts: rebuilt.facts })
    }
}

/// Copy the store's folder into a new file, as it is at this moment, while it stays in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// The new file, by its absolute path.
    pub to: PathBuf,
}

/// A copy that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUp {
    /// The file.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
}

impl Ask for Backup {
    const PATH: &'static str = "/v1/backup";
    type Answer = BackedUp;

    fn answer(self, node: &Node) -> Result<BackedUp> {
        let folder = Folder { dir: node.home().dir(), beside: &home::BACKED_UP };
        let bytes = node.books().backup(folder, &self.to)?;
        Ok(BackedUp { file: self.to, bytes })
    }
}

/// Look for what is wrong with the books and around them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examine {
    /// The language of the findings: `zh` or `en`.
    pub lang: String,
}

impl Ask for Examine {
    const PATH: &'static str = "/v1/doctor";
    type Answer = Vec<Finding>;

    fn answer(self, node: &Node) -> Result<Vec<Finding>> {
        doctor::examine_books(node, Lang::from_tag(&self.lang))
    }
}

//! Looking after the books: check them, make the read model anew, copy them.

use std::path::PathBuf;

use books::Folder;
use serde::{Deserialize, Serialize};

use crate::door::Ask;
use crate::error::Result;
use crate::home;
use crate::hub::Hub;

/// Check the books against themselves: the file, each change's checksum and author, the chains of
/// facts, and the read model against one built from scratch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verify {}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Changes checked.
    pub changes: u64,
    /// Facts checked.
    pub facts: u64,
    /// Rows of the read model compared.
    pub rows: u64,
    /// What is wrong. Empty: everything agrees.
    pub problems: Vec<Problem>,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where.
    pub subject: String,
    /// What.
    pub problem: String,
}

impl Ask for Verify {
    const PATH: &'static str = "/v1/verify";
    type Answer = Verified;

    fn answer(self, hub: &Hub) -> Result<Verified> {
        let books::Verified { changes, facts, rows, problems } = hub.books().verify(|_| ())?;
        let problem = |books::Problem { subject, problem }| Problem { subject, problem };
        let problems = problems.into_iter().map(problem).collect();
        Ok(Verified { changes, facts, rows, problems })
    }
}

/// Make the read model anew from the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebuild {}

/// What the read model was made from.
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

    fn answer(self, hub: &Hub) -> Result<Rebuilt> {
        let books::Rebuilt { changes, facts } = hub.books().rebuild(|_| ())?;
        hub.checks().forget()?;
        Ok(Rebuilt { changes, facts })
    }
}

/// Copy the hub's folder to a new file, while everything goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// The file: an absolute path, since the hub that answers may run elsewhere.
    pub to: PathBuf,
}

/// A copy of the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUp {
    /// The file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Ask for Backup {
    const PATH: &'static str = "/v1/backup";
    type Answer = BackedUp;

    fn answer(self, hub: &Hub) -> Result<BackedUp> {
        let folder = Folder { dir: hub.home().dir(), beside: &home::BACKED_UP };
        let bytes = hub.books().backup(folder, &self.to)?;
        Ok(BackedUp { path: self.to, bytes })
    }
}

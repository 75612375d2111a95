//! Style, as far as a machine can tell.

use std::fs;
use std::path::{Path, PathBuf};

/// The longest file, in lines: one story fits on fewer.
const MAX_LINES: usize = 600;

/// Files that may be longer, each with its reason.
const LONG: [(&str, &str); 0] = [];

/// What the paths of one person's machine look like, in pieces: this file must not hold them itself.
const MACHINE_PATHS: [[&str; 2]; 5] =
    [["/wo", "rk/"], ["/ho", "me/"], ["/Us", "ers/"], ["/ro", "ot/"], ["/t", "mp/"]];

/// Files that people and programs read, by extension.
const TEXTS: [&str; 6] = ["rs", "md", "toml", "sh", "yml", "json"];

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut wrong = Vec::new();
    if !root().join("CHANGELOG.md").is_file() {
        wrong.push("there is no CHANGELOG.md".to_owned());
    }
    for path in files().into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
    {
        let (name, text) = (name(&path), fs::read_to_string(&path).unwrap());
        let lines = text.lines().count();
        // A file that has become short leaves the list.
        if (lines > MAX_LINES) != LONG.iter().any(|(long, _)| *long == name) {
            wrong.push(format!("{name} has {lines} lines; the limit is {MAX_LINES}"));
        }
        // Tests beside the code and tables of phrases are parts of a story that is told elsewhere.
        let is_part = name.ends_with("tests.rs") || name.starts_with("console/src/words/");
        if name.contains("/src/") && !is_part && !text.starts_with("//!") {
            wrong.push(format!("{name} does not begin with what it is for"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_names_a_place_on_one_machine() {
    let mut wrong = Vec::new();
    for path in files() {
        if !path.extension().is_none_or(|kind| TEXTS.iter().any(|text| kind == *text)) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in (1..).zip(text.lines()) {
            if MACHINE_PATHS.iter().any(|parts| line.contains(&parts.concat())) {
                wrong.push(format!("{}:{number}: {}", name(&path), line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// Every file of the repository but what cargo and git keep there.
fn files() -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![root().to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let is_folder = entry.file_type().unwrap().is_dir();
            if !["target", ".git"].iter().any(|name| entry.file_name() == *name) {
                if is_folder { &mut folders } else { &mut files }.push(entry.path());
            }
        }
    }
    files
}

//! Whether head office's profile of the store fits the settings here.

use books::Reader;
use console::{Lang, words};

use super::{Finding, Level};
use crate::error::Result;
use crate::node::Node;

pub(super) fn examine(node: &Node, reader: &Reader, lang: Lang) -> Result<Finding> {
    let title = lang.say(words::DoctorCheckProfile);
    let Some(profile) = reader.profiles(Some(node.store()))?.pop() else {
        let found = lang.say(words::DoctorProfileNone);
        return Ok(Finding::new("profile", title, Level::Ok, found));
    };
    let differs: Vec<String> =
        node.differences(&profile).iter().map(|differs| differs.say(lang)).collect();
    if differs.is_empty() {
        let found = lang.say(words::DoctorProfileGood);
        return Ok(Finding::new("profile", title, Level::Ok, found));
    }
    let found = Finding::new("profile", title, Level::Warn, differs.join("; "));
    Ok(found.hint(lang.say(words::ProfileDiffersHint)))
}

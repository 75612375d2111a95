//! Errors as people read them: what was attempted, why it failed, what to do; and exit codes.

use std::error::Error;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use crate::words::{self, Lang};

/// How a program ends. The only place that knows the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exit {
    /// It did what was asked: 0.
    Done,
    /// It could not, or what it checked is not in order: 1.
    Failed,
    /// It was asked for something that makes no sense: 2, as clap's own errors.
    Usage,
}

impl Exit {
    /// The number that the operating system sees.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// An error that can explain itself to a person in either language.
pub trait Tell: Error {
    /// What was attempted and, where there is one, what to do about it. The causes come from
    /// [`Error::source`], unless they are given here.
    fn tell(&self, lang: Lang) -> Told {
        let _ = lang;
        Told::saying(self.to_string())
    }

    /// How the program ends because of it.
    fn exit(&self) -> Exit {
        Exit::Failed
    }
}

/// An error in words, also as the daemon's local API sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What was attempted, and on what.
    pub message: String,
    /// Why it failed, the nearest cause first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// How the program ends.
    pub exit: Exit,
}

impl Told {
    /// A message alone.
    pub fn saying(message: impl Into<String>) -> Self {
        Self { message: message.into(), causes: Vec::new(), hint: None, exit: Exit::Failed }
    }

    /// Adds the next cause.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The whole of an error: its words, its chain of causes, its exit.
    pub fn of(lang: Lang, error: &dyn Tell) -> Self {
        let mut told = error.tell(lang);
        told.exit = error.exit();
        if told.causes.is_empty() {
            let mut source = error.source();
            while let Some(cause) = source {
                let text = cause.to_string();
                // Transparent wrappers print as their source does: say it once.
                if told.causes.last().unwrap_or(&told.message) != &text {
                    told.causes.push(text);
                }
                source = cause.source();
            }
        }
        told
    }

    /// The lines for a terminal.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let line = |label: String, text: &str| match lang {
            Lang::En => format!("{label}: {text}"),
            Lang::Zh => format!("{label}：{text}"),
        };
        let mut lines = vec![line(lang.say(words::Error), &self.message)];
        lines.extend(
            self.causes.iter().map(|cause| format!("  {}", line(lang.say(words::Because), cause))),
        );
        lines.extend(self.hint.iter().map(|hint| line(lang.say(words::Hint), hint)));
        lines
    }
}

#[cfg(test)]
mod tests {
    use thiserror::Error;

    use super::*;

    #[derive(Debug, Error)]
    #[error("the disk is full")]
    struct Full;

    #[derive(Debug, Error)]
    #[error(transparent)]
    struct Wrapped(#[from] Full);

    #[derive(Debug, Error)]
    #[error("could not book the sale")]
    struct Sale(#[source] Wrapped);

    impl Tell for Sale {
        fn tell(&self, lang: Lang) -> Told {
            match lang {
                Lang::En => Told::saying(self.to_string()).hint("free some space"),
                Lang::Zh => Told::saying("无法入账"),
            }
        }
    }

    #[test]
    fn an_error_names_its_causes_once_and_what_to_do() {
        let told = Told::of(Lang::En, &Sale(Wrapped(Full)));
        let expected = [
            "error: could not book the sale",
            "  because: the disk is full",
            "hint: free some space",
        ];
        assert_eq!(told.lines(Lang::En), expected);
        let told = Told::of(Lang::Zh, &Sale(Wrapped(Full)));
        assert_eq!(told.lines(Lang::Zh), ["错误：无法入账", "  原因：the disk is full"]);
    }
}

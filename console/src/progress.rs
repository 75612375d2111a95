//! Progress on standard error: bars with rate and time left, spinners. Silent when standard
//! error is no terminal or the results are for programs.

use std::fmt::Write;
use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::format;
use crate::output::{Form, Out, printable};
use crate::words::{self, Lang, Phrase};

/// How often a spinner turns.
const TICK: Duration = Duration::from_millis(120);

/// Redraws a second at most: enough to look alive, too few to slow the work.
const REDRAWS_PER_SECOND: u8 = 12;

/// Shows how far a piece of work is.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: ProgressBar,
    lang: Lang,
}

impl Progress {
    /// Work of a known size.
    pub fn bar(out: &Out, what: impl Phrase, total: u64) -> Self {
        Board::new(out).bar(what, total)
    }

    /// Work of unknown size.
    pub fn spinner(out: &Out, what: impl Phrase) -> Self {
        Board::new(out).spinner(what)
    }

    /// Nothing to see: for callers without an [`Out`].
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), lang: Lang::En }
    }

    /// `n` more are done.
    pub fn advance(&self, n: u64) {
        self.bar.inc(n);
    }

    /// `n` are done in all.
    pub fn reach(&self, n: u64) {
        self.bar.set_position(n);
    }

    /// How many there are turns out only now.
    pub fn set_total(&self, total: u64) {
        self.bar.set_length(total);
    }

    /// Says what goes on.
    pub fn say(&self, what: impl Phrase) {
        self.bar.set_message(printable(&self.lang.say(what)));
    }

    /// Leaves the line as it is, with a last word.
    pub fn finish(&self, what: impl Phrase) {
        self.bar.finish_with_message(printable(&self.lang.say(what)));
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// Several bars under each other.
#[derive(Debug, Clone)]
pub struct Board {
    bars: MultiProgress,
    lang: Lang,
}

impl Board {
    /// An empty board.
    pub fn new(out: &Out) -> Self {
        let visible = out.form == Form::Human && io::stderr().is_terminal();
        let target = if visible {
            ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_SECOND)
        } else {
            ProgressDrawTarget::hidden()
        };
        Self { bars: MultiProgress::with_draw_target(target), lang: out.lang }
    }

    /// Adds a bar.
    pub fn bar(&self, what: impl Phrase, total: u64) -> Progress {
        let style = style("{msg} {bar:28} {done}/{all} {rate} {left}", self.lang);
        self.add(ProgressBar::new(total).with_style(style.progress_chars("█▉▊▋▌▍▎▏ ")), what)
    }

    /// Adds a spinner.
    pub fn spinner(&self, what: impl Phrase) -> Progress {
        let style = style("{spinner} {msg} {elapsed}", self.lang);
        let progress = self.add(ProgressBar::new_spinner().with_style(style), what);
        if !progress.bar.is_hidden() {
            progress.bar.enable_steady_tick(TICK);
        }
        progress
    }

    fn add(&self, bar: ProgressBar, what: impl Phrase) -> Progress {
        let progress = Progress { bar: self.bars.add(bar), lang: self.lang };
        progress.say(what);
        progress
    }
}

fn style(template: &str, lang: Lang) -> ProgressStyle {
    // A progress line that cannot be formatted is not worth a word: hence the ignored results.
    ProgressStyle::with_template(template)
        .expect("the templates in this file are well formed")
        .with_key("done", move |state: &ProgressState, to: &mut dyn Write| {
            let _ = to.write_str(&format::count(state.pos()));
        })
        .with_key("all", move |state: &ProgressState, to: &mut dyn Write| {
            let _ = to.write_str(&format::count(state.len().unwrap_or_default()));
        })
        .with_key("rate", move |state: &ProgressState, to: &mut dyn Write| {
            // A float from indicatif, for the eye only; the cast saturates.
            let rate = format::count(state.per_sec() as u64);
            let _ = to.write_str(&lang.say(words::Rate { rate }));
        })
        .with_key("left", move |state: &ProgressState, to: &mut dyn Write| {
            if state.pos() > 0 && !state.is_finished() {
                let duration = format::duration(lang, state.eta());
                let _ = to.write_str(&lang.say(words::Left { duration }));
            }
        })
        .with_key("elapsed", move |state: &ProgressState, to: &mut dyn Write| {
            let _ = to.write_str(&format::duration(lang, state.elapsed()));
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Captured;

    #[test]
    fn progress_counts_and_stays_silent_for_programs() {
        for lang in Lang::ALL {
            let captured = Captured::default();
            let out = Out::to(captured.clone(), lang, Form::Json, None);
            let board = Board::new(&out);
            let (bar, spinner) = (board.bar(words::Working, 10), board.spinner(words::Working));
            bar.advance(3);
            bar.reach(7);
            bar.set_total(20);
            assert_eq!((bar.bar.position(), bar.bar.length()), (7, Some(20)));
            assert_eq!(bar.bar.message(), lang.say(words::Working));
            assert!(bar.bar.is_hidden() && spinner.bar.is_hidden());
            bar.finish(words::Done);
            spinner.clear();
            assert_eq!(captured.text(), "");
        }
    }
}

//! Printing results: text for people, JSON for programs.

use std::io::{self, IsTerminal as _, Write};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use terminal_size::{Width, terminal_size};
use thiserror::Error;
use unicode_width::UnicodeWidthStr;

use crate::bars::Bars;
use crate::qr::{Ground, Qr};
use crate::table::{Grid, Table};
use crate::tell::{Exit, Tell, Told};
use crate::words::{self, Lang, Phrase};

/// The options that every command of both programs takes.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Options {
    /// Language of texts and tables · 界面语言
    #[arg(long, global = true, value_enum, default_value_t, env = "EVENSTOCK_LANG")]
    pub lang: LangChoice,
    /// Print JSON, one value a line · 输出 JSON，每行一个值
    #[arg(long, global = true)]
    pub json: bool,
}

/// What `--lang` takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LangChoice {
    /// As the environment says (LC_ALL, LC_MESSAGES, LANG) · 随系统
    #[default]
    Auto,
    /// Chinese · 中文
    Zh,
    /// English · 英文
    En,
}

impl LangChoice {
    /// The language chosen.
    pub fn lang(self) -> Lang {
        match self {
            Self::Auto => Lang::from_environment(|name| std::env::var(name).ok()),
            Self::Zh => Lang::Zh,
            Self::En => Lang::En,
        }
    }
}

/// For whom results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// People: text, tables, bars.
    Human,
    /// Programs: one JSON value a line.
    Json,
}

/// Where a command's results go.
///
/// Printing does not fail from the caller's point of view: the first failure is kept, nothing is
/// written after it, and [`Out::finish`] turns it into the exit code. A reader that has gone
/// away (`history | head`) is not a failure.
pub struct Out {
    /// The language of people.
    pub lang: Lang,
    /// Who reads.
    pub form: Form,
    width: Option<usize>,
    sink: Mutex<Sink>,
}

struct Sink {
    to: Box<dyn Write + Send>,
    failure: Option<io::Error>,
}

impl Out {
    /// The process's own output.
    pub fn new(options: Options) -> Self {
        let form = if options.json { Form::Json } else { Form::Human };
        let terminal = io::stdout().is_terminal();
        let width = terminal.then(terminal_size).flatten().map(|(Width(w), _)| usize::from(w));
        Self::to(io::stdout(), options.lang.lang(), form, width)
    }

    /// Any writer, as wide as `width` columns if that is limited.
    pub fn to(
        writer: impl Write + Send + 'static,
        lang: Lang,
        form: Form,
        width: Option<usize>,
    ) -> Self {
        let to = Box::new(io::BufWriter::new(writer));
        Self { lang, form, width, sink: Mutex::new(Sink { to, failure: None }) }
    }

    /// Prints a result: `value` as JSON, or what `human` makes of it.
    pub fn show<T: Serialize + ?Sized>(&self, value: &T, human: impl FnOnce(&mut Page)) {
        match self.form {
            Form::Json => {
                let json = serde_json::to_string(value).map_err(io::Error::from);
                self.write(json.map(|json| json + "\n"));
            }
            Form::Human => self.page(human),
        }
    }

    /// Prints text for people, and nothing for programs.
    pub fn page(&self, human: impl FnOnce(&mut Page)) {
        if self.form == Form::Human {
            let mut page = Page { lang: self.lang, width: self.width, text: String::new() };
            human(&mut page);
            self.write(Ok(page.text));
        }
    }

    /// Prints a phrase for people, and nothing for programs.
    pub fn say(&self, phrase: impl Phrase) {
        self.page(|page| page.say(phrase));
    }

    /// Whether nobody reads any more: a long listing can stop.
    pub fn is_closed(&self) -> bool {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner).failure.is_some()
    }

    /// Prints an error to standard error and says how the program ends.
    pub fn fail(&self, error: &dyn Tell) -> Exit {
        let told = Told::of(self.lang, error);
        let text = match self.form {
            Form::Human => {
                let lines = told.lines(self.lang);
                lines.iter().map(|line| printable(line) + "\n").collect::<String>()
            }
            Form::Json => serde_json::json!({ "error": told }).to_string() + "\n",
        };
        // Where standard error is closed, too, the exit code alone has to tell.
        let _ = io::stderr().write_all(text.as_bytes());
        told.exit
    }

    /// Ends a program: prints the error, if there is one, writes out what is left, and gives the
    /// exit code.
    pub fn finish<E: Tell>(self, result: Result<Exit, E>) -> Exit {
        let exit = result.unwrap_or_else(|error| self.fail(&error));
        self.flush();
        let sink = &mut *self.sink.lock().unwrap_or_else(PoisonError::into_inner);
        match sink.failure.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                self.fail(&CannotPrint(error))
            }
            _ => exit,
        }
    }

    fn flush(&self) {
        self.write(Ok(String::new()));
    }

    fn write(&self, text: io::Result<String>) {
        let sink = &mut *self.sink.lock().unwrap_or_else(PoisonError::into_inner);
        if sink.failure.is_none() {
            let written = text.and_then(|text| sink.to.write_all(text.as_bytes()));
            // Each result is seen at once: a daemon's lines must not wait in a buffer.
            sink.failure = written.and_then(|()| sink.to.flush()).err();
        }
    }
}

/// Standard output took no more.
#[derive(Debug, Error)]
#[error("could not write the output")]
struct CannotPrint(#[source] io::Error);

impl Tell for CannotPrint {
    fn tell(&self, lang: Lang) -> Told {
        Told::saying(lang.say(words::CannotPrint))
    }
}

/// Text for people, under construction.
#[derive(Debug)]
pub struct Page {
    lang: Lang,
    width: Option<usize>,
    text: String,
}

impl Page {
    /// The language of the page.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Adds a phrase on a line of its own.
    pub fn say(&mut self, phrase: impl Phrase) {
        self.line(self.lang.say(phrase));
    }

    /// Adds a line.
    pub fn line(&mut self, text: impl AsRef<str>) {
        self.text += &printable(text.as_ref());
        self.text.push('\n');
    }

    /// Adds an empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Adds a phrase with a line under it.
    pub fn heading(&mut self, phrase: impl Phrase) {
        let text = printable(&self.lang.say(phrase));
        let rule = "═".repeat(text.width().min(self.width.unwrap_or(usize::MAX)));
        self.text += &format!("{text}\n{rule}\n");
    }

    /// Adds a table.
    pub fn table<const N: usize>(&mut self, table: &Table<N>) {
        self.lines(table.lines(self.width));
    }

    /// Adds a table of any number of columns.
    pub fn grid(&mut self, grid: &Grid) {
        self.lines(grid.lines(self.width));
    }

    /// Adds a bar chart.
    pub fn bars(&mut self, bars: &Bars) {
        self.lines(bars.lines(self.width));
    }

    /// Adds a QR code, or says how wide the terminal must be for it.
    pub fn qr(&mut self, qr: &Qr) {
        let columns = qr.columns();
        if self.width.is_some_and(|width| width < columns) {
            return self.say(words::QrTooWide { columns });
        }
        // What has no width is no terminal.
        let on = if self.width.is_some() { Ground::Screen } else { Ground::Paper };
        for row in qr.lines(on) {
            // Unlike what others have written, this may steer the terminal.
            self.text += &row;
            self.text.push('\n');
        }
    }

    /// Adds `name: value` lines with the values under each other.
    pub fn fields(&mut self, fields: impl IntoIterator<Item = (String, String)>) {
        let fields: Vec<_> = fields.into_iter().collect();
        let widest = fields.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
        for (name, value) in fields {
            let space = " ".repeat(widest - name.width());
            self.line(format!("{name}{space}  {value}"));
        }
    }

    fn lines(&mut self, lines: Vec<String>) {
        for line in lines {
            self.line(line);
        }
    }
}

/// The text with nothing in it that steers a terminal or turns the reading direction: names come
/// from other machines and from files.
pub fn printable(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if steers(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A writer's buffer that can be read while the writer is in use, to see what a program prints.
#[derive(Debug, Clone, Default)]
pub struct Captured(std::sync::Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// What was written so far.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(lang: Lang, form: Form) -> String {
        let captured = Captured::default();
        let out = Out::to(captured.clone(), lang, form, None);
        out.show(&serde_json::json!({ "store": "S001", "facts": 3 }), |page| {
            page.heading(words::StatusHeading { store: "S001" });
            let lang = page.lang();
            page.fields([
                (lang.say(words::UnsyncedFacts { n: 3 }), "x\u{7}".to_owned()),
                (lang.say(words::Hub), "-".to_owned()),
            ]);
        });
        out.say(words::InStep);
        let result: Result<Exit, CannotPrint> = Ok(Exit::Done);
        assert_eq!(out.finish(result), Exit::Done);
        captured.text()
    }

    #[test]
    fn people_and_programs_see_the_same_result() {
        assert_eq!(shown(Lang::Zh, Form::Json), "{\"facts\":3,\"store\":\"S001\"}\n");
        let expected = "\
门店 S001
═════════
未同步流水：3 条  x\u{fffd}
总部              -
与总部一致
";
        assert_eq!(shown(Lang::Zh, Form::Human), expected);
    }

    struct Broken(io::ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_left_is_no_failure_and_a_full_disk_is_one() {
        let endings =
            [(io::ErrorKind::BrokenPipe, Exit::Done), (io::ErrorKind::StorageFull, Exit::Failed)];
        for (kind, expected) in endings {
            let out = Out::to(Broken(kind), Lang::En, Form::Human, None);
            assert!(!out.is_closed());
            out.say(words::Done);
            assert!(out.is_closed());
            out.say(words::Done);
            assert_eq!(out.finish(Ok::<_, CannotPrint>(Exit::Done)), expected);
        }
    }
}

//! Starting programs, and ending them in kind or unkind ways.

use std::env::consts::EXE_SUFFIX;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

/// What a program that has ended left.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code; none if it was killed.
    pub code: Option<i32>,
    /// What it printed as JSON; null if it printed nothing.
    pub answer: Value,
    /// What it wrote to standard error.
    pub complaint: String,
}

impl Ran {
    fn of(output: &Output) -> Self {
        let printed = String::from_utf8_lossy(&output.stdout);
        Self {
            code: output.status.code(),
            answer: printed
                .lines()
                .next()
                .and_then(|line| serde_json::from_str(line).ok())
                .unwrap_or_default(),
            complaint: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The answer of a program that must have done what it was asked.
    ///
    /// # Panics
    ///
    /// When it has not.
    pub fn expect(self, what: &str) -> Value {
        assert_eq!(self.code, Some(0), "{what}: {}", self.complaint);
        self.answer
    }

    /// Whether it did what it was asked.
    pub fn is_done(&self) -> bool {
        self.code == Some(0)
    }
}

/// The path of one of the project's programs.
///
/// # Panics
///
/// When it has not been built.
pub(super) fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    let folder =
        test.ancestors().nth(2).expect("cargo puts tests into `deps` in its target folder");
    let path = folder.join(format!("{name}{EXE_SUFFIX}"));
    assert!(
        path.exists(),
        "there is no {}: run `cargo build --workspace --bins` first",
        path.display()
    );
    path
}

/// Starts one of the programs on a folder; what it prints is kept for [`Running::wait`].
pub fn spawn(name: &str, dir: &Path, args: &[&str]) -> Running {
    let mut command = command(name, dir, args);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    Running(child.unwrap_or_else(|error| panic!("cannot start {name}: {error}")))
}

/// Runs one of the programs on a folder to its end.
pub fn run(name: &str, dir: &Path, args: &[&str]) -> Ran {
    spawn(name, dir, args).wait()
}

/// A program that will end by itself.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// Waits for its end.
    pub fn wait(self) -> Ran {
        Ran::of(&self.0.wait_with_output().expect("a child can be waited for"))
    }

    /// Ends it as a power cut would, and says what it had printed by then.
    pub fn kill(mut self) -> Ran {
        // It may have ended already.
        let _ = self.0.kill();
        self.wait()
    }
}

/// A program that stays.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    /// Kept open: a program that prints into a closed pipe would see an error.
    _stdout: BufReader<ChildStdout>,
    /// The one line that it prints when it is ready.
    pub info: Value,
}

impl Daemon {
    /// Starts a program and waits until it says that it is ready. Its log goes to a file.
    ///
    /// # Panics
    ///
    /// When it ends instead.
    pub fn start(name: &str, dir: &Path, args: &[&str], log: &Path) -> Self {
        Self::start_as(command(name, dir, args), name, log)
    }

    /// Starts a program that can't make any file longer than so many kilobytes: to it, the disk is
    /// full there.
    ///
    /// # Panics
    ///
    /// When it ends instead.
    pub fn start_on_full_disk(
        name: &str,
        dir: &Path,
        args: &[&str],
        log: &Path,
        kilobytes: u32,
    ) -> Self {
        // `ulimit -f` counts in blocks of 512 bytes. The signal is ignored so that the write fails.
        let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$@\"", kilobytes * 2);
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, "sh"]).arg(program(name));
        Self::start_as(prepared(shell, dir, args), name, log)
    }

    fn start_as(mut command: Command, name: &str, log: &Path) -> Self {
        let file = File::options().create(true).append(true).open(log);
        let file = file.unwrap_or_else(|error| panic!("cannot open {}: {error}", log.display()));
        let child = command.stdout(Stdio::piped()).stderr(file).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        let mut stdout = BufReader::new(child.stdout.take().expect("it was asked for"));
        let mut line = String::new();
        let read = stdout.read_line(&mut line);
        let info = read.ok().and_then(|_| serde_json::from_str(&line).ok());
        let Some(info) = info else {
            let _ = child.kill();
            panic!("{name} did not start: {line}{}", fs::read_to_string(log).unwrap_or_default());
        };
        Self { child, _stdout: stdout, info }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it is still there.
    pub fn is_up(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The most memory that it has held so far, in kilobytes; none where the system does not tell.
    pub fn peak_memory_kb(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.end();
    }

    /// Asks it to stop, as a service manager does, and waits until it has.
    ///
    /// # Panics
    ///
    /// When it does not stop cleanly.
    pub fn stop(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()), "a daemon had ended by itself");
        let status = self.child.wait().expect("a child can be waited for");
        let mut rest = String::new();
        let _ = self._stdout.read_to_string(&mut rest);
        assert!(status.success(), "a daemon stopped with {status}: {rest}");
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.end();
    }
}

fn command(name: &str, dir: &Path, args: &[&str]) -> Command {
    prepared(Command::new(program(name)), dir, args)
}

fn prepared(mut command: Command, dir: &Path, args: &[&str]) -> Command {
    command.arg("--dir").arg(dir).args(["--json", "--lang", "en"]).args(args);
    // What the tester's own shell sets must not steer the programs.
    for variable in ["EVENSTOCK_STORE", "EVENSTOCK_HUB_DIR", "EVENSTOCK_OPERATOR", "EVENSTOCK_LOG"]
    {
        command.env_remove(variable);
    }
    command.env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

//! One figure, and what it is compared with.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::work::Result;

/// A figure beside its reference.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Report {
    /// The scenario and what of it.
    name: &'static str,
    ours: f64,
    /// What the reference reached in the same run, or the aim where nothing can be measured
    /// beside it; `against` says which.
    reference: f64,
    /// `ours / reference`.
    ratio: f64,
    unit: &'static str,
    /// What the reference is.
    against: &'static str,
    /// Whether more or less is better.
    better: Better,
    /// What was done, in numbers.
    work: String,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Better {
    Higher,
    Lower,
}

impl Report {
    /// A figure of which more is better.
    pub(crate) fn higher(name: &'static str, unit: &'static str, ours: f64) -> Self {
        Self::new(name, unit, ours, Better::Higher)
    }

    /// A figure of which less is better.
    pub(crate) fn lower(name: &'static str, unit: &'static str, ours: f64) -> Self {
        Self::new(name, unit, ours, Better::Lower)
    }

    fn new(name: &'static str, unit: &'static str, ours: f64, better: Better) -> Self {
        let (reference, ratio, against) = (0.0, 0.0, "");
        Self {
            name,
            ours: tidy(ours),
            reference,
            ratio,
            unit,
            against,
            better,
            work: String::new(),
        }
    }

    /// What it is compared with.
    pub(crate) fn against(self, against: &'static str, reference: f64) -> Self {
        let ratio = tidy(self.ours / reference);
        Self { against, reference: tidy(reference), ratio, ..self }
    }

    /// What was done.
    pub(crate) fn work(self, work: impl Into<String>) -> Self {
        Self { work: work.into(), ..self }
    }

    /// One JSON line on standard output.
    pub(crate) fn print(&self) {
        println!("{}", serde_json::to_string(self).expect("numbers and names always serialize"));
    }
}

/// What some work took, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    /// By the clock on the wall.
    pub(crate) wall: f64,
    /// Of processors, all threads together: what others do on the machine changes it little.
    pub(crate) cpu: f64,
}

impl Spent {
    /// Does it.
    pub(crate) fn on<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, Self)> {
        let (before, started) = (cpu_seconds()?, Instant::now());
        let done = work()?;
        let (wall, cpu) = (started.elapsed().as_secs_f64(), cpu_seconds()? - before);
        Ok((done, Self { wall, cpu: cpu.max(TICK) }))
    }
}

/// How finely Linux tells processor time, in seconds.
const TICK: f64 = 0.01;

/// Processor time of this process so far, in user and kernel.
fn cpu_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The program's name stands in brackets and may contain spaces; twelve fields later the times begin.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: Vec<f64> =
        fields.skip(11).take(2).map(str::parse).collect::<std::result::Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() * TICK)
}

/// Four significant digits are more than a shared machine can promise.
fn tidy(figure: f64) -> f64 {
    if figure == 0.0 || !figure.is_finite() {
        return figure;
    }
    let scale = 10_f64.powi(3 - figure.abs().log10().floor() as i32);
    (figure * scale).round() / scale
}

/// Durations, for percentiles.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The time within which `percent` of them lie, in milliseconds.
    pub(crate) fn percentile_ms(&self, percent: usize) -> f64 {
        let at = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(at).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}

/// The resident memory of a process, in bytes.
pub(crate) fn resident(pid: u32) -> std::io::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    Ok(kib.unwrap_or(0) * 1_024)
}

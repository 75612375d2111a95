//! A chain of stores has a day: it sells, some stores lose their network and sell on, they come
//! back, and the books come out even. Everything is real: files on disk, join codes, certificates,
//! QUIC on loopback.
//!
//!     cargo run --release -p examples --example chain_day
//!
//! On real files (the Maven Toys set, 50 stores, 829,262 sales):
//!
//!     cargo run --release -p examples --example chain_day -- --data FOLDER --stores 50 --offline 14d

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use console::Out;
use examples::story::{Day, Replay, StoryError, Summary, tell_day, tell_replay};
use ledger::time::BusinessDate;

/// A store chain's day on this machine, and the proof that the books came out even.
///
/// 连锁门店的一天：断网照卖，联网对账，最后逐项核对。
#[derive(Debug, Parser)]
#[command(max_term_width = 100)]
struct Args {
    /// How many stores · 门店数
    #[arg(long, default_value_t = 12)]
    stores: u16,
    /// How many of them lose their network at noon (generated day) · 中午断网的门店数
    #[arg(long, default_value_t = 4)]
    cut: u16,
    /// Sales of a middling store (generated day) · 每店日销售笔数
    #[arg(long, default_value_t = 600)]
    sales: u32,
    /// The seed of the generated chain · 随机种子
    #[arg(long, default_value_t = 20_261_122)]
    seed: u64,
    /// The generated day · 日期
    #[arg(long, default_value = "2026-11-22")]
    date: BusinessDate,
    /// Replay the real files of this folder (Maven Toys) instead · 重放真实数据所在目录
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// The mappings of its products, opening stock and sales · 字段映射文件
    #[arg(long, num_args = 3, value_name = "FILE")]
    mapping: Option<Vec<PathBuf>>,
    /// For how long a fifth of the stores is offline at a time, with --data · 每次断网天数
    #[arg(long, default_value = "14d", value_parser = days, value_name = "DAYS")]
    offline: u16,
    /// Keep the stores' folders here instead of a temporary folder · 数据保留目录
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    #[command(flatten)]
    options: console::Options,
}

fn main() -> ExitCode {
    let args = Args::parse();
    // RUST_LOG=info shows what goes on behind the story.
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let out = Out::new(args.options);
    match run(&args, &out) {
        Ok(summary) => {
            summary.show(&out);
            if summary.proof.holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("chain_day: {error}");
            let mut cause = error.source();
            while let Some(source) = cause {
                eprintln!("  {source}");
                cause = source.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args, out: &Out) -> Result<Summary, StoryError> {
    let temporary = tempfile::tempdir().map_err(StoryError::Folder)?;
    let dir = args.keep.as_deref().unwrap_or(temporary.path());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(StoryError::Folder)?;
    runtime.block_on(async {
        match &args.data {
            None => tell_day(day(args), dir, out).await,
            Some(folder) => tell_replay(&replay(args, folder), dir, out).await,
        }
    })
}

fn day(args: &Args) -> Day {
    let Args { seed, stores, cut, sales, date, .. } = *args;
    Day { seed, stores, cut, sales_per_day: sales, date }
}

fn replay(args: &Args, folder: &Path) -> Replay {
    let shipped = |kind| {
        let file = format!("mappings/maven_toys_{kind}.toml");
        Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
    };
    let mappings = match args.mapping.as_deref() {
        Some([products, opening, sales]) => [products.clone(), opening.clone(), sales.clone()],
        _ => [shipped("products"), shipped("opening"), shipped("sales")],
    };
    let folder = folder.to_owned();
    Replay { folder, mappings, stores: args.stores, offline_days: args.offline }
}

/// Reads `14d` or `14`.
fn days(text: &str) -> Result<u16, String> {
    let number = text.strip_suffix('d').unwrap_or(text);
    let days: u16 =
        number.parse().map_err(|_| format!("`{text}` is no number of days such as 14d"))?;
    if days == 0 { Err("a store is offline for at least 1d".to_owned()) } else { Ok(days) }
}

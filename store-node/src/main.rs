//! The store's program.

use std::process::ExitCode;

use clap::Parser as _;
use store_node::cli::{self, Cli};

fn main() -> ExitCode {
    cli::run(Cli::parse()).into()
}

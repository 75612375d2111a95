//! The head office program.

use std::process::ExitCode;

fn main() -> ExitCode {
    hub::cli::main().into()
}

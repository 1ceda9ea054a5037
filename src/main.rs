//! The program `whit`.

#![forbid(unsafe_code)]

use std::io::{self, BufWriter};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    // Not locked: the progress bar draws from other threads.
    whit::cli::run(std::env::args_os(), &mut out, &mut io::stderr())
}

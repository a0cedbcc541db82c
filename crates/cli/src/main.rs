//! The `tanren` program.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    tanren_cli::run()
}

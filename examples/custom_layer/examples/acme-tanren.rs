//! The whole command line of tanren, with acme's layer in it.

use std::process::ExitCode;

fn main() -> ExitCode {
    use acme as _; // linking the crate registers its plugins
    tanren_cli::run()
}

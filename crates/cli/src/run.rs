//! `run`: the whole command line, from arguments to exit code.

use crate::args::{Arguments, Verb};
use crate::failure::{Failure, Kind};
use crate::files::paths;
use crate::files::spool::Spool;
use crate::interrupt;
use crate::output::console::Console;
use crate::output::report;
use crate::verbs::{
    bench, check, completions, eval, init, inspect, plugins, predict, render, resume, sample,
    sweep, train,
};
use clap::Parser as _;
use std::any::Any;
use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

/// Runs the command this program was started with. A program that links crates with plugins and
/// calls this is tanren with these plugins.
#[must_use]
pub fn run() -> ExitCode {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or(String::new(), |place| format!(" at {place}"));
        let message = panic_message(info.payload());
        drop(writeln!(io::stderr(), "panic{place}: {message}"));
    }));
    let (mut out, mut err) = (io::BufWriter::new(io::stdout()), io::stderr());
    let terminal = err.is_terminal();
    let columns = io::stdout().is_terminal().then(|| console::Term::stdout().size().1.into());
    ExitCode::from(start(std::env::args_os(), &mut out, &mut err, (terminal, columns)))
}

/// Runs a command with results to `out` and messages to `err`, where no progress bar is drawn.
/// `args` begin with the name of the program. Returns the exit code.
pub fn run_from<A: Into<OsString>>(
    args: impl IntoIterator<Item = A>,
    out: &mut (dyn Write + Send),
    err: &mut (dyn Write + Send),
) -> u8 {
    start(args.into_iter().map(Into::into), out, err, (false, None))
}

fn start(
    args: impl Iterator<Item = OsString>,
    out: &mut (dyn Write + Send),
    err: &mut (dyn Write + Send),
    (terminal, columns): (bool, Option<usize>),
) -> u8 {
    let args: Vec<OsString> = args.collect();
    let words = args.iter().map(|arg| paths::quoted(Path::new(arg)));
    let command = words.collect::<Vec<_>>().join(" ");
    let mut console =
        Console { out, err, terminal, columns, progress: false, stdin: None, command };
    let mut arguments = match Arguments::try_parse_from(&args) {
        Ok(arguments) => arguments,
        Err(error) => return not_understood(&error, &args, &mut console),
    };
    let json = arguments.verb.json();
    console.progress = terminal && !json && !arguments.verb.quiet();
    let work = AssertUnwindSafe(|| dispatch(&mut arguments.verb, &mut console));
    let result = catch_unwind(work).unwrap_or_else(|payload| {
        let message = format!(
            "internal error: {}\nThis is a bug in tanren or in a plugin; please report it with \
             the command and the lines above.",
            panic_message(&*payload)
        );
        Err(Failure::new(Kind::Internal, message))
    });
    match result {
        Ok(code) => code,
        Err(failure) => {
            interrupt::unless_ending();
            let message = console.named(failure.message);
            fail(&Failure { message, ..failure }, json, &mut console)
        }
    }
}

fn dispatch(verb: &mut Verb, console: &mut Console<'_>) -> Result<u8, Failure> {
    console.stdin = console.busy("reading standard input", || Spool::of(verb))?;
    match verb {
        Verb::Train(args) => train::train(args, console),
        Verb::Resume(args) => resume::resume(args, console),
        Verb::Sweep(args) => sweep::sweep(args, console),
        Verb::Init(args) => init::init(args, console),
        Verb::Render(args) => render::render(args, console),
        Verb::Eval(args) => eval::eval(args, console),
        Verb::Predict(args) => predict::predict(args, console),
        Verb::Sample(args) => sample::sample(args, console),
        Verb::Bench(args) => bench::bench(args, console),
        Verb::Check(args) => check::check(args, console),
        Verb::Inspect(args) => inspect::inspect(args, console),
        Verb::Plugins(args) => plugins::plugins(args, console),
        Verb::Completions(args) => completions::completions(args, console),
    }
}

/// Says what went wrong; the exit code.
fn fail(failure: &Failure, json: bool, console: &mut Console<'_>) -> u8 {
    console.say(format_args!("error: {}", failure.message));
    if json {
        // The exit code already says that something went wrong.
        drop(console.result(&report::failed(failure)));
    }
    failure.kind.code()
}

/// Help and version are results, anything else is a mistake in the command line.
fn not_understood(error: &clap::Error, args: &[OsString], console: &mut Console<'_>) -> u8 {
    let text = error.render().to_string();
    if !error.use_stderr() {
        return match console.result(&text) {
            Ok(()) => 0,
            Err(failure) => fail(&failure, false, console),
        };
    }
    console.say(text.trim_end());
    let failure = Failure::new(Kind::Usage, text.trim_end().trim_start_matches("error: "));
    if args.iter().any(|arg| arg == "--json") {
        drop(console.result(&report::failed(&failure)));
    }
    failure.kind.code()
}

fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".into())
}

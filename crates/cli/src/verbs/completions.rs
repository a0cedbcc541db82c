//! `completions`: what a shell needs to complete commands, and the manual pages.

use crate::args::{self, Arguments, Pages};
use crate::failure::{Failure, Kind};
use crate::output::console::Console;
use clap::CommandFactory as _;
use clap_complete::{Shell, generate};
use clap_mangen::Man;
use tanren_plugin::nearest;

/// Runs the verb and returns the exit code.
pub(crate) fn completions(
    args: &args::Completions,
    console: &mut Console<'_>,
) -> Result<u8, Failure> {
    let mut command = Arguments::command();
    let mut text = Vec::new();
    let shell = match args.what {
        Pages::Bash => Shell::Bash,
        Pages::Elvish => Shell::Elvish,
        Pages::Fish => Shell::Fish,
        Pages::Powershell => Shell::PowerShell,
        Pages::Zsh => Shell::Zsh,
        Pages::Man => {
            let page = page(command, args.verb.as_deref())?;
            page.render(&mut text).map_err(|e| Failure::new(Kind::Output, e))?;
            return print(&text, console);
        }
    };
    if let Some(verb) = &args.verb {
        let message = format!("{verb}: only `man` has a page for each command");
        return Err(Failure::new(Kind::Usage, message));
    }
    generate(shell, &mut command, "tanren", &mut text);
    print(&text, console)
}

fn print(text: &[u8], console: &mut Console<'_>) -> Result<u8, Failure> {
    console.result(&String::from_utf8_lossy(text)).map(|()| 0)
}

/// The manual page of the program, or of one of its commands.
fn page(mut command: clap::Command, verb: Option<&str>) -> Result<Man, Failure> {
    command.build(); // gives every command its full name
    let Some(verb) = verb else { return Ok(Man::new(command)) };
    match command.find_subcommand(verb) {
        Some(found) => Ok(Man::new(found.clone())),
        None => {
            let known: Vec<_> = command.get_subcommands().map(|c| c.get_name()).collect();
            let near = nearest(verb, known.iter().copied());
            let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            let message = format!("unknown command {verb:?}{near} (known: {})", known.join(", "));
            Err(Failure::new(Kind::Usage, message))
        }
    }
}

//! `Console`: results to one stream, messages to another.

use super::waiting::wait;
use crate::failure::{Failure, Kind};
use crate::files::spool::Spool;
use std::fmt;
use std::io::{ErrorKind, Write};

/// Where a command writes.
pub(crate) struct Console<'a> {
    /// For results.
    pub(crate) out: &'a mut (dyn Write + Send),
    /// For progress and messages.
    pub(crate) err: &'a mut (dyn Write + Send),
    /// Whether messages go to a terminal.
    pub(crate) terminal: bool,
    /// The width of the terminal that results go to, if they go to one.
    pub(crate) columns: Option<usize>,
    /// Whether what takes long is shown as long as it takes.
    pub(crate) progress: bool,
    /// Standard input, where it was read as data.
    pub(crate) stdin: Option<Spool>,
    /// The command line, as a shell takes it.
    pub(crate) command: String,
}

impl Console<'_> {
    /// Writes a result. It is no error if the reader has closed the pipe, as `head` does.
    pub(crate) fn result(&mut self, text: &str) -> Result<(), Failure> {
        part(self.out, text).map(drop)
    }

    /// A message in which standard input is called so, whatever file it is read from.
    pub(crate) fn named(&self, message: String) -> String {
        match &self.stdin {
            Some(stdin) => stdin.named(&message),
            None => message,
        }
    }

    /// Writes a line for a person. It is no error if stderr is closed.
    pub(crate) fn say(&mut self, line: impl fmt::Display) {
        let line = visible(&self.named(line.to_string()));
        drop(writeln!(self.err, "{line}").and_then(|()| self.err.flush()));
    }

    /// Writes a note on something that was noticed, in one line.
    pub(crate) fn note(&mut self, note: impl fmt::Display) {
        let note = one_line(&note.to_string());
        self.say(format_args!("note: {note}"));
    }

    /// Does some work. On a terminal a line says after a second what it is, and is gone afterwards.
    pub(crate) fn busy<R>(&mut self, what: &str, work: impl FnOnce() -> R) -> R {
        let what = self.named(one_line(what));
        if self.progress { wait(self.err, &what, work) } else { work() }
    }

    /// The same for work that writes a result as it goes, of which the terminal shows nothing.
    pub(crate) fn busy_writing<R>(
        &mut self,
        what: &str,
        work: impl FnOnce(&mut (dyn Write + Send)) -> R,
    ) -> R {
        let Self { out, err, progress, .. } = self;
        if *progress {
            wait(&mut **err, &one_line(what), || work(&mut **out))
        } else {
            work(&mut **out)
        }
    }
}

/// Writes a part of a result. `false` if the reader has closed the pipe and wants no more.
pub(crate) fn part(out: &mut (dyn Write + Send), text: &str) -> Result<bool, Failure> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(e) => Err(Failure::new(Kind::Output, format!("cannot write to stdout: {e}"))),
    }
}

/// Text in which what came from a file cannot move the cursor, change the colours or turn the order of
/// what stands beside it.
pub(crate) fn visible(text: &str) -> String {
    escape(text, |c| hidden(c) && c != '\n' && c != '\t')
}

/// The same in one line, as a name in a table or a note must be.
pub(crate) fn one_line(text: &str) -> String {
    escape(text, hidden)
}

fn escape(text: &str, hidden: impl Fn(char) -> bool) -> String {
    let show = |c: char| if hidden(c) { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(show).collect()
}

/// Whether a terminal obeys a character instead of showing it: control characters, line and paragraph
/// separators, and what changes the direction of writing.
fn hidden(c: char) -> bool {
    let directs = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}');
    c.is_control() || directs || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{one_line, visible};

    #[test]
    fn what_moves_the_cursor_is_shown() {
        let name = "a\nb\tc\u{1b}[31m\u{202e}d é 語";
        assert_eq!(one_line(name), "a\\nb\\tc\\u{1b}[31m\\u{202e}d é 語");
        assert_eq!(visible(name), "a\nb\tc\\u{1b}[31m\\u{202e}d é 語");
    }
}

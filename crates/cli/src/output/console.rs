//! `Console`: results to one stream, messages to another.

use crate::failure::{Failure, Kind};
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
    /// The command line, as a shell takes it.
    pub(crate) command: String,
}

impl Console<'_> {
    /// Writes a result. It is no error if the reader has closed the pipe, as `head` does.
    pub(crate) fn result(&mut self, text: &str) -> Result<(), Failure> {
        self.part(text).map(drop)
    }

    /// Writes a part of a result. `false` if the reader has closed the pipe and wants no more.
    pub(crate) fn part(&mut self, text: &str) -> Result<bool, Failure> {
        match self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()) {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(false),
            Err(e) => Err(Failure::new(Kind::Output, format!("cannot write to stdout: {e}"))),
        }
    }

    /// Writes a line for a person. It is no error if stderr is closed.
    pub(crate) fn say(&mut self, line: impl fmt::Display) {
        let line = visible(&line.to_string());
        drop(writeln!(self.err, "{line}").and_then(|()| self.err.flush()));
    }
}

/// Text in which what came from a file cannot move the cursor or change the colours.
pub(crate) fn visible(text: &str) -> String {
    let hidden = |c: char| c.is_control() && c != '\n' && c != '\t';
    let show = |c: char| if hidden(c) { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(show).collect()
}

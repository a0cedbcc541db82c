//! `predict --stream`: a prediction for every line of standard input, as soon as it is there.

use crate::failure::{Failure, Kind};
use crate::output::console::part;
use crate::output::predictions;
use csv_core::{ReadFieldResult, Reader};
use std::io::{BufRead, Read as _, Write};
use tanren_network::{Model, Streams, Value};
use tanren_plugin::DataError;

/// The most bytes of a line.
const LONGEST: usize = 8 << 20;

/// Reads lines of cells: in the order of the model's columns or, where the first line names them, in the order
/// of that. A recurrent model takes each line as the next step of one sequence; after an empty line another
/// one begins.
///
/// # Errors
/// At the first line that is none.
pub(crate) fn stream(
    model: Model,
    threshold: f64,
    input: &mut dyn BufRead,
    out: &mut (dyn Write + Send),
) -> Result<(), Failure> {
    let place = |line: u64, error: DataError| {
        let message = format!("standard input, line {line}: {}", what(&error));
        Failure::new(if error.diverged { Kind::Diverged } else { Kind::Data }, message)
    };
    let mut streams = Streams::new(model, 1)
        .map_err(|error| Failure::new(Kind::Usage, format!("--stream: {}", what(&error))))?;
    let columns: Vec<String> = streams.columns().map(str::to_owned).collect();
    let (mut order, mut cells) = (columns.clone(), Vec::new());
    let (mut line, mut number, mut text, mut header) = (String::new(), 0, String::new(), true);
    loop {
        line.clear();
        number += 1;
        let refuse = |message: String| place(number, DataError::new("", message));
        match (&mut *input).take(LONGEST as u64).read_line(&mut line) {
            Ok(0) => return Ok(()),
            Ok(LONGEST..) => return Err(refuse(format!("expected at most {LONGEST} bytes"))),
            Ok(_) => {}
            Err(error) => return Err(refuse(error.to_string())),
        }
        let given = line.trim_end_matches(['\r', '\n']);
        // A line of one blank is a character of a text.
        if given.is_empty() {
            streams.reset(0);
            continue;
        }
        split(given, &mut cells);
        let is_name = |cell: &String| columns.contains(cell);
        if number == 1 && cells.iter().all(is_name) && cells.len() == columns.len() {
            order.clone_from(&cells);
            continue;
        }
        if cells.len() != order.len() {
            let (expected, found) = (order.len(), cells.len());
            return Err(refuse(format!(
                "expected {expected} cells ({}), found {found}",
                order.join(", ")
            )));
        }
        let values: Vec<(&str, Value<'_>)> =
            order.iter().zip(&cells).map(|(name, cell)| (&**name, Value::Text(cell))).collect();
        let predicted = streams.row(&values).map_err(|error| place(number, error))?.to_vec();
        text.clear();
        let first = std::mem::take(&mut header);
        predictions::lines(&mut text, (streams.model(), threshold), &predicted, None, first);
        if !part(out, &text)? {
            return Ok(());
        }
    }
}

/// What an error says, without the place, which is the line.
fn what(error: &DataError) -> String {
    match &error.column {
        Some(column) => format!("column {column:?}: {}", error.message),
        None => error.message.clone(),
    }
}

/// Splits a line at its commas, but for those in quotes.
fn split(line: &str, cells: &mut Vec<String>) {
    cells.clear();
    let (mut reader, mut rest) = (Reader::new(), line.as_bytes());
    let (mut buffer, mut used) = (vec![0; line.len() + 1], 0);
    loop {
        let (result, read, written) = reader.read_field(rest, &mut buffer[used..]);
        rest = &rest[read..];
        used += written;
        match result {
            ReadFieldResult::Field { .. } => {
                cells.push(String::from_utf8_lossy(&buffer[..used]).into_owned());
                used = 0;
            }
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
            ReadFieldResult::End => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_split_as_csv_is() {
        let cells = |line: &str| {
            let mut cells = Vec::new();
            split(line, &mut cells);
            cells
        };
        assert_eq!(cells("1,2.5,x"), ["1", "2.5", "x"]);
        assert_eq!(cells("1,,\"a, \"\"b\"\"\""), ["1", "", "a, \"b\""]);
        assert_eq!(cells(" "), [" "]);
        assert_eq!(cells("a,"), ["a", ""]);
    }
}

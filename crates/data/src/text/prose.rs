//! Whether a text file holds running text or a table.

use crate::csv::encoding::{FromUtf16, is_utf_16};
use crate::file::input;
use crate::svmlight::detect::looks_sparse;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use tanren_plugin::DataError;

/// Bytes of a file that are looked at.
const LOOK: u64 = 1 << 16;

/// The share of the lines that must agree for a table.
const MOST: f64 = 0.8;

/// What separates the cells of tables, but for blanks.
const SEPARATORS: [char; 4] = ['\t', ';', '|', ','];

/// Whether a file holds running text (prose, verse, source code) rather than a table.
///
/// By the first 64 KiB, blank lines not counted, it is a table if one of these is true:
///
/// * Four of five lines have the same number of cells, two or more, parted by tabs, `;`, `|` or `,`
///   outside of quotes, and no blank follows most of these marks, or a column has a number or a date in
///   four of five lines.
/// * Four of five lines have the same number of words, and one of these is a number or a date in four of
///   five lines: tables that are parted by blanks, a single column of numbers.
/// * Most words are numbers, however many of them are in a line.
/// * The lines are those of an SVMLight file.
///
/// # Errors
/// When the file cannot be read.
pub fn looks_like_text(path: &Path) -> Result<bool, DataError> {
    let failed = |error| input::failed(path, &error);
    let (mut reader, mut start) = (input::open(path)?, Vec::new());
    reader.by_ref().take(LOOK).read_to_end(&mut start).map_err(failed)?;
    let whole = (start.len() as u64) < LOOK;
    if is_utf_16(&start) {
        let bytes = std::mem::take(&mut start);
        FromUtf16::new(bytes.as_slice())
            .and_then(|mut text| text.read_to_end(&mut start))
            .map_err(failed)?;
    }
    let text = String::from_utf8_lossy(&start);
    Ok(!text.contains('\0') && !looks_sparse(&start, whole) && is_prose(&text, whole))
}

/// Whether a text, or the beginning of a longer one, is no table.
fn is_prose(text: &str, whole: bool) -> bool {
    // The last line may be cut off.
    let end = if whole { text.len() } else { text.rfind('\n').unwrap_or(text.len()) };
    let lines = text.get(..end).unwrap_or(text).lines().map(str::trim_end);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let words = || lines.iter().flat_map(|line| line.split_whitespace());
    if words().filter(|word| is_number(word)).count() * 2 > words().count() {
        return false;
    }
    let by_blanks = || lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>());
    if Rows::of(by_blanks().collect()).is_some_and(|rows| rows.have_numbers()) {
        return false;
    }
    !SEPARATORS.into_iter().any(|separator| {
        let rows = lines.iter().map(|line| cells(line, separator)).collect();
        let rows = Rows::of(rows).filter(|rows| rows.width > 1);
        rows.is_some_and(|rows| rows.are_tight() || rows.have_numbers())
    })
}

/// Lines that have the same number of cells.
struct Rows<'a> {
    rows: Vec<Vec<&'a str>>,
    width: usize,
}

impl<'a> Rows<'a> {
    /// The lines with the most frequent number of cells, if they are most of all.
    fn of(mut lines: Vec<Vec<&'a str>>) -> Option<Self> {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        lines.iter().for_each(|cells| *counts.entry(cells.len()).or_default() += 1);
        let (&width, &count) = counts.iter().max_by_key(|(_, count)| **count)?;
        let most = count as f64 >= MOST * lines.len() as f64;
        lines.retain(|cells| cells.len() == width);
        most.then_some(Self { rows: lines, width })
    }

    /// Whether a column has numbers in most of several rows; the first may name the columns.
    fn have_numbers(&self) -> bool {
        let rows = match self.rows.as_slice() {
            [] | [_] => return false,
            [_, rest @ ..] if rest.len() > 1 => rest,
            both => both,
        };
        (0..self.width).any(|column| {
            let mut cells = rows.iter().filter_map(|row| row.get(column));
            let numbers = cells.by_ref().filter(|cell| is_number(cell)).count();
            numbers > 0 && numbers as f64 >= MOST * rows.len() as f64
        })
    }

    /// Whether no blank and no end of a line follows most marks between cells, as after the commas of a
    /// sentence.
    fn are_tight(&self) -> bool {
        let after = || self.rows.iter().flat_map(|row| row.iter().skip(1));
        let loose = |cell: &&&str| cell.is_empty() || cell.starts_with(' ');
        after().filter(loose).count() * 2 < after().count()
    }
}

/// The cells of a line. A mark inside of quotes separates none.
fn cells(line: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    line.split(|c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .collect()
}

/// Whether a word is a number, a date or a time of day, however it is written.
fn is_number(word: &str) -> bool {
    let word = word.trim_matches([' ', '"', ',', ';', '|']);
    let marks = |c: char| c.is_ascii_digit() || "+-.,:/%'eET".contains(c);
    let begins = |c: char| c.is_ascii_digit() || "+-.".contains(c);
    word.starts_with(begins)
        && word.contains(|c: char| c.is_ascii_digit())
        && word.chars().all(marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_text_is_told_from_tables() {
        let verse = "Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye,\n\
                     Could frame thy fearful symmetry?\n";
        let couplet = "Roses are red,\nViolets are blue,\nSugar is sweet,\nAnd so are you.\n";
        let play = "First Citizen:\nBefore we proceed any further, hear me speak.\n\nAll:\nSpeak, speak.\n";
        let rust = "fn main() {\n    let x = 5;\n    println!(\"{}, {}\", x, 2 * x);\n}\n";
        let python = "import os\n\ndef f(a, b):\n\treturn a + b\n\nx = f(1, 2)\n";
        let numbered = "1 In the beginning God created the heaven and the earth.\n2 And the earth was \
                        without form, and void.\n3 And God said, Let there be light.\n";
        let prose = "One long paragraph, without any line end, of 3 clauses and some words";
        let chapters = "Chapter one\nIt was 1984, and cold.\nThe clocks struck thirteen.\n";
        for text in
            [verse, couplet, play, rust, python, numbered, prose, chapters, "Hello, world", "word"]
        {
            assert!(is_prose(text, true), "{text}");
        }
        let csv = "name,age\nAnn,30\nBob,41\n";
        let words = "name,city\nAnn,Paris\nBob,Rome\n";
        let spaced = "Ann, Paris, 3\nBob, Rome, 4\nCid, Oslo, 5\n";
        let quoted = "\"a, b\",1\n\"c\",2\n";
        let tabs = "name\tcity\nAnn B.\tParis\nBob C.\tRome\n";
        let column = "3\n1\n4\n1\n5\n";
        let blanks = " 28.7812 34.4632  31.3381\n 24.8923 25.741 27.5532\n";
        let labelled = "5.1 3.5 setosa\n4.9 3.0 setosa\n6.3 3.3 virginica\n";
        let dates = "2024-01-01 fine\n2024-01-02 rainy\n2024-01-03 fine\n";
        let ragged = "1 2 3\n4 5\n6 7 8 9\n";
        let titled = "Passengers\nof 1949\nmonth;n\n1949-01;112\n1949-02;118\n1949-03;132\n1949-04;129\n\
                      1949-05;121\n1949-06;135\n1949-07;148\n1949-08;148\n1949-09;136\n";
        for table in
            [csv, words, spaced, quoted, tabs, column, blanks, labelled, dates, ragged, titled]
        {
            assert!(!is_prose(table, true), "{table}");
        }
        assert!(!is_prose("1,2\n3,4\n5", false)); // the last line is cut off
    }
}

//! A file of messy columns that is messy as a whole.

use crate::column::{Column, Truth};
use tanren::plugin::Seed;

/// A file, and what is in it.
pub(crate) struct File {
    pub(crate) bytes: Vec<u8>,
    /// How it is messy.
    pub(crate) how: String,
    pub(crate) rows: usize,
    /// Name, notation and values of each input column.
    pub(crate) columns: Vec<(String, &'static str, Truth)>,
}

impl File {
    /// The file of a seed.
    pub(crate) fn make(seed: Seed) -> Self {
        let mut draws = seed.stream("robust").sample(0);
        let rows = 60 + draws.below(200) as usize;
        let mut columns: Vec<Column> =
            (0..3 + draws.below(5)).map(|_| Column::make(rows, &mut draws)).collect();
        let target = (0..rows).map(|_| ["good", "bad"][draws.below(2) as usize].to_owned());
        let target: Vec<String> = target.collect();
        if draws.below(6) == 0 {
            let (truth, how) = (Truth::Useless, "a copy of the target");
            columns.push(Column { truth, how, cells: target.clone() });
        }
        // Something to learn from, whatever the others are.
        let cells = (0..rows).map(|_| format!("{:.3}", draws.normal())).collect::<Vec<_>>();
        let truth = Truth::Numbers(cells.iter().filter_map(|cell| cell.parse().ok()).collect());
        columns.push(Column { truth, how: "plain", cells });
        let at = draws.below(columns.len() as u64 + 1) as usize;
        columns.insert(at, Column { truth: Truth::Useless, how: "the target", cells: target });

        let delimiter = [",", ";", "\t", "|"][draws.below(4) as usize];
        let end = ["\n", "\r\n"][draws.below(2) as usize];
        let quoted = draws.below(4) == 0;
        let (heading, heading_how) = match draws.below(8) {
            0 => ("Export of the day", "heading"),
            1 => ("# made by a tool", "comment"),
            _ => ("", ""),
        };
        // Numbers are times only where their name says so.
        let hows: Vec<&str> = columns.iter().map(|column| column.how).collect();
        let name = |k: usize| match hows[k] {
            "the target" => "target".to_owned(),
            "seconds" => format!("time {k}"),
            _ => format!("column {k}"),
        };
        let cell = |text: &str| {
            let special = text.contains([',', ';', '\t', '|', '"', '\n']);
            match quoted || special {
                true => format!("\"{}\"", text.replace('"', "\"\"")),
                false => text.to_owned(),
            }
        };
        let mut text = String::new();
        if !heading.is_empty() {
            text.push_str(&format!("{heading}{end}"));
        }
        let names: Vec<String> = (0..columns.len()).map(|k| cell(&name(k))).collect();
        text.push_str(&(names.join(delimiter) + end));
        for row in 0..rows {
            let cells: Vec<String> =
                columns.iter().map(|column| cell(&column.cells[row])).collect();
            text.push_str(&(cells.join(delimiter) + end));
            if draws.below(50) == 0 {
                text.push_str(end); // a blank line
            }
        }
        let euro = text.contains(['€', '\u{a0}']);
        let (bytes, encoding) = match draws.below(6) {
            0 if !euro => (text.chars().map(|c| c as u8).collect(), "Latin-1"),
            1 => {
                let units = std::iter::once(0xfeff).chain(text.encode_utf16());
                (units.flat_map(u16::to_le_bytes).collect(), "UTF-16")
            }
            2 => (["\u{feff}", &text].concat().into_bytes(), "UTF-8 with a mark"),
            _ => (text.into_bytes(), "UTF-8"),
        };
        let how = format!("{delimiter:?} {encoding} {heading_how} quoted: {quoted}");
        let columns = columns.into_iter().enumerate().filter(|(k, _)| *k != at);
        let columns = columns.map(|(k, column)| (name(k), column.how, column.truth)).collect();
        Self { bytes, how, rows, columns }
    }
}

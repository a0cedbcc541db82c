//! Random tables come back, random bytes do no harm.

use super::{File, inputs, numbers, open_for, open_with, schema};
use proptest::prelude::*;
use std::sync::LazyLock;
use tanren_plugin::{Source, Table};

/// What a cell of a random table holds.
#[derive(Clone, Debug)]
struct Row {
    number: Option<f64>,
    level: Option<usize>,
    target: bool,
}

const LEVELS: [&str; 5] = ["a, b", "c;d", "e\tf", "g\n\"h\"", "plain"];

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let number = prop::option::weighted(0.8, -1e6..1e6f64);
    let level = prop::option::weighted(0.8, 0..LEVELS.len());
    let row = (number, level, any::<bool>()).prop_map(|(number, level, target)| Row {
        number,
        level,
        target,
    });
    prop::collection::vec(row, 1..30).prop_map(|mut rows| {
        // One row without gaps, so that there is a header, and every level is there.
        let whole = |level| Row { number: Some(1.5), level: Some(level), target: level == 0 };
        rows.splice(0..0, (0..LEVELS.len()).map(whole));
        rows
    })
}

/// How a table is written.
#[derive(Clone, Debug)]
struct Style {
    delimiter: char,
    end: &'static str,
    bom: bool,
    blanks: usize,
    missing: &'static str,
    quoted: bool,
}

fn style() -> impl Strategy<Value = Style> {
    let delimiter = prop::sample::select(vec![',', ';', '\t']);
    let end = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    let missing = prop::sample::select(vec!["", "?", "na", "NaN"]);
    (delimiter, end, any::<bool>(), 0..3usize, missing, any::<bool>()).prop_map(
        |(delimiter, end, bom, blanks, missing, quoted)| Style {
            delimiter,
            end,
            bom,
            blanks,
            missing,
            quoted,
        },
    )
}

impl Style {
    fn cell(&self, text: &str) -> String {
        let special = |c: char| c == self.delimiter || "\"\n".contains(c);
        let blanks = " ".repeat(self.blanks);
        if self.quoted || text.contains(special) {
            format!("{blanks}\"{}\"{blanks}", text.replace('"', "\"\""))
        } else {
            format!("{blanks}{text}{blanks}")
        }
    }

    fn line(&self, cells: &[String]) -> String {
        let cells: Vec<String> = cells.iter().map(|cell| self.cell(cell)).collect();
        cells.join(&self.delimiter.to_string()) + self.end
    }

    fn write(&self, rows: &[Row], order: &[usize]) -> String {
        let names = ["number", "level", "target", "extra"].map(String::from);
        let pick = |cells: &[String]| order.iter().map(|&i| cells[i].clone()).collect::<Vec<_>>();
        let mut all = String::from(if self.bom { "\u{feff}" } else { "" });
        all += &self.line(&pick(&names));
        for row in rows {
            let missing = || self.missing.to_owned();
            let cells = [
                row.number.map_or_else(missing, |x| x.to_string()),
                row.level.map_or_else(missing, |level| LEVELS[level].to_owned()),
                if row.target { "yes" } else { "no" }.to_owned(),
                "anything".to_owned(),
            ];
            all += &self.line(&pick(&cells));
        }
        all
    }
}

fn read(content: &str) -> Table {
    open_with(content, |csv| csv.target("target")).unwrap()
}

proptest! {
    #[test]
    fn tables_come_back(rows in rows(), style in style()) {
        let table = read(&style.write(&rows, &[0, 1, 2]));
        prop_assert_eq!(table.rows, rows.len());
        prop_assert_eq!(&table.inputs[0].spec.features[1].levels, &LEVELS.map(String::from));
        let found = numbers(&table.inputs[0]);
        for (row, found) in rows.iter().zip(found.chunks(2)) {
            prop_assert_eq!(row.number.unwrap_or(f64::NAN).to_bits(), found[0].to_bits());
            let level = row.level.map_or(f64::NAN, |level| level as f64);
            prop_assert_eq!(level.to_bits(), found[1].to_bits());
        }
        let (levels, classes) = super::classes(&table);
        for (row, &class) in rows.iter().zip(classes) {
            prop_assert_eq!(levels[class as usize] == "yes", row.target);
        }
    }

    #[test]
    fn the_order_of_columns_does_not_matter(
        rows in rows(),
        styles in (style(), style()),
        order in Just(vec![0, 1, 2, 3]).prop_shuffle(),
    ) {
        let table = read(&styles.0.write(&rows, &[0, 1, 2]));
        let same = open_for(&styles.1.write(&rows, &order), &table, |csv| csv).unwrap();
        prop_assert_eq!(inputs(&same), inputs(&table));
        prop_assert_eq!(same.targets, table.targets);
    }

    #[test]
    fn bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        harmless(&bytes)?;
    }

    #[test]
    fn text_does_no_harm(text in "[ab1.,;\t\" \n\r?-]{0,80}") {
        harmless(text.as_bytes())?;
    }

    #[test]
    fn mutations_do_no_harm(
        rows in rows(),
        style in style(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = style.write(&rows, &[0, 1, 2]).into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(1 + end.index(bytes.len()));
        harmless(&bytes)?;
    }
}

/// Reads bytes in several ways; what cannot be read must say why, and what can must be a table.
fn harmless(bytes: &[u8]) -> Result<(), TestCaseError> {
    static MODEL: LazyLock<Table> =
        LazyLock::new(|| read("number,level,target\n1.5,plain,yes\n2,x,no\n"));
    let file = File::new(bytes);
    let schema = schema(&MODEL);
    for table in [
        file.csv().open(),
        file.csv().target("-1").open(),
        file.csv().target("0").header(true).categories(["-1"]).open(),
        file.csv().delimiter(' ').header(false).open(),
        file.csv().open_for(&schema),
    ] {
        match table {
            Ok(table) => prop_assert_eq!(table.check(), Ok(())),
            Err(error) => prop_assert!(!error.message.is_empty()),
        }
    }
    Ok(())
}

//! Numbers and times in the notations of people, and what a model makes of them.

use super::{error, inputs, names, numbers, open, open_for, open_with};
use proptest::prelude::*;
use tanren_data::Task;
use tanren_plugin::{Field, Figures, Marks, Moment, Notation, Table, TimeOrder};

/// A column `x` of these cells beside a column of plain numbers, separated by tabs.
pub(super) fn column<T: ToString>(cells: impl IntoIterator<Item = T>) -> String {
    let row = |(n, cell): (usize, T)| format!("{}\t{}.5\n", cell.to_string(), n % 7);
    "x\tn\n".to_owned() + &cells.into_iter().enumerate().map(row).collect::<String>()
}

/// The numbers of the column `x`, if it is one of numbers.
pub(super) fn x(table: &Table) -> Option<Vec<f64>> {
    let width = names(table).len();
    let number = !table.inputs[0].spec.features[0].is_category();
    number.then(|| inputs(table).chunks(width).map(|row| row[0]).collect())
}

#[test]
fn numbers_in_many_notations() {
    for (cells, expected, written) in [
        (&["1,234", "12,345.5", "7"][..], [1234.0, 12345.5, 7.0], "1,234.5"),
        (&["1.724,74", "603,31", "7.535,94"], [1724.74, 603.31, 7535.94], "1.234,5"),
        (&["1.234.567", "12", "7.500"], [1_234_567.0, 12.0, 7500.0], "1.234,5"),
        (&["0,5", "1,25", "3"], [0.5, 1.25, 3.0], "1234,5"),
        (&["1 234", "12 345", "7"], [1234.0, 12345.0, 7.0], "1 234.5"),
        (&["1'234", "12'345.5", "7"], [1234.0, 12345.5, 7.0], "1'234.5"),
        (&["12,34,567", "1,00,000", "5"], [1_234_567.0, 100_000.0, 5.0], "1,234.5"),
        (&["$4,975.27", "$10", "-$7"], [4975.27, 10.0, -7.0], "$1,234.5"),
        (&["(5.5)", "7.25", "(1,000)"], [-5.5, 7.25, -1000.0], "1,234.5"),
        (&["5 €", "7,50 €", "1.000 €"], [5.0, 7.5, 1000.0], "1.234,5€"),
        (&["EUR 5", "EUR 6", "EUR 7"], [5.0, 6.0, 7.0], "EUR 1234.5"),
        (&["56.6%", "46.2 %", "7%"], [56.6, 46.2, 7.0], "1234.5%"),
        (&["5 kg", "7.5kg", "8"], [5.0, 7.5, 8.0], "1234.5 kg"),
        (&["12 km/h", "8 km/h", "7 km/h"], [12.0, 8.0, 7.0], "1234.5 km/h"),
        (&["5 m2", "7 m2", "8 m2"], [5.0, 7.0, 8.0], "1234.5 m2"),
        (&["1.5K", "2M", "10"], [1500.0, 2e6, 10.0], "1234.5K"),
        (&["1.5 K", "2", "10 K"], [1500.0, 2.0, 10e3], "1234.5K"),
        (&["1.5 K", "2K", "10 K"], [1500.0, 2e3, 10e3], "1234.5K"),
    ] {
        let table = open(column(cells));
        assert_eq!(x(&table), Some(expected.to_vec()), "{cells:?}: {:?}", table.notes);
        assert_eq!(table.notes, [format!("column x: read as numbers written like {written}")]);
        let origin = table.inputs[0].spec.features[0].origin.as_ref().unwrap();
        assert_eq!(origin.notation.to_string(), written);
    }
}

#[test]
fn a_letter_is_a_multiple_or_a_unit() {
    // Kelvin and tesla have a blank before them, in every cell.
    for unit in ["K", "T"] {
        let table = open(column([282.0, 7.5, 300.0].map(|x| format!("{x} {unit}"))));
        assert_eq!(x(&table), Some(vec![282.0, 7.5, 300.0]));
        let said = format!(
            "column x: read as numbers written like 1234.5 {unit}, {unit} taken for a unit;"
        );
        assert!(table.notes[0].starts_with(&said), "{:?}", table.notes);
        assert!(table.notes[0].ends_with("`formats.x = \"1234.5K\"`"), "{:?}", table.notes);
        let model = Table { targets: Vec::new(), ..table };
        let table = open_for(&format!("x\tn\n5 {unit}\t1\n"), &model, |csv| csv).unwrap();
        assert_eq!(x(&table), Some(vec![5.0]));
    }
    let thousands = |csv: tanren_data::Csv| csv.format("x", "1234.5K".parse().unwrap());
    let table = open_with(column(["282 K", "7.5 K", "300 K"]), thousands).unwrap();
    assert_eq!(x(&table), Some(vec![282e3, 7500.0, 300e3]));
    let table = open(column(["1.5M", "2M", "10"]));
    assert_eq!(x(&table), Some(vec![1.5e6, 2e6, 10.0]));
    assert_eq!(table.notes, ["column x: read as numbers written like 1234.5M"]);
    // Numbers of base 16 have no units.
    let table = open(column((0..120).map(|i| format!("0x{i:02X}"))));
    assert!(!table.notes.join("; ").contains("unit"), "{:?}", table.notes);
}

#[test]
fn what_stays_text_says_why() {
    let repeated = |cells: [&'static str; 3]| (0..30).map(move |i| cells[i % 3]);
    for (cells, why) in [
        (["5 kg", "500 g", "7 kg"], "100% of its cells are numbers"),
        (["Room 1", "Room 2", "Room 3"], ""),
        (["a", "b", "c"], ""),
        (["12%", "5", "0.5"], "because"),
        (["1.5.2", "1.5.3", "1.6.0"], ""),
    ] {
        let table = open(column(repeated(cells)));
        assert_eq!(x(&table), None, "{cells:?}: {:?}", table.notes);
        let said = table.notes.join("; ");
        assert!(why.is_empty() || !said.is_empty(), "{cells:?}: {said}");
    }
    let units = (0..120).map(|i| if i % 2 == 0 { format!("{i} kg") } else { format!("{i} g") });
    let said = "column x left out: its numbers have different units, such as \"0 kg\" and \"1 g\"";
    assert_eq!(open(column(units)).notes, [said]);
}

#[test]
fn a_comma_is_what_it_is_in_other_columns() {
    // Alone, 1,234 has a mark between thousands.
    assert_eq!(x(&open(column(["1,234", "5,678"]))), Some(vec![1234.0, 5678.0]));
    // In a file of semicolons it is a decimal comma, unless other columns have decimal points.
    let table = open("a;b\n1,234;x\n5,678;y\n");
    assert_eq!(inputs(&table), [1.234, 0.0, 5.678, 1.0]);
    let table = open("a;b\n1,234;0.5\n5,678;1.5\n");
    assert_eq!(inputs(&table), [1234.0, 0.5, 5678.0, 1.5]);
    // And a point is a mark between thousands where other columns have decimal commas.
    let table = open("a;b;c\n1.234;0,5;7,25\n5.678;1,5;8\n");
    assert_eq!(inputs(&table), [1234.0, 0.5, 7.25, 5678.0, 1.5, 8.0]);
}

#[test]
fn a_notation_may_be_said() {
    let euro = |csv: tanren_data::Csv| csv.format("x", "1.234,5".parse().unwrap());
    let table = open_with(column(["1.234", "5.678", "9"]), euro).unwrap();
    assert_eq!(x(&table), Some(vec![1234.0, 5678.0, 9.0]));
    assert_eq!(x(&open(column(["1.234", "5.678", "9"]))), Some(vec![1.234, 5.678, 9.0]));
    let day_first = |csv: tanren_data::Csv| csv.format("x", "31.12.2024".parse().unwrap());
    let table = open_with(column(["01/02/1970", "02/02/1970", "03/01/1970"]), day_first).unwrap();
    assert_eq!(x(&table), Some(vec![31.0, 32.0, 2.0]));
    let said = open_with(column(["a", "b"]), day_first).unwrap_err().to_string();
    assert!(
        said.contains(
            "line 2, row 0, column x: expected a number written like 31.12.2024, found \"a\""
        ),
        "{said}"
    );
    let both = |csv: tanren_data::Csv| euro(csv).categories(["x"]);
    let said = open_with(column(["1"]), both).unwrap_err().to_string();
    assert!(said.ends_with("column x: both `categories` and `formats` name this column"), "{said}");
    // A category stays one.
    let table = open_with(column(["1,5", "2,5"]), |csv| csv.categories(["x"])).unwrap();
    assert_eq!(table.inputs[0].spec.features[0].levels, ["1,5", "2,5"]);
}

#[test]
fn a_year_of_two_digits_comes_last() {
    let first = |cells: [&str; 3]| {
        let table = open(column(cells));
        (x(&table).map(|days| days[0]), table.notes[0].contains("another order"))
    };
    let days = |year, month, day| Moment::of_date(year, month, day).map(|moment| moment.0);
    assert_eq!(first(["01.02.23", "02.02.23", "01.03.23"]), (days(2023, 2, 1), true));
    assert_eq!(first(["25.02.23", "02.02.23", "01.03.23"]), (days(2023, 2, 25), false));
    assert_eq!(first(["03/01/24", "04/01/24", "05/01/24"]), (days(2024, 3, 1), true));
    assert_eq!(first(["25/01/24", "04/01/24", "05/01/24"]), (days(2024, 1, 25), false));
    assert_eq!(first(["01-JAN-23", "02-FEB-23", "03-MAR-23"]), (days(2023, 1, 1), false));
    assert_eq!(first(["01 January 23", "02 May 23", "03 May 23"]), (days(2023, 1, 1), false));
    // No day has so many digits, or is so late.
    assert_eq!(first(["95-02-01", "95-02-02", "95-03-01"]), (days(1995, 2, 1), false));
    for example in ["31.12.24", "31-Dec-24", "31.12.2024"] {
        let notation: Notation = example.parse().unwrap();
        assert_eq!(notation.value("01.02.23"), days(2023, 2, 1), "{example}");
    }
}

#[test]
fn letters_multiply_behind_a_currency() {
    let table = open(column(["$5K", "$2.5M", "$7", "$1B"]));
    assert_eq!(x(&table), Some(vec![5e3, 2.5e6, 7.0, 1e9]), "{:?}", table.notes);
    let origin = table.inputs[0].spec.features[0].origin.as_ref().unwrap();
    let again: Notation = origin.notation.to_string().parse().unwrap();
    assert_eq!(again.value("$5K"), Some(5e3));
}

#[test]
fn points_between_thousands_are_told_from_fractions() {
    // Every point has three digits behind it, and no number without one reaches 1000.
    let column = |cells: [&str; 6]| {
        let row = |(n, cell): (usize, &str)| format!("{cell};{}\n", n % 4);
        "x;n\n".to_owned() + &cells.into_iter().enumerate().map(row).collect::<String>()
    };
    let german = open(column(["2.895", "3.255", "300", "1.020", "945", "12.000"]));
    assert_eq!(x(&german), Some(vec![2895.0, 3255.0, 300.0, 1020.0, 945.0, 12e3]));
    assert_eq!(german.notes, ["column x: read as numbers written like 1.234,5"]);
    let english = open(column(["2,895", "3,255", "300", "1,020", "945", "12,000"]));
    assert_eq!(x(&english), Some(vec![2895.0, 3255.0, 300.0, 1020.0, 945.0, 12e3]));
    let fractions = open(column(["2.895", "3.25", "300", "1.020", "945", "12.000"]));
    assert_eq!(x(&fractions), Some(vec![2.895, 3.25, 300.0, 1.02, 945.0, 12.0]));
    let all = open(column(["2.895", "3.255", "3.001", "1.020", "9.455", "12.000"]));
    assert_eq!(x(&all), Some(vec![2.895, 3.255, 3.001, 1.02, 9.455, 12.0]));
}

#[test]
fn codes_are_numbers_with_a_note() {
    let table = open(column(["01067", "04109", "80331", "10115"]));
    assert_eq!(x(&table), Some(vec![1067.0, 4109.0, 80331.0, 10115.0]));
    assert!(table.notes[0].contains("`categories`"), "{:?}", table.notes);
    assert_eq!(open(column(["100", "200", "300", "40"])).notes, [""; 0]);
}

#[test]
fn a_target_that_is_a_time_is_a_number() {
    let rows = (0..40).map(|i| format!("{i}.5,2024-01-{:02}\n", 1 + i % 2));
    let content = "a,when\n".to_owned() + &rows.collect::<String>();
    let table = open_with(&content, |csv| csv.target("when")).unwrap();
    assert_eq!(numbers(&table.targets[0])[..2], [19723.0, 19724.0]);
    assert!(table.notes.iter().any(|note| note.contains("days since 1970-01-01")));
    let classes = open_with(&content, |csv| csv.target("when").task(Task::Classification)).unwrap();
    assert_eq!(classes.targets[0].spec.levels, ["2024-01-01", "2024-01-02"]);
    let again = open_for(&content, &classes, |csv| csv.target("when")).unwrap();
    assert_eq!(again.targets, classes.targets);
}

#[test]
fn words_that_keep_a_column_from_numbers_are_named() {
    let cells = (0..200).map(|i| if i % 5 < 3 { "<0.5".into() } else { format!("{}.5", i % 120) });
    let table = open(column(cells.clone()));
    let said = table.notes.join("; ");
    assert!(said.contains("40% of its cells are numbers") && said.contains("\"<0.5\""), "{said}");
    let rows = (0..).zip(cells).map(|(i, cell)| format!("{i}.5\t{cell}\n"));
    let content = "a\ty\n".to_owned() + &rows.collect::<String>();
    let said = open_with(content, |csv| csv.target("y")).unwrap().notes.join("; ");
    assert!(said.contains("taken for classes") && said.contains("\"<0.5\""), "{said}");
}

#[test]
fn a_model_reads_what_it_was_made_from() {
    let model = open("x\twhen\n1.234\t1.2.2024\n5,5\t28.2.2024\n7\t3.2.2024\n");
    assert_eq!(inputs(&model)[0], 1234.0);
    let model = Table { targets: Vec::new(), ..model };
    // A file that alone would be read otherwise.
    let table = open_for("when\tx\n05.06.2024\t9.999\n", &model, |csv| csv).unwrap();
    assert_eq!(names(&table), names(&model));
    assert_eq!(inputs(&table)[..2], [9999.0, 19879.0]);
    let said = open_for("when\tx\n2024-06-05\t9\n", &model, |csv| csv).unwrap_err().to_string();
    let expected = "column when: expected a number written like 31.12.2024, found \"2024-06-05\"";
    assert!(said.contains(expected), "{said}");
    let said = open_for("x\n9\n", &model, |csv| csv).unwrap_err().to_string();
    assert!(said.ends_with("missing column \"when\"; the columns are x"), "{said}");
}

#[test]
fn targets_in_notations() {
    let target = |content: &str| open_with(content, |csv| csv.target("y")).unwrap();
    let of = |table: &Table| -> Vec<f64> { numbers(&table.targets[0] as &Field) };
    let table = target("n;y\n1;1.724,74\n2;603,31\n3;12\n");
    assert_eq!(of(&table), [1724.74, 603.31, 12.0]);
    let table = target("n,y\n1,$5\n2,$7.5\n3,$8\n");
    assert_eq!(of(&table), [5.0, 7.5, 8.0]);
    assert_eq!(table.notes, ["column y: read as numbers written like $1234.5"]);
    assert!(error("x\tn\n").contains("expected rows"));
}

proptest! {
    /// Whatever a text is, no notation panics, and what one reads is finite or a plain number.
    #[test]
    fn no_text_is_too_odd(text in "[-+−()0-9.,:/' eETZkKM%$€äpmJandec\u{a0}’+]{0,24}") {
        let times = TimeOrder::ALL.map(Notation::Time);
        let numbers = Marks::ALL.map(|marks| Notation::Number(Figures { marks, ..Figures::default() }));
        for notation in times.into_iter().chain(numbers) {
            let value = notation.value(&text);
            let plain = text.trim().parse::<f64>().is_ok();
            prop_assert!(plain || value.is_none_or(|x| !x.is_nan()), "{notation}: {text:?}: {value:?}");
        }
        if let Ok(notation) = text.parse::<Notation>() {
            prop_assert!(notation.value(&text).is_some(), "{notation} of {text:?}");
        }
    }
}

//! Columns beside the inputs: text of any number of levels, numbers and times, by which rows are split.

use super::{File, error_with, names, numbers, open_with, schema};
use std::fmt::Write as _;
use tanren_data::{Csv, GroupSplit, TimeSplit, TrainTest};
use tanren_plugin::{Field, Part, Seed, Source, Split, Table};

/// Rows of a number, of one of 300 patients, and of a class that depends on neither.
fn visits() -> String {
    (0..900).fold("x,patient,y\n".to_owned(), |mut text, row| {
        let _ = writeln!(text, "{}.5,p{},{}", row * 7 % 11, row % 300, row % 2);
        text
    })
}

fn settings(csv: Csv) -> Csv {
    csv.target("y").beside(["patient"])
}

fn levels(field: &Field) -> &[String] {
    &field.spec.features[0].levels
}

fn parts(split: &dyn Split, table: &Table) -> Vec<Part> {
    split.split(table, Seed(1).stream("split")).unwrap()
}

#[test]
fn a_category_of_any_number_of_levels_groups_rows() {
    let table = open_with(visits(), settings).unwrap();
    assert_eq!(names(&table), ["x"]);
    assert_eq!(levels(&table.beside[0]).len(), 300);
    assert!(table.notes.iter().all(|note| !note.contains("patient")), "{:?}", table.notes);
    let parts = parts(&GroupSplit::new("patient"), &table);
    (0..300)
        .for_each(|row| assert!(parts[row] == parts[row + 300] && parts[row] == parts[row + 600]));
    assert_eq!(parts.iter().filter(|part| **part == Part::Test).count(), 180);
    // Without the setting it is left out, and the split says what to do.
    let table = open_with(visits(), |csv| csv.target("y")).unwrap();
    let error = GroupSplit::new("patient").split(&table, Seed(1).stream("split")).unwrap_err();
    assert!(error.message.contains("`beside`"), "{error}");
}

#[test]
fn a_model_reads_the_same_groups_and_does_without_them() {
    let file = File::new(visits());
    let csv = settings(file.csv());
    let table = csv.open().unwrap();
    let again = csv.open_for(&schema(&table)).unwrap();
    assert_eq!(again.beside, table.beside);
    assert_eq!(again.fingerprint(), table.fingerprint());
    let without = File::new("y,x\n0,1\n1,2\n");
    let table = settings(without.csv()).open_for(&schema(&table)).unwrap();
    assert_eq!((table.rows, table.beside.len()), (2, 0));
}

#[test]
fn numbers_and_times_are_read_as_such_and_words_among_numbers_are_words() {
    let rows =
        "x,day,week,group,y\n1,02.03.2024,10,7,a\n2,31.12.2023,9,07,b\n4,30.01.2024,?,seven,a\n";
    let all = |csv: Csv| csv.target("y").beside(["day", "week", "group"]);
    let table = open_with(rows, all).unwrap();
    let [day, week, group] = &table.beside[..] else { panic!("{:?}", table.beside) };
    let days = numbers(day);
    assert!(days[1] < days[2] && days[2] < days[0]);
    assert_eq!(numbers(week)[..2], [10.0, 9.0]);
    assert!(numbers(week)[2].is_nan());
    assert_eq!(levels(group), ["07", "7", "seven"]);
    assert_eq!(numbers(group), [1.0, 0.0, 2.0]);
    let by_day = TimeSplit { test: 0.3, validation: 0.5, column: Some("day".into()), gap: 0 };
    assert_eq!(parts(&by_day, &table), [Part::Test, Part::Train, Part::Validation]);
    // What the settings say holds.
    let table = open_with(rows, |csv| all(csv).categories(["week"])).unwrap();
    assert_eq!(levels(&table.beside[1]), ["9", "10"]);
    assert!(error_with(rows, |csv| all(csv).numbers(["group"])).contains("found \"seven\""));
}

#[test]
fn a_text_after_many_numbers_makes_all_of_them_texts() {
    let rows = (0..400).fold("x,group,y\n".to_owned(), |mut text, row| {
        let _ = writeln!(text, "{},{},{}", row % 7, row / 2, row % 2);
        text
    });
    let file = File::new(rows + "1,A 3,0\n1,3,1\n");
    let csv = file.csv().target("y").beside(["group"]);
    let table = csv.open().unwrap();
    assert_eq!(levels(&table.beside[0]).len(), 201);
    assert_eq!(csv.open_for(&schema(&table)).unwrap().beside, table.beside);
}

#[test]
fn other_settings_may_not_name_them() {
    let both = |csv: Csv| csv.target("y").ignore(["patient"]).beside(["patient"]);
    assert!(error_with(visits(), both).contains("both `ignore` and `beside` name this column"));
    let target = |csv: Csv| csv.target("y").beside(["y"]);
    assert!(error_with(visits(), target).contains("both `target` and `beside` name this column"));
    let unknown = error_with(visits(), |csv| csv.target("y").beside(["patiens"]));
    assert!(unknown.starts_with("`beside`: no column \"patiens\" (did you mean \"patient\"?)"));
}

#[test]
fn tables_one_after_the_other_share_their_levels() {
    let (first, second) =
        (File::new("x,g,y\n1,b,0\n2,d,1\n3,b,1\n"), File::new("x,g,y\n4,a,0\n5,d,1\n"));
    let of = |file: &File| file.csv().target("y").beside(["g"]);
    let table = TrainTest::new(of(&first), of(&second)).open().unwrap();
    table.check().unwrap();
    assert_eq!(levels(&table.beside[0]), ["a", "b", "d"]);
    assert_eq!(numbers(&table.beside[0]), [1.0, 2.0, 1.0, 0.0, 2.0]);
    let lacks = File::new("x,y\n4,0\n5,1\n");
    let table = TrainTest::new(of(&first), of(&lacks)).open().unwrap();
    assert_eq!((table.rows, table.beside.len()), (5, 0));
}

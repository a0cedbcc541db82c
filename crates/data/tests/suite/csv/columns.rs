//! What a column becomes.

use super::{error, error_with, inputs, names, open, open_with};
use tanren_plugin::Feature;

/// A column `x` of these cells beside a column of numbers.
fn column<T: ToString>(cells: impl IntoIterator<Item = T>) -> String {
    let row = |(n, cell): (usize, T)| format!("{},{}.5\n", cell.to_string(), n % 7);
    "x,n\n".to_owned() + &cells.into_iter().enumerate().map(row).collect::<String>()
}

fn levels(content: &str) -> Vec<String> {
    open(content).inputs[0].spec.features[0].levels.clone()
}

#[test]
fn numbers_categories_and_what_is_missing() {
    let table = open("x,colour\n1,red\n?,blue\n3, NA\n");
    assert_eq!(table.inputs[0].spec.name, "inputs");
    let expected =
        [Feature::number("x"), Feature::category("colour", vec!["blue".into(), "red".into()])];
    assert_eq!(table.inputs[0].spec.features, expected);
    assert_eq!(inputs(&table), [1.0, 1.0, -9.0, 0.0, 3.0, -9.0]);
    assert_eq!(table.notes, ["column x: 1 missing value", "column colour: 1 missing value"]);
    assert!(table.targets.is_empty());
    assert_eq!(table.numbers, None);
}

#[test]
fn words_for_missing() {
    let table = open("1,1\nna,1\nNaN,1\n,1\n?,1\n");
    assert_eq!(
        table.notes,
        ["no header found: the columns are named 0 to 1", "column 0: 4 missing values"]
    );
    let table = open_with("1,a\nÜ,b\nnone,c\n", |csv| csv.missing([" ü ", "None"])).unwrap();
    assert_eq!(table.notes[1..], ["column 0: 2 missing values"]);
}

#[test]
fn levels_are_sorted() {
    assert_eq!(levels("b,1\na,1\nB,1\na,1\n"), ["B", "a", "b"]);
    let table = open_with("10,1\n9,1\n-1,1\n9.0,1\n", |csv| csv.categories(["0"])).unwrap();
    assert_eq!(table.inputs[0].spec.features[0].levels, ["-1", "9", "9.0", "10"]);
    assert_eq!(inputs(&table), [3.0, 1.0, 1.0, 1.0, 0.0, 1.0, 2.0, 1.0]);
}

#[test]
fn words_among_few_numbers_make_a_category() {
    let mixed = |text: usize| (0..10).map(move |i| if i < 10 - text { "7" } else { "b" });
    for texts in [1, 2, 9] {
        let table = open(column(mixed(texts)));
        assert_eq!(table.inputs[0].spec.features[0].levels, ["7", "b"]);
        let share = 100 - 10 * texts;
        let said = format!(
            "column x: read as a category, although {share}% of its cells are numbers, because of \"b\""
        );
        assert_eq!(table.notes, [said]);
    }
    let table = open_with(column(mixed(1)), |csv| csv.missing(["B"])).unwrap();
    assert_eq!(table.notes, ["column x: 1 missing value"]);
    let table = open_with(column(mixed(1)), |csv| csv.categories(["x"])).unwrap();
    assert_eq!(table.inputs[0].spec.features[0].levels, ["7", "b"]);
}

#[test]
fn words_among_many_numbers_are_missing() {
    let mixed = |words: &'static [&'static str]| {
        (0..40).map(move |i| match words.get(i) {
            Some(word) => (*word).to_owned(),
            None => format!("{i}.25"),
        })
    };
    let table = open(column(mixed(&["ERR", "off", "ERR", "ERR", "off", "ERR"])));
    assert_eq!(inputs(&table)[..4], [-9.0, 0.5, -9.0, 1.5]);
    assert_eq!(inputs(&table)[12], 6.25);
    let said = "column x: 6 cells are no numbers and count as missing, such as \"ERR\" in line 2";
    assert_eq!(table.notes, [said]);
    // Placeholders are missing even where there are few numbers.
    let cells = (0..40).map(|i| if i % 5 == 0 { "-" } else { ["4", "6", "8"][i % 3] });
    let table = open(column(cells));
    assert!(!table.inputs[0].spec.features[0].is_category(), "{:?}", table.notes);
    // Texts that all differ are no words.
    let cells = (0..40).map(|i| if i % 3 == 0 { format!("{i} b") } else { format!("a{i}") });
    assert!(open(column(cells)).inputs[0].spec.features[0].is_category());
}

#[test]
fn numbers_may_stand_for_what_is_missing() {
    let content = column(["-999", "1.5", "-999.0", "2", "-999.00"]);
    let table = open_with(content, |csv| csv.missing(["", "-999"])).unwrap();
    assert_eq!(
        inputs(&table).chunks(2).map(|x| x[0]).collect::<Vec<_>>(),
        [-9.0, 1.5, -9.0, 2.0, -9.0]
    );
}

#[test]
fn numbers_must_be() {
    let said = "line 3, row 1, column x: expected a number, found \"b\"; if it stands for a missing value, add \
                it to `missing`";
    assert_eq!(error_with("x,n\n1,1\nb,1\n", |csv| csv.numbers(["x"])), said);
}

#[test]
fn columns_are_left_out() {
    let table = open_with("a,b,c\n1,2,3\n", |csv| csv.ignore(["b", "-1"])).unwrap();
    assert_eq!(names(&table), ["a"]);
    assert!(table.notes.is_empty());
    let table = open("a,b\n1,\n2,?\n");
    assert_eq!(names(&table), ["a"]);
    assert_eq!(table.notes, ["column b left out: all its values are missing"]);
    let table = open(column((0..51).map(|i| format!("id{i}"))));
    assert_eq!(names(&table), ["n"]);
    let said = "column x left out: it has another text in nearly every row, such as \"id0\"";
    assert_eq!(table.notes, [said]);
    let table = open(column((0..102).map(|i| format!("id{}", i / 2))));
    let said = "column x left out: it has more than 50 categories, such as \"id0\" (raise \
                `max-levels` to keep it)";
    assert_eq!(table.notes, [said]);
    let table = open(column((0..50).map(|i| format!("id{i}"))));
    assert_eq!(table.inputs[0].spec.features[0].levels.len(), 50);
    let table = open_with("a,1\nb,2\n", |csv| csv.max_levels(1)).unwrap();
    assert_eq!(
        table.notes[1..],
        ["column 0 left out: it has another text in nearly every row, such as \"a\""]
    );
}

#[test]
fn columns_that_do_not_vary_are_left_out() {
    let rows = |cell: fn(u32) -> &'static str| {
        (0..10).fold("x,n\n".to_owned(), |all, i| all + &format!("{},{i}.5\n", cell(i)))
    };
    for (cell, text) in [((|_| "5") as fn(u32) -> &'static str, "5"), (|_| "same", "same")] {
        let table = open(rows(cell));
        assert_eq!(names(&table), ["n"]);
        assert_eq!(table.notes, [format!("column x left out: it is \"{text}\" in every row")]);
        let table = open_with(rows(cell), |csv| csv.categories(["x"])).unwrap();
        assert_eq!(names(&table), ["x", "n"]);
    }
    // A mark that is there or not says something.
    let long = (0..30).fold("x,n\n".to_owned(), |all, i| {
        all + &format!("{},{i}.5\n", if i % 2 == 0 { "1" } else { "" })
    });
    let table = open(long);
    assert_eq!(table.inputs[0].spec.features[0].levels, ["1"]);
    assert_eq!(inputs(&table)[..4], [0.0, 0.5, -9.0, 1.5]);
}

#[test]
fn at_most_ten_notes_of_a_kind() {
    let row = |cell: &str| vec![cell; 13].join(",");
    let table = open(format!("{}\n{}\n{}\n", row("1"), row(""), row("1")));
    assert_eq!(table.notes.len(), 12);
    assert_eq!(table.notes[10], "column 9: 1 missing value");
    assert_eq!(table.notes[11], "and 3 more columns with missing values");
}

#[test]
fn no_input_left() {
    let said = "no input column is left: column 0 left out: all its values are missing";
    assert_eq!(error("?\n?\n"), said);
    let said = "no input column is left: the file has only columns to ignore";
    assert_eq!(error_with("1,2\n3,4\n", |csv| csv.ignore(["0", "1"])), said);
    // A series may be all there is: its past is what it is foretold from.
    let table =
        open_with("y,shop\n".to_owned() + &"1.5,a\n2.5,a\n".repeat(5), |csv| csv.target("y"))
            .unwrap();
    assert!(table.inputs.is_empty());
    assert_eq!(table.notes, ["column shop left out: it is \"a\" in every row"]);
}

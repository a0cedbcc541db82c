//! What was reported to readers of CSV elsewhere: files as programs export them.

use super::{error, inputs, names, numbers, open, open_with};

/// Forty rows of `a`, `b` and `y`, the first of which is as told.
fn rows(a: impl Fn(usize) -> String) -> String {
    (0..40).map(|i| format!("{},{},{}.5\n", a(i), i % 7, i * i % 17)).collect()
}

fn file(a: impl Fn(usize) -> String) -> String {
    format!("a,b,y\n{}", rows(a))
}

/// The first cells of all rows.
fn first(content: &str) -> Vec<f64> {
    let table = open(content);
    let width = names(&table).len();
    inputs(&table).chunks(width).map(|row| row[0]).collect()
}

#[test]
fn quotes_may_have_a_backslash_before_them() {
    let text = ["\"say \\\"hi\\\", a\"", "\"5\\\" pipe\""];
    let table = open(file(|i| text[i % 2].into()));
    assert_eq!(names(&table), ["a", "b", "y"]);
    assert_eq!(table.inputs[0].spec.features[0].levels, ["5\" pipe", "say \"hi\", a"]);
    assert_eq!(table.notes, ["a backslash before a quote is read as part of the quote"]);
    // The end of a Windows path is no such quote.
    let table = open(file(|i| ["\"C:\\\"", "\"D:\\\""][i % 2].into()));
    assert_eq!(table.inputs[0].spec.features[0].levels, ["C:\\", "D:\\"]);
}

#[test]
fn what_excel_protects_is_read() {
    let expected: Vec<f64> = (0..40).map(|i| f64::from(i * 37 % 101)).collect();
    for write in [
        |i: usize| format!("=\"{:03}\"", i * 37 % 101),
        |i: usize| format!("\"=\"\"{:03}\"\"\"", i * 37 % 101),
        |i: usize| format!("'{:03}", i * 37 % 101),
    ] {
        assert_eq!(first(&file(write)), expected);
    }
    let table = open(file(|i| ["'quoted'", "'til"][i % 2].into()));
    assert_eq!(table.inputs[0].spec.features[0].levels, ["'quoted'", "'til"]);
}

#[test]
fn numbers_that_begin_with_zeros_may_be_codes() {
    let zip = |i: usize| ["01234", "02139", "10001", "94105"][i % 4].to_owned();
    let said = "column a: read as numbers, although some begin with a zero; if they are codes, name it \
                in `categories`";
    assert_eq!(open(file(zip)).notes, [said]);
    let table = open_with(file(zip), |csv| csv.categories(["a"])).unwrap();
    assert_eq!(table.inputs[0].spec.features[0].levels[0], "01234");
    assert!(table.notes.is_empty(), "{:?}", table.notes);
    assert!(open(file(|i| format!("{:02}", i % 24))).notes.is_empty()); // hours
    assert!(open(file(|i| format!("0.{}1", i))).notes.is_empty());
}

#[test]
fn a_day_may_end_at_24() {
    let end = |i: usize| format!("1970-01-{:02} {}:00", i % 28 + 1, if i == 1 { 24 } else { 12 });
    assert_eq!(first(&file(end))[..3], [0.5, 2.0, 2.5]);
}

#[test]
fn rare_delimiters_are_found() {
    for mark in ['\u{1}', '~', '^'] {
        let content = file(|i| format!("{i}.25")).replace(',', &mark.to_string());
        let table = open(&content);
        assert_eq!(names(&table), ["a", "b", "y"], "{mark:?}");
        let table = open_with(&content, |csv| csv.delimiter(mark)).unwrap();
        assert_eq!(names(&table), ["a", "b", "y"], "{mark:?}");
    }
    // Only where nothing else splits the records.
    assert_eq!(names(&open("~5,~6\n~7,~8\n~7,~9\n")), ["0", "1"]);
}

#[test]
fn a_header_that_is_repeated_is_no_row() {
    let part = file(|i| format!("{i}.25"));
    let table = open(format!("{part}{part}{part}"));
    assert_eq!((table.rows, names(&table)), (120, vec!["a", "b", "y"]));
    assert!(table.inputs[0].spec.features.iter().all(|feature| !feature.is_category()));
    assert_eq!(table.notes, ["2 lines that repeat the header left out"]);
}

#[test]
fn lines_below_the_table_are_left_out() {
    for (below, lines, line) in [
        ("-- 40 rows --\n", "1 line", 42),
        ("\n(40 rows affected)\n\nCompletion time: today\n", "2 lines", 43),
        ("\u{1a}", "1 line", 42), // the end of a file in CP/M
    ] {
        let table = open(file(|i| format!("{i}.25")) + below);
        assert_eq!(table.rows, 40);
        assert_eq!(table.notes, [format!("{lines} below the table left out, from line {line} on")]);
    }
    // A row that was cut off is none of them, and neither is a line between rows.
    assert!(error(file(|i| format!("{i}.25")) + "1.5\n").contains("line 42: expected 3 cells"));
    let between = file(|i| format!("{i}.25")) + "pause\n" + &rows(|i| format!("{i}.25"));
    assert!(error(between).contains("line 42: expected 3 cells, found 1"));
    let many = file(|i| format!("{i}.25")) + &"x\n".repeat(30);
    assert!(error(many).contains("line 42: expected 3 cells, found 1"));
}

#[test]
fn a_total_below_the_rows_is_said() {
    let said =
        "the last row, in line 42, may be a total of the others; if so, take it out of the file";
    for word in ["Total", "SUM", "Grand total:"] {
        let content = file(|i| format!("p{}", i % 4)) + &format!("{word},120,22.5\n");
        let notes = open(content).notes;
        assert!(notes.contains(&said.to_owned()), "{notes:?}");
    }
    // Where it is a category as others, it is none.
    assert!(open(file(|i| ["men", "women", "total"][i % 3].into())).notes.is_empty());
}

#[test]
fn the_null_of_databases_is_missing() {
    let content = file(|i| if i % 5 == 0 { "\\N".into() } else { format!("{i}.5") });
    let table = open_with(content, |csv| csv.target("a")).unwrap();
    assert_eq!((table.rows, numbers(&table.targets[0])[0]), (32, 1.5));
    let table = open(file(|i| ["red", "\\N", "green"][i % 3].into()));
    assert_eq!(table.inputs[0].spec.features[0].levels, ["green", "red"]);
    // In quotes, too, where a backslash stands before quotes.
    let cell = |i: usize| ["\"O\\\"Neil\"", "\"\\N\"", "\"a\\N\""][i % 3].into();
    let table = open(file(cell));
    assert_eq!(table.inputs[0].spec.features[0].levels, ["O\"Neil", "aN"]);
    assert_eq!(table.notes.iter().filter(|note| note.contains("13 missing")).count(), 1);
}

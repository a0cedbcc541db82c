//! What is said about bad files.

use super::shape::gzip;
use super::{File, error, error_with, open_with, said};
use tanren_data::Encoding;
use tanren_plugin::Source;

#[test]
fn nothing_to_read() {
    for content in ["", "\u{feff}", "\n \n\r\n"] {
        assert_eq!(error(content), "expected rows, found an empty file");
    }
    let found = "expected rows, found only what looks like a header: a, b; if it is a row of \
                 data, set `header = false`";
    assert_eq!(error("a,b\n"), found);
    let found = "expected rows below the header, found none";
    assert_eq!(error_with("a,b\n", |csv| csv.header(true)), found);
    assert_eq!(open_with("a,b\n", |csv| csv.header(false)).unwrap().rows, 1);
}

#[test]
fn ragged_rows() {
    let near = "the cells are separated by ',': set `delimiter` if that is wrong, or `skip` if the \
                table begins further down; ";
    let help = &format!("{near}if a text has the delimiter in it, put it in double quotes");
    let end = "no row follows: remove the line if it is none of the table";
    for (content, line, found, help) in [
        ("a,b\n1,2\n\n3\n", 4, "1 in \"3\"", end),
        ("a,b\n1,2\n3,4,5\n1,2\n", 3, "3 in \"3 4 5\"", help),
        ("a,b\n1,2,\n", 2, "3 in \"1 2\"", help),
        ("a,b\n\"1\n2\",2\n3\n", 4, "1 in \"3\"", end),
        (
            "a,b\n1,2\n* all of them\n",
            3,
            "1 in \"* all of them\"",
            "no row follows: remove the line, \
          or set `comment` to '*' to leave out what begins so",
        ),
    ] {
        let said = format!("line {line}: expected 2 cells, found {found}; {help}");
        assert_eq!(error(content), said);
    }
    let found = "line 2: the header has 3 names, but the rows have 2 cells: the cells are separated \
                 by ','";
    assert_eq!(error("a,b,c\n1,2\n3,4\n5,6\n"), found);
}

#[test]
fn columns_that_are_not_there() {
    let found = "`target`: no column \"clas\" (did you mean \"class\"?); the columns are x, class";
    assert_eq!(error_with("x,class\n1,a\n", |csv| csv.target("clas")), found);
    let found = "`ignore`: no column \"-3\"; the columns are 0, 1";
    assert_eq!(error_with("1,2\n", |csv| csv.ignore(["-3"])), found);
    let found = "`target`: no column \"ok\"; the columns are 0, 1; set `header = true` if the first \
                 row has the column names";
    let without = |csv: tanren_data::Csv| csv.header(false).target("ok");
    assert_eq!(error_with("name,ok\nann,yes\nbob,no\n", without), found);
    let many = (0..25).map(|i| i.to_string()).collect::<Vec<_>>().join(",");
    assert!(error_with(many, |csv| csv.numbers(["z"])).ends_with(" 18, 19 and 5 more"));
}

#[test]
fn settings_that_contradict_each_other() {
    let found = "column a: both `categories` and `numbers` name this column";
    assert_eq!(error_with("a\n1\n", |csv| csv.categories(["a"]).numbers(["0"])), found);
    let found = "column a: both `ignore` and `target` name this column";
    assert_eq!(error_with("a,b\n1,2\n", |csv| csv.ignore(["a"]).target("0")), found);
}

#[test]
fn bytes_that_are_not_in_the_encoding() {
    let found = "line 2: expected UTF-8, found the byte 0xE9 at character 4 of the line; set \
                 `encoding = \"latin-1\"` if the file is in Windows-1252 or Latin-1";
    let utf_8 = |csv: tanren_data::Csv| tanren_data::Csv { encoding: Some(Encoding::Utf8), ..csv };
    assert_eq!(error_with(b"x,y\n1,\xc3\xa9\xe9\n", utf_8), found);
}

#[test]
fn quotes_that_stay_open() {
    let found = "the quote that begins here is never closed";
    assert_eq!(error("a,b\n1,2\n3,\"x\n4,5\n"), format!("line 3: {found}"));
    // The first quote ends in the line where the second begins.
    assert_eq!(error("a,b\n1,2\n\"3\n\",\"x\n4,5"), format!("line 4: {found}"));
    assert_eq!(error("1,\"x"), format!("line 1: {found}"));
}

#[test]
fn records_without_end() {
    let found = "line 2: expected at most 8 MiB in a row, found more";
    let line = "1".repeat(10 << 20);
    assert_eq!(error(format!("1,2\n{line}")), found);
    assert_eq!(error(format!("1,2\n{line},2\n")), found);
    let found = "line 1: expected at most 100,000 cells in a row, found more";
    assert_eq!(error(",".repeat(100_000)), found);
    let blank = "\n".repeat(9 << 20);
    assert!(error(blank).ends_with("expected at most 8 MiB in a row, found more"));
    let quoted = format!("1,2\n\"{}", "1\n".repeat(5 << 20));
    assert!(error(quoted).ends_with("expected at most 8 MiB in a row, found more"));
}

#[test]
fn a_compressed_line_without_end() {
    let file = File::named("file.csv", gzip(&vec![b'1'; 1 << 27]));
    let error = said(file.csv().open().unwrap_err());
    assert_eq!(error, "line 1: expected at most 8 MiB in a row, found more");
}

#[test]
fn files_that_cannot_be_read() {
    let whole = gzip("1,2\n".repeat(10_000).as_bytes());
    assert_eq!(error(&whole[..whole.len() / 2]), "the file ends too early");
    let file = File::new("");
    let gone = file.path.with_file_name("gone").join("file.csv");
    assert_eq!(said(tanren_data::Csv::new(gone).open().unwrap_err()), "no such file");
}

#[test]
fn levels_that_need_too_much_memory() {
    let level = |i: usize| format!("{i},{}\n", "x".repeat(7 << 20) + &i.to_string());
    let content: String = (0..6).map(level).collect();
    let found = "line 5, row 4, column 1: the levels of its categories take more than 32 MiB; name \
                 columns of free text in `ignore`";
    assert_eq!(error(content), found);
}

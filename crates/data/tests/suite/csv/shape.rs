//! How a file is laid out: delimiters, quotes, lines, headers.

use super::{File, inputs, names, open, open_with, schema};
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use tanren_data::Csv;
use tanren_plugin::Source;

#[test]
fn delimiters_are_found() {
    for content in ["1,2\n3,4\n", "1;2\n3;4\n", "1\t2\n3\t4\n", "  1   2\n3 2\t \n"] {
        let table = open(content);
        assert_eq!(names(&table), ["0", "1"], "{content:?}");
        assert_eq!(inputs(&table)[..3], [1.0, 2.0, 3.0]);
    }
    assert_eq!(inputs(&open("1\n2\n")), [1.0, 2.0]);
}

#[test]
fn the_delimiter_splits_all_records_alike() {
    let table = open("a;b\n1,5;2\n3;4\n"); // a comma in the second record only
    assert_eq!(names(&table), ["a", "b"]);
    let table = open("\"a;b\",c\n1,2\n");
    assert_eq!(names(&table), ["a;b", "c"]);
    // Both do: the one that leaves numbers wins.
    let table = open("1,5;2,5;a\n3,5;4,5;b\n");
    assert_eq!(names(&table), ["0", "1", "2"]);
    assert_eq!(inputs(&table), [1.5, 2.5, 0.0, 3.5, 4.5, 1.0]);
    let table = open("a;b,1\nc;d,2\n");
    assert_eq!(inputs(&table), [0.0, 1.0, 1.0, 2.0]);
}

#[test]
fn a_delimiter_may_be_given() {
    assert_eq!(names(&open_with("1|2\n", |csv| csv.delimiter('|')).unwrap()), ["0", "1"]);
    assert_eq!(inputs(&open_with("1   2\n", |csv| csv.delimiter(' ')).unwrap()), [1.0, 2.0]);
    let table = open_with("1,5;2,5\n3,5;4,5\n", |csv| csv.delimiter(';')).unwrap();
    assert_eq!(inputs(&table), [1.5, 2.5, 3.5, 4.5]);
}

#[test]
fn quotes_protect() {
    let table = open("x , y\n 1, \"b, \"\"c\"\"\" \n\"2\",\t\"two\nlines\"\n");
    assert_eq!(names(&table), ["x", "y"]);
    assert_eq!(table.inputs[0].spec.features[1].levels, ["b, \"c\"", "two\nlines"]);
    let table = open("\"New York\"  5\n\"Rome\" 6\n");
    assert_eq!(table.inputs[0].spec.features[0].levels, ["New York", "Rome"]);
}

#[test]
fn cells_are_trimmed() {
    let table = open("x,y\n 1 ,\tb \n 2,  \" b\"\n");
    assert_eq!(table.inputs[0].spec.features[1].levels, ["b"]);
}

#[test]
fn lines_may_end_in_any_way() {
    for end in ["\n", "\r\n", "\r"] {
        let content = ["\u{feff}a,b", "", "1,2", "  ", "3,4"].join(end);
        let table = open(&content);
        assert_eq!(names(&table), ["a", "b"]);
        assert_eq!(inputs(&table), [1.0, 2.0, 3.0, 4.0], "{content:?}");
    }
}

#[test]
fn marks_of_utf_8_are_no_text() {
    for content in [
        "\u{feff}\u{feff}a,b\n1,2\n3,4\n",
        "a,b\n1,2\n\u{feff}3,4\n",
        "\u{feff}\"a\",b\n1,2\n\u{feff}\"3\",4\n",
    ] {
        let table = open(content);
        assert_eq!(names(&table), ["a", "b"], "{content:?}");
        assert_eq!(inputs(&table), [1.0, 2.0, 3.0, 4.0], "{content:?}");
    }
}

#[test]
fn cells_without_quotes_are_those_with_them() {
    let plain = "a\t b,c \n 1,x y\n\t2, z\u{a0}\n,\n3,-\n";
    let quoted = "\"a\t b\",\"c \"\n \"1\",\"x y\"\n\t\"2\",\"z\u{a0}\"\n\"\",\n3,\"-\"\n";
    let (plain, quoted) = (open(plain), open(quoted));
    assert_eq!((names(&plain), inputs(&plain).len()), (vec!["a\t b", "c"], 8));
    assert_eq!((inputs(&plain), &plain.inputs[0].spec), (inputs(&quoted), &quoted.inputs[0].spec));
}

#[test]
fn a_row_of_empty_tabs_is_a_row() {
    let table = open("1\t2\t3\n\t\t5\n4\t5\t6\n");
    assert_eq!(inputs(&table), [1.0, 2.0, 3.0, -9.0, -9.0, 5.0, 4.0, 5.0, 6.0]);
}

#[test]
fn headers_are_found() {
    assert_eq!(names(&open("a,b\nx,1\n")), ["a", "b"]);
    assert_eq!(names(&open("a,1\nx,1\n")), ["0", "1"]); // a number in the first row
    assert_eq!(names(&open("a,b\nx,y\n")), ["0", "1"]); // no number anywhere
    assert_eq!(names(&open("a;b\n1,5;2,5\n")), ["a", "b"]); // decimal commas are numbers too
    assert_eq!(names(&open_with("a,b\nx,y\n", |csv| csv.header(true)).unwrap()), ["a", "b"]);
    assert_eq!(open_with("a,b\nx,1\ny,2\n", |csv| csv.header(true)).unwrap().rows, 2);
    let categories = |csv: tanren_data::Csv| csv.header(false).categories(["1"]);
    assert_eq!(open_with("a,b\nx,1\ny,2\n", categories).unwrap().rows, 3);
}

#[test]
fn a_column_without_a_name_has_its_position() {
    assert_eq!(names(&open(",b\n0,1\n1,2\n")), ["0", "b"]);
}

#[test]
fn the_table_is_named_after_the_file() {
    let file = File::named("a.train.csv", "1,2\n");
    assert_eq!(file.csv().open().unwrap().name, "a.train");
    let file = File::named("b.csv.gz", gzip(b"1,2\n"));
    let table = file.csv().open().unwrap();
    assert_eq!((table.name.as_str(), inputs(&table)), ("b", vec![1.0, 2.0]));
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn the_line_of_a_row_is_known() {
    let file = File::new("a title\n\na,b\n1,x\n\n\"2\",\"y\nz\"\n,\n3,x\n");
    let csv = file.csv();
    let table = csv.open().unwrap();
    let lines = [Some(4), Some(6), Some(8), Some(9), None];
    assert_eq!(
        (0..5).map(|row| csv.line(None, row)).collect::<Vec<_>>(),
        lines,
        "{:?}",
        table.notes
    );
    let schema = schema(&table);
    assert_eq!((0..5).map(|row| csv.line(Some(&schema), row)).collect::<Vec<_>>(), lines);
    assert_eq!(Csv::new("nothing.csv").line(None, 0), None);
}

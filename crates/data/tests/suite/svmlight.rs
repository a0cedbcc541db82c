//! SVMLight files: what lines may say, what is wrong with them, and that nothing makes the reader
//! fall.

use crate::files::{Folder, features, numbers, schema, survives};
use proptest::prelude::*;
use tanren_data::{SvmLight, Task};
use tanren_plugin::{Plugin, Source, Table, Values};
use tanren_tensor::Shape;

fn source(folder: &Folder, text: impl AsRef<[u8]>) -> SvmLight {
    SvmLight::new(folder.write("x.svm", text))
}

fn open(text: &str) -> Table {
    let table = source(&Folder::new(), text).open().unwrap();
    table.check().unwrap();
    table
}

/// What is wrong with a text.
fn says(text: impl AsRef<[u8]>) -> String {
    let folder = Folder::new();
    folder.error(source(&folder, text).open())
}

#[test]
fn rows_are_written_out_in_full() {
    let table = open("+1 1:0.5 3:-2e-1 # first\n\n  # nothing\r\n-1 2:+7\r\n-1\t3:1\t\n1");
    assert_eq!((table.name.as_str(), table.rows), ("x", 4));
    assert_eq!(table.inputs[0].spec.name, "features");
    assert_eq!(features(&table.inputs[0]), ["1", "2", "3"]);
    let expected = [0.5, 0.0, -0.2, 0.0, 7.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0];
    assert_eq!(table.inputs[0].values, Values::Double(expected.to_vec()));
    assert_eq!(table.targets[0].spec.name, "label");
    assert_eq!(table.targets[0].spec.levels, ["-1", "1"]);
    assert_eq!(table.targets[0].values, Values::Indices(vec![1, 0, 0, 1]));
    assert!(table.notes.is_empty());
}

#[test]
fn settings_change_the_reading() {
    let folder = Folder::new();
    let mut source = source(&folder, "0.5 0:1 2:3\n1.5 1:2\n");
    source.zero_based = Some(true);
    let table = source.open().unwrap();
    assert!(table.notes.is_empty());
    assert_eq!(features(&table.inputs[0]), ["0", "1", "2"]);
    assert_eq!(numbers(&table.inputs[0]), [1.0, 0.0, 3.0, 0.0, 2.0, 0.0]);
    assert_eq!(numbers(&table.targets[0]), [0.5, 1.5]);
    source.task = Some(Task::Classification);
    assert_eq!(source.open().unwrap().targets[0].spec.levels, ["0.5", "1.5"]);
    source.features = Some(5);
    assert_eq!(source.open().unwrap().inputs[0].spec.shape, Shape::vector(5));
    source.features = Some(2);
    assert_eq!(
        folder.error(source.open()),
        "x.svm, line 1: expected indices up to 1, the value of `features`, found 2"
    );
}

#[test]
fn nan_is_a_missing_value() {
    let table = open("1 1:nan 3:1\n0 2:NaN 3:NAN\nnan 1:nan\n0 3:nan\nNaN 2:1\n");
    assert_eq!(numbers(&table.targets[0]), [1.0, 0.0, 0.0]);
    let nan = f64::NAN;
    let expected = [nan, 0.0, 1.0, 0.0, nan, nan, 0.0, 0.0, nan];
    assert_eq!(format!("{:?}", numbers(&table.inputs[0])), format!("{expected:?}"));
    assert_eq!(table.numbers, Some(vec![0, 1, 3]));
    assert_eq!(
        table.notes,
        [
            "2 rows without a target left out",
            "column 1: 1 missing value",
            "column 2: 1 missing value",
            "column 3: 2 missing values",
        ]
    );
    let wide: String = (1..=13).map(|index| format!(" {index}:nan")).collect();
    let table = open(&format!("1{wide}\n0 1:1\n"));
    assert_eq!(table.notes[10], "and 3 more columns with missing values");
}

/// Indices begin at 0 if one is 0.
#[test]
fn an_index_of_zero_says_where_they_begin() {
    let table = open("1 1:1\n0 0:5 2:3\n");
    assert_eq!(features(&table.inputs[0]), ["0", "1", "2"]);
    assert_eq!(numbers(&table.inputs[0]), [0.0, 1.0, 0.0, 5.0, 0.0, 3.0]);
    assert_eq!(table.notes, ["indices begin at 0, because one is 0"]);
    // A model remembers that they do, whether there is a 0 or not.
    let (folder, known) = (Folder::new(), schema(&table, true));
    let other = source(&folder, "0 1:7\n").open_for(&known).unwrap();
    assert_eq!(numbers(&other.inputs[0]), [0.0, 7.0, 0.0]);
    assert!(other.notes.is_empty());
    // One whose indices begin at 1 reads others as they are, and says so.
    let known = schema(&open("1 1:1 3:3\n2 2:2\n"), false);
    let other = source(&folder, "1 0:5 2:7 3:1\n").open_for(&known).unwrap();
    assert_eq!(features(&other.inputs[0]), ["1", "2", "3"]);
    assert_eq!(numbers(&other.inputs[0]), [5.0, 0.0, 7.0]);
    assert_eq!(
        other.notes,
        [
            "indices begin at 0, because one is 0; those of the training data begin at 1",
            "1 value ignored whose indices are above 2, the last feature of the model; the largest index is 3",
        ]
    );
    let limited = SvmLight { features: Some(2), ..source(&folder, "1 0:1 1:1\n0 2:1\n") };
    assert_eq!(
        folder.error(limited.open()),
        "x.svm, line 2: expected indices up to 1, the value of `features`, found 2"
    );
    // So many features have no names that a model could remember.
    assert_eq!(
        says("1 0:1\n2 200000:1\n"),
        "x.svm: an index is 0: set `zero-based = true` if indices begin at 0"
    );
}

/// Many writers do not sort; that says nothing else.
#[test]
fn indices_may_be_in_any_order() {
    let table = open("1 3:3 1:1 2:2\n0 2:5 1:4 # 3:1\n");
    assert_eq!(numbers(&table.inputs[0]), [1.0, 2.0, 3.0, 4.0, 5.0, 0.0]);
    assert!(table.notes.is_empty());
}

#[test]
fn a_byte_order_mark_is_no_label() {
    assert_eq!(numbers(&open("\u{feff}1 1:2\r\n0 1:3\r\n").targets[0]), [1.0, 0.0]);
}

#[test]
fn queries_are_left_out_and_told() {
    let table = open("1 qid:3 1:2\n0 qid:4 1:3\n");
    assert_eq!(numbers(&table.inputs[0]), [2.0, 3.0]);
    assert_eq!(table.notes, ["query ids (qid) are ignored"]);
}

#[test]
fn broken_lines_say_what_is_wrong() {
    let zero = "x.svm, line 2: expected indices of 1 or more, found 0; set `zero-based = true` if they begin at 0";
    let folder = Folder::new();
    let mut from_one = source(&folder, "1 1:1\n0 0:1 1:1\n");
    from_one.zero_based = Some(false);
    assert_eq!(folder.error(from_one.open()), zero);
    assert_eq!(says("a 1:1\n"), "x.svm, line 1, column label: expected a number, found \"a\"");
    assert_eq!(says("1:1 2:2\n"), "x.svm, line 1, column label: expected a number, found \"1:1\"");
    assert_eq!(
        says("1 1:1\n1,3 1:1\n"),
        "x.svm, line 2, column label: expected one label, found several: 1,3; such files cannot be read"
    );
    assert_eq!(says("1,x 1:1"), "x.svm, line 1, column label: expected a number, found \"1,x\"");
    assert_eq!(
        says("inf 1:1"),
        "x.svm, line 1, column label: expected a finite number, found \"inf\""
    );
    assert_eq!(
        says("#\n1 2:1e999"),
        "x.svm, line 2, column 2: expected a finite number, found \"1e999\""
    );
    assert_eq!(
        says("1 2:-inf"),
        "x.svm, line 1, column 2: expected a finite number, found \"-inf\""
    );
    assert_eq!(says("1 2:"), "x.svm, line 1, column 2: expected a number, found \"\"");
    assert_eq!(says("1 2"), "x.svm, line 1: expected index:value, found \"2\"");
    assert_eq!(says("1 a:2"), "x.svm, line 1: expected a whole number as an index, found \"a\"");
    assert_eq!(says("1 -1:2"), "x.svm, line 1: expected a whole number as an index, found \"-1\"");
    assert_eq!(
        says("1 1:1 qid:3"),
        "x.svm, line 1: expected a whole number as an index, found \"qid\""
    );
    assert_eq!(says("1 2:1 2:1"), "x.svm, line 1: index 2 occurs twice");
    assert_eq!(says("1 2:1 1:1 2:1"), "x.svm, line 1: index 2 occurs twice");
    assert_eq!(says("1 3:1 2:1 1:1 2:1"), "x.svm, line 1: index 2 occurs twice");
    assert_eq!(says("1 1000001:1"), "x.svm, line 1: expected indices up to 1000000, found 1000001");
    assert_eq!(
        says("1 99999999999999999999999:1"),
        "x.svm, line 1: expected indices up to 1000000, found 18446744073709551615"
    );
    assert_eq!(says("1 1:1\nÿ 1:1"), "x.svm, line 2, column label: expected a number, found \"ÿ\"");
    assert_eq!(
        says(b"1 1:1\n1 \xff:1"),
        "x.svm, line 2: expected text, found bytes that are not UTF-8"
    );
    let long = says(format!("1 {}", "x".repeat(1000)));
    assert_eq!(long, format!("x.svm, line 1: expected index:value, found {:?}", "x".repeat(40)));
}

#[test]
fn comments_may_be_any_bytes() {
    let folder = Folder::new();
    let table = source(&folder, b"1 1:1 # \xff\n0 1:2\n").open().unwrap();
    assert_eq!(numbers(&table.inputs[0]), [1.0, 2.0]);
}

#[test]
fn files_without_rows_or_features_are_refused() {
    for text in ["", "\n\n", "# only a comment\n"] {
        assert_eq!(says(text), "x.svm: expected at least one row, found none");
    }
    assert_eq!(says("1\n0\n"), "x.svm: expected at least one feature, found none");
    assert_eq!(
        says("1 1:1\n1 1:2\n"),
        "x.svm, column label: expected at least two classes, found only 1"
    );
}

#[test]
fn what_is_too_large_is_refused_before_it_takes_memory() {
    let rows: String = (0..2000).map(|i| format!("{} 1000000:1\n", i % 2)).collect();
    assert_eq!(
        says(rows),
        "x.svm: expected at most 8 GiB of numbers, found 2000 rows × 1000000 features"
    );
    let long = vec![b'1'; 9 << 20];
    assert_eq!(says(long), "x.svm, line 1: expected at most 8 MiB in a line, found more");
}

#[test]
fn a_model_gets_what_it_wants() {
    let folder = Folder::new();
    let table = source(&folder, "1 1:1 3:3\n2 2:2\n").open().unwrap();
    let (labelled, unlabelled) = (schema(&table, true), schema(&table, false));
    // Fewer features and one class are enough, and labels mean the same in another form.
    let other = source(&folder, "2.0 1:5\n").open_for(&labelled).unwrap();
    assert_eq!(other.inputs[0].spec, table.inputs[0].spec);
    assert_eq!(numbers(&other.inputs[0]), [5.0, 0.0, 0.0]);
    assert_eq!(other.targets[0].spec, table.targets[0].spec);
    assert_eq!(other.targets[0].values, Values::Indices(vec![1]));
    // Features that the model does not know are ignored, and told.
    let more = source(&folder, "1 1:1 4:1\n1 2:2 3:3 7:1 9:2\n").open_for(&labelled).unwrap();
    assert_eq!(numbers(&more.inputs[0]), [1.0, 0.0, 0.0, 0.0, 2.0, 3.0]);
    assert_eq!(
        more.notes,
        [
            "3 values ignored whose indices are above 3, the last feature of the model; the largest index is 9"
        ]
    );
    assert_eq!(source(&folder, "1 3:1\n").open_for(&labelled).unwrap().notes.len(), 0);
    assert_eq!(
        folder.error(source(&folder, "1 1:1\n\n# \n3 1:1\n").open_for(&labelled)),
        "x.svm, line 4, row 1, column label: unknown label 3; the labels of the model are 1, 2"
    );
    // Labels that nobody wants may be anything, or absent.
    let free = source(&folder, "? 1:1\n2:2\n3 3:3\n").open_for(&unlabelled).unwrap();
    assert_eq!((free.rows, free.targets.len()), (3, 0));
    assert_eq!(numbers(&free.inputs[0]), [1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 3.0]);
}

#[test]
fn settings_are_read_and_checked() {
    let read = |text: &str| serde_json::from_str::<Plugin<dyn Source>>(text);
    let written = r#"{"type":"svmlight","path":"a","features":3,"zero-based":true}"#;
    assert_eq!(serde_json::to_string(&read(written).unwrap()).unwrap(), written);
    for wrong in ["0", "1000001"] {
        let text = format!(r#"{{"type":"svmlight","path":"a","features":{wrong}}}"#);
        let error = read(&text).unwrap_err().to_string();
        assert_eq!(error, format!("features: expected from 1 to 1000000, found {wrong}"));
    }
}

/// A sparse table as rows of a label and values, of which many are 0.
fn tables() -> impl Strategy<Value = (usize, Vec<(u8, Vec<f64>)>)> {
    let value = prop_oneof![Just(0.0), any::<f64>().prop_filter("finite", |x| x.is_finite())];
    (1_usize..8).prop_flat_map(move |width| {
        let row = (0_u8..5, prop::collection::vec(value.clone(), width));
        (Just(width), prop::collection::vec(row, 1..8))
    })
}

/// The text of such a table.
fn text(rows: &[(u8, Vec<f64>)], end: &str) -> String {
    let mut text = String::new();
    for (label, values) in rows {
        text += &label.to_string();
        for (place, x) in values.iter().enumerate().filter(|(_, x)| **x != 0.0) {
            text += &format!(" {}:{x:?}", place + 1);
        }
        text += end;
    }
    text
}

proptest! {
    #[test]
    fn what_is_written_is_read((width, rows) in tables(), end in "( # [a-z:]{0,5}|\t)?\r?\n{1,2}") {
        let folder = Folder::new();
        let mut source = source(&folder, text(&rows, &end));
        source.features = Some(width);
        source.task = Some(Task::Regression);
        let table = source.open().unwrap();
        let labels: Vec<f64> = rows.iter().map(|(label, _)| f64::from(*label)).collect();
        prop_assert_eq!(numbers(&table.targets[0]), labels);
        let expected: Vec<f64> = rows.into_iter().flat_map(|(_, values)| values).collect();
        prop_assert_eq!(numbers(&table.inputs[0]), expected);
    }

    #[test]
    fn damaged_files_are_survived(
        (_, rows) in tables(),
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte: u8,
    ) {
        let folder = Folder::new();
        let mut bytes = text(&rows, "\n").into_bytes();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        bytes.truncate(cut.index(2 * bytes.len())); // half of them stay whole
        survives(&source(&folder, bytes));
    }

    #[test]
    fn any_text_is_survived(text in "[0-9a-c:.+# \r\n-]{0,60}", bytes: Vec<u8>) {
        let folder = Folder::new();
        let mut source = source(&folder, &text);
        survives(&source);
        source.zero_based = Some(true);
        survives(&source);
        survives(&SvmLight::new(folder.write("y", bytes)));
    }
}

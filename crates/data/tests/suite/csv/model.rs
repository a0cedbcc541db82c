//! Files for a model that was made from another.

use super::{File, classes, inputs, numbers, open, open_for, open_with, said, schema};
use tanren_data::Csv;
use tanren_plugin::{DataError, Source as _, Table};

const MODEL: &str = "age,colour,y\n1,red,a\n2,blue,b\n3,green,a\n";

fn model() -> Table {
    open_with(MODEL, |csv| csv.target("y")).unwrap()
}

fn without_target() -> Table {
    Table { targets: vec![], ..model() }
}

fn plain(content: &str, model: &Table) -> Result<Table, DataError> {
    open_for(content, model, |csv| csv)
}

fn error(content: &str, model: &Table) -> String {
    said(plain(content, model).unwrap_err())
}

#[test]
fn columns_are_found_by_name() {
    let table = plain("y,more,colour,age\nb,x,red,5\na,1,blue,6\n", &model()).unwrap();
    assert_eq!(table.inputs[0].spec, model().inputs[0].spec);
    assert_eq!(inputs(&table), [5.0, 2.0, 6.0, 0.0]);
    assert_eq!(classes(&table), (&["a".into(), "b".into()][..], &[1, 0][..]));
    assert!(table.notes.is_empty());
    // What no one asks for may be anything.
    let table = plain("colour,age,y\nred,5,nonsense\n", &without_target()).unwrap();
    assert_eq!((table.targets.len(), inputs(&table)), (0, vec![5.0, 2.0]));
}

#[test]
fn a_row_with_all_names_is_a_header() {
    let model = open_with("a,b\nx,1\ny,1\n", |csv| csv.ignore(["b"])).unwrap();
    let table = plain("b,a\nu,x\nv,y\n", &model).unwrap(); // without a number in it
    assert_eq!(inputs(&table), [0.0, 1.0]);
    let said = "expected rows below the header, found none";
    assert_eq!(error("b,a\n", &model), said);
}

#[test]
fn missing_columns_are_listed() {
    let found = "missing column \"age\" (did you mean \"Age\"?); the columns are Age, colour, y";
    assert_eq!(error("Age,colour,y\n1,red,a\n", &model()), found);
    let found = "missing column \"y\"; the columns are age, colour";
    assert_eq!(error("age,colour\n1,red\n", &model()), found);
    let found = "missing columns \"age\", \"colour\"; the file seems to have no header (its \
                 first row is 1, red); add one";
    assert_eq!(error("1,red\n2,blue\n", &without_target()), found);
    let names: Vec<String> = (0..13).map(|i| format!("x{i}")).collect();
    let wide = open(format!("{}\n{}\n", names.join(","), ["1"; 13].join(",")));
    assert!(error("a,b\n1,2\n", &wide).contains("\"x9\", and 3 more; the columns are a, b"));
}

#[test]
fn unknown_levels_are_zeros() {
    let content = "age,colour\n1,pink\n2,?\n3,red\n4,grey\n";
    let table = plain(content, &without_target()).unwrap();
    assert_eq!(inputs(&table), [1.0, -1.0, 2.0, -9.0, 3.0, 2.0, 4.0, -1.0]);
    let unknown =
        "column colour: 2 cells with categories not seen in training, such as \"pink\" in line 2";
    assert_eq!(table.notes, ["column colour: 1 missing value", unknown]);
    let table = plain("age,colour\n1,pink\n", &without_target()).unwrap();
    let unknown =
        "column colour: 1 cell with a category not seen in training, such as \"pink\" in line 2";
    assert_eq!(table.notes, [unknown]);
}

#[test]
fn levels_that_are_numbers_are_found_by_value() {
    let model = open_with("1,5\n2,6\n", |csv| csv.categories(["0"])).unwrap();
    assert_eq!(inputs(&plain("2.0,5\n01,6\n3,7\n", &model).unwrap())[..4], [1.0, 5.0, 0.0, 6.0]);
}

#[test]
fn names_and_levels_are_the_same_however_unicode_writes_them() {
    let content = "Größe,colour\n1,grün\n2,rosé\n3,red\n4,grün\n";
    let model = open(content);
    let known = ["grün", "red", "rosé"];
    assert_eq!(model.inputs[0].spec.features[1].levels, known);
    let decomposed =
        "Gro\u{308}ße,colour\n1,gru\u{308}n\n2,rose\u{301}\n3,red\u{a0}\n4,\u{a0}grün\n";
    let table = plain(decomposed, &model).unwrap();
    assert_eq!((inputs(&table), table.notes), (inputs(&model), vec![]));
    // And the other way round.
    let other = open(decomposed.replace("\u{a0}grün", "gru\u{308}n"));
    assert_eq!(inputs(&plain(content, &other).unwrap()), inputs(&other));
}

#[test]
fn unknown_labels_are_refused() {
    let model = open_with("x,y\n1,<=50K\n2,>50K\n", |csv| csv.target("y")).unwrap();
    let found = "line 3, row 1, column y: unknown label \"<=50K.\"; did you mean \"<=50K\"?";
    assert_eq!(error("x,y\n1,>50K\n2,<=50K.\n", &model), found);
    let numeric = open_with("x,y\n1,1\n2,2\n1,2\n", |csv| csv.target("y")).unwrap();
    let table = plain("x,y\n1,2.0\n2,+1\n", &numeric).unwrap();
    assert_eq!(classes(&table).1, [1, 0]);
    assert_eq!(error("x,y\n1,3\n", &numeric), "line 2, row 0, column y: unknown label \"3\"");
}

#[test]
fn numbers_must_be_numbers() {
    let found = "line 2, row 0, column age: expected a number, found \"old\"; if it stands for a missing value, \
                 add it to `missing`";
    assert_eq!(error("age,colour\nold,red\n1,red\nolder,red\nold,red\n", &without_target()), found);
    let table = plain("age,colour\n1,red\nold,red\n", &without_target()).unwrap();
    let said = "column age: 1 cell is no number and counts as missing, such as \"old\" in line 3";
    assert_eq!((inputs(&table), table.notes), (vec![1.0, 2.0, -9.0, 2.0], vec![said.to_owned()]));
    let found = "line 2, row 0, column age: expected a finite number, found \"inf\"; if it stands for a \
                 missing value, add it to `missing`";
    assert_eq!(error("age,colour\ninf,red\n3,red\n", &without_target()), found);
    let table = plain("age,colour\n,red\n?,red\n", &without_target()).unwrap();
    assert_eq!(table.notes, ["column age: 2 missing values"]);
}

#[test]
fn regression_targets_must_be_numbers() {
    let model = open_with("x,y\n1,0.5\n2,0.25\n", |csv| csv.target("y")).unwrap();
    let table = plain("y,x\n1,2\n,3\n3,4\n", &model).unwrap();
    assert_eq!((numbers(&table.targets[0]), inputs(&table)), (vec![1.0, 3.0], vec![2.0, 4.0]));
    assert_eq!(table.numbers, Some(vec![0, 2]));
    let found = "line 2, row 0, column y: expected a number, found \"a\"; if it stands for a missing value, add \
                 it to `missing`";
    assert_eq!(error("y,x\na,2\n", &model), found);
}

#[test]
fn rows_whose_target_is_no_number_are_left_out_again() {
    for (odd, usual) in [("ERR", "5"), ("1.50", "1,50"), ("1,50", "1.50")] {
        let row = |i: usize| match i % 10 {
            3 => format!("{};{odd}\n", i % 7),
            _ => format!("{};{i}{usual}\n", i % 7),
        };
        let content = "x;y\n".to_owned() + &(0..40).map(row).collect::<String>();
        let model = open_with(&content, |csv| csv.target("y")).unwrap();
        let table = plain(&content, &model).unwrap();
        assert_eq!((table.rows, &table.numbers), (36, &model.numbers), "{odd}");
        assert_eq!(table.fingerprint(), model.fingerprint(), "{odd}");
    }
}

#[test]
fn without_a_target_every_row_is_kept() {
    let table = plain("age,colour,y\n1,red,?\n2,red,a\n", &without_target()).unwrap();
    assert_eq!((table.rows, table.numbers), (2, None));
}

#[test]
fn models_without_a_header() {
    let rows = "1,a,2\n3,b,4\n";
    let first = open_with("5,1,a,2\n6,3,b,4\n", |csv| csv.target("0")).unwrap();
    let predict = Table { targets: vec![], ..first.clone() };
    // Position 0, the target, is absent: the others moved down.
    assert_eq!(inputs(&plain(rows, &predict).unwrap()), [1.0, 0.0, 2.0, 3.0, 1.0, 4.0]);
    let absent = plain(rows, &predict).unwrap().notes;
    let taken = "3 columns, in training 4: the target, column 0, is taken to be absent";
    assert!(absent.contains(&taken.to_owned()), "{absent:?}");
    let whole = plain("5,1,a,2\n", &predict).unwrap();
    assert_eq!(inputs(&whole), [1.0, 0.0, 2.0]);
    let had = "columns, as in the training file, which had no header";
    assert_eq!(error(rows, &first), format!("expected 4 {had}; found 3"));
    let last = open_with("1,a,2,5\n3,b,4,6\n", |csv| csv.target("-1")).unwrap();
    let predict = Table { targets: vec![], ..last };
    assert_eq!(inputs(&plain(rows, &predict).unwrap()), [1.0, 0.0, 2.0, 3.0, 1.0, 4.0]);
    // Two gaps among the inputs: the settings say which was the target.
    let two = |csv: Csv| csv.target("1").ignore(["0"]);
    let two = Table { targets: vec![], ..open_with("9,5,1,2\n9,6,3,4\n", two).unwrap() };
    let settings = |csv: Csv| csv.target("1");
    assert_eq!(inputs(&open_for("9,1,2\n", &two, settings).unwrap()), [1.0, 2.0]);
    let fewer = format!("{had} (or one less, without the target)");
    assert_eq!(error("9,1,2\n", &two), format!("expected 4 {fewer}; found 3"));
    // Several targets, in any order.
    let several = |csv: Csv| csv.targets(["-1", "1"]);
    let several = open_with("1,5.5,a,2,7.5\n3,6.5,b,4,8.5\n4,1.5,b,1,2.5\n", several).unwrap();
    let trained = inputs(&several);
    for settings in [|csv: Csv| csv.targets(["-1", "1"]), |csv: Csv| csv] {
        let schema = schema(&several).without_targets();
        let read = |content: &str| settings(File::new(content).csv()).open_for(&schema);
        let same = [read("1,a,2\n3,b,4\n4,b,1\n"), read("1,5,a,2,7\n3,6,b,4,8\n4,1,b,1,2\n")];
        same.into_iter().for_each(|table| assert_eq!(inputs(&table.unwrap()), trained));
        let expected = "expected 5 columns, as in the training file, which had no header (or 3, without \
                        the 2 targets); found 4";
        assert_eq!(said(read("1,5,a,2\n3,6,b,4\n").unwrap_err()), expected);
    }
    // The last column was not used, so the highest position does not say how many there were.
    let unused = |csv: Csv| csv.target("0").ignore(["3"]);
    let unused = Table { targets: vec![], ..open_with("5,1,2,9\n6,3,4,9\n", unused).unwrap() };
    let settings = |csv: Csv| csv.target("0");
    assert_eq!(inputs(&open_for("1,2,9\n", &unused, settings).unwrap()), [1.0, 2.0]);
    assert_eq!(error("1,2,9\n", &unused), format!("expected 4 {fewer}; found 3"));
    assert_eq!(error("1,2\n", &unused), format!("expected 4 {fewer}; found 2"));
    let found = "missing columns \"1\", \"2\", \"3\"; the training file had no header, but this \
                 file seems to have one: x, y, z";
    let predict = Table { targets: vec![], ..first };
    assert_eq!(error("x,y,z\n1,a,2\n", &predict), found);
}

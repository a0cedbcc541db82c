//! What the target becomes.

use super::{classes, error_with, inputs, names, numbers, open_with};
use tanren_data::{Csv, Task};
use tanren_plugin::{Feature, Table};
use tanren_tensor::Shape;

fn target(content: &str) -> Table {
    open_with(content, |csv| csv.target("y")).unwrap()
}

/// A column `y` of numbers beside a column of other numbers.
fn column(cells: impl IntoIterator<Item = f64>) -> String {
    let row = |(n, cell): (usize, f64)| format!("{}.5,{cell}\n", n % 7);
    "n,y\n".to_owned() + &cells.into_iter().enumerate().map(row).collect::<String>()
}

/// So many whole numbers, each in so many rows.
fn each(kinds: u32, rows: u32) -> String {
    column((0..kinds * rows).map(|i| f64::from(i % kinds)))
}

fn task(task: Task) -> impl Fn(Csv) -> Csv {
    move |csv| csv.target("y").task(task)
}

#[test]
fn text_and_few_integers_are_classes() {
    let table = target("y,x\nb,1\na,2\nb,3\n");
    assert_eq!(classes(&table), (&["a".into(), "b".into()][..], &[1, 0, 1][..]));
    assert_eq!((table.targets[0].spec.name.as_str(), names(&table)), ("y", vec!["x"]));
    assert_eq!(table.targets[0].spec.shape, Shape::index(2));
    let table = target(&column([10.0, 9.0, -1.0].into_iter().cycle().take(15)));
    assert_eq!(classes(&table).0, ["-1", "9", "10"]);
    let said = "target y: 3 whole numbers from -1 to 10, 5 rows each on average, are taken for classes; \
                `task = \"regression\"` predicts a number";
    assert_eq!(table.notes, [said]);
    let table = target("n,y\n1,1.0\n1,2\n1,1\n"); // by value, in the shortest form
    assert_eq!(classes(&table), (&["1".into(), "2".into()][..], &[0, 1, 0][..]));
    assert_eq!(classes(&target(&each(10, 5))).0.len(), 10);
    assert_eq!(classes(&target(&each(20, 50))).0.len(), 20);
}

#[test]
fn other_numbers_are_numbers() {
    let grades = "target y: 18 whole numbers from 0 to 17, 21 rows each on average, are taken for \
                  numbers; `task = \"classification\"` makes each value a class";
    assert_eq!(target(&each(18, 21)).notes, [grades]);
    for content in [each(21, 100), each(10, 4), each(18, 21), each(3, 1), column([0.5, 1.0])] {
        let table = target(&content);
        let spec = &table.targets[0].spec;
        assert_eq!(
            (spec.shape, &spec.features[..]),
            (Shape::vector(1), &[Feature::number("y")][..])
        );
        assert_eq!(numbers(&table.targets[0]).len(), table.rows);
    }
}

#[test]
fn text_that_always_differs_is_no_class() {
    let rows = |texts: u32, rows: u32| {
        let row = |i: u32| format!("{};no {}\n", i % 7, i % texts);
        "n;y\n".to_owned() + &(0..rows).map(row).collect::<String>()
    };
    let found = "column y: expected numbers or classes, found text that differs in most rows, such as \
                 \"no 0\"; if these are numbers or dates, say how they are written by `formats.y = \"…\"`; \
                 set `task = \"classification\"` if these are classes";
    assert_eq!(error_with(rows(30, 59), |csv| csv.target("y")), found);
    assert_eq!(classes(&target(&rows(30, 60))).0.len(), 30);
    assert_eq!(classes(&target(&rows(20, 20))).0.len(), 20);
    let table = open_with(rows(30, 30), task(Task::Classification)).unwrap();
    assert_eq!(classes(&table).0.len(), 30);
    let found = "column y: expected at most 10,000 classes, found more";
    assert_eq!(error_with(rows(10_001, 30_003), |csv| csv.target("y")), found);
}

#[test]
fn decimal_commas_of_a_target_are_said() {
    let table = target("n;y\n1;0,5\n2;1,5\n");
    assert_eq!(numbers(&table.targets[0]), [0.5, 1.5]);
    assert_eq!(table.notes, ["column y: read as numbers written like 1234,5"]);
}

#[test]
fn a_target_that_does_not_vary_is_refused() {
    let said = "column y: expected a target that varies, found only \"1.5\"";
    assert_eq!(error_with(column([1.5; 10]), |csv| csv.target("y")), said);
}

#[test]
fn rows_whose_target_is_no_number_are_left_out() {
    let cells = (0..40).map(|i| if i % 8 == 3 { "ERR".into() } else { format!("{i}.5") });
    let row = |(n, cell): (usize, String)| format!("{},{cell}\n", n % 7);
    let table = target(&("n,y\n".to_owned() + &cells.enumerate().map(row).collect::<String>()));
    assert_eq!((table.rows, table.number(3)), (35, 4));
    assert_eq!(
        table.notes,
        [
            "5 rows left out: the target y is no number there, such as \"ERR\" in line 5",
            "5 rows without a target left out"
        ]
    );
}

#[test]
fn a_word_among_classes_that_are_numbers_may_be_one() {
    let row = |i: usize| match i % 9 {
        4 => format!("{}.5,unknown\n", i % 7),
        _ => format!("{}.5,{}\n", i % 7, i % 4),
    };
    let content = "n,y\n".to_owned() + &(0..90).map(row).collect::<String>();
    let table = target(&content);
    assert_eq!((classes(&table).0.len(), table.rows), (4, 80));
    let said = "10 rows left out: the target y is no number there, such as \"unknown\" in line 6; \
                `task = \"classification\"` keeps such a text as a class";
    assert!(table.notes.contains(&said.to_owned()), "{:?}", table.notes);
    let table = open_with(&content, task(Task::Classification)).unwrap();
    assert_eq!(
        (classes(&table).0, table.rows),
        (&["0", "1", "2", "3", "unknown"].map(String::from)[..], 90)
    );
}

#[test]
fn the_task_may_be_given() {
    let table = open_with(column([1.0, 2.5]), task(Task::Classification)).unwrap();
    assert_eq!(classes(&table).0, ["1", "2.5"]);
    let table = open_with(column([1.0, 2.0]), task(Task::Regression)).unwrap();
    assert_eq!(numbers(&table.targets[0]), [1.0, 2.0]);
    let said = "line 2, row 0, column y: expected a number, found \"a\"; if it stands for a missing value, add \
                it to `missing`";
    assert_eq!(error_with("n,y\n1,a\n1,b\n", task(Task::Regression)), said);
    let table = open_with(column([1.0, 2.5]), |csv| csv.target("y").categories(["y"])).unwrap();
    assert_eq!(classes(&table).0, ["1", "2.5"]);
    let table = open_with(column([1.0, 2.0]), |csv| csv.target("y").numbers(["y"])).unwrap();
    assert_eq!(numbers(&table.targets[0]), [1.0, 2.0]);
}

#[test]
fn classes_are_not_too_many_nor_too_few() {
    let content = column((0..10_000).map(f64::from));
    let table = open_with(&content, task(Task::Classification)).unwrap();
    assert_eq!(classes(&table).0.len(), 10_000);
    let said = "column y: expected at most 10,000 classes, found more";
    assert_eq!(error_with(content + "1,10000\n", task(Task::Classification)), said);
    let said = "column y: expected at least two classes, found only \"a\"";
    assert_eq!(error_with("n,y\n1,a\n2,a\n", |csv| csv.target("y")), said);
}

#[test]
fn rows_without_a_target_are_left_out() {
    let table = target("x,y\n1,a\n\n2,?\n,b\n4,\n5,a\n");
    assert_eq!((table.rows, inputs(&table)), (3, vec![1.0, -9.0, 5.0]));
    assert_eq!(table.numbers, Some(vec![0, 2, 4]));
    assert_eq!(table.notes, ["2 rows without a target left out", "column x: 1 missing value"]);
    assert_eq!(target("x,y\n1,a\n2,?\n4,b\n").notes, ["1 row without a target left out"]);
    let said =
        "column y: expected rows with a target, found none: all values of the target are missing";
    assert_eq!(error_with("x,y\n1,?\n", |csv| csv.target("y")), said);
}

#[test]
fn columns_are_named_or_counted() {
    for name in ["y", "1", "-1"] {
        assert_eq!(open_with("x,y\n1,a\n2,b\n", |csv| csv.target(name)).unwrap().targets.len(), 1);
    }
    let table = open_with("1,x\n1,a\n2,b\n", |csv| csv.header(true).target("1")).unwrap();
    assert_eq!(table.targets[0].spec.features.len(), 0); // the name comes before the position
    assert_eq!(classes(&table).0, ["1", "2"]);
}

#[test]
fn several_targets_may_be_one_vector() {
    let joint = |csv: Csv| csv.targets(["sad", "loud"]).joint();
    let text = "sad,x,loud\n1,2,0\n0,3,0.5\n0,?,1\n,4,1\n1,5,0\n";
    let table = open_with(text, joint).unwrap();
    let [target] = &table.targets[..] else { panic!("{:?}", table.targets) };
    assert_eq!((target.spec.name.as_str(), target.spec.shape), ("sad+loud", Shape::vector(2)));
    assert_eq!(target.spec.features, ["sad", "loud"].map(Feature::number));
    // Whole numbers are numbers here, and a row without one of them is none.
    assert_eq!(numbers(target), [1.0, 0.0, 0.0, 0.5, 0.0, 1.0, 1.0, 0.0]);
    assert_eq!(table.inputs[0].width(), 1);
    let said = error_with("sad,x,loud\nyes,1,0\nno,2,1\nno,3,1\n", joint);
    assert!(said.contains("column sad: ") && said.contains("number"), "{said}");
    let classes = |csv: Csv| joint(csv).task(Task::Classification);
    let said = error_with(text, classes);
    assert!(
        said.contains("expected a number, for targets that are joint, found classes"),
        "{said}"
    );
    let many = |csv: Csv| csv.targets(["a", "b", "c", "d"]).joint();
    let table = open_with("x,a,b,c,d\n1,0,1,0,1\n2,1,0,1,0\n", many).unwrap();
    assert_eq!(table.targets[0].spec.name, "a to d (4)");
}

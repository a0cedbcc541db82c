//! Two sources as one: the second follows the first, read as it was.

use crate::files::{Folder, features, numbers, schema, survives};
use serde::{Deserialize, Serialize};
use tanren_data::{Csv, GivenSplit, Iris, Npy, NpyArray, SvmLight, Task, TrainTest};
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Part, Plugin, Seed, Source, Split, Table, Values, typetag,
};
use tanren_tensor::Shape;

fn npy(folder: &Folder, name: &str, width: usize, values: &[f64]) -> Npy {
    let shape = vec![values.len() / width, width];
    NpyArray { shape, values: Values::Double(values.to_vec()) }.write(folder.path(name)).unwrap();
    Npy::new(folder.path(name)).target(-1)
}

#[test]
fn test_rows_follow_those_to_train_on() {
    let folder = Folder::new();
    let nan = f64::NAN;
    let train = npy(&folder, "a.npy", 2, &[1.0, 5.0, 2.0, nan, 3.0, 6.0, 4.0, 7.0]);
    let train = Npy { task: Some(Task::Classification), ..train };
    let test = npy(&folder, "b.npy", 2, &[8.0, nan, 9.0, 7.0]);
    let source = TrainTest::new(train, test);
    let table = source.open().unwrap();
    table.check().unwrap();
    assert_eq!((table.name.as_str(), table.rows), ("a", 4));
    assert_eq!(numbers(&table.inputs[0]), [1.0, 3.0, 4.0, 9.0]);
    assert_eq!(features(&table.inputs[0]), ["0"]);
    assert_eq!(table.targets[0].spec.levels, ["5", "6", "7"]);
    assert_eq!(table.targets[0].values, Values::Indices(vec![0, 1, 2, 2]));
    assert_eq!(table.parts, Some(vec![Part::Train, Part::Train, Part::Train, Part::Test]));
    assert_eq!(table.numbers, Some(vec![0, 2, 3, 5])); // 4 would be the first of b
    assert_eq!(
        table.notes,
        ["1 row without a target left out", "b: 1 row without a target left out"]
    );
    assert_eq!(source.open_for(&schema(&table, true)).unwrap(), table);
    let unlabelled = source.open_for(&schema(&table, false)).unwrap();
    assert_eq!((unlabelled.rows, unlabelled.targets.len(), unlabelled.numbers), (6, 0, None));
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let folder = Folder::new();
    let train = npy(&folder, "a.npy", 2, &[1.0, 0.0, 2.0, 1.0]);
    let wide = npy(&folder, "b.npy", 3, &[1.0, 1.0, 0.0, 2.0, 2.0, 1.0]);
    assert_eq!(
        folder.error(TrainTest::new(train.clone(), wide).open()),
        "b, column features: expected 1 features, as in a, found 2 features"
    );
    let unknown = npy(&folder, "c.npy", 2, &[1.0, 7.0]);
    assert_eq!(
        folder.error(TrainTest::new(train, unknown).open()),
        "c.npy, row 0, column 1: unknown label 7; the labels of the model are 0, 1"
    );
    assert_eq!(
        folder.error(TrainTest::new(Given::named("x"), Given::rows(1)).open()),
        "given: expected 1 targets, as in given, found 0"
    );
    assert_eq!(
        folder.error(TrainTest::new(Given::named("x"), Given::named("y")).open()),
        "given, column label: expected the levels x, as in given, found y"
    );
}

/// A source that says what a test wants.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    rows: usize,
    level: String,
}

impl Given {
    fn rows(rows: usize) -> Self {
        Self { rows, level: String::new() }
    }

    fn named(level: &str) -> Self {
        Self { rows: 1, level: level.into() }
    }
}

impl Checked for Given {}

#[typetag::serde(name = "test/given")]
impl Source for Given {
    fn open(&self) -> Result<Table, DataError> {
        // Row r is a sequence of r + 1 steps of one number.
        let offsets = (0..=self.rows).map(|r| r * (r + 1) / 2).collect::<Vec<_>>();
        let steps = offsets[self.rows];
        let mut input = Field::new(
            FieldSpec::new("steps", Shape::sequence(1)),
            Values::Single(vec![0.5; steps]),
        );
        input.offsets = Some(offsets);
        let targets = match self.level.as_str() {
            "" => Vec::new(),
            level => vec![Field::classes("label", vec![level.into()], vec![0; self.rows])],
        };
        let (weights, parts) = match self.rows {
            2 => (Some(vec![0.25, 4.0]), Some(vec![Part::Validation, Part::Train])),
            _ => (None, None),
        };
        let (name, rows) = ("given".into(), self.rows);
        Ok(Table { name, rows, inputs: vec![input], targets, weights, parts, ..Table::default() })
    }
}

#[test]
fn sequences_weights_and_parts_go_on() {
    let table = TrainTest::new(Given::rows(2), Given::rows(3)).open().unwrap();
    table.check().unwrap();
    assert_eq!(table.inputs[0].offsets, Some(vec![0, 1, 3, 4, 6, 9]));
    assert_eq!(table.weights, Some(vec![0.25, 4.0, 1.0, 1.0, 1.0]));
    let test = Part::Test;
    assert_eq!(table.parts, Some(vec![Part::Validation, Part::Train, test, test, test]));
    assert_eq!((table.numbers, table.notes.len()), (None, 0));
    // What the second says of its rows does not matter, what they weigh does.
    let table = TrainTest::new(Given::rows(1), Given::rows(2)).open().unwrap();
    assert_eq!(table.parts, Some(vec![Part::Train, test, test]));
    assert_eq!(table.weights, Some(vec![1.0, 0.25, 4.0]));
}

#[test]
fn numbers_of_two_precisions_become_doubles() {
    let folder = Folder::new();
    let bytes = NpyArray { shape: vec![1, 1], values: Values::Bytes(vec![7]) };
    bytes.write(folder.path("a")).unwrap();
    let single = NpyArray { shape: vec![1, 1], values: Values::Single(vec![0.5]) };
    single.write(folder.path("b")).unwrap();
    let pair = |a, b| TrainTest::new(Npy::new(folder.path(a)), Npy::new(folder.path(b))).open();
    assert_eq!(pair("a", "b").unwrap().inputs[0].values, Values::Double(vec![7.0, 0.5]));
    assert_eq!(pair("a", "a").unwrap().inputs[0].values, Values::Bytes(vec![7, 7]));
    assert_eq!(pair("b", "b").unwrap().inputs[0].values, Values::Single(vec![0.5, 0.5]));
}

#[test]
fn rows_for_validation_follow_those_for_testing() {
    let folder = Folder::new();
    let nan = f64::NAN;
    let file = |name: &str, values: &[f64]| npy(&folder, name, 2, values);
    let train = file("a.npy", &[1.0, 5.0, 2.0, nan, 3.0, 6.0]);
    let (test, validation) = (file("b.npy", &[4.0, 6.0, 5.0, nan]), file("c.npy", &[6.0, 5.0]));
    let source = TrainTest::new(train.clone(), test).validation(validation.clone());
    let table = source.open().unwrap();
    table.check().unwrap();
    assert_eq!(numbers(&table.inputs[0]), [1.0, 3.0, 4.0, 6.0]);
    assert_eq!(table.targets[0].values, Values::Indices(vec![0, 1, 1, 0]));
    let [train_part, test_part] = [Part::Train, Part::Test];
    assert_eq!(table.parts, Some(vec![train_part, train_part, test_part, Part::Validation]));
    assert_eq!((table.numbers.clone(), table.source_rows), (Some(vec![0, 2, 3, 5]), Some(6)));
    assert_eq!(source.open_for(&schema(&table, true)).unwrap(), table);
    // The split that is given takes them, and no others.
    let parts = GivenSplit { validation: 0.5 }.split(&table, Seed(1).stream("split")).unwrap();
    assert_eq!(Some(parts), table.parts);

    let alone = TrainTest { train: train.into(), test: None, validation: Some(validation.into()) };
    let table = alone.open().unwrap();
    assert_eq!(table.parts, Some(vec![Part::Train, Part::Train, Part::Validation]));
    let none = TrainTest { validation: None, ..alone };
    assert_eq!(
        none.check().unwrap_err().to_string(),
        "test: expected a source (or one for `validation`), found nothing"
    );
}

/// The others are read as a model reads: columns by name, in any order, among any others.
#[test]
fn other_files_are_read_by_the_columns_of_the_first() {
    let folder = Folder::new();
    let csv = |name: &str, text: &str| Csv::new(folder.write(name, text)).target("y");
    let train = csv("a.csv", "colour,x,y\nred,1,0.5\nblue,2,1.5\nred,3,2.5\n");
    let test = csv("b.csv", "y,note,x,colour\n7.5,u,8,blue\n8.5,v,9,green\n");
    let table = TrainTest::new(train.clone(), test).open().unwrap();
    assert_eq!(numbers(&table.inputs[0]), [1.0, 1.0, 0.0, 2.0, 1.0, 3.0, 0.0, 8.0, -1.0, 9.0]);
    assert_eq!(numbers(&table.targets[0]), [0.5, 1.5, 2.5, 7.5, 8.5]);
    let unknown = "b: column colour: 1 cell with a category not seen in training, such as \"green\" in \
                   line 3";
    assert_eq!(table.notes, [unknown]);

    let bare = csv("c.csv", "colour,x\nred,1\n");
    assert_eq!(
        folder.error(TrainTest::new(train.clone(), bare.clone()).open()),
        "c.csv: missing column \"y\"; the columns are colour, x; rows for testing must have the target \"y\""
    );
    let source = TrainTest::new(train.clone(), train.clone()).validation(bare);
    let said = folder.error(source.open());
    assert!(said.ends_with("; rows for validation must have the target \"y\""), "{said}");
    // Other mistakes are told as they are.
    let narrow = csv("d.csv", "x,y\n1,1\n");
    let said = folder.error(TrainTest::new(train, narrow).open());
    assert!(said.contains("missing column \"colour\"") && !said.contains("rows for"), "{said}");
}

#[test]
fn settings_are_those_of_both() {
    let text = r#"{"type":"train-test","train":"iris","test":{"type":"iris"}}"#;
    let source: Plugin<dyn Source> = serde_json::from_str(text).unwrap();
    assert_eq!(source.open().unwrap().rows, 300);
    let toml = toml::to_string(&TrainTest::new(Iris {}, SvmLight::new("x"))).unwrap();
    let read: TrainTest = toml::from_str(&toml).unwrap();
    assert_eq!(toml::to_string(&read).unwrap(), toml);
    let wrong = TrainTest::new(Iris {}, SvmLight { features: Some(0), ..SvmLight::new("x") });
    assert_eq!(
        wrong.check().unwrap_err().to_string(),
        "test.features: expected from 1 to 1000000, found 0"
    );
    survives(&wrong);
    let source = TrainTest::new(Iris {}, Iris {}).validation(Iris {});
    let text = serde_json::to_string(&source).unwrap();
    assert!(text.contains(r#""validation":{"type":"iris"}"#), "{text}");
    let read: TrainTest = serde_json::from_str(&text).unwrap();
    assert_eq!(read.open().unwrap().rows, 450);
}

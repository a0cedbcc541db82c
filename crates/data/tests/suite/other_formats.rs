//! What a model of one format reads of a file of another: by names where both have them, and else by
//! positions.

use crate::files::{Folder, features, numbers, schema};
use tanren_data::{Csv, FileOptions, Idx, IdxArray, Npy, NpyArray, SvmLight, file};
use tanren_plugin::{Plugin, Schema, Source, Table, Values};
use tanren_tensor::Shape;

const NOTE: &str = "the columns have no names that the model knows: they are taken in the order of its training data";

fn npy(folder: &Folder, shape: &[usize], values: &[f64]) -> Npy {
    let array = NpyArray { shape: shape.to_vec(), values: Values::Double(values.to_vec()) };
    array.write(folder.path("x.npy")).unwrap();
    Npy::new(folder.path("x.npy"))
}

fn csv(folder: &Folder, text: &str) -> Csv {
    Csv::new(folder.write("x.csv", text))
}

/// What a file is to a model, as its content says, without settings.
fn read(folder: &Folder, name: &str, known: &Schema) -> Table {
    let source: Plugin<dyn Source> = file(&folder.path(name), &FileOptions::default()).unwrap();
    let table = source.open_for(known).unwrap();
    table.check().unwrap();
    assert_eq!(table.inputs[0].spec, known.inputs[0]);
    table
}

#[test]
fn columns_without_names_are_positions_in_both() {
    let folder = Folder::new();
    let source = csv(&folder, "1,5,2,0\n3,6,4,1\n5,5,6,1\n").target("-1");
    let opened = source.open().unwrap();
    let (labelled, unlabelled) = (schema(&opened, true), schema(&opened, false));
    npy(&folder, &[1, 3], &[7.0, 8.0, 9.0]);
    let table = read(&folder, "x.npy", &unlabelled);
    assert_eq!(numbers(&table.inputs[0]), [7.0, 8.0, 9.0]);
    assert!(table.notes.is_empty());
    // With the column to predict: it is not an input, and known where it is wanted.
    npy(&folder, &[2, 4], &[7.0, 8.0, 9.0, 1.0, 7.0, 8.0, 9.0, 0.0]);
    let table = read(&folder, "x.npy", &unlabelled);
    assert_eq!(numbers(&table.inputs[0]), [7.0, 8.0, 9.0, 7.0, 8.0, 9.0]);
    let table = read(&folder, "x.npy", &labelled);
    assert_eq!(table.targets[0].values, Values::Indices(vec![1, 0]));
    assert_eq!(table.targets[0].spec, labelled.targets[0]);
    // A column that the model does not use is not read.
    let source = csv(&folder, "1,5,2,0\n3,6,4,1\n5,5,6,1\n").target("0").ignore(["2"]);
    let known = schema(&source.task(tanren_data::Task::Regression).open().unwrap(), true);
    assert_eq!(features_of(&known), ["1", "3"]);
    let table = read(&folder, "x.npy", &known);
    assert_eq!(numbers(&table.inputs[0]), [8.0, 1.0, 8.0, 0.0]);
    assert_eq!(numbers(&table.targets[0]), [7.0, 7.0]);
}

fn features_of(schema: &Schema) -> Vec<&str> {
    schema.inputs[0].features.iter().map(|feature| feature.name.as_str()).collect()
}

#[test]
fn models_of_arrays_read_tables() {
    let folder = Folder::new();
    let opened = npy(&folder, &[2, 3], &[0.0, 1.5, 2.5, 1.0, 3.5, 4.5]).target(0).open().unwrap();
    let (labelled, unlabelled) = (schema(&opened, true), schema(&opened, false));
    csv(&folder, "1,7,8\n0,9,10\n");
    let table = read(&folder, "x.csv", &labelled);
    assert_eq!(numbers(&table.inputs[0]), [7.0, 8.0, 9.0, 10.0]);
    assert_eq!(table.targets[0].values, Values::Indices(vec![1, 0]));
    csv(&folder, "7,8\n9,10\n");
    let table = read(&folder, "x.csv", &unlabelled);
    assert_eq!(numbers(&table.inputs[0]), [7.0, 8.0, 9.0, 10.0]);
    folder.write("x", "3 1:7\n1 2:8\n"); // SVMLight
    let table = read(&folder, "x", &unlabelled);
    assert_eq!((numbers(&table.inputs[0]), table.notes.len()), (vec![7.0, 0.0, 0.0, 8.0], 0));
    let last = npy(&folder, &[2, 3], &[1.5, 2.5, 0.0, 3.5, 4.5, 1.0]).target(2).open().unwrap();
    let table = read(&folder, "x", &schema(&last, false)); // whose features are 0 and 1
    assert_eq!(numbers(&table.inputs[0]), [7.0, 0.0, 0.0, 8.0]);
    assert_eq!(table.notes, ["indices are taken as positions among the features of the model"]);
}

#[test]
fn models_of_sparse_rows_read_columns_called_by_indices() {
    let folder = Folder::new();
    let sparse = SvmLight::new(folder.write("x", "1 1:1 3:3\n2 2:2\n")).open().unwrap();
    let known = schema(&sparse, false);
    csv(&folder, "3,1,y,2\n30,10,0,20\n31,11,1,21\n");
    let table = read(&folder, "x.csv", &known);
    assert_eq!(numbers(&table.inputs[0]), [10.0, 20.0, 30.0, 11.0, 21.0, 31.0]);
    npy(&folder, &[1, 3], &[7.0, 8.0, 9.0]);
    let table = read(&folder, "x.npy", &known);
    assert_eq!(numbers(&table.inputs[0]), [7.0, 8.0, 9.0]);
    assert_eq!(table.notes, [NOTE]);
}

#[test]
fn models_of_named_columns_read_positions_and_say_so() {
    let folder = Folder::new();
    let opened = csv(&folder, "a,b,y\n1,2,3.5\n4,5,6.5\n").target("y").open().unwrap();
    let known = schema(&opened, false);
    npy(&folder, &[1, 2], &[7.0, 8.0]);
    let table = read(&folder, "x.npy", &known);
    assert_eq!((numbers(&table.inputs[0]), table.notes), (vec![7.0, 8.0], vec![NOTE.to_owned()]));
    folder.write("x", "0 2:5\n");
    assert_eq!(numbers(&read(&folder, "x", &known).inputs[0]), [0.0, 5.0]);
    let categories = csv(&folder, "a,b,y\n1,u,3.5\n4,v,6.5\n").target("y").open().unwrap();
    assert_eq!(
        folder.error(Npy::new(folder.path("x.npy")).open_for(&schema(&categories, false))),
        "x.npy, column b: the model expects a category here, which a file of numbers cannot contain"
    );
}

#[test]
fn pictures_and_rows_of_their_pixels_are_the_same() {
    let folder = Folder::new();
    let images = IdxArray { shape: vec![2, 2, 3], values: Values::Bytes((0..12).collect()) };
    images.write(folder.path("images")).unwrap();
    let pictures = schema(&Idx::new(folder.path("images")).open().unwrap(), false);
    let expected: Vec<f64> = (0..12).map(f64::from).collect();
    npy(&folder, &[2, 6], &expected);
    let table = read(&folder, "x.npy", &pictures);
    assert_eq!(table.inputs[0].spec.shape, Shape::image(2, 3, 1));
    assert_eq!((numbers(&table.inputs[0]), table.notes), (expected, vec![NOTE.to_owned()]));

    let row = |row: u8| (0..6).map(|i| (6 * row + i).to_string()).collect::<Vec<_>>().join(",");
    let text = format!("a,b,c,d,e,f,y\n{},1.5\n{},2.5\n", row(0), row(1));
    let opened = csv(&folder, &text).target("y").open().unwrap();
    assert_eq!(features(&opened.inputs[0]), ["a", "b", "c", "d", "e", "f"]);
    let table = read(&folder, "images", &schema(&opened, false));
    assert_eq!(table.inputs[0].spec.shape, Shape::vector(6));
    assert_eq!(numbers(&table.inputs[0]), numbers(&opened.inputs[0]));
}

/// A header is known for one by any text above numbers; what it says does not matter to positions.
#[test]
fn names_of_columns_may_stand_where_a_model_has_positions() {
    let folder = Folder::new();
    let note = vec![NOTE.to_owned()];
    let opened = npy(&folder, &[2, 3], &[0.0, 1.5, 2.5, 1.0, 3.5, 4.5]).target(0).open().unwrap();
    let (labelled, unlabelled) = (schema(&opened, true), schema(&opened, false));
    csv(&folder, "class,a,b\n1,7,8\n0,9,10\n");
    let table = read(&folder, "x.csv", &labelled);
    assert_eq!((numbers(&table.inputs[0]), &table.notes), (vec![7.0, 8.0, 9.0, 10.0], &note));
    assert_eq!(table.targets[0].values, Values::Indices(vec![1, 0]));
    assert_eq!(numbers(&read(&folder, "x.csv", &unlabelled).inputs[0]), [7.0, 8.0, 9.0, 10.0]);
    csv(&folder, "a,b\n7,8\n9,10\n");
    let table = read(&folder, "x.csv", &unlabelled);
    assert_eq!((numbers(&table.inputs[0]), &table.notes), (vec![7.0, 8.0, 9.0, 10.0], &note));
    // Other numbers of columns are refused as before.
    csv(&folder, "a,b,c,d\n1,2,3,4\n");
    let said = folder.error(Csv::new(folder.path("x.csv")).open_for(&unlabelled));
    assert!(said.contains("the training file had no header"), "{said}");

    let sparse = SvmLight::new(folder.write("s", "1 1:1 2:3\n2 2:2\n")).open().unwrap();
    csv(&folder, "7,8\n9,10\n");
    let table = read(&folder, "x.csv", &schema(&sparse, false));
    assert_eq!(
        (numbers(&table.inputs[0]), &table.notes[..]),
        (vec![7.0, 8.0, 9.0, 10.0], &note[..])
    );
    // The target is no input, whether it is wanted or not and however many columns there are.
    csv(&folder, "label,u,v\n1,7,8\n2,9,10\n");
    let table = read(&folder, "x.csv", &schema(&sparse, false));
    assert_eq!(numbers(&table.inputs[0]), [7.0, 8.0, 9.0, 10.0]);
    csv(&folder, "label,u\n1,7\n2,9\n");
    for wanted in [true, false] {
        let said = folder.error(Csv::new(folder.path("x.csv")).open_for(&schema(&sparse, wanted)));
        assert!(said.contains("missing columns \"1\", \"2\""), "{said}");
    }

    // Pixels, as MNIST is often passed on: the class, and then the pixels of each row.
    let images = IdxArray { shape: vec![2, 1, 2], values: Values::Bytes(vec![5, 6, 7, 8]) };
    images.write(folder.path("i")).unwrap();
    let labels = IdxArray { shape: vec![2], values: Values::Bytes(vec![3, 4]) };
    labels.write(folder.path("l")).unwrap();
    let opened = Idx::new(folder.path("i")).labels(folder.path("l")).open().unwrap();
    csv(&folder, "label,pixel0,pixel1\n4,1,2\n3,0,9\n");
    let table = read(&folder, "x.csv", &schema(&opened, true));
    assert_eq!((numbers(&table.inputs[0]), &table.notes), (vec![1.0, 2.0, 0.0, 9.0], &note));
    assert_eq!(table.targets[0].values, Values::Indices(vec![1, 0]));
    assert_eq!(table.inputs[0].spec.shape, Shape::image(1, 2, 1));
    for text in ["p,q\n1,2\n", "1,2\n"] {
        csv(&folder, text);
        assert_eq!(numbers(&read(&folder, "x.csv", &schema(&opened, false)).inputs[0]), [1.0, 2.0]);
    }
    // Names that mean something are never passed over.
    let named = csv(&folder, "a,b\n1,2\n3,4\n").open().unwrap();
    csv(&folder, "a,c\n1,2\n");
    let said = folder.error(Csv::new(folder.path("x.csv")).open_for(&schema(&named, false)));
    assert!(said.contains("missing column \"b\""), "{said}");
}

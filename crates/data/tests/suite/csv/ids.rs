//! Columns by which people know the rows: no inputs, and beside predictions as they are written.

use super::{File, Table, error_with, names, open_with, schema};
use std::ops::ControlFlow;
use tanren_data::{Csv, TrainTest};
use tanren_plugin::{DataError, Schema, Source, Texts};

const ORDERS: &str = "order,x,y\n007,1,2\n\"a, b\",2,4\n,3,6\n010,4,8\n";

/// The table of a file for a model that was trained on `ORDERS`, whose caller asks for these ids.
fn read(content: &str, ids: &[&str], asked: Option<&[&str]>) -> Result<Table, DataError> {
    let model = open_with(ORDERS, |csv| csv.target("y").ids(["order"])).unwrap();
    let asked = asked.map(|asked| asked.iter().map(ToString::to_string).collect());
    let schema = Schema { ids: asked, ..schema(&model).without_targets() };
    let file = File::new(content);
    let table = file.csv().ids(ids.iter().copied()).open_for(&schema)?;
    table.check().unwrap();
    Ok(table)
}

fn texts(name: &str, texts: &[&str]) -> Texts {
    Texts { name: name.into(), texts: texts.iter().map(ToString::to_string).collect() }
}

#[test]
fn ids_are_no_inputs_and_are_read_for_whoever_asks() {
    let model = open_with(ORDERS, |csv| csv.target("y").ids(["order"])).unwrap();
    assert_eq!(names(&model), ["x"]);
    assert_eq!(model.ids, []);
    let order = texts("order", &["007", "a, b", "", "010"]);
    let x = texts("x", &["1", "2", "3", "4"]);
    let ids = |ids: &[&str], asked: Option<&[&str]>| read(ORDERS, ids, asked).unwrap().ids;
    assert_eq!(ids(&["order"], None), []);
    assert_eq!(ids(&["order"], Some(&[])), std::slice::from_ref(&order));
    assert_eq!(ids(&[], Some(&[])), []);
    // Any column may be asked for, by its position, too, and twice.
    assert_eq!(ids(&["order"], Some(&["x", "order"])), [order.clone(), x]);
    assert_eq!(ids(&[], Some(&["0"])), [order]);
}

#[test]
fn ids_that_are_absent_are_told() {
    let table = read("x\n1\n2\n", &["order"], Some(&[])).unwrap();
    assert_eq!(table.ids, []);
    assert_eq!(table.notes, ["no column order to stand beside the predictions"]);
    let said = read(ORDERS, &[], Some(&["ordr"])).unwrap_err().message;
    assert!(said.contains("no column \"ordr\" (did you mean \"order\"?)"), "{said}");
    let twice = error_with(ORDERS, |csv| csv.target("y").ids(["y"]));
    assert!(twice.contains("both `target` and `ids`"), "{twice}");
}

/// What was the last column in training need not be the last one in another file.
#[test]
fn columns_for_new_files_are_named_and_not_counted() {
    for set in [|csv: Csv| csv.ids(["-3"]), |csv: Csv| csv.weights("0")] {
        let said = error_with(ORDERS, |csv| set(csv.target("y")));
        assert!(said.contains("expected the name of a column, found the position"), "{said}");
        assert!(said.contains("write \"order\""), "{said}");
    }
    // Without a header there is nothing but positions.
    let bare = ORDERS.split_once('\n').unwrap().1;
    let model = open_with(bare, |csv| csv.target("2").ids(["0"])).unwrap();
    assert_eq!(names(&model), ["1"]);
    let schema = Schema { ids: Some(vec![]), ..schema(&model) };
    let table = File::new(bare).csv().target("2").ids(["0"]).open_for(&schema).unwrap();
    assert_eq!(table.ids, [texts("0", &["007", "a, b", "", "010"])]);
    // Positions are those of the training file where its first column, the target, is absent.
    let bare = "2,007,1\n4,a,2\n8,010,4\n";
    let model = open_with(bare, |csv| csv.target("0").ids(["1"])).unwrap();
    let asked = Schema { ids: Some(vec![]), ..super::schema(&model).without_targets() };
    let new = File::new("b1,5\nb2,6\n");
    let table = new.csv().target("0").ids(["1"]).open_for(&asked).unwrap();
    assert_eq!(table.ids[0].texts, ["b1", "b2"]);
}

#[test]
fn what_groups_rows_may_be_their_id() {
    let model = open_with(ORDERS, |csv| csv.target("y").ids(["order"]).beside(["order"])).unwrap();
    assert_eq!((names(&model), model.beside.len()), (vec!["x"], 1));
}

#[test]
fn ids_come_chunk_by_chunk() {
    let model = open_with(ORDERS, |csv| csv.target("y").ids(["order"])).unwrap();
    let schema = Schema { ids: Some(vec![]), ..schema(&model).without_targets() };
    let file = File::new(ORDERS);
    let mut seen = Vec::new();
    let mut see = |table: &Table| {
        table.check().unwrap();
        seen.push(table.ids[0].texts.join("|"));
        ControlFlow::Continue(())
    };
    file.csv().ids(["order"]).chunks_for(&schema, 3, &mut see).unwrap();
    assert_eq!(seen, ["007|a, b|", "010"]);
}

#[test]
fn ids_of_two_files_stand_one_after_the_other() {
    let (train, test) = (File::new(ORDERS), File::new("y,order,x\n3,b7,1\n4,b8,2\n"));
    let csv = |file: &File| -> Csv { file.csv().target("y").ids(["order"]) };
    let both = TrainTest::new(csv(&train), csv(&test));
    let model = both.open().unwrap();
    assert_eq!(model.ids, []);
    let table = both.open_for(&Schema { ids: Some(vec![]), ..schema(&model) }).unwrap();
    table.check().unwrap();
    assert_eq!(table.ids, [texts("order", &["007", "a, b", "", "010", "b7", "b8"])]);
    assert_eq!(table.select(&[5, 0]).ids, [texts("order", &["b8", "007"])]);
    // One without the column has empty texts.
    let bare = File::new("y,x\n3,1\n");
    let both = TrainTest::new(csv(&train), csv(&bare));
    let table = both.open_for(&Schema { ids: Some(vec![]), ..schema(&model) }).unwrap();
    table.check().unwrap();
    assert_eq!(table.ids, [texts("order", &["007", "a, b", "", "010", ""])]);
    let said = "no column order to stand beside the predictions";
    assert!(table.notes.iter().any(|note| note.ends_with(said)), "{:?}", table.notes);
}

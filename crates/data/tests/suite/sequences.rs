//! Rows that belong together as the steps of one sequence.

use crate::files::{Folder, features, numbers, schema};
use tanren_data::{Csv, GroupSplit, Label, Npy, NpyArray, Sequences, Text};
use tanren_plugin::{Field, Schema, Source, Split, Values};
use tanren_tensor::Stream;

/// Machines in turns, of unequal length, with a class that is not known at all steps.
const LONG: &str = "machine,t,x,mode,ok,site\nB,1,1.5,p,yes,N\nA,3,2.5,q,no,S\nB,2,3.5,p,,N\nA,4,4.5,q,yes,S\n\
                    B,5,5.5,q,no,N\nC,1,6.5,p,yes,N\n";

fn csv(folder: &Folder, text: &str) -> Csv {
    let beside = ["machine", "t", "site"].map(String::from).to_vec();
    Csv { beside, ..Csv::new(folder.write("s.csv", text)) }
}

fn over(folder: &Folder, text: &str) -> Sequences {
    let target = vec!["ok".to_owned()];
    Sequences { order: Some("t".into()), target, ..Sequences::new(csv(folder, text), "machine") }
}

fn names(fields: &[Field]) -> Vec<&str> {
    fields.iter().map(|field| field.spec.name.as_str()).collect()
}

#[test]
fn rows_with_one_id_are_one_sequence() {
    let folder = Folder::new();
    let source = over(&folder, LONG);
    let table = source.open().unwrap();
    table.check().unwrap();
    // In the order in which they begin; all are kept, however long.
    assert_eq!(table.inputs[0].offsets, Some(vec![0, 3, 5, 6]));
    assert_eq!(features(&table.inputs[0]), ["x", "mode"]);
    let expected = [1.5, 0.0, 3.5, 0.0, 5.5, 1.0, 2.5, 1.0, 4.5, 1.0, 6.5, 0.0];
    assert_eq!(numbers(&table.inputs[0]), expected);
    assert_eq!(table.targets[0].spec.name, "ok");
    assert_eq!(table.targets[0].spec.levels, ["no", "yes"]);
    assert_eq!(table.targets[0].values, Values::Indices(vec![1, 0, 0, 0, 1, 1]));
    // A step whose target is missing stays a step, and counts nothing.
    assert_eq!(table.step_weights, Some(vec![1.0, 0.0, 1.0, 1.0, 1.0, 1.0]));
    assert_eq!(table.numbers, Some(vec![0, 1, 5]));
    // What changes from step to step is no property of a sequence.
    assert_eq!(names(&table.beside), ["machine", "site"]);
    assert_eq!(numbers(&table.beside[0]), [1.0, 0.0, 2.0]);

    assert_eq!(source.open_for(&schema(&table, true)).unwrap(), table);
    let asked = Schema { ids: Some(Vec::new()), ..schema(&table, false) };
    let predict = source.open_for(&asked).unwrap();
    assert_eq!(predict.inputs, table.inputs);
    assert!(predict.targets.is_empty() && predict.step_weights.is_none());
    assert_eq!(predict.ids[0].texts, ["B", "A", "C"]);
    assert_eq!(source.line(None, 5), Some(7));
}

#[test]
fn splits_act_on_sequences() {
    let folder = Folder::new();
    let table = over(&folder, LONG).open().unwrap();
    let split = GroupSplit { test: 0.3, validation: 0.0, ..GroupSplit::new("site") };
    let parts = split.split(&table, Stream::new(1, "split")).unwrap();
    assert_eq!(parts.len(), 3);
    assert!(parts[0] == parts[2] && parts[0] != parts[1]);
}

#[test]
fn a_model_reads_new_rows() {
    let folder = Folder::new();
    let source = over(&folder, LONG);
    let table = source.open().unwrap();
    let next = folder.write("next.csv", "mode,x,t,machine\nq,1,1,Z\np,2,1,Y\nq,3,2,Z\n");
    let next = source.at(&next, None).unwrap().unwrap();
    let read = next.open_for(&schema(&table, false)).unwrap();
    assert_eq!(numbers(&read.inputs[0]), [1.0, 1.0, 3.0, 1.0, 2.0, 0.0]);
    let other = Text::new(folder.write("x.txt", "a text")).open().unwrap();
    let error = next.open_for(&schema(&other, false)).unwrap_err();
    assert!(error.to_string().contains("no sequences of rows with the same \"machine\""));
}

#[test]
fn targets_of_the_rows_and_of_whole_sequences() {
    let folder = Folder::new();
    let text = "machine,t,site,x,y\n1,1,N,1,0.5\n1,2,N,2,1.5\n2,1,N,3,2.5\n";
    let of = Sequences::new(csv(&folder, text).target("y"), "machine");
    let table = of.open().unwrap();
    assert_eq!((numbers(&table.targets[0]), table.step_weights), (vec![0.5, 1.5, 2.5], None));
    assert!(table.targets[0].spec.shape.sequence);

    // Stated at every step, or at the last one alone.
    let whole =
        |text: &str| Sequences { label: Label::Sequence, order: None, ..over(&folder, text) };
    let text = "machine,t,site,x,ok\nA,1,N,1,yes\nA,2,N,2,yes\nB,1,N,3,\nB,2,N,4,no\n";
    let source = whole(text);
    let table = source.open().unwrap();
    table.check().unwrap();
    assert_eq!(table.inputs[0].offsets, Some(vec![0, 2, 4]));
    assert_eq!(table.targets[0].values, Values::Indices(vec![1, 0]));
    assert!(!table.targets[0].spec.shape.sequence && table.step_weights.is_none());
    assert_eq!(source.open_for(&schema(&table, true)).unwrap(), table);

    let says = |text: &str| folder.error(whole(text).open());
    assert_eq!(
        says("machine,t,site,x,ok\nA,1,N,1,yes\nB,1,N,3,no\nA,2,N,2,no\n"),
        "s, line 4, row 2, column ok: expected the target of row 0, since both are steps of the sequence \"A\", \
         found another"
    );
    // A sequence that states none is no sequence to learn from.
    let text = "machine,t,site,x,ok\nA,1,N,1,yes\nB,1,N,3,\nA,2,N,2,yes\nC,1,N,2,no\n";
    let table = whole(text).open().unwrap();
    assert_eq!(table.targets[0].values, Values::Indices(vec![1, 0]));
    assert_eq!(table.notes.last().unwrap(), "1 of 3 sequences without a target left out: B");
}

#[test]
fn weights_of_rows_are_those_of_steps() {
    let folder = Folder::new();
    let text = "machine,t,site,x,y,w\n1,1,N,1,0.5,2\n1,2,N,2,,3\n2,1,N,3,2.5,0\n";
    let csv = Csv { weights: Some("w".into()), ..csv(&folder, text) };
    let source = Sequences { target: vec!["y".into()], ..Sequences::new(csv, "machine") };
    let table = source.open().unwrap();
    assert_eq!(numbers(&table.targets[0]), [0.5, 0.0, 2.5]);
    assert_eq!((table.step_weights, table.weights), (Some(vec![2.0, 0.0, 0.0]), None));
}

#[test]
fn what_makes_no_sequences_is_refused() {
    let folder = Folder::new();
    let error = |text: &str, change: &dyn Fn(&mut Sequences)| {
        let mut source = over(&folder, text);
        change(&mut source);
        folder.error(source.open())
    };
    let plain: &dyn Fn(&mut Sequences) = &|_| {};
    assert_eq!(
        error("machine,t,site,x,ok\nA,1,N,1,yes\nB,1,N,3,no\nA,1,N,2,no\n", plain),
        "s, line 4, row 2, column t: expected a later time than in row 0, the step before it, found the same"
    );
    assert_eq!(
        error("machine,t,site,x,ok\nA,1,N,1,yes\n,2,N,3,no\n", plain),
        "s, line 3, row 1, column machine: expected the name of a series, found a missing value"
    );
    assert!(
        error(LONG, &|s| s.id = "engine".into()).contains("the source needs the column \"engine\"")
    );
    assert_eq!(
        error(LONG, &|s| s.target = vec!["okay".into()]),
        "s: expected the target \"okay\" among the inputs of `of`, found none (did you mean \"ok\"?)"
    );
    assert_eq!(
        error(LONG, &|s| s.target.clear()),
        "s: expected a target, found none: `target` says which column it is"
    );
    let in_rows = Sequences { target: Vec::new(), ..over(&folder, LONG) };
    let in_rows = Sequences { of: csv(&folder, LONG).target("ok").into(), ..in_rows };
    assert!(folder.error(in_rows.open()).starts_with("s, row 2: expected a target in each row"));
    let both = Sequences { target: vec!["x".into()], ..in_rows };
    assert!(folder.error(both.open()).contains("found both"));
    let text = Text::new(folder.write("x.txt", "a text"));
    assert!(folder.error(Sequences::new(text, "id").open()).contains("found other inputs"));
}

#[test]
fn columns_without_names_have_positions() {
    let folder = Folder::new();
    let values = Values::Double(vec![1.0, 0.5, 7.0, 2.0, 1.5, 8.0, 1.0, 2.5, 9.0]);
    let path = folder.path("a.npy");
    NpyArray { shape: vec![3, 3], values }.write(&path).unwrap();
    let source = Sequences::new(Npy::new(path).target(-1), "0");
    let table = source.open().unwrap();
    assert_eq!(table.inputs[0].offsets, Some(vec![0, 2, 3]));
    assert_eq!(numbers(&table.targets[0]), [7.0, 9.0, 8.0]);
}

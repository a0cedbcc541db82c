//! What a model wants of a file or a folder.

use super::{idx, mnist, pictures};
use crate::files::schema;
use tanren_data::Idx;
use tanren_plugin::{Source, Table, Values};

#[test]
fn a_model_gets_what_it_wants() {
    let folder = mnist();
    let source = Idx::new(folder.root());
    let table = source.open().unwrap();
    let table = Table { notes: Vec::new(), ..table }; // a model knows its classes
    assert_eq!(source.open_for(&schema(&table, true)).unwrap(), table);
    // Without targets nobody looks for labels.
    std::fs::remove_file(folder.path("train-labels.idx1-ubyte")).unwrap();
    let unlabelled = source.open_for(&schema(&table, false)).unwrap();
    assert!(unlabelled.notes.is_empty());
    assert_eq!((unlabelled.rows, unlabelled.targets.len()), (7, 0));
    assert_eq!(unlabelled.inputs, table.inputs);

    let single = pictures(&folder);
    let known = schema(&single.open().unwrap(), true);
    let unlabelled = Idx::new(&single.path);
    assert_eq!(
        folder.error(unlabelled.open_for(&known)),
        "a.idx3-ubyte: no labels found: set `labels` to the file that holds them"
    );
    let other = unlabelled.labels(folder.write("other", idx(8, &[2], &[2, 7])));
    assert_eq!(
        folder.error(other.open_for(&known)),
        "other, row 1, column label: unknown label 7; the labels of the model are 0, 2"
    );
    let one = Idx::new(&single.path).labels(folder.write("one", idx(8, &[2], &[2, 2])));
    assert_eq!(one.open_for(&known).unwrap().targets[0].values, Values::Indices(vec![1, 1]));
    assert_eq!(one.open_for(&known).unwrap().targets[0].spec, known.targets[0]);
}

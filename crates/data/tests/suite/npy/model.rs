//! What a model wants of a file.

use super::table;
use crate::files::{Folder, schema};
use tanren_data::{Npy, Task};
use tanren_plugin::{Source, Values};
use tanren_tensor::Shape;

#[test]
fn a_model_gets_what_it_wants() {
    let folder = Folder::new();
    let source = table(&folder, 3, &[5.0, 1.0, 2.0, 6.0, 3.0, 4.0, 5.0, 5.0, 6.0]).target(-3);
    let opened = source.open().unwrap();
    assert_eq!(source.open_for(&schema(&opened, true)).unwrap(), opened);
    let unlabelled = source.open_for(&schema(&opened, false)).unwrap();
    assert_eq!((&unlabelled.inputs, unlabelled.targets.len()), (&opened.inputs, 0));
    // The same columns in a file without the one to predict.
    table(&folder, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(source.open_for(&schema(&opened, false)).unwrap().inputs, opened.inputs);
    // One class alone is enough to evaluate, an unknown one is not.
    table(&folder, 1, &[6.0, 1.0, 2.0]);
    let one = source.open_for(&schema(&opened, true)).unwrap();
    assert_eq!(one.targets[0].values, Values::Indices(vec![1]));
    table(&folder, 2, &[6.0, 1.0, 2.0, 5.5, 1.0, 2.0]);
    assert_eq!(
        folder.error(source.open_for(&schema(&opened, true))),
        "x.npy, row 1, column 0: unknown label 5.5; the labels of the model are 5, 6"
    );
    let mut unnamed = schema(&opened, true);
    unnamed.targets[0].levels.clear();
    unnamed.targets[0].shape = Shape::index(6);
    assert_eq!(
        folder.error(source.open_for(&unnamed)),
        "x.npy, row 0, column 0: unknown label 6; the labels of the model are 0 to 5"
    );
    // The model knows in which of so many columns its target is.
    let untold = Npy::new(&source.path);
    assert_eq!(
        folder.error(untold.open_for(&schema(&opened, true))),
        "x.npy, row 1, column 0: unknown label 5.5; the labels of the model are 5, 6"
    );
    table(&folder, 2, &[1.0, 2.0, 1.0, 2.0]);
    assert_eq!(
        folder.error(untold.open_for(&schema(&opened, true))),
        "x.npy: no target given: set `target` to a column or a file"
    );
    // With many classes the nearest is told instead of all.
    let many: Vec<f64> = (0..90).flat_map(|i| [0.0, f64::from(i % 30) * 3.0]).collect();
    let mut source = table(&folder, 90, &many).target(1);
    source.task = Some(Task::Classification);
    let known = schema(&source.open().unwrap(), true);
    table(&folder, 1, &[0.0, 44.0]);
    assert_eq!(
        folder.error(source.open_for(&known)),
        "x.npy, row 0, column 1: unknown label 44; did you mean 45?"
    );
}

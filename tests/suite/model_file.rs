//! The model file: same predictions after reading, both precisions, missing plugins named.

use crate::harness::iris;
use std::fs;
use std::io::{ErrorKind, Write as _};
use tanren::network::{AtomicFile, Model, ModelError, Parameters, TensorFile, write_atomic};
use tanren::prelude::*;
use tanren::trainer::Arithmetic;

fn trained(precision: Arithmetic) -> (tanren::trainer::Setup, Trained) {
    let mut recipe = iris(vec![Adam::default().into()], 3);
    recipe.precision = precision;
    let setup = recipe.prepare().unwrap();
    let trained = setup.train(&mut (), &Options::default()).unwrap();
    (setup, trained)
}

#[test]
fn predictions_survive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    for precision in [Arithmetic::Single, Arithmetic::Double] {
        let (setup, trained) = trained(precision);
        trained.model.save(&path).unwrap();
        let read = Model::load(&path).unwrap();
        assert_eq!(read.parameters(), trained.model.parameters());
        assert_eq!(read.notes, trained.model.notes);
        let rows = &setup.rows.test;
        let (before, after) =
            (trained.model.predict(&setup.table, rows), read.predict(&setup.table, rows));
        assert_eq!(before.unwrap(), after.unwrap());

        let bytes = fs::read(&path).unwrap();
        read.save(&path).unwrap();
        assert!(bytes == fs::read(&path).unwrap(), "equal models are equal files");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary left");
    }
}

/// A model of one precision opens in the other.
#[test]
fn precisions_are_exchanged() {
    let (setup, trained) = trained(Arithmetic::Double);
    let single = Parameters::Single(trained.model.parameters().to());
    let model = Model::new(trained.model.spec().clone(), single).unwrap();
    let rows = &setup.rows.test;
    let (double, single) = (
        trained.model.predict(&setup.table, rows).unwrap(),
        model.predict(&setup.table, rows).unwrap(),
    );
    tanren_testkit::golden(&single[0].values, &double[0].values, 1e-5);
}

/// Matrices are row-major: what Python reads has the shape (units, inputs).
#[test]
fn python_sees_units_by_inputs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let (_, trained) = trained(Arithmetic::Double);
    trained.model.save(&path).unwrap();
    let file = TensorFile::read(&path).unwrap();
    let (shape, values) = &file.tensors["dense-1.weight"];
    assert_eq!(shape, &[7, 4]);
    assert_eq!(file.tensors["dense-1.bias"].0, [7]);
    let block = trained.model.network().layout().find("dense-1", "weight").unwrap();
    let flat: Vec<f64> = trained.model.parameters().to();
    let stored: Vec<f64> = values.to();
    assert_eq!(stored[1], flat[block.range.start + 7]); // row 0, column 1
}

/// The history of very many epochs is longer than a header of safetensors may be.
#[test]
fn long_text_has_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.safetensors");
    let mut file = TensorFile::default();
    file.entries.insert("short".into(), "Ä".into());
    file.entries.insert("long".into(), "\"é\\".repeat(1 << 19));
    file.tensors.insert("numbers".into(), (vec![2], Parameters::Single(vec![1.0, 2.0])));
    file.write(&path).unwrap();
    assert!(TensorFile::read(&path).unwrap() == file);
    let bytes = std::fs::read(&path).unwrap();
    let header = u64::from_le_bytes(bytes[..8].try_into().unwrap());
    assert!(header < 1000, "{header}");
}

#[test]
fn a_missing_plugin_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let (_, trained) = trained(Arithmetic::Single);
    trained.model.save(&path).unwrap();
    let mut file = TensorFile::read(&path).unwrap();
    let model = file.entries["model"].replace("\"tanh\"", "\"acme/unheard\"");
    file.entries.insert("model".into(), model);
    file.write(&path).unwrap();
    match Model::load(&path) {
        Err(ModelError::MissingPlugin { name }) => assert_eq!(name, "acme/unheard"),
        other => panic!("{other:?}"),
    }
    let seen = tanren::network::inspect(&path).unwrap();
    assert!(seen["model"].to_string().contains("acme/unheard"));
    assert_eq!(seen["tensors"].as_array().unwrap().len(), 6);
}

#[test]
fn a_new_file_replaces_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new");
    let mut file = AtomicFile::create_new(&path).unwrap();
    file.write_all(b"new").unwrap();
    fs::write(&path, b"another").unwrap();
    assert_eq!(file.commit().unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(AtomicFile::create_new(&path).unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&path).unwrap(), b"another");
    fs::remove_file(&path).unwrap();
    let mut file = AtomicFile::create_new(&path).unwrap();
    file.write_all(b"new").unwrap();
    file.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Two files that are written at once, and what a program that was killed left behind.
#[test]
fn the_name_of_the_moment_is_one_that_nothing_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f");
    let left = folder.path().join(format!(".f.{}.tmp", std::process::id()));
    fs::write(&left, b"left").unwrap();
    let (mut one, mut two) =
        (AtomicFile::create(&path).unwrap(), AtomicFile::create(&path).unwrap());
    one.write_all(b"one").unwrap();
    two.write_all(b"two").unwrap();
    one.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"one");
    two.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two");
    assert_eq!(fs::read(&left).unwrap(), b"left");
}

#[cfg(unix)]
#[test]
fn what_was_private_stays_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("private");
    fs::write(&path, b"old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    write_atomic(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_file_that_is_not_committed_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept");
    write_atomic(&path, b"old").unwrap();
    let mut file = AtomicFile::create(&path).unwrap();
    file.write_all(b"new").unwrap();
    drop(file);
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let mut file = AtomicFile::create(&path).unwrap();
    file.write_all(b"ne").unwrap();
    file.write_all(b"w").unwrap();
    file.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

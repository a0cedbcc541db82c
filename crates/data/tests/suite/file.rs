//! The source for a path is told by what is there.

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::io::Write as _;
use tanren_data::{
    Csv, FileOptions, Idx, IdxArray, Iris, Npy, NpyArray, SvmLight, TrainTest, file,
};
use tanren_plugin::{Plugin, Source, Values};

/// What a file of this name and content is read as.
fn kind(name: &str, content: &[u8]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    let options = FileOptions::default();
    match file(&path, &options) {
        Ok(source) => Ok(source.typetag_name().to_owned()),
        Err(error) => Err(error.message),
    }
}

#[test]
fn content_counts_before_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let numbers = Values::Double(vec![1.0, 2.0]);
    let path = |name: &str| folder.path().join(name);
    NpyArray { shape: vec![2], values: numbers }.write(path("a.npy")).unwrap();
    IdxArray { shape: vec![2], values: Values::Bytes(vec![1, 2]) }.write(path("b.gz")).unwrap();
    let (npy, idx) = (std::fs::read(path("a.npy")).unwrap(), std::fs::read(path("b.gz")).unwrap());
    assert_eq!(kind("data.csv", &npy).unwrap(), "npy");
    assert_eq!(kind("data.csv", &idx).unwrap(), "idx");
    for name in ["data.csv", "data", "data.tra", "data.txt.gz"] {
        assert_eq!(kind(name, b"1,2\n3,4\n").unwrap(), "csv", "{name}");
    }
    for name in ["data.svm", "data.SvmLight", "data.libsvm.gz"] {
        assert_eq!(kind(name, b"1 1:2\n").unwrap(), "svmlight", "{name}");
    }
    for name in ["a1a", "data.txt", "data.csv", "x.gz"] {
        assert_eq!(kind(name, b"+1 3:1 11:0.5\n-1\n-1 2:1\n").unwrap(), "svmlight", "{name}");
        assert_eq!(kind(name, b"1 12:30\n2 12:45\n").unwrap(), "csv", "{name}");
    }
    let wide: String = (1..20_000).map(|index| format!(" {index}:0.5")).collect();
    assert_eq!(kind("wide", format!("1{wide}\n0{wide}\n").as_bytes()).unwrap(), "svmlight");
    for name in ["t10k-images-idx3-ubyte", "digits.idx", "labels.idx1-ubyte.gz"] {
        assert_eq!(kind(name, &[0, 0, 7, 1]).unwrap(), "idx", "{name}");
    }
    assert_eq!(file(folder.path(), &FileOptions::default()).unwrap().typetag_name(), "idx");
}

#[test]
fn other_kinds_of_files_are_named() {
    for (content, word) in [
        (&b"PK\x03\x04"[..], "zip"),
        (b"PAR1", "Parquet"),
        (b"\x89HDF", "HDF5"),
        (b"\x80\x04\x95", "pickle"),
        (b"\0\0\x07\x01", "none of these"),
        (b"<!DOCTYPE html><html>", "a web page; the download has failed"),
    ] {
        assert!(kind("data.csv", content).unwrap_err().contains(word), "{word}");
    }
    let gzip = |bytes: &[u8]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    };
    let error = kind("data.csv.gz", &gzip(&gzip(b"1,2\n"))).unwrap_err();
    assert_eq!(error, "expected data, found a gzip file inside another; decompress it once");
    // UTF-16 is text, whose reader says what to do.
    assert_eq!(kind("data.csv", b"\xff\xfea\0").unwrap(), "csv");
}

#[test]
fn what_cannot_be_read_twice_is_refused() {
    if cfg!(unix) {
        let error = file("/dev/zero".as_ref(), &FileOptions::default()).unwrap_err();
        assert_eq!(error.message, "expected a file, found a pipe or a device");
    }
}

#[test]
fn options_that_say_nothing_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.svm");
    std::fs::write(&path, "1 1:2\n").unwrap();
    let target = FileOptions { target: vec!["0".into()], ..FileOptions::default() };
    let header = FileOptions { header: Some(true), ..FileOptions::default() };
    for options in [target, header] {
        let message = file(&path, &options).unwrap_err().message;
        assert!(message.starts_with("the option ") && message.contains("cannot be used here"));
    }
}

#[test]
fn labels_lie_beside_their_images() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let images = IdxArray { shape: vec![3, 1, 1], values: Values::Bytes(vec![1, 2, 3]) };
    images.write(path("train-images-idx3-ubyte")).unwrap();
    let labels = IdxArray { shape: vec![3], values: Values::Bytes(vec![0, 1, 0]) };
    labels.write(path("train-labels-idx1-ubyte")).unwrap();
    let source = file(&path("train-images-idx3-ubyte"), &FileOptions::default()).unwrap();
    assert_eq!(source.open().unwrap().targets.len(), 1);
}

/// A source takes other data of its own kind with the settings it has, and nothing else.
#[test]
fn other_data_are_read_as_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("new.csv"), "a;b\n1;2\n").unwrap();
    std::fs::write(path("new.svm"), "1 1:2\n").unwrap();
    let numbers = || Values::Double(vec![1.0, 2.0]);
    NpyArray { shape: vec![2], values: numbers() }.write(path("new.npy")).unwrap();
    for name in ["new-images-idx3-ubyte", "new-labels-idx1-ubyte"] {
        let array = IdxArray { shape: vec![2], values: Values::Bytes(vec![1, 2]) };
        array.write(path(name)).unwrap();
    }
    let at = |source: &dyn Source, name: &str, target: Option<&str>| -> Option<Value> {
        let mut found = serde_json::to_value(source.at(&path(name), target).unwrap()?).unwrap();
        assert_eq!(found["path"].take(), json!(path(name)));
        Some(found)
    };
    let csv = Csv { delimiter: Some(';'), ..Csv::new("old.csv").target("b").ignore(["c"]) };
    let found = at(&csv, "new.csv", None).unwrap();
    assert_eq!((&found["delimiter"], &found["target"]), (&json!(";"), &json!("b")));
    assert_eq!(found["ignore"], json!(["c"]));
    assert_eq!(at(&csv, "new.csv", Some("a")).unwrap()["target"], "a");
    assert_eq!(at(&csv, "new.npy", None), None);
    let pair = TrainTest::new(csv, Iris {});
    assert_eq!(at(&pair, "new.csv", None).unwrap()["delimiter"], ";");

    let column = Npy::new("old.npy").target(-1);
    assert_eq!(at(&column, "new.npy", None).unwrap()["target"], "-1");
    assert_eq!(
        at(&Npy::new("old.npy").target("y.npy"), "new.npy", None).unwrap()["target"],
        Value::Null
    );
    assert_eq!(at(&column, "new.csv", None), None);

    let svm = SvmLight { zero_based: Some(true), ..SvmLight::new("old.svm") };
    assert_eq!(at(&svm, "new.svm", None).unwrap()["zero-based"], true);
    assert_eq!(at(&svm, "new.svm", Some("a")), None);

    let idx = Idx::new("old").labels("old-labels");
    let found = at(&idx, "new-images-idx3-ubyte", None).unwrap();
    assert_eq!(found["labels"], json!(path("new-labels-idx1-ubyte")));
    assert_eq!(at(&idx, "new-labels-idx1-ubyte", None).unwrap()["labels"], Value::Null);
    let embedded: Plugin<dyn Source> = Iris {}.into();
    assert_eq!(at(&*embedded, "new.csv", None), None);
}

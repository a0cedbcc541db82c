//! `file`: the source for data at a path, told by what is there rather than by its name alone.

use crate::npy_header::MAGIC;
use crate::{Csv, Idx, Npy, SvmLight, Task, input};
use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use tanren_plugin::{DataError, Plugin, Source};

/// What cannot be seen in the data themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileOptions {
    /// The column to predict: its name, or its position from 0, from the end if negative. For IDX
    /// and npy, the file that holds what is to be predicted.
    pub target: Option<String>,
    /// What the target is; seen from its values without.
    pub task: Option<Task>,
    /// Whether the first row of a table has the names of its columns; seen from it without.
    pub header: Option<bool>,
}

/// The source for a file or a folder: IDX files and folders, `.npy`, SVMLight (by the endings
/// `.svm`, `.svmlight`, `.libsvm`), and otherwise CSV; each may be gzip.
///
/// # Errors
/// When there is nothing at the path, or it is a kind of file that is not read.
pub fn file(path: &Path, options: &FileOptions) -> Result<Plugin<dyn Source>, DataError> {
    let FileOptions { target, task, header } = options.clone();
    let refuse = |what: &str, given: bool, why: &str| match given {
        true => Err(DataError::new(path.display(), format!("expected no {what}: {why}"))),
        false => Ok(()),
    };
    let no_header = || refuse("header", header.is_some(), "only tables of text have one");
    if path.is_dir() {
        no_header()?;
        refuse("target", target.is_some(), "a folder of IDX files has its labels")?;
        return Ok(Idx { task, ..Idx::new(path) }.into());
    }
    let mut reader = input::open(path)?;
    let start = reader.fill_buf().map_err(|e| input::failed(path, &e))?;
    if let Some((_, kind)) = OTHERS.iter().find(|(magic, _)| start.starts_with(magic)) {
        let message = format!("expected text, IDX or npy, found {kind}: save it as CSV first");
        return Err(DataError::new(path.display(), message));
    }
    if start.starts_with(&MAGIC) {
        no_header()?;
        return Ok(Npy { target, task, ..Npy::new(path) }.into());
    }
    // Two zeros, the type of an element, the number of dimensions.
    if let [0, 0, 0x08..=0x0e, 1..=8, ..] = start {
        no_header()?;
        let labels = target.map(PathBuf::from).or_else(|| labels_beside(path));
        return Ok(Idx { task, labels, ..Idx::new(path) }.into());
    }
    if ending(path).is_some_and(|e| e == "idx" || e.ends_with("ubyte")) || named_idx(path) {
        return Ok(Idx { task, ..Idx::new(path) }.into()); // whose reader says what is wrong with it
    }
    if start.contains(&0) && !start.starts_with(b"\xff\xfe") && !start.starts_with(b"\xfe\xff") {
        let message = "expected text, IDX or npy, found bytes that are none of these";
        return Err(DataError::new(path.display(), message));
    }
    if ending(path).is_some_and(|e| ["svm", "svmlight", "libsvm"].contains(&e.as_str())) {
        no_header()?;
        refuse("target", target.is_some(), "SVMLight rows begin with their label")?;
        return Ok(SvmLight { task, ..SvmLight::new(path) }.into());
    }
    Ok(Csv { target, task, header, ..Csv::new(path) }.into())
}

/// The labels that belong to a file of images, where they lie beside it under their usual name.
fn labels_beside(images: &Path) -> Option<PathBuf> {
    let name = images.file_name()?.to_str()?;
    let labels = name.replace("images", "labels").replace("idx3", "idx1");
    let path = images.with_file_name(&labels);
    (labels != name && path.is_file()).then_some(path)
}

/// What files begin with that people take for data and that are not read.
const OTHERS: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a zip archive (an .xlsx or .npz file is one)"),
    (b"PAR1", "a Parquet file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"SQLite format 3", "an SQLite database"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"ARROW1", "an Arrow file"),
    (b"\x80\x04\x95", "a Python pickle"),
    (b"%PDF", "a PDF document"),
];

/// Whether a file is called like `train-images-idx3-ubyte`.
fn named_idx(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| name.contains("-idx") && name.contains("ubyte"))
}

/// The ending of a file's name, without `.gz`, in lower case.
fn ending(path: &Path) -> Option<String> {
    let lower = |path: &Path| Some(path.extension()?.to_str()?.to_lowercase());
    match lower(path)?.as_str() {
        "gz" => lower(Path::new(path.file_stem()?)),
        other => Some(other.to_owned()),
    }
}

//! Which IDX files belong together, as their names say.
//!
//! A name is `SET-PART-images-idx3-ubyte`, such as `emnist-letters-train-images-idx3-ubyte`. MNIST,
//! Fashion-MNIST and Kuzushiji-MNIST leave the set out, and call the part for testing `t10k` rather
//! than `test`; the labels of QMNIST end in `labels-idx2-int`. A dot or `_` may stand for any `-`,
//! and `.gz` at the end.

use crate::file::input::failed;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tanren_plugin::{DataError, nearest};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Images,
    Labels,
}

/// A file and what its name says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    path: PathBuf,
    /// What the files have in common that belong together; empty in MNIST.
    set: String,
    /// `train`, `t10k` or `test`; empty where there is one part only.
    part: String,
    content: Content,
}

impl Named {
    fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let words: Vec<&str> = name.split(['-', '.', '_']).collect();
        let at = words.iter().position(|word| matches!(*word, "images" | "labels"))?;
        let (before, rest) = words.split_at_checked(at)?;
        let [content, idx, kind @ ..] = rest else { return None };
        let rank = idx.strip_prefix("idx")?;
        let kind = matches!(kind, [] | ["ubyte" | "byte" | "short" | "int" | "float" | "double"]);
        if !kind || rank.len() > 1 || !rank.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (set, part) = match before {
            [set @ .., part @ ("train" | "t10k" | "test")] => (set, *part),
            set => (set, ""),
        };
        let content = if *content == "images" { Content::Images } else { Content::Labels };
        Some(Self { path: path.into(), set: set.join("-"), part: part.into(), content })
    }

    fn is_test(&self) -> bool {
        matches!(self.part.as_str(), "t10k" | "test")
    }

    /// Before other spellings of the same: what is not packed, and what has `-` rather than a dot.
    fn rank(&self) -> (bool, &Path) {
        (self.path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz")), &self.path)
    }
}

/// The IDX files of a folder, in the order in which they are chosen.
fn named_in(folder: &Path) -> Result<Vec<Named>, DataError> {
    let mut all = Vec::new();
    for entry in folder.read_dir().map_err(|error| failed(folder, &error))? {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        all.extend(Named::of(&path).filter(|named| named.path.is_file()));
    }
    all.sort_by(|a, b| a.rank().cmp(&b.rank()));
    Ok(all)
}

/// The images and the labels of one part.
pub(crate) type Pair = (PathBuf, Option<PathBuf>);

/// The files of a folder to train on and, if there are any, to test with; labels where they are
/// wanted. Of several sets, the one that `set` names or that ends in `-` and its value.
///
/// # Errors
/// When there are several sets and nobody has chosen, or a file is missing.
pub(crate) fn in_folder(
    folder: &Path,
    set: Option<&str>,
    labelled: bool,
) -> Result<(Pair, Option<Pair>), DataError> {
    let mut all = named_in(folder)?;
    let set = chosen(folder, &all, set)?;
    all.retain(|named| named.set == set);
    let (test, train): (Vec<_>, Vec<_>) = all.into_iter().partition(Named::is_test);
    let prefix = if set.is_empty() { set } else { format!("{set}-") };
    let pair = |files: Vec<Named>, usual: &str| -> Result<Pair, DataError> {
        let part = files.first().map_or(usual, |named| &named.part);
        let part = if part.is_empty() { String::new() } else { format!("{part}-") };
        let file = |content, ending: &str| {
            one(folder, &files, content)?.ok_or_else(|| {
                let message = format!(
                    "expected a file {prefix}{part}{ending}-ubyte, plain or .gz, found none"
                );
                DataError::new(folder.display(), message)
            })
        };
        let images = file(Content::Images, "images-idx3")?;
        Ok((images, labelled.then(|| file(Content::Labels, "labels-idx1")).transpose()?))
    };
    let train = pair(train, "train")?;
    let test = if test.is_empty() { None } else { Some(pair(test, "t10k")?) };
    Ok((train, test))
}

/// Whether a folder has a set of this name.
pub(crate) fn has_set(folder: &Path, set: &str) -> bool {
    named_in(folder).is_ok_and(|all| chosen(folder, &all, Some(set)).is_ok())
}

/// The set that is meant.
fn chosen(folder: &Path, all: &[Named], set: Option<&str>) -> Result<String, DataError> {
    let sets: BTreeSet<&str> = all.iter().map(|named| named.set.as_str()).collect();
    let short = |set: &str| set.rsplit('-').next().unwrap_or_default().to_owned();
    let error = |message: String| DataError::new(folder.display(), message);
    let list = || {
        let quoted = |set: &&str| match set.is_empty() {
            true => r#""" (files without the name of a set)"#.into(),
            false => (*set).to_owned(),
        };
        sets.iter().map(quoted).collect::<Vec<String>>().join(", ")
    };
    let Some(wanted) = set else {
        let mut each = sets.iter();
        return match (each.next(), each.next_back()) {
            (Some(_), Some(last)) => Err(error(format!(
                "expected the files of one data set, found several: {}; choose one with the setting \
                 `set`, such as `set = {:?}`",
                list(),
                short(last)
            ))),
            (Some(set), None) => Ok((*set).to_owned()),
            (None, _) => Ok(String::new()),
        };
    };
    let lower = wanted.to_ascii_lowercase();
    let ending = format!("-{lower}");
    let mut found = sets.iter().filter(|set| set.ends_with(&ending));
    match (sets.get(lower.as_str()), found.next(), found.next()) {
        (Some(set), _, _) | (None, Some(set), None) => Ok((*set).to_owned()),
        (None, None, _) => {
            let near = nearest(&lower, sets.iter().copied());
            let near = near.map_or(String::new(), |near| format!(" (did you mean {near:?}?)"));
            let there = if sets.is_empty() { "none".into() } else { list() };
            Err(error(format!("`set`: no data set {wanted:?}{near}; the folder has {there}")))
        }
        (None, Some(one), Some(other)) => {
            Err(error(format!("`set`: {wanted:?} may mean {one} or {other}")))
        }
    }
}

/// The file of these with this content: of several spellings of one name the first.
///
/// # Errors
/// When there are files of several names.
fn one(folder: &Path, files: &[Named], content: Content) -> Result<Option<PathBuf>, DataError> {
    let mut found = files.iter().filter(|named| named.content == content);
    let Some(first) = found.next() else { return Ok(None) };
    if let Some(other) = found.find(|other| other.part != first.part) {
        let name = |named: &Named| named.path.file_name().unwrap_or_default().display().to_string();
        let (first, other) = (name(first), name(other));
        let message = format!("expected one of {first} and {other}, found both");
        return Err(DataError::new(folder.display(), message));
    }
    Ok(Some(first.path.clone()))
}

/// The labels that belong to a file of images, where they lie beside it under their usual name.
pub(crate) fn labels_beside(images: &Path) -> Option<PathBuf> {
    if let Some(named) = Named::of(images) {
        if named.content == Content::Labels {
            return None;
        }
        let folder = images.parent().filter(|folder| !folder.as_os_str().is_empty());
        let all = named_in(folder.unwrap_or(Path::new("."))).ok()?;
        let mut found = all.into_iter().filter(|other| other.content == Content::Labels);
        let labels = found.find(|other| (&other.set, &other.part) == (&named.set, &named.part))?;
        return Some(images.with_file_name(labels.path.file_name()?));
    }
    let name = images.file_name()?.to_str()?;
    let labels = name.replace("images", "labels").replace("idx3", "idx1");
    let path = images.with_file_name(&labels);
    (labels != name && path.is_file()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_set_part_and_content() {
        let read = |name: &str| {
            let named = Named::of(Path::new(name))?;
            Some((named.set, named.part, named.content == Content::Images))
        };
        let is = |set: &str, part: &str, images| Some((set.to_owned(), part.to_owned(), images));
        for (name, expected) in [
            ("train-images-idx3-ubyte", is("", "train", true)),
            ("t10k-labels.idx1-ubyte.gz", is("", "t10k", false)),
            ("emnist-letters-test-images-idx3-ubyte.gz", is("emnist-letters", "test", true)),
            ("qmnist-train-labels-idx2-int", is("qmnist", "train", false)),
            ("xnist-images-idx3-ubyte", is("xnist", "", true)),
            ("Train_Images.idx", is("", "train", true)),
            ("images.idx3-ubyte", is("", "", true)),
            ("train-images.csv", None),
            ("train-images", None),
            ("train-idx3-ubyte", None),
            ("train-images-idx33-ubyte", None),
            ("train-images-idx3-ubyte.zip", None),
        ] {
            assert_eq!(read(name), expected, "{name}");
        }
    }
}

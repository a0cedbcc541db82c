//! A file of named tensors and text entries: safetensors, checksummed, written whole or not at all.

use super::atomic_file::write_atomic;
use crate::Parameters;
use safetensors::tensor::{Dtype, Metadata, TensorView};
use safetensors::{SafeTensors, serialize};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tanren_tensor::{Real, Slice};

/// Why a tensor file cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TensorFileError {
    /// The operating system said no.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// It is no such file, or it is damaged.
    #[error("{}: {message}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What was expected and found.
        message: String,
    },
}

/// Named tensors, row-major as Python reads them, and text entries beside them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TensorFile {
    /// Text by name.
    pub entries: BTreeMap<String, String>,
    /// Shape and numbers by name.
    pub tensors: BTreeMap<String, (Vec<usize>, Parameters)>,
}

/// Text of more bytes than this, such as the history of very many epochs, stands among the tensors, as
/// bytes: safetensors has no room in its header for more than 100 MB.
const LONG: usize = 1 << 20;

/// What the name of such a tensor begins with, and no block's.
const TEXT: &str = "tanren/";

/// The only entry of the safetensors metadata. One, so that equal content gives equal bytes.
const KEY: &str = "tanren";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    checksum: u32,
    entries: BTreeMap<String, String>,
}

impl TensorFile {
    /// Writes the file: a temporary sibling, synced and renamed, so that a crash leaves either the
    /// old file or the new one.
    ///
    /// # Errors
    /// [`TensorFileError::Io`] with the path.
    pub fn write(&self, path: &Path) -> Result<(), TensorFileError> {
        let bytes = self.to_bytes().map_err(|message| format_error(path, message))?;
        write_atomic(path, &bytes).map_err(|error| TensorFileError::Io { path: path.into(), error })
    }

    /// Reads and checks a file. Sizes are checked against the file before anything is allocated
    /// for them.
    ///
    /// # Errors
    /// [`TensorFileError`] when it cannot be read, is no such file, or is damaged anywhere.
    pub fn read(path: &Path) -> Result<Self, TensorFileError> {
        let bytes = bytes(path)?;
        Self::from_bytes(&bytes).map_err(|message| format_error(path, message))
    }

    fn to_bytes(&self) -> Result<Vec<u8>, String> {
        let long = self.entries.iter().filter(|(_, text)| text.len() > LONG);
        let short = self.entries.iter().filter(|(_, text)| text.len() <= LONG);
        let entries = short.map(|(name, text)| (name.clone(), text.clone())).collect();
        let header = Header { checksum: self.checksum(), entries };
        let header = serde_json::to_string(&header).map_err(|e| e.to_string())?;
        let texts = long.map(|(name, text)| {
            (format!("{TEXT}{name}"), vec![text.len()], (Dtype::U8, text.clone().into_bytes()))
        });
        let tensors = self.tensors.iter();
        let tensors =
            tensors.map(|(name, (shape, values))| (name.clone(), shape.clone(), bytes_of(values)));
        let raw: Vec<_> = tensors.chain(texts).collect();
        let views = raw
            .iter()
            .map(|(name, shape, (dtype, bytes))| {
                TensorView::new(*dtype, shape.clone(), bytes).map(|view| (name.as_str(), view))
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| e.to_string())?;
        serialize(views, Some(HashMap::from([(KEY.into(), header)]))).map_err(|e| e.to_string())
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let (tensors, metadata) = safetensors(bytes)?;
        let entry = metadata.metadata().as_ref().and_then(|m| m.get(KEY));
        let header = entry.ok_or("a safetensors file that was not written by tanren")?;
        let mut header: Header =
            serde_json::from_str(header).map_err(|e| format!("header entry {KEY}: {e}"))?;
        let (texts, tensors): (Vec<_>, Vec<_>) = tensors
            .tensors()
            .into_iter()
            .partition(|(name, view)| view.dtype() == Dtype::U8 && name.starts_with(TEXT));
        for (name, view) in texts {
            let text = String::from_utf8(view.data().to_vec());
            let text = text.map_err(|_| format!("tensor {name}: expected text in UTF-8"))?;
            header.entries.insert(name[TEXT.len()..].to_owned(), text);
        }
        let tensors = tensors
            .into_iter()
            .map(|(name, view)| {
                let values = match view.dtype() {
                    Dtype::F32 => Parameters::Single(numbers(view.data())),
                    Dtype::F64 => Parameters::Double(numbers(view.data())),
                    other => {
                        return Err(format!("tensor {name}: expected F32 or F64, found {other:?}"));
                    }
                };
                Ok((name, (view.shape().to_vec(), values)))
            })
            .collect::<Result<_, String>>()?;
        let file = Self { entries: header.entries, tensors };
        match (file.checksum(), header.checksum) {
            (found, expected) if found != expected => Err(format!(
                "the file is damaged: expected checksum {expected:08x}, found {found:08x}"
            )),
            _ => Ok(file),
        }
    }

    /// CRC-32 over every entry and every tensor with its name, precision and shape.
    fn checksum(&self) -> u32 {
        let mut hash = crc32fast::Hasher::new();
        let mut add = |bytes: &[u8]| {
            hash.update(&(bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        for (name, text) in &self.entries {
            add(name.as_bytes());
            add(text.as_bytes());
        }
        for (name, (shape, values)) in &self.tensors {
            add(name.as_bytes());
            add(values.precision().as_bytes());
            shape.iter().for_each(|&n| add(&(n as u64).to_le_bytes()));
            add(&bytes_of(values).1);
        }
        hash.finalize()
    }
}

/// The bytes of a file.
///
/// # Errors
/// When it cannot be read, or is a folder or a device.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, TensorFileError> {
    let io = |error| TensorFileError::Io { path: path.into(), error };
    let metadata = fs::metadata(path).map_err(io)?;
    if !metadata.is_file() {
        let found = if metadata.is_dir() { "a folder" } else { "a device" };
        return Err(format_error(path, format!("expected a file, found {found}")));
    }
    fs::read(path).map_err(io)
}

/// The model file of a run, where the path is that of its folder, and the path itself otherwise.
pub(super) fn model_in(path: &Path) -> PathBuf {
    let inside = path.join("model.safetensors");
    if path.is_dir() && inside.is_file() { inside } else { path.to_owned() }
}

/// The tensors of a safetensors file, whoever wrote it, and its header. Every size is checked against
/// the file.
pub(super) fn safetensors(bytes: &[u8]) -> Result<(SafeTensors<'_>, Metadata), String> {
    // The length of the header, then the header, which is JSON.
    if bytes.get(8) != Some(&b'{') {
        return Err("expected a safetensors file, found something else".into());
    }
    let say = |e: safetensors::SafeTensorError| format!("not a readable safetensors file: {e}");
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(say)?;
    Ok((SafeTensors::deserialize(bytes).map_err(say)?, metadata))
}

/// Whether a header says that tanren wrote the file.
pub(super) fn ours(metadata: &Metadata) -> bool {
    metadata.metadata().as_ref().is_some_and(|entries| entries.contains_key(KEY))
}

pub(super) fn format_error(path: &Path, message: String) -> TensorFileError {
    TensorFileError::Format { path: path.into(), message }
}

fn bytes_of(values: &Parameters) -> (Dtype, Vec<u8>) {
    let mut bytes = Vec::new();
    match values.slice() {
        Slice::Single(v) => f32::extend_bytes(v, &mut bytes),
        Slice::Double(v) => f64::extend_bytes(v, &mut bytes),
    }
    let dtype = match values {
        Parameters::Single(_) => Dtype::F32,
        Parameters::Double(_) => Dtype::F64,
    };
    (dtype, bytes)
}

pub(super) fn numbers<T: Real>(bytes: &[u8]) -> Vec<T> {
    bytes.chunks_exact(T::BYTES).filter_map(T::from_le_bytes).collect()
}

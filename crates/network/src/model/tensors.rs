//! `Tensors`: what any safetensors file holds, whoever wrote it, read block by block.

use super::file::{bytes, format_error, model_in, numbers, ours, safetensors};
use super::saved::{place, shape_of, spec};
use crate::{ModelError, ModelSpec, Parameters, TensorFile, TensorFileError};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tanren_plugin::{Block, Checked, Fingerprint};

/// How a file stores the matrix of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Matrices {
    /// A row for each output of the layer: tanren and PyTorch.
    OutputsByInputs,
    /// A row for each input of the layer: Keras, Flax and burn.
    InputsByOutputs,
}

impl Matrices {
    /// Its name in a recipe.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OutputsByInputs => "outputs-by-inputs",
            Self::InputsByOutputs => "inputs-by-outputs",
        }
    }
}

/// A block as a file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The numbers as they lie in the flat vector, column after column, in the precision of the file
    /// (half precision becomes single).
    pub values: Parameters,
    /// How the shape of the tensor shows that the matrix is stored; `None` for a vector, and for a
    /// square matrix, whose shape shows nothing.
    pub stored: Option<Matrices>,
    /// Whether it is a square matrix.
    pub square: bool,
}

/// A tensor in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Content {
    /// Its name.
    pub name: String,
    /// Its dimensions.
    pub shape: Vec<usize>,
    /// The type of its numbers, as the format names it: `F32`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A safetensors file of any origin, whose tensors are read when they are asked for. Tensors of types
/// that hold no weights may be among them.
#[derive(Debug)]
pub struct Tensors {
    path: PathBuf,
    bytes: Vec<u8>,
    names: Vec<String>,
    /// The entries of a file of our own.
    entries: Option<BTreeMap<String, String>>,
}

impl Tensors {
    /// Opens a file, or the model in the folder of a run. All sizes that it states are checked against
    /// its own; the checksum of a file of ours is, too.
    ///
    /// # Errors
    /// [`TensorFileError`] when it cannot be read, is no safetensors file, or is damaged.
    pub fn open(path: &Path) -> Result<Self, TensorFileError> {
        let path = model_in(path);
        let bytes = bytes(&path)?;
        let fail = |message| format_error(&path, message);
        let (tensors, metadata) = safetensors(&bytes).map_err(fail)?;
        let mut names: Vec<String> = tensors.names().into_iter().map(str::to_owned).collect();
        names.sort();
        let entries = match ours(&metadata) {
            true => Some(TensorFile::from_bytes(&bytes).map_err(fail)?.entries),
            false => None,
        };
        Ok(Self { path, bytes, names, entries })
    }

    /// The file, which in the folder of a run is its model.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of all tensors, in the order of the alphabet.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether a tensor has this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names.binary_search_by(|other| other.as_str().cmp(name)).is_ok()
    }

    /// What each tensor is, in the order of the names.
    pub fn contents(&self) -> impl Iterator<Item = Content> {
        let tensors = SafeTensors::deserialize(&self.bytes).ok(); // it was whole when it was opened
        self.names.iter().filter_map(move |name| {
            let view = tensors.as_ref()?.tensor(name).ok()?;
            let (shape, kind) = (view.shape().to_vec(), format!("{:?}", view.dtype()));
            Some(Content { name: name.clone(), shape, kind })
        })
    }

    /// A number that follows from the content of the file.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut fingerprint = Fingerprint::default();
        fingerprint.add(self.bytes.len() as u64);
        for bytes in self.bytes.chunks(8) {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            fingerprint.add(u64::from_le_bytes(word));
        }
        fingerprint.value()
    }

    /// What the model is, if the file is one of tanren's.
    ///
    /// # Errors
    /// As [`Model::load`](crate::Model::load): a plugin that is missing, a checkpoint in place of a model.
    #[must_use]
    pub fn model(&self) -> Option<Result<ModelSpec, ModelError>> {
        self.entries.as_ref().map(spec)
    }

    /// The tensor `name` as the values of a block. Dimensions of length 1 count nothing. A matrix of
    /// a file of ours is stored as outputs by inputs; of another file as `matrices` says or, without it,
    /// as its shape shows, and a square one as outputs by inputs.
    ///
    /// # Errors
    /// [`ModelError::Tensor`] when there is none of that name, its shape does not fit, its type holds no
    /// weights, or not all of its numbers are finite.
    pub fn block(
        &self,
        name: &str,
        block: &Block,
        matrices: Option<Matrices>,
    ) -> Result<Read, ModelError> {
        let fail = |expected: String, found: String| ModelError::Tensor {
            name: name.to_owned(),
            expected,
            found,
        };
        // It was whole when the file was opened.
        let tensors = SafeTensors::deserialize(&self.bytes);
        let none = |_| fail(format!("{:?}", shape_of(block)), "no such tensor".into());
        let view = tensors.and_then(|tensors| tensors.tensor(name)).map_err(none)?;
        let own = self.entries.as_ref().map(|_| Matrices::OutputsByInputs);
        let (shape, wanted) = (view.shape(), own.or(matrices));
        let Fit { direct, stored, square } = Fit::of(block, shape, wanted)
            .ok_or_else(|| fail(expected(block, wanted), format!("{shape:?}")))?;
        let file = values(&view)
            .map_err(|found| fail("numbers of type F32, F64, F16 or BF16".into(), found))?;
        let wrong = file.not_finite();
        if wrong > 0 {
            return Err(fail("finite numbers".into(), format!("{wrong} that are not")));
        }
        let values = match (file, direct) {
            (file, false) => file, // rows of the file are columns of the block
            (Parameters::Single(v), true) => Parameters::Single(column_major(block, &v)),
            (Parameters::Double(v), true) => Parameters::Double(column_major(block, &v)),
        };
        Ok(Read { values, stored, square })
    }
}

/// How a tensor of some shape fits a block.
struct Fit {
    /// Whether its rows are the rows of the block.
    direct: bool,
    stored: Option<Matrices>,
    square: bool,
}

impl Fit {
    /// `None` where it does not fit.
    fn of(block: &Block, shape: &[usize], wanted: Option<Matrices>) -> Option<Self> {
        let (own, found) = (long(&[block.rows, block.cols]), long(shape));
        let [rows, cols] = own[..] else {
            let vector = Self { direct: true, stored: None, square: false };
            return (own == found).then_some(vector);
        };
        let turned = [cols, rows] == found[..];
        if rows == cols {
            let direct = wanted != Some(Matrices::InputsByOutputs);
            return turned.then_some(Self { direct, stored: wanted, square: true });
        }
        let stored = match (own == found, turned) {
            (true, _) => Matrices::OutputsByInputs,
            (false, true) => Matrices::InputsByOutputs,
            (false, false) => return None,
        };
        let fits = wanted.is_none_or(|wanted| wanted == stored);
        let direct = stored == Matrices::OutputsByInputs;
        fits.then_some(Self { direct, stored: Some(stored), square: false })
    }
}

/// The dimensions that are not 1.
fn long(shape: &[usize]) -> Vec<usize> {
    shape.iter().copied().filter(|&length| length != 1).collect()
}

/// The shapes that a tensor for a block may have.
fn expected(block: &Block, wanted: Option<Matrices>) -> String {
    let shape = shape_of(block);
    match (&shape[..], wanted) {
        (&[rows, cols], None) if rows != cols => format!("[{rows}, {cols}] or [{cols}, {rows}]"),
        (&[rows, cols], Some(Matrices::InputsByOutputs)) => format!("[{cols}, {rows}]"),
        _ => format!("{shape:?}"),
    }
}

/// The numbers of a matrix that lie row after row, column after column.
fn column_major<T: Copy + Default>(block: &Block, values: &[T]) -> Vec<T> {
    let mut all = vec![T::default(); values.len()];
    values.iter().enumerate().for_each(|(i, &value)| all[place(block, i)] = value);
    all
}

/// The numbers of a tensor; its type where that holds no weights.
fn values(view: &TensorView<'_>) -> Result<Parameters, String> {
    let halves = |number: fn(u16) -> f32| {
        let pairs = view.data().chunks_exact(2);
        Parameters::Single(pairs.map(|b| number(u16::from_le_bytes([b[0], b[1]]))).collect())
    };
    Ok(match view.dtype() {
        Dtype::F32 => Parameters::Single(numbers(view.data())),
        Dtype::F64 => Parameters::Double(numbers(view.data())),
        Dtype::F16 => halves(half),
        Dtype::BF16 => halves(|bits| f32::from_bits(u32::from(bits) << 16)),
        other => return Err(format!("{other:?}")),
    })
}

/// A number of IEEE 754's binary16: 5 bits of exponent, 10 of fraction.
fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (u32::from((bits >> 10) & 0x1f), u32::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => fraction as f32 / 16_777_216.0, // 2⁻²⁴
        31 => f32::from_bits(0x7f80_0000 | (fraction << 13)),
        _ => f32::from_bits(((exponent + 112) << 23) | (fraction << 13)), // 127 − 15
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

//! The model file: one `.safetensors`, readable from Python.

use crate::{Model, ModelError, ModelSpec, Parameters, TensorFile};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use tanren_plugin::{Block, BlockKind};
use tanren_tensor::{Real, Slice};

/// Text by name.
type Entries = BTreeMap<String, String>;

/// The version of the format, raised when an older reader would go wrong.
const FORMAT: &str = "1";

impl Model {
    /// Writes the model to one file, whole or not at all. Matrices are stored row-major, so that
    /// `dense-1.weight` has the shape (units, inputs) in Python and `dense-1.bias` the shape (units).
    ///
    /// # Errors
    /// [`ModelError::File`] with the path.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ModelError> {
        let mut file = TensorFile::default();
        file.entries.insert("format".into(), FORMAT.into());
        file.entries.insert("model".into(), to_json(&self.spec)?);
        file.entries.insert("notes".into(), to_json(&self.notes)?);
        for block in self.network.layout().blocks() {
            let values = match self.parameters.slice() {
                Slice::Single(v) => Parameters::Single(row_major(block, v)),
                Slice::Double(v) => Parameters::Double(row_major(block, v)),
            };
            file.tensors.insert(block.path(), (shape_of(block), values));
        }
        Ok(file.write(path.as_ref())?)
    }

    /// Reads a model, in the precision it was written in.
    ///
    /// # Errors
    /// [`ModelError`], with the name of the plugin this program lacks, if that is why.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        let file = TensorFile::read(path.as_ref())?;
        let spec = spec(&file.entries)?;
        let notes = entry(&file.entries, "notes")?;
        let network = spec.assemble()?;
        let single = file.tensors.values().all(|(_, v)| matches!(v, Parameters::Single(_)));
        let layout = network.layout();
        if let Some(name) = file
            .tensors
            .keys()
            .find(|name| !layout.blocks().iter().any(|block| block.path() == **name))
        {
            return Err(tensor_error(name, "a block of the network", "none of that name"));
        }
        let parameters = if single {
            Parameters::Single(flat(&file, layout.blocks(), layout.len())?)
        } else {
            Parameters::Double(flat(&file, layout.blocks(), layout.len())?)
        };
        Ok(Self::assembled(spec, network, parameters, notes)?)
    }
}

/// What a model file says of itself, without the plugins it needs: format, network, inputs,
/// targets, notes, and name, shape and precision of every tensor.
///
/// # Errors
/// [`ModelError`] when the file is damaged or no model.
pub fn inspect(path: impl AsRef<Path>) -> Result<Value, ModelError> {
    let file = TensorFile::read(path.as_ref())?;
    check_format(&file.entries)?;
    let tensors: Vec<Value> = file
        .tensors
        .iter()
        .map(|(name, (shape, values))| {
            json!({ "name": name, "shape": shape, "precision": values.precision() })
        })
        .collect();
    let (model, notes) = (parse(&file.entries, "model")?, parse(&file.entries, "notes")?);
    Ok(json!({ "format": FORMAT, "model": model, "notes": notes, "tensors": tensors }))
}

/// What the model is whose file has these entries.
pub(super) fn spec(entries: &Entries) -> Result<ModelSpec, ModelError> {
    check_format(entries)?;
    entry(entries, "model")
}

fn check_format(entries: &Entries) -> Result<(), ModelError> {
    match entries.get("format").map(String::as_str) {
        Some(FORMAT) => Ok(()),
        found => {
            let message = format!("expected format {FORMAT:?}, found {found:?}");
            Err(ModelError::Header { entry: "format", message })
        }
    }
}

/// An entry as plain JSON.
fn parse(entries: &Entries, name: &'static str) -> Result<Value, ModelError> {
    let error = |message| ModelError::Header { entry: name, message };
    let text = entries.get(name).ok_or_else(|| error("this entry is missing".into()))?;
    serde_json::from_str(text).map_err(|e| error(e.to_string()))
}

/// An entry as what it describes.
fn entry<D: serde::de::DeserializeOwned>(
    entries: &Entries,
    name: &'static str,
) -> Result<D, ModelError> {
    let value = parse(entries, name)?;
    D::deserialize(&value).map_err(|error| {
        let message = error.to_string();
        match missing_plugin(&message).filter(|name| names_plugin(&value, name)) {
            Some(name) => ModelError::MissingPlugin { name },
            None => ModelError::Header { entry: name, message },
        }
    })
}

/// The name that typetag or serde did not know, from "unknown variant `NAME`, expected …".
fn missing_plugin(message: &str) -> Option<String> {
    message.strip_prefix("unknown variant `")?.split('`').next().map(str::to_owned)
}

/// Whether a plugin of this name is anywhere in a specification.
fn names_plugin(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(table) => {
            let tag = table.get("type").and_then(Value::as_str);
            tag == Some(name) || table.values().any(|value| names_plugin(value, name))
        }
        Value::Array(items) => items.iter().any(|value| names_plugin(value, name)),
        _ => false,
    }
}

fn tensor_error(name: &str, expected: impl ToString, found: impl ToString) -> ModelError {
    ModelError::Tensor {
        name: name.into(),
        expected: expected.to_string(),
        found: found.to_string(),
    }
}

/// The shape Python sees: a matrix for what multiplies, a vector for a bias and its like.
pub(super) fn shape_of(block: &Block) -> Vec<usize> {
    match block.kind {
        BlockKind::Weight | BlockKind::Recurrent => vec![block.rows, block.cols],
        _ if block.cols == 1 => vec![block.rows],
        _ => vec![block.rows, block.cols],
    }
}

/// The numbers of a block, row after row.
fn row_major<T: Real>(block: &Block, flat: &[T]) -> Vec<T> {
    let values = &flat[block.range.clone()];
    (0..values.len()).map(|i| values[place(block, i)]).collect()
}

/// Where in a block, which lies column after column, the number is that comes `i`-th row after row.
pub(super) const fn place(block: &Block, i: usize) -> usize {
    (i % block.cols) * block.rows + i / block.cols
}

/// The flat vector from the tensors of a file.
fn flat<T: Real>(file: &TensorFile, blocks: &[Block], len: usize) -> Result<Vec<T>, ModelError> {
    // All shapes before any memory: a header may promise what no file holds.
    let mut tensors = Vec::with_capacity(blocks.len());
    for block in blocks {
        let (name, expected) = (block.path(), format!("{:?}", shape_of(block)));
        match file.tensors.get(&name) {
            None => return Err(tensor_error(&name, expected, "no such tensor")),
            Some((shape, _)) if *shape != shape_of(block) => {
                return Err(tensor_error(&name, expected, format!("{shape:?}")));
            }
            Some((_, values)) => tensors.push(values),
        }
    }
    let mut flat = vec![T::ZERO; len];
    for (block, values) in blocks.iter().zip(tensors) {
        let out = &mut flat[block.range.clone()];
        for (i, value) in values.slice().iter().enumerate() {
            out[place(block, i)] = T::of(value);
        }
    }
    Ok(flat)
}

fn to_json(value: &impl Serialize) -> Result<String, ModelError> {
    serde_json::to_string(value).map_err(|e| ModelError::Header {
        entry: "model",
        message: format!("cannot be written: {e}"),
    })
}

//! `Start`: the values that the blocks of a network start with, taken from files.

use super::StartSpec;
use super::inputs::{adopted, inputs_of};
use crate::check::setting;
use crate::start::said::{Tally, list};
use crate::{Arithmetic, Recipe, TrainError};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tanren_network::{Matrices, ModelError, Network, Parameters, PortSpec, Read, Tensors};
use tanren_plugin::{Block, BlockKind, Field, Layout};
use tanren_tensor::Real;

/// Names of tensors that a message shows.
pub(super) const SHOWN: usize = 8;

/// The values with which blocks of a network start, in place of random ones.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// By the path of the block.
    values: Vec<(Block, Parameters)>,
    /// What is to be said of it.
    pub(crate) notes: Vec<String>,
    pub(crate) record: Record,
}

/// What stays of a start when training has begun, so that a run goes on without the files.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    /// The files.
    pub(crate) files: Vec<Origin>,
    /// The inputs with the normalisers of a model, where these were taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) inputs: Option<Vec<PortSpec>>,
}

/// A file to start from.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Origin {
    from: PathBuf,
    fingerprint: String,
}

impl Start {
    /// The start of a run that has begun: its blocks are those of the checkpoint.
    pub(crate) fn begun(record: Record) -> Self {
        Self { record, ..Self::default() }
    }

    /// What a person should know of it.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether nothing starts from a file.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The inputs of a run that has begun, where a model has given their normalisers.
    ///
    /// # Errors
    /// [`TrainError::Setting`] when the data have other inputs by now.
    pub(crate) fn inputs(&self, fields: &mut [Field]) -> Result<Option<Vec<PortSpec>>, TrainError> {
        let Some(inputs) = self.record.inputs.clone() else { return Ok(None) };
        let ports = adopted(inputs, fields);
        ports.map(Some).map_err(|e| setting("start", e.expected, e.found))
    }

    /// Puts the values in the places that a layout has for their blocks.
    pub fn fill<T: Real>(&self, layout: &Layout, parameters: &mut [T]) {
        for (block, values) in &self.values {
            if let Some(place) = layout.find(&block.node, &block.name) {
                let all = parameters[place.range.clone()].iter_mut();
                all.zip(values.slice().iter()).for_each(|(p, value)| *p = T::of(value));
            }
        }
    }
}

/// The files of a recipe, open.
pub(crate) struct Files<'a> {
    files: Vec<(&'a StartSpec, Tensors)>,
    inputs: Option<Vec<PortSpec>>,
    precision: Arithmetic,
}

/// The path of a setting of a start.
pub(super) fn place(k: usize, name: &str) -> String {
    format!("start[{k}].{name}")
}

/// Opens the file of the `k`-th start.
///
/// # Errors
/// [`TrainError::Start`] when it cannot be read.
pub(super) fn open((k, spec): (usize, &StartSpec)) -> Result<Tensors, TrainError> {
    let error = |e| TrainError::Start { field: place(k, "from"), error: ModelError::File(e) };
    Tensors::open(&spec.from).map_err(error)
}

impl Recipe {
    /// Opens the files to start from.
    ///
    /// # Errors
    /// [`TrainError::Start`] for a file that cannot be read.
    pub(crate) fn start_files(&self) -> Result<Files<'_>, TrainError> {
        let specs = self.start.iter();
        let files = specs.enumerate().map(|(k, spec)| Ok((spec, open((k, spec))?)));
        let files = files.collect::<Result<Vec<_>, TrainError>>()?;
        Ok(Files { files, inputs: None, precision: self.precision })
    }
}

impl Files<'_> {
    /// The inputs with the normalisers of a model, where one is to give them. Fields become what they
    /// were for the model where their features are the same: pictures, say.
    ///
    /// # Errors
    /// [`TrainError::Setting`] when there is no such model, or its inputs are others.
    pub(crate) fn inputs(
        &mut self,
        recipe: &Recipe,
        fields: &mut [Field],
    ) -> Result<Option<Vec<PortSpec>>, TrainError> {
        self.inputs = inputs_of(&self.files, recipe, fields)?;
        Ok(self.inputs.clone())
    }

    /// What the blocks of the network start with.
    ///
    /// # Errors
    /// [`TrainError::Setting`] when a block that is to start from a file does not find its tensor there,
    /// or one that does not fit.
    pub(crate) fn start(self, network: &Network) -> Result<Start, TrainError> {
        let blocks = network.layout().blocks();
        let mut tally = Tally::new(blocks);
        let mut values: Vec<Option<Parameters>> = vec![None; blocks.len()];
        let (mut origins, mut squares) = (Vec::new(), Vec::new());
        for (k, (spec, file)) in self.files.iter().enumerate() {
            let taking = Taking { k, spec, file };
            let taken = taking.blocks(blocks)?;
            squares.extend(taking.guessed(blocks, &taken));
            for (block, read) in taken {
                taking.check_size(&blocks[block], &read.values, self.precision)?;
                values[block] = Some(read.values);
                tally.take(block, k);
            }
            let fingerprint = format!("{:016x}", file.fingerprint());
            origins.push(Origin { from: spec.from.clone(), fingerprint });
        }
        let mut notes = tally.notes(self.files.iter().map(|(spec, _)| spec.from.as_path()));
        notes.extend(squares);
        notes.extend(super::inputs::notes(&self.files));
        let values = blocks.iter().cloned().zip(values);
        let values = values.filter_map(|(block, values)| Some((block, values?))).collect();
        Ok(Start { values, notes, record: Record { files: origins, inputs: self.inputs } })
    }
}

/// One file, and what is taken from it.
pub(super) struct Taking<'a> {
    pub(super) k: usize,
    pub(super) spec: &'a StartSpec,
    pub(super) file: &'a Tensors,
}

impl Taking<'_> {
    /// What the blocks that start from the file have there, by place.
    fn blocks(&self, blocks: &[Block]) -> Result<Vec<(usize, Read)>, TrainError> {
        let Self { k, spec, file } = *self;
        let chosen = spec.on.hits(blocks, BlockKind::ALL);
        let chosen = chosen.map_err(|e| setting(place(k, &e.setting), e.expected, e.found))?;
        self.check_names(blocks)?;
        let mut taken: Vec<(usize, Read)> = Vec::new();
        for (at, block) in blocks.iter().enumerate().filter(|(at, _)| chosen[*at]) {
            let path = block.path();
            let named = spec.named_in_file(&path);
            let needed =
                !spec.on.is_open() || named.as_ref().is_some_and(|named| named.ours == path);
            let theirs = named.map_or_else(|| path.clone(), |named| named.theirs);
            if !file.has(&theirs) {
                if needed {
                    return Err(self.no_tensor(&path, &theirs));
                }
                continue;
            }
            let read = file.block(&theirs, block, spec.matrices);
            taken.push((at, read.map_err(|e| self.misfit(&path, &e))?));
        }
        if taken.is_empty() {
            let first = blocks.first().map_or_else(String::new, Block::path);
            let expected = format!("tensors for blocks of the network, such as {first}");
            let names: Vec<&str> = file.names().iter().map(String::as_str).collect();
            let what = match file.model() {
                Some(Err(ModelError::Header { .. })) => "a file of tanren that is no model, with",
                _ => "which has",
            };
            let found = format!("{}, {what} {}", file.path().display(), list(&names, SHOWN));
            return Err(setting(place(k, "from"), expected, found));
        }
        self.check_squares(blocks, &taken)?;
        Ok(taken)
    }

    /// A tensor that is no block of the network.
    fn misfit(&self, block: &str, error: &ModelError) -> TrainError {
        let ModelError::Tensor { name, expected, found } = error else {
            return setting(place(self.k, "from"), "tensors that can be read", error);
        };
        let expected = format!("{expected} for the block {block}");
        let file = self.file.path().display();
        let help = match self.spec.on.is_open() {
            true => "; `on` says which blocks are taken from the file",
            false => "",
        };
        let found = format!("{found} in tensor {name:?} of {file}{help}");
        setting(place(self.k, "from"), expected, found)
    }

    /// Refuses to guess how square matrices are stored where the others are not as PyTorch has them.
    fn check_squares(&self, blocks: &[Block], taken: &[(usize, Read)]) -> Result<(), TrainError> {
        let turned = taken.iter().find(|(_, read)| read.stored == Some(Matrices::InputsByOutputs));
        let square = taken.iter().find(|(_, read)| read.square);
        let (Some((turned, _)), Some((square, _)), None) = (turned, square, self.spec.matrices)
        else {
            return Ok(());
        };
        let [first, second] =
            [Matrices::InputsByOutputs, Matrices::OutputsByInputs].map(|m| m.name());
        let expected = format!(
            "{first:?} or {second:?}, because {} is square and could be either ({} is stored as \
             {first})",
            blocks[*square].path(),
            blocks[*turned].path()
        );
        Err(setting(place(self.k, "matrices"), expected, "nothing"))
    }

    /// Refuses numbers that are finite in the file alone.
    fn check_size(
        &self,
        block: &Block,
        values: &Parameters,
        precision: Arithmetic,
    ) -> Result<(), TrainError> {
        let (Parameters::Double(values), Arithmetic::Single) = (values, precision) else {
            return Ok(());
        };
        let Some(large) = values.iter().find(|x| (**x as f32).is_infinite()) else { return Ok(()) };
        let expected = format!(
            "numbers of single precision for the block {}; precision = \"double\" holds larger ones",
            block.path()
        );
        let found = format!("{large:e} in {}", self.file.path().display());
        Err(setting(place(self.k, "from"), expected, found))
    }

    /// Says of a square matrix of another program how it was read, where nothing in the file tells.
    fn guessed(&self, blocks: &[Block], taken: &[(usize, Read)]) -> Option<String> {
        let told = self.spec.matrices.is_some() || self.file.model().is_some();
        let shown = taken.iter().any(|(_, read)| read.stored.is_some());
        let (square, _) = taken.iter().find(|(_, read)| read.square)?;
        (!told && !shown).then(|| {
            format!(
                "{} is square and was read with a row for each output, as PyTorch stores it; {} = {:?} \
                 reads it the other way",
                blocks[*square].path(),
                place(self.k, "matrices"),
                Matrices::InputsByOutputs.name()
            )
        })
    }
}

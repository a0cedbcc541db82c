//! Checkpoints: a state as a file, from which a run goes on to the bit.

use crate::start::taken::Record;
use crate::{Best, Cursor, Recipe, Start, State, TrainError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;
use tanren_network::{Parameters, TensorFile};
use tanren_plugin::{Clock, EpochRecord, Number, Phase};
use tanren_tensor::Real;

/// The version of what a checkpoint holds. The first one did not say it.
const FORMAT: u32 = 2;

/// The entry that says which files a run has started from.
const START: &str = "start";

/// The tensor of the statistics that belong to averaged parameters.
const STATISTICS: &str = "averaged-statistics";

/// The part of a state that is not vectors.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rest {
    precision: String,
    clock: Clock,
    cursor: Cursor,
    history: Vec<EpochRecord>,
    /// What the direction remembers.
    scalars: Vec<Number>,
    /// What the search remembers.
    search: Vec<Number>,
    /// Carries by node: how many there are.
    carries: usize,
    best: Option<BestAt>,
}

/// Where the best parameters come from.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BestAt {
    epoch: u64,
    metric: String,
    score: f64,
}

impl<T: Real> State<T> {
    /// Writes the state of a run of `recipe` to one file, whole or not at all.
    ///
    /// # Errors
    /// [`TrainError::Checkpoint`] with the path.
    pub fn save(&self, path: &Path, recipe: &Recipe) -> Result<(), TrainError> {
        self.save_as(path, &identity(recipe)?)
    }

    /// Writes the state of a run that has started from files, so that it goes on without them.
    pub(crate) fn save_begun(
        &self,
        path: &Path,
        recipe: &Recipe,
        start: &Start,
    ) -> Result<(), TrainError> {
        let mut file = self.file(&identity(recipe)?)?;
        if !recipe.start.is_empty() {
            let text =
                serde_json::to_string(&start.record).map_err(|e| mismatch(START, "JSON", e))?;
            file.entries.insert(START.into(), text);
        }
        Ok(file.write(path)?)
    }

    /// Writes the state of a run that no recipe describes. `identity` is what the saved numbers depend
    /// on, in words or as JSON: nothing else may resume them.
    ///
    /// # Errors
    /// As [`State::save`].
    pub fn save_as(&self, path: &Path, identity: &str) -> Result<(), TrainError> {
        Ok(self.file(identity)?.write(path)?)
    }

    /// All that is saved.
    fn file(&self, identity: &str) -> Result<TensorFile, TrainError> {
        let rest = Rest {
            precision: T::NAME.into(),
            clock: self.clock,
            cursor: self.cursor,
            history: self.history.clone(),
            scalars: self.motion.direction.scalars.iter().map(|&x| Number(x)).collect(),
            search: self.motion.search.iter().map(|&x| Number(x)).collect(),
            carries: self.carries.len(),
            best: self.best.as_ref().map(|Best { epoch, metric, score, .. }| BestAt {
                epoch: *epoch,
                metric: metric.clone(),
                score: *score,
            }),
        };
        let mut file = TensorFile::default();
        let text = serde_json::to_string(&rest).map_err(|e| mismatch("state", "JSON", e))?;
        file.entries.insert("checkpoint".into(), FORMAT.to_string());
        file.entries.insert("state".into(), text);
        file.entries.insert("recipe".into(), identity.to_owned());
        let mut put = |name: String, values: &[T]| {
            file.tensors.insert(name, (vec![values.len()], Parameters::new(values)));
        };
        put("parameters".into(), &self.parameters);
        if let Some(best) = &self.best {
            put("best".into(), &best.parameters);
        }
        if !self.statistics.is_empty() {
            put(STATISTICS.into(), &self.statistics);
        }
        let named = self.motion.names.iter().flatten().zip(self.motion.slots.iter().flatten());
        named.for_each(|(name, slot)| put(slot_name(name), slot));
        for (v, vector) in self.motion.direction.vectors.iter().enumerate() {
            put(memory_name(v), vector);
        }
        for (n, carry) in self.carries.iter().enumerate() {
            put(carry_name(n), carry);
        }
        Ok(file)
    }

    /// The phase that was saved: a state of that phase can be [restored](Self::restore).
    ///
    /// # Errors
    /// [`TrainError::Checkpoint`] when the file is damaged, [`TrainError::Mismatch`] when it is no
    /// checkpoint of this format.
    pub fn saved_phase(path: &Path) -> Result<Phase, TrainError> {
        Ok(rest(&open(path)?)?.clock.phase)
    }

    /// Fills a fresh state of the same recipe and phase with what was saved.
    ///
    /// # Errors
    /// [`TrainError::Checkpoint`] when the file is damaged, [`TrainError::Mismatch`] when it
    /// belongs to another recipe or was written by a version of another format. Epochs, search,
    /// pace, stopping, metrics and what to keep may differ in training (not in pretraining): no saved number
    /// depends on them.
    pub fn restore(&mut self, path: &Path, recipe: &Recipe) -> Result<(), TrainError> {
        self.restore_as(path, &identity(recipe)?)
    }

    /// Fills a fresh state with one that was [saved](Self::save_as) under the same identity.
    ///
    /// # Errors
    /// As [`State::restore`].
    pub fn restore_as(&mut self, path: &Path, identity: &str) -> Result<(), TrainError> {
        let file = open(path)?;
        let found = file.entries.get("recipe").map_or("", String::as_str);
        if found != identity {
            return Err(other_recipe(identity, found));
        }
        let rest = rest(&file)?;
        if rest.precision != T::NAME {
            return Err(mismatch("precision", T::NAME, rest.precision));
        }
        let take = |name: &str, len: usize| -> Result<Vec<T>, TrainError> {
            match file.tensors.get(name) {
                Some((_, values)) if values.len() == len => Ok(values.to()),
                Some((_, values)) => Err(mismatch(name, len, values.len())),
                None => Err(mismatch(name, len, "none")),
            }
        };
        let direction = &mut self.motion.direction;
        if rest.scalars.len() != direction.scalars.len() {
            let (expected, found) = (direction.scalars.len(), rest.scalars.len());
            return Err(mismatch("direction's numbers", expected, found));
        }
        let parameters = take("parameters", self.parameters.len())?;
        let slots = self.motion.slots.iter_mut().flatten();
        for (name, slot) in self.motion.names.iter().flatten().zip(slots) {
            *slot = take(&slot_name(name), slot.len())?;
        }
        for (v, vector) in direction.vectors.iter_mut().enumerate() {
            *vector = take(&memory_name(v), vector.len())?;
        }
        self.best = match rest.best {
            Some(BestAt { epoch, metric, score }) => {
                let parameters = take("best", parameters.len())?;
                Some(Best { epoch, metric, score, parameters })
            }
            None => None,
        };
        self.statistics = match file.tensors.get(STATISTICS) {
            Some((_, values)) => values.to(),
            None => Vec::new(),
        };
        let carries = (0..rest.carries).map(|n| match file.tensors.get(&carry_name(n)) {
            Some((_, values)) => Ok(values.to()),
            None => Err(mismatch(&carry_name(n), "a tensor", "none")),
        });
        self.carries = carries.collect::<Result<_, _>>()?;
        self.parameters = parameters;
        direction.scalars = rest.scalars.iter().map(|&Number(x)| x).collect();
        // A run may go on with another search, which remembers other numbers: it begins anew then.
        if rest.search.len() == self.motion.search.len() {
            self.motion.search = rest.search.iter().map(|&Number(x)| x).collect();
        }
        (self.clock, self.cursor, self.history) = (rest.clock, rest.cursor, rest.history);
        Ok(())
    }
}

/// What a run of which this is a checkpoint has started from.
///
/// # Errors
/// As [`State::saved_phase`].
pub(crate) fn begun(path: &Path) -> Result<Start, TrainError> {
    let file = open(path)?;
    let text = file.entries.get(START).ok_or_else(|| mismatch(START, "an entry", "none"))?;
    let record: Record = serde_json::from_str(text).map_err(|e| mismatch(START, "files", e))?;
    Ok(Start::begun(record))
}

/// A checkpoint of this format.
fn open(path: &Path) -> Result<TensorFile, TrainError> {
    let file = TensorFile::read(path)?;
    if !file.entries.contains_key("state") {
        return Err(mismatch("file", "a checkpoint", "a file without a state"));
    }
    let found = file.entries.get("checkpoint").map_or("1", String::as_str);
    match found == FORMAT.to_string() {
        true => Ok(file),
        false => Err(mismatch("checkpoint format", FORMAT, format!("{found}, of another version"))),
    }
}

/// The part of a saved state that is not vectors.
fn rest(file: &TensorFile) -> Result<Rest, TrainError> {
    let text = file.entries.get("state").ok_or_else(|| mismatch("state", "an entry", "none"))?;
    serde_json::from_str(text).map_err(|e| mismatch("state", "a state", e))
}

/// What a checkpoint depends on: the recipe without what may change between two parts of a run.
fn identity(recipe: &Recipe) -> Result<String, TrainError> {
    let mut value = serde_json::to_value(recipe).map_err(|e| mismatch("recipe", "JSON", e))?;
    if let Some(training) = value.get_mut("training").and_then(|t| t.as_object_mut()) {
        for free in ["epochs", "search", "pace", "stopping", "metrics", "keep"] {
            training.remove(free);
        }
    }
    Ok(value.to_string())
}

/// Names the first setting in which two identities differ.
fn other_recipe(expected: &str, found: &str) -> TrainError {
    let read = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let (expected, found) = (read(expected), read(found));
    let (path, expected, found) = difference(String::new(), &expected, &found);
    mismatch(path.trim_start_matches('.'), expected, found)
}

/// The path of the first difference between two values that differ, and what is there.
fn difference<'a>(path: String, a: &'a Value, b: &'a Value) -> (String, &'a Value, &'a Value) {
    let inside = match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            let mut both = a.iter().zip(b.values());
            both.find(|((_, a), b)| a != b).map(|((key, a), b)| (format!("{path}.{key}"), a, b))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut both = a.iter().zip(b).enumerate();
            both.find(|(_, (a, b))| a != b).map(|(i, (a, b))| (format!("{path}[{i}]"), a, b))
        }
        _ => None,
    };
    match inside {
        Some((path, a, b)) => difference(path, a, b),
        None => (path, a, b),
    }
}

fn carry_name(node: usize) -> String {
    format!("carry.{node}")
}

fn slot_name(name: &str) -> String {
    format!("slot.{name}")
}

fn memory_name(vector: usize) -> String {
    format!("direction.{vector}")
}

fn mismatch(what: &str, expected: impl ToString, found: impl ToString) -> TrainError {
    TrainError::Mismatch {
        what: what.into(),
        expected: expected.to_string(),
        found: found.to_string(),
    }
}

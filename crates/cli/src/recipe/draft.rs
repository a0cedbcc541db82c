//! `Draft`: a recipe that knows in which file and line each setting was given.

use super::decode::decode;
use super::format::Format;
use super::json::tree_of;
use super::mistake::Mistake;
use super::node::{Node, Place, Value};
use super::set::{self, typed_anew};
use crate::failure::{Failure, Kind};
use crate::files::guard::{HEAD, begins_like_a_model};
use crate::files::run_files::described;
use crate::output::advice::{Advice, file_of};
use serde::Deserialize as _;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use tanren_network::AssemblyError;
use tanren_plugin::{FieldSpec, OffersError, Plugin, Source, Table};
use tanren_tensor::{Shape, ShapeError};
use tanren_trainer::{Recipe, Setup, TrainError};

/// The largest text of a recipe, in bytes.
const MAX_BYTES: u64 = 4 << 20;

/// A recipe, and where its settings were given.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) recipe: Recipe,
    /// The file of the recipe; empty if it has none.
    file: String,
    /// The contents of the file.
    text: String,
    said: Node,
    /// What changes have replaced that was more than a value, in words.
    replaced: Vec<String>,
}

impl Draft {
    /// A recipe that comes from no file.
    pub(crate) fn new(recipe: Recipe) -> Self {
        let said = Node::new(Place::Nowhere, Value::Null);
        Self { recipe, file: String::new(), text: String::new(), said, replaced: Vec::new() }
    }

    /// Reads a recipe in the format its name says.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let Some(format) = Format::of(path) else {
            let message = format!(
                "{}: expected a recipe, a file that ends in {}",
                path.display(),
                Format::ENDINGS
            );
            return Err(Failure::new(Kind::Usage, message));
        };
        if let Some(what) = described(path) {
            return Err(Failure::new(Kind::Usage, what));
        }
        let file = path.display().to_string();
        let text = text(path)?;
        let read = format.parse(&text).and_then(|said| Ok((decode(&said, "")?, said)));
        let (recipe, said) = read.map_err(|mistake| mistake.failure(&file, &text))?;
        Ok(Self { recipe, file, text, said, replaced: Vec::new() })
    }

    /// The text it was read from; empty for a recipe that comes from no file.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where its data come from, as it is written in JSON.
    pub(crate) fn source(&self) -> serde_json::Value {
        // What cannot be written names no files.
        serde_json::to_value(&self.recipe.data.source).unwrap_or_default()
    }

    /// Changes settings as `KEY=VALUE` says, in order.
    pub(crate) fn set(&mut self, sets: &[String]) -> Result<(), Failure> {
        for (i, argument) in sets.iter().enumerate() {
            // Settings that were left out are there to be set, too.
            if i == 0 || self.said.value == Value::Null {
                self.fill()?;
            }
            let fail = |mistake: Mistake| set::dotted(mistake).failure(&self.file, &self.text);
            let replaced = set::apply(&mut self.said, argument).map_err(fail)?;
            self.replaced.extend(replaced.map(|name| {
                let (key, value) = argument.split_once('=').unwrap_or_default();
                format!("{} takes the place of the schedule {name} of {}", value.trim(), key.trim())
            }));
            match decode(&self.said, "") {
                Ok(recipe) => {
                    self.recipe = recipe;
                    self.fill()?;
                }
                // The next one may say what is missing.
                Err(_) if i + 1 < sets.len() => {}
                Err(mistake) => return Err(fail(typed_anew(mistake, &self.said, sets))),
            }
        }
        Ok(())
    }

    /// What the changes have replaced that was more than a value: notes, each given once.
    pub(crate) fn replaced(&mut self) -> Vec<String> {
        std::mem::take(&mut self.replaced)
    }

    /// Adds the settings that have their defaults to the tree.
    fn fill(&mut self) -> Result<(), Failure> {
        let mut full = tree_of(&self.recipe).map_err(|e| Failure::new(Kind::Recipe, e))?;
        full.adopt(&self.said);
        self.said = full;
        Ok(())
    }

    /// Prepares the recipe, with its table if that is open already. Errors name the place of the setting.
    pub(crate) fn prepare(&self, table: Option<Table>) -> Result<Setup, Failure> {
        let counted = table.as_ref().map(|table| self.taken_for_classes(table));
        let setup = match table {
            Some(table) => self.recipe.prepare_opened(table),
            None => self.recipe.prepare(),
        };
        setup.map_err(|error| {
            let assembly = matches!(error, TrainError::Assembly(_));
            let mut failure = self.failure(error);
            if assembly {
                let table = || self.recipe.data.source.open().ok();
                let help = counted.unwrap_or_else(|| self.taken_for_classes(&table()?));
                failure.message.extend(help);
            }
            failure
        })
    }

    /// Advice where whole numbers are taken for classes, and a loss wants numbers.
    fn taken_for_classes(&self, table: &Table) -> Option<String> {
        let losses = self.recipe.network.to_losses("");
        let losses = losses.iter().filter(|loss| loss.of_data()).map(|loss| &loss.loss);
        let (number, whole) = (Shape::vector(1), |level: &String| level.parse::<i64>().is_ok());
        let (target, loss) = table.targets.iter().zip(losses).find(|(target, loss)| {
            let FieldSpec { shape, levels, .. } = &target.spec;
            shape.indices
                && loss.outputs(*shape).is_err()
                && loss.outputs(number).is_ok()
                && levels.iter().all(whole)
        })?;
        let (source, name) = (self.source(), &target.spec.name);
        // A source of labels alone has no such setting.
        let mut told = source.clone();
        let part = if told["type"] == "train-test" { &mut told["train"] } else { &mut told };
        part.as_object_mut()?.insert("task".into(), "regression".into());
        Plugin::<dyn Source>::deserialize(told).ok()?;
        let help = self.advice(&source).say(&format!(
            "the whole numbers of {name} are taken for classes; {} predicts numbers: set \
             `task = \"regression\"`",
            loss.typetag_name()
        ));
        Some(format!("\n  help: {help}"))
    }

    /// How the command line changes the settings of the data.
    fn advice(&self, source: &serde_json::Value) -> Advice {
        // What comes from no file was made for data by options.
        match self.file.is_empty() {
            true => Advice::of_options(source),
            false => Advice::of_recipe(source),
        }
    }

    /// Prepares the recipe of a run that goes on from a checkpoint, with its table.
    pub(crate) fn prepare_resumed(
        &self,
        table: Table,
        checkpoint: &Path,
    ) -> Result<Setup, Failure> {
        let setup = self.recipe.prepare_resumed(table, checkpoint);
        setup.map_err(|error| self.failure(error))
    }

    /// Checks without data that every setting is in its range.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.recipe.check().map_err(|error| self.failure(error))
    }

    fn failure(&self, error: TrainError) -> Failure {
        match error {
            TrainError::Setting { field, expected, found } => {
                self.at(&field, format!("expected {expected}, found {found}"))
            }
            TrainError::Start { field, error } => {
                Failure { kind: Kind::Model, ..self.at(&field, error.to_string()) }
            }
            TrainError::Offers(OffersError { ref algorithm, .. }) => {
                let search = self.recipe.training.search.typetag_name() == algorithm;
                let path = if search { "training.search" } else { "training.direction" };
                self.at(path, error.to_string())
            }
            TrainError::Assembly(AssemblyError { problems }) => {
                let lines: Vec<_> = problems.iter().map(|problem| self.problem(problem)).collect();
                Failure::new(Kind::Recipe, lines.join("\n"))
            }
            other => {
                let source = self.source();
                self.beside(Failure::training(other, &source, self.advice(&source)))
            }
        }
    }

    /// The failure, with advice where the data lie beside the recipe and not in the current folder.
    fn beside(&self, mut failure: Failure) -> Failure {
        let source = self.source();
        let folder = Path::new(&self.file).parent().filter(|folder| *folder != Path::new(""));
        if let (Some(folder), Some(path)) = (folder, file_of(&source))
            && !Path::new(path).exists()
            && folder.join(path).exists()
        {
            failure.message.push_str(&format!(
                "\n  help: paths in a recipe are relative to the current folder; there is {}",
                folder.join(path).display()
            ));
        }
        failure
    }

    /// A mistake in the setting at a path.
    fn at(&self, path: &str, message: String) -> Failure {
        let mistake = Mistake { place: self.said.place_of(path), path: path.to_owned(), message };
        mistake.failure(&self.file, &self.text)
    }

    /// One line about a part of the network that does not fit.
    fn problem(&self, problem: &ShapeError) -> String {
        let part = problem.at.split(", ").next().unwrap_or_default();
        let network = &self.recipe.network;
        let node = part.strip_prefix("node ").and_then(|name| {
            let index = network.to_nodes("").iter().position(|node| node.name == name)?;
            let list = if network.nodes.is_empty() { "layers" } else { "nodes" };
            Some(format!("network.{list}[{index}]"))
        });
        let (path, message) = match node {
            Some(path) => (path, problem.to_string()),
            None if part.starts_with("network") => {
                let ShapeError { expected, found, .. } = problem;
                (problem.at.clone(), format!("expected {expected}, found {found}"))
            }
            None => (String::new(), problem.to_string()),
        };
        let at = path.split(", ").next().unwrap_or_default();
        let place = self.said.set_in(at).unwrap_or_else(|| self.said.place_of(at));
        Mistake { place, path, message }.line(&self.file, &self.text)
    }
}

/// The text of a file that should be a recipe.
fn text(path: &Path) -> Result<String, Failure> {
    let fail = |message: String| Failure::new(Kind::Recipe, message);
    let cannot =
        |e: &dyn std::fmt::Display| fail(format!("cannot read recipe {}: {e}", path.display()));
    let file = File::open(path).map_err(|e| cannot(&e))?;
    let facts = file.metadata().map_err(|e| cannot(&e))?;
    if facts.is_dir() {
        return Err(cannot(&"it is a folder"));
    }
    let mut bytes = Vec::new();
    if facts.len() <= MAX_BYTES {
        // What is no ordinary file has no length beforehand.
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| cannot(&e))?;
    } else {
        file.take(HEAD).read_to_end(&mut bytes).map_err(|e| cannot(&e))?;
    }
    if begins_like_a_model(&bytes) {
        return Err(cannot(&"it is a model file; `inspect` describes it"));
    }
    let length = facts.len().max(bytes.len() as u64);
    if length > MAX_BYTES {
        let most = MAX_BYTES >> 20;
        return Err(cannot(&format!("expected at most {most} MiB, found {length} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|e| {
        let line = e.as_bytes().iter().take(e.utf8_error().valid_up_to());
        let line = line.filter(|&&byte| byte == b'\n').count() + 1;
        fail(format!("{}:{line}: expected text in UTF-8, found other bytes", path.display()))
    })?;
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(cannot(&"it is empty; `init` writes a recipe to start from"));
    }
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

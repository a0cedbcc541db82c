//! `Setup`: a recipe with its data opened and its network assembled.

use crate::{Recipe, Scoring, Start, TrainError, balance, check, checkpoint, normalize};
use std::path::Path;
use tanren_network::{ModelSpec, Network, Prepared, Target};
use tanren_plugin::{DataError, Fold, Part, Table, Watched};
use tanren_tensor::Real;

/// The rows of each part, in ascending order. Rows of weight 0 are in none: they count nothing, so
/// nothing fits, shuffles, batches or scores them, whatever they hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// To learn from. Never empty.
    pub train: Vec<usize>,
    /// To choose by.
    pub validation: Vec<usize>,
    /// To report on.
    pub test: Vec<usize>,
}

impl Rows {
    /// The rows whose scores may end a run.
    #[must_use]
    pub fn watched(&self, rows: Watched) -> &[usize] {
        match rows {
            Watched::Train => &self.train,
            Watched::Validation => &self.validation,
        }
    }

    /// The rows that say most about what comes: the test rows or, without any, those before.
    pub(crate) fn last(&self) -> &[usize] {
        [&self.test, &self.validation]
            .into_iter()
            .find(|rows| !rows.is_empty())
            .unwrap_or(&self.train)
    }

    fn of(parts: &[Part], table: &Table) -> Self {
        let counts = |row: usize| table.weights.as_ref().is_none_or(|w| w[row] > 0.0);
        let rows =
            |part| (0..parts.len()).filter(|&row| parts[row] == part && counts(row)).collect();
        Self {
            train: rows(Part::Train),
            validation: rows(Part::Validation),
            test: rows(Part::Test),
        }
    }
}

/// A recipe with its data opened, split and fitted, and its network assembled: everything fits
/// together. What a setting's value does shows in training.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The recipe.
    pub recipe: Recipe,
    /// The raw data.
    pub table: Table,
    /// Whether the recipe's source opened the table, and so knows the lines of its rows.
    pub opened: bool,
    /// What each row counts by the data; in the table, a row that takes no part in the split counts 0.
    pub given_weights: Option<Vec<f64>>,
    /// The part of each row.
    pub parts: Vec<Part>,
    /// The rows of each part.
    pub rows: Rows,
    /// Network and fitted normalisers.
    pub spec: ModelSpec,
    /// The assembled network.
    pub network: Network,
    /// What its blocks start with, where that is not random.
    pub start: Start,
}

impl Recipe {
    /// Opens and splits the data, fits the normalisers on the training rows, assembles the
    /// network.
    ///
    /// # Errors
    /// [`TrainError`] with the first mistake in settings or data, or all mistakes in the network.
    pub fn prepare(&self) -> Result<Setup, TrainError> {
        self.check()?;
        self.prepare_opened(self.open(&*self.data.source, None)?)
    }

    /// Prepares a table that this recipe's source has opened already: errors in a row name its line there.
    ///
    /// # Errors
    /// As [`prepare`](Self::prepare).
    pub fn prepare_opened(&self, table: Table) -> Result<Setup, TrainError> {
        self.prepare_rows(table, true, None, None)
    }

    /// Prepares a table that this recipe's source has opened, to go on from a checkpoint: the files that
    /// the run has started from are not needed any more.
    ///
    /// # Errors
    /// As [`prepare`](Self::prepare), and when the checkpoint cannot be read.
    pub fn prepare_resumed(&self, table: Table, checkpoint: &Path) -> Result<Setup, TrainError> {
        let begun = match self.start.is_empty() {
            true => None,
            false => Some(checkpoint::begun(checkpoint)?),
        };
        self.prepare_rows(table, true, None, begun)
    }

    /// Prepares a table of one's own, in place of what this recipe's source reads.
    ///
    /// # Errors
    /// As [`prepare`](Self::prepare).
    pub fn prepare_table(&self, table: Table) -> Result<Setup, TrainError> {
        self.prepare_rows(table, false, None, None)
    }

    /// Prepares a table as its split divides it, or for one turn of a cross-validation; with what a run
    /// has started from, where that is known already.
    fn prepare_rows(
        &self,
        mut table: Table,
        opened: bool,
        fold: Option<Fold>,
        begun: Option<Start>,
    ) -> Result<Setup, TrainError> {
        let in_line = |error| self.in_line(opened, error);
        self.check()?;
        table.check()?;
        let fold = match fold {
            Some(fold) => fold,
            None => self.data.split.parts(&table, self.seed.stream("split")).map_err(in_line)?,
        };
        if fold.len() != table.rows {
            let message = format!("expected a part for {} rows, found {}", table.rows, fold.len());
            return Err(DataError::new(&table.name, message).into());
        }
        if table.inputs.is_empty() {
            let why = match table.notes.is_empty() {
                true => String::new(),
                false => format!(": {}", table.notes.join("; ")),
            };
            let message = format!("no input is left{why}");
            return Err(DataError::new(&table.name, message).into());
        }
        let given_weights = table.weights.clone();
        let parts = take_part(&mut table, &fold);
        let rows = Rows::of(&parts, &table);
        if rows.train.is_empty() {
            let message = format!(
                "expected training rows with a weight above 0, found none among {}",
                table.rows
            );
            return Err(DataError::new(&table.name, message).into());
        }
        let used = self.network.to_losses("").iter().filter(|loss| loss.of_data()).count();
        if table.targets.is_empty() && used > 0 {
            let (expected, found) = ("the column to predict", "no target");
            return Err(check::setting("data.source.target", expected, found));
        }
        table.targets.truncate(used);
        let mut files = None;
        let given = match &begun {
            Some(begun) => begun.inputs(&mut table.inputs)?,
            None => files.insert(self.start_files()?).inputs(self, &mut table.inputs)?,
        };
        // A field knows neither the name of its table nor the numbers of its rows.
        let located = |error| match error {
            TrainError::Data(e) => TrainError::Data(in_line(DataError {
                row: e.row.map(|row| table.number(row)),
                column: e.column.or(Some(e.source)),
                source: table.name.clone(),
                ..e
            })),
            other => other,
        };
        let fitted = || normalize::inputs(&self.data.inputs, &table.inputs, &rows.train);
        let inputs = given.map_or_else(fitted, Ok).map_err(located)?;
        let targets = normalize::targets(&self.data.targets, &table, &rows.train);
        let targets = targets.map_err(located)?;
        let network = balance::resolved(self.network.clone(), &table, &rows.train)?;
        let spec = ModelSpec { network, inputs, targets };
        let network = spec.assemble()?;
        self.check_fit(&network, &table, &rows)?;
        let start = match (begun, files) {
            (Some(begun), _) => begun,
            (None, Some(files)) => files.start(&network)?,
            (None, None) => Start::default(),
        };
        let recipe = self.clone();
        let setup =
            Setup { recipe, table, given_weights, opened, parts, rows, spec, network, start };
        setup.check_scores()?;
        Ok(setup)
    }
}

/// The part of each row in a fold. A row that takes no part in it has the weight 0 from now on.
fn take_part(table: &mut Table, fold: &Fold) -> Vec<Part> {
    if fold.contains(&None) {
        let weights = table.weights.get_or_insert_with(|| vec![1.0; fold.len()]);
        let absent = weights.iter_mut().zip(fold).filter(|(_, part)| part.is_none());
        absent.for_each(|(weight, _)| *weight = 0.0);
    }
    fold.iter().map(|part| part.unwrap_or(Part::Train)).collect()
}

impl Recipe {
    /// An error in a row, with its line where the source opened the table.
    fn in_line(&self, opened: bool, error: DataError) -> DataError {
        if opened { self.data.source.in_line(None, error) } else { error }
    }
}

/// The most parts of rows in all turns of a cross-validation: one each takes a byte.
const MOST: usize = 1 << 30;

impl Setup {
    /// The same data prepared for a recipe; if its source has other settings, what that opens.
    pub(crate) fn for_recipe(&self, recipe: &Recipe) -> Result<Self, TrainError> {
        let settings = |recipe: &Recipe| serde_json::to_value(&recipe.data.source).ok();
        if self.opened && settings(recipe) != settings(&self.recipe) {
            return recipe.prepare();
        }
        recipe.prepare_rows(self.given(), self.opened, None, None)
    }

    /// The table as the data gave it.
    fn given(&self) -> Table {
        Table { weights: self.given_weights.clone(), ..self.table.clone() }
    }

    /// The parts of the rows in each of so many folds.
    pub(crate) fn folds(&self, folds: usize) -> Result<Vec<Fold>, TrainError> {
        let recipe = &self.recipe;
        if self.table.rows.saturating_mul(folds) > MOST {
            let rows = self.table.rows;
            let message = format!(
                "{folds} folds of {rows} rows are too many: at most {} fit",
                MOST / rows.max(1)
            );
            return Err(DataError::new(&self.table.name, message).into());
        }
        let turns = recipe.data.split.folds(&self.given(), folds, recipe.seed.stream("folds"));
        Ok(turns.map_err(|error| recipe.in_line(self.opened, error))?)
    }

    /// The same data prepared for one turn of a cross-validation.
    pub(crate) fn in_fold(&self, fold: Fold) -> Result<Self, TrainError> {
        let start = Some(self.start.clone());
        self.recipe.prepare_rows(self.given(), self.opened, Some(fold), start)
    }

    /// The scores that training by this recipe computes.
    ///
    /// # Errors
    /// As [`Scoring::new`].
    pub fn scoring(&self) -> Result<Scoring, TrainError> {
        Scoring::new(&self.network, &self.spec, &self.recipe.training.metrics)
    }

    /// Refuses the name of a score that its phase does not compute.
    fn check_scores(&self) -> Result<(), TrainError> {
        self.check_scores_of(&self.recipe)
    }

    /// The same for a recipe that differs in how it trains alone.
    pub(crate) fn check_scores_of(&self, recipe: &Recipe) -> Result<(), TrainError> {
        for plan in recipe.phases(&self.network)? {
            let scores = Scoring::of_phase(&plan, &self.spec)?;
            plan.training.check_names(&plan.path, &scores)?;
        }
        Ok(())
    }

    /// The data, normalised in precision `T`, with targets checked against their losses.
    ///
    /// # Errors
    /// [`DataError`] with the row of a target its loss is not defined for.
    pub fn prepared<T: Real>(&self) -> Result<Prepared<T>, DataError> {
        let table = &self.table;
        let data = Prepared::new(table, &self.spec.inputs, &self.spec.targets)?;
        let counted: Vec<usize> = (0..data.rows()).filter(|&r| data.weight(r) > 0.0).collect();
        data.check_finite(table, &counted, &self.network)
            .map_err(|error| self.recipe.in_line(self.opened, error))?;
        let mut column = Vec::new();
        for output in self.network.outputs() {
            let Target::Data(k) = output.from else { continue };
            if output.target.shape.indices {
                continue; // below the number of levels, as preparation made sure
            }
            for row in (0..data.rows()).filter(|&row| data.weight(row) > 0.0) {
                column.clear();
                data.target(k, row, &mut column);
                let shape = output.target.shape;
                let steps = column.chunks(shape.features).zip(data.column_weights(shape, row));
                // At a step of weight 0 no target is known.
                let known = steps.filter(|(_, weight)| *weight > 0.0);
                let mut column: Vec<f64> = known.flat_map(|(step, _)| step.to_vec()).collect();
                if output.loss.masks() {
                    // What is left of numbers that may be missing are numbers of the same domain.
                    column.retain(|t| !t.is_nan());
                }
                let mut steps = column.chunks(shape.features);
                let domain = output.loss.domain();
                if let Some(expected) = steps.find_map(|step| domain.refusal(step)) {
                    let name = output.loss.typetag_name();
                    let made = match self.recipe.data.targets.is_empty() {
                        true => "",
                        false => " as `data.targets` makes it",
                    };
                    // In the digits of the precision of the run.
                    let found: Vec<T> = column.iter().map(|&t| T::of(t)).collect();
                    let message = format!("expected {expected} for {name}, found {found:?}{made}");
                    let error = DataError::new(&table.name, message).row(table.number(row));
                    return Err(error.column(&output.target.name));
                }
            }
        }
        Ok(data)
    }
}

//! What candidates stand on: data and a network, prepared once for all that share them.

use super::lane::Judge;
use crate::phase_run::Field;
use crate::{Arithmetic, Recipe, Setup, TrainError, Trivial};
use std::borrow::Cow;
use std::sync::Arc;
use tanren_network::Prepared;
use tanren_plugin::{Precision, Seed};

/// A setup and its data, normalised in precision `T`.
#[derive(Debug)]
pub(super) struct Ground<'a, T> {
    pub(super) setup: Cow<'a, Setup>,
    pub(super) data: Prepared<T>,
}

impl<T: Precision> Ground<'_, T> {
    /// What a run with this seed trains on.
    pub(super) fn field(&self, seed: Seed) -> Field<'_, T> {
        let Setup { rows, spec, .. } = &*self.setup;
        Field { data: &self.data, rows, spec, seed }
    }

    /// What the trivial prediction scores; NaN where that is not defined.
    fn trivial(&self, by: &Judge) -> Result<f64, TrainError> {
        let Self { setup, data } = self;
        let trivial = Trivial::of(&setup.network, data, &setup.rows.train);
        let rows = setup.rows.watched(by.rows);
        let scores = trivial.scores(&setup.network, data, rows, &setup.scoring()?);
        Ok(scores.get(&by.score).unwrap_or(f64::NAN))
    }
}

/// A ground in the precision of its recipe.
#[derive(Clone, Debug)]
pub(super) enum Shared<'a> {
    Single(Arc<Ground<'a, f32>>),
    Double(Arc<Ground<'a, f64>>),
}

/// Every ground that a candidate stands on.
#[derive(Debug)]
pub(super) struct Grounds<'a> {
    /// By all that a recipe says but how it trains.
    known: Vec<(String, Shared<'a>)>,
}

impl<'a> Grounds<'a> {
    /// Begins with what is prepared already.
    pub(super) fn new(setup: &'a Setup) -> Result<Self, TrainError> {
        let first = (but_training(&setup.recipe), shared(Cow::Borrowed(setup))?);
        Ok(Self { known: vec![first] })
    }

    /// The ground of a recipe, prepared where no other candidate has it, after a look at whether the
    /// recipe fits it.
    pub(super) fn of(&mut self, recipe: &Recipe) -> Result<Shared<'a>, TrainError> {
        recipe.check()?;
        let key = but_training(recipe);
        if let Some((_, ground)) = self.known.iter().find(|(known, _)| *known == key) {
            match ground {
                Shared::Single(ground) => fits(&ground.setup, recipe)?,
                Shared::Double(ground) => fits(&ground.setup, recipe)?,
            }
            return Ok(ground.clone());
        }
        let ground = shared(Cow::Owned(self.base().for_recipe(recipe)?))?;
        self.known.push((key, ground.clone()));
        Ok(ground)
    }

    /// What the trivial prediction scores.
    pub(super) fn trivial(&self, by: &Judge) -> Result<f64, TrainError> {
        match &self.known[0].1 {
            Shared::Single(ground) => ground.trivial(by),
            Shared::Double(ground) => ground.trivial(by),
        }
    }

    /// The setup with which it began.
    pub(super) fn base(&self) -> &Setup {
        match &self.known[0].1 {
            Shared::Single(ground) => &ground.setup,
            Shared::Double(ground) => &ground.setup,
        }
    }
}

fn shared(setup: Cow<'_, Setup>) -> Result<Shared<'_>, TrainError> {
    Ok(match setup.recipe.precision {
        Arithmetic::Single => Shared::Single(Arc::new(Ground { data: setup.prepared()?, setup })),
        Arithmetic::Double => Shared::Double(Arc::new(Ground { data: setup.prepared()?, setup })),
    })
}

/// Whether a recipe that differs in how it trains alone fits a setup.
fn fits(setup: &Setup, recipe: &Recipe) -> Result<(), TrainError> {
    recipe.check_fit(&setup.network, &setup.table, &setup.rows)?;
    setup.check_scores_of(recipe)
}

/// All that a recipe says but how it trains.
fn but_training(recipe: &Recipe) -> String {
    let Recipe { format: _, seed, precision, data, network, start, pretraining: _, training: _ } =
        recipe;
    // What cannot be written is told apart by the failure to write it when it is checked.
    serde_json::to_string(&(seed, precision, data, network, start)).unwrap_or_default()
}

//! What holds for every recipe, asked before any data are opened: every setting in its range.

use crate::metrics::MeanLoss;
use crate::{Keep, Recipe, TrainError, TrainingSpec};
use std::collections::{BTreeMap, BTreeSet};
use tanren_plugin::{Better, Checked, Clock, MAX_SLOTS, nearest};

impl Recipe {
    /// Refuses the first setting, of the recipe or of a plugin in it, that is out of its range.
    ///
    /// # Errors
    /// [`TrainError::Setting`](crate::TrainError::Setting) with its path.
    pub fn check(&self) -> Result<(), TrainError> {
        Checked::check(self).map_err(|e| setting(e.setting, e.expected, e.found))?;
        let network = &self.network;
        let mut layers = network.layers.iter().chain(network.nodes.iter().map(|node| &node.layer));
        let terms = layers.any(|layer| layer.term().is_some()); // a layer may be its own loss
        if network.loss.is_none() && network.losses.is_empty() && !terms {
            return Err(setting("network.loss", "a loss to minimise", "none"));
        }

        for (i, phase) in self.pretraining.iter().enumerate() {
            phase.check_plugins(&format!("pretraining[{i}]"))?;
        }
        self.training.check_plugins("training")
    }
}

impl TrainingSpec {
    /// Refuses the first plugin of a phase at this path of the recipe that cannot be used beside the
    /// others, or at all.
    fn check_plugins(&self, path: &str) -> Result<(), TrainError> {
        for (i, updater) in self.updaters.iter().enumerate() {
            let slots = updater.slots();
            let names: BTreeSet<_> = slots.iter().map(|slot| slot.name).collect();
            if slots.len() > MAX_SLOTS || names.len() < slots.len() {
                let expected =
                    format!("an updater with at most {MAX_SLOTS} slots, all with different names");
                let all: Vec<_> = slots.iter().map(|slot| slot.name).collect();
                let found = format!("{} with {}", updater.typetag_name(), all.join(", "));
                return Err(setting(format!("{path}.updaters[{i}]"), expected, found));
            }
        }
        if !self.pace.is_empty() && self.search.rate(Clock::default()).is_none() {
            let found = format!("{}, which looks for its step", self.search.typetag_name());
            let expected = "a search with a rate, which the pace changes";
            return Err(setting(format!("{path}.search"), expected, found));
        }
        for (i, metric) in self.metrics.iter().enumerate() {
            let name = metric.name();
            if self.metrics[..i].iter().any(|earlier| earlier.name() == name) {
                let (expected, found) =
                    ("metrics of different names", format!("two called {name:?}"));
                return Err(setting(format!("{path}.metrics[{i}]"), expected, found));
            }
        }
        Ok(())
    }

    /// Refuses the name of a score, in `keep`, a stopping rule or a pace of a phase at this path of the
    /// recipe, that is not among those that the phase computes. Who names none means the loss, which
    /// a phase may do without.
    pub(crate) fn check_names(
        &self,
        path: &str,
        scores: &BTreeMap<String, Better>,
    ) -> Result<(), TrainError> {
        let expect = |field: String, name: &str| {
            if name == MeanLoss::NAME || scores.contains_key(name) {
                return Ok(());
            }
            let near = nearest(name, scores.keys().map(String::as_str));
            let near = near.map_or(String::new(), |near| format!("; did you mean {near:?}?"));
            let known: Vec<_> = scores.keys().map(String::as_str).collect();
            let expected = format!("a score that is computed here ({})", known.join(", "));
            Err(setting(field, expected, format!("{name:?}{near}")))
        };
        if let Keep::Best(name) = &self.keep {
            expect(format!("{path}.keep.best"), name)?;
        }
        for (i, rule) in self.stopping.iter().enumerate() {
            for (_, name) in rule.scores() {
                expect(format!("{path}.stopping[{i}]"), name)?;
            }
        }
        for (i, rule) in self.pace.iter().enumerate() {
            for (_, name) in rule.scores() {
                expect(format!("{path}.pace[{i}]"), name)?;
            }
        }
        Ok(())
    }
}

/// The error of a setting at this path of the recipe.
pub(crate) fn setting(
    field: impl ToString,
    expected: impl ToString,
    found: impl ToString,
) -> TrainError {
    let (field, expected) = (field.to_string(), expected.to_string());
    TrainError::Setting { field, expected, found: found.to_string() }
}

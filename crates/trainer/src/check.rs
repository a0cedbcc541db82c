//! What holds for every recipe, asked before any data are opened: every setting in its range.

use crate::metrics::MeanLoss;
use crate::recipe::format_version;
use crate::{Keep, Recipe, TrainError, TrainingSpec};
use std::collections::{BTreeMap, BTreeSet};
use tanren_plugin::{Aimed, Better, Checked, MAX_SLOTS, Plugin, nearest};

impl Recipe {
    /// Refuses the first setting, of the recipe or of a plugin in it, that is out of its range.
    ///
    /// # Errors
    /// [`TrainError::Setting`](crate::TrainError::Setting) with its path.
    pub fn check(&self) -> Result<(), TrainError> {
        let Self { data, network, training, .. } = self;
        if self.format != format_version() {
            return Err(setting("format", format_version(), self.format));
        }
        one("data.source", &data.source)?;
        one("data.split", &data.split)?;
        all("data.inputs", &data.inputs)?;
        all("data.targets", &data.targets)?;

        all("network.layers", &network.layers)?;
        for (i, node) in network.nodes.iter().enumerate() {
            one(&format!("network.nodes[{i}].layer"), &node.layer)?;
            maybe(&format!("network.nodes[{i}].noise"), node.noise.as_ref())?;
        }
        maybe("network.loss", network.loss.as_ref())?;
        for (i, loss) in network.losses.iter().enumerate() {
            one(&format!("network.losses[{i}].loss"), &loss.loss)?;
        }
        all("network.penalties", plugins(&network.penalties))?;
        all("network.constraints", plugins(&network.constraints))?;
        all("network.noise", plugins(&network.noise))?;
        let mut layers = network.layers.iter().chain(network.nodes.iter().map(|node| &node.layer));
        let terms = layers.any(|layer| layer.term().is_some()); // a layer may be its own loss
        if network.loss.is_none() && network.losses.is_empty() && !terms {
            return Err(setting("network.loss", "a loss to minimise", "none"));
        }

        for (i, phase) in self.pretraining.iter().enumerate() {
            phase.check(&format!("pretraining[{i}]"))?;
        }
        training.check("training")
    }
}

impl TrainingSpec {
    /// Refuses the first setting of a phase at this path of the recipe that is out of its range.
    fn check(&self, path: &str) -> Result<(), TrainError> {
        at_least_one(&format!("{path}.epochs"), self.epochs)?;
        at_least_one(&format!("{path}.batch"), self.batch as u64)?;
        at_least_one(&format!("{path}.iterations"), self.iterations)?;
        maybe(&format!("{path}.direction"), self.direction.as_ref())?;
        all(&format!("{path}.updaters"), plugins(&self.updaters))?;
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
        one(&format!("{path}.search"), &self.search)?;
        all(&format!("{path}.stopping"), &self.stopping)?;
        all(&format!("{path}.metrics"), &self.metrics)?;
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

    /// Refuses the name of a score, in `keep` or in a stopping rule of a phase at this path of the
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
            for name in rule.scores() {
                expect(format!("{path}.stopping[{i}]"), name)?;
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

fn at_least_one(field: &str, value: u64) -> Result<(), TrainError> {
    if value == 0 { Err(setting(field, "at least 1", 0)) } else { Ok(()) }
}

fn one<P: ?Sized + Checked>(path: &str, plugin: &Plugin<P>) -> Result<(), TrainError> {
    plugin.check().map_err(|e| setting(format!("{path}.{}", e.setting), e.expected, e.found))
}

fn maybe<P: ?Sized + Checked>(path: &str, plugin: Option<&Plugin<P>>) -> Result<(), TrainError> {
    plugin.map_or(Ok(()), |plugin| one(path, plugin))
}

fn plugins<P: ?Sized>(aimed: &[Aimed<P>]) -> impl Iterator<Item = &Plugin<P>> {
    aimed.iter().map(|aimed| &aimed.plugin)
}

fn all<'a, P: ?Sized + Checked + 'a>(
    path: &str,
    plugins: impl IntoIterator<Item = &'a Plugin<P>>,
) -> Result<(), TrainError> {
    let mut numbered = plugins.into_iter().enumerate();
    numbered.try_for_each(|(i, plugin)| one(&format!("{path}[{i}]"), plugin))
}

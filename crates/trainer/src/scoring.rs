//! `Scoring`: which scores a run computes.

use crate::check::setting;
use crate::metrics::{MeanLoss, usual};
use crate::task::FREE_ENERGY;
use crate::{PhasePlan, Scores, TrainError};
use std::collections::{BTreeMap, BTreeSet};
use tanren_network::{ModelSpec, Network, Output, PortSpec, Target};
use tanren_plugin::{Better, FieldSpec, Metric, Plugin, nearest};
use tanren_tensor::ShapeError;

/// The scores a run computes, in the order they are shown: the loss; for every output the usual
/// scores of its target, and the metrics of the recipe that accept it; for every node with a term of its
/// own, `NODE/term`.
#[derive(Clone, Debug)]
pub struct Scoring {
    /// By output.
    pub(crate) outputs: Vec<Judged>,
    /// The names of the nodes' own terms.
    pub(crate) terms: Vec<String>,
    /// Every name, and which way its score improves.
    directions: BTreeMap<String, Better>,
    /// How probable the second of two classes must be to be predicted.
    pub(crate) threshold: f64,
}

/// One output and its metrics.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    /// What it is compared with, as the data have it.
    pub(crate) port: PortSpec,
    /// By the full names of the scores. The loss of the only output is that of the network, and
    /// not among these.
    pub(crate) metrics: Vec<(String, Plugin<dyn Metric>)>,
}

impl Scoring {
    /// The scores of a network of `spec`: the usual ones and `more`.
    ///
    /// # Errors
    /// [`TrainError::Setting`] when two scores have one name, or a metric accepts no target.
    pub fn new(
        network: &Network,
        spec: &ModelSpec,
        more: &[Plugin<dyn Metric>],
    ) -> Result<Self, TrainError> {
        Self::at("training", network, spec, more)
    }

    /// The scores of a phase, and which way each improves.
    pub(crate) fn of_phase(
        plan: &PhasePlan<'_>,
        spec: &ModelSpec,
    ) -> Result<BTreeMap<String, Better>, TrainError> {
        match plan.node {
            Some(_) => match plan.training.metrics.first() {
                None => Ok([(FREE_ENERGY.to_owned(), Better::Lower)].into()),
                Some(metric) => {
                    let expected = format!(
                        "no metrics: the only score of pretraining by energy is {FREE_ENERGY}"
                    );
                    Err(setting(format!("{}.metrics[0]", plan.path), expected, metric.name()))
                }
            },
            None => {
                let more = &plan.training.metrics;
                Self::at(&plan.path, &plan.network, spec, more).map(|scoring| scoring.directions)
            }
        }
    }

    /// The scores where the metrics `more` stand at this path of a recipe.
    pub(crate) fn at(
        path: &str,
        network: &Network,
        spec: &ModelSpec,
        more: &[Plugin<dyn Metric>],
    ) -> Result<Self, TrainError> {
        let mut directions = BTreeMap::from([(MeanLoss::NAME.to_owned(), Better::Lower)]);
        let term = |(node, _): (usize, f64)| format!("{}/term", network.nodes()[node].name);
        let terms: Vec<String> = network.terms().map(term).collect();
        directions.extend(terms.iter().map(|name| (name.clone(), Better::Lower)));
        let place = |i: usize| format!("{path}.metrics[{i}]");
        let (mut used, mut refused) = (BTreeSet::new(), BTreeMap::new());
        let mut outputs = Vec::new();
        for (k, output) in network.outputs().iter().enumerate() {
            let mut judged = Judged { port: port(output, spec), metrics: Vec::new() };
            let shape = judged.port.field.shape;
            let compared = output.from != Target::Nothing;
            let usual = if compared { usual(shape) } else { vec![MeanLoss {}.into()] };
            for metric in &usual {
                // The loss of the only output is that of the network.
                let loss = metric.name() == MeanLoss::NAME;
                if !loss || network.outputs().len() > 1 {
                    let name = full_name(network, k, metric, loss);
                    directions.insert(name.clone(), metric.better());
                    judged.metrics.push((name, metric.clone()));
                }
            }
            for (i, metric) in more.iter().enumerate() {
                let known = || known_class(metric, &judged.port.field);
                if let Err(error) = metric.accepts(shape).and_then(|()| known()) {
                    refused.entry(i).or_insert(error);
                    continue;
                }
                if !compared {
                    continue;
                }
                used.insert(i);
                if usual.iter().any(|usual| equal(usual, metric)) {
                    continue; // it is there already
                }
                let name = full_name(network, k, metric, false);
                if directions.insert(name.clone(), metric.better()).is_some() {
                    let expected = "a metric with a name of its own";
                    let found = format!("{name:?}, the name of another score");
                    return Err(setting(place(i), expected, found));
                }
                judged.metrics.push((name, metric.clone()));
            }
            outputs.push(judged);
        }
        if let Some((i, metric)) = more.iter().enumerate().find(|(i, _)| !used.contains(i)) {
            let nothing = || ShapeError::new("a target to compare with", "none");
            let error = refused.remove(&i).unwrap_or_else(nothing);
            let expected = format!("{}, for {}", error.expected, metric.name());
            return Err(setting(place(i), expected, error.found));
        }
        Ok(Self { outputs, terms, directions, threshold: 0.5 })
    }

    /// The same scores where the second of two classes is predicted from this probability on.
    #[must_use]
    pub const fn at_threshold(mut self, threshold: f64) -> Self {
        self.threshold = threshold;
        self
    }

    /// How probable the second of two classes must be to be predicted.
    #[must_use]
    pub const fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Every name, in the order the scores are shown.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let of_outputs = self.outputs.iter().flat_map(|output| &output.metrics);
        let of_outputs = of_outputs.map(|(name, _)| name.as_str());
        let terms = self.terms.iter().map(String::as_str);
        std::iter::once(MeanLoss::NAME).chain(of_outputs).chain(terms)
    }

    /// Why a score is not defined on some rows although the loss is: what its metric needs and they do
    /// not have. `None` for a score that is a number, and where nobody knows why it is none.
    #[must_use]
    pub fn undefined(&self, name: &str, scores: &Scores) -> Option<&'static str> {
        let undefined = scores.get(name)?.is_nan() && scores.loss().is_finite();
        let mut metrics = self.outputs.iter().flat_map(|output| &output.metrics);
        metrics.find(|(known, _)| undefined && known == name)?.1.needs()
    }

    /// Every name, and which way its score improves.
    #[must_use]
    pub const fn directions(&self) -> &BTreeMap<String, Better> {
        &self.directions
    }
}

/// What an output is compared with, as the data have it. What nodes compute has no other units.
fn port(output: &Output, spec: &ModelSpec) -> PortSpec {
    let port = match output.from {
        Target::Data(i) => spec.targets.get(i),
        Target::Input(i) => spec.inputs.get(i),
        Target::Node(_) | Target::Nothing => None,
    };
    let field = || FieldSpec::new(&output.target.name, output.target.shape);
    port.cloned().unwrap_or_else(|| PortSpec { field: field(), normalizers: Vec::new() })
}

/// Classes that an error names, at most.
const SHOWN: usize = 8;

/// Refuses a metric of a class, or of an answer, that the target does not have.
fn known_class(metric: &Plugin<dyn Metric>, target: &FieldSpec) -> Result<(), ShapeError> {
    let names: Vec<&str> = match target.shape.indices {
        true => target.levels.iter().map(String::as_str).collect(),
        false => target.features.iter().map(|feature| feature.name.as_str()).collect(),
    };
    let Some(class) = metric.class().filter(|class| !names.is_empty() && !names.contains(class))
    else {
        return Ok(());
    };
    let near = nearest(class, names.iter().copied());
    let near = near.map_or(String::new(), |near| format!("; did you mean {near:?}?"));
    let more = if names.len() > SHOWN { " …" } else { "" };
    let shown = names[..names.len().min(SHOWN)].join(", ");
    let expected = format!("a class of {} ({shown}{more})", target.name);
    Err(ShapeError::new(expected, format!("{class:?}{near}")))
}

/// The name of a score of output `k`: that of its metric for the first output, and for any other
/// with the name of the output before it. A `loss` without the name of an output is that of all.
fn full_name(network: &Network, k: usize, metric: &Plugin<dyn Metric>, loss: bool) -> String {
    let name = metric.name();
    if k == 0 && !loss {
        return name.into_owned();
    }
    let node = |k: usize| network.outputs()[k].node;
    let output = &network.nodes()[node(k)].name;
    match (0..k).filter(|&earlier| node(earlier) == node(k)).count() {
        0 => format!("{output}/{name}"),
        earlier => format!("{output}-{}/{name}", earlier + 1), // several losses on one node
    }
}

/// Whether two metrics are the same value.
fn equal(a: &Plugin<dyn Metric>, b: &Plugin<dyn Metric>) -> bool {
    let value = |metric| serde_json::to_value(metric).ok();
    value(a).is_some() && value(a) == value(b)
}

//! The phases of a run: pretraining, node by node, and training.

use crate::check::setting;
use crate::{Best, By, Keep, Recipe, Start, State, TrainError, TrainingSpec};
use tanren_network::Network;
use tanren_plugin::{
    Block, MotionState, Phase, Precision, Seed, Select, evaluation_parameters, nearest,
};

/// One phase of a run.
#[derive(Clone, Debug)]
pub struct PhasePlan<'a> {
    /// Its place in the run's clock.
    pub phase: Phase,
    /// Its place in the recipe.
    pub path: String,
    /// How it trains.
    pub training: &'a TrainingSpec,
    /// The node that is trained by its own energy; `None` where losses train.
    pub node: Option<usize>,
    /// The network with the blocks that this phase trains.
    pub network: Network,
}

impl Recipe {
    /// The phases of a run of `network`, in order; the last one is training.
    ///
    /// # Errors
    /// [`TrainError::Setting`] when a phase names a node that there is not, trains nothing, or wants to
    /// pretrain a node that is no energy model.
    pub fn phases<'a>(&'a self, network: &Network) -> Result<Vec<PhasePlan<'a>>, TrainError> {
        let mut plans = Vec::new();
        for (i, spec) in self.pretraining.iter().enumerate() {
            let path = format!("pretraining[{i}]");
            aims(spec, network, &path)?;
            let nodes = named(&spec.nodes, network, &path)?;
            let energies = nodes.iter().all(|&node| network.energy(node).is_some());
            let by = spec.by.unwrap_or(if energies { By::Energy } else { By::Loss });
            let index = |plans: &Vec<_>| Phase::Pretraining(plans.len() as u32);
            if by == By::Loss {
                let phase = index(&plans);
                plans.push(by_loss(phase, spec, &nodes, network, &path)?);
                continue;
            }
            for &node in &nodes {
                if network.energy(node).is_none() {
                    let name = &network.nodes()[node].name;
                    let expected = "nodes with an energy and a single input";
                    return Err(setting(format!("{path}.nodes"), expected, name));
                }
                let (phase, network) = (index(&plans), network.pretraining(node));
                let (path, node) = (path.clone(), Some(node));
                let plan = PhasePlan { phase, path, training: spec, node, network };
                plans.push(plan.trains_something()?);
            }
        }
        let training = &self.training;
        aims(training, network, "training")?;
        if training.by == Some(By::Energy) {
            return Err(setting("training.by", "loss", "energy, which is for pretraining"));
        }
        plans.push(match training.nodes.is_empty() {
            true => {
                let (phase, path, network) = (Phase::Training, "training".into(), network.clone());
                PhasePlan { phase, path, training, node: None, network }
            }
            false => {
                let nodes = named(&training.nodes, network, "training")?;
                by_loss(Phase::Training, training, &nodes, network, "training")?
            }
        });
        Ok(plans)
    }
}

impl PhasePlan<'_> {
    /// Refuses a phase whose nodes have nothing to train.
    fn trains_something(self) -> Result<Self, TrainError> {
        if self.network.layout().trainable() > 0 {
            return Ok(self);
        }
        let expected = "nodes with parameters that are not frozen";
        let found = match self.node {
            Some(node) => format!("{:?}", self.network.nodes()[node].name),
            None => format!("{:?}", self.training.nodes),
        };
        Err(setting(format!("{}.nodes", self.path), expected, found))
    }

    /// The start of a run whose first phase this is: from random values, and from those of files.
    pub(crate) fn start<T: Precision>(&self, seed: Seed, start: &Start) -> State<T> {
        let mut parameters = self.network.initialize(seed);
        start.fill(self.network.layout(), &mut parameters);
        let trainable = self.network.layout().trainable();
        let mut state = State::start(parameters, trainable, self.training);
        state.clock.phase = self.phase;
        state
    }

    /// Moves a state from the phase before to this one: the numbers that phase ends with, in the places
    /// this one has for them.
    pub(crate) fn enter<T: Precision>(&self, before: &Self, state: &mut State<T>) {
        let (layout, (_, kept)) = (self.network.layout(), before.kept(state));
        let mut parameters = kept.clone();
        layout.carry_over(before.network.layout(), &kept, &mut parameters);
        let motion = self.training.motion(layout);
        let motion = MotionState::new(&motion, &parameters[..layout.trainable()]);
        state.enter(self.phase, parameters, motion);
    }

    /// The best parameters so far, where they are wanted.
    pub(crate) fn best<'s, T: Precision>(&self, state: &'s State<T>) -> Option<&'s Best<T>> {
        state.best.as_ref().filter(|_| self.training.keep != Keep::Last)
    }

    /// The parameters that the phase ends with, and the epoch they are from.
    pub(crate) fn kept<T: Precision>(&self, state: &mut State<T>) -> (u64, Vec<T>) {
        if let Some(best) = self.best(state) {
            return (best.epoch, best.parameters.clone());
        }
        let layout = self.network.layout();
        let motion = self.training.motion(layout);
        match evaluation_parameters(&motion, layout, &mut state.moving()) {
            Some(mut averaged) => {
                let statistics = &mut averaged[layout.statistics()];
                if statistics.len() == state.statistics.len() {
                    statistics.copy_from_slice(&state.statistics);
                }
                (state.clock.epoch, averaged)
            }
            None => (state.clock.epoch, state.parameters.clone()),
        }
    }
}

/// Refuses an updater that is aimed at nothing.
fn aims(training: &TrainingSpec, network: &Network, path: &str) -> Result<(), TrainError> {
    let layout = network.layout();
    let aims = training.motion(layout).check_aims(layout);
    aims.map_err(|e| setting(format!("{path}.{}", e.setting), e.expected, e.found))
}

/// A phase in which losses train some nodes.
fn by_loss<'a>(
    phase: Phase,
    training: &'a TrainingSpec,
    nodes: &[usize],
    network: &Network,
    path: &str,
) -> Result<PhasePlan<'a>, TrainError> {
    let trains =
        |block: &Block| !block.fixed && nodes.iter().any(|&node| network.uses(node, block));
    let network = network.training(&trains);
    let plan = PhasePlan { phase, path: path.into(), training, node: None, network };
    plan.trains_something()
}

/// The places of the nodes whose names fit these patterns, in the order of the network.
fn named(names: &[String], network: &Network, path: &str) -> Result<Vec<usize>, TrainError> {
    let all = || network.nodes().iter().map(|node| node.name.as_str());
    if names.is_empty() {
        let expected =
            format!("the nodes to train: some of {}", all().collect::<Vec<_>>().join(", "));
        return Err(setting(format!("{path}.nodes"), expected, "none"));
    }
    for pattern in names {
        let select = Select::from(&**pattern);
        if !all().any(|node| select.names(node)) {
            let expected = format!("one of {}", all().collect::<Vec<_>>().join(", "));
            let near = nearest(pattern, all());
            let near = near.map_or(String::new(), |near| format!("; did you mean {near:?}?"));
            return Err(setting(format!("{path}.nodes"), expected, format!("{pattern:?}{near}")));
        }
    }
    let select = Select::default().nodes(names);
    let chosen = network.nodes().iter().enumerate().filter(|(_, node)| select.names(&node.name));
    Ok(chosen.map(|(place, _)| place).collect())
}

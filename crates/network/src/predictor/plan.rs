//! `Plan`: what is to be known of a model in order to predict, worked out once.

use crate::predictor::names::Names;
use crate::{AssemblyError, ModelSpec, Network, PortSpec, Steps, Target};
use std::sync::OnceLock;
use tanren_plugin::FieldSpec;

/// The way from raw rows into the network and out of it.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The normalisers of every input.
    pub(crate) inputs: Vec<Steps>,
    /// What every output gives.
    pub(crate) outputs: Vec<Given>,
    /// Numbers of a raw row: those of all inputs, one after the other.
    pub(crate) width: usize,
    /// Whether an input or an output is a sequence.
    pub(crate) sequences: bool,
    /// Whether sequences may be predicted piece by piece.
    pub(crate) segments: bool,
    names: OnceLock<Names>,
}

/// What an output gives.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    /// The name of what it predicts.
    pub(crate) name: String,
    /// The target of the data that it predicts, if it is one.
    pub(crate) field: Option<FieldSpec>,
    /// The number of that target.
    pub(crate) target: Option<usize>,
    /// The normalisers to be undone.
    pub(crate) back: Option<Steps>,
    /// Numbers of a column, in the units of the data.
    pub(crate) features: usize,
    /// Whether a row has one column for each of its steps.
    pub(crate) sequence: bool,
}

impl Given {
    /// Numbers of a row with so many steps.
    pub(crate) const fn len(&self, steps: usize) -> usize {
        if self.sequence { self.features * steps } else { self.features }
    }

    /// Whether it is the probability of each class.
    pub(crate) fn is_class(&self) -> bool {
        self.field.as_ref().is_some_and(|field| field.shape.indices)
    }
}

impl Plan {
    pub(crate) fn new(spec: &ModelSpec, network: &Network) -> Result<Self, AssemblyError> {
        let steps = |port: &PortSpec| {
            let place = |e: tanren_tensor::ShapeError| AssemblyError {
                problems: vec![e.at(format!("normalizers of {}", port.field.name))],
            };
            port.steps().map_err(place)
        };
        let inputs = spec.inputs.iter().map(steps).collect::<Result<Vec<_>, _>>()?;
        let mut outputs = Vec::with_capacity(network.outputs().len());
        for output in network.outputs() {
            let target = match output.from {
                Target::Data(i) => Some(i),
                _ => None,
            };
            let port = target.and_then(|i| spec.targets.get(i));
            let (mut back, mut features) = (None, output.predictions);
            // Probabilities of classes and predictions of another width, such as a mean with its
            // spread, stay as they are.
            if let Some(port) = port.filter(|port| !port.field.shape.indices) {
                let steps = steps(port)?;
                if !steps.is_empty() && steps.output().shape.features == output.predictions {
                    features = port.field.width();
                    back = Some(steps);
                }
            }
            outputs.push(Given {
                name: output.target.name.clone(),
                field: port.map(|port| port.field.clone()),
                target,
                back,
                features,
                sequence: network.nodes()[output.node].shape.sequence,
            });
        }
        let width = inputs.iter().map(|steps| steps.input().width()).sum();
        let sequences = inputs.iter().any(|steps| steps.input().shape.sequence);
        let sequences = sequences || outputs.iter().any(|output| output.sequence);
        let segments = network.whole_sequences().is_none();
        Ok(Self { inputs, outputs, width, sequences, segments, names: OnceLock::new() })
    }

    /// The columns of a row by name.
    pub(crate) fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::new(self.inputs.iter().map(Steps::input)))
    }

    /// Numbers that are predicted for a row with so many steps.
    pub(crate) fn len(&self, steps: usize) -> usize {
        self.outputs.iter().map(|output| output.len(steps)).sum()
    }
}

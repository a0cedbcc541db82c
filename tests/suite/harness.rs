//! Small data and networks for the tests.

use std::ops::ControlFlow;
use tanren::network::{Network, NetworkSpec, Port, PortSpec, Prepared};
use tanren::plugin::{Aimed, Clock, Field, FieldSpec, Seed, Table, Updater, Values};
use tanren::prelude::*;
use tanren::tensor::{Real, Shape};

/// A field without names.
pub(crate) fn field(
    name: &str,
    shape: Shape,
    values: Values,
    offsets: Option<Vec<usize>>,
) -> Field {
    Field { spec: FieldSpec::new(name, shape), values, offsets }
}

/// Random values for `columns` columns of `shape`.
pub(crate) fn random(shape: Shape, columns: usize, seed: u64) -> Values {
    let mut draws = Seed(seed).stream("test data").sample(0);
    if shape.indices {
        let levels = shape.features as u64;
        return Values::Indices((0..columns).map(|_| draws.below(levels) as u32).collect());
    }
    Values::Double((0..columns * shape.features).map(|_| draws.normal()).collect())
}

/// Columns of numbers in (0, 1) that add up to 1.
pub(crate) fn distributions(classes: usize, columns: usize, seed: u64) -> Values {
    let mut draws = Seed(seed).stream("distributions").sample(0);
    let mut values = Vec::new();
    for _ in 0..columns {
        let parts: Vec<f64> = (0..classes).map(|_| 0.05 + draws.uniform()).collect();
        let sum: f64 = parts.iter().sum();
        values.extend(parts.iter().map(|p| p / sum));
    }
    Values::Double(values)
}

/// A table of one input and one target.
pub(crate) fn table(rows: usize, input: Field, target: Field, weights: Option<Vec<f64>>) -> Table {
    let (inputs, targets) = (vec![input], vec![target]);
    Table { name: "test".into(), rows, inputs, targets, weights, ..Table::default() }
}

/// The table in precision `T`, not normalised.
pub(crate) fn prepared<T: Real>(table: &Table) -> Prepared<T> {
    let ports = |fields: &[Field]| fields.iter().map(PortSpec::of).collect::<Vec<_>>();
    Prepared::new(table, &ports(&table.inputs), &ports(&table.targets)).unwrap()
}

/// The network for a table that is not normalised.
pub(crate) fn assemble(spec: &NetworkSpec, table: &Table) -> Network {
    let ports = |fields: &[Field]| {
        fields.iter().map(|f| Port::new(&f.spec.name, f.spec.shape)).collect::<Vec<_>>()
    };
    Network::assemble(spec, &ports(&table.inputs), &ports(&table.targets)).unwrap()
}

/// Offsets of sequences of these lengths.
pub(crate) fn offsets(lengths: &[usize]) -> Option<Vec<usize>> {
    let mut offsets = vec![0];
    for length in lengths {
        offsets.push(offsets[offsets.len() - 1] + length);
    }
    Some(offsets)
}

/// Iris through a small network: a recipe that trains in no time.
pub(crate) fn iris(updaters: Vec<Aimed<dyn Updater>>, epochs: u64) -> Recipe {
    let data = DataSpec::new(Iris {}, RandomSplit::default()).normalize(Standardize {});
    let network = NetworkSpec::chain([
        Dense::new(7).activation(Tanh {}).into(),
        Dense::new(5).activation(Relu {}).init(HeUniform {}).into(),
        Dense::new(3).into(),
    ])
    .loss(CrossEntropy::default())
    .penalty(L2 { strength: 1e-3.into() });
    let mut training = TrainingSpec::new(LearningRate::constant(0.02)).epochs(epochs);
    training.updaters = updaters;
    training.batch = 16;
    Recipe::new(data, network, training)
}

/// Ends a run after so many updates in all.
pub(crate) struct Until(pub(crate) u64);

impl Observer for Until {
    fn wants(&self, _: Clock) -> Wants {
        Wants::STEP
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        match event {
            Event::Step { clock, .. } if clock.iteration + 1 == self.0 => {
                ControlFlow::Break(Reason("enough".into()))
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

//! Losses that depend on how many training rows each class has, such as those with balanced classes.

use tanren_network::NetworkSpec;
use tanren_plugin::{Field, Table, Values};

/// The network with what its losses leave open until the training rows are known.
pub(crate) fn resolved(mut network: NetworkSpec, table: &Table, train: &[usize]) -> NetworkSpec {
    let short = network.loss.iter_mut().filter(|loss| loss.supervised());
    let several = network.losses.iter_mut().filter(|loss| loss.of_data());
    let losses = short.chain(several.map(|loss| &mut loss.loss));
    for (loss, target) in losses.zip(&table.targets) {
        let counts = counts(target, table.weights.as_deref(), train);
        if let Some(resolved) = counts.and_then(|counts| loss.resolve(&counts)) {
            *loss = resolved;
        }
    }
    network
}

/// The weight of the training rows of each class, of a sequence of all its steps; `None` where the
/// target is no class.
fn counts(target: &Field, weights: Option<&[f64]>, train: &[usize]) -> Option<Vec<f64>> {
    let Values::Indices(classes) = &target.values else { return None };
    let mut counts = vec![0.0; target.spec.shape.features];
    for &row in train {
        let weight = weights.and_then(|weights| weights.get(row)).copied().unwrap_or(1.0);
        for column in target.columns(row) {
            *counts.get_mut(*classes.get(column)? as usize)? += weight;
        }
    }
    Some(counts)
}

//! Losses that depend on the classes of their target: on their names, or on how many training rows each
//! has.

use crate::TrainError;
use crate::check::setting;
use tanren_network::NetworkSpec;
use tanren_plugin::{Classes, Field, Table, Values};

/// The network with what its losses leave open until the training rows are known.
///
/// # Errors
/// When a loss names a class that its target has not.
pub(crate) fn resolved(
    mut network: NetworkSpec,
    table: &Table,
    train: &[usize],
) -> Result<NetworkSpec, TrainError> {
    let short = network.loss.iter_mut().filter(|loss| loss.supervised());
    let short = short.map(|loss| ("network.loss".to_owned(), loss));
    let several = network.losses.iter_mut().enumerate().filter(|(_, loss)| loss.of_data());
    let several = several.map(|(i, loss)| (format!("network.losses[{i}].loss"), &mut loss.loss));
    for ((path, loss), target) in short.chain(several).zip(&table.targets) {
        let Some(counts) = counts(target, table, train) else { continue };
        let resolved = loss.resolve(Classes { counts: &counts, names: &target.spec.levels });
        let resolved =
            resolved.map_err(|e| setting(format!("{path}.{}", e.setting), e.expected, e.found))?;
        if let Some(resolved) = resolved {
            *loss = resolved;
        }
    }
    Ok(network)
}

/// The weight of the training rows of each class, of a sequence of all its steps; `None` where the
/// target is no class.
fn counts(target: &Field, table: &Table, train: &[usize]) -> Option<Vec<f64>> {
    let Values::Indices(classes) = &target.values else { return None };
    let mut counts = vec![0.0; target.spec.shape.features];
    for &row in train {
        let weight = table.weights.as_ref().and_then(|w| w.get(row)).copied().unwrap_or(1.0);
        for column in target.columns(row) {
            let class = *classes.get(column)? as usize;
            *counts.get_mut(class)? += weight * table.step_weight(target, column);
        }
    }
    Some(counts)
}

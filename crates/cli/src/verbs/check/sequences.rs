//! What is different for sequences: a few of their steps suffice, and not every row can be learnt by heart.

use std::collections::HashMap;
use std::ops::Range;
use tanren_plugin::Table;
use tanren_trainer::Setup;

/// Steps of a sequence that are looked at.
const STEPS: usize = 20;

/// Leaves a few steps of each sequence, those up to the last one that counts: whether a gradient is right, and a
/// network can learn, shows in these, and in longer ones it would take minutes.
pub(super) fn shorten(table: &mut Table) {
    let counts = |step: &usize| table.step_weights.as_ref().is_none_or(|all| all[*step] > 0.0);
    let few = |steps: Range<usize>| match &table.step_weights {
        None => steps.start..steps.end.min(steps.start + STEPS),
        Some(_) => {
            let end = steps.clone().rfind(counts).map_or(steps.end, |last| last + 1);
            steps.start.max(end.saturating_sub(STEPS))..end
        }
    };
    let kept: Vec<Range<usize>> = (0..table.rows).map(|row| few(table.steps(row))).collect();
    if let Some(weights) = &mut table.step_weights {
        *weights = kept.iter().flat_map(|steps| weights[steps.clone()].to_vec()).collect();
    }
    let fields = table.inputs.iter_mut().chain(&mut table.targets);
    for field in fields.filter(|field| field.offsets.is_some()) {
        *field = field.of_columns(&kept);
    }
}

/// The accuracy of whoever knows all rows by heart. It is 1, but for classes at the steps of sequences: those
/// that begin alike may go on differently, as words do, and only a network that sees later steps knows how.
pub(super) fn reachable(setup: &Setup) -> f64 {
    let (table, whole) = (&setup.table, setup.network.whole_sequences().is_some());
    let Some(target) = table.targets.first().filter(|target| target.spec.shape.sequence) else {
        return 1.0;
    };
    // How often each class stands where the same is known.
    let mut found: HashMap<Vec<u64>, HashMap<u64, f64>> = HashMap::new();
    for row in 0..table.rows {
        let weight = table.weights.as_ref().map_or(1.0, |weights| weights[row]);
        let mut known = if whole { seen(table, row, 0..usize::MAX) } else { Vec::new() };
        for (step, column) in target.columns(row).enumerate() {
            known.extend(seen(table, row, step..step + 1));
            let mut class = Vec::new();
            target.read(column, &mut class);
            let class = class.first().map_or(0, |class| class.to_bits());
            let count = found.entry(known.clone()).or_default().entry(class).or_default();
            *count += weight * table.step_weight(target, column);
        }
    }
    let most: f64 =
        found.values().map(|classes| classes.values().copied().fold(0.0, f64::max)).sum();
    let all: f64 = found.values().flat_map(HashMap::values).sum();
    // The same sums in another order may differ in their last digits.
    if all > 0.0 { most / all * (1.0 - 1e-9) } else { 1.0 }
}

/// The bits of all inputs at some steps of a row.
fn seen(table: &Table, row: usize, steps: Range<usize>) -> Vec<u64> {
    let mut numbers = Vec::new();
    for field in &table.inputs {
        let columns = field.columns(row);
        let (start, end) = (steps.start.min(columns.len()), steps.end.min(columns.len()));
        (columns.start + start..columns.start + end).for_each(|at| field.read(at, &mut numbers));
    }
    numbers.iter().map(|x| x.to_bits()).collect()
}

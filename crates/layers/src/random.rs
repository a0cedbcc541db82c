//! Random numbers of a layer, column by column, in the order that does not depend on batches.

use tanren_plugin::Pass;
use tanren_tensor::{Draws, Real};

/// Shows `fill` the numbers of each column and the random numbers that belong to it: those of its
/// example, and in a sequence those of its step.
pub(crate) fn by_column<T: Real>(
    pass: &Pass<'_, T>,
    numbers: &mut [T],
    mut fill: impl FnMut(&mut Draws, &mut [T]),
) {
    let sequence = pass.output.sequence;
    let examples = pass.extent.examples;
    let features = pass.output.features;
    for (column, numbers) in numbers.chunks_mut(features.max(1)).enumerate() {
        let (n, t) = (column % examples, column / examples);
        let mut draws = if sequence { pass.draws_at(n, t) } else { pass.draws(n) };
        fill(&mut draws, numbers);
    }
}

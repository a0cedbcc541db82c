//! Random numbers of a layer, column by column, in the order that does not depend on batches.

use crate::halves::halves;
use tanren_plugin::Pass;
use tanren_tensor::{Draws, Real, Shape, share};

/// Numbers that take as long to move as a random number takes to draw.
const COST: usize = 4;

/// Shows `fill` the numbers of each column and the random numbers that belong to it: those of its
/// example, and in a sequence those of its step. Several threads may share the columns.
pub(crate) fn by_column<T: Real>(
    pass: &Pass<'_, T>,
    numbers: &mut [T],
    fill: impl Fn(&mut Draws, &mut [T]) + Sync,
) {
    let sequence = pass.output.sequence;
    let examples = pass.extent.examples;
    let width = pass.output.features.max(1);
    share((0, numbers), &|part| halves(part, width, COST), &|(first, numbers): (
        usize,
        &mut [T],
    )| {
        for (column, numbers) in (first..).zip(numbers.chunks_mut(width)) {
            let (n, t) = (column % examples, column / examples);
            let mut draws = if sequence { pass.draws_at(n, t) } else { pass.draws(n) };
            fill(&mut draws, numbers);
        }
    });
}

/// Shows `fill` the numbers of each example, so many in a row, and the random numbers that belong to
/// it, which are the same at all of its steps.
pub(crate) fn by_example<T: Real>(
    pass: &Pass<'_, T>,
    width: usize,
    numbers: &mut [T],
    fill: impl Fn(&mut Draws, &mut [T]),
) {
    for (n, numbers) in numbers.chunks_mut(width.max(1)).enumerate() {
        fill(&mut pass.draws(n), numbers);
    }
}

/// Shows `fill` the numbers of a block in pieces, with the random numbers that belong to this update:
/// the same for every example and every probe of a search; `seek` goes to those of a number. Several
/// threads may share the pieces.
pub(crate) fn by_update<T: Real>(
    (pass, name): (&Pass<'_, T>, &str),
    numbers: &mut [T],
    seek: impl Fn(Draws, u64) -> Draws + Sync,
    fill: impl Fn(&mut Draws, &mut [T]) + Sync,
) {
    let stream = pass.stream.named(name);
    let cut = |part| halves(part, Draws::RUN, COST);
    share((0, numbers), &cut, &|(first, numbers): (usize, &mut [T])| {
        let start = (first * Draws::RUN) as u64;
        fill(&mut seek(stream.sample(pass.clock.iteration), start), numbers);
    });
}

/// The signals that share their features' mask or their statistics: the channels of an image, the
/// features of anything else. A channel has a number for each pixel, one channel beside the other.
pub(crate) fn channels(shape: Shape) -> usize {
    let pixels = shape.grid.map_or(1, |(height, width)| height * width);
    match pixels {
        1.. if shape.features.is_multiple_of(pixels) => shape.features / pixels,
        _ => shape.features,
    }
}

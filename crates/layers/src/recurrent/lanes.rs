//! The examples of one step, side by side: parts of them that threads may share.

use std::ops::Range;
use tanren_tensor::{Cut, Real, share, worth_sharing};

/// What it costs to compute a unit with its gates, in numbers moved: see [`worth_sharing`].
const COST: usize = 12;

/// Some examples, and the slices that hold their columns, one beside the other.
struct Lanes<'s, T, const W: usize, const R: usize> {
    examples: Range<usize>,
    written: [&'s mut [T]; W],
    read: [&'s [T]; R],
}

/// Does `each` part of the work of a step. A part gets its examples, and of every slice their columns; every
/// slice has columns of its own width, or is empty.
pub(super) fn by_examples<T: Real, const W: usize, const R: usize>(
    (examples, units): (usize, usize),
    written: [&mut [T]; W],
    read: [&[T]; R],
    each: &(impl Fn(Range<usize>, [&mut [T]; W], [&[T]; R]) + Sync),
) {
    let lanes = Lanes { examples: 0..examples, written, read };
    share(lanes, &|lanes| lanes.cut(units), &|Lanes { examples, written, read }| {
        each(examples, written, read);
    });
}

impl<'s, T, const W: usize, const R: usize> Lanes<'s, T, W, R> {
    /// Two parts, where sharing them pays.
    fn cut(self, units: usize) -> Cut<Self> {
        let Self { examples, written, read } = self;
        let (count, half) = (examples.len(), examples.len() / 2);
        if half == 0 || !worth_sharing(COST * units * count) {
            return Cut::One(Self { examples, written, read });
        }
        let nothing = || std::array::from_fn(|_| <&'s mut [T]>::default());
        let (mut one, mut other): ([&mut [T]; W], [&mut [T]; W]) = (nothing(), nothing());
        for ((one, other), all) in one.iter_mut().zip(&mut other).zip(written) {
            (*one, *other) = all.split_at_mut(all.len() / count * half);
        }
        let part = |first: bool| {
            read.map(|all| {
                let (one, other) = all.split_at(all.len() / count * half);
                if first { one } else { other }
            })
        };
        let at = examples.start + half;
        Cut::Two(
            Self { examples: examples.start..at, written: one, read: part(true) },
            Self { examples: at..examples.end, written: other, read: part(false) },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_gets_its_columns() {
        const EXAMPLES: usize = 13;
        let (mut wide, mut narrow) = (vec![0.0; 3 * EXAMPLES], vec![0.0; EXAMPLES]);
        let read: Vec<f64> = (0..2 * EXAMPLES).map(|at| at as f64).collect();
        let written = [&mut *wide, &mut [], &mut *narrow];
        by_examples((EXAMPLES, 5000), written, [&read], &|examples, written, [read]| {
            let [wide, nothing, narrow] = written;
            assert!(examples.len() < EXAMPLES && nothing.is_empty());
            assert_eq!((wide.len(), read.len()), (3 * examples.len(), 2 * examples.len()));
            for (k, n) in examples.enumerate() {
                wide[3 * k..3 * (k + 1)].fill(n as f64);
                narrow[k] = read[2 * k] + read[2 * k + 1];
            }
        });
        assert!(wide.iter().enumerate().all(|(at, &n)| n == (at / 3) as f64));
        assert!(narrow.iter().enumerate().all(|(n, &sum)| sum == (4 * n + 1) as f64));
    }
}

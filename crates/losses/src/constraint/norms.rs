//! Brings norms of units or blocks to what they are to be.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Block, Checked};
use tanren_tensor::{Cut, Real, map, norm, share, vectorized, with_scratch, worth_sharing};

/// What has one norm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// What enters a unit: a row of a weight, which is units × inputs, and a single number of a bias.
    #[default]
    Unit,
    /// All numbers of a block.
    Block,
}

/// Columns whose squares are added in one pass over the sums.
const COLUMNS: usize = 4;

/// Multiplies each unit, or the block, so that its norm becomes `wanted(norm)`, at least 0. What has no
/// direction, because all of it is 0, gets equal numbers; what is not finite is left alone.
pub(super) fn rescale<T: Real>(
    per: Per,
    block: &Block,
    numbers: &mut [T],
    wanted: impl Fn(f64) -> f64,
) {
    match per {
        Per::Block => {
            let (size, all) = (length(numbers.iter().copied(), norm(numbers)), numbers.len());
            match factor(size, &wanted) {
                Factor::None => {}
                Factor::Times(factor) => map(numbers, |w| w * T::of(factor)),
                Factor::Anew(size) => numbers.fill(T::of(size / (all as f64).sqrt())),
            }
        }
        Per::Unit => with_scratch(block.rows, |rows| units(block.rows, numbers, rows, &wanted)),
    }
}

/// The same for each row. `factors` has a number for each.
fn units<T: Real>(rows: usize, numbers: &mut [T], factors: &mut [T], wanted: &impl Fn(f64) -> f64) {
    squares(numbers, rows, factors);
    let inputs = numbers.len() / rows;
    let mut moved = false;
    for (o, by) in factors.iter_mut().enumerate() {
        let unit = || numbers.iter().copied().skip(o).step_by(rows);
        let size = length(unit(), by.f64().sqrt());
        *by = match factor(size, wanted) {
            Factor::None => T::ONE,
            Factor::Times(factor) => T::of(factor),
            Factor::Anew(size) => {
                let each = T::of(size / (inputs as f64).sqrt());
                numbers.iter_mut().skip(o).step_by(rows).for_each(|w| *w = each);
                T::ONE
            }
        };
        moved |= *by != T::ONE;
    }
    if moved {
        let factors = &*factors;
        share(numbers, &|numbers| cut_columns(numbers, rows), &|numbers: &mut [T]| {
            vectorized(
                #[inline(always)]
                || {
                    for column in numbers.chunks_exact_mut(rows) {
                        column.iter_mut().zip(factors).for_each(|(w, &by)| *w *= by);
                    }
                },
            );
        });
    }
}

/// What has to happen to something of one norm.
enum Factor {
    None,
    Times(f64),
    /// It was 0 and is to have this norm.
    Anew(f64),
}

fn factor(size: f64, wanted: &impl Fn(f64) -> f64) -> Factor {
    let wanted = wanted(size);
    match size {
        _ if wanted == size || !size.is_finite() => Factor::None,
        0.0 => Factor::Anew(wanted),
        _ => Factor::Times(wanted / size),
    }
}

/// ‖x‖, which is `found` unless squares have over- or underflowed.
fn length<T: Real>(x: impl Iterator<Item = T> + Clone, found: f64) -> f64 {
    // √TINY: below, squares have lost digits or vanished.
    if found * found > T::TINY.f64() && found.is_finite() {
        return found;
    }
    let most = x.clone().fold(0.0, |most: f64, x| most.max(x.f64().abs()));
    if most == 0.0 {
        return if x.into_iter().any(|x| x.f64().is_nan()) { f64::NAN } else { 0.0 };
    }
    most * x.map(|x| (x.f64() / most).powi(2)).sum::<f64>().sqrt()
}

/// The sum of the squares of each row, in the precision of the run: twice as fast as in double.
fn squares<T: Real>(numbers: &[T], rows: usize, out: &mut [T]) {
    let cut = |part| cut_rows(part, numbers.len() / rows);
    share((0, out), &cut, &|(first, out): (usize, &mut [T])| {
        out.fill(T::ZERO);
        vectorized(
            #[inline(always)]
            || {
                // Some columns at once, else the sums go through memory once per column.
                let mut columns = numbers.chunks_exact(COLUMNS * rows);
                for columns in &mut columns {
                    let column = |i: usize| &columns[i * rows + first..][..out.len()];
                    let [a, b, c, d] = std::array::from_fn(column);
                    for ((((sum, &a), &b), &c), &d) in out.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                        *sum = d.mul_add(d, c.mul_add(c, b.mul_add(b, a.mul_add(a, *sum))));
                    }
                }
                for column in columns.remainder().chunks_exact(rows) {
                    let column = &column[first..];
                    out.iter_mut().zip(column).for_each(|(sum, &w)| *sum = w.mul_add(w, *sum));
                }
            },
        );
    });
}

/// Rows from the `.0`-th on; or two halves, where so many columns make it worth while.
fn cut_rows<T>((first, out): (usize, &mut [T]), columns: usize) -> Cut<(usize, &mut [T])> {
    let half = out.len() / 2 / 16 * 16;
    if half == 0 || !worth_sharing(out.len() * columns) {
        return Cut::One((first, out));
    }
    let (one, other) = out.split_at_mut(half);
    Cut::Two((first, one), (first + half, other))
}

/// Whole columns; or two halves, where they are worth sharing.
fn cut_columns<T>(numbers: &mut [T], rows: usize) -> Cut<&mut [T]> {
    let half = numbers.len() / rows / 2 * rows;
    if half == 0 || !worth_sharing(numbers.len()) {
        return Cut::One(numbers);
    }
    let (one, other) = numbers.split_at_mut(half);
    Cut::Two(one, other)
}

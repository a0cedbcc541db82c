//! What every penalty must satisfy: a value and its gradient, the same however a block is cut.

use crate::failure::{self, Failure, ensure};
use crate::golden::{compare, double, finite, of, same_bits};
use crate::problems::{normals, weight};
use crate::{continuity, gradient};
use tanren_plugin::{Block, Clock, Penalty, Precision};

/// Agreement of the precisions, relative to max(1, |x|).
const TOLERANCE: f64 = 1e-4;

/// Asserts that a penalty is right; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn penalty(penalty: &dyn Penalty) {
    failure::assert(check(penalty));
}

/// Checks, on a weight of 7 × 5:
///
/// * `gradient`: of the value, honouring `smooth`; `smooth`: where it says so, value and gradient do
///   not jump on ways that lead through zero and elsewhere;
/// * `add`: the gradient is added to what is there; `cutting`: over parts of the block it has the
///   same bits;
/// * `value`: it is never negative, and 0 where all parameters are 0;
/// * `varies`: unless it says so, the clock makes no difference;
/// * `pure`: asked again, it gives the same bits; `precision`: both precisions agree;
/// * `finite`: so are value and gradient, for numbers from 0 to 10⁶.
///
/// # Errors
/// The first rule that is broken.
pub fn check(penalty: &dyn Penalty) -> Result<(), Failure> {
    failure::in_range(penalty)?;
    failure::caught(|| results(penalty))?
}

fn results(penalty: &dyn Penalty) -> Result<(), Failure> {
    let later = Clock { epoch: 3, iteration: 70, samples: 2240, ..Clock::default() };
    for clock in [Clock::default(), later] {
        results_at((penalty, clock)).map_err(|f| f.at(format_args!("{clock:?}")))?;
    }
    let (block, point) = (weight(7, 5), normals("testkit/penalty", 1, 35, 1.0));
    let [now, then] =
        [Clock::default(), later].map(|clock| value::<f64>((penalty, clock), &block, &point));
    ensure(now == then || penalty.varies(), "varies", || {
        format!("{now:e} at the start and {then:e} later, but `varies` does not say so")
    })?;
    Ok(())
}

/// A penalty, and when.
type Then<'a> = (&'a dyn Penalty, Clock);

fn results_at(penalty: Then<'_>) -> Result<(), Failure> {
    let block = weight(7, 5);
    let n = block.rows * block.cols;
    for (sample, scale) in [(0, 0.1), (1, 1.0), (2, 10.0)] {
        let point = normals("testkit/penalty", sample, n, scale);
        at_point(penalty, &block, &point)
            .map_err(|f| f.at(format_args!("numbers of size {scale}")))?;
    }
    let zero = value(penalty, &block, &vec![0.0; n]);
    ensure(zero == 0.0, "value", || format!("{zero:e} where all parameters are 0"))?;
    for scale in [0.0, 1e-30, 1e6] {
        let point = normals("testkit/penalty", 3, n, scale);
        let at = |f: Failure| f.at(format_args!("numbers of size {scale:e}"));
        let all = |v: f64, g: Vec<f64>| [vec![v], g].concat();
        let found = all(value(penalty, &block, &point), added(penalty, &block, &point, 0.0, n));
        finite("finite", &found).map_err(at)?;
        let point: Vec<f32> = of(&point);
        let single = double(&added(penalty, &block, &point, 0.0, n));
        finite("finite", &all(value(penalty, &block, &point), single)).map_err(at)?;
    }
    if penalty.0.smooth() { smooth(penalty, &block) } else { Ok(()) }
}

fn value<T: Precision>((penalty, clock): Then<'_>, block: &Block, point: &[T]) -> f64 {
    penalty.kernels().at::<T>().value(clock, block, point)
}

/// `start` plus the gradient, asked for in parts of at most `part` numbers.
fn added<T: Precision>(
    (penalty, clock): Then<'_>,
    block: &Block,
    point: &[T],
    start: f64,
    part: usize,
) -> Vec<T> {
    let mut gradient = vec![T::of(start); point.len()];
    for (x, g) in point.chunks(part).zip(gradient.chunks_mut(part)) {
        penalty.kernels().at::<T>().add_gradient(clock, block, x, g);
    }
    gradient
}

fn at_point(penalty: Then<'_>, block: &Block, point: &[f64]) -> Result<(), Failure> {
    let n = point.len();
    let here = value(penalty, block, point);
    let gradient = added(penalty, block, point, 0.0, n);
    ensure(here >= 0.0, "value", || format!("{here:e} is negative"))?;
    same_bits("pure", &[value(penalty, block, point)], &[here])?;
    same_bits("pure", &added(penalty, block, point, 0.0, n), &gradient)?;
    let mut f = |x: &[f64]| value(penalty, block, x);
    gradient::check(&mut f, point, &gradient, penalty.0.smooth())?;
    let start = 3.0;
    let expected: Vec<f64> = gradient.iter().map(|g| g + start).collect();
    compare("add", &added(penalty, block, point, start, n), &expected, 1e-12)
        .map_err(|f| f.at(format_args!("gradient, where {start} was before")))?;
    for part in [1, 3, 16] {
        same_bits("cutting", &added(penalty, block, point, 0.0, part), &gradient)
            .map_err(|f| f.at(format_args!("gradient over parts of {part} numbers")))?;
    }
    let single: Vec<f32> = of(point);
    compare("precision", &[value(penalty, block, &single)], &[here], TOLERANCE)?;
    compare("precision", &added(penalty, block, &single, 0.0, n), &gradient, TOLERANCE)
        .map_err(|f| f.at("gradient"))
}

/// Looks for jumps on ways from one random point to its opposite and to another one.
fn smooth(penalty: Then<'_>, block: &Block) -> Result<(), Failure> {
    let n = block.rows * block.cols;
    let from = normals("testkit/penalty", 4, n, 1.0);
    let opposite: Vec<f64> = from.iter().map(|x| -x).collect();
    for to in [opposite, normals("testkit/penalty", 5, n, 10.0)] {
        let mut at = |share: f64| {
            let x: Vec<f64> = from.iter().zip(&to).map(|(a, b)| a + share * (b - a)).collect();
            let mut all = added(penalty, block, &x, 0.0, n);
            all.push(value(penalty, block, &x));
            Ok(all)
        };
        if let Some(jump) = continuity::jump(64, &mut at)? {
            let message = format!("declared smooth, but of gradient and value {jump}");
            return Err(Failure::new("smooth", message));
        }
    }
    Ok(())
}

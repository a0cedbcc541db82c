//! What every activation must satisfy: a right derivative everywhere, honest facts, one result in
//! both precisions.

use crate::failure::{self, Failure, ensure};
use crate::golden::{compare, double, of, same_bits};
use crate::gradient::{KINKS, Verdict, coordinate};
use tanren_plugin::{Activation, BlockView, Grads, Params, Precision};
use tanren_tensor::{Signal, SignalMut, Stream};

/// Points where activations like to go wrong: 0, usual kinks, where exponentials underflow and
/// overflow in single precision, and far out. Both signs are used.
const POINTS: [f64; 18] = [
    0.0, 1e-30, 1e-6, 0.001, 0.5, 1.0, 2.0, 2.5, 3.0, 6.0, 10.0, 20.0, 30.0, 50.0, 88.0, 104.0,
    1000.0, 10000.0,
];
/// Random points between −8 and 8 beside them.
const RANDOM: usize = 400;
/// Beyond this, a value may overflow to an infinity.
const FAR: f64 = 50.0;
/// Saturated units have at most this derivative.
const SATURATED: f64 = 0.2;

/// Asserts that an activation is right; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn activation(activation: &dyn Activation) {
    failure::assert(check(activation));
}

/// Checks, on a grid from −10⁴ to 10⁴ and with its initial parameters, if it has any (check their
/// gradients with [`layer`](crate::layer()) and a dense layer that has the activation):
///
/// * the derivative, `x` being withheld unless `needs_input`;
/// * that it multiplies what is there;
/// * that a number's result does not depend on its neighbours in the slice;
/// * that single precision agrees with double to 1e-5;
/// * that no result leaves `facts.range`, that saturated outputs have small derivatives, and that
///   value and derivative are continuous when `facts.smooth`.
///
/// # Errors
/// The first point at which a rule is broken.
pub fn check(activation: &dyn Activation) -> Result<(), Failure> {
    failure::in_range(activation)?;
    let grid = grid();
    let (y, slope) = evaluate::<f64>(activation, &grid)?;
    let (y32, slope32) = evaluate::<f32>(activation, &grid)?;
    range(activation, &grid, &y)?;
    range(activation, &grid, &double(&y32))?;
    derivative(activation, &grid, &y, &slope)?;

    let near = |x: &f64| x.abs() <= FAR;
    let some = |v: Vec<f64>| -> Vec<f64> {
        let pairs = v.into_iter().zip(&grid).zip(&y);
        pairs.filter(|((_, x), y)| near(x) || y.abs() < 1e30).map(|((v, _), _)| v).collect()
    };
    compare("precision", &some(double(&y32)), &some(y.clone()), 1e-5)?;
    compare("precision", &some(double(&slope32)), &some(slope.clone()), 1e-4)
        .map_err(|f| f.at("derivative"))?;

    saturation(activation, &grid, &y, &slope)?;
    if activation.facts().smooth {
        continuous(activation)?;
    }
    Ok(())
}

/// All points, each exact in single precision.
fn grid() -> Vec<f64> {
    let mut draws = Stream::new(1, "testkit/activation").sample(0);
    let mut grid: Vec<f64> = POINTS.iter().flat_map(|&x| [x, -x]).collect();
    grid.extend((0..RANDOM).map(|_| 16.0 * draws.uniform() - 8.0));
    double(&of::<f32>(&grid))
}

/// An activation of one feature, with its initial parameters.
struct Function<'a, T> {
    activation: &'a dyn Activation,
    views: Vec<BlockView>,
    params: Vec<T>,
}

impl<'a, T: Precision> Function<'a, T> {
    fn new(activation: &'a dyn Activation) -> Self {
        let specs = activation.params(1);
        let params = specs.iter().flat_map(|spec| {
            let mut values = vec![f64::NAN; spec.len()];
            let mut draws = Stream::new(1, "testkit/init").sample(0);
            spec.init.fill(spec.fan, spec.rows, &mut draws, &mut values);
            of::<T>(&values)
        });
        Self { activation, params: params.collect(), views: BlockView::all(&specs) }
    }

    fn apply(&self, x: &mut [T]) {
        let params = Params::new(&self.params, &self.views);
        self.activation.kernels().at().forward(params, &mut SignalMut::new(x, 1));
    }

    /// `x` is withheld unless it is needed.
    fn differentiate(&self, x: &[T], y: &[T], dy: &mut [T]) {
        let x = if self.activation.needs_input() { x } else { &[] };
        let (x, y, mut dy) = (Signal::new(x, 1), Signal::new(y, 1), SignalMut::new(dy, 1));
        let (params, unwanted) =
            (Params::new(&self.params, &self.views), Grads::unwanted(&self.views));
        self.activation.kernels().at().backward(params, x, y, &mut dy, unwanted);
    }
}

/// f and f′ at `x`, checked for independence of neighbours and for multiplication.
fn evaluate<T: Precision>(
    activation: &dyn Activation,
    x: &[f64],
) -> Result<(Vec<T>, Vec<T>), Failure> {
    let function = Function::<T>::new(activation);
    let x: Vec<T> = of(x);
    let mut y = x.clone();
    function.apply(&mut y);
    let mut slope = vec![T::ONE; x.len()];
    function.differentiate(&x, &y, &mut slope);

    let mut alone = (x.clone(), vec![T::ONE; x.len()]);
    for i in 0..x.len() {
        let i = i..i + 1;
        function.apply(&mut alone.0[i.clone()]);
        function.differentiate(&x[i.clone()], &y[i.clone()], &mut alone.1[i]);
    }
    same_bits("element-wise", &alone.0, &y)?;
    same_bits("element-wise", &alone.1, &slope).map_err(|f| f.at("derivative"))?;

    let factor = T::of(-2.5);
    let mut scaled = vec![factor; x.len()];
    function.differentiate(&x, &y, &mut scaled);
    let expected: Vec<f64> = slope.iter().map(|&s| (s * factor).f64()).collect();
    compare("multiplies", &scaled, &expected, 1e-6)?;
    Ok((y, slope))
}

fn range(activation: &dyn Activation, x: &[f64], y: &[f64]) -> Result<(), Failure> {
    let (low, high) = activation.facts().range;
    for (x, y) in x.iter().zip(y) {
        ensure(!y.is_nan() && (y.is_finite() || x.abs() > FAR), "finite", || {
            format!("f({x:e}) = {y}")
        })?;
        ensure(*y >= low && *y <= high, "range", || {
            format!("f({x:e}) = {y:e} lies outside the declared range from {low} to {high}")
        })?;
    }
    Ok(())
}

fn derivative(
    activation: &dyn Activation,
    grid: &[f64],
    y: &[f64],
    slope: &[f64],
) -> Result<(), Failure> {
    let function = Function::<f64>::new(activation);
    let smooth = activation.facts().smooth;
    let mut kinks = Vec::new();
    for (i, &x) in grid.iter().enumerate().filter(|&(i, _)| y[i].is_finite()) {
        let mut line = |x| {
            let mut y = [x];
            function.apply(&mut y);
            y[0]
        };
        match coordinate(&mut line, x, slope[i], slope[i].abs(), smooth)? {
            Verdict::Agrees => {}
            Verdict::Kink => kinks.push(x),
        }
    }
    ensure(kinks.len() as f64 <= KINKS * grid.len() as f64, "kinks", || {
        format!("{} of {} points are kinks: {kinks:?}", kinks.len(), grid.len())
    })
}

fn saturation(
    activation: &dyn Activation,
    x: &[f64],
    y: &[f64],
    slope: &[f64],
) -> Result<(), Failure> {
    let Some((low, high)) = activation.facts().saturation else {
        return Ok(());
    };
    for ((x, y), s) in x.iter().zip(y).zip(slope) {
        let saturated = *y <= low || *y >= high;
        ensure(!saturated || s.abs() <= SATURATED, "saturation", || {
            format!("f({x:e}) = {y:e} is declared saturated, but f′ = {s:e}")
        })?;
    }
    Ok(())
}

/// Looks for jumps of f and f′ between −8 and 8, by bisection of every interval over which they
/// change: what is left of the change over 1e-9 is a jump.
fn continuous(activation: &dyn Activation) -> Result<(), Failure> {
    const INTERVALS: i32 = 256;
    const JUMP: f64 = 1e-3;
    let function = Function::<f64>::new(activation);
    let at = |x: f64| {
        let (mut y, mut slope) = ([x], [1.0]);
        function.apply(&mut y);
        function.differentiate(&[x], &y, &mut slope);
        (y[0], slope[0])
    };
    let change = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs().max((a.1 - b.1).abs());
    // Shifted, so that no kink at a round number falls on a border.
    let border = |i: i32| 16.0 * f64::from(i) / f64::from(INTERVALS) - 8.0 + 0.001_234_5;
    for i in 0..INTERVALS {
        let (mut left, mut right) = (border(i), border(i + 1));
        let (mut low, mut high) = (at(left), at(right));
        while right - left > 1e-9 && change(low, high) > JUMP {
            let middle = f64::midpoint(left, right);
            let value = at(middle);
            if change(low, value) > change(value, high) {
                (right, high) = (middle, value);
            } else {
                (left, low) = (middle, value);
            }
        }
        ensure(change(low, high) <= JUMP, "smooth", || {
            format!(
                "declared smooth, but (f, f′) jumps from ({:e}, {:e}) to ({:e}, {:e}) at {left:e}",
                low.0, low.1, high.0, high.1
            )
        })?;
    }
    Ok(())
}

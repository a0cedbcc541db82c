//! Softmax, and the cross-entropy with it, which several losses share.

use tanren_plugin::LossGradient;
use tanren_tensor::{
    Input, Real, Signal, SignalMut, combine, exp, ln_scalar, map, max, sum, with_scratch,
};

/// `−Σ t ln ŷ` with ŷ = softmax(z), computed as `Σ t (m − z + ln s)`, m = max z, s = Σ e^(z − m), and its
/// gradient `ŷ Σt − t`.
pub(crate) fn cross_entropy<T: Real>(
    z: Signal<'_, T>,
    targets: Input<'_, T>,
    values: &mut [f64],
    gradient: Option<LossGradient<'_, T>>,
) {
    let Some(LossGradient { weights, mut out }) = gradient else {
        return with_scratch(z.data().len(), |e| {
            with_scratch(values.len(), |sums| shifted_exp(z, e, sums, values));
            for (n, value) in values.iter_mut().enumerate() {
                *value = of_column(z.column(n), targets, n, *value).0;
            }
        });
    };
    with_scratch(values.len(), |sums| {
        shifted_exp(z, out.data(), sums, values);
        let columns = values.iter_mut().zip(out.iter_mut()).zip(&*sums).zip(weights);
        for (n, (((value, g), &s), &w)) in columns.enumerate() {
            let mass;
            (*value, mass) = of_column(z.column(n), targets, n, *value);
            let scale = T::of(mass / s);
            match targets {
                Input::Dense(t) => combine(g, t.column(n), |g, t| w * (scale * g - t)),
                Input::Indices(t) => {
                    let class = t.data[n] as usize;
                    let hit = w * (scale * g[class] - T::ONE);
                    map(g, |g| w * (scale * g));
                    g[class] = hit;
                }
            }
        }
    });
}

/// ŷ.
pub(crate) fn predict<T: Real>(outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
    for (z, y) in outputs.iter().zip(predictions.iter_mut()) {
        let m = max(z);
        combine(y, z, |_, z| z - m);
    }
    exp(predictions.data());
    for y in predictions.iter_mut() {
        let scale = T::of(1.0 / sum(y));
        map(y, |y| y * scale);
    }
}

/// `e ← e^(z − m)`, its sum s, and m + ln s, of every column.
pub(crate) fn shifted_exp<T: Real>(
    z: Signal<'_, T>,
    e: &mut [T],
    sums: &mut [f64],
    shifts: &mut [f64],
) {
    for ((z, e), m) in z.iter().zip(e.chunks_mut(z.features())).zip(&mut *shifts) {
        let most = max(z);
        combine(e, z, |_, z| z - most);
        *m = most.f64();
    }
    exp(e);
    sums.iter_mut().zip(e.chunks(z.features())).for_each(|(s, e)| *s = sum(e));
    combine(shifts, sums, |m, s| m + ln_scalar(s));
}

/// `Σ t (m − z + ln s)` and `Σ t` of column n, where `shift` is m + ln s.
fn of_column<T: Real>(z: &[T], t: Input<'_, T>, n: usize, shift: f64) -> (f64, f64) {
    match t {
        Input::Indices(t) => (shift - z[t.data[n] as usize].f64(), 1.0),
        Input::Dense(t) => {
            let term = |(&z, &t): (&T, &T)| t.f64() * (shift - z.f64());
            (z.iter().zip(t.column(n)).map(term).sum(), sum(t.column(n)))
        }
    }
}

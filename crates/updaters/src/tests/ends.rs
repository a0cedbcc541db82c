//! Where formulas end: a rate of 0, steps of 0, steps of 10³⁰, parameters of 0.

use super::rig::{Gradient, Run, given, start};
use crate::*;
use tanren_plugin::{Aimed, Precision, Updater};

/// One or more of each.
pub(super) fn all() -> Vec<Aimed<dyn Updater>> {
    vec![
        Unchanged {}.into(),
        Momentum::default().into(),
        Nesterov::default().into(),
        Scale::new(0.5).into(),
        WeightDecay::default().into(),
        Adagrad::default().into(),
        Adadelta::default().into(),
        RmsProp::default().into(),
        RmsProp { centered: true, momentum: 0.9.into(), ..RmsProp::default() }.into(),
        Adam::default().into(),
        Adam { amsgrad: true, ..Adam::default() }.into(),
        Adamax::default().into(),
        Nadam::default().into(),
        RAdam::default().into(),
        AdaBelief::default().into(),
        Lion::default().into(),
        Rprop::default().into(),
        Lamb::default().into(),
        Lamb { weight_decay: 0.1, ..Lamb::default() }.into(),
        Lars::default().into(),
        Lars { weight_decay: 0.1, ..Lars::default() }.into(),
        Muon::default().into(),
        ScheduleFree::default().into(),
        ScheduleFree { warmup_steps: 10, ..ScheduleFree::default() }.into(),
        Lookahead::default().into(),
        Ema::default().into(),
        Swa::default().into(),
        ClipValue::default().into(),
        ClipNorm::default().into(),
        ClipNorm { per: Per::Layer, ..ClipNorm::default() }.into(),
        ClipNorm { per: Per::Block, ..ClipNorm::default() }.into(),
        GradientNormalization::default().into(),
        GradientNormalization { per: Per::Block }.into(),
        GradientNormalization { per: Per::Network }.into(),
        AdaptiveClip::default().into(),
        GradientNoise::default().into(),
    ]
}

/// What is left after so many updates: parameters, slots, parameters to evaluate with.
fn ends<T: Precision>(
    updater: &Aimed<dyn Updater>,
    rate: f64,
    from: fn(usize) -> f64,
    gradient: Gradient<'_>,
) -> [Vec<T>; 3] {
    let chain = std::slice::from_ref(updater);
    let mut run = Run::<T>::new(chain, rate, from, gradient);
    run.go(20);
    let evaluated = run.evaluated();
    [run.kept(), run.theta, evaluated]
}

fn both(check: fn(&Aimed<dyn Updater>, bool)) {
    for updater in all() {
        check(&updater, true);
        check(&updater, false);
    }
}

fn finite<T: Precision>(
    updater: &Aimed<dyn Updater>,
    rate: f64,
    from: fn(usize) -> f64,
    gradient: Gradient<'_>,
) -> [Vec<T>; 3] {
    let ends = ends::<T>(updater, rate, from, gradient);
    assert!(ends.concat().iter().all(|x| x.f64().is_finite()), "{updater:?}: {ends:?}");
    ends
}

#[test]
fn a_rate_of_zero_moves_nothing() {
    fn check<T: Precision>(updater: &Aimed<dyn Updater>) {
        let [_, theta, evaluated] = finite::<T>(updater, 0.0, start, &given);
        for (i, (t, e)) in theta.iter().zip(&evaluated).enumerate() {
            assert!(t.f64() == start(i) && e.f64() == start(i), "{updater:?}: {t} and {e}");
        }
    }
    both(|updater, single| if single { check::<f32>(updater) } else { check::<f64>(updater) });
}

#[test]
fn steps_of_zero_are_numbers() {
    fn check<T: Precision>(updater: &Aimed<dyn Updater>) {
        finite::<T>(updater, 0.1, start, &|_, _, _| 0.0);
        finite::<T>(updater, 0.1, |_| 0.0, &|_, _, _| 0.0);
        // Once something, then nothing.
        finite::<T>(updater, 0.1, start, &|t, i, x| if t == 0 { given(t, i, x) } else { 0.0 });
        // From parameters of 0: norms of 0.
        finite::<T>(updater, 0.1, |_| 0.0, &given);
    }
    both(|updater, single| if single { check::<f32>(updater) } else { check::<f64>(updater) });
}

/// An average of squares that has once been infinite would stay so.
#[test]
fn huge_steps_are_numbers() {
    fn check<T: Precision>(updater: &Aimed<dyn Updater>) {
        finite::<T>(updater, 1e-3, start, &|t, i, x| 1e30 * given(t, i, x));
        finite::<T>(updater, 1e-3, start, &|t, i, x| {
            if t == 3 { 1e30 } else { given(t, i, x) }
        });
        finite::<T>(updater, 1e-3, start, &|t, i, x| 1e-30 * given(t, i, x));
    }
    both(|updater, single| if single { check::<f32>(updater) } else { check::<f64>(updater) });
}

/// An ε that single precision does not know is not 0 there.
#[test]
fn an_epsilon_is_never_zero() {
    let names = [
        "adagrad",
        "adadelta",
        "rmsprop",
        "adam",
        "adamax",
        "nadam",
        "radam",
        "adabelief",
        "lamb",
        "muon",
    ];
    for name in names {
        let text = format!(r#"{{"type": {name:?}, "epsilon": 1e-300}}"#);
        let updater: Aimed<dyn Updater> = serde_json::from_str(&text).unwrap();
        finite::<f32>(&updater, 0.1, start, &|_, _, _| 0.0);
        finite::<f64>(&updater, 0.1, start, &|_, _, _| 0.0);
        finite::<f32>(&updater, 0.1, start, &given);
    }
}

/// A run that diverges must show: no sign, clip or quotient makes a number of what is none.
#[test]
fn what_is_no_number_stays_none() {
    fn check<T: Precision>(updater: &Aimed<dyn Updater>) {
        let gradient = |t, i, x| if t == 1 { f64::NAN } else { given(t, i, x) };
        let [_, theta, _] = ends::<T>(updater, 0.1, start, &gradient);
        assert!(theta.iter().all(|x| x.f64().is_nan()), "{updater:?}: {theta:?}");
    }
    both(|updater, single| if single { check::<f32>(updater) } else { check::<f64>(updater) });
}

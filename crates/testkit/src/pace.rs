//! What every pace must satisfy: a pure function of the epochs, 1 before the first, never negative.

use crate::failure::{self, Failure, ensure};
use crate::problems::normals;
use std::collections::BTreeMap;
use tanren_plugin::{Better, EpochRecord, History, Number, Pace};

/// Epochs of a history.
const EPOCHS: usize = 60;

/// Asserts that a pace is right; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn pace(pace: &dyn Pace) {
    failure::assert(check(pace));
}

/// Checks, for scores where higher is better and for such where lower is, that fall, rise, stay, wander or
/// are no numbers:
///
/// * `start`: before the first epoch the factor is 1, and so it is without any scores;
/// * `factor`: it is finite and not negative;
/// * `pure`: the same epochs give the same factor, whatever was asked before.
///
/// # Errors
/// The first rule that is broken.
pub fn check(pace: &dyn Pace) -> Result<(), Failure> {
    failure::in_range(pace)?;
    failure::caught(|| {
        let wander = normals("testkit/pace", 0, EPOCHS, 1.0);
        let ways: [Box<dyn Fn(usize) -> f64>; 6] = [
            Box::new(|t| 0.9_f64.powi(t as i32)),
            Box::new(|t| 1.1_f64.powi(t as i32)),
            Box::new(|_| 0.5),
            Box::new(move |t| wander[t]),
            Box::new(|t| if t % 3 == 0 { f64::NAN } else { t as f64 }),
            Box::new(|t| if t % 5 == 0 { f64::INFINITY } else { -(t as f64) }),
        ];
        for (way, better) in
            ways.iter().flat_map(|way| [(way, Better::Lower), (way, Better::Higher)])
        {
            follow(pace, better, way)?;
        }
        follow(pace, Better::Lower, &|_| f64::NAN)
    })?
}

fn follow(pace: &dyn Pace, better: Better, way: &dyn Fn(usize) -> f64) -> Result<(), Failure> {
    let names: Vec<String> = pace.scores().iter().map(|(_, name)| (*name).to_owned()).collect();
    let scores: BTreeMap<String, Better> = names.iter().map(|n| (n.clone(), better)).collect();
    let epochs: Vec<EpochRecord> = (0..EPOCHS)
        .map(|epoch| {
            let score = |name: &String| (name.clone(), Number(way(epoch)));
            let validation: BTreeMap<_, _> = names.iter().map(score).collect();
            EpochRecord { training: validation.clone(), validation, ..EpochRecord::default() }
        })
        .collect();
    let none = BTreeMap::new();
    let without = pace.factor(History { epochs: &epochs, scores: &none });
    ensure(without == 1.0, "start", || format!("{without:e} without scores"))?;
    let after = |n: usize| pace.factor(History { epochs: &epochs[..n], scores: &scores });
    ensure(after(0) == 1.0, "start", || format!("{:e} before the first epoch", after(0)))?;
    let factors: Vec<f64> = (0..=EPOCHS).map(after).collect();
    for (epoch, &factor) in factors.iter().enumerate() {
        ensure(factor.is_finite() && factor >= 0.0, "factor", || {
            format!("{factor:e} after {epoch} epochs")
        })?;
    }
    for (epoch, &factor) in factors.iter().enumerate().rev() {
        let again = after(epoch);
        ensure(again.to_bits() == factor.to_bits(), "pure", || {
            format!("{factor:e}, then {again:e} after the same {epoch} epochs")
        })?;
    }
    Ok(())
}

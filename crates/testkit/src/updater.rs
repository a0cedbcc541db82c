//! What every updater must satisfy: the same bits however the vector is cut, no more slots than it
//! declared, a way that leads down, and numbers that stay finite.

mod descent;
mod rig;

use crate::failure::{self, Failure, ensure};
use crate::golden::{compare, finite};
use crate::threads;
use rig::{Course, Cut, Rig};
use std::collections::BTreeSet;
use tanren_plugin::{MAX_SLOTS, Scope, Updater};

/// How an updater is checked.
#[derive(Clone, Debug)]
pub struct UpdaterOptions {
    /// Where all random numbers come from.
    pub seed: u64,
    /// Updates in a row.
    pub iterations: u64,
    /// The rate they are told.
    pub rate: f64,
    /// Agreement of the precisions, relative to max(1, |x|).
    pub tolerance: f64,
}

impl Default for UpdaterOptions {
    fn default() -> Self {
        Self { seed: 1, iterations: 6, rate: 0.05, tolerance: 1e-4 }
    }
}

/// Asserts that an updater is right; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn updater(updater: &dyn Updater) {
    failure::assert(check(updater, &UpdaterOptions::default()));
}

/// [`updater()`] with options.
///
/// # Panics
/// When the updater is not right.
#[track_caller]
pub fn updater_with(updater: &dyn Updater, options: &UpdaterOptions) {
    failure::assert(check(updater, options));
}

/// Checks, over some updates of a vector of several blocks:
///
/// * `slots`: at most [`MAX_SLOTS`], of different names; using more than declared is a `panic`;
/// * `cutting`: for scope element, any cutting of blocks into pieces gives the same bits; below whole, any
///   order of the blocks does; always, any number of threads;
/// * both precisions agree;
/// * `descent`: parameters never go against a step that stays the same, block by block, and on a
///   quadratic the value does not rise;
/// * `rests`: where it says that it rests, `update` and `settle` change nothing;
/// * `settle` and `evaluation` do nothing unless declared, and `evaluation` leaves the slots alone;
/// * `finite`: zero steps, zero parameters, huge and tiny steps and late clocks give finite numbers.
///
/// That a formula is the one of its paper no rule can tell: compare it with numbers of a reference.
///
/// # Errors
/// The first rule that is broken.
pub fn check(updater: &dyn Updater, options: &UpdaterOptions) -> Result<(), Failure> {
    failure::in_range(updater)?;
    let slots = updater.slots();
    let names: BTreeSet<_> = slots.iter().map(|slot| slot.name).collect();
    ensure(slots.len() <= MAX_SLOTS && names.len() == slots.len(), "slots", || {
        format!("at most {MAX_SLOTS} slots of different names: {slots:?}")
    })?;
    // A slot that was not declared is a panic of `Slots::array`.
    failure::caught(|| results(updater, options))?
}

fn results(updater: &dyn Updater, options: &UpdaterOptions) -> Result<(), Failure> {
    let rig = Rig::new(updater, options);
    let whole = rig.run::<f64>(Cut::Blocks, &Course::RANDOM)?;
    let cuts: &[Cut] = match updater.scope() {
        Scope::Element => &[
            Cut::Blocks,
            Cut::Reversed,
            Cut::Pieces(1),
            Cut::Pieces(3),
            Cut::Pieces(16),
            Cut::Uneven,
        ],
        Scope::Block => &[Cut::Blocks, Cut::Reversed],
        Scope::Whole => &[Cut::Blocks],
    };
    for &cut in cuts {
        let other = rig.run::<f64>(cut, &Course::RANDOM)?;
        other.same(&whole, "cutting").map_err(|f| f.at(format_args!("{cut:?}")))?;
        let single = rig.run::<f32>(cut, &Course::RANDOM)?;
        let want = rig.run::<f32>(Cut::Blocks, &Course::RANDOM)?;
        single.same(&want, "cutting").map_err(|f| f.at(format_args!("single, {cut:?}")))?;
    }
    for count in threads::COUNTS {
        let other = threads::with(count, || rig.run::<f64>(Cut::Blocks, &Course::RANDOM))??;
        other.same(&whole, "threads").map_err(|f| f.at(format_args!("{count} threads")))?;
    }
    let single = rig.run::<f32>(Cut::Blocks, &Course::RANDOM)?;
    let tolerance = options.tolerance;
    compare("precision", &single.parameters, &whole.parameters, tolerance)?;
    compare("precision", &single.evaluated, &whole.evaluated, tolerance)
        .map_err(|f| f.at("evaluation"))?;

    descent::check(&rig)?;
    for (name, course) in Course::HARD {
        let at = |f: Failure| f.at(name);
        finite("finite", &rig.run::<f64>(Cut::Blocks, course).map_err(at)?.all()).map_err(at)?;
        finite("finite", &rig.run::<f32>(Cut::Blocks, course).map_err(at)?.all()).map_err(at)?;
    }
    Ok(())
}

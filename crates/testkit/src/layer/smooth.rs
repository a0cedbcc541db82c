//! A layer that is declared smooth has no kink on the way from one random batch to another.

use super::LayerOptions;
use super::case::{Case, Data};
use super::pass::How;
use super::rig::Rig;
use crate::continuity;
use crate::failure::Failure;
use tanren_plugin::BlockKind;
use tanren_tensor::{Extent, Stream};

/// Intervals of the way.
const INTERVALS: u32 = 32;

/// A gradient check at random points does not see kinks: hardly any point is close to one. On the
/// way between two points the outputs and all gradients are continuous, so a jump shows every kink
/// that is crossed. The inputs are also drawn larger, for kinks far out.
pub(super) fn check(rig: &Rig<'_>, options: &LayerOptions) -> Result<(), Failure> {
    if !rig.layer.facts().smooth {
        return Ok(());
    }
    let steps = if rig.sequential() { 2.min(*options.steps.end()) } else { 1 };
    let examples = *options.examples.end();
    let extent = Extent { examples, steps };
    for (sample, scale) in [(0, 1.0), (2, 8.0)] {
        let options = LayerOptions { scale: scale * options.scale, ..options.clone() };
        let stream = Stream::new(options.seed, "testkit/smooth");
        let draw = |sample| Case::sized(rig, &options, extent, false, &mut stream.sample(sample));
        let (from, to) = (draw(sample), draw(sample + 1));
        let found = continuity::jump(INTERVALS, &mut |share| at(rig, &from, &to, share))?;
        if let Some(jump) = found {
            let message = format!("declared smooth, but of outputs and gradients {jump}");
            return Err(Failure::new("smooth", message)
                .at(format_args!("inputs of size {scale}, {}", from.describe())));
        }
    }
    Ok(())
}

/// Outputs, gradients of dense inputs and of trainable blocks, at `share` of the way.
fn at(rig: &Rig<'_>, from: &Case, to: &Case, share: f64) -> Result<Vec<f64>, Failure> {
    let mut case = from.clone();
    let mix =
        |a: &mut [f64], b: &[f64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += share * (b - *a));
    for (a, b) in case.inputs.iter_mut().zip(&to.inputs) {
        if let (Data::Dense(a), Data::Dense(b)) = (a, b) {
            mix(a, b);
        }
    }
    let trainable = |i: usize| rig.specs[i].kind != BlockKind::Statistic;
    for i in (0..rig.specs.len()).filter(|&i| trainable(i)) {
        mix(&mut case.params[i], &to.params[i]);
    }
    let (forwarded, gradients) = rig.run::<f64>(&case, &How::PLAIN)?;
    let blocks = (0..rig.specs.len()).filter(|&i| trainable(i)).map(|i| &gradients.params[i]);
    let all = std::iter::once(&forwarded.output).chain(&gradients.inputs).chain(blocks);
    Ok(all.flatten().copied().collect())
}

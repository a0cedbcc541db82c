//! How much clipping says that it has cut: of numbers, units, blocks, layers or whole steps.

use super::rig::{Run, given, layout, start};
use crate::*;
use std::ops::Range;
use tanren_plugin::{Aimed, Clipped, On as _, Updater};

const UPDATES: u64 = 5;

/// What a chain cuts of [`given`] steps, as it says.
fn clipped(chain: &[Aimed<dyn Updater>]) -> Clipped {
    let mut run = Run::<f64>::new(chain, 0.01, start, &given);
    run.go(UPDATES);
    run.clipped
}

/// The norms of these parts of the steps.
fn norms(parts: &[Range<usize>]) -> Vec<f64> {
    let norm =
        |t, part: &Range<usize>| part.clone().map(|i| given(t, i, 0.0).powi(2)).sum::<f64>().sqrt();
    (0..UPDATES).flat_map(|t| parts.iter().map(move |part| norm(t, part))).collect()
}

/// As many norms lie above `most` as it has to cut, and not all or none.
fn cut(norms: &[f64], most: f64) -> Clipped {
    let cut = norms.iter().filter(|&&norm| norm > most).count();
    assert!(0 < cut && cut < norms.len(), "{norms:?}");
    Clipped { cut: cut as u64, of: norms.len() as u64 }
}

#[test]
fn every_clipping_counts_what_it_cuts() {
    let all = layout();
    let blocks: Vec<_> = all.blocks().iter().map(|block| block.range.clone()).collect();
    let numbers: Vec<_> = (0..all.len()).map(|i| i..i + 1).collect();
    let layers = [blocks[0].start..blocks[1].end, blocks[2].start..blocks[3].end];
    let whole = 0..all.len();
    for (per, parts) in [
        (Per::Block, &blocks[..]),
        (Per::Layer, &layers),
        (Per::Network, std::slice::from_ref(&whole)),
    ] {
        let norms = norms(parts);
        let mut sorted = norms.clone();
        sorted.sort_by(f64::total_cmp);
        let max_norm = f64::midpoint(sorted[1], sorted[2]);
        assert_eq!(clipped(&[ClipNorm { max_norm, per }.into()]), cut(&norms, max_norm), "{per:?}");
    }
    let value = cut(&norms(&numbers), 1.0);
    assert_eq!(clipped(&[ClipValue { value: 1.0 }.into()]), value);
    // Blocks that it is not aimed at are not seen; two that clip count together.
    let head = numbers[blocks[2].start..].to_vec();
    assert_eq!(clipped(&[ClipValue { value: 1.0 }.on("head")]), cut(&norms(&head), 1.0));
    let twice = clipped(&[ClipValue { value: 1.0 }.into(), ClipValue { value: 0.25 }.into()]);
    assert_eq!(twice.of, 2 * value.of);
    assert!(twice.cut > 2 * value.cut);
}

/// Each row of a weight is a unit, and a bias is one.
#[test]
fn adaptive_clipping_counts_units() {
    let few = AdaptiveClip { clipping: 1e-6, ..AdaptiveClip::default() };
    let units = 4 + 1 + 2 + 1;
    assert_eq!(clipped(&[few.into()]), Clipped { cut: units * UPDATES, of: units * UPDATES });
    let none = AdaptiveClip { clipping: 1e6, ..AdaptiveClip::default() };
    assert_eq!(clipped(&[none.into()]), Clipped { cut: 0, of: units * UPDATES });
}

#[test]
fn what_does_not_clip_counts_nothing() {
    for updater in [Adam::default().into(), GradientNormalization::default().into()] {
        assert_eq!(clipped(&[updater]).share(), None);
    }
}

//! The clip rate that clipping reports: of numbers, units, blocks, layers or whole steps.

use super::rig::{Run, given, layout, start};
use crate::*;
use std::ops::Range;
use tanren_plugin::{Aimed, On as _, Updater};

const UPDATES: u64 = 5;

/// The mean clip rate of a chain on [`given`] steps.
fn clip_rate(chain: &[Aimed<dyn Updater>]) -> Option<f64> {
    let mut run = Run::<f64>::new(chain, 0.01, start, &given);
    run.go(UPDATES);
    let rates: Option<Vec<f64>> = run.clip_rates.iter().copied().collect();
    rates.map(|rates| rates.iter().sum::<f64>() / UPDATES as f64)
}

/// The norms of these parts of the steps.
fn norms(parts: &[Range<usize>]) -> Vec<f64> {
    let norm =
        |t, part: &Range<usize>| part.clone().map(|i| given(t, i, 0.0).powi(2)).sum::<f64>().sqrt();
    (0..UPDATES).flat_map(|t| parts.iter().map(move |part| norm(t, part))).collect()
}

/// The share of norms above `most`, which is not all or none.
fn share(norms: &[f64], most: f64) -> f64 {
    let above = norms.iter().filter(|&&norm| norm > most).count();
    assert!(0 < above && above < norms.len(), "{norms:?}");
    above as f64 / norms.len() as f64
}

fn near(chain: &[Aimed<dyn Updater>], expected: f64) {
    let rate = clip_rate(chain).unwrap();
    assert!((rate - expected).abs() < 1e-12, "{chain:?}: {rate}, not {expected}");
}

#[test]
fn every_clipping_reports_its_clip_rate() {
    let all = layout();
    let blocks: Vec<_> = all.blocks().iter().map(|block| block.range.clone()).collect();
    let numbers: Vec<_> = (0..all.len()).map(|i| i..i + 1).collect();
    let layers = vec![blocks[0].start..blocks[1].end, blocks[2].start..blocks[3].end];
    let whole = std::iter::once(0..all.len()).collect();
    let cases = [(Per::Block, blocks.clone()), (Per::Layer, layers), (Per::Network, whole)];
    for (per, parts) in cases {
        let norms = norms(&parts);
        let mut sorted = norms.clone();
        sorted.sort_by(f64::total_cmp);
        let max_norm = f64::midpoint(sorted[1], sorted[2]);
        near(&[ClipNorm { max_norm, per }.into()], share(&norms, max_norm));
    }
    near(&[ClipValue { value: 1.0 }.into()], share(&norms(&numbers), 1.0));
    // Blocks that it is not aimed at are not seen.
    let head = share(&norms(&numbers[blocks[2].start..]), 1.0);
    near(&[ClipValue { value: 1.0 }.on("head")], head);
}

/// Steps and numbers are not added up: the larger rate counts.
#[test]
fn the_larger_clip_rate_counts() {
    let always = || ClipNorm { max_norm: 1e-3, ..ClipNorm::default() }.into();
    let never = || ClipValue { value: 1e3 }.into();
    assert_eq!(clip_rate(&[always(), never()]), Some(1.0));
    assert_eq!(clip_rate(&[never(), Adam::default().into(), always()]), Some(1.0));
    assert_eq!(clip_rate(&[never(), never()]), Some(0.0));
}

/// Each row of a weight is a unit, and a bias is one: the first unit alone is clipped.
#[test]
fn adaptive_clipping_counts_units() {
    let most = |clipping| [AdaptiveClip { clipping, ..AdaptiveClip::default() }.into()];
    assert_eq!(clip_rate(&most(1e-6)), Some(1.0));
    assert_eq!(clip_rate(&most(1e6)), Some(0.0));
    let units = 4.0 + 1.0 + 2.0 + 1.0;
    let rate = clip_rate(&most(2.0)).unwrap();
    let clipped = rate * units * UPDATES as f64;
    assert!(0.0 < rate && rate < 1.0 && (clipped - clipped.round()).abs() < 1e-9, "{rate}");
}

#[test]
fn what_does_not_clip_has_no_clip_rate() {
    for updater in [Adam::default().into(), GradientNormalization::default().into()] {
        assert_eq!(clip_rate(&[updater]), None);
    }
}

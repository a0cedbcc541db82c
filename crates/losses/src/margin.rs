//! What losses with a margin share: classes as signs, and outputs as shares of two classes.

use crate::numbers::clip;
use tanren_tensor::{Real, Shape, Signal, SignalMut};

/// −1 for the first of two classes, 1 for the second.
pub(crate) fn sign_of(index: u32) -> f64 {
    if index == 0 { -1.0 } else { 1.0 }
}

/// Features of a prediction: of a class, a share of each of the two.
pub(crate) fn predictions(target: Shape, outputs: usize) -> usize {
    if target.indices { 2 } else { outputs }
}

/// The outputs themselves; of a class, where each lies between the margins −1 and 1.
pub(crate) fn predict<T: Real>(outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
    if outputs.features() == predictions.features() {
        return predictions.data().copy_from_slice(outputs.data());
    }
    let half = T::of(0.5);
    for (&z, p) in outputs.data().iter().zip(predictions.iter_mut()) {
        p[1] = half + half * clip(z, -T::ONE, T::ONE);
        p[0] = T::ONE - p[1];
    }
}

//! `steepest`: d = −g.
//!
//! d direction, g gradient. Source: Cauchy (1847), *Méthode générale pour la résolution des
//! systèmes d'équations simultanées*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Direction, DirectionKernel, DirectionKernels, DirectionMemory, Evaluated, Heading,
};
use tanren_tensor::{Real, Write, add_scaled};

/// Steepest descent.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Steepest {}

#[typetag::serde(name = "steepest")]
impl Direction for Steepest {
    fn steepest(&self) -> bool {
        true
    }

    fn kernels(&self) -> DirectionKernels<'_> {
        DirectionKernels::of(self)
    }
}

impl<T: Real> DirectionKernel<T> for Steepest {
    fn direction(
        &self,
        at: &Evaluated<'_, T>,
        _: &mut DirectionMemory<T>,
        direction: &mut [T],
    ) -> Heading {
        add_scaled(Write::Overwrite, -T::ONE, at.gradient, direction);
        Heading::unscaled()
    }
}

//! `Shape`: what one example looks like.

use std::fmt;

/// The shape of one example of a signal: how many features, and whether it has time steps.
///
/// The number of examples and of steps belongs to a batch ([`crate::Extent`]), not to a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Rows of the signal. For indices, the number of levels: an index is a one-hot column
    /// written short.
    pub features: usize,
    /// Whether an example is a sequence of columns rather than one column.
    pub sequence: bool,
    /// Whether columns are indices below `features` instead of numbers.
    pub indices: bool,
    /// Height and width, when the features are pixels; channels are `features / (height · width)`.
    pub grid: Option<(usize, usize)>,
}

impl Shape {
    /// `features` numbers.
    #[must_use]
    pub const fn vector(features: usize) -> Self {
        Self { features, sequence: false, indices: false, grid: None }
    }

    /// `features` numbers at every time step.
    #[must_use]
    pub const fn sequence(features: usize) -> Self {
        Self { sequence: true, ..Self::vector(features) }
    }

    /// One index below `levels`.
    #[must_use]
    pub const fn index(levels: usize) -> Self {
        Self { indices: true, ..Self::vector(levels) }
    }

    /// `height × width` pixels of `channels` numbers each.
    #[must_use]
    pub const fn image(height: usize, width: usize, channels: usize) -> Self {
        Self { grid: Some((height, width)), ..Self::vector(height * width * channels) }
    }

    /// Dense numbers of another width, the time axis kept, a grid forgotten.
    #[must_use]
    pub const fn with_features(self, features: usize) -> Self {
        Self { features, indices: false, grid: None, sequence: self.sequence }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { features, sequence, indices, grid } = *self;
        match (indices, grid) {
            (true, _) => write!(f, "an index below {features}")?,
            (false, Some((h, w))) => {
                write!(f, "{h}×{w}×{} pixels", features.checked_div(h * w).unwrap_or(0))?;
            }
            (false, None) => write!(f, "{features} features")?,
        }
        if sequence {
            write!(f, " per step")?;
        }
        Ok(())
    }
}

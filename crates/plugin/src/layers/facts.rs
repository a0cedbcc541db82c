//! `Facts`: what a plugin tells about itself to those who do not know its type.

use serde::Serialize;

/// A function that turns a network's last numbers into predictions. The loss owns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// The numbers are the predictions.
    Identity,
    /// Each number by itself: 1 / (1 + e⁻ᶻ).
    Sigmoid,
    /// Each column together: eᶻ / Σ eᶻ.
    Softmax,
    /// Each number by itself: eᶻ.
    Exp,
    /// Each number by itself: eᶻ − 1.
    ExpM1,
    /// A link of one loss alone, by its name.
    Other(&'static str),
}

/// What the assembly, the tests and the doctor may know about a layer or an activation.
///
/// No code in the workspace looks at a plugin's type; what it needs to know of a plugin stands here.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Facts {
    /// Whether outputs and derivatives are continuous everywhere, so that no gradient check may
    /// skip a coordinate.
    pub smooth: bool,
    /// Smallest and largest possible output.
    pub range: (f64, f64),
    /// Outputs at or beyond these have almost no derivative: the unit is saturated, or, for a
    /// rectifier's `(0, ∞)`, dead.
    pub saturation: Option<(f64, f64)>,
    /// The link this computes, when its outputs are already predictions of that link.
    pub link: Option<Link>,
    /// Whether training disturbs outputs as prediction does not, by random numbers or by the statistics of
    /// a batch. This keeps a network from learning its rows by heart.
    pub disturbs: bool,
}

impl Default for Facts {
    /// Unbounded outputs, kinks possible, nothing special.
    fn default() -> Self {
        let range = (f64::NEG_INFINITY, f64::INFINITY);
        Self { smooth: false, range, saturation: None, link: None, disturbs: false }
    }
}

impl Facts {
    /// Unbounded outputs without kinks.
    #[must_use]
    pub fn smooth() -> Self {
        Self { smooth: true, ..Self::default() }
    }

    /// Whether every number is a possible output.
    #[must_use]
    pub fn unbounded(&self) -> bool {
        self.range == (f64::NEG_INFINITY, f64::INFINITY)
    }
}

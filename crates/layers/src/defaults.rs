//! What settings of layers are unless said.

use crate::{Identity, Orthogonal, Sigmoid, Tanh, XavierUniform, Zero};
use tanren_plugin::{Activation, Init, Plugin, Scheduled};

pub(crate) fn identity() -> Plugin<dyn Activation> {
    Identity {}.into()
}

pub(crate) fn sigmoid() -> Plugin<dyn Activation> {
    Sigmoid {}.into()
}

pub(crate) fn tanh() -> Plugin<dyn Activation> {
    Tanh {}.into()
}

pub(crate) fn orthogonal() -> Plugin<dyn Init> {
    Orthogonal::default().into()
}

pub(crate) fn xavier_uniform() -> Plugin<dyn Init> {
    XavierUniform {}.into()
}

pub(crate) fn zero() -> Plugin<dyn Init> {
    Zero {}.into()
}

pub(crate) const fn no_dropout() -> Scheduled {
    Scheduled::Constant(0.0)
}

pub(crate) const fn one() -> f64 {
    1.0
}

pub(crate) const fn yes() -> bool {
    true
}

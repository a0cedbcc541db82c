//! Every direction and search we have.

use tanren::optimizers::{
    Backtracking, Beta, ConjugateGradient, HagerZhang, Lbfgs, LearningRate, Steepest, Step,
    StrongWolfe,
};
use tanren::plugin::{Direction, Plugin, Search};

pub(crate) fn directions() -> Vec<Plugin<dyn Direction>> {
    vec![
        Steepest {}.into(),
        ConjugateGradient::default().into(),
        ConjugateGradient::new(Beta::FletcherReeves).into(),
        ConjugateGradient::new(Beta::HestenesStiefel).into(),
        ConjugateGradient::new(Beta::DaiYuan).into(),
        ConjugateGradient::new(Beta::HagerZhang).into(),
        ConjugateGradient { orthogonality: Some(0.9), ..ConjugateGradient::default() }.into(),
        Lbfgs::default().into(),
        Lbfgs { memory: 1, ..Lbfgs::default() }.into(),
        Lbfgs { damping: true, curvature: 0.0, ..Lbfgs::default() }.into(),
    ]
}

pub(crate) fn searches(step: Step) -> Vec<Plugin<dyn Search>> {
    vec![
        LearningRate::default().into(),
        LearningRate::new(step).into(),
        Backtracking::default().into(),
        StrongWolfe::default().into(),
        StrongWolfe { curvature: Some(0.01), ..StrongWolfe::default() }.into(),
        HagerZhang::default().into(),
    ]
}

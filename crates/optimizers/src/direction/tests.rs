//! Directions against the textbook: dense BFGS, and the formulas of conjugate gradients written out.

use super::{Beta, ConjugateGradient, Lbfgs};
use tanren_plugin::{Clock, Direction, DirectionMemory, Evaluated, Heading};
use tanren_tensor::nalgebra::{DMatrix, DVector};

/// Points and gradients of a run towards the minimum of a convex function.
fn run() -> Vec<(DVector<f64>, DVector<f64>)> {
    let at = |k: usize| {
        let x =
            DVector::from_fn(5, |i, _| (0.5 * k as f64 + i as f64).sin() * 0.6f64.powi(k as i32));
        let g = x.map(|x| 2.0 * x + 0.3 * x.powi(3) + x.sin());
        (x, g)
    };
    (0..7).map(at).collect()
}

/// What a direction writes, call by call.
fn directions(direction: &dyn Direction) -> Vec<(DVector<f64>, Heading)> {
    let mut memory = DirectionMemory::new(direction.memory(), 5);
    let mut call = |(x, g): &(DVector<f64>, DVector<f64>)| {
        let mut d = DVector::from_element(5, f64::NAN);
        let at = Evaluated::new(Clock::default(), x.as_slice(), g.as_slice());
        let kernel = direction.kernels().at::<f64>();
        let heading = kernel.direction(&at, &mut memory, d.as_mut_slice());
        (d, heading)
    };
    run().iter().map(&mut call).collect()
}

/// H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ over the last m pairs, from γ I.
fn dense(pairs: &[(DVector<f64>, DVector<f64>)]) -> DMatrix<f64> {
    let (s, y) = pairs.last().unwrap();
    let identity = DMatrix::identity(5, 5);
    pairs.iter().fold(&identity * (s.dot(y) / y.dot(y)), |h, (s, y)| {
        let rho = 1.0 / s.dot(y);
        let left = &identity - rho * s * y.transpose();
        &left * h * left.transpose() + rho * s * s.transpose()
    })
}

#[test]
fn two_loops_are_bfgs() {
    let points = run();
    let pairs: Vec<_> = points.windows(2).map(|w| (&w[1].0 - &w[0].0, &w[1].1 - &w[0].1)).collect();
    assert!(pairs.iter().all(|(s, y)| s.dot(y) > 0.0));
    for memory in [1, 2, 3, 20] {
        let found = directions(&Lbfgs { memory, ..Lbfgs::default() });
        for k in 1..points.len() {
            let want = -dense(&pairs[k.saturating_sub(memory)..k]) * &points[k].1;
            let (d, heading) = &found[k];
            assert!((d - &want).norm() < 1e-12 * want.norm(), "memory {memory}, call {k}");
            assert_eq!(*heading, Heading::trial(1.0));
        }
    }
}

/// A pair of negative curvature is left out, or bent until sᵀy = 0.2 sᵀs / γ.
#[test]
fn negative_curvature_is_refused_or_damped() {
    let kernel_call = |lbfgs: &Lbfgs, points: &[([f64; 2], [f64; 2])]| {
        let mut memory = DirectionMemory::new(Direction::memory(lbfgs), 2);
        let mut d = [f64::NAN; 2];
        for (x, g) in points {
            let at = Evaluated::new(Clock::default(), x, g);
            lbfgs.kernels().at::<f64>().direction(&at, &mut memory, &mut d);
        }
        d
    };
    // y = 2s, then a step along which the gradient falls: y = −s.
    let points = [([0.0, 0.0], [1.0, 1.0]), ([1.0, 0.0], [3.0, 1.0]), ([1.0, 1.0], [3.0, 0.0])];
    let plain = Lbfgs::default();
    let last = points[2].1.map(|g| -0.5 * g); // the first pair alone: H = ½ I
    assert_eq!(kernel_call(&plain, &points), last);
    let damped = kernel_call(&Lbfgs { damping: true, ..plain }, &points);
    // With b = 2 and s = (0, 1): y = (0, 0.4), so that H has ½ and 1 / 0.4 on its diagonal.
    let want = [-1.5, 0.0];
    assert!(damped.iter().zip(want).all(|(d, w)| (d - w).abs() < 1e-12), "{damped:?}");
    let along = [points[0], points[1], ([1.0, 1.0], [0.0, 2.0])];
    let bent = kernel_call(&Lbfgs { damping: true, ..Lbfgs::default() }, &along);
    assert!(bent[0].is_finite() && bent[1] < 0.0, "{bent:?}");
}

/// A run that goes back to where it was, or nowhere, gives no pair and no number that is none.
#[test]
fn a_step_of_nothing_is_no_pair() {
    let lbfgs = Lbfgs::default();
    let mut memory = DirectionMemory::new(Direction::memory(&lbfgs), 2);
    let mut d = [f64::NAN; 2];
    for _ in 0..3 {
        let at = Evaluated::new(Clock::default(), &[1.0, 2.0], &[3.0, 4.0]);
        let heading = lbfgs.kernels().at::<f64>().direction(&at, &mut memory, &mut d);
        assert_eq!((d, heading), ([-3.0, -4.0], Heading::trial(0.2)));
    }
}

#[test]
fn formulas_are_those_of_the_papers() {
    let points = run();
    let formula = |beta: Beta, (g, last, d): (&DVector<f64>, &DVector<f64>, &DVector<f64>)| {
        let y = g - last;
        match beta {
            Beta::PolakRibiere => (g.dot(&y) / last.dot(last)).max(0.0),
            Beta::FletcherReeves => g.dot(g) / last.dot(last),
            Beta::HestenesStiefel => (g.dot(&y) / d.dot(&y)).max(0.0),
            Beta::DaiYuan => g.dot(g) / d.dot(&y),
            Beta::HagerZhang => {
                let dy = d.dot(&y);
                let w = &y - d * (2.0 * y.dot(&y) / dy);
                (w.dot(g) / dy).max(-1.0 / (d.norm() * last.norm().min(0.01)))
            }
        }
    };
    for beta in [
        Beta::PolakRibiere,
        Beta::FletcherReeves,
        Beta::HestenesStiefel,
        Beta::DaiYuan,
        Beta::HagerZhang,
    ] {
        let orthogonality = Some(1e9);
        let found = directions(&ConjugateGradient { beta, orthogonality, reset: false });
        let (mut d, mut kept) = (-&points[0].1, 0);
        for k in 1..points.len() {
            let (g, last) = (&points[k].1, &points[k - 1].1);
            let next = formula(beta, (g, last, &d)) * &d - g;
            let descends = next.dot(g) < 0.0;
            d = if descends { next } else { -g };
            kept += usize::from(descends);
            assert!((&found[k].0 - &d).norm() < 1e-10 * d.norm(), "{beta:?}, call {k}");
            assert_eq!(found[k].1.restarted, !descends);
        }
        assert!(kept > 0, "{beta:?} always began anew");
    }
}

/// Directions go on from mini-batch to mini-batch, unless `reset` says otherwise, and say when they
/// begin anew: Deeplearning4j began anew at every call, and did not say so.
#[test]
fn memory_is_kept_from_batch_to_batch_unless_it_is_reset() {
    let (beta, orthogonality) = (Beta::FletcherReeves, Some(1e9));
    let conjugate = |reset| ConjugateGradient { beta, orthogonality, reset };
    let lbfgs = |reset| Lbfgs { reset, ..Lbfgs::default() };
    let pairs: [(Box<dyn Direction>, Box<dyn Direction>); 2] = [
        (Box::new(conjugate(false)), Box::new(conjugate(true))),
        (Box::new(lbfgs(false)), Box::new(lbfgs(true))),
    ];
    for (kept, reset) in pairs {
        let steepest = |found: &[(DVector<f64>, Heading)]| {
            found.iter().zip(run()).filter(|((d, _), (_, g))| *d == -g).count()
        };
        let (kept, reset) = (directions(&*kept), directions(&*reset));
        assert!(steepest(&kept) < kept.len());
        assert_eq!(steepest(&reset), reset.len());
        assert!(kept.iter().filter(|(_, heading)| heading.restarted).count() < kept.len() - 1);
    }
}

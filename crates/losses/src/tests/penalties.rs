//! Penalties against their definition and derivative.

use crate::{Elastic, L1, L2};
use tanren_plugin::{Block, BlockKind, Clock, Penalty};

fn block(kind: BlockKind) -> Block {
    Block::new("dense", "weight", kind, (5, 1))
}

#[test]
fn penalties_agree_with_their_definition_and_derivative() {
    let (block, theta) = (block(BlockKind::Weight), [1.5, -2.0, 0.0, 0.25, -1e-3]);
    let cases: [(&dyn Penalty, f64); 3] = [
        (&L2 { strength: 0.1.into() }, 0.05 * (2.25 + 4.0 + 0.0625 + 1e-6)),
        (&L1 { strength: 0.1.into() }, 0.1 * (1.5 + 2.0 + 0.25 + 1e-3)),
        (
            &Elastic { strength: 0.1.into(), ratio: 0.3 },
            0.03 * (1.5 + 2.0 + 0.25 + 1e-3) + 0.035 * (2.25 + 4.0 + 0.0625 + 1e-6),
        ),
    ];
    for (penalty, expected) in cases {
        let kernel = penalty.kernels().at::<f64>();
        assert!((kernel.value(Clock::default(), &block, &theta) - expected).abs() < 1e-15);
        let mut gradient = [1.0; 5]; // added to, not replaced
        kernel.add_gradient(Clock::default(), &block, &theta, &mut gradient);
        for (i, g) in gradient.iter().enumerate() {
            let at = |h: f64| {
                let mut moved = theta;
                moved[i] += h;
                kernel.value(Clock::default(), &block, &moved)
            };
            let slope = (at(1e-6) - at(-1e-6)) / 2e-6; // at a kink: the mean of both sides
            assert!((g - 1.0 - slope).abs() < 1e-8, "{penalty:?}, {i}");
        }
        let mut single = [0.0_f32; 5];
        penalty.kernels().at::<f32>().add_gradient(
            Clock::default(),
            &block,
            &theta.map(|x| x as f32),
            &mut single,
        );
        assert!(single.iter().zip(gradient).all(|(s, g)| (f64::from(*s) - g + 1.0).abs() < 1e-7));
    }
    assert!(L2::default().smooth() && !L1::default().smooth());
}

#[test]
fn biases_are_not_penalised() {
    for penalty in [&L2::default() as &dyn Penalty, &L1::default(), &Elastic::default()] {
        assert_eq!(penalty.kinds(), BlockKind::WEIGHTS);
    }
}

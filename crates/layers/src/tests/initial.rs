//! Initial values: moments, ranges, sizes of blocks.

use crate::{Constant, Dense, HeNormal, HeUniform, XavierNormal, XavierUniform, Zero};
use tanren_plugin::{BlockKind, Fan, Init, Layer};
use tanren_tensor::{Shape, Stream, Welford};

#[test]
fn moments_are_those_of_the_papers() {
    let fan = Fan { inputs: 50, outputs: 150 };
    let cases: [(&dyn Init, f64, Option<f64>); 4] = [
        (&XavierNormal {}, 0.01, None),
        (&XavierUniform {}, 0.01, Some(0.03f64.sqrt())),
        (&HeNormal {}, 0.04, None),
        (&HeUniform {}, 0.04, Some(0.12f64.sqrt())),
    ];
    for (init, variance, limit) in cases {
        let mut values = vec![f64::NAN; 100_000];
        init.fill(fan, 150, &mut Stream::new(1, "init").sample(0), &mut values);
        let mut moments = Welford::default();
        values.iter().for_each(|&x| moments.add(x, 1.0));
        assert!(moments.mean.abs() < 3e-3 * (variance / 0.01).sqrt(), "{init:?}");
        assert!((moments.variance() / variance - 1.0).abs() < 0.02, "{init:?}");
        let largest = values.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        match limit {
            Some(limit) => assert!(largest <= limit && largest > 0.999 * limit, "{init:?}"),
            None => assert!(largest > 3.5 * variance.sqrt(), "{init:?}"),
        }
    }
}

#[test]
fn constants_are_constant() {
    let fan = Fan { inputs: 1, outputs: 1 };
    let mut draws = Stream::new(1, "init").sample(0);
    let mut values = [f64::NAN; 3];
    Constant { value: 0.25 }.fill(fan, 3, &mut draws, &mut values);
    assert_eq!(values, [0.25; 3]);
    Zero {}.fill(fan, 3, &mut draws, &mut values);
    assert_eq!(values, [0.0; 3]);
}

#[test]
fn dense_asks_for_its_blocks() {
    let fan = Fan { inputs: 7, outputs: 4 };
    let params = Dense::new(4).params(&[Shape::index(7)]);
    let blocks: Vec<_> = params.iter().map(|p| (&*p.name, p.kind, p.rows, p.cols, p.fan)).collect();
    let expected = [("weight", BlockKind::Weight, 4, 7, fan), ("bias", BlockKind::Bias, 4, 1, fan)];
    assert_eq!(blocks, expected);
    assert_eq!(Dense::new(4).without_bias().params(&[Shape::vector(7)]).len(), 1);
}

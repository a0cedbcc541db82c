//! A graph instead of a chain: a residual block, `y = x + f(x)`.
//!
//! Source: K. He, X. Zhang, S. Ren, J. Sun, *Deep residual learning for image recognition* (2016).
//!
//! `cargo run --release --example residual`

use std::io::Write as _;
use tanren::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let relu = |units| Dense::new(units).activation(Relu {}).init(HeNormal {});
    let network = NetworkSpec::graph([
        NodeSpec::new("stem", &["input"], relu(32)),
        NodeSpec::new("inner", &["stem"], relu(32)),
        NodeSpec::new("outer", &["inner"], Dense::new(32)),
        NodeSpec::new("sum", &["stem", "outer"], Add {}),
        NodeSpec::new("classes", &["sum"], Dense::new(3)),
    ])
    .loss(CrossEntropy::default());
    let data = DataSpec::new(Iris {}, RandomSplit::default()).normalize(Standardize {});
    let training =
        TrainingSpec::new(LearningRate::constant(1e-2)).updater(Adam::default()).epochs(40);

    let trained =
        Recipe::new(data, network, training).prepare()?.train(&mut (), &Options::default())?;
    let mut out = std::io::stdout();
    for node in trained.model.network().nodes() {
        writeln!(out, "{:8} {} from {}", node.name, node.shape, node.sources.len())?;
    }
    if let Some(test) = trained.test {
        writeln!(out, "test: {test}")?;
    }
    Ok(())
}

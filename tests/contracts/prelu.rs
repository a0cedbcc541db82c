//! An activation may have parameters, in whatever layer it is: the slopes of PReLU. Their block is a gain,
//! so that penalties and decay leave it alone.

use crate::harness::Toy;
use tanren_layers::{ActivationLayer, Dense, Prelu};
use tanren_losses::{L2, Mse};
use tanren_network::NetworkSpec;
use tanren_plugin::{Layer, Plugin};
use tanren_tensor::Shape;
use tanren_testkit as testkit;

#[test]
fn layers_conform() {
    for shape in [Shape::vector(3), Shape::sequence(2)] {
        testkit::layer(&Dense::new(2).activation(Prelu::default()), &[shape]);
        testkit::layer(&Dense::new(2).without_bias().activation(Prelu::default()), &[shape]);
        testkit::layer(&ActivationLayer::new(Prelu::default()), &[shape]);
    }
}

#[test]
fn slopes_are_blocks_of_the_layer_that_has_them() {
    let dense: Plugin<dyn Layer> =
        serde_json::from_str(r#"{ "type": "dense", "units": 4, "activation": "prelu" }"#).unwrap();
    let toy = Toy::new((5, 1), &[Shape::vector(3)], &[Shape::vector(2)]);
    let layers = [dense, ActivationLayer::new(Prelu::default()).into(), Dense::new(2).into()];
    let network = toy.network(&NetworkSpec::chain(layers).loss(Mse {}).penalty(L2::default()));
    let slopes = network.layout().blocks().iter().filter(|block| block.name == "slope");
    let slopes: Vec<_> =
        slopes.map(|b| (b.path(), b.range.len(), b.trainable(), b.penalties.len())).collect();
    let expected = |node: &str| (format!("{node}.slope"), 4, true, 0);
    assert_eq!(slopes, ["dense-1", "activation-1"].map(expected));
    toy.check_gradient(&network);
    toy.check_memory(&network);
}

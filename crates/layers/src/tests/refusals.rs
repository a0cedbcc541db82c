//! What does not fit or is not known is refused with words.

use crate::{ActivationLayer, Add, CausalConvolution, Concatenate, Dense, Relu, Softmax};
use tanren_plugin::{Activation, Init, Layer, Plugin};
use tanren_tensor::Shape;

fn refused(layer: &dyn Layer, inputs: &[Shape], expected: &str, found: &str) {
    let error = layer.output(inputs).unwrap_err().to_string();
    assert!(error.contains(expected) && error.contains(found), "{error}");
}

#[test]
fn shapes_that_do_not_fit() {
    let (five, index, steps) = (Shape::vector(5), Shape::index(5), Shape::sequence(5));
    let none = Shape::vector(0);
    refused(&Dense::new(0), &[five], "at least 1", "units = 0");
    refused(&Dense::new(3), &[none], "at least 1 feature", "0 features");
    refused(&Dense::new(3), &[Shape::index(0)], "at least 1 level", "an index below 0");
    refused(&Dense::new(3), &[], "1 input", "0 inputs");
    refused(&Dense::new(3), &[five, five], "1 input", "2 inputs");
    refused(&Dense::new(usize::MAX), &[five], "fits in memory", "5 weights each");
    for layer in [&ActivationLayer::new(Relu {}) as &dyn Layer, &Softmax {}] {
        refused(layer, &[index], "numbers", "an index below 5");
        refused(layer, &[none], "at least 1 feature", "0 features");
        refused(layer, &[five, five], "1 input", "2 inputs");
    }
    let convolution = CausalConvolution::new(2, 3);
    refused(&convolution, &[five], "a sequence of numbers", "5 features");
    refused(&convolution, &[index], "the layer `embedding` makes numbers", "an index below 5");
    refused(&CausalConvolution::new(2, 0), &[steps], "at least 1", "size = 0");
    refused(&convolution.clone().dilation(0), &[steps], "at least 1", "dilation = 0");
    refused(&convolution.dilation(usize::MAX), &[steps], "fit in memory", "size 3, dilation 1");
    refused(&CausalConvolution::new(2, usize::MAX), &[steps], "fit in memory", "2 filters");
    refused(&Add {}, &[], "at least 2 inputs", "none");
    refused(&Add {}, &[five], "at least 2 inputs", "1 input");
    refused(&Add {}, &[index, index], "numbers", "an index below 5");
    refused(&Add {}, &[five, five, Shape::vector(6)], "5 features, as input 0", "6 features");
    refused(&Add {}, &[five, five, Shape::vector(6)], "input 2: ", "");
    refused(&Add {}, &[five, steps], "5 features, as input 0", "5 features per step");
    refused(&Concatenate {}, &[], "at least 1 input", "none");
    refused(&Concatenate {}, &[five, index], "input 1: expected numbers", "an index below 5");
    refused(&Concatenate {}, &[five, steps], "no sequence, as input 0", "per step");
    refused(&Concatenate {}, &[steps, five], "a sequence, as input 0", "5 features");
    let huge = Shape::vector(usize::MAX);
    refused(&Concatenate {}, &[five, huge], "input 1: expected fewer features", "");
}

#[test]
fn shapes_that_fit() {
    let three = Dense::new(3);
    assert_eq!(three.output(&[Shape::image(4, 4, 2)]), Ok(Shape::vector(3)));
    assert_eq!(three.output(&[Shape::sequence(9)]), Ok(Shape::sequence(3)));
    let words = Shape { sequence: true, ..Shape::index(99) };
    assert_eq!(three.output(&[words]), Ok(Shape::sequence(3)));
    assert_eq!(Add {}.output(&[Shape::image(4, 4, 2); 2]), Ok(Shape::image(4, 4, 2)));
    let parts = [Shape::sequence(2), Shape::sequence(3), Shape::sequence(4)];
    assert_eq!(Concatenate {}.output(&parts), Ok(Shape::sequence(9)));
    assert_eq!(Concatenate {}.output(&parts[..1]), Ok(parts[0]));
}

fn round_trip<P: ?Sized>(settings: &str)
where
    Plugin<P>: serde::Serialize + serde::de::DeserializeOwned,
{
    let read: Plugin<P> = toml::from_str(settings).unwrap();
    let json = serde_json::to_string(&read).unwrap();
    let again: Plugin<P> = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), json);
    let error = toml::from_str::<Plugin<P>>(&format!("bogus = 1\n{settings}")).err().unwrap();
    assert!(error.to_string().contains("bogus"), "{settings}: {error}");
    if let Some(name) = settings.strip_prefix("type = ").filter(|rest| !rest.contains('\n')) {
        let bare: Plugin<P> = serde_json::from_str(name).unwrap();
        assert_eq!(serde_json::to_string(&bare).unwrap(), json);
    }
}

#[test]
fn recipes_are_read_and_unknown_settings_named() {
    round_trip::<dyn Layer>("type = \"dense\"\nunits = 3");
    round_trip::<dyn Layer>(
        "type = \"dense\"\nunits = 3\nactivation = \"relu\"\ninit = \"he-normal\"\nbias = false",
    );
    round_trip::<dyn Layer>("type = \"activation\"\nfunction = { type = \"tanh\" }");
    for name in ["softmax", "add", "concatenate"] {
        round_trip::<dyn Layer>(&format!("type = {name:?}"));
    }
    for name in ["identity", "relu", "leaky-relu", "tanh", "sigmoid"] {
        round_trip::<dyn Activation>(&format!("type = {name:?}"));
    }
    for name in ["xavier-normal", "xavier-uniform", "he-normal", "he-uniform", "zero"] {
        round_trip::<dyn Init>(&format!("type = {name:?}"));
    }
    round_trip::<dyn Init>("type = \"constant\"\nvalue = 0.1");
    let missing = toml::from_str::<Plugin<dyn Layer>>("type = \"dense\"").unwrap_err().to_string();
    assert!(missing.contains("units"), "{missing}");
}

#[test]
fn defaults_are_written_out() {
    let json = serde_json::to_value(Plugin::<dyn Layer>::from(Dense::new(3))).unwrap();
    let read: Plugin<dyn Layer> = serde_json::from_str(r#"{"type":"dense","units":3}"#).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), json);
    let expected = serde_json::json!({
        "type": "dense", "units": 3, "bias": true,
        "activation": {"type": "identity"},
        "init": {"type": "xavier-uniform"},
        "bias-init": {"type": "zero"},
    });
    assert_eq!(json, expected);
}

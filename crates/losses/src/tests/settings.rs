//! What recipes may say of losses, and targets that do not fit.

use crate::{BinaryCrossEntropy, ClassWeights, CrossEntropy, Mse, Nll, OutputWeights};
use tanren_plugin::{Classes, Constraint, Loss, Penalty, Plugin};
use tanren_tensor::Shape;

#[test]
fn a_recipe_names_what_it_does_not_know() {
    fn check<P: ?Sized>(name: &str)
    where
        Plugin<P>: serde::Serialize + serde::de::DeserializeOwned,
    {
        let bare: Plugin<P> = serde_json::from_str(&format!("{name:?}")).unwrap();
        let json = serde_json::to_string(&bare).unwrap();
        let again: Plugin<P> = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), json);
        let unknown = toml::from_str::<Plugin<P>>(&format!("type = {name:?}\nbogus = 1"));
        assert!(unknown.err().unwrap().to_string().contains("bogus"), "{name}");
    }
    for name in ["mse", "cross-entropy", "binary-cross-entropy"] {
        check::<dyn Loss>(name);
    }
    check::<dyn Penalty>("l1");
    check::<dyn Penalty>("l2");
    check::<dyn Penalty>("elastic");
    for name in ["max-norm", "min-max-norm", "unit-norm", "non-negative"] {
        check::<dyn Constraint>(name);
    }
}

/// Why a loss is refused.
fn refused(text: &str) -> String {
    serde_json::from_str::<Plugin<dyn Loss>>(text).err().unwrap().to_string()
}

#[test]
fn settings_have_ranges() {
    let cases = [
        (r#"{"type":"huber","delta":0}"#, "delta", "a finite number above 0"),
        (r#"{"type":"quantile","q":1}"#, "q", "a number above 0 and below 1"),
        (r#"{"type":"mape","floor":-1}"#, "floor", "a finite number above 0"),
        (r#"{"type":"gaussian-nll","floor":0}"#, "floor", "a finite number above 0"),
        (r#"{"type":"mixture-density","components":0}"#, "components", "from 1 to 65536"),
        (r#"{"type":"cosine","floor":0}"#, "floor", "a finite number above 0"),
        (r#"{"type":"f-measure","beta":0}"#, "beta", "a finite number above 0"),
        (r#"{"type":"f-measure","count":-1}"#, "count", "a finite number from 0 on"),
        (r#"{"type":"cross-entropy","label-smoothing":1}"#, "label-smoothing", "from 0 to below 1"),
        (r#"{"type":"cross-entropy","focal":-1}"#, "focal", "a finite number from 0 on"),
        (r#"{"type":"cross-entropy","class-weights":[0,0]}"#, "class-weights", "not all of them 0"),
        (r#"{"type":"cross-entropy","class-weights":[1,-1]}"#, "class-weights[1]", "from 0 on"),
        (r#"{"type":"cross-entropy","class-weights":"even"}"#, "a list of numbers", "balanced"),
        (r#"{"type":"binary-cross-entropy","positive-weight":0}"#, "positive-weight", "above 0"),
        (r#"{"type":"output-weights","loss":"mse","weights":[]}"#, "weights", "not all of them 0"),
        (r#"{"type":"output-weights","loss":"cosine","weights":[1]}"#, "loss", "one term per"),
    ];
    for (text, setting, expected) in cases {
        let said = refused(text);
        assert!(said.contains(setting) && said.contains(expected), "{text}: {said}");
    }
    let inner = r#"{"type":"output-weights","loss":{"type":"huber","delta":-1},"weights":[1]}"#;
    assert!(refused(inner).contains("delta"), "{}", refused(inner));
}

#[test]
fn weights_fit_the_outputs() {
    let loss = OutputWeights { loss: Mse {}.into(), weights: vec![1.0, 2.0] };
    assert_eq!(loss.outputs(Shape::vector(2)).unwrap(), 2);
    let said = loss.outputs(Shape::vector(3)).unwrap_err().to_string();
    assert!(said.contains("3 output weights") && said.contains("2 output weights"), "{said}");
    let class_weights = ClassWeights::Given(vec![1.0, 2.0]);
    let loss = CrossEntropy { class_weights, ..CrossEntropy::default() };
    let said = loss.outputs(Shape::index(3)).unwrap_err().to_string();
    assert!(said.contains("3 class weights") && said.contains("2 class weights"), "{said}");
}

fn counted(counts: &[f64]) -> Classes<'_> {
    Classes { counts, names: &[] }
}

#[test]
fn weights_by_name_are_resolved_by_the_names_of_classes() {
    let text = r#"{"type":"cross-entropy","class-weights":{"north":2.5,"east":0}}"#;
    let loss: Plugin<dyn Loss> = serde_json::from_str(text).unwrap();
    let said = loss.outputs(Shape::index(3)).unwrap_err().to_string();
    assert!(said.contains("classes with names"), "{said}");
    let names = ["east", "north", "south"].map(String::from);
    let classes = Classes { counts: &[1.0; 3], names: &names };
    let resolved = serde_json::to_value(loss.resolve(classes).unwrap().unwrap()).unwrap();
    assert_eq!(resolved["class-weights"], serde_json::json!([0.0, 2.5, 1.0]));
    let other = ["East", "nord"].map(String::from);
    let error = loss.resolve(Classes { counts: &[1.0; 2], names: &other }).unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("class-weights: expected names of classes: \"East\", \"nord\""),
        "{said}"
    );
    assert!(said.contains("did you mean \"East\"?"), "{said}");
    let text = r#"{"type":"cross-entropy","class-weights":{"north":-1}}"#;
    let said = serde_json::from_str::<Plugin<dyn Loss>>(text).unwrap_err().to_string();
    assert!(said.contains("class-weights.north"), "{said}");
}

#[test]
fn balanced_weights_are_resolved_by_the_training_rows() {
    let text = r#"{"type":"cross-entropy","class-weights":"balanced","focal":2}"#;
    let loss: Plugin<dyn Loss> = serde_json::from_str(text).unwrap();
    let said = loss.outputs(Shape::index(3)).unwrap_err().to_string();
    assert!(said.contains("balance"), "{said}");
    let resolved = loss.resolve(counted(&[6.0, 0.0, 2.0])).unwrap().unwrap();
    assert_eq!(resolved.outputs(Shape::index(3)).unwrap(), 3);
    let found = serde_json::to_value(&resolved).unwrap();
    let weights: Vec<f64> = serde_json::from_value(found["class-weights"].clone()).unwrap();
    assert!((weights[0] - 4.0 / 6.0).abs() < 1e-15 && weights[1..] == [0.0, 2.0], "{weights:?}");
    assert_eq!(found["focal"], 2.0);
    assert!(resolved.resolve(counted(&[6.0, 0.0, 2.0])).unwrap().is_none());
    assert!(loss.resolve(counted(&[0.0; 3])).unwrap().is_none());
    let equal: Plugin<dyn Loss> = CrossEntropy::default().into();
    assert!(equal.resolve(counted(&[6.0, 0.0, 2.0])).unwrap().is_none());
    assert!(Plugin::<dyn Loss>::from(Mse {}).resolve(counted(&[1.0])).unwrap().is_none());
}

#[test]
fn class_weights_are_written_as_they_are_read() {
    for text in ["\"equal\"", "\"balanced\"", "[1.0,0.5]", r#"{"no":1.0,"yes":5.0}"#] {
        let weights: ClassWeights = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&weights).unwrap(), text);
    }
}

#[test]
fn a_loss_of_logarithms_has_a_range() {
    assert_eq!(Nll {}.range(), (f64::NEG_INFINITY, 0.0));
    assert_eq!(BinaryCrossEntropy::default().range(), (f64::NEG_INFINITY, f64::INFINITY));
}

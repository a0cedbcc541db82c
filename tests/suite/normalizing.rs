//! Normalisers of some features alone: which they are, what they become, and what is refused.

use tanren::data::{Log1p, Pca, Robust, YeoJohnson};
use tanren::plugin::{Feature, Field, Part, Table};
use tanren::prelude::*;

/// 40 rows of `age`, `job` (a category), `income 1`, `income 2`; and a price.
fn table() -> Table {
    let jobs = ["none", "some"].map(String::from).to_vec();
    let features = vec![
        Feature::number("age"),
        Feature::category("job", jobs),
        Feature::number("income 1"),
        Feature::number("income 2"),
    ];
    let row = |k: i32| {
        let k = f64::from(k);
        [20.0 + k, (k % 2.0), 100.0 * (k % 7.0), 10.0 * (k % 3.0)]
    };
    let prices = (0..40).map(|k| f64::from(k * k) + 1.0).collect();
    Table {
        name: "houses".into(),
        rows: 40,
        inputs: vec![Field::numbers("inputs", features, (0..40).flat_map(row).collect())],
        targets: vec![Field::numbers("price", vec![Feature::number("price")], prices)],
        parts: Some((0..40).map(|k| if k % 4 == 3 { Part::Test } else { Part::Train }).collect()),
        ..Table::default()
    }
}

fn recipe(prepare: impl Fn(DataSpec) -> DataSpec) -> Recipe {
    let data = prepare(DataSpec::new(Iris {}, GivenSplit { validation: 0.0 }));
    let network = NetworkSpec::chain([Dense::new(1).into()]).loss(Mse {});
    Recipe::new(data, network, TrainingSpec::new(LearningRate::constant(0.01)).epochs(1))
}

fn message(prepare: impl Fn(DataSpec) -> DataSpec) -> String {
    recipe(prepare).prepare_table(table()).unwrap_err().to_string()
}

#[test]
fn each_normaliser_has_its_features() {
    let setup = recipe(|data| {
        data.normalize(Pca::default().on(["income*"]))
            .normalize(OneHot {})
            .normalize(Standardize {}.on("age"))
            .normalize_targets(YeoJohnson::default().on("pri*"))
    })
    .prepare_table(table())
    .unwrap();
    let steps = setup.spec.inputs[0].steps().unwrap();
    let names: Vec<&str> = steps.output().features.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["age", "job=none", "job=some", "component 1", "component 2"]);
    let (mut column, mut spare) = (vec![45.0, 1.0, 300.0, 10.0], Vec::new());
    steps.apply(&mut column, &mut spare);
    assert_eq!(column[1..3], [0.0, 1.0]);
    assert!(column.len() == 5 && column.iter().all(|y| y.abs() < 3.0), "{column:?}");

    // As text and back, the same; a prediction comes in the units of the price.
    let text = serde_json::to_string(&setup.spec).unwrap();
    assert!(text.contains(r#""on":[2,3]"#) && text.contains(r#""on":[0]"#), "{text}");
    let back = setup.spec.targets[0].steps().unwrap();
    let mut price = vec![401.0];
    back.apply(&mut price, &mut spare);
    assert!(back.invert(&mut price, &mut spare) && (price[0] - 401.0).abs() < 1e-9, "{price:?}");
}

/// What makes fewer features puts them where the first one was, and the way back finds the places again.
#[test]
fn places_come_back() {
    let mut all = table();
    all.inputs[0].spec.features[1] = Feature::number("job");
    let setup = recipe(|data| data.normalize(Pca::default().on(["age", "income 1", "job"])));
    let mut dependent = all;
    if let tanren::plugin::Values::Double(x) = &mut dependent.inputs[0].values {
        x.chunks_exact_mut(4).for_each(|row| row[2] = row[0] + row[1]);
    }
    let setup = setup.prepare_table(dependent).unwrap();
    let steps = setup.spec.inputs[0].steps().unwrap();
    let names: Vec<&str> = steps.output().features.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["component 1", "component 2", "income 2"]);
    let (mut column, mut spare) = (vec![30.0, 1.0, 31.0, 5.0], Vec::new());
    steps.apply(&mut column, &mut spare);
    assert!(column.len() == 3 && column[2] == 5.0, "{column:?}");
    assert!(steps.invert(&mut column, &mut spare));
    for (x, expected) in column.iter().zip([30.0, 1.0, 31.0, 5.0]) {
        assert!((x - expected).abs() < 1e-12, "{column:?}");
    }
}

#[test]
fn misses_are_told() {
    let found = message(|data| data.normalize(OneHot {}).normalize(Robust::default().on("agee")));
    let expected = "data.inputs[1].on: expected names among age, job=none, job=some, income 1, \
                    income 2, found \"agee\", which none of them fits; did you mean \"age\"?";
    assert_eq!(found, expected);
    let found = message(|data| data.normalize(OneHot {}).normalize_targets(Log1p {}.on("cost")));
    assert!(found.starts_with("data.targets[0].on: expected names among price, found"), "{found}");
    let found = message(|data| data.normalize(Log1p {}.on("age")));
    assert!(found.contains("the category job without it"), "{found}");
}

#[test]
fn targets_need_a_way_back() {
    let mut two = table();
    let features = ["low", "high"].map(Feature::number).to_vec();
    let values = (0..40).flat_map(|k| [f64::from(k), f64::from(k * k % 11)]).collect();
    two.targets = vec![Field::numbers("price", features, values)];
    let pca = |components| Pca { components, ..Pca::default() };
    let recipe = |components| {
        let mut recipe =
            recipe(|data| data.normalize(OneHot {}).normalize_targets(pca(components)));
        recipe.network = NetworkSpec::chain([Dense::new(2).into()]).loss(Mse {});
        recipe
    };
    assert!(recipe(None).prepare_table(two.clone()).is_ok());
    let error = recipe(Some(1)).prepare_table(two).unwrap_err().to_string();
    let expected = "data.targets[0]: expected a normalizer with a way back, so that predictions come in \
                    the units of the target, found pca, which has none for price";
    assert_eq!(error, expected);
}

/// Places in a model file may be any.
#[test]
fn places_of_a_model_file_are_checked() {
    let setup = recipe(|data| data.normalize(OneHot {}).normalize(Standardize {}.on("age")));
    let setup = setup.prepare_table(table()).unwrap();
    let text = serde_json::to_string(&setup.spec.inputs[0]).unwrap();
    for (places, right) in
        [("[0]", true), ("[5]", false), ("[1,0]", false), ("[0,0]", false), ("[0,1]", false)]
    {
        let text = text.replace(r#""on":[0]"#, &format!(r#""on":{places}"#));
        let port: tanren::network::PortSpec = serde_json::from_str(&text).unwrap();
        assert_eq!(port.steps().is_ok(), right, "{places}");
    }
}

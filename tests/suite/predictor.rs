//! `Predictor`: rows by name, as numbers and of tables give the predictions of the network, to the bit.

use crate::harness::{field, iris, offsets, random};
use std::fmt::Write as _;
use std::slice::from_ref;
use std::sync::Arc;
use tanren::network::{Gather, LossSpec, ModelSpec, Parameters, PortSpec, Prepared, Runner, Value};
use tanren::plugin::{
    Cycle, Feature, Field, FieldSpec, Moment, Origin, Precision, Table, UNKNOWN, Values,
};
use tanren::prelude::*;
use tanren::tensor::Shape;
use tanren_cli::{Updates, Workload};

/// A model with the weights it begins with.
fn fresh(recipe: &Recipe) -> (Table, Arc<Model>) {
    let setup = recipe.prepare().unwrap();
    let parameters = match recipe.precision {
        Arithmetic::Single => Parameters::Single(setup.network.initialize(Seed(3))),
        Arithmetic::Double => Parameters::Double(setup.network.initialize(Seed(3))),
    };
    (setup.table, Arc::new(Model::new(setup.spec, parameters).unwrap()))
}

/// A model of these ports, not normalised.
pub(crate) fn of_ports(inputs: &[Field], targets: &[Field], network: NetworkSpec) -> Predictor {
    let ports = |fields: &[Field]| fields.iter().map(PortSpec::of).collect();
    let spec = ModelSpec { network, inputs: ports(inputs), targets: ports(targets) };
    let start = spec.assemble().unwrap().initialize(Seed(3));
    Predictor::new(Model::new(spec, Parameters::Double(start)).unwrap())
}

/// Customers: an age and a city, some of them unknown, and whether they came back.
fn customers(target: &str) -> (Table, Arc<Model>) {
    let mut text = String::from("age,city,income,back\n");
    for i in 0..90 {
        let city = ["Paris", "Oslo", "Rome", ""][i % 4];
        let age = if i % 7 == 0 { String::new() } else { (20 + i % 50).to_string() };
        let back = if (i * i) % 3 == 0 { "yes" } else { "no" };
        writeln!(text, "{age},{city},{}.5,{back}", 1000 + 13 * (i % 17)).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.csv");
    std::fs::write(&path, text).unwrap();
    let mut data = DataSpec::new(Csv::new(path).target(target), RandomSplit::default())
        .normalize(Impute {})
        .normalize(Standardize {})
        .normalize(OneHot {});
    let network = NetworkSpec::chain([
        Dense::new(7).activation(Tanh {}).into(),
        Dense::new(if target == "back" { 2 } else { 1 }).into(),
    ]);
    let network = match target {
        "back" => network.loss(CrossEntropy::default()),
        _ => network.loss(Mse {}),
    };
    if target != "back" {
        data = data.normalize_targets(Standardize {});
    }
    fresh(&Recipe::new(data, network, TrainingSpec::new(LearningRate::constant(0.1))))
}

#[test]
fn a_row_by_name_is_the_row_of_a_table() {
    let (table, model) = customers("back");
    let all = model.predict(&table, &[4, 5, 7, 3]).unwrap();
    let mut predictor = Predictor::new(Arc::clone(&model));
    assert_eq!(predictor.columns().collect::<Vec<_>>(), ["age", "city", "income"]);
    let none = None::<f64>.into();
    let rows: [[(&str, Value<'_>); 3]; 4] = [
        [("age", 24.into()), ("city", "Paris".into()), ("income", 1052.5.into())],
        [("income", "1065.5".into()), ("age", Some("25").into()), ("city", "Oslo".into())],
        [("city", Value::Missing), ("income", " 1091.5 ".into()), ("age", none)],
        [("city", "".into()), ("income", 1039.5.into()), ("age", 23.0.into())],
    ];
    for (row, expected) in rows.iter().zip(all[0].values.chunks(2)) {
        let row = predictor.row(row).unwrap();
        assert_eq!(row.values(), expected);
        assert_eq!(row.unknown_levels().count(), 0);
        let (no, yes) = (row.probability("no").unwrap(), row.probability("yes").unwrap());
        assert_eq!(row.probability("maybe"), None);
        assert_eq!(row.class(), Some(if no > yes { "no" } else { "yes" }));
        assert_eq!((row.name(), row.value(), row.steps()), ("back", None, 1));
    }
}

#[test]
fn an_unknown_level_is_predicted_and_told() {
    let (_, model) = customers("back");
    let mut predictor = Predictor::new(model);
    let known: [(&str, Value<'_>); 2] = [("age", 30.into()), ("income", 1000.into())];
    let with = |city| [known[0], ("city", city), known[1]];
    let row = predictor.row(&with("Lima".into())).unwrap();
    assert_eq!(row.unknown_levels().collect::<Vec<_>>(), ["city"]);
    let values = row.values().to_vec();
    assert_eq!(predictor.row(&with(12.5.into())).unwrap().values(), values);
    assert_eq!(predictor.numbers(&[30.0, UNKNOWN, 1000.0]).unwrap().values(), values);
    let paris = predictor.row(&with("Paris".into())).unwrap();
    assert_eq!(paris.unknown_levels().len(), 0);
    assert_ne!(paris.values(), values);
}

#[test]
fn mistakes_in_a_row_are_located() {
    let (_, model) = customers("back");
    let mut predictor = Predictor::new(model);
    let mut error = |row: &[(&str, Value<'_>)]| predictor.row(row).unwrap_err().to_string();
    let (age, city, income) = (("age", 30.into()), ("city", "Oslo".into()), ("income", 1.into()));
    assert_eq!(
        error(&[age, city, ("incone", 1.into())]),
        "row to predict, column incone: the model has no column of this name; did you mean \
         income? (its columns: age, city, income)"
    );
    let said = error(&[age]);
    assert!(said.contains("expected 3 values, found 1: the columns city, income"), "{said}");
    let said = error(&[age, income]);
    assert!(said.contains("the column city is missing"), "{said}");
    let said = error(&[age, city, age]);
    assert!(said.contains("column age: this column is given twice"), "{said}");
    let said = error(&[("age", "old".into()), city, income]);
    assert!(said.contains("column age: expected a number, found \"old\""), "{said}");
    let said = error(&[("age", f64::INFINITY.into()), city, income]);
    assert!(said.contains("column age: expected finite numbers"), "{said}");
    let mut said = |row: &[f64]| predictor.rows(row).unwrap_err().to_string();
    assert!(said(&[1.0; 5]).contains("expected 3 numbers for each row, found 5"));
    let wide = [30.0, 0.0, 1.0, 30.0, 0.0, f64::INFINITY];
    assert!(said(&wide).contains("rows to predict, row 1, column income: expected finite"));
    let said = predictor.numbers(&[1.0; 6]).unwrap_err().to_string();
    assert!(said.contains("expected 3 numbers, found 6"), "{said}");
}

#[test]
fn numbers_are_predicted_in_their_own_units() {
    let (table, model) = customers("income");
    let expected = model.predict(&table, &[8]).unwrap();
    let mut predictor = Predictor::new(model);
    let row = predictor
        .row(&[("age", 28.into()), ("city", "Paris".into()), ("back", "no".into())])
        .unwrap();
    assert_eq!(row.value(), Some(expected[0].values[0]));
    assert!(row.value().unwrap() > 500.0, "{row:?}");
    assert_eq!((row.class(), row.class_index()), (None, None));
}

/// Two outputs, one of them a class of two with one number; an index as input.
#[test]
fn several_outputs_have_their_names() {
    let levels = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let inputs = [
        Field::numbers("size", vec![Feature::number("x"), Feature::number("y")], vec![]),
        Field::classes("kind", levels(&["cat", "dog", "2"]), vec![]),
        Field::numbers("other", vec![Feature::number("x")], vec![]),
    ];
    let targets = [
        Field::classes("good", levels(&["bad", "good"]), vec![]),
        Field::numbers("price", vec![Feature::number("price")], vec![]),
    ];
    let mut network = NetworkSpec::graph([
        NodeSpec::new("embedded", &["kind"], Dense::new(2)),
        NodeSpec::new("both", &["size", "embedded", "other"], Concatenate {}),
        NodeSpec::new("a", &["both"], Dense::new(1)),
        NodeSpec::new("b", &["both"], Dense::new(1)),
    ]);
    network.losses =
        vec![LossSpec::new("a", BinaryCrossEntropy::default()), LossSpec::new("b", Mse {})];
    let mut predictor = of_ports(&inputs, &targets, network);
    assert_eq!(predictor.columns().collect::<Vec<_>>(), ["size/x", "y", "kind", "other/x"]);

    let dog =
        [("kind", "dog".into()), ("size/x", 1.into()), ("other/x", 3.into()), ("y", 2.into())];
    let row = predictor.row(&dog).unwrap();
    let good = row.probability("good").unwrap();
    assert_eq!(row.values(), [good]);
    assert_eq!(row.probability("bad"), Some(1.0 - good));
    assert_eq!(row.class(), Some(if good < 0.5 { "bad" } else { "good" }));
    let price = row.output("price").and_then(|price| price.value()).unwrap();
    assert!(row.output("size").is_none());
    assert_eq!(row.outputs().map(|o| o.name()).collect::<Vec<_>>(), ["good", "price"]);

    let twice = [1.0, 2.0, 1.0, 3.0, 1.0, 2.0, 2.0, 3.0];
    let rows = predictor.rows(&twice).unwrap();
    assert_eq!((rows.len(), rows.get(0).unwrap().values()), (2, &[good][..]));
    let each: Vec<f64> = rows.iter().flat_map(|row| row.outputs().map(|o| o.values()[0])).collect();
    assert_eq!(each[..2], [good, price]);
    let all = rows.to_vec();
    assert_eq!((all[0].values[0], all[1].values[0]), (good, price));
    // A number is the level of that name; an index has no number for what is no level.
    let two = [("kind", 2.0.into()), dog[1], dog[2], dog[3]];
    assert_eq!(predictor.row(&two).unwrap().values(), [each[2]]);
    let odd = predictor.row(&[("kind", "dogg".into()), dog[1], dog[2], dog[3]]);
    let said = odd.unwrap_err().to_string();
    assert!(said.contains("found \"dogg\"; did you mean \"dog\"?"), "{said}");
    let said = predictor.numbers(&[1.0, 2.0, 3.0, 3.0]).unwrap_err().to_string();
    assert!(said.contains("column kind: expected an index"), "{said}");
}

/// Columns without names are called by their positions.
#[test]
fn columns_without_names_have_positions() {
    let shape = Shape::vector(2);
    let input = Field::new(FieldSpec::new("x", shape), Values::Double(vec![]));
    let target = Field::new(FieldSpec::new("y", Shape::vector(1)), Values::Double(vec![]));
    let network = NetworkSpec::chain([Dense::new(1).into()]).loss(Mse {});
    let mut predictor = of_ports(&[input], &[target], network);
    let by_numbers = predictor.numbers(&[4.0, 5.0]).unwrap().value();
    let by_name = predictor.row(&[("1", 5.into()), ("0", 4.into())]).unwrap().value();
    assert!(by_name.is_some() && by_name == by_numbers);
}

/// Values are read as they were written in the training data; a date fills all features made of it.
#[test]
fn a_column_fills_all_features_that_are_made_of_it() {
    let feature = |name: &str, column: &str, written: &str, cycle| {
        let (column, notation) = (column.into(), written.parse().unwrap());
        Feature { origin: Some(Origin { column, notation, cycle }), ..Feature::number(name) }
    };
    let features = vec![
        feature("day", "day", "31.12.2024", None),
        feature("price", "price", "1.234,5 €", None),
        feature("weekday", "day", "31.12.2024", Some(Cycle::WeekSin)),
    ];
    let target = Field::numbers("y", vec![Feature::number("y")], vec![]);
    let network = NetworkSpec::chain([Dense::new(1).into()]).loss(Mse {});
    let mut predictor = of_ports(&[Field::numbers("x", features, vec![])], &[target], network);
    assert_eq!(predictor.columns().collect::<Vec<_>>(), ["day", "price"]);
    let date = Moment::of_date(2026, 11, 27).unwrap();
    let numbers = [date.0, -1234.5, Cycle::WeekSin.at(date)];
    let expected = predictor.numbers(&numbers).unwrap().value();
    for (price, day) in [("-1.234,5 €".into(), "27.11.26"), ((-1234.5).into(), "27 Nov 2026")] {
        let row = predictor.row(&[("price", price), ("day", day.into())]).unwrap();
        assert!(row.value().is_some() && row.value() == expected);
    }
    let mut error = |day: Value<'_>| {
        let row = [("day", day), ("price", "1".into())];
        predictor.row(&row).unwrap_err().to_string()
    };
    let said = "column day: expected a time written as 31.12.2024, found \"soon\"";
    assert!(error("soon".into()).contains(said), "{}", error("soon".into()));
    assert!(error(20_000.into()).contains("written as 31.12.2024, found \"20000\""));
    assert!(error(Value::Missing).contains("column day: expected finite numbers"));
}

/// Sequences are predicted as rows of tables, whatever their lengths.
#[test]
fn sequences_are_rows_of_tables() {
    let shape = Shape::sequence(2);
    let lengths = [3, 1, 4, 2, 2];
    let input = field("x", shape, random(shape, 12, 1), offsets(&lengths));
    let target =
        field("y", Shape::sequence(1), random(Shape::sequence(1), 12, 2), offsets(&lengths));
    let network =
        NetworkSpec::chain([Dense::new(3).activation(Tanh {}).into(), Dense::new(1).into()])
            .loss(Mse {});
    let mut predictor = of_ports(from_ref(&input), from_ref(&target), network);
    let table = crate::harness::table(5, input, target, None);
    let rows: Vec<usize> = (0..5).collect();
    let all = predictor.table(&table, &rows).unwrap().to_vec();
    assert_eq!(all[0].values.len(), 12);
    let predicted = predictor.table(&table, &[2, 0]).unwrap();
    assert_eq!(predicted.iter().map(|row| row.steps()).collect::<Vec<_>>(), [4, 3]);
    let (two, nought) = (predicted.get(0).unwrap(), predicted.get(1).unwrap());
    assert_eq!(two.values(), &all[0].values[4..8]);
    assert_eq!(nought.values(), &all[0].values[..3]);
    assert_eq!(two.step(3).unwrap().value(), Some(all[0].values[7]));
    assert!(two.step(4).is_none() && two.value().is_none() && predicted.get(2).is_none());
    let said = predictor.numbers(&[1.0, 2.0]).unwrap_err().to_string();
    assert!(said.contains("column x: the model takes sequences"), "{said}");
}

/// What the network itself predicts: the same way as evaluation does.
fn by_the_network<T: Precision>(model: &Model, table: &Table) -> Vec<f64> {
    let data = Prepared::<T>::new(table, &model.spec().inputs, &[]).unwrap();
    let mut runner = Runner::new(model.network());
    let (mut gather, mut values) = (Gather::default(), Vec::new());
    let parameters = model.parameters().to::<T>();
    let rows: Vec<usize> = (0..table.rows).collect();
    for chunk in rows.chunks(256) {
        let batch = gather.batch(&data, chunk);
        runner.predict(model.network(), &parameters, &batch, &mut |_, _, signal| {
            values.extend(signal.data().iter().map(|x| x.f64()));
        });
    }
    values
}

/// One by one, some, or all at once, on any number of threads, inside of a pool or outside: the bits
/// are those of an evaluation.
#[test]
fn company_and_threads_change_nothing() {
    for precision in [Arithmetic::Single, Arithmetic::Double] {
        let (sizes, updates) = (&[64, 500, 250, 10], Updates::None);
        let workload = Workload { updates, ..Workload::dense("predict", sizes, 1, 333) };
        let (table, model) = fresh(&Recipe { precision, ..workload.recipe() });
        let expected = match precision {
            Arithmetic::Single => by_the_network::<f32>(&model, &table),
            Arithmetic::Double => by_the_network::<f64>(&model, &table),
        };
        let Values::Single(raw) = &table.inputs[0].values else { unreachable!() };
        let raw: Vec<f64> = raw.iter().map(|&x| x.into()).collect();
        let mut predictor = Predictor::new(model);
        for rows in [1, 2, 5, 8, 9, 16, 31, 32, 64, 65, 200, 333] {
            let predicted = predictor.rows(&raw[..rows * 64]).unwrap().to_vec();
            assert!(predicted[0].values == expected[..rows * 10], "{precision:?}: {rows} rows");
        }
        for threads in [1, 2, 3, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let rows: Vec<usize> = (0..333).collect();
                let predicted = predictor.table(&table, &rows).unwrap().to_vec();
                assert!(predicted[0].values == expected, "{precision:?}: {threads} threads");
                let one = predictor.numbers(&raw[320..384]).unwrap();
                assert!(one.values() == &expected[50..60], "{precision:?}: {threads} threads");
            });
        }
    }
}

/// Of several rows with an error, the first is told.
#[test]
fn the_first_error_is_told() {
    let (_, model) = fresh(&iris(Vec::new(), 1));
    let mut predictor = Predictor::new(model).clone();
    let mut rows = vec![1.0; 4 * 1000];
    (rows[4 * 500 + 1], rows[4 * 300 + 2], rows[4 * 999]) = (f64::NAN, f64::NAN, f64::NAN);
    let said = predictor.rows(&rows).unwrap_err().to_string();
    assert!(said.contains("row 300, column petal_length: expected finite numbers"), "{said}");
    assert!(predictor.rows(&rows[..4 * 300]).is_ok() && predictor.rows(&[]).unwrap().is_empty());
}

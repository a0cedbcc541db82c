//! The embedded sets hold what scikit-learn's do, to the last value.

use serde_json::Value;
use tanren_data::{EMBEDDED, embedded, profile};
use tanren_plugin::{Field, Plugin, Source, Table, Values};
use tanren_tensor::Shape;

fn reference() -> Value {
    serde_json::from_str(include_str!("../../../../tests/reference/data.json")).unwrap()
}

fn open(name: &str) -> Table {
    embedded(name).unwrap().open().unwrap()
}

fn fnv1a(numbers: impl IntoIterator<Item = u8>) -> String {
    let hash = numbers.into_iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, byte| {
        (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

fn numbers(field: &Field) -> Vec<f64> {
    let mut all = Vec::new();
    field.values.read(0..field.values.len(), &mut all);
    all
}

#[test]
fn digits_are_what_they_should_be() {
    let table = open("digits");
    assert_eq!((table.rows, table.name.as_str()), (1797, "digits"));
    let (pixels, digit) = (&table.inputs[0], &table.targets[0]);
    assert_eq!(pixels.spec.shape, Shape::image(8, 8, 1));
    assert_eq!(pixels.spec.features[10].name, "pixel_1_2");
    assert_eq!(pixels.spec.features.len(), 64);
    assert_eq!(digit.spec.shape, Shape::index(10));
    assert_eq!(digit.spec.levels[9], "9");
    assert!(matches!(&pixels.values, Values::Bytes(p) if *p.iter().max().unwrap() == 16));
    // The first row of the original file, in part.
    assert_eq!(numbers(pixels)[..8], [0.0, 0.0, 5.0, 13.0, 9.0, 1.0, 0.0, 0.0]);
    let counts = counts(digit, 10);
    assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
}

#[test]
fn iris_has_the_values_of_the_paper() {
    let table = open("iris");
    assert_eq!((table.rows, table.name.as_str()), (150, "iris"));
    let (flower, species) = (&table.inputs[0], &table.targets[0]);
    assert_eq!(flower.spec.shape, Shape::vector(4));
    assert_eq!(flower.spec.features[3].name, "petal_width");
    assert_eq!(species.spec.levels, ["setosa", "versicolor", "virginica"]);
    let all = numbers(flower);
    assert_eq!(all[..4], [5.1, 3.5, 1.4, 0.2]);
    assert_eq!(all[34 * 4..35 * 4], [4.9, 3.1, 1.5, 0.2]);
    assert_eq!(all[37 * 4..38 * 4], [4.9, 3.6, 1.4, 0.1]);
    assert_eq!(counts(species, 3), [50, 50, 50]);
}

fn counts(target: &Field, levels: usize) -> Vec<u64> {
    let mut counts = vec![0; levels];
    for class in numbers(target) {
        counts[class as usize] += 1;
    }
    counts
}

#[test]
fn every_value_is_that_of_scikit_learn() {
    let reference = reference();
    for (name, unit) in [("digits", 1.0), ("iris", 10.0)] {
        let (table, expected) = (open(name), &reference[name]);
        let (input, target) = (&table.inputs[0], &table.targets[0]);
        assert_eq!(expected["rows"], table.rows);
        let values = numbers(input);
        let bytes = values.iter().map(|x| (x * unit).round() as u8);
        assert_eq!(expected["values_fnv1a"], fnv1a(bytes), "{name}");
        let classes = numbers(target);
        assert_eq!(expected["classes_fnv1a"], fnv1a(classes.iter().map(|&c| c as u8)), "{name}");
        assert!((values.iter().sum::<f64>() - expected["sum"].as_f64().unwrap()).abs() < 1e-9);
        let counts = serde_json::to_value(counts(target, target.spec.levels.len())).unwrap();
        assert_eq!(expected["counts"], counts);
    }
}

#[test]
fn profiles_count_and_bound() {
    let table = open("digits");
    let rows: Vec<usize> = (0..table.rows).collect();
    let profile = profile(&table.inputs[0], &rows);
    assert_eq!(profile.len(), 64);
    assert!(profile.iter().all(|p| p.weight == 1797.0 && p.min == 0.0 && p.max <= 16.0));
    assert_eq!((profile[0].mean, profile[0].std(), profile[0].max), (0.0, 0.0, 0.0));
}

#[test]
fn every_set_is_found_by_its_name() {
    for &name in EMBEDDED {
        let table = open(name);
        assert_eq!(table.name, name);
        let written = serde_json::to_string(&embedded(name).unwrap()).unwrap();
        assert_eq!(written, format!(r#"{{"type":"{name}"}}"#));
        for text in [written, format!("\"{name}\"")] {
            let read: Plugin<dyn Source> = serde_json::from_str(&text).unwrap();
            assert_eq!(read.open().unwrap(), table);
        }
        let unknown = format!(r#"{{"type":"{name}","rows":3}}"#);
        let error = serde_json::from_str::<Plugin<dyn Source>>(&unknown).unwrap_err();
        assert!(error.to_string().contains("unknown field `rows`"), "{error}");
    }
    assert!(embedded("mnist").is_none());
}

//! The recipes among the examples: each can be read and rendered, fits data like its own, and trains on them.

use std::path::{Path, PathBuf};
use tanren::data::IdxArray;
use tanren::plugin::{Seed, Values};
use tanren::prelude::*;

/// Rows for training, and for testing.
const PARTS: [(&str, usize); 2] = [("train", 60), ("t10k", 20)];

fn recipes() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/recipes");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|ending| ending == "toml")).collect();
    files.sort();
    files
}

/// Pictures of 28 × 28 pixels and their labels, in files as MNIST has them.
fn pictures(folder: &Path) {
    let mut draws = Seed(1).stream("pictures").sample(0);
    let mut bytes = |count: usize, below: u64| {
        Values::Bytes((0..count).map(|_| draws.below(below) as u8).collect())
    };
    for (part, rows) in PARTS {
        let images = IdxArray { shape: vec![rows, 28, 28], values: bytes(rows * 28 * 28, 256) };
        images.write(folder.join(format!("{part}-images-idx3-ubyte.gz"))).unwrap();
        let labels = IdxArray { shape: vec![rows], values: bytes(rows, 10) };
        labels.write(folder.join(format!("{part}-labels-idx1-ubyte.gz"))).unwrap();
    }
}

/// Districts with the columns of the Californian census, and random numbers in them.
fn districts(file: &Path) {
    let mut draws = Seed(1).stream("districts").sample(0);
    let mut text = "longitude,latitude,housing_median_age,total_rooms,total_bedrooms,population,\
                    households,median_income,median_house_value,ocean_proximity\n"
        .to_owned();
    for row in 0..100_usize {
        (0..9).for_each(|_| text.push_str(&format!("{:.3},", 10.0 + draws.normal())));
        text.push_str(if row.is_multiple_of(3) { "INLAND\n" } else { "NEAR BAY\n" });
    }
    std::fs::write(file, text).unwrap();
}

#[test]
fn the_recipes_of_the_examples_train() {
    let place = tempfile::tempdir().unwrap();
    pictures(place.path());
    let census = place.path().join("housing.csv");
    districts(&census);
    let recipes = recipes();
    assert!(recipes.len() >= 4, "{recipes:?}");
    for file in recipes {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.display();
        let recipe: Recipe = toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        recipe.check().unwrap_or_else(|e| panic!("{name}: {e}"));
        let rendered = toml::to_string(&recipe).unwrap();
        let mut again: toml::Table = toml::from_str(&rendered).unwrap();
        let source = again["data"]["source"].as_table_mut().unwrap();
        let data = match source["type"].as_str() {
            Some("idx") => place.path(),
            Some("csv") => &census,
            other => panic!("{name}: data for a source of type {other:?}"),
        };
        source.insert("path".into(), data.display().to_string().into());
        again["training"].as_table_mut().unwrap().insert("epochs".into(), 1.into());
        let recipe: Recipe = again.try_into().unwrap();
        let setup = recipe.prepare().unwrap_or_else(|e| panic!("{name}: {e}"));
        let trained = setup.train(&mut (), &Options::default()).unwrap();
        assert!(trained.test.is_some_and(|test| test.iter().all(|(_, x)| x.is_finite())), "{name}");
    }
}

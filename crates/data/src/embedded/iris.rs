//! `iris`: 150 flowers of three species, inside the library.
//!
//! R. A. Fisher (1936), *Iris*, UCI Machine Learning Repository, DOI 10.24432/C56C76, CC BY 4.0.
//! The values are those of Fisher's paper and of `load_iris` of scikit-learn; rows 34 and 37 (from
//! 0) of the UCI file differ from the paper.
//!
//! Format of `iris.bin`: records of 5 bytes, one per flower: the four lengths in tenths of a
//! centimetre, then the species.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, DataError, Feature, Field, Source, Table, typetag};

const FEATURES: [&str; 4] = ["sepal_length", "sepal_width", "petal_length", "petal_width"];
const SPECIES: [&str; 3] = ["setosa", "versicolor", "virginica"];
const BYTES: &[u8] = include_bytes!("../../sets/iris.bin");

/// Fisher's irises: input `flower`, four lengths in centimetres; target `species`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Iris {}

#[typetag::serde(name = "iris")]
impl Source for Iris {
    fn open(&self) -> Result<Table, DataError> {
        let (lengths, species) = decode(BYTES);
        let features = FEATURES.map(Feature::number).to_vec();
        Ok(Table {
            name: "iris".into(),
            rows: species.len(),
            inputs: vec![Field::numbers("flower", features, lengths)],
            targets: vec![Field::classes("species", SPECIES.map(String::from).to_vec(), species)],
            ..Table::default()
        })
    }
}

/// The lengths in centimetres and the species of every whole record.
fn decode(bytes: &[u8]) -> (Vec<f64>, Vec<u32>) {
    let (mut lengths, mut species) = (Vec::new(), Vec::new());
    for record in bytes.chunks_exact(FEATURES.len() + 1) {
        let (tenths, kind) = record.split_at(FEATURES.len());
        // A quotient rounds to the nearest number, so 51 / 10 is the same as 5.1.
        lengths.extend(tenths.iter().map(|&x| f64::from(x) / 10.0));
        species.push(u32::from(kind[0]));
    }
    (lengths, species)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_file_is_whole() {
        assert_eq!(BYTES.len(), 150 * 5);
    }

    proptest! {
        #[test]
        fn any_bytes_decode(bytes in prop::collection::vec(any::<u8>(), 0..50)) {
            let (lengths, species) = decode(&bytes);
            prop_assert_eq!(species.len(), bytes.len() / 5);
            prop_assert_eq!(lengths.len(), species.len() * 4);
        }
    }
}

//! `bench/uniform`: random rows of random classes, to measure speed with. They have no structure to learn.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Seed, SettingError, Source, Table, Values, typetag,
};
use tanren_tensor::Shape;

/// The most numbers and classes, 1 GiB of them.
const MOST: usize = 1 << 28;

/// Numbers uniform in [0, 1) and a class, each a function of seed and row.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Uniform {
    /// Rows, at least 1.
    pub(super) rows: usize,
    /// Numbers in a row, at least 1.
    pub(super) features: usize,
    /// Classes, at least 2.
    pub(super) classes: usize,
    /// The random seed.
    pub(super) seed: u64,
}

impl Checked for Uniform {
    fn check(&self) -> Result<(), SettingError> {
        for (name, value, least) in
            [("rows", self.rows, 1), ("features", self.features, 1), ("classes", self.classes, 2)]
        {
            if !(least..=MOST).contains(&value) {
                return Err(SettingError::new(name, format!("{least} to {MOST}"), value));
            }
        }
        match self.rows.checked_mul(self.features) {
            Some(numbers) if numbers <= MOST => Ok(()),
            _ => Err(SettingError::new("rows", format!("at most {MOST} numbers"), self.rows)),
        }
    }
}

#[typetag::serde(name = "bench/uniform")]
impl Source for Uniform {
    fn open(&self) -> Result<Table, DataError> {
        self.check().map_err(|e| DataError::new("bench/uniform", e))?;
        let stream = Seed(self.seed).stream("bench");
        let mut numbers = Vec::with_capacity(self.rows * self.features);
        let mut classes = Vec::with_capacity(self.rows);
        for row in 0..self.rows {
            let mut draws = stream.sample(row as u64);
            classes.push(draws.below(self.classes as u64) as u32);
            numbers.extend((0..self.features).map(|_| draws.uniform() as f32));
        }
        let input = FieldSpec::new("numbers", Shape::vector(self.features));
        let levels = (0..self.classes).map(|class| class.to_string()).collect();
        Ok(Table {
            name: "uniform".into(),
            rows: self.rows,
            inputs: vec![Field::new(input, Values::Single(numbers))],
            targets: vec![Field::classes("class", levels, classes)],
            ..Table::default()
        })
    }
}

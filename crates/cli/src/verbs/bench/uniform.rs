//! `bench/uniform`: random rows of random classes, to measure speed with. They have no structure to learn.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Seed, SettingError, Source, Table, Values, typetag,
};
use tanren_tensor::{Shape, Stream};

/// The most numbers and classes, 1 GiB of them.
const MOST: usize = 1 << 28;

/// Numbers uniform in [0, 1) and a class, or sequences of indices with a class at every step; each a function
/// of seed and row.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Uniform {
    /// Rows, at least 1.
    pub(super) rows: usize,
    /// Numbers in a row, or the levels of an index, at least 1.
    pub(super) features: usize,
    /// Steps of a sequence; 0 for rows of numbers.
    #[serde(default)]
    pub(super) steps: usize,
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
        let each = if self.steps > 0 { self.steps } else { self.features };
        match self.rows.checked_mul(each) {
            Some(numbers) if numbers <= MOST => Ok(()),
            _ => Err(SettingError::new("rows", format!("at most {MOST} numbers"), self.rows)),
        }
    }
}

impl Uniform {
    /// Sequences of indices, with an index to foretell at every step.
    fn sequences(&self, stream: Stream) -> Table {
        let indices = |name: &str, levels: usize, sample: u64| {
            let mut draws = stream.sample(sample);
            let all = self.rows * self.steps;
            let values = (0..all).map(|_| draws.below(levels as u64) as u32).collect();
            let names = (0..levels).map(|level| level.to_string()).collect();
            let field = Field::classes(name, names, values);
            let shape = Shape { sequence: true, ..field.spec.shape };
            let offsets = (0..=self.rows).map(|row| row * self.steps).collect();
            let spec = FieldSpec { shape, ..field.spec };
            Field { spec, values: field.values, offsets: Some(offsets) }
        };
        Table {
            name: "uniform".into(),
            rows: self.rows,
            inputs: vec![indices("index", self.features, 0)],
            targets: vec![indices("class", self.classes, 1)],
            ..Table::default()
        }
    }
}

#[typetag::serde(name = "bench/uniform")]
impl Source for Uniform {
    fn open(&self) -> Result<Table, DataError> {
        self.check().map_err(|e| DataError::new("bench/uniform", e))?;
        let stream = Seed(self.seed).stream("bench");
        if self.steps > 0 {
            return Ok(self.sequences(stream));
        }
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

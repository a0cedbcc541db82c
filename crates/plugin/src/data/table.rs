//! `Table`: raw data in memory, field by field: what a source opens.

use crate::{DataError, Field, Fingerprint, Frame, Part, Reference, Span, Texts, UNKNOWN, Values};
use std::ops::Range;

/// Raw data: what a source opens.
///
/// Only names, rows and fields must be given: `Table { name, rows, inputs, targets, ..Table::default() }`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What to call it in messages.
    pub name: String,
    /// Rows of every field.
    pub rows: usize,
    /// The inputs of the network.
    pub inputs: Vec<Field>,
    /// The targets of its losses.
    pub targets: Vec<Field>,
    /// Columns that no network sees, one field each: a split orders rows by one, or groups them.
    pub beside: Vec<Field>,
    /// Columns by which people know the rows, as they are written, where [`Schema`](crate::Schema)
    /// asks for them.
    pub ids: Vec<Texts>,
    /// What each row counts; `None` for 1.
    pub weights: Option<Vec<f64>>,
    /// What each step of each sequence counts, row after row; `None` for 1. At a step of weight 0, the
    /// target is not known: it may hold any number.
    pub step_weights: Option<Vec<f64>>,
    /// What the numbers of each target that the source has, wanted or not, are relative to. Those beyond
    /// the last of these, and those without, are in their own units.
    pub frames: Vec<Option<Frame>>,
    /// What simple rules predict.
    pub references: Vec<Reference>,
    /// When the target of each row is, where rows are windows over time.
    pub spans: Option<Vec<Span>>,
    /// The part each row belongs to, when the source already says.
    pub parts: Option<Vec<Part>>,
    /// The number of each row at its source, where the source left rows out; `None` when row
    /// number n is the nth.
    pub numbers: Option<Vec<usize>>,
    /// How many rows the source has, where it left rows out.
    pub source_rows: Option<usize>,
    /// Notes for the user, such as rows and columns that were left out.
    pub notes: Vec<String>,
}

impl Table {
    /// The number of a row at its source.
    #[must_use]
    pub fn number(&self, row: usize) -> usize {
        self.numbers.as_ref().map_or(row, |numbers| numbers[row])
    }

    /// All fields: inputs, targets, and what is beside them.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.inputs.iter().chain(&self.targets).chain(&self.beside)
    }

    /// The steps of a row among those of all sequences; one step for each row where there are none.
    #[must_use]
    pub fn steps(&self, row: usize) -> Range<usize> {
        let sequence = self.inputs.iter().chain(&self.targets).find(|f| f.offsets.is_some());
        sequence.map_or(row..row + 1, |field| field.columns(row))
    }

    /// What a column of one of its fields counts beside the weight of its row: 0 where a target is not known.
    #[must_use]
    pub fn step_weight(&self, field: &Field, column: usize) -> f64 {
        let steps = self.step_weights.as_ref().filter(|_| field.offsets.is_some());
        steps.and_then(|weights| weights.get(column)).copied().unwrap_or(1.0)
    }

    /// A number that changes with any value and any row, by which data that were seen before are
    /// known again. Names, weights and ids do not count; columns beside the inputs do, since the parts of
    /// the rows may depend on them.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut all = Fingerprint::default();
        all.add(self.rows as u64);
        (0..self.rows).for_each(|row| all.add(self.number(row) as u64));
        let mut column = Vec::new();
        for field in self.fields() {
            for row in 0..self.rows {
                column.clear();
                field.columns(row).for_each(|at| field.read(at, &mut column));
                all.add(column.len() as u64);
                column.iter().for_each(|x| all.add(x.to_bits()));
            }
        }
        all.value()
    }

    /// The same table of these rows alone, in this order.
    ///
    /// # Panics
    /// When a row is not in the table.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let fields = |fields: &[Field]| fields.iter().map(|field| field.select(rows)).collect();
        let places = |numbers: usize| {
            let width = numbers / self.rows.max(1);
            rows.iter().map(move |&row| row * width..(row + 1) * width)
        };
        let frame_of = |frame: &Frame| frame.select(places(frame.shift.len()));
        let reference_of = |reference: &Reference| Reference {
            values: places(reference.values.len())
                .flat_map(|place| reference.values[place].to_vec())
                .collect(),
            ..reference.clone()
        };
        Self {
            name: self.name.clone(),
            rows: rows.len(),
            inputs: fields(&self.inputs),
            targets: fields(&self.targets),
            beside: fields(&self.beside),
            ids: self.ids.iter().map(|ids| ids.select(rows)).collect(),
            weights: self.weights.as_ref().map(|w| rows.iter().map(|&row| w[row]).collect()),
            step_weights: self.step_weights.as_ref().map(|weights| {
                let steps = rows.iter().flat_map(|&row| self.steps(row));
                steps.map(|step| weights[step]).collect()
            }),
            frames: self.frames.iter().map(|frame| frame.as_ref().map(frame_of)).collect(),
            references: self.references.iter().map(reference_of).collect(),
            spans: self.spans.as_ref().map(|s| rows.iter().map(|&row| s[row]).collect()),
            parts: self.parts.as_ref().map(|parts| rows.iter().map(|&row| parts[row]).collect()),
            numbers: Some(rows.iter().map(|&row| self.number(row)).collect()),
            source_rows: Some(self.source_rows.unwrap_or(self.rows)),
            notes: self.notes.clone(),
        }
    }

    /// Checks that every field has what the table's number of rows promises, so that no reader
    /// can step outside.
    ///
    /// # Errors
    /// [`DataError`] with the field and what was expected and found.
    pub fn check(&self) -> Result<(), DataError> {
        let error = |message: String| DataError::new(&self.name, message);
        for field in self.fields() {
            let place = |message: String| error(message).column(&field.spec.name);
            let features = field.spec.features.len();
            if features != 0 && features != field.width() {
                let message = format!("expected {} features, found {features}", field.width());
                return Err(place(message));
            }
            if field.spec.shape.indices != matches!(field.values, Values::Indices(_)) {
                let message = format!("expected values for {}, found others", field.spec.shape);
                return Err(place(message));
            }
            if field.spec.shape.sequence != field.offsets.is_some() {
                let say =
                    if field.spec.shape.sequence { "offsets, found none" } else { "no offsets" };
                return Err(place(format!("expected {say}")));
            }
            let columns = match &field.offsets {
                None => self.rows,
                Some(offsets) => {
                    let rising = offsets.windows(2).all(|pair| pair[0] < pair[1]);
                    if offsets.len() != self.rows + 1 || offsets[0] != 0 || !rising {
                        let message = "expected an offset per row, rising from 0, and the end";
                        return Err(place(message.into()));
                    }
                    offsets[self.rows]
                }
            };
            let (expected, found) = (columns.checked_mul(field.width()), field.values.len());
            if expected != Some(found) {
                let message =
                    format!("expected {} × {columns} numbers, found {found}", field.width());
                return Err(place(message));
            }
            if let Values::Indices(indices) = &field.values {
                let high = indices.iter().position(|&i| i as usize >= field.spec.shape.features);
                if let Some(at) = high {
                    let message = format!("expected {}, found {}", field.spec.shape, indices[at]);
                    return Err(place(message));
                }
            }
        }
        for field in self.fields() {
            if let Some((feature, found)) = no_level(field) {
                let message = format!("expected the number of a level, found {found}");
                return Err(error(message).column(field.spec.feature_name(feature)));
            }
        }
        let rows = |what: &str, len: Option<usize>| match len {
            Some(len) if len != self.rows => {
                Err(error(format!("expected {what} for {} rows, found {len}", self.rows)))
            }
            _ => Ok(()),
        };
        rows("weights", self.weights.as_ref().map(Vec::len))?;
        rows("spans", self.spans.as_ref().map(Vec::len))?;
        rows("parts", self.parts.as_ref().map(Vec::len))?;
        rows("numbers", self.numbers.as_ref().map(Vec::len))?;
        for (frame, target) in self.frames.iter().zip(&self.targets) {
            let expected = self.rows * target.width();
            let found = frame.as_ref().map(|frame| [frame.shift.len(), frame.scale.len()]);
            if let Some(found) = found.filter(|found| *found != [expected; 2]) {
                let message =
                    format!("expected {expected} shifts and scales of its frame, found {found:?}");
                return Err(error(message).column(&target.spec.name));
            }
        }
        for reference in &self.references {
            let target = self.targets.get(reference.target);
            let expected = target.map(|target| self.rows * target.width());
            if expected.is_some_and(|expected| expected != reference.values.len()) {
                let found = reference.values.len();
                return Err(error(format!(
                    "expected a prediction of {} for each of {} rows, found {found} numbers",
                    reference.name, self.rows
                )));
            }
        }
        self.check_step_weights()?;
        self.ids.iter().try_for_each(|ids| rows(&ids.name, Some(ids.texts.len())))?;
        let bad = |w: &f64| !(w.is_finite() && *w >= 0.0);
        match self.weights.as_ref().and_then(|w| w.iter().position(bad)) {
            Some(row) => Err(error("expected finite weights from 0 on".into()).row(row)),
            None => Ok(()),
        }
    }

    /// Whether what steps count fits the sequences.
    fn check_step_weights(&self) -> Result<(), DataError> {
        let Some(weights) = &self.step_weights else { return Ok(()) };
        let error = |message: String| DataError::new(&self.name, message);
        let steps = self.rows.checked_sub(1).map_or(0, |last| self.steps(last).end);
        if weights.len() != steps {
            let found = weights.len();
            return Err(error(format!("expected weights for {steps} steps, found {found}")));
        }
        let bad = |step: &usize| !(weights[*step].is_finite() && weights[*step] >= 0.0);
        match (0..self.rows).find_map(|row| Some((row, self.steps(row).find(bad)?))) {
            Some((row, step)) => {
                let found = weights[step];
                let message = format!("expected finite weights of steps from 0 on, found {found}");
                Err(error(message).row(row))
            }
            None => Ok(()),
        }
    }
}

/// The first number of a category that is neither a level nor missing or unknown, and its feature.
fn no_level(field: &Field) -> Option<(usize, f64)> {
    let (width, numbers) = (field.width().max(1), field.values.len());
    let fits = |x: f64, levels: f64| {
        x.is_nan() || x == UNKNOWN || (x >= 0.0 && x < levels && x.fract() == 0.0)
    };
    let categories = field.spec.features.iter().enumerate().filter(|(_, f)| f.is_category());
    let odd = categories.filter_map(|(feature, category)| {
        let levels = category.levels.len() as f64;
        let mut places = (feature..numbers).step_by(width);
        let place = places.find(|&at| !fits(field.values.number(at), levels))?;
        Some((place, feature))
    });
    odd.min().map(|(place, feature)| (feature, field.values.number(place)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Feature, FieldSpec};
    use tanren_tensor::Shape;

    fn table(values: Values, shape: Shape, offsets: Option<Vec<usize>>) -> Table {
        let field = Field { spec: FieldSpec::new("x", shape), values, offsets };
        Table { name: "t".into(), rows: 2, inputs: vec![field], ..Table::default() }
    }

    #[test]
    fn inconsistent_tables_are_refused() {
        let dense = |n| Values::Double(vec![0.0; n]);
        let vector = Shape::vector(3);
        assert!(table(dense(6), vector, None).check().is_ok());
        assert!(table(dense(5), vector, None).check().is_err());
        let sequence = Shape::sequence(1);
        assert!(table(dense(5), sequence, Some(vec![0, 2, 5])).check().is_ok());
        assert!(table(dense(5), sequence, Some(vec![0, 6, 5])).check().is_err());
        assert!(table(dense(5), sequence, Some(vec![])).check().is_err());
        assert!(table(Values::Indices(vec![0, 4]), Shape::index(4), None).check().is_err());
        let mut weighted = table(dense(6), vector, None);
        weighted.weights = Some(vec![1.0, f64::NAN]);
        assert_eq!(weighted.check().unwrap_err().row, Some(1));
    }

    #[test]
    fn frames_references_and_step_weights_follow_their_rows() {
        let sequences =
            table(Values::Double(vec![0.0; 5]), Shape::sequence(1), Some(vec![0, 2, 5]));
        let target = Field::numbers("y", vec![Feature::number("y")], vec![1.0, 2.0]);
        let frame = Frame { shift: vec![1.0, 2.0], scale: vec![3.0, 4.0], exponential: true };
        let reference = Reference { name: "last".into(), target: 0, values: vec![5.0, 6.0] };
        let whole = Table {
            targets: vec![target],
            step_weights: Some(vec![1.0, 0.0, 1.0, 1.0, 0.0]),
            frames: vec![Some(frame.clone())],
            references: vec![reference.clone()],
            ..sequences
        };
        assert!(whole.check().is_ok());
        let turned = whole.select(&[1, 0]);
        assert!(turned.check().is_ok());
        assert_eq!(turned.step_weights, Some(vec![1.0, 1.0, 0.0, 1.0, 0.0]));
        let other = Frame { shift: vec![2.0, 1.0], scale: vec![4.0, 3.0], exponential: true };
        assert_eq!(turned.frames, [Some(other)]);
        assert_eq!(turned.references[0].values, [6.0, 5.0]);

        let short = Frame { shift: vec![1.0], ..frame };
        assert!(Table { frames: vec![Some(short)], ..whole.clone() }.check().is_err());
        let short = Reference { values: vec![1.0], ..reference };
        assert!(Table { references: vec![short], ..whole.clone() }.check().is_err());
        let weights = |weights: &[f64]| Some(weights.to_vec());
        let few = Table { step_weights: weights(&[1.0; 4]), ..whole.clone() };
        assert!(few.check().is_err());
        let bad = Table { step_weights: weights(&[1.0, 1.0, 1.0, -1.0, 1.0]), ..whole };
        assert_eq!(bad.check().unwrap_err().row, Some(1));
    }

    #[test]
    fn selected_rows_keep_their_numbers() {
        let values = Values::Bytes((0..10).collect());
        let sequences = table(values, Shape::sequence(2), Some(vec![0, 3, 5]));
        let turned = sequences.select(&[1, 0, 1]);
        assert!(turned.check().is_ok());
        assert_eq!(turned.inputs[0].offsets, Some(vec![0, 2, 5, 7]));
        assert_eq!(
            turned.inputs[0].values,
            Values::Bytes(vec![6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        );
        assert_eq!(turned.numbers, Some(vec![1, 0, 1]));
    }

    #[test]
    fn what_is_beside_is_checked_selected_and_counted() {
        let column = |values: &[f64]| {
            vec![Field::numbers("day", vec![Feature::number("day")], values.to_vec())]
        };
        let plain = table(Values::Double(vec![0.0; 6]), Shape::vector(3), None);
        let dated = |values: &[f64]| Table { beside: column(values), ..plain.clone() };
        assert!(dated(&[1.0, 2.0]).check().is_ok());
        assert_eq!(dated(&[1.0]).check().unwrap_err().column.as_deref(), Some("day"));
        assert_eq!(dated(&[1.0, 2.0]).select(&[1, 1]).beside, column(&[2.0, 2.0]));
        let prints = [&plain, &dated(&[1.0, 2.0]), &dated(&[1.0, 3.0])].map(Table::fingerprint);
        assert!(prints[0] != prints[1] && prints[1] != prints[2]);
    }
}

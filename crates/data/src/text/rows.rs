//! `Rows`: where each row of a text begins and ends, and the table that they become.

use crate::text::units::Units;
use crate::text::{NEXT, Unit};
use std::ops::Range;
use std::path::{Path, PathBuf};
use tanren_plugin::{DataError, Feature, Field, FieldSpec, Schema, Table, Values};
use tanren_tensor::Shape;

/// No level.
const NONE: u32 = u32::MAX;

/// The steps of each row, as places among the units, whose targets are one place further.
pub(super) struct Rows<'a> {
    units: &'a Units,
    unit: Unit,
    rows: Vec<Range<usize>>,
    /// How many files are too short.
    pub(super) short: usize,
    with_targets: bool,
}

impl<'a> Rows<'a> {
    /// Cuts texts into rows. With targets, the last unit of each file is no step.
    ///
    /// Of several files, those with too few units for one step are left out.
    ///
    /// # Errors
    /// When no file has enough.
    pub(super) fn new(
        units: &'a Units,
        unit: Unit,
        length: usize,
        with_targets: bool,
    ) -> Result<Self, DataError> {
        let (mut rows, mut short) = (Vec::new(), 0);
        let needed = 1 + usize::from(with_targets);
        for (path, range) in &units.files {
            if range.len() < needed {
                short += 1;
                if short < units.files.len() {
                    continue;
                }
                let (name, found) = (unit.name(), range.len());
                let found = if found == 0 { "an empty file".into() } else { format!("{found}") };
                let s = if needed == 1 { "" } else { "s" };
                let message =
                    format!("expected a text of at least {needed} {name}{s}, found {found}");
                return Err(DataError::new(path.display(), message));
            }
            let end = range.end - usize::from(with_targets);
            let starts = (range.start..end).step_by(length.max(1));
            rows.extend(starts.map(|start| start..end.min(start.saturating_add(length))));
        }
        Ok(Self { units, unit, rows, short, with_targets })
    }

    /// Where a row begins.
    pub(super) fn start(&self, row: usize) -> Option<usize> {
        self.rows.get(row).map(|steps| steps.start)
    }

    /// The codes of the units that occur, in ascending order.
    pub(super) fn own_levels(&self) -> Vec<u32> {
        let most = self.units.codes.iter().max().map_or(0, |&most| most as usize);
        let mut occurs = vec![false; most + 1];
        self.units.codes.iter().for_each(|&code| occurs[code as usize] = true);
        (0..).zip(occurs).filter_map(|(code, occurs)| occurs.then_some(code)).collect()
    }

    /// The codes of the units that a model knows, in its order.
    ///
    /// # Errors
    /// When the model was made for other data than a text of such units.
    pub(super) fn levels_of(&self, path: &Path, schema: &Schema) -> Result<Vec<u32>, DataError> {
        let fits = |spec: &FieldSpec, name: &str| {
            spec.name == name && spec.shape.indices && spec.shape.sequence
        };
        let name = self.unit.name();
        let codes = match schema.inputs.as_slice() {
            [spec] if fits(spec, name) && schema.targets.iter().all(|spec| fits(spec, NEXT)) => {
                spec.levels.iter().map(|level| self.unit.code(level)).collect()
            }
            _ => None,
        };
        codes.ok_or_else(|| {
            let inputs: Vec<&str> = schema.inputs.iter().map(|spec| spec.name.as_str()).collect();
            let message = format!(
                "the model expects the inputs [{}], a text has the {name}s of the input {name:?}",
                inputs.join(", ")
            );
            DataError::new(path.display(), message)
        })
    }

    /// The table, with the levels of these codes, and which of some files each row is of.
    ///
    /// # Errors
    /// When a unit is none of the levels.
    pub(super) fn table(
        &self,
        files: Option<&[(PathBuf, Range<usize>)]>,
        levels: &[u32],
    ) -> Result<Table, DataError> {
        let most = levels.iter().max().map_or(0, |&most| most as usize);
        let mut places = vec![NONE; most + 1];
        (0..).zip(levels).for_each(|(place, &code)| places[code as usize] = place);
        let names: Vec<String> = levels.iter().map(|&code| self.unit.level(code)).collect();
        let offsets: Vec<usize> = std::iter::once(0)
            .chain(self.rows.iter().scan(0, |end, steps| {
                *end += steps.len();
                Some(*end)
            }))
            .collect();
        let field = |name: &str, further: usize| -> Result<Field, DataError> {
            let steps =
                self.rows.iter().flat_map(|steps| steps.start + further..steps.end + further);
            let mut indices = Vec::new();
            let all = offsets.last().copied().unwrap_or_default();
            crate::file::rows::reserve(Path::new(name), &mut indices, all)?;
            for at in steps {
                let code = self.units.codes[at];
                match places.get(code as usize) {
                    Some(&place) if place != NONE => indices.push(place),
                    _ => return Err(self.unknown(at, code)),
                }
            }
            let shape = Shape { sequence: true, ..Shape::index(levels.len()) };
            let spec = FieldSpec { levels: names.clone(), ..FieldSpec::new(name, shape) };
            Ok(Field { spec, values: Values::Indices(indices), offsets: Some(offsets.clone()) })
        };
        let input = field(self.unit.name(), 0)?;
        let targets = if self.with_targets { vec![field(NEXT, 1)?] } else { Vec::new() };
        let starts = self.rows.iter().map(|steps| steps.start as f64).collect();
        let position = Field::numbers("position", vec![Feature::number("position")], starts);
        let file = files.map(|files| self.file(files));
        Ok(Table {
            rows: self.rows.len(),
            inputs: vec![input],
            targets,
            beside: std::iter::once(position).chain(file).collect(),
            ..Table::default()
        })
    }

    /// Which of these files each row is of.
    fn file(&self, files: &[(PathBuf, Range<usize>)]) -> Field {
        let name = |(path, _): &(PathBuf, _)| {
            path.file_name().unwrap_or_default().to_string_lossy().into_owned()
        };
        let of =
            |steps: &Range<usize>| files.partition_point(|(_, units)| units.end <= steps.start);
        let places = self.rows.iter().map(|steps| of(steps) as f64).collect();
        let levels = files.iter().map(name).collect();
        Field::numbers("file", vec![Feature::category("file", levels)], places)
    }

    fn unknown(&self, at: usize, code: u32) -> DataError {
        let found = match self.unit {
            Unit::Bytes => format!("0x{code:02x}"),
            Unit::Characters => format!("{:?}", char::from_u32(code).unwrap_or_default()),
        };
        let name = self.unit.name();
        self.units.error_at(at, format!("expected a {name} that the model knows, found {found}"))
    }
}

impl Unit {
    /// The name of the level of a code.
    fn level(self, code: u32) -> String {
        match self {
            Self::Bytes => format!("{code:02x}"),
            Self::Characters => char::from_u32(code).map(String::from).unwrap_or_default(),
        }
    }

    /// The code of a level of this name.
    fn code(self, level: &str) -> Option<u32> {
        let mut characters = level.chars();
        match self {
            Self::Bytes if level.len() == 2 => u8::from_str_radix(level, 16).ok().map(u32::from),
            Self::Bytes => None,
            Self::Characters => {
                characters.next().filter(|_| characters.next().is_none()).map(u32::from)
            }
        }
    }
}

//! `Indices`: which index of a file is which feature, and what is done with those that are none.

use crate::SvmLight;
use crate::arrays::array::MAX_NAMED;
use crate::file::notes::counted;
use crate::svmlight::MAX_INDEX;
use crate::svmlight::lines::Row;
use std::path::Path;
use tanren_plugin::{DataError, FieldSpec};

/// The indices of a file that is read twice: seen first, and then turned into features.
pub(super) struct Indices {
    /// The first index, if somebody says: the settings or a model.
    first: Option<u64>,
    /// The first index of the model's own data, as far as it is known.
    of_model: Option<u64>,
    /// How many features there may be, and whether indices beyond are ignored.
    limit: Option<usize>,
    surplus_ignored: bool,
    /// Whether there is an index 0.
    zero: bool,
    largest: Option<u64>,
    /// Cells that were ignored, and the largest of their indices.
    ignored: (usize, u64),
}

impl Indices {
    /// For a model, if there is one, of which this is the input.
    pub(super) fn new(settings: &SvmLight, model: Option<&FieldSpec>) -> Self {
        let of_model = model.filter(|spec| spec.positions.is_none()).and_then(|spec| {
            match spec.features.first()?.name.as_str() {
                "0" => Some(0),
                "1" => Some(1),
                _ => None,
            }
        });
        let said = settings.zero_based.map(|zero_based| u64::from(!zero_based));
        Self {
            first: said.or(of_model.filter(|&first| first == 0)),
            of_model,
            limit: model.map(FieldSpec::width).or(settings.features),
            surplus_ignored: model.is_some(),
            zero: false,
            largest: None,
            ignored: (0, 0),
        }
    }

    /// The index of the first feature.
    pub(super) fn base(&self) -> u64 {
        self.first.unwrap_or(u64::from(!self.zero))
    }

    /// Sees the indices of a row for the first time.
    ///
    /// # Errors
    /// When the row cannot be read, or one of its indices cannot be a feature.
    pub(super) fn see(&mut self, row: &mut Row<'_>) -> Result<(), DataError> {
        while let Some((index, _)) = row.feature()? {
            if index < self.first.unwrap_or(0) {
                let message = "expected indices of 1 or more, found 0; set `zero-based = true` if they begin at 0";
                return Err(row.error(message));
            }
            self.zero |= index == 0;
            self.largest = self.largest.max(Some(index));
            // Until all rows are seen, indices may begin at 1.
            self.place(row, index, self.first.unwrap_or(1).min(index))?;
        }
        Ok(())
    }

    /// How many features there are.
    ///
    /// # Errors
    /// When there are none, or no rows, or their first index cannot be kept.
    pub(super) fn width(&self, path: &Path, rows: usize) -> Result<usize, DataError> {
        let error = |message: String| Err(DataError::new(path.display(), message));
        let largest = self.largest.map_or(0, |largest| largest + 1 - self.base());
        let width = self.limit.unwrap_or(largest as usize);
        let missing = match (rows, width) {
            (0, _) => "row",
            (_, 0) => "feature",
            // Without names for features, a model cannot know the first index again.
            _ if self.first.is_none() && self.zero && width > MAX_NAMED => {
                return error(
                    "an index is 0: set `zero-based = true` if indices begin at 0".into(),
                );
            }
            _ => return Ok(width),
        };
        error(format!("expected at least one {missing}, found none"))
    }

    /// The next feature of a row, all rows having been seen: its position and its value.
    ///
    /// # Errors
    /// As [`see`](Self::see), and when the file has become another.
    pub(super) fn feature(&mut self, row: &mut Row<'_>) -> Result<Option<(usize, f64)>, DataError> {
        while let Some((index, value)) = row.feature()? {
            if let Some(place) = self.place(row, index, self.base())? {
                return Ok(Some((place, value)));
            }
            self.ignored = (self.ignored.0 + 1, self.ignored.1.max(index));
        }
        Ok(None)
    }

    /// The position of an index, the first of which is `base`; `None` for one that is ignored.
    fn place(&self, row: &Row<'_>, index: u64, base: u64) -> Result<Option<usize>, DataError> {
        let Some(place) = index.checked_sub(base) else {
            return Err(row.error("the file changed while it was read"));
        };
        let (limit, whose) = match self.limit {
            Some(limit) if !self.surplus_ignored => (limit, ", the value of `features`"),
            Some(limit) if place >= limit as u64 => return Ok(None),
            _ => (MAX_INDEX as usize, ""),
        };
        if place >= limit as u64 {
            let largest = (limit as u64).saturating_add(base).saturating_sub(1);
            return Err(
                row.error(format!("expected indices up to {largest}{whose}, found {index}"))
            );
        }
        Ok(Some(place as usize))
    }

    /// What was guessed and ignored; `renamed` where the features of the model have other names than
    /// their indices.
    pub(super) fn notes(&self, renamed: bool) -> Vec<String> {
        let mut notes = Vec::new();
        if self.first.is_none() && self.zero {
            notes.push(match self.of_model {
                Some(first) => format!(
                    "indices begin at 0, because one is 0; those of the training data begin at {first}"
                ),
                None => "indices begin at 0, because one is 0".into(),
            });
        }
        if renamed && self.of_model.is_none() {
            notes.push("indices are taken as positions among the features of the model".into());
        }
        if let ((cells @ 1.., largest), Some(limit)) = (self.ignored, self.limit) {
            let last = (limit as u64).saturating_add(self.base()).saturating_sub(1);
            notes.push(format!(
                "{} ignored whose indices are above {last}, the last feature of the model; the \
                 largest index is {largest}",
                counted(cells, "value"),
            ));
        }
        notes
    }
}

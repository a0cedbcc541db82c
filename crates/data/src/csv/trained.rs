//! `Looked`: how the numbers of a file for a model are written: as in training, wherever cells can be.

use super::cell::{Words, is_placeholder, quoted};
use super::evidence::{Commas, Evidence};
use super::layout::Layout;
use super::pass::Need;
use super::scan::{Scan, Watch, scan};
use super::verdict::{no_number, refuse_infinite};
use tanren_plugin::{DataError, Notation};

/// So many texts show that a column of few rows holds other data than in training.
const PROOF: usize = 3;

/// What was found in a first pass over a file for a model.
pub(super) struct Looked {
    pub(super) scan: Scan,
    /// The columns as seen by who knows that their numbers are plain, if a cell is no plain number.
    plain: Option<Vec<Evidence>>,
}

/// How the cells of a column of numbers are read.
pub(super) struct Written {
    pub(super) notation: Notation,
    /// Whether all cells that are not missing are so written.
    pub(super) all: bool,
    /// What there is to be said about it.
    pub(super) note: Option<String>,
}

/// What the rows are that are kept, and what the columns are. The `numeric` ones are those that the
/// model takes for numbers, plain ones where their watch says nothing else.
///
/// # Errors
/// As [`scan`].
pub(super) fn look(
    layout: &Layout,
    words: &Words,
    needed: &[Need],
    watches: &[Watch],
    numeric: &[bool],
    most: usize,
) -> Result<Looked, DataError> {
    let scan = |watches: &[Watch]| scan(layout, words, needed, watches, most);
    let found = scan(watches)?;
    let of_numbers = numeric.iter().zip(&found.columns);
    let odd = of_numbers.map(|(numeric, e)| *numeric && !e.is_said() && !all_plain(e));
    let odd: Vec<bool> = odd.collect();
    if !odd.contains(&true) {
        return Ok(Looked { scan: found, plain: None });
    }
    let mut watches = watches.to_vec();
    for (watch, _) in watches.iter_mut().zip(odd).filter(|(_, odd)| *odd) {
        watch.said = Some(Notation::default());
    }
    let plain = scan(&watches)?.columns;
    Ok(Looked { scan: found, plain: Some(plain) })
}

impl Looked {
    /// How the numbers of the `column` are read, of which the watch is at this place. Of a `target`,
    /// rows that have none are left out.
    ///
    /// # Errors
    /// When its cells are other data than in training, may be read in two ways, or one is infinite.
    pub(super) fn written(
        &self,
        layout: &Layout,
        (at, column): (usize, usize),
        target: bool,
    ) -> Result<Written, DataError> {
        let changed = || layout.changed(); // every watch has its column
        let mut evidence = self.scan.columns.get(at).ok_or_else(changed)?;
        let trained = match &self.plain {
            Some(plain) => plain.get(at).ok_or_else(changed)?,
            None => evidence,
        };
        let (mut notation, mut fits) = trained.numbers(Commas::Unlikely);
        let mut note = None;
        if evidence.is_said() || fits == evidence.present {
            evidence = trained;
        } else if let Some((other, numbers)) = self.other(layout, column, evidence, fits)? {
            let name = layout.name(column);
            note = Some(format!(
                "column {name}: read as numbers written like {other}, other than in training"
            ));
            (notation, fits) = (other, numbers);
        } else {
            evidence = trained;
        }
        refuse_infinite(layout, column, evidence)?;
        if 2 * fits < evidence.present && !few_words(evidence, fits, target) {
            return Err(no_number(layout, column, evidence, &notation));
        }
        Ok(Written { notation, all: fits == evidence.present, note })
    }

    /// The notation in which all numbers of a column are such, of which only so many are plain, and
    /// how many there are.
    ///
    /// # Errors
    /// When there are two such notations in which they are other numbers.
    fn other(
        &self,
        layout: &Layout,
        column: usize,
        evidence: &Evidence,
        plain: usize,
    ) -> Result<Option<(Notation, usize)>, DataError> {
        let (points, fits) = evidence.numbers(Commas::Unlikely);
        if fits <= plain || fits + evidence.worded < evidence.present {
            return Ok(None);
        }
        let (commas, _) = evidence.numbers(Commas::Sure);
        if points == commas || is_unambiguous(&points) {
            return Ok(Some((points, fits)));
        }
        let Some(sample) = evidence.misfit(&Notation::default()) else {
            return Ok(Some((points, fits)));
        };
        let (one, two) = (points.value(&sample.text), commas.value(&sample.text));
        match self.commas() {
            Some(true) => Ok(Some((commas, fits))),
            Some(false) => Ok(Some((points, fits))),
            None => {
                let number = |x: Option<f64>| x.map_or("none".into(), |x| x.to_string());
                let message = format!(
                    "expected a number written as in training, found {}: written like {points} it is \
                     {}, written like {commas} it is {}, and no other column tells which; write it \
                     without a comma",
                    quoted(&sample.text),
                    number(one),
                    number(two)
                );
                let error = layout.error(message).line(sample.place.line).row(sample.place.row);
                Err(error.column(layout.name(column)))
            }
        }
    }

    /// Whether fractions follow commas in most columns that show it, or points.
    fn commas(&self) -> Option<bool> {
        let votes = self.scan.columns.iter().filter_map(Evidence::votes_for_commas);
        let (commas, points): (Vec<bool>, Vec<bool>) = votes.partition(|for_commas| *for_commas);
        (commas.len() != points.len()).then_some(commas.len() > points.len())
    }
}

/// Whether all cells are numbers as programs write them.
fn all_plain(evidence: &Evidence) -> bool {
    let (notation, fits) = evidence.numbers(Commas::Unlikely);
    notation.is_plain() && fits == evidence.present
}

/// Whether numbers that are so written, with a decimal point, have no comma that may be decimal.
fn is_unambiguous(notation: &Notation) -> bool {
    matches!(notation, Notation::Number(figures) if figures.marks.group != Some(','))
}

/// Whether the cells of a column but for those that fit are words for what is missing, or so few
/// that they may be such. Numbers and times written otherwise are none.
fn few_words(evidence: &Evidence, fits: usize, target: bool) -> bool {
    let words = &evidence.words;
    let placeholders = !evidence.more_words && words.iter().all(|word| is_placeholder(&word.text));
    let only_words = fits + evidence.worded >= evidence.present;
    only_words && (placeholders || !target && evidence.worded < PROOF)
}

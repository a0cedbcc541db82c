//! `Levels`: which level the text of a cell is.

use super::form::form;
use super::memo::Memo;
use crate::target;
use std::collections::HashMap;
use tanren_plugin::Notation;

/// The levels of a category or of classes, to be found by name, or by value where the name is a
/// number: "1.0" is the level "1". A name may be written in any of the ways that Unicode has for it.
pub(super) struct Levels {
    by_name: HashMap<Box<str>, u32>,
    /// Those whose names are no [`form`], by it.
    by_form: HashMap<Box<str>, u32>,
    by_value: HashMap<u64, u32>,
    notation: Notation,
    /// What was found of late.
    memo: Memo<Option<u32>>,
}

impl Levels {
    /// Levels for a column whose numbers are so written.
    pub(super) fn new(names: &[String], notation: Notation) -> Self {
        let (mut by_name, mut by_form, mut by_value) =
            (HashMap::new(), HashMap::new(), HashMap::new());
        for (level, name) in (0..).zip(names) {
            by_name.entry(name.as_str().into()).or_insert(level);
            let form = form(name);
            if form != name.as_str() {
                by_form.entry(form.into()).or_insert(level);
            }
            if let Some(value) = name.parse().ok().and_then(key) {
                by_value.entry(value).or_insert(level);
            }
        }
        Self { by_name, by_form, by_value, notation, memo: Memo::new(names.len()) }
    }

    pub(super) fn find(&mut self, text: &str) -> Option<u32> {
        if let Some(level) = self.memo.find(text) {
            return level;
        }
        let by_value = || self.by_value.get(&key(self.notation.value(text)?)?).copied();
        let by_form = || {
            let form = form(text);
            self.by_name.get(&*form).or_else(|| self.by_form.get(&*form)).copied()
        };
        let level = self.by_name.get(text).copied().or_else(by_value).or_else(by_form);
        self.memo.keep(text, level);
        level
    }
}

/// What finite numbers are told apart by: 0 and −0 are one.
fn key(value: f64) -> Option<u64> {
    value.is_finite().then(|| (value + 0.0).to_bits())
}

/// Names in the order of their values where all are numbers, else as text.
pub(crate) fn sorted<'a>(
    names: impl IntoIterator<Item = &'a str>,
    notation: &Notation,
) -> Vec<String> {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    if let Some(values) = values(&names, notation) {
        let mut pairs: Vec<_> = values.into_iter().zip(names).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        names = pairs.into_iter().map(|(_, name)| name).collect();
    }
    names.into_iter().map(String::from).collect()
}

/// The finite numbers that names are, if all are.
pub(super) fn values(names: &[&str], notation: &Notation) -> Option<Vec<f64>> {
    names.iter().map(|name| notation.value(name).filter(|x| x.is_finite())).collect()
}

/// The values of such names in ascending order, each once.
pub(super) fn distinct(names: &[&str], notation: &Notation) -> Option<Vec<f64>> {
    values(names, notation).and_then(|values| target::distinct(&values, values.len()).ok())
}

/// Pairs of names that are the same but for case and blanks, the first with each that follows.
pub(super) fn alike(names: &[String]) -> impl Iterator<Item = (&str, &str)> {
    let mut first: HashMap<String, &str> = HashMap::with_capacity(names.len());
    names.iter().filter_map(move |name| {
        let plain: String = name.to_lowercase().split_whitespace().collect();
        match first.get(&plain) {
            Some(before) => Some((*before, name.as_str())),
            None => {
                first.insert(plain, name);
                None
            }
        }
    })
}

//! `--series` without `--horizon`: rows that are steps of sequences, by the column that says of which.

use super::{By, beside, cannot, set};
use crate::args;
use crate::automatic::Choice;
use crate::failure::Failure;
use tanren_data::{Label, Sequences};
use tanren_plugin::{Plugin, Source};

/// Sequences of the rows of `of`, and what was chosen: one target for each sequence where all of its rows that have
/// one state the same, else one at each step.
///
/// # Errors
/// When the rows are no sequences.
pub(super) fn sequences(
    of: Plugin<dyn Source>,
    (data, by): (&args::Data, &By),
) -> Result<(Plugin<dyn Source>, Vec<Choice>), Failure> {
    let of = beside(of, by)?;
    let (order, id) = (by.time.clone(), by.series.clone().unwrap_or_default());
    let in_file = Sequences { order, ..Sequences::new(of.clone(), id) };
    let mut tries = vec![in_file.clone()];
    if !data.target.is_empty() {
        // Where some steps lack the target, it is none of the file, which would leave them out.
        let of = set(of, "target", Vec::<String>::new().into())?;
        tries.push(Sequences { of, target: data.target.clone(), ..in_file.clone() });
    }
    for sequences in tries {
        for label in [Label::Sequence, Label::Step] {
            let sequences = Sequences { label, ..sequences.clone() };
            if sequences.open().is_ok() {
                let choices = choices(&sequences);
                return Ok((sequences.into(), choices));
            }
        }
    }
    let failed = in_file.open().map(|_| ());
    let source = in_file.into();
    match failed {
        Err(error) => Err(cannot(&source, data, error)),
        Ok(()) => Ok((source, Vec::new())), // they can be read by now
    }
}

/// What was chosen for sequences, and why.
fn choices(sequences: &Sequences) -> Vec<Choice> {
    let order = match &sequences.order {
        Some(order) => format!("in the order of {order}"),
        None => "in the order of the file".into(),
    };
    let (label, why) = match sequences.label {
        Label::Sequence => ("one target each", "its rows state no other"),
        Label::Step => ("a target at each step", "rows of a sequence differ in it"),
    };
    let choice =
        |what: &str, value: String, why: &str| Choice { what: what.into(), value, why: why.into() };
    vec![
        choice("sequences", format!("rows with the same {}", sequences.id), &order),
        choice("label", label.into(), why),
    ]
}

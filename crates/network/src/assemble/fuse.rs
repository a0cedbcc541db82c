//! A loss meets the node it judges: links are fused, illegal pairs refused.

use tanren_plugin::{Facts, Layer, Link, Loss, Plugin};
use tanren_tensor::{Shape, ShapeError};

/// The layer to use below `loss` instead of `layer`, when the layer ends in the loss's own link.
///
/// `alone` says whether the loss is the only reader of the layer's output.
///
/// # Errors
/// When the pair is illegal: a link applied twice, or a loss whose link expects any number above a
/// layer that cannot give one.
pub(crate) fn fuse(
    loss: &Plugin<dyn Loss>,
    layer: &Plugin<dyn Layer>,
    facts: &Facts,
    alone: bool,
) -> Result<Option<Plugin<dyn Layer>>, ShapeError> {
    let (name, link) = (loss.typetag_name(), loss.link());
    let (least, most) = loss.range();
    if (least, most) != (f64::NEG_INFINITY, f64::INFINITY) {
        // Rounding may lead a little beyond a bound.
        let inside = facts.range.0 >= least - ROUNDING && facts.range.1 <= most + ROUNDING;
        return if inside { Ok(None) } else { Err(unbounded(name, (least, most), facts)) };
    }
    if link == Link::Identity || facts.unbounded() {
        return Ok(None);
    }
    // A term of the layer's own may be one of its outputs.
    let replaceable = facts.link == Some(link) && layer.term().is_none();
    let linear = replaceable.then(|| layer.linear()).flatten();
    let (low, high) = facts.range;
    let expected = format!("a linear output, because {name} applies its own {link:?} link");
    match linear {
        Some(linear) if alone => Ok(Some(linear)),
        Some(_) => Err(ShapeError::new(
            expected,
            "a link whose result is also an input or a target elsewhere",
        )),
        None => Err(ShapeError::new(expected, format!("outputs between {low} and {high}"))),
    }
}

/// By how much a layer's outputs may be beyond a bound.
const ROUNDING: f64 = 1e-6;

/// A layer that gives numbers its loss is not defined for.
fn unbounded(name: &str, (least, most): (f64, f64), facts: &Facts) -> ShapeError {
    let expected = match (least, most) {
        (f64::NEG_INFINITY, most) => format!("outputs of at most {most}, as {name} needs them"),
        (least, most) => format!("outputs between {least} and {most}, as {name} needs them"),
    };
    let (low, high) = facts.range;
    let found = match low == f64::NEG_INFINITY && high == f64::INFINITY {
        true => "a layer that may give any number".to_owned(),
        false => format!("outputs between {low} and {high}"),
    };
    ShapeError::new(expected, found)
}

/// Checks the features and the time axis of an output against its target.
///
/// # Errors
/// When they do not fit, or the loss cannot take such a target.
pub(crate) fn matching(
    loss: &Plugin<dyn Loss>,
    output: Shape,
    target: Shape,
) -> Result<usize, ShapeError> {
    let expected = loss.outputs(target)?;
    if output.features != expected || output.indices {
        let expected = format!("{expected} features, for {target} as the target");
        return Err(ShapeError::new(expected, output));
    }
    if output.sequence != target.sequence {
        let say =
            |sequence| if sequence { "one column per step" } else { "one column per example" };
        let expected = format!("{}, as the target has", say(target.sequence));
        return Err(ShapeError::new(expected, say(output.sequence)));
    }
    Ok(loss.predictions(target, expected))
}

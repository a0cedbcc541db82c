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

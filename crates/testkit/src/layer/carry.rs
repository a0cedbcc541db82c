//! What a recurrent layer passes from segment to segment.

use super::LayerOptions;
use super::case::{Case, Cut};
use super::rig::Rig;
use crate::failure::{Failure, ensure};
use crate::golden::{compare, same_bits};
use tanren_tensor::{Extent, Stream};

const EXAMPLES: usize = 4;
const STEPS: usize = 5;

/// Agreement of two orders of summation in double precision.
const ROUNDING: f64 = 1e-11;

/// Checks the carry of layers that have one: two segments against one, `after`, padding, zeros.
pub(super) fn check(rig: &Rig<'_>, options: &LayerOptions) -> Result<(), Failure> {
    let size = rig.layer.carry(rig.shapes);
    if size == 0 {
        return Ok(());
    }
    ensure(rig.sequential(), "carry", || "a carry without a sequence")?;
    let extent = Extent { examples: EXAMPLES, steps: STEPS };
    let mut draws = Stream::new(options.seed, "testkit/carry").sample(0);
    let mut case = Case::sized(rig, options, extent, true, &mut draws);
    let masked = case.columns.clone();
    for columns in [None, masked] {
        case.columns = columns;
        let at = if case.columns.is_some() { "ragged" } else { "full" };
        segments(rig, &case).map_err(|f| f.at(at))?;
    }

    let padded = Case { columns: Some(vec![0.0; EXAMPLES * STEPS]), ..case.clone() };
    let kept = rig.forward::<f64>(&padded, f64::NAN, None).carry;
    let incoming = case.carry.clone().unwrap_or_default();
    same_bits("carry", &kept, &incoming).map_err(|f| f.at("examples of weight 0 keep theirs"))?;

    let zeros = Case { carry: Some(vec![0.0; size * EXAMPLES]), ..case.clone() };
    let none = Case { carry: None, ..case };
    let (zeros, none) = (
        rig.forward::<f64>(&zeros, f64::NAN, None).output,
        rig.forward::<f64>(&none, f64::NAN, None).output,
    );
    same_bits("carry", &none, &zeros).map_err(|f| f.at("none against a carry of zeros"))
}

fn segments(rig: &Rig<'_>, case: &Case) -> Result<(), Failure> {
    let whole = rig.forward::<f64>(case, f64::NAN, None);
    for middle in 1..STEPS {
        let examples = 0..EXAMPLES;
        let early = Cut { examples: examples.clone(), steps: 0..middle };
        let late = Cut { examples, steps: middle..STEPS };
        let first = rig.forward::<f64>(&case.cut(rig, &early), f64::NAN, None);
        let then = Case { carry: Some(first.carry.clone()), ..case.cut(rig, &late) };
        let second = rig.forward::<f64>(&then, f64::NAN, None);
        let at = |what: &str| {
            let place = format!("{what}, segments of {middle} and {} steps", STEPS - middle);
            move |f: Failure| f.at(place)
        };
        compare("carry", &second.carry, &whole.carry, ROUNDING).map_err(at("left at the end"))?;
        if rig.output.sequence {
            let (y1, y2) = (
                case.output_part(rig, &whole.output, &early),
                case.output_part(rig, &whole.output, &late),
            );
            compare("carry", &first.output, &y1, ROUNDING).map_err(at("output of the first"))?;
            compare("carry", &second.output, &y2, ROUNDING).map_err(at("output of the second"))?;
        } else {
            compare("carry", &second.output, &whole.output, ROUNDING)
                .map_err(at("output of the second"))?;
        }
        let taken = rig.forward::<f64>(case, f64::NAN, Some(middle));
        compare("carry", &taken.carry, &first.carry, ROUNDING)
            .map_err(at("taken `after` the first"))?;
        same_bits("carry", &taken.output, &whole.output)
            .map_err(at("output, carry taken early"))?;
    }
    Ok(())
}

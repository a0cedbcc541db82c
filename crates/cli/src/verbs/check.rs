//! `check`: sanity checks of a recipe, and what to do when one fails.

mod sanity;
mod sequences;

use crate::args;
use crate::failure::Failure;
use crate::input::across_batches::across_batches;
use crate::input::choose;
use crate::input::proportion::proportion;
use crate::input::unfit::unfit;
use crate::output::console::Console;
use crate::output::figures::counted;
use crate::output::report;
use sanity::{ByHeart, Checked, by_heart, gradient, zeros};
use serde_json::json;
use std::fmt::Write as _;
use tanren_trainer::Setup;

/// The exit code when something is wrong.
const WRONG: u8 = 5;

/// Runs the verb and returns the exit code.
pub(crate) fn check(args: &args::Check, console: &mut Console<'_>) -> Result<u8, Failure> {
    let setup = choose(&args.subject, console)?.prepare(console)?;
    let notes = [proportion(&setup), across_batches(&setup)];
    let notes = notes.into_iter().flatten().chain(unfit(&setup, 0));
    notes.for_each(|note| console.note(note));
    let blocks = console.busy("checking the gradient", || gradient(&setup))?;
    let heart = console.busy("overfitting a few rows", || by_heart(&setup))?;
    let right = blocks.iter().flatten().all(|block| block.wrong.is_none());
    let well = right && heart.learnt;
    let zeros = zeros(&setup);
    let text = if args.json {
        report::line(&json!({
            "schema_version": report::SCHEMA_VERSION,
            "status": "completed",
            "passed": well,
            "gradient": blocks,
            "by_heart": heart,
            "zeros": zeros,
        }))
    } else {
        describe(&setup, blocks.as_deref(), &heart, &zeros)
    };
    console.result(&text)?;
    Ok(if well { 0 } else { WRONG })
}

fn describe(
    setup: &Setup,
    blocks: Option<&[Checked]>,
    heart: &ByHeart,
    zeros: &[String],
) -> String {
    let rows = counted(setup.table.rows, "row");
    let mut text = format!("{}: {rows}\n\n", setup.table.name);
    describe_gradient(&mut text, blocks);
    text.push('\n');
    describe_by_heart(&mut text, heart, zeros);
    text
}

fn describe_gradient(text: &mut String, blocks: Option<&[Checked]>) {
    let Some(blocks) = blocks else {
        text.push_str(
            "Gradient check   skipped: the objective has a gradient but no value to compare with\n",
        );
        return;
    };
    let checked: usize = blocks.iter().map(|block| block.checked).sum();
    let wrong: Vec<_> = blocks.iter().filter(|block| block.wrong.is_some()).collect();
    if wrong.is_empty() {
        let _ = writeln!(
            text,
            "Gradient check   passed: {} in {} agree\n                 \
             with finite differences of the loss",
            counted(checked, "derivative"),
            counted(blocks.len(), "parameter block"),
        );
        return;
    }
    let _ = writeln!(
        text,
        "Gradient check   FAILED in {} of {}",
        wrong.len(),
        counted(blocks.len(), "parameter block"),
    );
    for block in wrong {
        let _ = writeln!(text, "  {}: {}", block.name, block.wrong.as_deref().unwrap_or_default());
    }
    text.push_str(
        "  The gradient of a layer, loss or penalty is not the derivative of its value, so training\n  \
         cannot work. Look at plugins of your own first. The mistake is in the last node of the\n  \
         network that is listed here, or between it and the loss.\n",
    );
}

fn describe_by_heart(text: &mut String, heart: &ByHeart, zeros: &[String]) {
    let ByHeart { rows, updates, learnt, score, value, diverged, constant, contradictions } = heart;
    if *learnt {
        let _ = writeln!(
            text,
            "Overfit {}  passed: {score} {:.3} after at most {}\n\n\
             The network can fit these data. Training shows how well it predicts other rows.",
            counted(*rows, "row"),
            value.0,
            counted(*updates as usize, "update"),
        );
        return;
    }
    let _ = writeln!(
        text,
        "Overfit {}  FAILED: {score} {:.3} after {}",
        counted(*rows, "row"),
        value.0,
        counted(*updates as usize, "update"),
    );
    let mut because = |cause: &str| {
        let _ = writeln!(text, "  - {cause}");
    };
    if !zeros.is_empty() {
        because(&format!(
            "These weights start at zero: {}. No signal passes through them, and the units of\n    \
             such a layer stay equal. Choose another `init`, such as he-normal.",
            zeros.join(", ")
        ));
        return;
    }
    if *contradictions > 0 {
        because(&format!(
            "{} of these rows {} equal inputs but different targets: no network\n    \
             can fit both. Is a column missing, or is the target the wrong column?",
            counted(*contradictions, "pair"),
            if *contradictions == 1 { "has" } else { "have" },
        ));
    }
    if *constant {
        because("The target is the same in all these rows: there is nothing to learn.");
    } else if *diverged || value.0 < -1e3 {
        because("The loss diverged: the learning rate is too large. Try a tenth of it.");
    } else if *contradictions == 0 {
        because("The learning rate may be too small or too large: try 10 times and a tenth of it.");
        because("The network may be too small: try twice the units, or one more hidden layer.");
    }
    if !*constant && *contradictions == 0 {
        because("Inputs or targets may need scaling: `inspect` shows their ranges.");
    }
}

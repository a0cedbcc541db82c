//! `check`: first aid for a recipe, and what it means when something is wrong.

use crate::choose::choose;
use crate::console::Console;
use crate::failure::Failure;
use crate::first_aid::{Block, ByHeart, by_heart, gradient};
use crate::{args, report, summary};
use serde_json::json;
use std::fmt::Write as _;
use tanren_trainer::Setup;

/// The exit code when something is wrong.
const WRONG: u8 = 5;

/// Runs the verb; the exit code.
pub(crate) fn check(args: &args::Check, console: &mut Console<'_>) -> Result<u8, Failure> {
    let setup = choose(&args.subject)?.prepare()?;
    let blocks = gradient(&setup)?;
    let heart = by_heart(&setup)?;
    let right = blocks.iter().flatten().all(|block| block.wrong.is_none());
    let well = right && heart.learnt;
    let text = if args.json {
        report::line(&json!({
            "schema_version": report::SCHEMA_VERSION,
            "status": "completed",
            "passed": well,
            "gradient": blocks,
            "by_heart": heart,
        }))
    } else {
        describe(&setup, blocks.as_deref(), &heart)
    };
    console.result(&text)?;
    Ok(if well { 0 } else { WRONG })
}

fn describe(setup: &Setup, blocks: Option<&[Block]>, heart: &ByHeart) -> String {
    let rows = summary::counted(setup.table.rows, "row");
    let mut text = format!("{}: {rows}\n\n", setup.table.name);
    describe_gradient(&mut text, blocks);
    text.push('\n');
    describe_by_heart(&mut text, heart);
    text
}

fn describe_gradient(text: &mut String, blocks: Option<&[Block]>) {
    let Some(blocks) = blocks else {
        text.push_str("Gradient   not checked: the objective has no value to compare it with\n");
        return;
    };
    let checked: usize = blocks.iter().map(|block| block.checked).sum();
    let wrong: Vec<_> = blocks.iter().filter(|block| block.wrong.is_some()).collect();
    if wrong.is_empty() {
        let _ = writeln!(
            text,
            "Gradient   right: {checked} numbers in {} blocks agree with differences of the loss",
            blocks.len()
        );
        return;
    }
    let _ = writeln!(text, "Gradient   WRONG in {} of {} blocks", wrong.len(), blocks.len());
    for block in wrong {
        let _ = writeln!(text, "  {}: {}", block.name, block.wrong.as_deref().unwrap_or_default());
    }
    text.push_str(
        "  A layer, loss or penalty computes a gradient that is not the derivative of its value.\n  \
         Nothing else can work before that is mended: look at plugins of your own first. The\n  \
         mistake is in the node that is named last in the network, or behind it.\n",
    );
}

fn describe_by_heart(text: &mut String, heart: &ByHeart) {
    let ByHeart { rows, updates, learnt, score, value, diverged, constant, contradictions } = heart;
    if *learnt {
        let _ = writeln!(
            text,
            "By heart   learnt: {rows} rows in at most {updates} updates ({score} {:.3})\n\n\
             The network can learn from these data. Whether it also does well on rows it has not\n\
             seen is for training to show.",
            value.0
        );
        return;
    }
    let _ = writeln!(
        text,
        "By heart   NOT LEARNT: {rows} rows after {updates} updates ({score} {:.3})",
        value.0
    );
    let mut because = |cause: &str| {
        let _ = writeln!(text, "  - {cause}");
    };
    if *contradictions > 0 {
        because(&format!(
            "{contradictions} pairs of these rows have equal inputs and different targets: no\n    \
             network can learn both. Are columns missing, or is the target the wrong one?"
        ));
    }
    if *constant {
        because("The target is the same in all these rows: there is nothing to learn.");
    } else if *diverged || value.0 < -1e3 {
        because("The loss grew beyond all bounds: the rate is too large. Try a tenth of it.");
    } else if *contradictions == 0 {
        because("The rate may be too small or too large: try ten times and a tenth of it.");
        because("The network may be too small: try twice the units, or one more layer.");
    }
    if !*constant && *contradictions == 0 {
        because("Inputs or targets may need normalising: `inspect` shows their ranges.");
    }
}

//! `audit`: input columns that say nothing or too much: row numbers, copies of the target, equal ones.
//!
//! What cannot help is left out, what is suspicious is said. A column that the settings name stays.

mod columns;
mod far_times;
mod leak;
mod places;

pub(crate) use places::audit_places;

use columns::{Facts, facts, retain};
use leak::{Leak, leak, trend};
use std::collections::HashMap;
use tanren_plugin::{Cycle, Feature, Field, Table, Values};

/// Fewer rows than this prove nothing.
const ENOUGH: usize = 20;

/// A target that correlates so much with the number of the row has a trend.
const TREND: f64 = 0.9;

/// Why numbers of rows are left out.
const NUMBERS: &str = "it numbers the rows (name it in `numbers` to keep it)";

/// Columns that are compared with each other, at most.
const COMPARED: usize = 2000;

/// Levels that are named in a note, at most.
const SHOWN: usize = 5;

/// Leaves out of the first input what cannot help, and notes what is suspicious. Columns that `keeps`
/// holds of stay.
pub(crate) fn audit(table: &mut Table, keeps: impl Fn(&str) -> bool) {
    let enough = table.rows >= ENOUGH;
    let mut notes: Vec<String> =
        table.targets.iter().filter(|_| enough).flat_map(rare_classes).collect();
    let Some(field) = table.inputs.first() else { return };
    let features = &field.spec.features;
    let facts: Vec<Facts> = (0..features.len()).map(|at| facts(field, at)).collect();
    let stays = |feature: &Feature| keeps(feature.column());
    let mut keep = vec![true; features.len()];

    times(features, &facts, &mut keep, &mut notes);
    let mut left_out = Vec::new();
    let columns = features.iter().zip(&facts).enumerate();
    for (at, (feature, facts)) in columns.filter(|(_, (feature, _))| enough && !stays(feature)) {
        let name = feature.column();
        let asked = table.targets.iter().filter(|_| !columns::is_time(feature));
        let leak = asked.map(|target| leak(field, at, target)).max().unwrap_or(Leak::No);
        let plain = !feature.is_category() && feature.origin.is_none();
        let counts = facts.counts_rows && !is_time(name) && facts.starts_low();
        let trends = || {
            let mut trends = table.targets.iter().filter_map(|target| trend(field, at, target));
            trends.any(|trend| trend.abs() > TREND)
        };
        if leak == Leak::Copy {
            left_out.push((at, name, "it is a copy of the target"));
        } else if plain && is_id(name) && (facts.counts_rows || facts.all_differ) {
            let why = match facts.counts_rows {
                true => NUMBERS,
                false => {
                    "it is a number of its own in every row, as its name says (name it in `numbers` \
                     to keep it)"
                }
            };
            left_out.push((at, name, why));
        } else if leak == Leak::Near {
            notes.push(format!(
                "column {name}: the target follows from it in nearly every row; if it is not known \
                 when predictions are made, name it in `ignore`"
            ));
        } else if plain && counts && trends() {
            notes.push(format!(
                "column {name}: it numbers the rows, but the target rises or falls with it, so it stays; \
                 name it in `ignore` if that is due to the order of the rows alone"
            ));
        } else if plain && counts {
            left_out.push((at, name, NUMBERS));
        }
    }
    let left = keep.iter().filter(|keep| **keep).count();
    // Without any input there is nothing to learn from.
    let others = left > left_out.len();
    let done = match left_out.len() {
        _ if others => "left out",
        1 => "is the only input",
        _ => "is one of the only inputs",
    };
    for (at, name, why) in left_out {
        if let Some(keep) = keep.get_mut(at).filter(|_| others) {
            *keep = false;
        }
        notes.push(format!("column {name} {done}: {why}"));
    }
    let kept = keep.iter().enumerate().filter(|(_, keep)| **keep);
    notes.extend(kept.filter_map(|(at, _)| far_times::note(field, at)));
    if enough && features.len() <= COMPARED {
        notes.extend(equal(features, &facts, &keep));
    }
    if keep.contains(&false)
        && let Some(field) = table.inputs.first_mut()
    {
        retain(field, &keep);
    }
    table.notes.extend(notes);
}

/// Leaves out the cycles in which a time stands still, and says which are left.
fn times(features: &[Feature], facts: &[Facts], keep: &mut [bool], notes: &mut Vec<String>) {
    let cycles = features.iter().zip(facts).zip(keep);
    let mut last: Option<(&str, Vec<&str>, bool)> = None;
    let mut say = |last: &mut Option<(&str, Vec<&str>, bool)>| {
        if let Some((column, cycles, _)) = last.take()
            && !cycles.is_empty()
        {
            let cycles = cycles.join(" and ");
            notes.push(format!("column {column}: its place in the {cycles} is an input, too"));
        }
    };
    for ((feature, facts), keep) in cycles {
        let Some(origin) = &feature.origin else { continue };
        let Some(cycle) = origin.cycle else {
            say(&mut last);
            last = Some((&origin.column, Vec::new(), facts.same_day_of_month));
            continue;
        };
        let Some((column, cycles, monthly)) = &mut last else { continue };
        if *column != origin.column {
            continue;
        }
        let (name, weekly) = match cycle {
            Cycle::YearSin | Cycle::YearCos => ("year", false),
            Cycle::WeekSin | Cycle::WeekCos => ("week", true),
            Cycle::DaySin | Cycle::DayCos => ("day", false),
        };
        if facts.is_still() || weekly && *monthly {
            *keep = false;
        } else if cycles.last() != Some(&name) {
            cycles.push(name);
        }
    }
    say(&mut last);
}

/// Pairs of columns that are equal in every row, but perhaps for the names of their levels.
fn equal(features: &[Feature], facts: &[Facts], keep: &[bool]) -> Vec<String> {
    let mut first = HashMap::new();
    let columns = features.iter().zip(facts).zip(keep).filter(|(_, keep)| **keep);
    let plain = columns.filter(|((f, _), _)| f.origin.as_ref().is_none_or(|o| o.cycle.is_none()));
    let twins = plain.filter_map(|((feature, facts), _)| {
        let key = (facts.same, feature.is_category());
        let before: &Feature = first.entry(key).or_insert(feature);
        let are = match before.levels == feature.levels {
            true => "are equal in every row",
            false => "correspond in every row: each value of one stands beside one of the other",
        };
        let (before, name) = (&before.name, &feature.name);
        (before != name).then(|| format!("columns {before} and {name} {are}"))
    });
    twins.take(SHOWN).collect()
}

/// Whether a name says that a column tells rows apart.
fn is_id(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words =
        ["id", "index", "row", "rowid", "row_id", "row_name", "rownames", "no", "no.", "nr", "#"];
    words.contains(&lower.as_str())
        || lower.starts_with("unnamed: ")
        || lower.ends_with("_id")
        || lower.ends_with(" id")
        || name.ends_with("Id") && !lower.ends_with("paid")
        || name.len() > 2 && name.ends_with("ID")
}

/// Whether a name says that a column is a time, which goes on from row to row as numbers of rows do.
fn is_time(name: &str) -> bool {
    const TIMES: [&str; 14] = [
        "year", "month", "week", "day", "hour", "minute", "second", "time", "date", "quarter",
        "period", "step", "epoch", "age",
    ];
    let lower = name.to_lowercase();
    lower == "t" || TIMES.iter().any(|time| lower.contains(time))
}

/// Classes that have a single row.
fn rare_classes(target: &Field) -> Vec<String> {
    let Field { spec, values: Values::Indices(classes), .. } = target else {
        return Vec::new();
    };
    let mut counts = vec![0_usize; spec.levels.len()];
    for &class in classes {
        if let Some(count) = counts.get_mut(class as usize) {
            *count += 1;
        }
    }
    let alone = counts.iter().zip(&spec.levels).filter(|(count, _)| **count == 1);
    let alone: Vec<&str> = alone.map(|(_, level)| level.as_str()).collect();
    let more = alone.len().saturating_sub(SHOWN);
    let mut names: Vec<String> = alone.iter().take(SHOWN).map(|name| format!("{name:?}")).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let have = if alone.len() == 1 { "class has" } else { "classes have" };
    match names.is_empty() {
        true => Vec::new(),
        false => vec![format!(
            "target {}: {} {have} a single row, {}: too few to learn and to test by",
            spec.name,
            alone.len(),
            names.join(", ")
        )],
    }
}

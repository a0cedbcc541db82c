//! What plugins say about themselves: every plugin of ours has a description, so has every setting, and
//! a number just outside its range is refused with the range that is described.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Included, Unbounded};
use tanren::plugin::engine::{example, names};
use tanren::plugin::{
    About, Activation, Constraint, Direction, Init, Kind, Layer, Loss, Metric, Named, Normalizer,
    Pace, Penalty, Plugin, Range, Schedule, Search, Setting, SettingType, Source, Split, Stopping,
    Updater, WeightNoise,
};
use tanren::prelude::*;
use toml::Value;

#[test]
fn every_plugin_describes_itself_and_keeps_its_word() {
    let tested = [
        described::<dyn Activation>(),
        described::<dyn Constraint>(),
        described::<dyn Direction>(),
        described::<dyn Init>(),
        described::<dyn Layer>(),
        described::<dyn Loss>(),
        described::<dyn Metric>(),
        described::<dyn Normalizer>(),
        described::<dyn Pace>(),
        described::<dyn Penalty>(),
        described::<dyn Schedule>(),
        described::<dyn Search>(),
        described::<dyn Source>(),
        described::<dyn Split>(),
        described::<dyn Stopping>(),
        described::<dyn Updater>(),
        described::<dyn WeightNoise>(),
    ];
    // A family that a recipe or a plugin can hold is tested.
    let mut open = vec![Recipe::kind(Range::ANY)];
    while let Some(kind) = open.pop() {
        match kind {
            Kind::Plugin(family) | Kind::Aimed(family, _) => {
                assert!(tested.contains(&family), "{family}")
            }
            Kind::List(kind) | Kind::Map(kind) | Kind::Tagged(_, _, kind) => open.push(*kind),
            Kind::Either(kinds) => open.extend(kinds),
            Kind::Table(about) => {
                assert!(!about.summary.is_empty());
                open.extend(about.settings.into_iter().map(|setting| {
                    assert!(!setting.summary.is_empty(), "{}", setting.name);
                    setting.kind
                }));
            }
            _ => {}
        }
    }
}

/// Tests every plugin of a family; its name.
fn described<P: ?Sized + Named + Serialize>() -> &'static str
where
    Box<P>: DeserializeOwned,
{
    for name in names::<P>().into_iter().filter(|name| !name.contains('/')) {
        let plugin = example::<P>(name).unwrap_or_else(|| panic!("{name}: no example"));
        let about = plugin.about().unwrap_or_else(|| panic!("{name}: no description"));
        assert!(!about.summary.is_empty(), "{name}");
        let distinct: BTreeSet<_> = about.settings.iter().map(|setting| setting.name).collect();
        assert_eq!(distinct.len(), about.settings.len(), "{name}");
        let Ok(Value::Table(mut table)) = Value::try_from(&plugin) else { panic!("{name}") };
        for setting in &about.settings {
            assert!(!setting.summary.is_empty(), "{name}.{}", setting.name);
            if let (Some(value), false) = (possible(&setting.kind), setting.optional) {
                table.insert(setting.name.into(), value);
            }
        }
        for setting in &about.settings {
            for (value, said) in impossible(&setting.kind) {
                let mut spoilt = table.clone();
                spoilt.insert(setting.name.into(), value.clone());
                let read = Value::Table(spoilt).try_into::<Plugin<P>>();
                let error = read.err().unwrap_or_else(|| panic!("{name}: accepts {value}"));
                let expected = format!("{}: expected {said}, found", setting.name);
                assert!(error.to_string().contains(&expected), "{name}: {error}, not {expected}");
            }
        }
    }
    P::FAMILY
}

/// A number in a range that has bounds.
fn possible(kind: &Kind) -> Option<Value> {
    match kind {
        Kind::Whole(Range { low: Included(low), .. }) => Some(Value::Integer(*low as i64)),
        Kind::Number(Range { low: Included(x), .. } | Range { high: Included(x), .. }) => {
            Some(Value::Float(*x))
        }
        Kind::Number(Range { low: Excluded(x), high: Unbounded }) => Some(Value::Float(x + 1.0)),
        Kind::Number(Range { low: Excluded(x), high: Excluded(y) }) => {
            Some(Value::Float((x + y) / 2.0))
        }
        _ => None,
    }
}

/// Numbers just outside a range, and the words for it.
fn impossible(kind: &Kind) -> Vec<(Value, String)> {
    match kind {
        // A number or a schedule of numbers.
        Kind::Either(kinds) if matches!(kinds[..], [Kind::Number(_), Kind::Plugin("schedule")]) => {
            impossible(&kinds[0])
        }
        Kind::Number(range) => {
            let low = match range.low {
                Included(low) => Some(low.next_down()),
                Excluded(low) => Some(low),
                Unbounded => None,
            };
            let high = match range.high {
                Included(high) => Some(high.next_up()),
                Excluded(high) => Some(high),
                Unbounded => None,
            };
            let never = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(Some);
            let all = never.into_iter().chain([low, high]).flatten();
            all.map(|x| (Value::Float(x), range.to_string())).collect()
        }
        Kind::Whole(range) => {
            let low = match range.low {
                Included(low) => Some(low - 1.0),
                _ => None,
            };
            let high = match range.high {
                Included(high) => Some(high + 1.0),
                _ => None,
            };
            // What is below 0 is no whole number that fits the type.
            let all = [low.filter(|low| *low >= 0.0), high].into_iter().flatten();
            all.map(|x| (Value::Integer(x as i64), range.whole())).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn a_description_without_numbers_is_told_apart() {
    let setting = Setting::of::<Option<bool>>("sure", "Whether it is.", false, Range::ANY);
    assert!(setting.optional && setting.kind == Kind::Truth);
    let about = About { summary: "Nothing.", settings: vec![setting] };
    assert_eq!(Kind::Table(about.clone()).table(), Some(about));
    assert_eq!(Kind::Truth.table(), None);
}

//! `--set KEY=VALUE`: a change of a recipe's tree.

use super::decode::decode;
use super::json::tree_of;
use super::mistake::Mistake;
use super::node::{Key, Node, ON, Place, TYPE, Value};
use super::path::{self, SOURCE, Step};
use super::{toml, typed};
use crate::catalogue::{Entry, families};
use crate::failure::{Failure, Kind};
use crate::files::paths;
use std::path::Path;
use tanren_plugin::{Plugin, Source};

/// Makes one change. The key is a path into tables and lists; the value is one of TOML, or else
/// a list or text without quotes. Gives back the name of a plugin whose place a number takes: of a schedule.
pub(super) fn apply(root: &mut Node, argument: &str) -> Result<Option<String>, Mistake> {
    let place = Place::Set(argument.into());
    let (steps, text) = path::split(argument).ok_or_else(|| {
        let example = "expected KEY=VALUE, such as training.epochs=10 or network.layers.0.units=64";
        Mistake::at(place.clone(), example)
    })?;
    let mut value = toml::parse_value(text.trim()).unwrap_or_else(|| {
        // JSON and YAML hold whole numbers that TOML does not.
        let number = text.trim();
        let value = match (number.parse::<u64>(), number.parse::<f64>()) {
            (Ok(whole), _) => Value::Whole(whole.into()),
            (_, Ok(real)) if number.bytes().all(|b| b.is_ascii_digit()) => Value::Real(real),
            _ => typed::list(text).unwrap_or_else(|| Value::Text(text.to_owned())),
        };
        Node::new(Place::Nowhere, value)
    });
    value.move_to(&place);

    let mut node = root;
    let mut path = String::new();
    let last = steps.len().saturating_sub(1);
    for (i, step) in steps.iter().enumerate() {
        if i == last && step.name == TYPE {
            change_type(node, &value);
        }
        node = down(node, step, &path, &place)?;
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&step.name);
    }
    let number = matches!(value.value, Value::Whole(_) | Value::Real(_));
    let replaced = match node.child(TYPE).map(|name| &name.value) {
        Some(Value::Text(name)) if number => Some(name.clone()),
        _ => None,
    };
    *node = value;
    Ok(replaced)
}

/// The settings of a plugin are its own: they go with its type. Where it works is not.
fn change_type(plugin: &mut Node, name: &Node) {
    if let Value::Table(entries) = &mut plugin.value
        && entries.iter().any(|(key, value)| key.name == TYPE && value.value != name.value)
    {
        entries.retain(|(key, _)| key.name == ON);
    }
}

/// What is one step down, made where it is not there yet. A name that nobody knows is found when
/// the recipe is decoded, which knows the right ones.
fn down<'a>(
    node: &'a mut Node,
    step: &Step,
    path: &str,
    place: &Place,
) -> Result<&'a mut Node, Mistake> {
    let wrong = |message: String| Mistake { place: place.clone(), path: path.to_owned(), message };
    let empty = || Node::new(place.clone(), Value::Null);
    let kind = node.kind();
    let (step, index) = (step.name.as_str(), step.index());
    match &mut node.value {
        // A plugin by its bare name is one without settings so far.
        Value::Text(name) if step != TYPE => {
            let name = Node::new(node.place.clone(), Value::Text(std::mem::take(name)));
            let key = Key { place: node.place.clone(), name: TYPE.into() };
            node.value = Value::Table(vec![(key, name)]);
        }
        Value::Null if index.is_some() => node.value = Value::List(Vec::new()),
        Value::Text(_) | Value::Null => node.value = Value::Table(Vec::new()),
        _ => {}
    }
    match &mut node.value {
        Value::List(items) => {
            let count = items.len();
            let index = index.filter(|&index| index <= count).ok_or_else(|| {
                let items = if count == 1 { "item" } else { "items" };
                wrong(format!(
                    "expected an index from 0 to {count} (the list has {count} {items}; {count} adds \
                     one), found {step:?}"
                ))
            })?;
            if index == count {
                items.push(empty());
            }
            items.get_mut(index).ok_or_else(|| wrong("no such item".into()))
        }
        Value::Table(entries) => {
            let known = entries.iter().position(|(key, _)| key.name == step);
            let index = known.unwrap_or(entries.len());
            if known.is_none() {
                entries.push((Key { place: place.clone(), name: step.to_owned() }, empty()));
            }
            let entry = entries.get_mut(index).map(|(_, value)| value);
            entry.ok_or_else(|| wrong("no such setting".into()))
        }
        _ => Err(wrong(format!("expected a table with a setting {step:?}, found {kind}"))),
    }
}

/// A mistake, with all settings that a plugin requires whose type was changed: those it had belonged to the
/// type before.
pub(super) fn typed_anew(mut mistake: Mistake, root: &Node, sets: &[String]) -> Mistake {
    let Some(missing) = mistake.message.strip_prefix("missing: ").map(str::to_owned) else {
        return mistake;
    };
    let (path, setting) = missing.rsplit_once('.').unwrap_or_default();
    let changed = format!("{path}.{TYPE}");
    let ours = |set: &&String| {
        let steps = path::split(set).map(|(steps, _)| steps).unwrap_or_default();
        let names: Vec<_> = steps.iter().map(|step| step.name.as_str()).collect();
        names.join(".") == changed.replace('[', ".").replace(']', "")
    };
    let plugin = path.replace('[', ".").replace(']', "");
    let plugin = plugin.split('.').try_fold(root, |node, step| node.child(step));
    let name = plugin.and_then(|node| node.child(TYPE)).map(|name| &name.value);
    let (Some(Value::Text(name)), Some(_)) = (name, sets.iter().find(ours)) else { return mistake };
    let required = |entry: &Entry| -> Vec<&'static str> {
        let settings = entry.about.iter().flat_map(|about| &about.settings);
        settings.filter(|setting| !setting.optional).map(|setting| setting.name).collect()
    };
    let families = families();
    let mut named = families.iter().flat_map(|family| &family.plugins).filter(|p| p.name == name);
    let needs =
        named.find_map(|plugin| Some(required(plugin)).filter(|all| all.contains(&setting)));
    let Some(needs) = needs else { return mistake };
    let typed: Vec<_> = needs.iter().map(|one| format!("--set {path}.{one}=…")).collect();
    mistake.message += &format!(
        "; a change of the type drops the settings of the type before, and {name} requires {}: {}",
        needs.join(", "),
        typed.join(" ")
    );
    mistake
}

/// A mistake, with what to type where a name with a dot was taken for two steps of a path.
pub(super) fn dotted(mut mistake: Mistake) -> Mistake {
    if let Place::Set(argument) = &mistake.place
        && mistake.message.ends_with(", found a table")
        && let Some((parent, _)) = mistake.path.rsplit_once('.')
        && let Some((key, value)) = argument.split_once('=')
        && let Some(name) = key.trim().strip_prefix(parent).and_then(|rest| rest.strip_prefix('.'))
        && name.contains('.')
    {
        let right = format!("{parent}.{}={value}", toml::key(name));
        let right = paths::quoted(Path::new(&right));
        mistake.message += &format!("; a name with a dot stands in quotes: --set {right}");
    }
    mistake
}

/// Changes the settings of a source that `sets` has any for, before its data are opened. Gives it
/// back with the changes that are for the rest of the recipe.
pub(crate) fn set_source(
    source: Plugin<dyn Source>,
    sets: &[String],
) -> Result<(Plugin<dyn Source>, Vec<String>), Failure> {
    let ours = |set: &String| {
        let rest = set.trim_start().strip_prefix(SOURCE);
        rest.is_some_and(|rest| rest.trim_start().starts_with(['.', '[', '=']))
    };
    let (sets, others): (Vec<_>, Vec<_>) = sets.iter().cloned().partition(ours);
    if sets.is_empty() {
        return Ok((source, others));
    }
    let mut node = tree_of(&source).map_err(|e| Failure::new(Kind::Recipe, e))?;
    for name in SOURCE.rsplit('.') {
        let key = Key { place: Place::Nowhere, name: name.to_owned() };
        node = Node::new(Place::Nowhere, Value::Table(vec![(key, node)]));
    }
    let fail = |mistake: Mistake| dotted(mistake).failure("", "");
    for set in &sets {
        apply(&mut node, set).map_err(fail)?;
    }
    let source = SOURCE.split('.').try_fold(&node, |node, step| node.child(step));
    let source = source.ok_or_else(|| Failure::new(Kind::Recipe, format!("missing: {SOURCE}")))?;
    Ok((decode(source, SOURCE).map_err(fail)?, others))
}

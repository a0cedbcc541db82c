//! A plugin as text: JSON, TOML and YAML give it back, unknown keys are refused, and its bare name
//! is read exactly when every setting has a default.

use crate::failure::{self, Failure, ensure};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::fmt::Display;
use tanren_plugin::{Named, Plugin};

const UNKNOWN: &str = "no-such-key";

/// TOML wants a table at the top.
#[derive(Serialize, Deserialize)]
#[serde(bound(serialize = "P: Serialize", deserialize = "P: Named, Box<P>: DeserializeOwned"))]
struct Wrap<P: ?Sized> {
    plugin: Plugin<P>,
}

/// Asserts that a plugin survives as text; see [`check`].
///
/// # Panics
/// When it does not.
#[track_caller]
pub fn round_trip<P: ?Sized + Named + Serialize>(plugin: &Plugin<P>)
where
    Box<P>: DeserializeOwned,
{
    failure::assert(check(plugin));
}

/// Checks:
///
/// * every setting is in its range;
/// * its name and those of its settings are in kebab-case, the name perhaps with its author before it
///   (`acme/max-norm`) and, as that of a score, with underscores; no setting is called `on`, which is
///   where a recipe aims a plugin;
/// * plugin → JSON → plugin → TOML → plugin → YAML → plugin, the same settings throughout;
/// * the key `no-such-key`, in this plugin or one inside it, is refused by name in all three;
/// * the bare name is read exactly when `{ type = name }` is, as the same plugin.
///
/// # Errors
/// The first format that breaks a rule.
pub fn check<P: ?Sized + Named + Serialize>(plugin: &Plugin<P>) -> Result<(), Failure>
where
    Box<P>: DeserializeOwned,
{
    let settings = value(plugin)?;
    let name = settings.get("type").and_then(Value::as_str);
    let name = name.ok_or_else(|| Failure::new("tag", format!("no `type` in {settings}")))?;

    plugin.check().map_err(|error| Failure::new("settings", error))?;

    names(name, &settings)?;

    let mut current = plugin.clone();
    for format in [Format::Json, Format::Toml, Format::Yaml] {
        let text = format.write(&current)?;
        current = format.read(&text).map_err(|error| {
            Failure::new("round-trip", format!("{format:?} does not read `{text}`: {error}"))
        })?;
        let back = value(&current)?;
        ensure(back == settings, "round-trip", || {
            format!("{settings} became {back} by way of {format:?}, written as `{text}`")
        })?;
    }
    unknown::<P>(&settings)?;
    bare::<P>(name)
}

/// Whether a name is in kebab-case.
fn kebab(name: &str) -> bool {
    let part = |part: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        !part.is_empty() && part.chars().all(plain)
    };
    name.split('-').all(part)
}

/// The name of a plugin and those of its settings; a plugin inside is another matter.
fn names(name: &str, settings: &Value) -> Result<(), Failure> {
    let right = name.split('/').count() <= 2 && name.replace('_', "-").split('/').all(kebab);
    ensure(right, "names", || format!("the name {name:?} is neither `name` nor `author/name`"))?;
    for setting in settings.as_object().into_iter().flat_map(Map::keys) {
        ensure(kebab(setting), "names", || {
            format!("the setting {setting:?} is not in kebab-case: serde has `rename_all` for that")
        })?;
        ensure(
            setting != "on",
            "names",
            || "a setting is called `on`, the key with which a recipe aims a plugin",
        )?;
    }
    Ok(())
}

fn value<P: ?Sized + Serialize>(plugin: &Plugin<P>) -> Result<Value, Failure> {
    serde_json::to_value(plugin).map_err(|error| Failure::new("round-trip", error))
}

#[derive(Clone, Copy, Debug)]
enum Format {
    Json,
    Toml,
    Yaml,
}

impl Format {
    /// Any value as text.
    fn text(self, value: &impl Serialize) -> Result<String, Failure> {
        let failed = |error: &dyn Display| {
            Failure::new("round-trip", format!("cannot be written as {self:?}: {error}"))
        };
        match self {
            Self::Json => serde_json::to_string(value).map_err(|e| failed(&e)),
            Self::Toml => toml::to_string(value).map_err(|e| failed(&e)),
            Self::Yaml => serde_saphyr::to_string(value).map_err(|e| failed(&e)),
        }
    }

    fn write<P: ?Sized + Named + Serialize>(self, plugin: &Plugin<P>) -> Result<String, Failure> {
        self.text(&Wrap { plugin: plugin.clone() })
    }

    fn read<P: ?Sized + Named>(self, text: &str) -> Result<Plugin<P>, String>
    where
        Box<P>: DeserializeOwned,
    {
        let read = match self {
            Self::Json => serde_json::from_str::<Wrap<P>>(text).map_err(|e| e.to_string()),
            Self::Toml => toml::from_str::<Wrap<P>>(text).map_err(|e| e.to_string()),
            Self::Yaml => serde_saphyr::from_str::<Wrap<P>>(text).map_err(|e| e.to_string()),
        };
        read.map(|wrap| wrap.plugin)
    }
}

/// Reads `settings` in one format.
fn read<P: ?Sized + Named>(
    format: Format,
    settings: &Value,
) -> Result<Result<Plugin<P>, String>, Failure>
where
    Box<P>: DeserializeOwned,
{
    let text = format.text(&json!({ "plugin": without_null(settings) }))?;
    Ok(format.read(&text))
}

/// TOML has no null: a setting that is absent is left out.
fn without_null(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, v)| !v.is_null());
            Value::Object(kept.map(|(k, v)| (k.clone(), without_null(v))).collect())
        }
        Value::Array(items) => items.iter().map(without_null).collect(),
        other => other.clone(),
    }
}

/// `settings` with an unknown key in the `which`-th plugin inside it, counted from the outside;
/// `None` when there are not so many.
fn spoiled(settings: &Value, which: &mut usize) -> Option<Value> {
    match settings {
        Value::Object(map) => {
            if map.contains_key("type") {
                if *which == 0 {
                    let mut map = map.clone();
                    map.insert(UNKNOWN.into(), json!(1));
                    return Some(Value::Object(map));
                }
                *which -= 1;
            }
            map.iter().find_map(|(key, inner)| {
                let inner = spoiled(inner, which)?;
                let mut map: Map<String, Value> = map.clone();
                map.insert(key.clone(), inner);
                Some(Value::Object(map))
            })
        }
        Value::Array(items) => items.iter().enumerate().find_map(|(i, inner)| {
            let mut items = items.clone();
            items[i] = spoiled(inner, which)?;
            Some(Value::Array(items))
        }),
        _ => None,
    }
}

fn unknown<P: ?Sized + Named + Serialize>(settings: &Value) -> Result<(), Failure>
where
    Box<P>: DeserializeOwned,
{
    for which in 0.. {
        let Some(spoiled) = spoiled(settings, &mut { which }) else {
            break;
        };
        for format in [Format::Json, Format::Toml, Format::Yaml] {
            match read::<P>(format, &spoiled)? {
                Ok(_) => {
                    let message = format!("{format:?} accepts {spoiled}");
                    return Err(Failure::new("unknown-key", message));
                }
                Err(error) => ensure(error.contains(UNKNOWN), "unknown-key", || {
                    format!("{format:?} refuses {spoiled} without naming the key: {error}")
                })?,
            }
        }
    }
    Ok(())
}

fn bare<P: ?Sized + Named + Serialize>(name: &str) -> Result<(), Failure>
where
    Box<P>: DeserializeOwned,
{
    for format in [Format::Json, Format::Toml, Format::Yaml] {
        let (table, bare) = (json!({ "type": name }), json!(name));
        match (read::<P>(format, &table)?, read::<P>(format, &bare)?) {
            (Ok(table), Ok(bare)) => {
                let (table, bare) = (value(&table)?, value(&bare)?);
                ensure(table == bare, "bare-name", || {
                    format!("{format:?} reads the bare name as {bare}, the table as {table}")
                })?;
            }
            (Err(_), Err(_)) => {}
            (table, bare) => {
                let said = |r: Result<_, String>| r.map_or_else(|e| e, |_| "accepted".into());
                let (table, bare) = (said(table.map(drop)), said(bare.map(drop)));
                let message = format!("{format:?}, table: {table}; bare name: {bare}");
                return Err(Failure::new("bare-name", message));
            }
        }
    }
    Ok(())
}

//! A JSON Schema of recipes (draft 2020-12), from what the recipe and all plugins say about their
//! settings: an editor completes and checks a recipe by it.

use super::{Entry, Family};
use serde_json::{Map, Value, json};
use std::ops::Bound;
use tanren_plugin::{About, Kind, Range, SettingType};
use tanren_trainer::Recipe;

/// The schema.
pub(crate) fn recipe(families: &[Family]) -> Value {
    let mut definitions = Map::new();
    let recipe = Recipe::kind(Range::ANY);
    for family in families {
        definitions.insert(family.name.into(), plugins(family, None));
        if let Some(on) = aim(&recipe, family.name) {
            definitions.insert(aimed(family.name), plugins(family, Some(&of(on))));
        }
    }
    let Value::Object(mut schema) = of(&recipe) else { return Value::Null };
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".into(), json!("A recipe of tanren"));
    prune(&schema.clone().into(), &mut definitions);
    schema.insert("$defs".into(), definitions.into());
    schema.into()
}

/// How the aim of a family is written, where a recipe can aim it.
fn aim<'a>(kind: &'a Kind, name: &str) -> Option<&'a Kind> {
    match kind {
        Kind::Aimed(family, on) => (*family == name).then_some(on),
        Kind::List(kind) | Kind::Map(kind) | Kind::Tagged(_, _, kind) => aim(kind, name),
        Kind::Either(kinds) => kinds.iter().find_map(|kind| aim(kind, name)),
        Kind::Table(about) => about.settings.iter().find_map(|setting| aim(&setting.kind, name)),
        _ => None,
    }
}

/// Removes the definitions that nothing refers to.
fn prune(schema: &Value, definitions: &mut Map<String, Value>) {
    let (mut open, mut used) = (vec![schema.clone()], Vec::new());
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(entries) => {
                for (key, value) in entries {
                    let name = value.as_str().and_then(|at| at.strip_prefix(DEFINITIONS));
                    match name.filter(|_| key == "$ref") {
                        Some(name) if !used.iter().any(|known| known == name) => {
                            used.push(name.to_owned());
                            open.extend(definitions.get(name).cloned());
                        }
                        _ => open.push(value),
                    }
                }
            }
            _ => {}
        }
    }
    definitions.retain(|name, _| used.contains(name));
}

const DEFINITIONS: &str = "#/$defs/";

fn aimed(family: &str) -> String {
    format!("aimed-{family}")
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{DEFINITIONS}{name}") })
}

/// Any plugin of a family: a name, or a table with its type and settings, and with `on` where it can be
/// aimed.
fn plugins(family: &Family, on: Option<&Value>) -> Value {
    let bare = family.plugins.iter().filter(|plugin| plugin.bare());
    let bare: Vec<Value> =
        bare.map(|plugin| described(json!({ "const": plugin.name }), plugin.summary())).collect();
    let tables = family.plugins.iter().map(|plugin| plugin_table(plugin, on));
    let all: Vec<Value> = bare.into_iter().chain(tables).collect();
    // There is no choice of nothing.
    if all.is_empty() { json!(false) } else { json!({ "anyOf": all }) }
}

impl Entry {
    fn summary(&self) -> &'static str {
        self.about.as_ref().map_or("", |about| about.summary)
    }
}

fn plugin_table(plugin: &Entry, on: Option<&Value>) -> Value {
    let Some(about) = &plugin.about else {
        return json!({
            "type": "object",
            "properties": { "type": { "const": plugin.name } },
            "required": ["type"],
        });
    };
    let mut schema = table(about, |setting| plugin.default(setting).cloned());
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.insert("type".into(), json!({ "const": plugin.name }));
        properties.extend(on.map(|on| ("on".into(), on.clone())));
    }
    if let (Some(Value::Array(required)), false) = (schema.get_mut("required"), plugin.unsaid) {
        required.insert(0, json!("type"));
    }
    schema
}

/// A table of settings.
fn table(about: &About, default: impl Fn(&tanren_plugin::Setting) -> Option<Value>) -> Value {
    let property = |setting: &tanren_plugin::Setting| {
        let mut schema = described(of(&setting.kind), setting.summary);
        if let (Some(default), Value::Object(schema)) = (default(setting), &mut schema) {
            schema.insert("default".into(), default);
        }
        (setting.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = about.settings.iter().map(property).collect();
    let required = about.settings.iter().filter(|setting| !setting.optional);
    let required: Vec<_> = required.map(|setting| setting.name).collect();
    let schema = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    described(schema, about.summary)
}

/// A schema with a description.
fn described(mut schema: Value, description: &str) -> Value {
    if let (Value::Object(schema), false) = (&mut schema, description.is_empty()) {
        schema.insert("description".into(), json!(description));
    }
    schema
}

/// The schema of what is written so.
fn of(kind: &Kind) -> Value {
    match kind {
        Kind::Number(range) => bounded("number", range),
        Kind::Whole(range) => bounded("integer", range),
        Kind::Truth => json!({ "type": "boolean" }),
        Kind::Text => json!({ "type": "string" }),
        Kind::Character => json!({ "type": "string", "minLength": 1, "maxLength": 1 }),
        Kind::Word(word, summary) => described(json!({ "const": word }), summary),
        Kind::Tagged(name, summary, value) => {
            let mut properties = Map::new();
            properties.insert((*name).into(), of(value));
            let schema = json!({
                "type": "object",
                "properties": properties,
                "required": [name],
                "additionalProperties": false,
            });
            described(schema, summary)
        }
        Kind::Plugin(family) => reference(family),
        Kind::Aimed(family, _) => reference(&aimed(family)),
        Kind::List(item) => json!({ "type": "array", "items": of(item) }),
        Kind::Map(value) => json!({ "type": "object", "additionalProperties": of(value) }),
        Kind::Table(about) => table(about, |_| None),
        Kind::Either(kinds) => json!({ "anyOf": kinds.iter().map(of).collect::<Vec<_>>() }),
        _ => json!({}),
    }
}

fn bounded(of: &str, range: &Range) -> Value {
    let mut schema = Map::new();
    schema.insert("type".into(), json!(of));
    let mut bound = |included: &str, excluded: &str, bound: Bound<f64>| {
        let (name, value) = match bound {
            Bound::Included(value) => (included, value),
            Bound::Excluded(value) => (excluded, value),
            Bound::Unbounded => return,
        };
        schema.insert(name.into(), json!(value));
    };
    bound("minimum", "exclusiveMinimum", range.low);
    bound("maximum", "exclusiveMaximum", range.high);
    schema.into()
}

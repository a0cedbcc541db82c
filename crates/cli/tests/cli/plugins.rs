//! `plugins`: what the plugins of the program say about themselves, in words and as a schema.

use crate::harness::Place;
use serde_json::{Map, Value};

#[test]
fn every_kind_and_every_plugin_is_shown() {
    let place = Place::new();
    let all = place.prints("plugins");
    for line in [
        "loss: network.loss, network.losses.loss",
        "activation: activation.function, causal-convolution.activation",
        "  mse                     Mean squared error.",
    ] {
        assert!(all.contains(line), "no {line:?} in {all}");
    }
    assert!(
        all.lines().all(|line| line.chars().count() <= 100 && line.trim_end() == line),
        "{all}"
    );
    assert!(!all.contains("bench/"), "{all}");
    let one = place.prints("plugins elu");
    assert!(one.contains("  elu\n    A line for positive numbers"), "{one}");
    assert!(
        one.contains("      alpha = 1.0: a finite number above 0\n          α: far below"),
        "{one}"
    );
    let dense = place.prints("plugins dense");
    assert!(dense.contains("units, required: a whole number, at least 1"), "{dense}");
    assert!(dense.contains("activation = \"identity\": an activation"), "{dense}");
    // As people type it.
    assert_eq!(place.prints("plugins Layers"), place.prints("plugins layer"));
    let json = place.json("plugins updater --json");
    let names = json[0]["plugins"].as_array().unwrap().iter().map(|plugin| plugin["name"].clone());
    assert!(names.collect::<Vec<_>>().contains(&"adam".into()), "{json}");
}

#[test]
fn a_name_nobody_has_is_told_the_nearest() {
    let place = Place::new();
    place.fails("plugins relux", 2, &["\"relux\"", "did you mean relu?", "kinds: source"]);
    place.fails("plugins --schema relu", 2, &["cannot be used with"]);
}

/// Whether `value` is as `schema` says, in so far as recipes made by `init` and `render` need it.
fn fits(value: &Value, schema: &Value, definitions: &Map<String, Value>) -> Result<(), String> {
    let Value::Object(schema) = schema else {
        return if schema == &Value::Bool(true) { Ok(()) } else { Err(format!("no {value}")) };
    };
    for (key, wanted) in schema {
        let fits_in = |schema: &Value| fits(value, schema, definitions);
        let right = match key.as_str() {
            "$ref" => {
                let name = wanted.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                fits_in(&definitions[name])?;
                true
            }
            "anyOf" => {
                let any = wanted.as_array().unwrap();
                if any.iter().all(|schema| fits_in(schema).is_err()) {
                    return Err(format!("nothing for {value}"));
                }
                true
            }
            "const" => value == wanted,
            "type" => match wanted.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "number" => value.is_number(),
                "integer" => value.is_i64() || value.is_u64(),
                other => panic!("type {other}"),
            },
            "minimum" => value.as_f64() >= wanted.as_f64(),
            "maximum" => value.as_f64() <= wanted.as_f64(),
            "exclusiveMinimum" => value.as_f64() > wanted.as_f64(),
            "exclusiveMaximum" => value.as_f64() < wanted.as_f64(),
            "minLength" | "maxLength" => value.as_str().unwrap().chars().count() == 1,
            "items" => {
                let mut items = value.as_array().into_iter().flatten();
                items.try_for_each(|item| fits(item, wanted, definitions))?;
                true
            }
            "required" => {
                let names = wanted.as_array().unwrap();
                names.iter().all(|name| value.get(name.as_str().unwrap()).is_some())
            }
            "properties" => true,
            "additionalProperties" => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    let schema = schema.get("properties").and_then(|known| known.get(name));
                    fits(value, schema.unwrap_or(wanted), definitions)
                        .map_err(|error| format!("{name}: {error}"))?;
                }
                true
            }
            "$schema" | "$defs" | "title" | "description" | "default" => true,
            other => panic!("{other} in the schema"),
        };
        if !right {
            return Err(format!("{value} is not {key} {wanted}"));
        }
    }
    Ok(())
}

#[test]
fn recipes_are_as_the_schema_says() {
    let place = Place::with_recipes();
    let schema = place.json("plugins --schema");
    let definitions = schema["$defs"].as_object().unwrap();
    let good: Value = serde_json::from_str(&place.read("good.json")).unwrap();
    fits(&good, &schema, definitions).unwrap();
    for data in ["digits", "iris"] {
        let made = place.prints(&format!("init {data} --format json"));
        fits(&serde_json::from_str(&made).unwrap(), &schema, definitions).unwrap();
    }
    let short: toml::Table = toml::from_str(&place.read("short.toml")).unwrap();
    fits(&serde_json::to_value(short).unwrap(), &schema, definitions).unwrap();
    for (place, value) in [
        ("/training/epochs", Value::from(0)),
        ("/training/batch", 1.5.into()),
        ("/network/loss", "cross-entrop".into()),
        ("/network/layers/0/units", "32".into()),
        ("/network/penalties/0/strength", (-1.0).into()),
        ("/data/split/test", 1.0.into()),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(place).unwrap() = value;
        assert!(fits(&bad, &schema, definitions).is_err(), "{place}");
    }
    let mut odd = good;
    odd["training"]["epoch"] = 3.into();
    assert!(fits(&odd, &schema, definitions).is_err());
}

/// Whatever its name, and whether people write it with an underscore.
#[test]
fn every_plugin_is_found_by_its_name() {
    let place = Place::new();
    let listed: serde_json::Value = serde_json::from_str(&place.prints("plugins --json")).unwrap();
    let mut names = 0;
    for family in listed.as_array().unwrap() {
        for plugin in family["plugins"].as_array().unwrap() {
            let name = plugin["name"].as_str().unwrap();
            assert!(place.prints(&format!("plugins {name}")).contains(name), "{name}");
            names += 1;
        }
    }
    assert!(names > 140, "{names}");
    assert!(place.prints("plugins pr-auc").contains("pr_auc"));
}

/// A search that does not say its type is a learning rate, and the schema knows it.
#[test]
fn a_type_that_need_not_be_said_is_told() {
    let place = Place::new();
    let said = place.prints("plugins search");
    assert!(said.contains("  learning-rate (need not be said as the type)\n"), "{said}");
    let schema: Value = serde_json::from_str(&place.prints("plugins --schema")).unwrap();
    let search = schema["$defs"]["search"]["anyOf"].as_array().unwrap();
    let open = search.iter().filter(|plugin| plugin["required"] == serde_json::json!([]));
    let rate = &open.clone().next().unwrap()["properties"]["rate"]["anyOf"];
    assert_eq!((open.count(), &rate[0]["type"]), (1, &"number".into()));
    assert_eq!(rate[1]["$ref"], "#/$defs/schedule");
}

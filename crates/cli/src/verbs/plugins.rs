//! `plugins`: every plugin of this program, with its settings, their defaults and their ranges.

use crate::args;
use crate::catalogue::words::{self, wrapped};
use crate::catalogue::{Entry, Family, elsewhere, families, schema};
use crate::failure::{Failure, Kind};
use crate::output::console::Console;
use serde_json::{Value, json};
use std::fmt::Write as _;
use tanren_plugin::{Setting, nearest};

/// The width of text that goes to no terminal, and the least one there is.
const WIDTH: usize = 100;
const NARROW: usize = 40;

/// Runs the verb and returns the exit code.
pub(crate) fn plugins(args: &args::Plugins, console: &mut Console<'_>) -> Result<u8, Failure> {
    let mut families = families();
    if args.schema {
        let text = format!("{:#}\n", schema::recipe(&families));
        return console.result(&text).map(|()| 0);
    }
    if let Some(what) = &args.what {
        choose(&mut families, what)?;
    }
    if args.json {
        return console.result(&format!("{:#}\n", as_json(&families))).map(|()| 0);
    }
    let width = console.columns.unwrap_or(WIDTH).clamp(NARROW, WIDTH);
    let text = match args.what {
        Some(_) => in_full(&families, width),
        None => list(&families, width),
    };
    console.result(&text).map(|()| 0)
}

/// Leaves the family of this name, or the plugins of this name.
fn choose(families: &mut Vec<Family>, what: &str) -> Result<(), Failure> {
    let all = || families.iter().map(|family| family.name);
    let each = || families.iter().flat_map(|family| &family.plugins).map(|plugin| plugin.name);
    // People write the plural, or an underscore.
    let what = what.to_lowercase().replace('_', "-");
    let one = what.strip_suffix('s').filter(|one| all().any(|name| name == *one));
    let what = one.unwrap_or(&what);
    let is_it = |name: &str| name.replace('_', "-") == what;
    if !all().chain(each()).any(is_it) {
        let near =
            || nearest(what, all().chain(each())).map(|near| format!("did you mean {near}?"));
        let near = elsewhere::anywhere(what).or_else(near);
        let near = near.map_or(String::new(), |near| format!("; {near}"));
        let kinds = all().collect::<Vec<_>>().join(", ");
        let message =
            format!("no plugin and no kind of plugin is called {what:?}{near} (kinds: {kinds})");
        return Err(Failure::new(Kind::Usage, message));
    }
    for kind in families.iter_mut().filter(|kind| !is_it(kind.name)) {
        kind.plugins.retain(|plugin| is_it(plugin.name));
    }
    families.retain(|family| is_it(family.name) || !family.plugins.is_empty());
    Ok(())
}

/// Every plugin in a line or two.
fn list(families: &[Family], width: usize) -> String {
    let mut text = String::new();
    let names = families.iter().flat_map(|family| &family.plugins).map(|plugin| plugin.name.len());
    let room = names.max().unwrap_or(0);
    for family in families {
        heading(&mut text, family, width);
        for plugin in &family.plugins {
            let indent = 2 + room + 2;
            let summary = wrapped(first_sentence(summary(plugin)), indent, width);
            let name = format!("  {:room$}  ", plugin.name);
            let line = format!("{name}{}", summary.get(indent..).unwrap_or_default());
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text.push('\n');
    }
    text.push_str(
        "tanren plugins NAME shows the settings of a plugin, or of all plugins of a kind.\n",
    );
    text
}

fn heading(text: &mut String, family: &Family, width: usize) {
    let uses = family.uses.join(", ");
    text.push_str(&wrapped(&format!("{}: {uses}", family.name), 0, width));
}

fn summary(plugin: &Entry) -> &str {
    plugin.about.as_ref().map_or("", |about| about.summary)
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

/// Every plugin with its settings.
fn in_full(families: &[Family], width: usize) -> String {
    let mut text = String::new();
    for family in families {
        heading(&mut text, family, width);
        for plugin in &family.plugins {
            let unsaid = if plugin.unsaid { " (need not be said as the type)" } else { "" };
            let _ = writeln!(text, "\n  {}{unsaid}", plugin.name);
            text.push_str(&wrapped(summary(plugin), 4, width));
            match &plugin.about {
                Some(about) => {
                    for setting in &about.settings {
                        describe(&mut text, plugin, setting, width);
                    }
                }
                None => text.push_str("    It does not describe its settings.\n"),
            }
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// A setting: its name and default, what it may be, what it is.
fn describe(text: &mut String, plugin: &Entry, setting: &Setting, width: usize) {
    let kind = words::kind(&setting.kind);
    let head = match plugin.default(setting) {
        Some(value) => format!("{} = {}: {kind}", setting.name, written(value)),
        None if setting.optional => format!("{}, optional: {kind}", setting.name),
        None => format!("{}, required: {kind}", setting.name),
    };
    text.push_str(&wrapped(&head, 6, width));
    text.push_str(&wrapped(setting.summary, 10, width));
}

/// A value as TOML has it, on one line.
fn written(value: &Value) -> String {
    match value {
        Value::Object(entries) => {
            let bare = entries.len() == 1 && entries.contains_key("type");
            let entry = |(key, value): (&String, &Value)| format!("{key} = {}", written(value));
            match entries.get("type") {
                Some(name) if bare => name.to_string(),
                _ => format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", ")),
            }
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// The same for programs.
fn as_json(families: &[Family]) -> Value {
    let setting = |plugin: &Entry, setting: &Setting| {
        json!({
            "name": setting.name,
            "summary": setting.summary,
            "values": words::kind(&setting.kind),
            "optional": setting.optional,
            "default": plugin.default(setting),
        })
    };
    let plugin = |plugin: &Entry| {
        let settings = plugin
            .about
            .as_ref()
            .map(|about| about.settings.iter().map(|one| setting(plugin, one)).collect::<Vec<_>>());
        json!({ "name": plugin.name, "summary": summary(plugin), "settings": settings })
    };
    let family = |family: &Family| {
        let plugins: Vec<Value> = family.plugins.iter().map(plugin).collect();
        json!({ "kind": family.name, "uses": family.uses, "plugins": plugins })
    };
    families.iter().map(family).collect()
}

//! Where plugins of a family stand: places in a recipe, or settings of other plugins.

use super::Family;
use tanren_plugin::{Kind, Range, SettingType};
use tanren_trainer::Recipe;

/// Finds the uses of every family: in the recipe, and if there are none, in other plugins.
pub(super) fn find(families: &mut [Family]) {
    let mut found: Vec<(&'static str, String)> = Vec::new();
    walk(&Recipe::kind(Range::ANY), "", &mut found);
    // Pretraining is written as training is.
    found.retain(|(_, place)| !place.starts_with("pretraining"));
    let mut inside = Vec::new();
    for plugin in families.iter().flat_map(|family| &family.plugins) {
        for setting in plugin.about.iter().flat_map(|about| &about.settings) {
            walk(&setting.kind, &format!("{}.{}", plugin.name, setting.name), &mut inside);
        }
    }
    let of = |places: &[(&str, String)], family: &str| -> Vec<String> {
        let own = places.iter().filter(|(name, _)| *name == family);
        own.map(|(_, place)| place.clone()).collect()
    };
    for family in families {
        let in_recipe = of(&found, family.name);
        let own = |place: &String| {
            !family.plugins.iter().any(|p| place.starts_with(&format!("{}.", p.name)))
        };
        family.uses = match in_recipe.is_empty() {
            true => of(&inside, family.name).into_iter().filter(own).collect(),
            false => in_recipe,
        };
    }
}

/// Adds every place of a plugin in what is written so.
fn walk(kind: &Kind, place: &str, found: &mut Vec<(&'static str, String)>) {
    match kind {
        Kind::Plugin(family) | Kind::Aimed(family, _) => found.push((family, place.to_owned())),
        Kind::List(item) => walk(item, place, found),
        Kind::Map(value) => walk(value, &format!("{place}.*"), found),
        Kind::Tagged(name, _, value) => walk(value, &format!("{place}.{name}"), found),
        Kind::Either(kinds) => kinds.iter().for_each(|kind| walk(kind, place, found)),
        Kind::Table(about) => {
            let dot = if place.is_empty() { "" } else { "." };
            for setting in &about.settings {
                walk(&setting.kind, &format!("{place}{dot}{}", setting.name), found);
            }
        }
        _ => {}
    }
}

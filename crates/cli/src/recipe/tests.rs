//! Generated recipes survive every format; places and paths are found again.

mod generate;

use super::decode::decode;
use super::json::tree_of;
use super::node::Place;
use super::{Draft, Format, comment, leading_comment, write};
use generate::{recipe, text};
use proptest::prelude::*;
use tanren_data::{EMBEDDED, embedded};
use tanren_trainer::Recipe;

const FORMATS: [Format; 3] = [Format::Json, Format::Toml, Format::Yaml];

fn text_of(recipe: &Recipe) -> String {
    serde_json::to_string(recipe).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Recipe → JSON → TOML → YAML → recipe.
    #[test]
    fn every_format_gives_the_recipe_back(recipe in recipe()) {
        let wanted = text_of(&recipe);
        let mut current = recipe;
        for format in FORMATS {
            let written = write(&current, format, "# why\n\n");
            let text = written.map_err(|e| TestCaseError::fail(e.message))?;
            let node = format.parse(&text).map_err(|e| TestCaseError::fail(e.message))?;
            current = decode(&node, "").map_err(|e| TestCaseError::fail(e.message))?;
            prop_assert_eq!(&text_of(&current), &wanted);
            // Written again it is the same text.
            prop_assert_eq!(write(&current, format, "# why\n\n").unwrap(), text);
        }
    }

    /// Any text is a recipe or a mistake that can be said.
    #[test]
    fn nothing_panics(text in "\\PC{0,40}", format in proptest::sample::select(FORMATS.to_vec())) {
        let read = format.parse(&text).and_then(|node| decode::<Recipe>(&node, ""));
        prop_assert!(!read.unwrap_err().line("file", &text).is_empty());
    }

    /// A recipe cut or changed somewhere is a recipe or a mistake that can be said.
    #[test]
    fn damage_never_panics(
        at in 0..700_usize,
        wrong in proptest::option::of(any::<char>()),
        format in proptest::sample::select(FORMATS.to_vec()),
    ) {
        let text = write(&automatic("iris"), format, "").unwrap();
        let (before, after) = text.split_at(at.min(text.len()));
        let damaged = match wrong {
            Some(wrong) => format!("{before}{wrong}{after}"),
            None => before.to_owned(),
        };
        if let Err(mistake) = format.parse(&damaged).and_then(|node| decode::<Recipe>(&node, "")) {
            prop_assert!(!mistake.line("file", &damaged).is_empty());
        }
    }

    /// Any change is made or refused.
    #[test]
    fn sets_never_panic(set in "[a-z0-9.=\\[\\]{}\" -]{0,24}", text in text()) {
        let mut draft = Draft::new(automatic("iris"));
        drop(draft.set(&[set.clone(), format!("training.{set}={text}")]));
        drop(draft.set(&[format!("network.layers.{set}={text}")]));
        draft.recipe.prepare().map_or_else(|e| drop(e.to_string()), drop);
    }
}

fn automatic(name: &str) -> Recipe {
    let source = embedded(name).unwrap();
    let table = source.open().unwrap();
    crate::automatic(source, &table).unwrap().0
}

#[test]
fn automatic_recipes_are_short_and_say_why() {
    for name in EMBEDDED {
        let source = embedded(name).unwrap();
        let table = source.open().unwrap();
        let (recipe, choices) = crate::automatic(source, &table).unwrap();
        let why = comment(&choices);
        let text = write(&recipe, Format::Toml, &why).unwrap();
        assert!(text.contains(&format!("source = \"{name}\"")), "{text}");
        assert!(text.contains("beta1 = 0.9"), "defaults are written out: {text}");
        assert_eq!(leading_comment(&text), why);
        assert_eq!(leading_comment(&write(&recipe, Format::Yaml, &why).unwrap()), why);
        assert!(!write(&recipe, Format::Json, &why).unwrap().contains('#'));
    }
}

#[test]
fn what_a_format_cannot_hold_is_said() {
    let recipe = automatic("iris").seed(u64::MAX);
    let message = write(&recipe, Format::Toml, "").unwrap_err().message;
    assert!(message.contains("seed: expected at most 9223372036854775807"), "{message}");
    for format in [Format::Json, Format::Yaml] {
        let text = write(&recipe, format, "").unwrap();
        let read: Recipe = decode(&format.parse(&text).unwrap(), "").unwrap();
        assert_eq!(read.seed, recipe.seed);
    }
}

/// The place of a value is where it stands, whatever the format.
#[test]
fn places_are_where_things_are() {
    for format in FORMATS {
        let text = write(&automatic("iris"), format, "").unwrap();
        let node = format.parse(&text).unwrap();
        for (path, wanted) in [
            ("seed", "42"),
            ("network.layers[1].units", "3"),
            ("training.search.rate.factor", "0.3"),
            ("training.stopping[0].epochs", "20"),
        ] {
            let Place::Byte(byte) = node.place_of(path) else { panic!("{format}: {path}") };
            assert!(text[byte..].starts_with(wanted), "{format}: {path} at {:?}", &text[byte..]);
        }
        // What is not there has the place of what is around it.
        assert_eq!(node.place_of("seed.x.y"), node.place_of("seed"));
    }
}

#[test]
fn null_is_absent() {
    assert_eq!(tree_of(&Some(1)).unwrap().kind(), "a number");
    let node = tree_of(&serde_json::json!({ "a": null, "b": [{ "c": null }] })).unwrap();
    assert_eq!(node, tree_of(&serde_json::json!({ "b": [{}] })).unwrap());
}

//! The chapters of `plugin` are in reading order: each uses only those before it.

use crate::house::{shipped, sources};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const CHAPTERS: [&str; 6] = ["values", "data", "layers", "losses", "motion", "running"];

/// A name at the beginning of a text.
fn name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The names after every place where `text` has `before`: one, or a list in braces.
fn after<'t>(text: &'t str, before: &str) -> Vec<&'t str> {
    let list = |rest: &'t str| match rest.strip_prefix('{').and_then(|list| list.split_once('}')) {
        Some((list, _)) => list.split(',').map(str::trim).collect(),
        None => vec![name(rest)],
    };
    text.split(before).skip(1).flat_map(list).filter(|name| !name.is_empty()).collect()
}

#[test]
fn a_chapter_uses_only_those_before_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/plugin/src");
    let front =
        |chapter: &str| fs::read_to_string(source.join(chapter).with_extension("rs")).unwrap();
    let modules = CHAPTERS.iter().enumerate();
    let mut chapter_of: BTreeMap<String, usize> =
        modules.map(|(k, chapter)| ((*chapter).to_owned(), k)).collect();
    let fronts = CHAPTERS.map(front);
    for (k, text) in fronts.iter().enumerate() {
        for statement in text.split("\npub use ").skip(1) {
            let names = statement.split_once("::").unwrap().1;
            chapter_of.extend(
                after(&format!("::{names}"), "::").into_iter().map(|name| (name.to_owned(), k)),
            );
        }
    }
    assert!(chapter_of["Layer"] == 2 && chapter_of["Layout"] == 3 && chapter_of["Stepper"] == 4);

    for (k, text) in fronts.iter().enumerate() {
        let files = sources(&source.join(CHAPTERS[k])).into_iter();
        for (path, text) in files.chain([(source.join(CHAPTERS[k]), text.clone())]) {
            let text = shipped(&text);
            let places = ["crate::", "super::", "[`", "]("].map(|before| after(text, before));
            for name in places.into_iter().flatten() {
                let at = chapter_of.get(name).copied().unwrap_or(0);
                assert!(at <= k, "{}: {name} comes later, in {}", path.display(), CHAPTERS[at]);
            }
        }
    }
}

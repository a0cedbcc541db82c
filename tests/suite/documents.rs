//! What the documents show is true.

use tanren::prelude::*;

/// The recipe in README is one, and trains.
#[test]
fn the_recipe_in_readme_trains() {
    let readme = include_str!("../../README.md");
    let start = readme.find("```toml\n[data]").unwrap() + "```toml\n".len();
    let text = &readme[start..start + readme[start..].find("```").unwrap()];
    let mut recipe: Recipe = toml::from_str(text).unwrap();
    recipe.training.epochs = 5;
    let trained = recipe.prepare().unwrap().train(&mut (), &Options::default()).unwrap();
    assert!(trained.test.unwrap().accuracy() > Some(0.5));
}

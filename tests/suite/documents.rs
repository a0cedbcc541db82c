//! What the documents show is true.

use tanren::plugin::{Clock, Schedule, engine};
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

/// The recipes in the page of schedules can be read, and every schedule has a section there.
#[test]
fn the_page_of_schedules_is_true() {
    let page = include_str!("../../docs/schedules.md");
    let blocks = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mut read = 0;
    for block in blocks {
        let mut recipe: toml::Table = toml::from_str(block).unwrap();
        let training: TrainingSpec = recipe.remove("training").unwrap().try_into().unwrap();
        // None of them leaves an epoch without a rate.
        for epoch in 0..training.epochs {
            let rate = training.search.rate(Clock { epoch, ..Clock::default() });
            assert!(rate.unwrap() > 0.0, "{epoch}: {block}");
        }
        read += 1;
    }
    assert_eq!(read, 5);
    for name in engine::names::<dyn Schedule>().into_iter().filter(|name| !name.contains('/')) {
        assert!(name == "constant" || page.contains(&format!("### `{name}`\n")), "{name}");
    }
}

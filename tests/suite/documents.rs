//! What the documents show is true.

use tanren::network::{Network, Port, Runner};
use tanren::plugin::{Batch, Clock, Schedule, engine};
use tanren::prelude::*;
use tanren::tensor::{Extent, Input, Shape, Signal};

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

/// The network in the page of sequences can be assembled, and looks back as far as is said there.
#[test]
fn the_network_in_the_page_of_sequences_looks_back() {
    let page = include_str!("../../docs/sequences.md");
    let block = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let mut recipe: toml::Table = toml::from_str(block).unwrap();
    let spec: NetworkSpec = recipe.remove("network").unwrap().try_into().unwrap();
    let port = |name, features| Port::new(name, Shape::sequence(features));
    let network = Network::assemble(&spec, &[port("x", 2)], &[port("y", 1)]).unwrap();
    let parameters: Vec<f64> = network.initialize(Seed(1));
    let extent = Extent { examples: 1, steps: 60 };
    let mut runner = Runner::new(&network);
    let mut infer = |x: &[f64]| {
        let inputs = [Input::Dense(Signal::new(x, 2))].into_iter().collect();
        let batch = Batch { inputs, ..Batch::new(extent, &[0]) };
        runner.infer(&network, &parameters, &batch, None);
        runner.signal(&network, network.nodes().len() - 1, extent).data().to_vec()
    };
    let mut draws = Seed(2).stream("sequence").sample(0);
    let x: Vec<f64> = (0..2 * extent.steps).map(|_| draws.normal()).collect();
    let y = infer(&x);
    let mut furthest = 0;
    for step in 0..extent.steps {
        let mut other = x.clone();
        other[2 * step..2 * step + 2].fill(3.0);
        let other = infer(&other);
        let changed = (0..extent.steps).filter(|&t| y[t] != other[t]);
        let reach = changed.map(|t| t.checked_sub(step).unwrap()).max(); // no step changes earlier ones
        furthest = furthest.max(reach.unwrap());
    }
    assert!(page.contains(&format!("= {} steps", furthest + 1)), "{furthest}");
}

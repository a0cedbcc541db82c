//! The list of a family's plugins: complete ones pass, one with a gap does not.

use serde::{Deserialize, Serialize};
use tanren_plugin::engine::names;
use tanren_plugin::{Checked, Clock, Plugin, Schedule, typetag};
use tanren_testkit::{family, schedule};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Half {}

impl Checked for Half {}

#[typetag::serde(name = "testkit-registry/half")]
impl Schedule for Half {
    fn at(&self, _: Clock) -> f64 {
        0.5
    }
}

/// It is registered and in no list but that of the tests here.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Forgotten {}

impl Checked for Forgotten {}

#[typetag::serde(name = "testkit-registry/forgotten")]
impl Schedule for Forgotten {
    fn at(&self, _: Clock) -> f64 {
        0.25
    }
}

fn ours(name: &str) -> bool {
    name.starts_with("testkit-registry/")
}

fn check(plugins: &[(Plugin<dyn Schedule>, ())]) -> usize {
    let mut calls = 0;
    family(plugins, ours, |plugin, ()| {
        schedule(plugin);
        calls += 1;
    });
    calls
}

#[test]
fn a_complete_list_passes() {
    assert!(names::<dyn Schedule>().contains(&"testkit-registry/half"));
    let plugins = [(Half {}.into(), ()), (Forgotten {}.into(), ()), (Half {}.into(), ())];
    assert_eq!(check(&plugins), 3);
}

#[test]
#[should_panic(expected = "no conformance test for [\"testkit-registry/forgotten\"]")]
fn a_plugin_without_a_test_fails() {
    check(&[(Half {}.into(), ())]);
}

/// Its author must stand before its name.
#[test]
#[should_panic(expected = "names that are not ours: [\"testkit-registry/half\"]")]
fn a_plugin_of_another_name_fails() {
    let half: Plugin<dyn Schedule> = Half {}.into();
    family(&[(half, ())], |name| name.starts_with("acme/"), |plugin, ()| schedule(plugin));
}

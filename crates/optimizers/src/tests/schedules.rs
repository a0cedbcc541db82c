//! Schedules against PyTorch and optax, their bounds, and what they refuse.

use serde::Deserialize;
use tanren_plugin::{Clock, Plugin, Schedule, Search, Unit};

const REFERENCE: &str = include_str!("../../../../tests/reference/schedules.json");

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    schedule: Plugin<dyn Schedule>,
    values: Vec<f64>,
}

fn after(iteration: u64) -> Clock {
    Clock { iteration, ..Clock::default() }
}

#[test]
fn hundreds_of_steps_agree_with_pytorch_and_optax() {
    let reference: Reference = serde_json::from_str(REFERENCE).unwrap();
    assert!(reference.cases.len() > 40);
    for Case { schedule, values } in &reference.cases {
        for (t, want) in (0..).zip(values) {
            let got = schedule.at(after(t));
            let off = (got - want).abs() / want.abs().max(1.0);
            assert!(off <= 1e-12, "{schedule:?} at {t}: {got:e}, expected {want:e}");
        }
    }
}

/// The bounds of a schedule are reached, or approached where the schedule never ends.
#[test]
fn bounds_are_exact() {
    let reference: Reference = serde_json::from_str(REFERENCE).unwrap();
    for Case { schedule, .. } in &reference.cases {
        let name = schedule.typetag_name();
        let (low, high) = schedule.extent().unwrap();
        let values = (0..4000).chain([1 << 40, 1 << 60]).map(|t| schedule.at(after(t)));
        let ends =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
        assert!(ends.0 >= low && ends.1 <= high, "{schedule:?}: {ends:?}, said {low} to {high}");
        if name == "warm-up" {
            continue; // it knows no more than the bounds of what follows
        }
        // A restart comes before the end is reached, the top of a cycle may lie between two steps, and the
        // inverse falls for ever.
        let near = ["warm-restarts", "one-cycle", "cyclic"].contains(&name);
        let slack = if near { 0.05 } else { 1e-4 } * (high - low);
        assert!(ends.0 <= low + slack && ends.1 >= high - slack, "{schedule:?}: {ends:?}");
    }
}

fn read(text: &str) -> Result<Plugin<dyn Schedule>, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    for (text, message) in [
        ("type='exponential'\nvalue=1\nfactor=1.1", "factor: expected at most 1 without `end`"),
        (
            "type='exponential'\nvalue=1\nfactor=1.1\nend=0.5",
            "end: expected at least the value 1.0",
        ),
        ("type='exponential'\nvalue=1\nfactor=0.9\nend=2", "end: expected at most the value 1.0"),
        ("type='step'\nvalue=1\nfactor=2\nevery=1", "factor: expected a number above 0, up to 1"),
        ("type='cosine'\nvalue=1\nover=0", "over: expected at least 1, found 0"),
        ("type='polynomial'\nvalue=1\npower=0\nover=3", "power: expected a finite number above 0"),
        ("type='table'\nvalues=[]", "values: expected at least one pair, found none"),
        ("type='table'\nvalues=[[1,0.1]]", "values[0][0]: expected 0, found 1"),
        ("type='table'\nvalues=[[0,0.1],[0,0.2]]", "values[1][0]: expected a position above 0"),
        ("type='table'\nvalues=[[0,nan]]", "values[0][1]: expected a finite number, found NaN"),
        (
            "type='one-cycle'\nmax=1\nover=9\nrise=0.6\nthree-phase=true",
            "rise: expected at most 0.5",
        ),
        ("type='cyclic'\nbase=0\nmax=1\nup=0", "up: expected at least 1, found 0"),
        ("type='joined'\nparts=[]", "parts: expected at least one part, found none"),
        ("type='joined'\nparts=[{value=1},{value=2}]", "parts[0].over: expected how long"),
        (
            "type='joined'\nparts=[{value=1,over=3}]",
            "parts[0].over: expected no `over` in the last part",
        ),
        (
            "type='joined'\nunit='samples'\nparts=[{value={type='cosine',value=1,over=3}}]",
            "parts[0].value: expected a schedule that counts samples, as all parts do, found one that \
             counts epochs",
        ),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(message), "{error}, not {message}");
    }
}

/// The rules of the guide's ancestor: an exponential schedule that was applied to its own result, a polynomial one
/// that grew to 2^power times the value, and steps at the divisors of a number in place of its multiples.
#[test]
fn known_mistakes_are_not_repeated() {
    let schedule = read("type='exponential'\nvalue=0.5\nfactor=0.5\nunit='iterations'").unwrap();
    // Asked again and again, at any step, in any order.
    for t in [3, 0, 3, 1, 2, 3, 3] {
        assert_eq!(schedule.at(after(t)), 0.5 * 0.5_f64.powi(i32::try_from(t).unwrap()));
    }
    let schedule =
        read("type='polynomial'\nvalue=0.5\npower=2\nover=10\nunit='iterations'").unwrap();
    let values: Vec<f64> = (0..12).map(|t| schedule.at(after(t))).collect();
    assert!(values.windows(2).all(|pair| pair[1] <= pair[0]));
    assert_eq!((values[5], values[10], values[11]), (0.125, 0.0, 0.0));
    let schedule = read("type='step'\nvalue=1\nfactor=0.5\nevery=6\nunit='iterations'").unwrap();
    let steps: Vec<u64> =
        (1..20).filter(|&t| schedule.at(after(t)) < schedule.at(after(t - 1))).collect();
    assert_eq!(steps, [6, 12, 18]);
}

/// Epochs, samples and iterations are counted apart, and a part of a join from its own start.
#[test]
fn units_are_counted_apart() {
    let text = "type='joined'\nunit='samples'\nparts=[{over=100,value=1},
        {value={type='linear',value=1,over=50,unit='samples'}}]";
    let schedule = read(text).unwrap();
    let at = |samples| schedule.at(Clock { samples, iteration: 7, epoch: 3, ..Clock::default() });
    assert_eq!([0, 99, 100, 125, 150, 1000].map(at), [1.0, 1.0, 1.0, 0.5, 0.0, 0.0]);
}

/// A join knows the start of each part in its own unit alone.
#[test]
fn a_part_that_counts_several_units_is_refused() {
    let of_iterations = "{type='linear',value=1,over=200,unit='iterations'}";
    let join = |part: &str, unit: &str| {
        let text =
            format!("type='joined'\nunit='{unit}'\nparts=[{{value=0.1,over=10}},{{value={part}}}]");
        read(&text)
            .and_then(|schedule| schedule.check().map(|()| schedule).map_err(|e| e.to_string()))
    };
    let both = format!("{{type='warm-up',over=5,then={of_iterations}}}");
    let error = join(&both, "epochs").unwrap_err();
    assert!(error.contains("parts[1].value: expected a schedule that counts epochs"), "{error}");
    assert!(error.contains("counts epochs and iterations"), "{error}");
    for unit in ["epochs", "iterations"] {
        assert!(join(&both, unit).is_err(), "{unit}");
    }
    let inside = format!("{{type='joined',unit='iterations',parts=[{{value={of_iterations}}}]}}");
    assert!(join(&inside, "epochs").is_err());
    let joined = join(&inside, "iterations").unwrap();
    assert_eq!(joined.counts(), Unit::Iterations.into());
    // What counts nothing fits anything.
    let steady = join("{type='warm-up',over=5,then={type='constant',value=1}}", "epochs").unwrap();
    assert_eq!(steady.counts(), Unit::Epochs.into());
    assert_eq!(steady.at(Clock { epoch: 10, iteration: 999, ..Clock::default() }), 0.1);
}

#[test]
fn a_rate_is_a_number_or_a_schedule() {
    let search = |text: &str| serde_json::from_str::<Plugin<dyn Search>>(text);
    let write = |search: &Plugin<dyn Search>| serde_json::to_string(search).unwrap();
    // The type of a search need not be said.
    for text in [r#"{"rate":0.25}"#, r#"{"type":"learning-rate","rate":0.25}"#] {
        let search = search(text).unwrap();
        assert_eq!(search.rate(after(9)), Some(0.25));
        assert_eq!(write(&search), r#"{"type":"learning-rate","rate":0.25}"#);
    }
    let text = r#"{"type":"learning-rate","rate":{"type":"constant","value":1.0}}"#;
    assert_eq!(write(&search(text).unwrap()), text);
    assert_eq!(search(r#"{"rate":3}"#).unwrap().rate(after(0)), Some(3.0));
    let linear = |end: f64| {
        format!(
            r#"{{"rate":{{"type":"linear","value":1,"end":{end},"over":4,"unit":"iterations"}}}}"#
        )
    };
    assert_eq!(search(&linear(0.0)).unwrap().rate(after(2)), Some(0.5));
    for (text, message) in [
        (r#"{"rate":0}"#.into(), "rate: expected a finite number above 0, found 0.0"),
        (r#"{"rate":-1}"#.into(), "rate: expected a finite number from 0 on, found -1.0"),
        (
            linear(-0.5),
            "rate: expected a finite number from 0 on, found a schedule that goes to -0.5",
        ),
        (
            r#"{"rate":{"type":"step","value":1,"every":0}}"#.into(),
            "every: expected at least 1, found 0",
        ),
        (r#"{"rate":"cosinus"}"#.into(), "cosinus"),
        (r#"{"rate":true}"#.into(), "a number or a schedule"),
    ] {
        let error = search(&text).unwrap_err().to_string();
        assert!(error.contains(message), "{error}, not {message}");
    }
}

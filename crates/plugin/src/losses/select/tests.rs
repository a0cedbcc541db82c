//! Patterns, choices, and what is said of an aim that hits nothing.

use super::*;

/// `dense-1` and `dense-2` with weight and bias, `norm` between them with gain, bias and mean.
fn blocks() -> Vec<Block> {
    use BlockKind::{Bias, Gain, Statistic, Weight};
    let nodes: [(&str, &[(&'static str, BlockKind)]); 3] = [
        ("dense-1", &[("weight", Weight), ("bias", Bias)]),
        ("norm", &[("gain", Gain), ("bias", Bias), ("mean", Statistic)]),
        ("dense-2", &[("weight", Weight), ("bias", Bias)]),
    ];
    let mut blocks = Vec::new();
    for (before, (node, specs)) in nodes.iter().enumerate() {
        let kinds: Vec<BlockKind> = specs.iter().map(|(_, kind)| *kind).collect();
        for (name, kind) in *specs {
            let (after, kinds) = (2 - before, kinds.clone());
            let used_by = vec![NodeFacts { name: (*node).to_owned(), before, after, kinds }];
            blocks.push(Block { used_by, ..Block::new(node, name, *kind, (1, 1)) });
        }
    }
    blocks
}

fn hit(select: &Select, default: &[BlockKind]) -> Vec<String> {
    let blocks = blocks();
    let hits = select.hits(&blocks, default).unwrap();
    blocks.iter().zip(hits).filter(|(_, hit)| *hit).map(|(block, _)| block.path()).collect()
}

#[test]
fn patterns_fit_names() {
    let fitting = [
        ("a", "a"),
        ("*", ""),
        ("*", "any"),
        ("dense-*", "dense-12"),
        ("*-1", "dense-1"),
        ("d*e-1", "dense-1"),
        ("*a*b*", "xaxbx"),
        ("a*a", "aa"),
        ("*ab", "abab"),
        ("a**b", "ab"),
        ("é*", "éa"),
    ];
    assert!(fitting.iter().all(|(pattern, name)| matches(pattern, name)));
    let others = [
        ("a", "ab"),
        ("", "a"),
        ("a*a", "a"),
        ("*b*a*", "ab"),
        ("dense-*", "dens-1"),
        ("ab*ba", "aba"),
    ];
    assert!(others.iter().all(|(pattern, name)| !matches(pattern, name)));
}

#[test]
fn every_field_narrows() {
    let weights = BlockKind::WEIGHTS;
    let all = Select::default();
    assert_eq!(hit(&all, weights), ["dense-1.weight", "dense-2.weight"]);
    assert_eq!(hit(&all, BlockKind::ALL).len(), 7);
    assert_eq!(hit(&"dense-2".into(), weights), ["dense-2.weight"]);
    assert_eq!(hit(&BlockKind::Gain.into(), weights), ["norm.gain"]);
    let two = Select::from("*").kinds([BlockKind::Bias, BlockKind::Gain]).depth(0, 1);
    assert_eq!(hit(&two, weights), ["dense-1.bias", "norm.gain", "norm.bias"]);
    let normalising = all.clone().layers([BlockKind::Gain]);
    assert_eq!(hit(&normalising, BlockKind::TRAINED), ["norm.gain", "norm.bias"]);
    assert_eq!(hit(&normalising, BlockKind::ALL).len(), 3);
    for (first, last, weights) in [
        (0, 0, vec!["dense-1.weight"]),
        (-1, -1, vec!["dense-2.weight"]),
        (-1, i64::MAX, vec!["dense-2.weight"]),
        (1, -1, vec!["dense-2.weight"]),
        (0, -2, vec!["dense-1.weight"]),
        (i64::MIN, -3, vec!["dense-1.weight"]),
        (0, -1, vec!["dense-1.weight", "dense-2.weight"]),
    ] {
        assert_eq!(hit(&all.clone().depth(first, last), BlockKind::WEIGHTS), weights);
    }
}

/// A network without weights is no mistake of a penalty for all weights.
#[test]
fn an_open_aim_may_hit_nothing() {
    assert_eq!(Select::default().hits(&blocks()[1..2], BlockKind::WEIGHTS), Ok(vec![false]));
}

#[test]
fn what_hits_nothing_lists_what_there_is() {
    let there = "on: expected a selection of blocks of dense-1 (weight, bias), \
                 norm (gain, bias, statistic), dense-2 (weight, bias), found ";
    let cases: [(Select, &str); 5] = [
        (
            Select::default().nodes(["dense-*", "dens-2"]),
            "\"dens-2\", which is not a node with parameters; did you mean \"dense-2\"?",
        ),
        ("nowhere".into(), "\"nowhere\", which is not a node with parameters"),
        (
            Select::from("norm").kinds([BlockKind::Weight, BlockKind::Recurrent]),
            "blocks of kind weight or recurrent, in nodes norm, of which there are none",
        ),
        // Nothing but a freeze works on statistics.
        (BlockKind::Statistic.into(), "blocks of kind statistic, of which there are none"),
        (
            Select::default().layers([BlockKind::Recurrent]).depth(1, -1),
            "blocks in layers with a recurrent, from depth 1 to -1, of which there are none",
        ),
    ];
    for (select, found) in cases {
        let error = select.hits(&blocks(), BlockKind::WEIGHTS).unwrap_err();
        assert_eq!(error.to_string(), format!("{there}{found}"));
    }
    let error = Select::from("a").hits(&[], BlockKind::ALL).unwrap_err().to_string();
    assert!(error.contains("no node has parameters"), "{error}");
}

#[test]
fn nodes_alike_stand_together() {
    let block = |i| Block::new(&format!("node-{i}"), "weight", BlockKind::Weight, (1, 1));
    let blocks: Vec<Block> = (0..40).map(block).collect();
    let error = Select::from("x").hits(&blocks, BlockKind::ALL).unwrap_err();
    let expected = &error.expected;
    assert!(expected.starts_with("a selection of blocks of node-0, node-1, "), "{expected}");
    assert!(expected.ends_with("node-29 (weight), 10 more nodes"), "{expected}");
}

#[test]
fn short_and_long_forms() {
    let read = |text: &str| serde_json::from_str::<Select>(text);
    let dense = Select::from("dense-1");
    assert_eq!(read(r#""dense-1""#).unwrap(), dense);
    assert_eq!(read(r#"["dense-1"]"#).unwrap(), dense);
    assert_eq!(read(r#"{"nodes": "dense-1"}"#).unwrap(), dense);
    assert_eq!(serde_json::to_string(&dense).unwrap(), r#"{"nodes":["dense-1"]}"#);
    let full = r#"{"nodes":["a","b*"],"kinds":["bias"],"layers":["gain"],"depth":[-2,3]}"#;
    let all = Select::default().nodes(["a", "b*"]).kinds([BlockKind::Bias]);
    let all = all.layers([BlockKind::Gain]).depth(-2, 3);
    assert_eq!(read(full).unwrap(), all);
    assert_eq!(serde_json::to_string(&all).unwrap(), full);
    assert_eq!(read(r#"{"kinds": "bias", "depth": -1}"#).unwrap().depth, Some((-1, -1)));
    assert_eq!(read("{}").unwrap(), Select::default());
    for (text, wrong) in [
        (r#"{"node": "a"}"#, "unknown field `node`, expected one of `nodes`, `kinds`"),
        (r#"{"kinds": "biases"}"#, "unknown variant `biases`, expected one of `weight`"),
        (r#"{"depth": [1]}"#, "invalid length 1"),
        (r#"{"depth": 1.5}"#, "expected a whole number, or a list of the first and the last"),
        ("3", "expected a selection: the name of a node"),
    ] {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(wrong), "{error}");
    }
}

#[test]
fn kinds_are_called_alike_everywhere() {
    for kind in BlockKind::ALL {
        assert_eq!(serde_json::to_string(kind).unwrap(), format!("{:?}", kind.name()));
    }
}

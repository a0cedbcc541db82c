//! Signals end a run after a checkpoint, from which it goes on.
#![cfg(unix)]

use crate::harness::{Place, text};
use serde_json::Value;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A recipe that trains for as long as it is let.
fn endless() -> Place {
    let place = Place::with_recipes();
    let sets = "--set training.stopping=[] --set training.epochs=1000000000000";
    place.prints(&format!("render short.toml {sets} --output long.toml"));
    place
}

const LINE: &str = "train long.toml --out long --json --quiet";

pub(crate) fn spawn(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until the run has finished this many epochs more.
fn wait_for_epochs(place: &Place, child: &mut Child, more: usize) {
    let metrics = place.path("long/metrics.jsonl");
    let lines = || std::fs::read_to_string(&metrics).map_or(0, |text| text.lines().count());
    let before = lines();
    while lines() < before + more {
        assert!(child.try_wait().unwrap().is_none(), "ended before it was told to");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The shell has a `kill` of its own; not every machine has a program of that name.
pub(crate) fn kill(child: &Child, signal: &str) {
    let kill = format!("kill -{signal} {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

/// Whether this process was started so that it ignores hangups, which whatever it starts inherits.
fn hangups_are_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).is_ok_and(|mask| mask & 1 == 1))
}

#[test]
fn a_signal_ends_a_run_after_a_checkpoint() {
    for (signal, code, kind) in
        [("INT", 130, "interrupted"), ("TERM", 143, "terminated"), ("HUP", 129, "hung_up")]
    {
        if signal == "HUP" && hangups_are_ignored() {
            continue; // under nohup: the runs of this test ignore them, too
        }
        let place = endless();
        let mut child = spawn(place.command(LINE));
        wait_for_epochs(&place, &mut child, 1);
        kill(&child, signal);
        let output = child.wait_with_output().unwrap();
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{signal}: {message}");
        assert!(message.contains("a checkpoint was written"), "{signal}: {message}");
        let result: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(result["status"], "interrupted");
        assert_eq!(result["error"]["kind"], kind);
        assert!(place.path("long/model.safetensors").is_file());
        let epochs = result["epochs"].as_u64().unwrap() + 1;
        let resumed = place.json(&format!("resume long --epochs {epochs} --json --quiet"));
        assert_eq!(resumed["status"], "completed");
    }
}

/// As `timeout` does it, which tells the process and then its group.
#[test]
fn a_signal_that_comes_twice_at_once_is_one() {
    let place = endless();
    let mut child = spawn(place.command(LINE));
    wait_for_epochs(&place, &mut child, 1);
    let kill = format!("kill -INT {0}; kill -INT {0}; kill -TERM {0} || true", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let message = text(&output.stderr);
    assert!(message.contains("a checkpoint was written"), "{message}");
    assert!(place.path("long/checkpoints/last.safetensors").is_file());
    assert!(place.path("long/result.json").is_file());
}

/// As under `nohup`.
#[test]
fn a_hangup_that_was_ignored_from_the_start_stays_ignored() {
    let place = endless();
    let program = env!("CARGO_BIN_EXE_tanren");
    let mut command = Command::new("sh");
    let script = format!("trap '' HUP; exec {program} {LINE}");
    command.current_dir(place.path("")).args(["-c", &script]);
    let mut child = spawn(command);
    wait_for_epochs(&place, &mut child, 1);
    kill(&child, "HUP");
    wait_for_epochs(&place, &mut child, 3);
    kill(&child, "TERM");
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(143));
}

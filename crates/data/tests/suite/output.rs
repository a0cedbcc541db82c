//! Data files are written whole or not at all, and nothing else is harmed.

use crate::files::Folder;
use std::fs;
use std::thread;
use tanren_data::NpyArray;
use tanren_plugin::Values;

fn array(byte: u8) -> NpyArray {
    NpyArray { shape: vec![100_000], values: Values::Bytes(vec![byte; 100_000]) }
}

/// The names of all files in a folder, in order.
fn names(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.root()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn files_of_others_are_left_alone() {
    let folder = Folder::new();
    let own = format!(".x.npy.{}-0.tmp", std::process::id());
    folder.write(".x.npy.tmp", "mine");
    folder.write(&own, "mine, too");
    array(1).write(folder.path("x.npy")).unwrap();
    array(2).write(folder.path("x.npy")).unwrap();
    assert_eq!(NpyArray::read(folder.path("x.npy")).unwrap(), array(2));
    assert_eq!(fs::read_to_string(folder.path(".x.npy.tmp")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(folder.path(&own)).unwrap(), "mine, too");
    assert_eq!(names(&folder).len(), 3, "{:?}", names(&folder));
}

#[test]
fn a_failure_leaves_nothing() {
    let folder = Folder::new();
    fs::create_dir(folder.path("x.npy")).unwrap();
    assert!(folder.error(array(1).write(folder.path("x.npy"))).starts_with("x.npy: "));
    assert_eq!(names(&folder), ["x.npy"]);
}

#[test]
fn writers_do_not_collide() {
    let folder = Folder::new();
    let path = folder.path("x.npy.gz");
    thread::scope(|scope| {
        for byte in 0..8 {
            let path = &path;
            scope.spawn(move || (0..5).for_each(|_| array(byte).write(path).unwrap()));
        }
    });
    let Values::Bytes(last) = NpyArray::read(&path).unwrap().values else { panic!("bytes") };
    assert!(last.iter().all(|byte| *byte == last[0]));
    assert_eq!(names(&folder), ["x.npy.gz"]);
}

/// Through a link, so that a mistake here costs the machine nothing.
#[cfg(unix)]
#[test]
fn devices_are_written_to() {
    let folder = Folder::new();
    for (device, name, full) in [
        ("/dev/null", "null", false),
        ("/dev/null", "null.gz", false),
        ("/dev/full", "full", true),
        ("/dev/full", "full.gz", true),
    ] {
        if fs::metadata(device).is_err() {
            continue; // not every Unix has a full device
        }
        let link = folder.path(name);
        std::os::unix::fs::symlink(device, &link).unwrap();
        let written = array(1).write(&link);
        match full {
            true => assert!(folder.error(written).starts_with(&format!("{name}: No space left"))),
            false => written.unwrap(),
        }
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        fs::remove_file(&link).unwrap();
    }
    assert_eq!(names(&folder), [""; 0]);
}

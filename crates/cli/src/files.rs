//! Where things are on disk: paths as the user typed them, and the folder of a run.

pub(crate) mod paths;
pub(crate) mod run_folder;

//! Where things are on disk: what may be written, paths as the user typed them, the folder of a run.

pub(crate) mod data_record;
pub(crate) mod guard;
pub(crate) mod history;
pub(crate) mod known_data;
pub(crate) mod lock;
pub(crate) mod metrics;
pub(crate) mod paths;
pub(crate) mod run_files;
pub(crate) mod run_folder;
pub(crate) mod spool;
pub(crate) mod whereabouts;

//! Arrays in files: the formats IDX and npy.

pub(crate) mod array;
pub(crate) mod element;
pub(crate) mod file;
pub(crate) mod idx;
pub(crate) mod idx_file;
pub(crate) mod idx_names;
pub(crate) mod npy;
pub(crate) mod npy_file;
pub(crate) mod npy_header;

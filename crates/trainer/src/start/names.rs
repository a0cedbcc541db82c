//! The names of tensors in a file: which of them a start asks for in vain.

use super::between;
use super::said::list;
use super::taken::{SHOWN, Taking, place};
use crate::TrainError;
use crate::check::setting;
use tanren_plugin::{Block, nearest};

impl Taking<'_> {
    /// Refuses names that are no block's, and patterns that fit no tensor.
    pub(super) fn check_names(&self, blocks: &[Block]) -> Result<(), TrainError> {
        let paths: Vec<String> = blocks.iter().map(Block::path).collect();
        for (ours, theirs) in &self.spec.names {
            if !paths.contains(ours) && paths.iter().all(|path| between(ours, path).is_none()) {
                return Err(self.no_block(ours, theirs, &paths));
            }
            let named = paths.iter().filter_map(|path| self.spec.named_in_file(path));
            let named = named.filter(|named| named.ours == ours && ours.contains('*'));
            let tried: Vec<String> = named.map(|named| named.theirs).collect();
            if !tried.is_empty() && tried.iter().all(|theirs| !self.file.has(theirs)) {
                return Err(self.fits_none(theirs, &tried));
            }
        }
        Ok(())
    }

    /// A name that is no block's: perhaps that of a node.
    fn no_block(&self, ours: &str, theirs: &str, paths: &[String]) -> TrainError {
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let node = paths.iter().any(|path| path.rsplit_once('.').is_some_and(|(n, _)| n == ours));
        let near = match nearest(ours, paths.iter().copied()) {
            _ if node => {
                let layer = theirs.rsplit_once('.').filter(|_| self.file.has(theirs));
                let layer = layer.map_or(theirs, |(layer, _)| layer);
                format!("; did you mean {:?} = {:?}?", format!("{ours}.*"), format!("{layer}.*"))
            }
            Some(near) => format!("; did you mean {near:?}?"),
            None => String::new(),
        };
        let expected = format!("names of blocks ({})", list(&paths, SHOWN));
        setting(place(self.k, "names"), expected, format!("{ours:?}{near}"))
    }

    /// A pattern that names no tensor of the file, whatever its `*` stands for.
    fn fits_none(&self, theirs: &str, tried: &[String]) -> TrainError {
        let tried: Vec<&str> = tried.iter().map(String::as_str).collect();
        let expected = format!("a tensor that {theirs:?} names ({})", list(&tried, SHOWN));
        setting(place(self.k, "names"), expected, self.none_of_that_name(tried[0]))
    }

    /// A block that is to start from the file has no tensor there.
    pub(super) fn no_tensor(&self, block: &str, theirs: &str) -> TrainError {
        let expected = format!("the tensor {theirs:?} for the block {block}");
        setting(place(self.k, "names"), expected, self.none_of_that_name(theirs))
    }

    /// What the file has in place of a tensor.
    fn none_of_that_name(&self, theirs: &str) -> String {
        let names: Vec<&str> = self.file.names().iter().map(String::as_str).collect();
        let near = match nearest(theirs, names.iter().copied()) {
            Some(near) => format!("; did you mean {near:?}?"),
            None => format!(", which has {}", list(&names, SHOWN)),
        };
        format!("none of that name in {}{near}", self.file.path().display())
    }
}

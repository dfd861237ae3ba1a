//! What is given in a file, or on standard input.

use crate::failure::Failure;
use std::fs;
use std::io::{read_to_string, stdin};
use std::path::Path;

pub(super) fn read(file: Option<&Path>) -> Result<String, Failure> {
    match file.filter(|file| *file != Path::new("-")) {
        Some(file) => fs::read_to_string(file).map_err(|error| Failure::input(format!("{}: {error}", file.display()))),
        None => read_to_string(stdin()).map_err(|error| Failure::input(format!("standard input: {error}"))),
    }
}

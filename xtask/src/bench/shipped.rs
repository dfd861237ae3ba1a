//! The functions as they are shipped: profile `lambda`, one binary each.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::sandbox::bytes_of;
use crate::failure::{Failure, Result, While};
use crate::functions;
use crate::place::Place;

#[derive(Debug)]
pub(crate) struct Shipped {
    pub(crate) function: &'static str,
    pub(crate) binary: PathBuf,
}

/// Builds them, unless they lie ready in a folder.
pub(crate) fn find_or_build(place: &Place, folder: Option<&Path>) -> Result<Vec<Shipped>> {
    let named = |(function, binary)| Shipped { function, binary };
    match folder {
        Some(folder) => functions::NAMES.into_iter().map(|function| find(folder, function)).collect(),
        None => Ok(functions::build_shipped(place)?.into_iter().map(named).collect()),
    }
}

fn find(folder: &Path, function: &'static str) -> Result<Shipped> {
    let candidates = [folder.join(function).join("bootstrap"), folder.join(function)];
    let binary = candidates.into_iter().find(|candidate| candidate.is_file());
    let binary = binary.ok_or_else(|| Failure::new(format!("{} has no binary of {function}", folder.display())))?;
    let binary = binary.canonicalize().while_doing("looking for a function's binary")?;
    Ok(Shipped { function, binary })
}

impl Shipped {
    pub(crate) fn binary_bytes(&self) -> Result<u64> {
        let size = fs::metadata(&self.binary).while_doing("measuring a function")?;
        Ok(size.len())
    }

    /// As `aws cloudformation package` and cargo-lambda pack it: one deflated entry called `bootstrap`.
    pub(crate) fn zip_bytes(&self) -> Result<u64> {
        /// Headers, name and directory of a zip with one entry.
        const AROUND: usize = 120;
        let binary = bytes_of(&self.binary)?;
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&binary).while_doing("packing a function")?;
        let packed = packed.finish().while_doing("packing a function")?;
        u64::try_from(packed.len().saturating_add(AROUND)).while_doing("measuring a function")
    }
}

//! What is uploaded: a zip of each function, and the template that names them. All of it is made without an account.

use std::fs;
use std::path::PathBuf;

use anstream::println;

use super::build::{Built, folder, megabytes};
use super::options::DeployOptions;
use crate::failure::{Result, While};
use crate::pack;
use crate::place::Place;
use crate::progress::step;
use crate::python::Tools;

/// A template, and the zips that it names.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) template: PathBuf,
    /// How long each is.
    zips: Vec<(&'static str, u64)>,
}

/// Packs all functions side by side.
pub(crate) fn pack(place: &Place, tools: &Tools, options: &DeployOptions) -> Result<Package> {
    let packing = step("Packing the functions");
    let level = if options.dev_build { pack::QUICK } else { pack::USUAL };
    let zips = pack::zips(place, tools, folder(options), level)?;
    let template = options.folder(place)?.file("template.yaml");
    fs::write(&template, pack::template(place, folder(options))?).while_doing("writing the template")?;
    packing.done(megabytes(zips.iter().map(|(_, bytes)| bytes).sum()).trim());
    Ok(Package { template, zips })
}

impl Package {
    pub(crate) fn tell(&self, functions: &[Built]) {
        for (Built { name, bytes }, (_, zip)) in functions.iter().zip(&self.zips) {
            println!("  {name:<16} {}, zipped {}", megabytes(*bytes), megabytes(*zip));
        }
    }
}

//! What is uploaded: a zip of each function, and the template that names them. All of it is made without an account.

use std::fs;
use std::path::{Path, PathBuf};

use anstream::println;

use super::build::{Built, folder, megabytes};
use super::options::DeployOptions;
use super::versions::for_all;
use crate::failure::{Result, While};
use crate::functions::NAMES;
use crate::place::Place;
use crate::process::capture;
use crate::progress::step;
use crate::python::Tools;

/// Packs as the AWS command line would. A zip that has this program already stays as it is: the same program is the same
/// upload, whenever it was built.
const PACK: &str = "\
import os, sys, zipfile, zlib
program, packed, level = sys.argv[1:]
name = os.path.basename(program)
def has_it_already():
    with zipfile.ZipFile(packed) as old, open(program, 'rb') as new:
        return [(entry.filename, entry.CRC) for entry in old.infolist()] == [(name, zlib.crc32(new.read()))]
if not (zipfile.is_zipfile(packed) and has_it_already()):
    with zipfile.ZipFile(packed + '.new', 'w', zipfile.ZIP_DEFLATED, compresslevel=int(level)) as fresh:
        fresh.write(program, name)
    os.replace(packed + '.new', packed)";

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
    let programs = place.target().join(folder(options));
    // What stays on this machine is as long as it is.
    let level = if options.dev_build { 1 } else { 6 };
    let pack = |name| Ok((name, zip(tools, &programs, name, level)?));
    let zips = for_all(NAMES.to_vec(), pack).into_iter().collect::<Result<Vec<_>>>()?;
    let template = template(place, options)?;
    packing.done(megabytes(zips.iter().map(|(_, bytes)| bytes).sum()).trim());
    Ok(Package { template, zips })
}

/// Beside the folder of its program.
fn zip(tools: &Tools, programs: &Path, name: &str, level: u8) -> Result<u64> {
    let zip = programs.join(format!("{name}.zip"));
    capture(
        tools
            .command("python")
            .args(["-c", PACK])
            .arg(programs.join(name).join("bootstrap"))
            .arg(&zip)
            .arg(level.to_string()),
    )?;
    Ok(fs::metadata(&zip).while_doing(format_args!("looking at {}", zip.display()))?.len())
}

/// As it stands in the repository, but for the code: two folders below the workspace, as the original is.
fn template(place: &Place, options: &DeployOptions) -> Result<PathBuf> {
    let original = fs::read_to_string(place.template()).while_doing("reading the template")?;
    let folder = folder(options);
    let zipped = |text: String, name: &&str| {
        text.replace(&format!("target/lambda-local/{name}/"), &format!("target/{folder}/{name}.zip"))
    };
    let template = options.folder(place)?.file("template.yaml");
    fs::write(&template, NAMES.iter().fold(original, zipped)).while_doing("writing the template")?;
    Ok(template)
}

impl Package {
    pub(crate) fn tell(&self, functions: &[Built]) {
        for (Built { name, bytes }, (_, zip)) in functions.iter().zip(&self.zips) {
            println!("  {name:<16} {}, zipped {}", megabytes(*bytes), megabytes(*zip));
        }
    }
}

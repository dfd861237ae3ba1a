//! A zip of each function, beside the folder of its program, and the template that names zips.

use std::fs;
use std::path::Path;

use crate::failure::{Result, While};
use crate::functions::NAMES;
use crate::place::Place;
use crate::process::capture;
use crate::python::Tools;
use crate::release::for_all;

/// What stays on this machine is as long as it is: at the usual level each deployment waits half a minute for it.
pub(crate) const QUICK: u8 = 1;
/// What is uploaded to AWS.
pub(crate) const USUAL: u8 = 6;

/// Packs as the AWS command line would. A zip that has this program already stays as it is: the same program is the same
/// upload, whenever it was built. Of two that pack at once neither takes the other's away.
const PACK: &str = "\
import os, sys, zipfile, zlib
program, packed, level = sys.argv[1:]
name = os.path.basename(program)
def has_it_already():
    with zipfile.ZipFile(packed) as old, open(program, 'rb') as new:
        return [(entry.filename, entry.CRC) for entry in old.infolist()] == [(name, zlib.crc32(new.read()))]
if not (zipfile.is_zipfile(packed) and has_it_already()):
    unfinished = f'{packed}.{os.getpid()}.new'
    with zipfile.ZipFile(unfinished, 'w', zipfile.ZIP_DEFLATED, compresslevel=int(level)) as fresh:
        fresh.write(program, name)
    os.replace(unfinished, packed)";

/// Packs all functions of a folder below `target/` side by side; how long each zip is.
pub(crate) fn zips(place: &Place, tools: &Tools, folder: &str, level: u8) -> Result<Vec<(&'static str, u64)>> {
    let programs = place.target().join(folder);
    let pack = |name| Ok((name, zip(tools, &programs, name, level)?));
    for_all(NAMES.to_vec(), pack).into_iter().collect()
}

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

/// The template as it stands in the repository, but for the code. It is to lie two folders below the workspace, as the
/// original does.
pub(crate) fn template(place: &Place, folder: &str) -> Result<String> {
    let original = fs::read_to_string(place.template()).while_doing("reading the template")?;
    let zipped = |text: String, name: &&str| {
        text.replace(&format!("target/lambda-local/{name}/"), &format!("target/{folder}/{name}.zip"))
    };
    Ok(NAMES.iter().fold(original, zipped))
}

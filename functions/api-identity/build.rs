//! Packs the document of the API, so that it is served as it lies here.
#![allow(clippy::unwrap_used, reason = "a build that cannot be made ends here")]

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::PathBuf;

const DOCUMENT: &str = "../../docs/openapi.json";

fn main() {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    let packed = PathBuf::from(std::env::var_os("OUT_DIR").unwrap()).join("openapi.json.gz");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&std::fs::read(DOCUMENT).unwrap()).unwrap();
    std::fs::write(packed, encoder.finish().unwrap()).unwrap();
}

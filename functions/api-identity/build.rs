//! Packs the document of the API and the pages that show it, so that they are served as they lie here.
#![allow(clippy::unwrap_used, reason = "a build that cannot be made ends here")]

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::{Path, PathBuf};

const PACKED: [&str; 9] = [
    "../../docs/openapi.json",
    "pages/docs.html",
    "pages/docs.js",
    "pages/redoc.html",
    "pages/redoc.js",
    "pages/redoc.css",
    "pages/vendored/swagger-ui/swagger-ui-bundle.js",
    "pages/vendored/swagger-ui/swagger-ui.css",
    "pages/vendored/redoc/redoc.standalone.js",
];

fn main() {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    for file in PACKED.map(Path::new) {
        println!("cargo::rerun-if-changed={}", file.display());
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&std::fs::read(file).unwrap()).unwrap();
        let mut name = file.file_name().unwrap().to_owned();
        name.push(".gz");
        std::fs::write(out.join(name), encoder.finish().unwrap()).unwrap();
    }
}

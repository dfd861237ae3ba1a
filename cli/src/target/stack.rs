//! The file of a local stack, in this folder or one above it. A folder may come from a stranger: the file is used only if
//! the user wrote it, and only for URLs of this machine.

use super::Target;
use crate::address;
use crate::failure::Failure;
use rustix::process::geteuid;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Written by `cargo xtask up` into the folder of the workspace.
pub(super) const STACK_FILE: &str = ".moniqo/dev/stack.json";
const OF_OTHERS: u32 = 0o022;

pub(super) fn find(here: &Path) -> Result<Target, Failure> {
    let mut candidates = here.ancestors().map(|folder| folder.join(STACK_FILE));
    let Some(file) = candidates.find(|file| file.is_file()) else { return Ok(Target::default()) };
    let text = read(&file)?;
    // What serde says of a wrong file may quote it, and with it a token.
    let target: Target =
        serde_json::from_str(&text).map_err(|_| refused(&file, "is not what `cargo xtask up` writes"))?;
    let mut urls = target.api_url.iter().chain(&target.webhook_url);
    match urls.find(|url| !address::is_local(url)) {
        Some(url) => Err(refused(&file, &format!("names {url:?}, which is not of this machine"))),
        None => Ok(target),
    }
}

/// The file that is checked is the file that is read.
fn read(file: &PathBuf) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| refused(file, &error.to_string());
    let mut opened = File::open(file).map_err(unreadable)?;
    let metadata = opened.metadata().map_err(unreadable)?;
    trusted(metadata.uid(), metadata.mode(), geteuid().as_raw()).map_err(|why| refused(file, why))?;
    let mut text = String::new();
    opened.read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

fn trusted(owner: u32, mode: u32, user: u32) -> Result<(), &'static str> {
    if owner != user {
        return Err("belongs to another user of this machine");
    }
    if mode & OF_OTHERS == 0 { Ok(()) } else { Err("can be changed by other users of this machine") }
}

fn refused(file: &Path, why: &str) -> Failure {
    Failure::input(format!("{}: {why}", file.display()))
        .next("if it is yours, cargo xtask up writes it again; if not, remove it or leave the folder")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    fn found(text: &str, mode: u32) -> Result<Target, String> {
        static FOLDERS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = FOLDERS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("moniqo-stack-{}-{number}", std::process::id()));
        let (file, inner) = (folder.join(STACK_FILE), folder.join("a/b"));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::create_dir_all(&inner).unwrap();
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let found = find(&inner).map_err(|failure| failure.text());
        fs::remove_dir_all(&folder).unwrap();
        if let Err(text) = &found {
            assert!(text.starts_with(&*file.display().to_string()), "{text}");
        }
        found
    }

    #[test]
    fn stack_of_a_parent_folder_is_used_if_its_urls_are_of_this_machine() {
        let stack = |api: &str, webhook: &str| {
            found(&format!(r#"{{"api_url":"{api}","token":"x.y.z","webhook_url":"{webhook}"}}"#), 0o600)
        };
        let local = stack("http://api.localhost:4566", "http://127.0.0.1:1/api/webhook/usr_1").unwrap();
        assert_eq!(local.url().unwrap(), "http://api.localhost:4566");
        for (api, webhook) in
            [("https://evil.example", "http://localhost"), ("http://localhost", "https://evil.example")]
        {
            let refused = stack(api, webhook).unwrap_err();
            assert!(refused.contains("\"https://evil.example\", which is not of this machine"), "{refused}");
            assert!(!refused.contains("x.y.z"), "{refused}");
        }
        assert!(found("{\"token\": x.y.z", 0o600).unwrap_err().contains("is not what `cargo xtask up` writes"));
    }

    #[test]
    fn stack_that_others_can_write_is_refused() {
        for mode in [0o620, 0o602, 0o666] {
            let refused = found(r#"{"api_url":"http://localhost"}"#, mode).unwrap_err();
            assert!(refused.contains("can be changed by other users"), "{refused}");
        }
        assert!(found(r#"{"api_url":"http://localhost"}"#, 0o644).is_ok());
        assert_eq!(trusted(1, 0o100_600, 2), Err("belongs to another user of this machine"));
    }
}

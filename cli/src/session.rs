//! The token of whoever has logged in: one file in the person's own folder, which nobody else may read.

use crate::failure::Failure;
use crate::target::Secret;
use serde::{Deserialize, Serialize};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::{env, fs};

const OURS: u32 = 0o600;
const OUR_FOLDER: u32 = 0o700;

/// A token is sent where it came from, and nowhere else.
#[derive(Serialize, Deserialize)]
struct Kept {
    api_url: String,
    token: String,
}

pub(crate) fn keep(api_url: &str, token: String) -> Result<PathBuf, Failure> {
    let file = file()?;
    let kept = Kept { api_url: api_url.to_owned(), token };
    let text = serde_json::to_string(&kept).map_err(|error| unwritten(&file, &error))?;
    write(&file, &text).map_err(|error| unwritten(&file, &error))?;
    Ok(file)
}

/// Of the deployment at this URL.
pub(crate) fn token_at(api_url: &str) -> Result<Option<Secret>, Failure> {
    read(&file()?, api_url)
}

pub(crate) fn forget() -> Result<(), Failure> {
    let file = file()?;
    match fs::remove_file(&file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(unwritten(&file, &error)),
        _ => Ok(()),
    }
}

fn read(file: &Path, api_url: &str) -> Result<Option<Secret>, Failure> {
    let unread = |why: &str| {
        let file = file.display();
        Failure::input(format!("{file}: {why}")).next(format!("rm '{file}', then moniqo login"))
    };
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|error| unread(&error.to_string()))?,
    };
    // What serde says of a wrong file may quote it.
    let kept: Kept = serde_json::from_str(&text).map_err(|_| unread("is not what `moniqo login` writes"))?;
    Ok((kept.api_url == api_url).then(|| Secret::new(kept.token)))
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::DirBuilder::new().recursive(true).mode(OUR_FOLDER).create(folder)?;
    }
    let mut open = fs::File::options().create(true).write(true).truncate(true).mode(OURS).open(file)?;
    open.set_permissions(fs::Permissions::from_mode(OURS))?;
    open.write_all(text.as_bytes())
}

fn file() -> Result<PathBuf, Failure> {
    let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let own = folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")));
    let own =
        own.ok_or_else(|| Failure::input("neither HOME nor XDG_CONFIG_HOME is set: a token could not be kept"))?;
    Ok(own.join("moniqo/session.json"))
}

fn unwritten(file: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::input(format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_for_its_deployment_and_its_owner_alone() {
        let folder = env::temp_dir().join(format!("moniqo-session-{}", std::process::id()));
        let file = folder.join("moniqo/session.json");
        let there = |url: &str| read(&file, url).unwrap().map(|token| token.expose().to_owned());
        assert_eq!(there("https://a"), None);
        write(&file, r#"{"api_url": "https://a", "token": "x.y.z"}"#).unwrap();
        assert_eq!(there("https://a").as_deref(), Some("x.y.z"));
        assert_eq!(there("https://b"), None, "it goes nowhere else");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, OURS);
        write(&file, "x.y.z").unwrap();
        let told = read(&file, "https://a").unwrap_err().text();
        assert!(!told.contains("x.y.z"));
        assert!(told.ends_with(&format!("| rm '{}', then moniqo login", file.display())), "no command reads past it");
        fs::remove_dir_all(folder).unwrap();
    }
}

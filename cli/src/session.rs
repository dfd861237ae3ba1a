//! The token of a log-in: a file for each profile in the user's own folder, which only its owner can read.

use crate::failure::Failure;
use crate::profile;
use crate::target::Secret;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

const OURS: u32 = 0o600;
const OUR_FOLDER: u32 = 0o700;

/// A token is sent where it came from, and nowhere else.
#[derive(Serialize, Deserialize)]
struct Kept {
    api_url: String,
    token: String,
}

/// The session of a profile, or that without one.
pub(crate) struct Session(PathBuf);

impl Session {
    pub(crate) fn of(profile: Option<&str>) -> Result<Self, Failure> {
        Ok(Self(file(&profile::folder()?, profile)))
    }

    pub(crate) fn keep(&self, api_url: &str, token: String) -> Result<&Path, Failure> {
        let Self(file) = self;
        let kept = Kept { api_url: api_url.to_owned(), token };
        let text = serde_json::to_string(&kept).map_err(|error| unwritten(file, &error))?;
        write(file, &text).map_err(|error| unwritten(file, &error))?;
        Ok(file)
    }

    /// If the session is of the deployment at this URL.
    pub(crate) fn token_at(&self, api_url: &str) -> Result<Option<Secret>, Failure> {
        read(&self.0, api_url)
    }

    pub(crate) fn forget(&self) -> Result<(), Failure> {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(unwritten(&self.0, &error)),
            _ => Ok(()),
        }
    }
}

/// The name of a profile has no dot and no slash.
fn file(folder: &Path, profile: Option<&str>) -> PathBuf {
    match profile {
        Some(name) => folder.join("sessions").join(format!("{name}.json")),
        None => folder.join("session.json"),
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

fn unwritten(file: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::input(format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env;

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

    #[test]
    fn session_of_a_profile_is_not_that_of_another_one() {
        let folder = Path::new("/c/moniqo");
        assert_eq!(file(folder, None), Path::new("/c/moniqo/session.json"));
        assert_eq!(file(folder, Some("work")), Path::new("/c/moniqo/sessions/work.json"));
    }

    #[test]
    fn session_of_a_profile_is_sent_to_its_own_url_alone() {
        let folder = env::temp_dir().join(format!("moniqo-sessions-{}", std::process::id()));
        let session = Session(file(&folder, Some("work")));
        session.keep("https://a", "x.y.z".to_owned()).unwrap();
        assert_eq!(session.token_at("https://a").unwrap().unwrap().expose(), "x.y.z");
        assert!(session.token_at("https://b").unwrap().is_none());
        session.forget().unwrap();
        assert!(session.token_at("https://a").unwrap().is_none());
        fs::remove_dir_all(folder).unwrap();
    }
}

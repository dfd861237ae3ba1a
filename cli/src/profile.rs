//! Profiles: deployments by name, in the configuration file of the user. The file has URLs and no secrets; tokens come from
//! the environment or from a log-in.

use crate::address;
use crate::failure::Failure;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::{env, fs};

const FILE: &str = "config.toml";
/// Characters of a name.
const NAME_MAX: usize = 40;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    pub(crate) api_url: Option<String>,
    pub(crate) webhook_url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

impl Profile {
    pub(crate) fn find(name: &str) -> Result<Self, Failure> {
        Self::read(&file()?, name)
    }

    fn read(file: &Path, name: &str) -> Result<Self, Failure> {
        let wrong = |why: &str| Failure::input(format!("{}: {why}", file.display()));
        let text = match fs::read_to_string(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            read => read.map_err(|error| wrong(&error.to_string()))?,
        };
        let config: Config = toml::from_str(&text).map_err(|error| wrong(error.message()))?;
        let profile = config.profiles.get(name).cloned().ok_or_else(|| {
            wrong(&format!("there is no profile {name}"))
                .next(format!("write [profiles.{name}] with api_url = \"https://…\""))
        })?;
        for (member, url) in [("api_url", &profile.api_url), ("webhook_url", &profile.webhook_url)] {
            if let Some(Err(why)) = url.as_deref().map(address::check) {
                return Err(wrong(&format!("{member} of the profile {name} {why}")));
            }
        }
        Ok(profile)
    }
}

/// A name is part of a file's name as well; an empty one stands for none.
pub(crate) fn name(text: &str) -> Result<String, &'static str> {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b));
    if plain && text.len() <= NAME_MAX { Ok(text.to_owned()) } else { Err("must be 1 to 40 of a-z, 0-9, _ and -") }
}

pub(crate) fn file() -> Result<PathBuf, Failure> {
    Ok(folder()?.join(FILE))
}

/// The user's own folder of configuration.
pub(crate) fn folder() -> Result<PathBuf, Failure> {
    let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let own = folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")));
    own.map(|own| own.join("moniqo")).ok_or_else(|| {
        Failure::input("neither HOME nor XDG_CONFIG_HOME is set: there is no folder for profiles and sessions")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, name: &str) -> Result<Profile, String> {
        static FILES: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = FILES.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let file = env::temp_dir().join(format!("moniqo-profile-{}-{number}.toml", std::process::id()));
        fs::write(&file, text).unwrap();
        let read = Profile::read(&file, name).map_err(|failure| failure.text());
        fs::remove_file(&file).unwrap();
        if let Err(text) = &read {
            assert!(text.contains(&*file.display().to_string()), "{text}");
        }
        read
    }

    #[test]
    fn profile_is_read_by_its_name() {
        let text = "[profiles.work]\napi_url = \"https://a\"\nwebhook_url = \"https://b\"\n[profiles.home]\n";
        let work = Profile { api_url: Some("https://a".to_owned()), webhook_url: Some("https://b".to_owned()) };
        assert_eq!(read(text, "work"), Ok(work));
        assert_eq!(read(text, "home"), Ok(Profile::default()));
        assert!(read(text, "other").unwrap_err().contains("there is no profile other"));
    }

    #[test]
    fn unknown_members_and_secrets_are_refused_without_their_value() {
        for text in [
            "[profiles.work]\ntoken = \"x.y.z\"",
            "[profiles.work]\napi_uri = \"x.y.z\"",
            "default = \"x.y.z\"",
            "[profiles.work]\napi_url = \"x.y.z\"",
            "[profiles.work]\napi_url = x.y.z",
        ] {
            let refused = read(text, "work").unwrap_err();
            assert!(!refused.contains("x.y.z"), "{refused}");
        }
        assert!(read("[profiles.work]\ntoken = \"x\"", "work").unwrap_err().contains("token"));
    }

    #[test]
    fn url_in_clear_is_of_this_machine_or_refused() {
        for member in ["api_url", "webhook_url"] {
            let refused = read(&format!("[profiles.work]\n{member} = \"http://example.com\""), "work").unwrap_err();
            let why = "of the profile work needs https://, because tokens would be sent in clear";
            assert!(refused.contains(&format!("{member} {why}")), "{refused}");
            assert!(read(&format!("[profiles.work]\n{member} = \"http://localhost:1\""), "work").is_ok());
        }
    }

    #[test]
    fn absent_file_has_no_profile() {
        let refused = Profile::read(Path::new("/nowhere/config.toml"), "work").unwrap_err().text();
        assert!(refused.starts_with("/nowhere/config.toml: there is no profile work"), "{refused}");
    }

    #[test]
    fn name_of_a_profile_is_no_path() {
        assert!(name("work-2").is_ok());
        for wrong in ["../a", "a/b", "A", "a.b"] {
            assert!(name(wrong).is_err(), "{wrong}");
        }
    }
}

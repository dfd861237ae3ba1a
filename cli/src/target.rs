//! Where the deployment is, and the secrets that open it.

mod stack;

use self::stack::STACK_FILE;
use crate::address;
use crate::failure::Failure;
use crate::profile::Profile;
use crate::session::Session;
use serde::Deserialize;
use std::{env, fmt};

/// A token; it is never printed.
#[derive(Clone, Deserialize)]
pub(crate) struct Secret(String);

/// The deployment: that of the profile. Without a profile the environment comes first, then the stack's file.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Target {
    api_url: Option<String>,
    token: Option<Secret>,
    webhook_url: Option<String>,
    webhook_token: Option<Secret>,
    /// Of the environment or the stack, whoever is logged in.
    #[serde(skip)]
    first_token: Option<Secret>,
    #[serde(skip)]
    profile: Option<String>,
}

impl Target {
    pub(crate) fn find(profile: Option<&str>) -> Result<Self, Failure> {
        Self::found(profile, &|name| env::var(name).ok())
    }

    fn found(profile: Option<&str>, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, Failure> {
        let set = Self::read(variable);
        // A profile is another deployment than the stack at hand: the stack's tokens are not sent there.
        let below = match profile {
            Some(name) => {
                set.stand_beside(name)?;
                Self::of_profile(Profile::find(name)?)
            }
            None => {
                let here =
                    env::current_dir().map_err(|error| Failure::input(format!("the current folder: {error}")))?;
                stack::find(&here)?
            }
        };
        // A log-in comes before the stack's own token, and after a token that is set.
        let first_token = set.token.clone().or(below.token.clone());
        let session = match (&set.token, set.api_url.as_ref().or(below.api_url.as_ref())) {
            (None, Some(url)) => Session::of(profile)?.token_at(url.trim_end_matches('/'))?,
            _ => None,
        };
        let known = set.or(Self { token: session, ..Self::default() }).or(below);
        Ok(Self { first_token, profile: profile.map(str::to_owned), ..known })
    }

    /// Where a log-in is stored.
    pub(crate) fn session(&self) -> Result<Session, Failure> {
        Session::of(self.profile.as_deref())
    }

    /// The API's URL without a slash at its end.
    pub(crate) fn url(&self) -> Result<&str, Failure> {
        self.given_url(self.api_url.as_deref(), "MONIQO_API_URL")
    }

    /// The one that the deployment's first user was told.
    pub(crate) fn first_token(&self) -> Result<&Secret, Failure> {
        match (&self.first_token, &self.profile) {
            (None, Some(_)) => Err(Failure::input("a profile has no first token")
                .next("leave out the profile, and export MONIQO_API_URL=… and MONIQO_TOKEN=…")),
            (token, _) => self.given(token.as_ref(), "MONIQO_TOKEN"),
        }
    }

    /// The API's URL without a slash at its end, and its token.
    pub(crate) fn api(&self) -> Result<(&str, &Secret), Failure> {
        Ok((self.url()?, self.given(self.token.as_ref(), "MONIQO_TOKEN")?))
    }

    pub(crate) fn webhook(&self) -> Result<(&str, &Secret), Failure> {
        let url = self.given_url(self.webhook_url.as_deref(), "MONIQO_WEBHOOK_URL")?;
        Ok((url, self.given(self.webhook_token.as_ref(), "MONIQO_WEBHOOK_TOKEN")?))
    }

    fn given<T>(&self, value: Option<T>, variable: &str) -> Result<T, Failure> {
        let absent = || match &self.profile {
            Some(name) => Failure::input(format!("{variable} is not set, and the profile {name} does not have it"))
                .next(match variable {
                    "MONIQO_TOKEN" => format!("moniqo --profile {name} login"),
                    "MONIQO_WEBHOOK_TOKEN" => format!("export {variable}=…"),
                    _ => "add the URL to the profile".to_owned(),
                }),
            None => Failure::input(format!("{variable} is not set, and no {STACK_FILE} is here or in a folder above"))
                .next(format!("cargo xtask up starts a local stack; for another one: export {variable}=…")),
        };
        value.ok_or_else(absent)
    }

    fn given_url<'a>(&self, value: Option<&'a str>, variable: &str) -> Result<&'a str, Failure> {
        let url = self.given(value, variable)?.trim_end_matches('/');
        address::check(url).map_err(|why| Failure::input(format!("{variable} {why}")))?;
        Ok(url)
    }

    fn read(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        Self {
            api_url: set("MONIQO_API_URL"),
            token: set("MONIQO_TOKEN").map(Secret),
            webhook_url: set("MONIQO_WEBHOOK_URL"),
            webhook_token: set("MONIQO_WEBHOOK_TOKEN").map(Secret),
            ..Self::default()
        }
    }

    /// A profile is not overridden in part: its session or a token of the environment would go to the wrong deployment.
    fn stand_beside(&self, profile: &str) -> Result<(), Failure> {
        let overriding = [
            ("MONIQO_API_URL", self.api_url.is_some()),
            ("MONIQO_WEBHOOK_URL", self.webhook_url.is_some()),
            ("MONIQO_TOKEN", self.token.is_some()),
        ];
        let Some((variable, _)) = overriding.iter().find(|(_, is_set)| *is_set) else { return Ok(()) };
        Err(Failure::input(format!("{variable} is set, and the profile {profile} is chosen"))
            .next(format!("unset {variable}, or leave out the profile (--profile, MONIQO_PROFILE)")))
    }

    fn of_profile(Profile { api_url, webhook_url }: Profile) -> Self {
        Self { api_url, webhook_url, ..Self::default() }
    }

    fn or(self, other: Self) -> Self {
        Self {
            api_url: self.api_url.or(other.api_url),
            token: self.token.or(other.token),
            webhook_url: self.webhook_url.or(other.webhook_url),
            webhook_token: self.webhook_token.or(other.webhook_token),
            first_token: self.first_token.or(other.first_token),
            profile: self.profile.or(other.profile),
        }
    }
}

impl Secret {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(pairs: &[(&str, &str)]) -> Target {
        Target::read(&|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let file: Target = serde_json::from_str(r#"{"api_url":"http://file","token":"f","region":"x"}"#).unwrap();
        let both = target(&[("MONIQO_API_URL", "https://env/")]).or(file);
        let (url, token) = both.api().unwrap();
        assert_eq!((url, token.expose()), ("https://env", "f"));
    }

    #[test]
    fn profile_beside_a_variable_that_overrides_it_is_refused() {
        for variable in ["MONIQO_API_URL", "MONIQO_WEBHOOK_URL", "MONIQO_TOKEN"] {
            let set = |value: &'static str| move |name: &str| (name == variable).then(|| value.to_owned());
            let refused = Target::found(Some("nowhere"), &set("https://env")).unwrap_err().text();
            let unset = format!("unset {variable}, or leave out the profile");
            assert!(refused.starts_with(&format!("{variable} is set")) && refused.contains(&unset), "{refused}");
            let empty = Target::found(Some("nowhere"), &set("")).unwrap_err().text();
            assert!(empty.contains("there is no profile nowhere"), "{empty}");
        }
        let webhook_token = |name: &str| (name == "MONIQO_WEBHOOK_TOKEN").then(|| "t".to_owned());
        let text = Target::found(Some("nowhere"), &webhook_token).unwrap_err().text();
        assert!(text.contains("there is no profile nowhere"), "{text}");
    }

    #[test]
    fn profile_has_no_token_and_says_how_to_log_in() {
        let urls = Profile { api_url: Some("https://profile/".to_owned()), webhook_url: None };
        let of = Target { profile: Some("work".to_owned()), ..Target::of_profile(urls) };
        assert_eq!(of.url().unwrap(), "https://profile");
        let text = of.api().unwrap_err().text();
        assert!(text.contains("MONIQO_TOKEN is not set, and the profile work"), "{text}");
        assert!(text.ends_with("| moniqo --profile work login"), "{text}");
        let text = of.first_token().unwrap_err().text();
        assert!(text.contains("leave out the profile"), "{text}");
    }

    #[test]
    fn what_is_missing_names_its_variable_and_the_next_step() {
        let text = target(&[]).webhook().unwrap_err().text();
        assert!(text.contains("MONIQO_WEBHOOK_URL") && text.contains("cargo xtask up"), "{text}");
        let text = target(&[("MONIQO_API_URL", "ftp://x")]).api().unwrap_err().text();
        assert!(text.contains("MONIQO_API_URL must be a URL that begins with https://"), "{text}");
    }

    #[test]
    fn url_in_clear_is_of_this_machine_or_refused() {
        let webhook = [("MONIQO_WEBHOOK_URL", "http://example.com/api/webhook/usr_1"), ("MONIQO_WEBHOOK_TOKEN", "t")];
        let api = [("MONIQO_API_URL", "http://example.com"), ("MONIQO_TOKEN", "t")];
        let refused = [target(&webhook).webhook().unwrap_err().text(), target(&api).api().unwrap_err().text()];
        for (text, variable) in refused.iter().zip(["MONIQO_WEBHOOK_URL", "MONIQO_API_URL"]) {
            assert!(text.starts_with(&format!("{variable} needs https://, because tokens")), "{text}");
        }
        let local = target(&[("MONIQO_API_URL", "http://127.0.0.1:4566/"), ("MONIQO_TOKEN", "t")]);
        assert_eq!(local.api().unwrap().0, "http://127.0.0.1:4566");
    }

    #[test]
    fn a_secret_is_never_printed() {
        let target = target(&[("MONIQO_TOKEN", "hidden"), ("MONIQO_WEBHOOK_TOKEN", "hidden")]);
        assert!(!format!("{target:?}").contains("hidden"));
    }
}

//! `moniqo login`, `logout` and `users`

use super::act::json;
use super::{Api, factors, filtered, oneself, paged, percent, positions};
use crate::args::{LogIn, NewUser, PasswordFrom, Users};
use crate::failure::Failure;
use crate::prompt;
use crate::table::{facts, plain, printable, table, time, word};
use crate::target::Secret;
use serde_json::{Map, Value};
use std::path::Path;
use wire::view::{Entered, List, ResetToken, Success, User};

const BY_FILE: &str = "give the password by --password-file";
const USERS: [&str; 5] = ["id", "username", "e-mail", "role", "state"];

pub(super) fn log_in(api: &Api, wanted: &LogIn) -> Result<(), Failure> {
    if let Some(file) = &wanted.api_key_file {
        return by_key(api, first_line(file)?);
    }
    let url = api.target.url()?;
    let email = match &wanted.email {
        Some(email) => email.clone(),
        None => prompt::line(&format!("E-mail for {url}: "), "give --email, and the password by --password-file")?,
    };
    let mut body = object([("email", email), ("password", password(url, &wanted.password)?)]);
    let answer = match api.ask_unknown("/api/auth/login", json(&body)?) {
        Err(needed) if needed.is("totp_required") => {
            let code = factors::code(url, wanted.code_file.as_deref())?;
            body.insert("totp".to_owned(), code.into());
            api.ask_unknown("/api/auth/login", json(&body)?)
        }
        answer => answer,
    };
    remember(api, &answer?.read()?)
}

/// A key is no session: it is tried once, and kept in the place of one.
fn by_key(api: &Api, key: String) -> Result<(), Failure> {
    let url = api.target.url()?;
    let answer = api.client.get(&format!("{url}/api/v1/users/me"), &Secret::new(key.clone()))?;
    let User { username, permissions, .. } = answer.read()?;
    let session = api.target.session()?;
    let file = session.keep(url, key)?;
    let (username, may) = (printable(&username), permissions.unwrap_or_default().join(" "));
    anstream::println!("You act for {username} with an API key: {may}. It is stored in {}.", file.display());
    Ok(())
}

pub(super) fn log_out(api: &Api) -> Result<(), Failure> {
    let (url, _) = api.target.api()?;
    let session = api.target.session()?;
    let token = session.token_at(url)?.ok_or_else(|| Failure::input("you are not logged in there"))?;
    // A key has no session that could end: it is forgotten here, and revoked by its owner.
    if !token.expose().contains('.') {
        session.forget()?;
        anstream::println!("Deleted here. The API key is still valid; to end it: moniqo api-keys revoke");
        return Ok(());
    }
    let ended = api.client.post_without_key(&format!("{url}/api/auth/logout"), &token, None).map(drop);
    if is_worthless(&ended) {
        session.forget()?;
    }
    ended.map(|()| anstream::println!("Logged out."))
}

/// What could not be ended now is kept, so that it can be ended later.
fn is_worthless(ended: &Result<(), Failure>) -> bool {
    ended.as_ref().err().is_none_or(Failure::is_unauthorized)
}

pub(super) fn users(api: &Api, wanted: &Users) -> Result<(), Failure> {
    match wanted {
        Users::Me(wanted) => oneself::me(api, wanted),
        Users::Export => oneself::export(api),
        Users::Erase(wanted) => oneself::erase(api, wanted),
        Users::List { list, search, role, active } => {
            let active = active.map(|active| active.to_string());
            let asked = [("search", search.as_ref()), ("role", role.as_ref()), ("is_active", active.as_ref())];
            api.show(&filtered(paged("users", list), &asked), list.watch, |page: &List<User>| {
                let rows = page.items.iter().map(row).collect();
                table(&USERS, rows, "There is no such user.").with_next(page.next_cursor.as_ref())
            })
        }
        Users::Delete { id } => {
            api.confirm(&format!("Delete the user {id}?"))?;
            api.delete(&format!("users/{}", percent(id)), None)?;
            anstream::println!("Deleted. Sessions, webhook tokens and API keys have ended.");
            Ok(())
        }
        Users::First { new } => first(api, new),
        Users::Create { new, role } => {
            let mut body = registration(api.target.url()?, new)?;
            body.extend(role.clone().map(|role| ("role".to_owned(), role.into())));
            api.act("users", Some(json(&body)?), shown)
        }
        Users::Edit { id, role, active } => {
            let mut body = Map::new();
            body.extend(role.clone().map(|role| ("role".to_owned(), role.into())));
            body.extend(active.map(|active| ("is_active".to_owned(), active.into())));
            api.put(&format!("users/{id}"), json(&body)?, None, shown)
        }
        Users::ClosePositions { id, reason } => positions::close_all(api, id, reason, false),
        Users::Reset { id } => api.act(&format!("users/{id}/reset-password"), None, |handed: &ResetToken| {
            format!("{}\n\nvalid once, until {}", handed.reset_token, time(handed.expires_at))
        }),
        Users::Forgot { email } => {
            let body = object([("email", email.clone())]);
            let _alike: Success = api.ask_unknown("/api/auth/forgot-password", json(&body)?)?.read()?;
            anstream::println!("If a user has this address, an e-mail is on its way.");
            Ok(())
        }
        Users::Totp(wanted) => factors::run(api, wanted),
        Users::ChoosePassword { token_file, password } => choose(api, token_file.as_deref(), password),
    }
}

fn choose(api: &Api, token_file: Option<&Path>, from: &PasswordFrom) -> Result<(), Failure> {
    let url = api.target.url()?;
    let token = match token_file {
        Some(file) => first_line(file)?,
        None => prompt::hidden(&format!("Token for {url}: "), "give --token-file")?,
    };
    let body = object([("token", token), ("new_password", new_password(url, from)?)]);
    let _done: Success = api.ask_unknown("/api/auth/reset-password", json(&body)?)?.read()?;
    anstream::println!("The password is changed, and all sessions have ended: moniqo login");
    Ok(())
}

fn first(api: &Api, new: &NewUser) -> Result<(), Failure> {
    let mut body = registration(api.target.url()?, new)?;
    let code = api.target.first_token()?.expose().to_owned();
    body.insert("bootstrap_code".to_owned(), code.into());
    remember(api, &api.ask_unknown("/api/auth/register", json(&body)?)?.read()?)
}

fn registration(url: &str, new: &NewUser) -> Result<Map<String, Value>, Failure> {
    let NewUser { email, username, password: from } = new;
    Ok(object([("email", email.clone()), ("username", username.clone()), ("password", new_password(url, from)?)]))
}

fn new_password(url: &str, from: &PasswordFrom) -> Result<String, Failure> {
    if from.password_file.is_some() { password(url, from) } else { prompt::twice(&for_password(url), BY_FILE) }
}

/// From a file, or as it is typed for the deployment at `url`.
pub(super) fn password(url: &str, from: &PasswordFrom) -> Result<String, Failure> {
    match &from.password_file {
        Some(file) => first_line(file),
        None => prompt::hidden(&for_password(url), BY_FILE),
    }
}

/// The user sees where the password goes before typing it.
fn for_password(url: &str) -> String {
    format!("Password for {url}: ")
}

pub(super) fn first_line(file: &Path) -> Result<String, Failure> {
    Ok(super::input::read(Some(file))?.lines().next().unwrap_or_default().to_owned())
}

fn remember(api: &Api, entered: &Entered) -> Result<(), Failure> {
    let (url, token) = (api.target.url()?, entered.token.clone().unwrap_or_default());
    let session = api.target.session()?;
    let file = session.keep(url, token)?;
    let until = entered.expires_at.map(time).unwrap_or_default();
    let User { username, role, .. } = &entered.user;
    let (username, role) = (printable(username), printable(role));
    anstream::println!("You are {username} ({role}) until {until}. The session is stored in {}.", file.display());
    Ok(())
}

pub(super) fn object<const N: usize>(members: [(&str, String); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

fn row(user: &User) -> Vec<comfy_table::Cell> {
    vec![plain(&*user.id), plain(&*user.username), plain(&*user.email), word(&user.role), word(state(user))]
}

pub(super) fn shown(user: &User) -> String {
    facts([
        ("id", Some(user.id.clone())),
        ("username", Some(user.username.clone())),
        ("name", user.name.clone()),
        ("e-mail", Some(user.email.clone())),
        ("role", Some(user.role.clone())),
        ("permissions", user.permissions.as_ref().map(|permissions| permissions.join(", "))),
        ("state", Some(state(user).to_owned())),
        ("since", Some(time(user.created_at))),
        ("last log-in", user.last_login.map(time)),
        ("last seen", user.last_seen.map(time)),
        ("preferences", user.preferences.as_ref().map(ToString::to_string)),
    ])
}

fn state(user: &User) -> &'static str {
    if user.is_active { "active" } else { "suspended" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_prompt_names_the_deployment() {
        assert_eq!(for_password("https://a"), "Password for https://a: ");
    }

    #[test]
    fn a_token_is_forgotten_once_it_is_worth_nothing_and_not_before() {
        assert!(is_worthless(&Ok(())));
        assert!(is_worthless(&Err(Failure::refused("unknown").unauthorized())));
        assert!(!is_worthless(&Err(Failure::refused("cannot be reached"))));
    }
}

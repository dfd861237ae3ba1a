//! `moniqo users totp`

use super::Api;
use super::act::json;
use super::people::{first_line, object, password};
use crate::args::{Proof, Totp};
use crate::client::Answer;
use crate::failure::Failure;
use crate::prompt;
use std::path::Path;
use wire::view::{FactorState, NewFactor, RecoveryCodes};

const ROUTE: &str = "users/me/totp";

pub(super) fn run(api: &Api, wanted: &Totp) -> Result<(), Failure> {
    match wanted {
        Totp::Status => api.show(ROUTE, false, told),
        Totp::On(proof) => on(api, proof),
        Totp::Off(proof) => {
            ask(api, "/disable", &both(api, proof)?)?;
            anstream::println!("The second factor is off. All other sessions ended.");
            Ok(())
        }
        Totp::Codes(proof) => {
            let codes: RecoveryCodes = ask(api, "/recovery-codes", &both(api, proof)?)?.read()?;
            print(&codes);
            Ok(())
        }
        Totp::Delete { id } => api.delete(&format!("users/{id}/totp"), None),
    }
}

fn on(api: &Api, proof: &Proof) -> Result<(), Failure> {
    let url = api.target.url()?;
    let begun: NewFactor = ask(api, "", &json(&object([("password", password(url, &proof.password)?)]))?)?.read()?;
    anstream::println!("secret  {}\nlink    {}\n", begun.secret, begun.otpauth_uri);
    let code = code(url, proof.code_file.as_deref())?;
    let codes: RecoveryCodes = ask(api, "/confirm", &json(&object([("code", code)]))?)?.read()?;
    print(&codes);
    Ok(())
}

fn print(codes: &RecoveryCodes) {
    anstream::println!("Write these recovery codes down. Each replaces a code, once:\n");
    codes.recovery_codes.iter().for_each(|code| anstream::println!("  {code}"));
}

fn told(state: &FactorState) -> String {
    if state.enabled {
        format!("on, {} recovery codes are left", state.recovery_codes_left)
    } else {
        "off; moniqo users totp on".to_owned()
    }
}

/// From a file, or as it is typed.
pub(super) fn code(url: &str, file: Option<&Path>) -> Result<String, Failure> {
    file.map_or_else(|| prompt::hidden(&format!("Code for {url}: "), "give the code by --code-file"), first_line)
}

fn both(api: &Api, proof: &Proof) -> Result<String, Failure> {
    let url = api.target.url()?;
    let (password, code) = (password(url, &proof.password)?, code(url, proof.code_file.as_deref())?);
    json(&object([("password", password), ("code", code)]))
}

fn ask(api: &Api, path: &str, body: &str) -> Result<Answer, Failure> {
    let (url, token) = api.target.api()?;
    api.client.post_without_key(&format!("{url}/api/v1/{ROUTE}{path}"), token, Some(body.to_owned()))
}

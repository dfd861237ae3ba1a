//! `moniqo doctor`: asked again until the deployment has looked at itself, or has had time enough to.

use super::Api;
use crate::failure::Failure;
use crate::table::{plain, table};
use anstream::println;
use comfy_table::{Cell, Color};
use std::thread;
use std::time::{Duration, Instant};
use wire::view::{Check, CheckState, Doctor};

const HEADER: [&str; 4] = ["check", "state", "what it means", "next step"];
/// How long a cold function and a message to it may take.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_secs(1);
/// The check that fails until the deployment has answered.
const ANSWER: &str = "watch";

pub(super) fn run(api: &Api) -> Result<(), Failure> {
    let (url, token) = api.target.api()?;
    let url = format!("{url}/api/v1/doctor");
    let until = Instant::now() + PATIENCE;
    loop {
        let answer = api.client.get(&url, token)?;
        let doctor: Doctor = answer.read()?;
        if has_answered(&doctor) || Instant::now() >= until {
            println!("{}", if api.is_json() { answer.text } else { shown(&doctor) });
            return verdict(&doctor);
        }
        wait();
    }
}

fn has_answered(doctor: &Doctor) -> bool {
    doctor.checks.iter().any(|check| check.name == ANSWER && check.state != CheckState::Fail)
}

fn verdict(doctor: &Doctor) -> Result<(), Failure> {
    let failed: Vec<&str> =
        doctor.checks.iter().filter(|check| check.state == CheckState::Fail).map(|check| check.name.as_str()).collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::refused(format!("failed checks: {}", failed.join(", "))).next("the table says what to do about each"))
}

fn shown(doctor: &Doctor) -> String {
    table(&HEADER, doctor.checks.iter().map(row).collect(), "Nothing was checked.").to_string()
}

fn row(check: &Check) -> Vec<Cell> {
    let state = plain(check.state.as_str()).fg(match check.state.as_str() {
        "ok" => Color::Green,
        "warn" => Color::Yellow,
        _ => Color::Red,
    });
    vec![plain(&*check.name), state, plain(&*check.meaning), plain(check.next.as_deref().unwrap_or("-"))]
}

#[allow(clippy::disallowed_methods, reason = "a person looks on; nothing of the money path waits here")]
fn wait() {
    thread::sleep(LOOK);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doctor(checks: &[(&str, &str)]) -> Doctor {
        let check = |(name, state): &(&str, &str)| Check {
            name: (*name).to_owned(),
            state: state.parse().unwrap(),
            meaning: String::new(),
            next: None,
        };
        Doctor { state: CheckState::Ok, checks: checks.iter().map(check).collect() }
    }

    #[test]
    fn it_is_asked_again_until_the_deployment_has_looked_at_itself() {
        assert!(!has_answered(&doctor(&[("watch", "fail"), ("halt", "ok")])));
        assert!(has_answered(&doctor(&[("watch", "ok"), ("clock", "fail")])));
        assert!(!has_answered(&doctor(&[])));
    }

    #[test]
    fn only_what_fails_is_an_error() {
        assert!(verdict(&doctor(&[("watch", "ok"), ("parked", "warn")])).is_ok());
        let failed = verdict(&doctor(&[("clock", "fail"), ("halt", "ok"), ("venues", "fail")])).unwrap_err();
        assert_eq!(failed.text(), "failed checks: clock, venues | the table says what to do about each");
    }
}

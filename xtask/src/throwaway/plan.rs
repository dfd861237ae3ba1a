//! What is going to be made, and what cannot be tried there.

use anstream::eprintln;
use clap::Args;
use data_encoding::BASE32_NOPAD;
use serde_json::Value;

use crate::aws_cli::{DEPLOY_REGION, Endpoint};
use crate::failure::{Failure, Result, While};
use crate::integration::Skipped;
use crate::release::DeployOptions;
use crate::schemathesis::AS_AN_ADMIN;

/// How only a throw-away deployment begins, and no other may: all that is called so is taken away.
pub(crate) const PREFIX: &str = "it-";
const RANDOM_BYTES: usize = 5;

const RIGHTS: Skipped =
    Skipped { tests: "rights", why: "it takes on the functions' roles, which on AWS only Lambda may" };
const LOGS: Skipped = Skipped {
    tests: "secrets::no_secret_stands_in_a_table_a_queue_or_a_log",
    why: "it reads every log group of the account, others' too",
};
const TERRAFORM: Skipped = Skipped { tests: "terraform", why: "its provider is told to talk to an emulator" };
const STRESS: Skipped = Skipped { tests: "stress", why: "its faults are made between the functions and an emulator" };
const FAILING: Skipped = Skipped { tests: "failing", why: "its proxy speaks to an emulator, not TLS" };
const COUNTED: Skipped = Skipped { tests: "counted", why: "its meter speaks to an emulator, not TLS" };
const RELEASED: Skipped = Skipped { tests: "released", why: "it deploys what was built for this machine" };
const LETTERS: Skipped = Skipped {
    tests: "forgotten::a_token_comes_by_e_mail_and_is_good_once",
    why: "it reads what the emulator has kept of its letters",
};
const AT_RANDOM: Skipped =
    Skipped { tests: AS_AN_ADMIN.tests, why: "it asks for a halt of everybody beside the other tests" };
/// Everywhere but on an emulator.
const NOT_ON_AWS: [Skipped; 9] = [RIGHTS, LOGS, TERRAFORM, STRESS, FAILING, COUNTED, RELEASED, LETTERS, AT_RANDOM];

#[derive(Debug, Clone, Args)]
pub(crate) struct AwsOptions {
    /// Only the integration tests, in a throw-away stack of your AWS account
    #[arg(long)]
    pub(crate) aws: bool,
    /// Only the contract of the store, in five tables: no functions, no stack
    #[arg(long, requires = "aws")]
    pub(crate) contract: bool,
    /// Where; not in the United States
    #[arg(long, requires = "aws", default_value = DEPLOY_REGION)]
    pub(crate) region: String,
    /// Profile of the AWS command line whose credentials are used
    #[arg(long, requires = "aws")]
    pub(crate) profile: Option<String>,
    /// Ask nothing
    #[arg(long, requires = "aws")]
    pub(crate) yes: bool,
    /// Only take away what a run of this name has left that was killed
    #[arg(long, requires = "aws", value_name = "NAME", value_parser = throw_away)]
    pub(crate) clean_up: Option<String>,
}

fn throw_away(text: &str) -> std::result::Result<String, String> {
    let rest = text.strip_prefix(PREFIX).unwrap_or_default();
    let fits =
        (1..=20).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if fits { Ok(text.to_owned()) } else { Err(format!("must be a name that a run has printed, {PREFIX}…")) }
}

/// A name that nobody has.
pub(super) fn name() -> Result<String> {
    let mut bytes = [0_u8; RANDOM_BYTES];
    getrandom::fill(&mut bytes).while_doing("drawing a name by lot")?;
    Ok(format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()))
}

/// As somebody would type it, but for the name: nobody may type that.
pub(super) fn deployment(name: &str, options: &AwsOptions) -> Result<DeployOptions> {
    let mut words = vec!["--yes", "--region", &options.region];
    words.extend(options.profile.iter().flat_map(|profile| ["--profile", profile]));
    Ok(DeployOptions { deployment: name.to_owned(), ..DeployOptions::of(&words)? })
}

/// What is thrown away is not protected.
pub(super) fn parameters(deploy: &DeployOptions) -> Vec<String> {
    // All who try something there come from one address.
    let thrown_away = [
        "DeletionProtection=false",
        "LogRetentionDays=1",
        "AuthPerMinute=60000",
        "BacktestAloneBars=20000",
        "BacktestsAtOnce=1000",
    ]
    .map(str::to_owned);
    deploy.parameters().into_iter().chain(thrown_away).collect()
}

/// The template that calls itself so.
pub(super) fn named(template: &[u8], name: &str) -> Result<Vec<u8>> {
    let mut template: Value = serde_json::from_slice(template).while_doing("reading the packaged template")?;
    let default = template.pointer_mut("/Parameters/Deployment/Default");
    *default.ok_or_else(|| Failure::new("the template has no parameter Deployment"))? = name.into();
    serde_json::to_vec_pretty(&template).while_doing("writing the packaged template")
}

pub(super) fn skipped(endpoint: &Endpoint) -> Vec<Skipped> {
    if endpoint.is_local() { vec![TERRAFORM, STRESS, RELEASED, AT_RANDOM] } else { NOT_ON_AWS.to_vec() }
}

pub(super) fn tell_contract(name: &str, deploy: &DeployOptions) {
    eprintln!(
        "This makes five tables whose names begin with {name} in {}, holds the contract of the store against them, some minutes, \
         and deletes them.",
        deploy.region
    );
    eprintln!("Estimated cost, by list prices: below 0.05 USD, for some 10,000 writes and reads of tables.");
    eprintln!("Should this be killed: cargo xtask test --aws --clean-up {name}");
}

pub(super) fn tell(name: &str, deploy: &DeployOptions) {
    eprintln!(
        "This makes the deployment {name} in {} (5 tables, 6 queues, {} functions and roles, an HTTP API, alarms, a key, a \
         secret, a bucket),\nruns the integration tests in it, about half an hour, and takes all of it away.",
        deploy.region,
        crate::functions::NAMES.len(),
    );
    eprintln!(
        "Estimated cost, by list prices: below 0.50 USD. Some 100,000 writes and 300,000 reads of tables are about 0.20, the \
         key and the secret\nfor an hour below 0.01; functions, queues and logs stay within what is free each month."
    );
    eprintln!("The key is deleted by AWS seven days later and costs nothing until then.");
    eprintln!("Should this be killed: cargo xtask test --aws --clean-up {name}");
}

#[cfg(test)]
mod tests {
    use super::{PREFIX, name, named, throw_away};

    #[test]
    fn only_what_was_made_to_be_thrown_away_is_taken_away() {
        for real in ["moniqo", "it", "it-", "it-*", "it-a/b", "", "IT-abc", "it-abcdefghijklmnopqrstuvwxyz"] {
            assert!(throw_away(real).is_err(), "{real}");
        }
        assert_eq!(throw_away("it-abc234"), Ok("it-abc234".to_owned()));
    }

    #[test]
    fn a_drawn_name_is_a_deployments_and_no_other_runs() {
        let [one, other] = [name(), name()].map(|name| name.unwrap_or_default());
        assert_ne!(one, other);
        for drawn in [one, other] {
            assert!(drawn.starts_with(PREFIX) && drawn.len() <= 24, "{drawn}");
            assert_eq!(throw_away(&drawn), Ok(drawn.clone()));
        }
    }

    #[test]
    fn the_template_is_called_as_the_stack_is() {
        let template = br#"{"Parameters":{"Deployment":{"Default":"moniqo"}},"Resources":{}}"#;
        let text = String::from_utf8(named(template, "it-abc").unwrap_or_default()).unwrap_or_default();
        assert!(text.contains("it-abc") && !text.contains("moniqo"), "{text}");
        assert!(named(b"{}", "it-abc").is_err());
    }
}

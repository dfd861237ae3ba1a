//! The Terraform module, tried as its README says. `cargo xtask test` leaves these out, by name, where Terraform or its
//! AWS provider is not to be had.

use crate::support::http::answered;
use crate::support::{Caller, Stack, unique::unique};
use reqwest::Client;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MODULE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/terraform");
const EXAMPLE: &str = "examples/complete";
/// What an emulator is told and AWS is not. It knows no network, so the door is the one that needs none.
const EMULATOR: &str = r#"
provider "aws" {
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  s3_use_path_style           = true
}
module "moniqo" {
  egress              = "shared"
  deletion_protection = false
  iam_conditions      = false
  address_echo        = ""
}
"#;
/// Of `plan -detailed-exitcode`.
const NO_CHANGES: i32 = 0;

#[test]
fn the_module_is_well_written_and_does_what_its_own_tests_say() {
    let module = Terraform::copy();
    module.succeeds("", &["fmt", "-check", "-recursive", "-diff"]);
    for folder in ["", EXAMPLE] {
        module.initialise(folder);
        module.succeeds(folder, &["validate"]);
    }
    module.succeeds("", &["test"]);
}

#[tokio::test]
async fn the_example_deploys_changes_nothing_the_second_time_and_leaves_the_tables() {
    let example = Terraform::copy();
    fs::write(example.0.join(EXAMPLE).join("emulator_override.tf"), EMULATOR).unwrap();
    let deployment = format!("tf-{}", unique());
    let variables = variables(&deployment);
    let with = |words: &[&'static str]| [words, &variables.iter().map(String::as_str).collect::<Vec<_>>()].concat();
    example.initialise(EXAMPLE);
    example.succeeds(EXAMPLE, &with(&["apply", "-auto-approve"]));
    assert_eq!(answer_of(&example).await, 401, "the deployed webhook knows nobody");
    let again = example.run(EXAMPLE, &with(&["plan", "-detailed-exitcode"]));
    assert_eq!(again.status.code(), Some(NO_CHANGES), "{}", said(&again));
    example.succeeds(EXAMPLE, &with(&["destroy", "-auto-approve"]));
    assert!(table(&deployment).await, "what holds data outlives the stack");
    assert!(!function(&deployment).await, "what runs does not");
}

/// A copy of the module, so that nothing is left in the repository.
struct Terraform(PathBuf);

impl Terraform {
    fn copy() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("terraform-{}", unique()));
        copy(Path::new(MODULE), &folder);
        Self(folder)
    }

    /// From the folder that `cargo xtask test` has found the provider in, else as this machine is set up.
    fn initialise(&self, folder: &str) {
        let plugins = std::env::var("MONIQO_TERRAFORM_PLUGINS").map(|plugins| format!("-plugin-dir={plugins}")).ok();
        let words = ["init", "-backend=false"].into_iter().chain(plugins.as_deref());
        self.succeeds(folder, &words.collect::<Vec<_>>());
    }

    fn succeeds(&self, folder: &str, words: &[&str]) -> String {
        let output = self.run(folder, words);
        assert!(output.status.success(), "terraform {}: {}", words[0], said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn run(&self, folder: &str, words: &[&str]) -> Output {
        let (command, rest) = words.split_first().unwrap();
        let mut terraform = Command::new("terraform");
        terraform.current_dir(self.0.join(folder)).arg(command).args(rest);
        terraform.env("TF_IN_AUTOMATION", "1").env("TF_INPUT", "0").env("CHECKPOINT_DISABLE", "1");
        terraform.env("TF_CLI_ARGS", if *command == "fmt" { "" } else { "-no-color" }).output().unwrap()
    }
}

impl Drop for Terraform {
    fn drop(&mut self) {
        let _left_behind = fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap).filter(|entry| !is_leftover(&entry.path())) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &to) } else { fs::copy(entry.path(), to).map(drop).unwrap() }
    }
}

/// What Terraform has written where someone used the module in place.
fn is_leftover(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    name.starts_with(".terraform") || name.contains(".tfstate")
}

fn variables(deployment: &str) -> Vec<String> {
    let template = std::env::var("MONIQO_TEMPLATE").unwrap();
    [
        ("deployment", deployment),
        ("region", &Stack::get().region),
        ("packaged_template", &template),
        ("artifacts_bucket", &artifacts_bucket()),
        ("alert_emails", r#"["nobody@example.com"]"#),
    ]
    .map(|(name, value)| format!("-var={name}={value}"))
    .into()
}

/// Where the functions' code lies already: `s3://<bucket>/<checksum>`.
fn artifacts_bucket() -> String {
    let code = &Stack::get().template["Resources"]["WebhookFunction"]["Properties"]["CodeUri"];
    code.as_str().unwrap().trim_start_matches("s3://").split('/').next().unwrap().to_owned()
}

/// Of the webhook, to a stranger. The API's host is `<id>.execute-api.…`; its path resolves everywhere.
async fn answer_of(example: &Terraform) -> u16 {
    let url = example.succeeds(EXAMPLE, &["output", "-raw", "api_url"]);
    let id = url.split("://").nth(1).unwrap().split('.').next().unwrap();
    let webhook = format!("{}/_aws/execute-api/{id}/api/webhook/usr_nobody/whk_none", Stack::get().endpoint);
    answered(Client::new().post(webhook).body("{}")).await.status
}

async fn table(deployment: &str) -> bool {
    let named = json!({"TableName": format!("{deployment}-trading")});
    let told = Caller::root().call("dynamodb:DescribeTable", &named).await;
    told.body["Table"]["TableStatus"] == "ACTIVE"
}

async fn function(deployment: &str) -> bool {
    let invoked = Caller::root().invoke(&format!("{deployment}-webhook"), &Value::Null).await;
    invoked.status != 404
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

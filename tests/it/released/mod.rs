//! A release as its owner makes it: `cargo xtask deploy` itself, into a deployment of its own beside the tested one. These
//! tests have a stack for themselves.

mod dashboard;
mod rotated;

use crate::support::unique::unique;
use crate::support::{Caller, Stack};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The function that the doctor asks which version it is.
const WATCH: &str = "account-watch";
/// Where the functions lie that these tests run.
const STAGED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/lambda-local");
/// Without questions, and of what lies there.
const RELEASE: [&str; 4] = ["deploy", "--yes", "--dev-build", "--staged"];
const MEGABYTE: u64 = 1_000_000;
const OURS: u32 = 0o600;

#[test]
fn without_credentials_it_stops_and_names_the_next_step() {
    let deployment = Deployment::new();
    let said = deployment.run_without_account(&["deploy", "--yes"]);
    said.tells(1, &["there are no AWS credentials", "aws configure", "cargo xtask deploy --dry-run"]);
    assert!(!deployment.folder().exists(), "nothing was begun");
}

#[test]
fn a_dry_run_needs_no_account_and_packs_what_would_be_uploaded() {
    let deployment = Deployment::new();
    let said = deployment.run_without_account(&["deploy", "--dry-run", "--dev-build", "--staged"]);
    said.tells(0, &["Template", &format!("Deployment={}", deployment.name), "With credentials it would go on"]);
    for function in functions() {
        let zip = fs::metadata(format!("{STAGED}/{function}.zip")).unwrap().len();
        let line = said.printed.lines().find(|line| line.trim_start().starts_with(&format!("{function} ")));
        let told = format!("zipped {:>3}.{} MB", zip / MEGABYTE, zip % MEGABYTE * 10 / MEGABYTE);
        assert!(zip > MEGABYTE && line.is_some_and(|line| line.ends_with(&told)), "{function}: {zip} in {line:?}");
    }
}

#[tokio::test]
async fn a_release_is_switched_gone_back_from_and_kept_off_a_table_of_another_epoch() {
    let deployment = Deployment::new();
    let all = functions().len();
    let first = deployment.run(&["deploy", "--yes", "--dev-build", "--staged", "--seed"]);
    let are_new = format!("{all} of {all} are new");
    first.tells(0, &["Lambda runs 10 functions", "The first deployment here", &are_new, "No order is in flight"]);
    first.tells(0, &[", version 1", "Released. The way back: cargo xtask deploy --back"]);
    assert_eq!(deployment.live().await, ["1", "1"]);

    let tokens = deployment.tokens();
    assert!(["mqs_", "whk_"].iter().all(|token| tokens.contains(token) && !first.both().contains(token)));
    deployment.is_interrupted_while_it_seeds();
    deployment.run(&["seed"]).tells(0, &["tokens.env"]);
    assert_eq!(deployment.tokens(), tokens, "it goes on with the same user");
    deployment.run(&["seed"]).tells(1, &["has its user already", "stack.json"]);

    deployment.change_watch().await;
    let again = deployment.run(&["deploy", "--yes", "--dev-build", "--staged"]);
    again.tells(0, &["nothing differs", &format!("1 of {all} are new"), ", version 2"]);
    assert_eq!(deployment.live().await, ["2 before 1", "1 before 1"]);

    let back = deployment.run(&["deploy", "--back", "--yes"]);
    back.tells(0, &["2 → 1", "Switching all functions", ", version 1"]);
    assert_eq!(deployment.live().await, ["1 before 2", "1 before 1"]);

    deployment.restore_the_table().await;
    let kept_off = deployment.run(&["deploy", "--yes", "--dev-build", "--staged"]);
    kept_off.tells(1, &["of another epoch", "no alias was switched", "moniqo recover"]);
    assert_eq!(deployment.live().await, ["1 before 2", "1 before 1"]);
}

/// One that nobody else has, with what this machine keeps of it.
struct Deployment {
    name: String,
}

/// What a command said in the end.
struct Said {
    status: Option<i32>,
    printed: String,
    told: String,
}

impl Deployment {
    fn new() -> Self {
        Self { name: format!("rel-{}", unique()) }
    }

    /// In the emulator that stands for an account.
    fn run(&self, words: &[&str]) -> Said {
        let endpoint = ["--endpoint", Stack::get().endpoint.as_str()];
        let is_deploy = words[0] == "deploy";
        self.said(self.xtask(words).args(endpoint.iter().filter(|_| is_deploy)))
    }

    /// On a machine that nobody has given credentials.
    fn run_without_account(&self, words: &[&str]) -> Said {
        let mut command = self.xtask(words);
        for (variable, _) in std::env::vars().filter(|(variable, _)| variable.starts_with("AWS_")) {
            command.env_remove(variable);
        }
        command.env("AWS_CONFIG_FILE", "/dev/null").env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
        self.said(command.env("AWS_EC2_METADATA_DISABLED", "true"))
    }

    fn xtask(&self, words: &[&str]) -> Command {
        let tests = std::env::current_exe().unwrap();
        let mut command = Command::new(tests.ancestors().nth(2).unwrap().join("xtask"));
        command.args(words).args(["--deployment", &self.name, "--region", &Stack::get().region]);
        command
    }

    fn said(&self, command: &mut Command) -> Said {
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Said { status: output.status.code(), printed: text(&output.stdout), told: text(&output.stderr) }
    }

    fn folder(&self) -> PathBuf {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.moniqo");
        kept.join(format!("{}-{}", self.name, Stack::get().region))
    }

    /// Version and what is known of the one before: of the watch, and of all others, which are the same.
    async fn live(&self) -> [String; 2] {
        let (root, mut watch, mut others) = (Caller::root(), String::new(), BTreeSet::new());
        for function in functions() {
            let (version, before) = root.live(&self.function(&function)).await;
            let live = format!("{version} {before}").trim_end().to_owned();
            if function == WATCH {
                watch = live;
            } else {
                others.insert(live);
            }
        }
        assert_eq!(others.len(), 1, "{others:?}");
        [watch, others.into_iter().collect()]
    }

    /// Where the first user's tokens went instead of a pipe: nobody else reads them there.
    fn tokens(&self) -> String {
        let file = self.folder().join("tokens.env");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, OURS);
        fs::read_to_string(&file).unwrap()
    }

    /// What then lies there names the user, and not that it was done.
    fn is_interrupted_while_it_seeds(&self) {
        fs::rename(self.folder().join("stack.json"), self.folder().join("first-user.json")).unwrap();
    }

    /// Another program, as far as versions go: published anew, where the template is the same.
    async fn change_watch(&self) {
        let (root, watch) = (Caller::root(), self.function(WATCH));
        let mut variables = root.variables(&watch).await;
        variables["RUST_LOG"] = "warn".into();
        root.set_variables(&watch, &variables).await;
    }

    /// As a restored table is: its rows name the table that they were in.
    async fn restore_the_table(&self) {
        let system = json!({
            "TableName": format!("{}-trading", self.name),
            "Key": {"pk": {"S": "SYS"}, "sk": {"S": "S"}},
            "UpdateExpression": "SET deployment_epoch = :other",
            "ExpressionAttributeValues": {":other": {"S": unique()}},
        });
        Caller::root().ask("dynamodb:UpdateItem", &system).await;
    }

    fn function(&self, name: &str) -> String {
        format!("{}-{name}", self.name)
    }
}

impl Drop for Deployment {
    fn drop(&mut self) {
        let _nothing_was_kept = fs::remove_dir_all(self.folder());
    }
}

impl Said {
    fn tells(&self, status: i32, parts: &[&str]) {
        assert_eq!(self.status, Some(status), "{}", self.both());
        for part in parts {
            assert!(self.both().contains(part), "no {part:?} in\n{}", self.both());
        }
    }

    fn both(&self) -> String {
        format!("{}{}", self.printed, self.told)
    }
}

/// The names of all functions, without a deployment's.
fn functions() -> Vec<String> {
    let stack = Stack::get();
    let prefix = format!("{}-", stack.deployment());
    let named = |resource| stack.name(resource).strip_prefix(&prefix).unwrap().to_owned();
    stack.of_type("AWS::Serverless::Function").into_iter().map(named).collect()
}

//! Releases against recorded answers: a program called `aws` says what AWS would, and notes what it was asked.

use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use app::doctor::{Check, Flight};
use aws::Keys;
use clap::Parser;
use domain::ids::Sha;

use super::dashboard::{Dashboard, swap_pages, warn_of_older_secrets};
use super::examine::Inside;
use super::there::former;
use super::{DeployOptions, account, change_set, flight, steps};
use crate::aws_cli::{Aws, Endpoint};
use crate::deploy::{self, Outputs};
use crate::failure::Result;
use crate::functions::NAMES;
use crate::python::Tools;

/// Answers with the file that is named like the question (`lambda get-alias`), or that and its function's name; keeps
/// where an alias was pointed; refuses what nobody has recorded.
const FAKE: &str = r#"#!/bin/sh
cd "$(dirname "$0")"
if [ -n "$MONIQO_AWS_WORDS" ]; then IFS='
'; set -- $MONIQO_AWS_WORDS; unset IFS; fi
echo "$*" >> asked
word() { while [ $# -gt 1 ]; do [ "$1" = "$WANTED" ] && { printf %s "$2"; return; }; shift; done; }
WANTED=--function-name; function=$(word "$@")
WANTED=--function-version; version=$(word "$@")
WANTED=--description; description=$(word "$@")
WANTED=--qualifier; qualifier=$(word "$@")
[ -f "refuse $1 $2 $function" ] && { echo "An error occurred (AccessDenied)" >&2; exit 254; }
case "$1 $2" in
"lambda get-alias") read at before < "live $function"
  printf '{"FunctionVersion": "%s", "Description": "%s"}' "$at" "${before:+before $before}" ;;
"lambda update-alias") echo "$version ${description#before }" > "live $function"; echo '{}' ;;
*) if [ -f "$1 $2 $qualifier" ]; then cat "$1 $2 $qualifier"; elif [ -f "$1 $2" ]; then cat "$1 $2"; else echo "Unable to locate credentials" >&2; exit 255; fi ;;
esac
"#;

struct World {
    folder: PathBuf,
    tools: Tools,
    endpoint: Endpoint,
    options: DeployOptions,
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    options: DeployOptions,
}

impl World {
    /// An account whose functions all stand at version 3, the one before being 2; the next that is published is 4.
    fn new(name: &str, options: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("moniqo-release-{}-{name}", std::process::id()));
        let _left_over = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for program in ["aws", "python"].map(|name| folder.join(name)) {
            fs::write(&program, FAKE).unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let keys = Keys { id: "AKIA".into(), secret: "secret".into(), session: None };
        let world = Self {
            tools: Tools::in_folder(folder.clone()),
            endpoint: Endpoint::in_region(None, "eu-central-1", keys),
            options: Line::parse_from(["deploy"].iter().chain(options)).options,
            folder,
        };
        world.record("lambda publish-version", r#"{"Version": "4"}"#);
        world.record("lambda get-function-configuration", r#"{"Description": "rows 2"}"#);
        world.record("lambda list-versions-by-function", r#"["$LATEST", "1", "2", "3", "4"]"#);
        world.record("cloudwatch describe-alarms", "[]");
        world.all_live("3 2");
        world
    }

    fn record(&self, question: &str, answer: &str) {
        fs::write(self.folder.join(question), answer).unwrap();
    }

    fn all_live(&self, at: &str) {
        for name in NAMES {
            self.record(&format!("live moniqo-{name}"), at);
        }
    }

    fn aws(&self) -> Aws<'_> {
        Aws { tools: &self.tools, endpoint: &self.endpoint }
    }

    /// Version and the one before, of every function; they must all be the same.
    fn live(&self) -> String {
        let read = |name: &&str| fs::read_to_string(self.folder.join(format!("live moniqo-{name}"))).unwrap();
        let mut all: Vec<String> = NAMES.iter().map(read).map(|text| text.trim().to_owned()).collect();
        all.dedup();
        all.join(", ")
    }

    fn asked(&self, question: &str) -> usize {
        let asked = fs::read_to_string(self.folder.join("asked")).unwrap_or_default();
        asked.lines().filter(|line| line.starts_with(question)).count()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _next_run_clears_it = fs::remove_dir_all(&self.folder);
    }
}

/// What the tables would say: a row of flights, one for each look, and the checks.
struct Known {
    flights: RefCell<Vec<u32>>,
    checks: Vec<Check>,
    recovered: bool,
}

impl Inside for Known {
    fn is_recovered(&self) -> Result<bool> {
        Ok(self.recovered)
    }

    fn flight(&self) -> Result<Flight> {
        let mut flights = self.flights.borrow_mut();
        let planned = if flights.len() > 1 { flights.remove(0) } else { flights[0] };
        Ok(Flight { planned, ..Flight::default() })
    }

    fn checks(&self, _: &str) -> Result<Vec<Check>> {
        Ok(self.checks.clone())
    }
}

fn well() -> Known {
    Known { flights: RefCell::new(vec![0]), checks: vec![Check::ok("watch", "answers")], recovered: true }
}

fn unwell() -> Known {
    Known { checks: vec![Check::ok("watch", "answers"), Check::fail("clock", "2 s behind", "wait")], ..well() }
}

#[test]
fn without_credentials_it_stops_at_once_and_names_the_next_step() {
    let world = World::new("credentials", &["--profile", "trading"]);
    let failure = account::log_in(&world.tools, &world.options).unwrap_err();
    assert!(failure.to_string().contains("no valid credentials in the profile trading"), "{failure}");
    assert_eq!((world.asked("-c import boto3"), world.live().as_str()), (1, "3 2"), "and nothing has changed");
}

#[test]
fn a_release_moves_every_alias_and_remembers_the_version_before() {
    let world = World::new("release", &["--yes"]);
    steps::activate(&world.aws(), &world.options, &well()).unwrap();
    assert_eq!(world.live(), "4 3");
}

#[test]
fn the_same_release_twice_moves_nothing_and_forgets_nothing() {
    let world = World::new("twice", &["--yes"]);
    steps::activate(&world.aws(), &world.options, &well()).unwrap();
    let moved = world.asked("lambda update-alias");
    steps::activate(&world.aws(), &world.options, &well()).unwrap();
    assert_eq!((world.live().as_str(), world.asked("lambda update-alias")), ("4 3", moved));
}

#[test]
fn the_first_release_leaves_latest_and_has_nothing_to_go_back_to() {
    let world = World::new("first", &["--yes"]);
    world.all_live("$LATEST");
    let failure = steps::activate(&world.aws(), &world.options, &unwell()).unwrap_err();
    assert_eq!(world.live(), "4", "what is not well stays: there is nothing else");
    assert!(failure.to_string().contains("clock"), "{failure}");
    assert!(steps::go_back(&world.aws(), &world.options).is_err());
}

#[test]
fn a_release_that_is_not_well_is_left_again() {
    let world = World::new("unwell", &["--yes"]);
    let failure = steps::activate(&world.aws(), &world.options, &unwell()).unwrap_err();
    assert!(failure.to_string().contains("went back"), "{failure}");
    assert_eq!(world.live(), "3 2", "as if it had not been");
}

#[test]
fn where_one_alias_cannot_be_moved_none_is() {
    let world = World::new("stuck", &["--yes"]);
    world.record("refuse lambda update-alias moniqo-ticker", "");
    let failure = steps::activate(&world.aws(), &world.options, &well()).unwrap_err();
    assert!(failure.to_string().contains("AccessDenied"), "{failure}");
    assert_eq!(world.live(), "3 2");
}

#[test]
fn no_alias_is_switched_onto_a_table_of_another_epoch() {
    let world = World::new("epoch", &["--yes"]);
    let restored = Known { recovered: false, ..well() };
    let failure = steps::activate(&world.aws(), &world.options, &restored).unwrap_err();
    assert!(failure.to_string().contains("restored or copied"), "{failure}");
    assert_eq!((world.live().as_str(), world.asked("lambda publish-version")), ("3 2", 0));
}

#[test]
fn nobody_goes_back_to_code_that_cannot_read_the_rows() {
    let world = World::new("rows", &["--back", "--yes"]);
    world.record("lambda get-function-configuration 2", r#"{"Description": ""}"#);
    let failure = steps::go_back(&world.aws(), &world.options).unwrap_err();
    assert!(failure.to_string().contains("cannot read the rows"), "{failure}");
    assert_eq!((world.live().as_str(), world.asked("lambda update-alias")), ("3 2", 0));

    world.record("lambda get-function-configuration 3", r#"{"Description": ""}"#);
    steps::activate(&world.aws(), &world.options, &unwell()).unwrap_err();
    assert_eq!(world.live(), "4 3", "what is not well stays: what was before it could not read on");
}

#[test]
fn nobody_deploys_under_a_name_that_is_taken_away() {
    for refused in ["it-", "it-abc", "it-shop-eu"] {
        let typed = Line::try_parse_from(["deploy", "--deployment", refused]);
        assert!(typed.err().is_some_and(|error| error.to_string().contains("test --aws")), "{refused}");
    }
    assert!(Line::try_parse_from(["deploy", "--deployment", "itself"]).is_ok());
}

#[test]
fn orders_in_flight_are_waited_for_and_not_for_ever() {
    let patience = Some(Duration::from_millis(20));
    let settles = Known { flights: RefCell::new(vec![2, 0]), ..well() };
    assert!(flight::wait_for_none(&settles, false, patience).is_ok());
    let never = || Known { flights: RefCell::new(vec![2]), ..well() };
    assert!(flight::wait_for_none(&never(), false, patience).is_err(), "nobody is there to agree");
    assert!(flight::wait_for_none(&never(), true, patience).is_ok(), "--yes goes on after the wait");
}

#[test]
fn a_low_limit_is_told_and_more_is_asked_for_only_by_a_person() {
    let world = World::new("limit", &["--yes"]);
    let check = |limit: &str, looks: usize| {
        world.record("lambda get-account-settings", limit);
        account::mind_the_limit(&world.aws(), &world.options).unwrap();
        assert_eq!(world.asked("service-quotas list"), looks, "{limit}");
        assert_eq!(world.asked("service-quotas request"), 0);
    };
    check("1000", 0);
    check("10", 1);
    check("null", 1);
}

#[test]
fn what_holds_data_is_replaced_only_by_a_persons_own_words() {
    let world = World::new("data", &["--yes"]);
    let check = |action: &str, kind: &str, replacement: &str, refused: bool| {
        let change = format!(
            r#"{{"Changes": [{{"ResourceChange": {{"Action": "{action}", "LogicalResourceId": "X",
            "ResourceType": "{kind}", "Replacement": "{replacement}"}}}}]}}"#
        );
        world.record("cloudformation deploy", "aws cloudformation describe-change-set --change-set-name arn:aws:x");
        world.record("cloudformation describe-change-set", &change);
        world.record("cloudformation describe-stacks", r#""UPDATE_COMPLETE""#);
        let set = change_set::make(&world.aws(), &world.options, "bucket", &world.folder, &[]).unwrap().unwrap();
        assert_eq!(change_set::guard_data(&set, &world.options).is_err(), refused, "{change}");
    };
    check("Modify", "AWS::DynamoDB::Table", "True", true);
    check("Modify", "AWS::DynamoDB::Table", "Conditional", true);
    check("Remove", "AWS::KMS::Key", "False", true);
    check("Modify", "AWS::DynamoDB::Table", "False", false);
    check("Remove", "AWS::SQS::Queue", "False", false);
    check("Add", "AWS::DynamoDB::Table", "False", false);
}

#[test]
fn nothing_that_differs_is_no_change_set() {
    let world = World::new("same", &["--yes"]);
    world.record("cloudformation deploy", "\nNo changes to deploy. Stack moniqo is up to date\n");
    assert!(change_set::make(&world.aws(), &world.options, "bucket", &world.folder, &[]).unwrap().is_none());
}

#[test]
fn what_is_not_named_keeps_its_value_and_the_rest_is_said() {
    let parameters = |words: &[&str]| {
        let line = ["deploy"].iter().chain(words);
        Line::parse_from(line).options.parameters().join(" ")
    };
    let plain = parameters(&[]);
    assert!(plain.contains("IamConditions=true") && plain.contains("Architecture=x86_64"), "{plain}");
    for kept in [
        "Egress=",
        "AlarmTopicArn=",
        "Registration=",
        "AuthPerMinute=",
        "LatencyAlarm=",
        "Dashboard=",
        "OriginSecret",
        "PlannerWaits=",
        "BacktestWorkers=",
        "BacktestsAtOnce=",
        "MarketsOf=",
    ] {
        assert!(!plain.contains(kept), "{plain}");
    }
    let chosen = parameters(&["--egress", "nat-instance", "--arch", "arm64", "--alarm-topic", "arn:aws:sns:x"]);
    for part in ["Egress=nat-instance", "Architecture=arm64", "AlarmTopicArn=arn:aws:sns:x"] {
        assert!(chosen.contains(part), "{chosen}");
    }
    for (option, value, parameter) in [
        ("--registration", "open", "Registration=open"),
        ("--registration", "closed", "Registration=closed"),
        ("--auth-per-minute", "20", "AuthPerMinute=20"),
        ("--latency-alarm", "off", "LatencyAlarm=off"),
        ("--latency-alarm", "on", "LatencyAlarm=on"),
        ("--dashboard", "on", "Dashboard=on"),
        ("--planner-waits", "on", "PlannerWaits=on"),
        ("--backtest-workers", "20", "BacktestWorkers=20"),
        ("--backtests-at-once", "9", "BacktestsAtOnce=9"),
        ("--markets-of", "kraken", "MarketsOf=KRAKEN"),
        ("--markets-of", "none", "MarketsOf="),
    ] {
        let chosen = parameters(&[option, value]);
        assert!(chosen.split(' ').any(|part| part == parameter), "{chosen}");
    }
    assert!(Line::try_parse_from(["deploy", "--auth-per-minute", "0"]).is_err());
    assert!(Line::try_parse_from(["deploy", "--backtest-workers", "0"]).is_err());
}

const SENT: &str = "DashboardSecretSent";

/// Parameters, each with its value, and those that follow once the functions have learned of them.
type Planned = [Vec<(String, String)>; 2];

/// A release onto a stack with these outputs.
fn planned(words: &[&str], outputs: &[(&str, &str)]) -> Result<Planned> {
    let options = Line::parse_from(["deploy"].iter().chain(words)).options;
    let outputs = outputs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let plan = Dashboard::plan(&options, Some(&outputs))?;
    let pair = |parameter: &String| {
        let (name, value) = parameter.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    Ok([plan.parameters(), plan.next()].map(|parameters| parameters.iter().map(pair).collect()))
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn hash(secret: &str) -> String {
    Sha::of_bytes(secret.as_bytes()).as_str().to_owned()
}

#[test]
fn a_dashboard_that_was_chosen_stays_and_its_secret_is_drawn_once() {
    let [drawn, next] = planned(&["--dashboard", "on"], &[]).unwrap();
    let secret = drawn[0].1.clone();
    let known = hash(&secret);
    assert_eq!(
        drawn,
        owned(&[("OriginSecret", &secret), ("OriginSecretSent", &known), ("OriginSecretHashes", &known)])
    );
    assert!(secret.len() >= 32 && next.is_empty(), "{drawn:?}");
    assert_ne!(planned(&["--dashboard", "on"], &[]).unwrap()[0], drawn, "another deployment's is another one");
    let there = [("DashboardBucketName", "b"), (SENT, "aa")];
    for kept in [&[][..], &["--dashboard", "on"]] {
        assert_eq!(planned(kept, &there).unwrap(), [Vec::new(), Vec::new()], "{kept:?}");
    }
    assert_eq!(planned(&[], &[]).unwrap(), [Vec::new(), Vec::new()]);
    let gone = owned(&[("OriginSecret", ""), ("OriginSecretSent", ""), ("OriginSecretHashes", "")]);
    assert_eq!(planned(&["--dashboard", "off"], &there).unwrap(), [gone, Vec::new()]);
}

/// Also where a renewal before has taught the functions one that was never sent.
#[test]
fn a_new_secret_is_believed_beside_the_one_that_is_sent_before_it_is_sent() {
    let [first, next] = planned(&["--renew-dashboard-secret"], &[("DashboardBucketName", "b"), (SENT, "aa")]).unwrap();
    let (secret, known) = (&next[0].1, &next[1].1);
    assert_eq!(first, owned(&[("OriginSecretHashes", &format!("aa,{known}"))]));
    assert_eq!(next, owned(&[("OriginSecret", secret), ("OriginSecretSent", &hash(secret))]));
    let unknown = planned(&["--renew-dashboard-secret"], &[("DashboardBucketName", "b"), (SENT, "")]).unwrap();
    assert_eq!(unknown[0], owned(&[("OriginSecretHashes", &unknown[1][1].1)]), "nothing empty is believed");
    for nothing in [&["--renew-dashboard-secret"][..], &["--renew-dashboard-secret", "--dashboard", "on"]] {
        assert!(
            planned(nothing, &[]).is_err_and(|failure| failure.to_string().contains("no dashboard")),
            "{nothing:?}"
        );
    }
}

#[test]
fn who_goes_back_to_other_secrets_is_warned() {
    let outputs = [(SENT.to_owned(), "bb".to_owned())].into();
    let warned = |now: &str, then: &str| warn_of_older_secrets(&outputs, now, then).unwrap_or_default();
    for well in ["aa,bb", "bb", "bb,aa"] {
        assert_eq!(warned("aa,bb", well), "", "{well}");
    }
    for unknown in ["", "aa", "aa,cc"] {
        assert!(warned("aa,bb", unknown).contains("does not believe CloudFront"), "{unknown}");
    }
    assert!(warned("bb,cc", "aa,bb").contains("withdrawn"));
    assert_eq!(warn_of_older_secrets(&Outputs::new(), "", ""), None, "there is no dashboard");
}

#[test]
fn a_deployment_that_cannot_be_looked_at_is_not_taken_for_none() {
    let world = World::new("former", &["--yes"]);
    assert!(former(&world.aws(), &world.options).is_err(), "no credentials");
    world.record("cloudformation describe-stacks", "null");
    assert_eq!(former(&world.aws(), &world.options).unwrap(), None, "it waits for its first change set");
    world.record("cloudformation describe-stacks", r#"[{"OutputKey": "ApiUrl", "OutputValue": "https://api"}]"#);
    assert_eq!(former(&world.aws(), &world.options).unwrap().unwrap()["ApiUrl"], "https://api");
}

#[test]
fn a_secret_is_no_argument_of_a_program_that_others_can_see() {
    let world = World::new("unseen", &["--yes"]);
    let secret = ["OriginSecret=a-secret-of-the-dashboard".to_owned()];
    let command = deploy::change(&world.aws(), "moniqo", "bucket", &world.folder, &secret, &[]);
    let seen: Vec<_> = command.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
    assert!(!seen.concat().contains("a-secret"), "{seen:?}");
    world.record("cloudformation deploy", "\nNo changes to deploy. Stack moniqo is up to date\n");
    change_set::make(&world.aws(), &world.options, "bucket", &world.folder, &secret).unwrap();
    let told = fs::read_to_string(world.folder.join("asked")).unwrap();
    assert!(told.contains("OriginSecret=a-secret-of-the-dashboard --no-execute-changeset"), "{told}");
}

#[test]
fn the_page_goes_back_with_the_functions_where_there_is_one_before_it() {
    let world = World::new("page", &["--back", "--yes"]);
    let outputs = [("DashboardBucketName".to_owned(), "b".to_owned())].into();
    world.record("s3 cp", "");
    swap_pages(&world.aws(), &outputs).unwrap();
    assert_eq!(world.asked("s3 cp"), 0, "nothing was there before");
    world.record("s3api head-object", "{}");
    swap_pages(&world.aws(), &outputs).unwrap();
    let [page, before, held] =
        ["index.html", "before/index.html", "held/index.html"].map(|name| format!("s3://b/{name}"));
    for step in [[&page, &held], [&before, &page], [&held, &before]] {
        assert_eq!(world.asked(&format!("s3 cp {} {}", step[0], step[1])), 1);
    }
    swap_pages(&world.aws(), &Outputs::new()).unwrap();
    assert_eq!(world.asked("s3 cp"), 3, "no dashboard, no page");
}

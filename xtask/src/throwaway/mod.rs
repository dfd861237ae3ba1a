//! `cargo xtask test --aws`: the integration tests in a stack of their own in a real account, of which nothing is left.
//!
//! 1. Its name begins with `it-` and is drawn by lot, and only such a name is ever taken away.
//! 2. It is taken away whatever happens: a test that fails, Ctrl-C. `--clean-up NAME` does it for a run that was killed.
//! 3. With AWS_ENDPOINT_URL set, an emulator stands for the account.

mod contexts;
mod plan;
mod remains;

use serde_json::json;

use crate::aws_cli::Aws;
use crate::bench::Template;
use crate::deploy::{artifact_bucket, change, outputs, package as upload, why_it_failed};
use crate::failure::{Failure, Result, While};
use crate::integration::{self, Tests};
use crate::interrupt;
use crate::place::{Place, StackFolder};
use crate::process::capture;
use crate::progress::step;
use crate::python::Tools;
use crate::release::examine::Tables;
use crate::release::{DeployOptions, account, answers, build, package};
use crate::stack;

pub(crate) use plan::{AwsOptions, PREFIX};

/// A new account runs ten functions at once, and these tests keep several busy.
const TESTS_AT_ONCE: &str = "4";

const CONTRACT: &str = "contract";

const WITHOUT_ACCOUNT: &str = "infra/local/.venv/bin/aws configure sso (or `aws configure`), then --profile NAME or \
    AWS_PROFILE; `cargo xtask test` needs no account";

pub(crate) fn run(place: &Place, options: &AwsOptions) -> Result<()> {
    let building = place.lock_building()?;
    let tools = Tools::install(place)?;
    drop(building);
    let name = options.clean_up.clone().map_or_else(plan::name, Ok)?;
    let deploy = plan::deployment(&name, options)?;
    let endpoint = account::log_in(&tools, &deploy).map_err(|failure| failure.next(WITHOUT_ACCOUNT))?;
    let aws = Aws { tools: &tools, endpoint: &endpoint };
    account::introduce(&aws)?;
    if options.clean_up.is_some() {
        return remains::take_away(&aws, &name);
    }
    let tell = if options.contract { plan::tell_contract } else { plan::tell };
    tell(&name, &deploy);
    if !answers::agrees("Make it, test it, and take it away again?", options.yes)? {
        return Err(Failure::new("nothing was made"));
    }
    let folder = deploy.folder(place)?;
    let tested = if options.contract {
        hold_contract(place, &aws, &name, &folder)
    } else {
        let building = place.lock_building()?;
        build::build(place, &deploy)?;
        drop(building);
        make_and_test(place, &aws, &deploy, &folder)
    };
    // What came until now has ended the tests; it is not to end the cleaning up.
    interrupt::forget();
    let taken_away = remains::take_away(&aws, &name).and_then(|()| folder.forget());
    tested.and(taken_away)
}

fn make_and_test(place: &Place, aws: &Aws<'_>, deploy: &DeployOptions, folder: &StackFolder) -> Result<()> {
    make(place, aws, deploy, folder)?;
    // An emulator's roles have no such conditions.
    let proven = if aws.endpoint.is_local() { Ok(()) } else { contexts::prove(aws, &deploy.deployment) };
    let skipped = plan::skipped(aws.endpoint);
    let tests = Tests { only: None, but: &skipped };
    let tested = integration::run(place, folder, TESTS_AT_ONCE, tests, |command| aws.endpoint.apply(command));
    proven.and(tested)
}

/// These tests make their tables themselves, after the template.
fn hold_contract(place: &Place, aws: &Aws<'_>, name: &str, folder: &StackFolder) -> Result<()> {
    let packaged = folder.file("packaged.json");
    Template::read(place, aws.tools)?.write_tables(&packaged)?;
    let template = std::fs::read(&packaged).while_doing("reading the tables' template")?;
    std::fs::write(&packaged, plan::named(&template, name)?).while_doing("naming the tables")?;
    let stack = json!({"api_url": "", "aws_endpoint_url": aws.endpoint.url, "region": aws.endpoint.region});
    std::fs::write(folder.file("stack.json"), stack.to_string()).while_doing("saving where the tables are")?;
    let tests = Tests { only: Some(CONTRACT), but: &[] };
    integration::run(place, folder, TESTS_AT_ONCE, tests, |command| aws.endpoint.apply(command))
}

fn make(place: &Place, aws: &Aws<'_>, deploy: &DeployOptions, folder: &StackFolder) -> Result<()> {
    let package = package::pack(place, aws.tools, deploy)?;
    let making = step("Making the stack");
    making.now("uploading the functions");
    let (bucket, packaged) = (artifact_bucket(aws, &deploy.deployment)?, folder.file("packaged.json"));
    upload(aws, &bucket, &package.template, &packaged)?;
    // The tests read the stack's names from what it was made of.
    let template = std::fs::read(&packaged).while_doing("reading the packaged template")?;
    std::fs::write(&packaged, plan::named(&template, &deploy.deployment)?).while_doing("naming the stack")?;
    making.now("CloudFormation");
    capture(&mut change(aws, &deploy.deployment, &bucket, &packaged, &plan::parameters(deploy), &[]))
        .map_err(|failure| Failure::new(format!("{failure}\n{}", why_it_failed(aws, &deploy.deployment))))?;
    making.done("");
    let outputs = outputs(aws, &deploy.deployment)?;
    Tables::of(aws, &outputs)?.adopt_where_fresh()?;
    stack::seed_deployed(place, folder, aws.endpoint.clone(), outputs).map(drop)
}

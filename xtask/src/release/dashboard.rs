//! The dashboard of a deployment: its files, and the secret by which CloudFront proves itself to the API.
//!
//! 1. The API knows hashes of secrets, two at the most, the one that is sent among them. Another is sent once every function believes
//!    it; what is sent stands in the stack by its hash, so that a renewal that broke off is done again.
//! 2. The page is written after the switch: a newer API answers an older page, and not the other way round.
//! 3. Beside the page lies the one of the version before, for the way back.

use std::path::PathBuf;

use anstream::eprintln;
use domain::ids::Sha;

use super::DeployOptions;
use super::options::Switch;
use crate::aws_cli::Aws;
use crate::deploy::Outputs;
use crate::failure::{Failure, Result};
use crate::place::Place;
use crate::process::capture;
use crate::progress::step;
use crate::{seed, web};

const BUCKET: &str = "DashboardBucketName";
/// The hash of the secret that CloudFront sends.
const SENT: &str = "DashboardSecretSent";
const PAGE: &str = "index.html";
const PAGE_BEFORE: &str = "before/index.html";
/// While the two change places.
const PAGE_HELD: &str = "held/index.html";
/// Files below `assets/` have the hash of what is in them in their names.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASKED_AGAIN: &str = "no-cache";
const NEVER_KEPT: &str = "no-store";

/// What a release does with it.
pub(crate) struct Dashboard {
    is_served: bool,
    /// Its bucket, which is taken away.
    leaving: Option<String>,
    /// Its files, if none are built.
    files: Option<PathBuf>,
    parameters: Vec<String>,
    /// What CloudFront sends as soon as the functions believe it.
    next: Vec<String>,
}

impl Dashboard {
    /// # Errors
    /// Where a secret is to be renewed and none is sent.
    pub(crate) fn plan(options: &DeployOptions, former: Option<&Outputs>) -> Result<Self> {
        let told = |output: &str| former.and_then(|outputs| outputs.get(output));
        let bucket = told(BUCKET).cloned();
        let is_served = options.dashboard.map_or(bucket.is_some(), |switch| switch == Switch::On);
        if options.renew_dashboard_secret && !(is_served && bucket.is_some()) {
            return Err(Failure::new("there is no dashboard whose secret could be renewed").next("--dashboard on"));
        }
        let files = options.dashboard_files.clone();
        let mut plan = Self { is_served, leaving: None, files, parameters: Vec::new(), next: Vec::new() };
        if bucket.is_none() && is_served {
            let secret = seed::random()?;
            plan.parameters = [sent(&secret), vec![believed(&[&hash(&secret)])]].concat();
        } else if options.renew_dashboard_secret {
            let secret = seed::random()?;
            let kept = told(SENT).map(String::as_str).unwrap_or_default();
            plan.parameters = vec![believed(&[kept, &hash(&secret)])];
            plan.next = sent(&secret);
        } else if !is_served && bucket.is_some() {
            plan.parameters = ["OriginSecret=", "OriginSecretSent=", "OriginSecretHashes="].map(str::to_owned).to_vec();
            plan.leaving = bucket;
        }
        Ok(plan)
    }

    /// Beside those that options name.
    pub(crate) fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// Parameters that make CloudFront send the secret that the functions have learned; none where it stays the same.
    pub(crate) fn next(&self) -> &[String] {
        &self.next
    }

    pub(crate) fn build(&self, place: &Place) -> Result<()> {
        if !self.is_served || self.files.is_some() {
            return Ok(());
        }
        web::build(place).map_err(|failure| failure.next("mend that, or leave the dashboard out: --dashboard off"))
    }

    /// Deletes its bucket, once nothing reads it. CloudFormation deletes none that holds something.
    pub(crate) fn delete_what_has_left(&self, aws: &Aws<'_>) -> Result<()> {
        let Some(bucket) = &self.leaving else { return Ok(()) };
        capture(&mut aws.command(["s3", "rb", "--force", &format!("s3://{bucket}")])).map(drop)
    }

    /// Uploads the files, the page last. `switched`: the page that is there belongs to the version before.
    pub(crate) fn upload(&self, place: &Place, aws: &Aws<'_>, outputs: &Outputs, switched: bool) -> Result<()> {
        let (true, Some(bucket)) = (self.is_served, outputs.get(BUCKET)) else { return Ok(()) };
        let uploading = step("Uploading the dashboard");
        if switched {
            // At first there is none.
            let _kept = aws.succeeds(["s3", "cp", &at(bucket, PAGE), &at(bucket, PAGE_BEFORE)]);
        }
        let files = self.files.clone().unwrap_or_else(|| place.web().join("dist"));
        let put = |name: &str, kept: &str, more: &[&str]| {
            let mut copy = aws.command(["s3", "cp"]);
            copy.arg(files.join(name)).arg(at(bucket, name)).args(["--cache-control", kept]).args(more);
            capture(&mut copy)
        };
        put("assets", FOR_EVER, &["--recursive"])?;
        let others = ["assets/*", ".vite/*", PAGE].into_iter().flat_map(|left_out| ["--exclude", left_out]);
        put("", ASKED_AGAIN, &["--recursive"].into_iter().chain(others).collect::<Vec<_>>())?;
        put(PAGE, NEVER_KEPT, &["--content-type", "text/html; charset=utf-8"])?;
        uploading.done("");
        if let Some(url) = outputs.get("DashboardUrl") {
            eprintln!("The dashboard: {url}");
        }
        Ok(())
    }
}

/// Without a secret that is to be sent.
impl std::fmt::Debug for Dashboard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dashboard").field("is_served", &self.is_served).finish_non_exhaustive()
    }
}

/// The page of the version before takes the place of the one that is there, and the other way round.
pub(crate) fn swap_pages(aws: &Aws<'_>, outputs: &Outputs) -> Result<()> {
    let Some(bucket) = outputs.get(BUCKET) else { return Ok(()) };
    if !aws.succeeds(["s3api", "head-object", "--bucket", bucket, "--key", PAGE_BEFORE]) {
        eprintln!("The dashboard stays as it is: of the version before there is no page.");
        return Ok(());
    }
    for (from, to) in [(PAGE, PAGE_HELD), (PAGE_BEFORE, PAGE), (PAGE_HELD, PAGE_BEFORE)] {
        capture(&mut aws.command(["s3", "cp", &at(bucket, from), &at(bucket, to)]))?;
    }
    Ok(())
}

fn at(bucket: &str, name: &str) -> String {
    format!("s3://{bucket}/{name}")
}

fn hash(secret: &str) -> String {
    Sha::of_bytes(secret.as_bytes()).as_str().to_owned()
}

fn sent(secret: &str) -> Vec<String> {
    vec![format!("OriginSecret={secret}"), format!("OriginSecretSent={}", hash(secret))]
}

fn believed(hashes: &[&str]) -> String {
    let known: Vec<_> = hashes.iter().copied().filter(|hash| !hash.is_empty()).collect();
    format!("OriginSecretHashes={}", known.join(","))
}

/// What to know before functions go back to a version that knows other secrets: what is sent stays what it is.
pub(crate) fn warn_of_older_secrets(outputs: &Outputs, now: &str, then: &str) -> Option<String> {
    let (sent, now, then) = (outputs.get(SENT)?.as_str(), listed(now), listed(then));
    let renewed = "cargo xtask deploy --renew-dashboard-secret";
    if !then.contains(&sent) {
        return Some(format!(
            "that version does not believe CloudFront: to it everybody at the dashboard has one of CloudFront's addresses, until {renewed}"
        ));
    }
    let withdrawn = then.iter().any(|hash| !now.contains(hash));
    withdrawn.then(|| format!("that version believes a secret that was withdrawn since; {renewed} withdraws it again"))
}

fn listed(hashes: &str) -> Vec<&str> {
    hashes.split(',').map(str::trim).filter(|hash| !hash.is_empty()).collect()
}

//! The dashboard as a release serves it. The emulator makes the distribution and does not hand requests on to its own gateway: what
//! is sent is read off the distribution, and what a function believes of it off its environment.

use super::{Deployment, Said};
use crate::support::{Caller, Stack};
use domain::ids::Sha;
use serde_json::{Value, json};
use std::process::Command;

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/terraform/tests/dashboard");
/// Where `cargo xtask` has put the command line of AWS.
const AWS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/local/.venv/bin/aws");

pub(super) const SERVED: [&str; 4] = ["--dashboard", "on", "--dashboard-files", FILES];
pub(super) const RENEWED: [&str; 3] = ["--renew-dashboard-secret", "--dashboard-files", FILES];
pub(super) const LEFT_OUT: [&str; 2] = ["--dashboard", "off"];

/// What is sent, and where the files lie.
pub(super) struct Dashboard {
    secret: String,
    bucket: String,
}

impl Dashboard {
    pub(super) async fn is_served(deployment: &Deployment, said: &Said) -> Self {
        said.tells(0, &["Uploading the dashboard", "The dashboard: https://"]);
        let (secret, bucket) = (deployment.sent(), deployment.output("DashboardBucketName").unwrap());
        assert_eq!(deployment.believed().await, [hash(&secret)]);
        for (file, kept) in [("assets/index-1.js", "immutable"), ("icon.svg", "no-cache"), ("index.html", "no-store")] {
            let head = aws(&["s3api", "head-object", "--bucket", &bucket, "--key", file]);
            assert!(head["CacheControl"].as_str().unwrap().contains(kept), "{file}: {head}");
        }
        Self { secret, bucket }
    }

    /// The functions believe the new secret beside the one before, which is on its way still.
    pub(super) async fn has_a_new_secret(&self, deployment: &Deployment, said: &Said) {
        said.tells(0, &["CloudFront sends the new secret", "Uploading the dashboard"]);
        let secret = deployment.sent();
        assert_ne!(secret, self.secret);
        assert_eq!(deployment.believed().await, [hash(&self.secret), hash(&secret)]);
        assert_eq!(deployment.output("DashboardSecretSent"), Some(hash(&secret)));
        assert!(![&self.secret, &secret].iter().any(|secret| said.both().contains(*secret)), "{}", said.both());
        let before = aws(&["s3api", "head-object", "--bucket", &self.bucket, "--key", "before/index.html"]);
        assert_eq!(before["CacheControl"], "no-store");
    }

    pub(super) async fn is_gone(&self, deployment: &Deployment) {
        assert_eq!((deployment.output("DashboardUrl"), deployment.believed().await.len()), (None, 0));
        assert!(!aws(&["s3api", "list-buckets"]).to_string().contains(&self.bucket), "{} is gone", self.bucket);
    }
}

impl Deployment {
    /// By what its distribution proves itself to the API.
    fn sent(&self) -> String {
        let listed = aws(&["cloudfront", "list-distributions"]);
        let all = listed["DistributionList"]["Items"].as_array().unwrap();
        let ours = format!("{}: dashboard and API", self.name);
        let found = all.iter().find(|distribution| distribution["Comment"] == *ours).unwrap();
        let origins = found["Origins"]["Items"].as_array().unwrap();
        let api = origins.iter().find(|origin| origin["Id"] == "api").unwrap();
        assert_eq!(api["CustomHeaders"]["Items"][0]["HeaderName"], "X-Moniqo-Origin");
        api["CustomHeaders"]["Items"][0]["HeaderValue"].as_str().unwrap().to_owned()
    }

    /// Hashes of what the functions believe that callers call; the same for all of the API, and none for the webhook.
    async fn believed(&self) -> Vec<String> {
        let believed = async |function: &str| {
            let variables = Caller::root().variables(&format!("{}:live", self.function(function))).await;
            variables["MONIQO_ORIGIN_SECRETS"].as_str().unwrap_or_default().to_owned()
        };
        let told = believed("api-identity").await;
        for other in ["api-accounts", "api-market", "api-trading"] {
            assert_eq!(believed(other).await, told, "{other}");
        }
        assert_eq!(believed("webhook").await, "");
        told.split(',').filter(|hash| !hash.is_empty()).map(str::to_owned).collect()
    }

    fn output(&self, name: &str) -> Option<String> {
        let stack = aws(&["cloudformation", "describe-stacks", "--stack-name", &self.name]);
        let outputs = stack["Stacks"][0]["Outputs"].as_array().unwrap();
        outputs.iter().find(|output| output["OutputKey"] == name)?["OutputValue"].as_str().map(str::to_owned)
    }
}

fn hash(secret: &str) -> String {
    Sha::of_bytes(secret.as_bytes()).as_str().to_owned()
}

fn aws(words: &[&str]) -> Value {
    let stack = Stack::get();
    let mut aws = Command::new(AWS);
    aws.args(words).args(["--output", "json", "--endpoint-url", &stack.endpoint, "--region", &stack.region]);
    let said = aws.output().unwrap();
    assert!(said.status.success(), "{words:?}: {}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).unwrap_or(json!(null))
}

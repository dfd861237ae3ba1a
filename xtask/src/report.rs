//! What `up` answers: one JSON object for programs, a list for people.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anstream::println;
use anstyle::Style;
use serde::{Deserialize, Serialize};

use crate::aws_cli::Endpoint;
use crate::failure::{Result, While};
use crate::place::StackFolder;
use crate::seed::Seeded;
use crate::stack::Stack;

/// The format that outside programs rely on: no field is renamed or added without them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    api_url: String,
    webhook_url: String,
    #[serde(flatten)]
    seeded: Seeded,
    aws_endpoint_url: String,
    region: String,
}

/// Nobody else on this machine reads it, not even while it is written; one that stood there before is narrowed first.
pub(crate) fn write_ours(file: &Path, text: &[u8]) -> io::Result<()> {
    const OURS: u32 = 0o600;
    let mut file = File::options().create(true).write(true).truncate(true).mode(OURS).open(file)?;
    file.set_permissions(Permissions::from_mode(OURS))?;
    file.write_all(text)
}

impl Report {
    pub(crate) fn new(stack: &Stack, seeded: Seeded) -> Self {
        Self {
            webhook_url: format!("{}/api/webhook/{}", stack.api_url, seeded.user_id),
            api_url: stack.api_url.clone(),
            seeded,
            aws_endpoint_url: stack.endpoint.url.clone(),
            region: stack.endpoint.region.clone(),
        }
    }

    /// The credentials in it stay on this machine, in a folder that git ignores.
    pub(crate) fn save(&self, folder: &StackFolder) -> Result<()> {
        let file = folder.file("stack.json");
        write_ours(&file, self.json()?.as_bytes()).while_doing("saving the stack's URLs")
    }

    /// As it was saved.
    pub(crate) fn saved(folder: &StackFolder) -> Result<Self> {
        let saved = fs::read(folder.file("stack.json")).while_doing("reading the stack's URLs")?;
        serde_json::from_slice(&saved).while_doing("reading the stack's URLs")
    }

    pub(crate) fn api_url(&self) -> &str {
        &self.api_url
    }

    /// Of the seeded user.
    pub(crate) fn token(&self) -> &str {
        &self.seeded.token
    }

    /// What an earlier command seeded at the same endpoint.
    pub(crate) fn seeded_before(folder: &StackFolder, endpoint: &Endpoint) -> Option<Seeded> {
        let saved = Self::saved(folder).ok()?;
        (saved.aws_endpoint_url == endpoint.url).then_some(saved.seeded)
    }

    pub(crate) fn json(&self) -> Result<String> {
        serde_json::to_string(self).while_doing("writing the stack's URLs")
    }

    /// What `moniqo` is to be told, as a shell takes it.
    pub(crate) fn exports(&self) -> String {
        let variables = [
            ("MONIQO_API_URL", &self.api_url),
            ("MONIQO_TOKEN", &self.seeded.token),
            ("MONIQO_WEBHOOK_URL", &self.webhook_url),
            ("MONIQO_WEBHOOK_TOKEN", &self.seeded.webhook_token),
        ];
        variables.map(|(name, value)| format!("export {name}={value}\n")).concat()
    }

    /// For people, with the link that logs them in to the dashboard.
    pub(crate) fn tell(&self, link: Option<&str>) {
        let bold = Style::new().bold();
        let rows = [
            ("API", &self.api_url),
            ("API token", &self.seeded.token),
            ("Webhook", &self.webhook_url),
            ("Webhook token", &self.seeded.webhook_token),
            ("User", &self.seeded.user_id),
            ("AWS endpoint", &self.aws_endpoint_url),
            ("Region", &self.region),
        ];
        println!("{bold}The stack is up.{bold:#}\n");
        for (name, value) in rows {
            println!("  {name:<14} {value}");
        }
        if let Some(link) = link {
            println!("\n{bold}Dashboard{bold:#}, opened once by this link, within this stack's life:\n\n  {link}");
        }
        println!("\nFor `moniqo` outside of this folder:\n");
        print!("{}", self.exports());
        println!("\n  watch it       cargo xtask logs webhook --follow\n  stop it        cargo xtask down");
    }
}

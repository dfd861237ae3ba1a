//! Whether Terraform can be tried on this machine, and where its AWS provider lies. The provider is some 700 MB: it is
//! taken from where it is installed, and from the network only where the registry answers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Result, While};
use crate::integration::Skipped;
use crate::place::{Place, StackFolder};
use crate::process::succeeds;

/// Below it, programs that no package manager brought have a folder each; providers are found there by this path.
const SHARED: &str = "/opt";
const PROVIDER: &str = "registry.terraform.io/hashicorp/aws";

#[derive(Debug)]
pub(crate) enum Terraform {
    /// With the folder of its providers, where it does not find it by itself.
    Ready(Option<PathBuf>),
    /// Why it cannot be tried.
    Missing(&'static str),
}

impl Terraform {
    /// Asks for the provider that the module wants, and for nothing else: a module that is wrong is not one that is
    /// skipped.
    pub(crate) fn find(place: &Place, folder: &StackFolder) -> Result<Self> {
        if !succeeds(Command::new("terraform").arg("-version")) {
            return Ok(Self::Missing("Terraform is not installed"));
        }
        let scratch = folder.file("terraform");
        fs::create_dir_all(&scratch).while_doing("making a folder for Terraform")?;
        fs::copy(place.root.join("infra/terraform/versions.tf"), scratch.join("versions.tf"))
            .while_doing("copying the module's versions.tf")?;
        let places = installed().into_iter().map(Some).chain([None]);
        let found = places.into_iter().find(|plugins| initialises(&scratch, plugins.as_deref()));
        Ok(found.map_or(Self::Missing("its AWS provider is neither installed nor to be downloaded"), Self::Ready))
    }

    pub(crate) fn skipped(&self) -> Vec<Skipped> {
        match self {
            Self::Ready(_) => Vec::new(),
            Self::Missing(why) => vec![Skipped { tests: "terraform", why }],
        }
    }

    /// For the tests that use it.
    pub(crate) fn apply(&self, command: &mut Command) {
        if let Self::Ready(Some(plugins)) = self {
            command.env("MONIQO_TERRAFORM_PLUGINS", plugins);
        }
    }
}

fn initialises(scratch: &Path, plugins: Option<&Path>) -> bool {
    let mut command = Command::new("terraform");
    command.current_dir(scratch).args(["init", "-backend=false", "-input=false"]);
    command.env("CHECKPOINT_DISABLE", "1").env("TF_REGISTRY_CLIENT_TIMEOUT", "5");
    command.args(plugins.map(|plugins| format!("-plugin-dir={}", plugins.display())));
    succeeds(&mut command)
}

/// Where Terraform does not look by itself.
fn installed() -> Vec<PathBuf> {
    let folders = fs::read_dir(SHARED).into_iter().flatten().flatten().map(|entry| entry.path());
    folders.filter(|folder| folder.join(PROVIDER).is_dir()).collect()
}

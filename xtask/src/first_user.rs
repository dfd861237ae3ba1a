//! The first user of a deployment: made once, and told to its owner alone.
//!
//! 1. A deployment that has an account gets no second user.
//! 2. The tokens are written down before anything is made of them: what was interrupted goes on with the same user.
//! 3. They are shown on a terminal, or stand in a file that nobody else may read.

use std::fs::{self, File};
use std::io::{ErrorKind, IsTerminal, stdout};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use anstream::{eprintln, print};
use clap::Args;
use domain::ids::UserId;

use crate::aws_cli::{Aws, DEPLOY_REGION};
use crate::deploy::{DEPLOYMENT, Outputs};
use crate::failure::{Failure, Result, While};
use crate::place::{Place, StackFolder};
use crate::release::DeployOptions;
use crate::release::examine::Tables;
use crate::release::there::There;
use crate::report::{Report, write_ours};
use crate::seed::{self, Seeded};
use crate::stack;

/// Whoever is not the owner.
const OTHERS: u32 = 0o077;

#[derive(Debug, Args)]
pub(crate) struct SeedOptions {
    /// Name of the stack
    #[arg(long, default_value = DEPLOYMENT)]
    deployment: String,
    /// Where it is
    #[arg(long, default_value = DEPLOY_REGION)]
    region: String,
    /// Profile of the AWS command line whose credentials are used
    #[arg(long)]
    profile: Option<String>,
}

/// `cargo xtask seed`: what a deployment that others have made (Terraform, a pipeline) needs before its first alert.
pub(crate) fn run(place: &Place, options: &SeedOptions) -> Result<()> {
    let there = There::find(place, &options.deployment, &options.region, options.profile.as_deref())?;
    Tables::of(&there.aws(), &there.outputs)?.adopt_where_fresh()?;
    make(place, &there.aws(), &there.options, &there.outputs)
}

/// # Errors
/// Where the deployment has a user: whoever asks for another learns it before minutes of building.
pub(crate) fn refuse_second(place: &Place, options: &DeployOptions, tables: &Tables) -> Result<()> {
    begun(&options.folder(place)?, tables, options).map(drop)
}

/// Makes the first user of a deployment that is there, and tells the tokens.
pub(crate) fn make(place: &Place, aws: &Aws<'_>, options: &DeployOptions, outputs: &Outputs) -> Result<()> {
    let folder = options.folder(place)?;
    let seeded = match begun(&folder, &Tables::of(aws, outputs)?, options)? {
        Some(begun) => begun,
        None => begin(&folder)?,
    };
    let stack = stack::seed_with(place, &folder, aws.endpoint.clone(), outputs.clone(), &seeded)?;
    fs::remove_file(beginning(&folder)).while_doing("forgetting that a user was begun")?;
    tell(&folder, &Report::new(&stack, seeded))
}

/// The user with whom this machine was interrupted; none where none was begun.
///
/// # Errors
/// Where the deployment has an account of somebody else.
fn begun(folder: &StackFolder, tables: &Tables, options: &DeployOptions) -> Result<Option<Seeded>> {
    let begun = match fs::read(beginning(folder)) {
        Ok(text) => Some(serde_json::from_slice::<Seeded>(&text).while_doing("reading the user that was begun")?),
        Err(absent) if absent.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error).while_doing("reading the user that was begun"),
    };
    let user = begun.as_ref().map(|begun| UserId::parse(&begun.user_id)).transpose();
    let user = user.while_doing("reading the user that was begun")?;
    if tables.has_account_but(user.as_ref().map(seed::account).as_ref())? {
        return Err(second(folder, options));
    }
    Ok(begun)
}

fn begin(folder: &StackFolder) -> Result<Seeded> {
    let seeded = seed::invent()?;
    let text = serde_json::to_vec(&seeded).while_doing("writing the tokens down")?;
    write_ours(&beginning(folder), &text).while_doing("writing the tokens down")?;
    Ok(seeded)
}

fn beginning(folder: &StackFolder) -> PathBuf {
    folder.file("first-user.json")
}

fn second(folder: &StackFolder, options: &DeployOptions) -> Failure {
    let kept = folder.file("stack.json");
    let told = if kept.is_file() {
        format!("its tokens stand in {}", kept.display())
    } else {
        "its tokens are with whoever made it; docs/runbooks/key-leaked.md says how to make new ones".to_owned()
    };
    Failure::new(format!("the deployment {} has its user already: no second one is made", options.deployment))
        .next(told)
}

fn tell(folder: &StackFolder, report: &Report) -> Result<()> {
    if is_private(&stdout()) {
        print!("{}", report.exports());
        return Ok(());
    }
    let file = folder.file("tokens.env");
    write_ours(&file, report.exports().as_bytes()).while_doing("writing the tokens down")?;
    eprintln!("Others could read what is printed here. The tokens stand in a file of your own: . {}", file.display());
    Ok(())
}

/// A terminal, or a file that nobody else may read.
fn is_private(out: &(impl IsTerminal + AsFd)) -> bool {
    let file = out.as_fd().try_clone_to_owned().map(File::from).and_then(|file| file.metadata());
    out.is_terminal() || file.is_ok_and(|file| file.is_file() && file.mode() & OTHERS == 0)
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, remove_file};
    use std::io::pipe;
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn tokens_go_to_no_pipe_and_into_no_file_that_others_read() {
        let path = std::env::temp_dir().join(format!("moniqo-tokens-{}", std::process::id()));
        let file = File::create(&path).unwrap();
        for (mode, private) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o644, false)] {
            file.set_permissions(Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_private(&file), private, "{mode:o}");
        }
        remove_file(&path).unwrap();
        let (_reader, writer) = pipe().unwrap();
        assert!(!is_private(&File::from(OwnedFd::from(writer))));
    }
}

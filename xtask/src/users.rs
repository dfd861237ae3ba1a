//! `cargo xtask users reset`: a way in for somebody who has none, by the owner's rights in AWS. No function of the deployment is
//! asked: it works while the API is away.

use anstream::{eprintln, println};
use app::identity::{self, IdentityError, Run};
use app::ports::Secret;
use clap::{Args, Subcommand};
use data_encoding::BASE64URL_NOPAD;
use domain::audit::Actor;
use domain::ids::AttemptId;
use tokio::runtime::Builder;

use crate::chosen::Chosen;
use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::seed;
use crate::stack::Stack;
use crate::stage::now;

#[derive(Debug, Subcommand)]
pub(crate) enum Users {
    /// Make a token by which somebody chooses a new password, once and within half an hour; their sessions end
    #[command(
        after_help = "Example: cargo xtask users reset ann@example.com --deployment moniqo --profile owner\nThen they run: moniqo users choose-password\nWithout --deployment it is the local stack."
    )]
    Reset(ResetOptions),
}

#[derive(Debug, Args)]
pub(crate) struct ResetOptions {
    /// `usr_…`, an e-mail or a username
    user: String,
    /// Take their second factor as well
    #[arg(long)]
    second_factor: bool,
    #[command(flatten)]
    at: Chosen,
}

pub(crate) fn run(place: &Place, users: &Users) -> Result<()> {
    let Users::Reset(options) = users;
    let stack = options.at.stack(place)?;
    let runtime = Builder::new_current_thread().enable_all().build().while_doing("starting a runtime")?;
    let token = runtime.block_on(reset(&stack, options))?;
    eprintln!("Good once, for half an hour: moniqo users choose-password");
    println!("{}", token.expose());
    Ok(())
}

async fn reset(stack: &Stack, options: &ResetOptions) -> Result<Secret> {
    let aws = seed::connect(stack).await?;
    let (attempt, token) = (AttemptId::new(random()?), Secret::new(format!("mqr_{}", random()?)));
    let run = Run { attempt: &attempt, now: now(), address: None, actor: Actor::System };
    let found = identity::named(&aws, &options.user).await.while_doing("looking for them")?;
    let user =
        found.ok_or_else(|| Failure::new(format!("there is nobody {}", options.user)).next("moniqo users list"))?;
    let owner = identity::owner_over(&aws, &user).await.while_doing("looking at their role")?;
    if options.second_factor {
        match identity::take_factor(&aws, &owner, &user.id, run).await {
            Ok(()) | Err(IdentityError::NoFactor) => {}
            Err(error) => return Err(error).while_doing("taking the second factor"),
        }
    }
    identity::hand_reset(&aws, &owner, &user.id, &token, run).await.while_doing("making the token")?;
    Ok(token)
}

fn random() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).while_doing("making a token")?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

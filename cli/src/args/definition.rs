//! What is said of roles, permissions and plans.

use clap::{Args, Subcommand};

const ROLES: &str = "\
Examples:
  moniqo roles add night-watch --may trading:read --may system:operate --rate api=60
  moniqo users set usr_… --role night-watch";

const ROLE_SET: &str = "\
Example:
  moniqo roles set night-watch --may trading:read

It takes effect with the next request of whoever has the role. Permissions are given as a whole: what is not named is taken
away. Nobody gives or takes a permission that they have not.";

const PLANS: &str = "\
Examples:
  moniqo plans add small --positions 3 --requests-per-minute 60 --price-monthly 9.90 --currency EUR
  moniqo plans give usr_… small";

#[derive(Debug, Subcommand)]
pub(crate) enum Roles {
    /// List all roles with what they permit
    #[command(after_help = "Example:\n  moniqo roles list")]
    List,
    /// Show one
    #[command(after_help = "Example:\n  moniqo roles show trader")]
    Show {
        /// Its name
        name: String,
    },
    /// Make one, of permissions that you have yourself
    #[command(after_help = ROLES)]
    Add {
        /// 3 to 32 of a-z, 0-9, - and _
        name: String,
        #[command(flatten)]
        terms: RoleTerms,
    },
    /// Change what one permits
    #[command(after_help = ROLE_SET)]
    Set {
        /// Its name
        name: String,
        #[command(flatten)]
        terms: RoleTerms,
    },
    /// Remove one that nobody has
    #[command(after_help = "Example:\n  moniqo roles remove night-watch")]
    Remove {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RoleTerms {
    /// What it permits, such as trading:read; once for each (moniqo permissions list)
    #[arg(long = "may", value_name = "PERMISSION")]
    pub(crate) may: Vec<String>,
    /// How often it may ask, by class: api=60, ingest, ai, wallets, market; once for each
    #[arg(long = "rate", value_name = "CLASS=REQUESTS", value_parser = rate)]
    pub(crate) rates: Vec<(String, u32)>,
    /// What it is for
    #[arg(long)]
    pub(crate) description: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Permissions {
    /// List all with what they mean
    #[command(after_help = "Example:\n  moniqo permissions list")]
    List,
    /// Keep a name of your own: roles may carry it, and no route asks for it
    #[command(after_help = "Example:\n  moniqo permissions add reports:print --description \"Print reports.\"")]
    Add {
        /// resource:action
        name: String,
        /// What it is for
        #[arg(long)]
        description: Option<String>,
    },
    /// Remove a name that no role carries
    #[command(after_help = "Example:\n  moniqo permissions remove reports:print")]
    Remove {
        /// resource:action
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Plans {
    /// List all with their limits
    #[command(after_help = "Example:\n  moniqo plans list")]
    List,
    /// Show one
    #[command(after_help = "Example:\n  moniqo plans show default")]
    Show {
        /// Its name
        name: String,
    },
    /// Make one; what is left out has no limit
    #[command(after_help = PLANS)]
    Add {
        /// 1 to 32 of a-z, 0-9, - and _
        name: String,
        #[command(flatten)]
        terms: PlanTerms,
    },
    /// Change one; where a limit is named, those that are not named end
    #[command(after_help = "Example:\n  moniqo plans set small --positions 5 --requests-per-minute 60")]
    Set {
        /// Its name
        name: String,
        #[command(flatten)]
        terms: PlanTerms,
        /// Whether it is given to anybody; who has it keeps it
        #[arg(long)]
        active: Option<bool>,
    },
    /// List who was given which
    #[command(after_help = "Example:\n  moniqo plans given")]
    Given(super::List),
    /// Give somebody a plan, in the place of what they have; `default` takes it away
    #[command(after_help = "Examples:\n  moniqo plans give usr_… small\n  moniqo plans give usr_… default")]
    Give {
        /// `usr_…`
        user: String,
        /// One of `moniqo plans list`
        name: String,
    },
    /// Remove one that nobody has
    #[command(after_help = "Example:\n  moniqo plans remove small")]
    Remove {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct PlanTerms {
    /// Positions that are open at once, over all accounts
    #[arg(long)]
    pub(crate) positions: Option<u32>,
    #[arg(long)]
    pub(crate) bots: Option<u32>,
    #[arg(long)]
    pub(crate) ai_calls_per_month: Option<u32>,
    #[arg(long)]
    pub(crate) requests_per_minute: Option<u32>,
    /// Told, and asked of nobody
    #[arg(long)]
    pub(crate) price_monthly: Option<String>,
    #[arg(long)]
    pub(crate) price_yearly: Option<String>,
    #[arg(long)]
    pub(crate) currency: Option<String>,
    /// What it is for
    #[arg(long)]
    pub(crate) description: Option<String>,
}

fn rate(text: &str) -> Result<(String, u32), String> {
    let allowed = || "must be a class and a whole number, such as api=60".to_owned();
    let (class, most) = text.split_once('=').ok_or_else(allowed)?;
    Ok((class.to_owned(), most.parse().map_err(|_| allowed())?))
}

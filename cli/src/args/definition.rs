//! Roles, permissions and plans.

use clap::{Args, Subcommand};

const ROLES: &str = "\
Examples:
  moniqo roles create night-watch --may trading:read --may system:operate --rate api=60
  moniqo users edit usr_… --role night-watch";

const ROLE_SET: &str = "\
Example:
  moniqo roles edit night-watch --may trading:read

It takes effect with the next request of each user of the role. Name all permissions: those that you leave out are
removed. You can only grant and remove permissions that you have yourself.";

const PLANS: &str = "\
Examples:
  moniqo plans create small --positions 3 --requests-per-minute 60 --price-monthly 9.90 --currency EUR
  moniqo plans assign usr_… small";

#[derive(Debug, Subcommand)]
pub(crate) enum Roles {
    /// List roles with their permissions
    #[command(after_help = "Example:\n  moniqo roles list")]
    List,
    /// Show a role
    #[command(after_help = "Example:\n  moniqo roles show trader")]
    Show {
        /// Its name
        name: String,
    },
    /// Create a role from permissions that you have yourself
    #[command(alias = "add", after_help = ROLES)]
    Create {
        /// 3 to 32 of a-z, 0-9, - and _
        name: String,
        #[command(flatten)]
        terms: RoleTerms,
    },
    /// Change the permissions of a role
    #[command(alias = "set", after_help = ROLE_SET)]
    Edit {
        /// Its name
        name: String,
        #[command(flatten)]
        terms: RoleTerms,
    },
    /// Delete a role that is not assigned to any user
    #[command(alias = "remove", after_help = "Example:\n  moniqo roles delete night-watch")]
    Delete {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RoleTerms {
    /// A permission, such as trading:read; may be repeated (moniqo permissions list)
    #[arg(long = "may", value_name = "PERMISSION")]
    pub(crate) may: Vec<String>,
    /// Max. requests per minute of a class: api=60, ingest, ai, wallets, market; may be repeated
    #[arg(long = "rate", value_name = "CLASS=REQUESTS", value_parser = rate)]
    pub(crate) rates: Vec<(String, u32)>,
    /// Its purpose
    #[arg(long)]
    pub(crate) description: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Permissions {
    /// List permissions with their meaning
    #[command(after_help = "Example:\n  moniqo permissions list")]
    List,
    /// Show a permission
    #[command(after_help = "Example:\n  moniqo permissions show trading:read")]
    Show {
        /// resource:action
        name: String,
    },
    /// Create a permission of your own; roles can carry it, no route needs it
    #[command(
        alias = "add",
        after_help = "Example:\n  moniqo permissions create reports:print --description \"Print reports.\""
    )]
    Create {
        /// resource:action
        name: String,
        /// Its purpose
        #[arg(long)]
        description: Option<String>,
    },
    /// Delete a permission that no role carries
    #[command(alias = "remove", after_help = "Example:\n  moniqo permissions delete reports:print")]
    Delete {
        /// resource:action
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Plans {
    /// List plans with their limits
    #[command(after_help = "Example:\n  moniqo plans list")]
    List,
    /// Show a plan
    #[command(after_help = "Example:\n  moniqo plans show default")]
    Show {
        /// Its name
        name: String,
    },
    /// Create a plan; a limit that you leave out is unlimited
    #[command(alias = "add", after_help = PLANS)]
    Create {
        /// 1 to 32 of a-z, 0-9, - and _
        name: String,
        #[command(flatten)]
        terms: PlanTerms,
    },
    /// Change a plan; if you name a limit, limits that you leave out are removed
    #[command(alias = "set", after_help = "Example:\n  moniqo plans edit small --positions 5 --requests-per-minute 60")]
    Edit {
        /// Its name
        name: String,
        #[command(flatten)]
        terms: PlanTerms,
        /// Whether it can be assigned; users who have it keep it
        #[arg(long)]
        active: Option<bool>,
    },
    /// List users with their plans
    #[command(alias = "given", after_help = "Example:\n  moniqo plans assignments")]
    Assignments(super::List),
    /// Assign a plan to a user, in place of the present one; `default` removes it
    #[command(
        alias = "give",
        after_help = "Examples:\n  moniqo plans assign usr_… small\n  moniqo plans assign usr_… default"
    )]
    Assign {
        /// `usr_…`
        user: String,
        /// One of `moniqo plans list`
        name: String,
    },
    /// Delete a plan that no user has
    #[command(alias = "remove", after_help = "Example:\n  moniqo plans delete small")]
    Delete {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct PlanTerms {
    /// Max. open positions, over all accounts
    #[arg(long)]
    pub(crate) positions: Option<u32>,
    /// Max. bots that run
    #[arg(long)]
    pub(crate) bots: Option<u32>,
    /// Max. AI calls per month
    #[arg(long)]
    pub(crate) ai_calls_per_month: Option<u32>,
    /// Max. requests per minute
    #[arg(long)]
    pub(crate) requests_per_minute: Option<u32>,
    /// Shown to users; not billed
    #[arg(long)]
    pub(crate) price_monthly: Option<String>,
    /// Shown to users; not billed
    #[arg(long)]
    pub(crate) price_yearly: Option<String>,
    /// The currency of the prices, such as EUR
    #[arg(long)]
    pub(crate) currency: Option<String>,
    /// Its purpose
    #[arg(long)]
    pub(crate) description: Option<String>,
}

fn rate(text: &str) -> Result<(String, u32), String> {
    let allowed = || "must be a class and a whole number, such as api=60".to_owned();
    let (class, most) = text.split_once('=').ok_or_else(allowed)?;
    Ok((class.to_owned(), most.parse().map_err(|_| allowed())?))
}

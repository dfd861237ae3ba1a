//! Who may come in: people's names and passwords, what a role permits, how guessing is slowed down.

mod definition;
mod email;
mod factor;
mod grant;
mod guesses;
mod network;
mod password;
mod plan;
mod profile;
mod program;
mod quota;
mod rates;
mod role;
mod scope;
mod settings;
mod user;

pub use definition::{
    BadDescription, Defined, Definition, DefinitionKind, DefinitionName, Description, PermissionDefinition,
    PlanDefinition, Prices, RoleDefinition,
};
pub use email::{BadEmail, Email};
pub use factor::{
    BadCode, FACTOR_SECRET_BYTES, FactorSecret, GivenCode, RECOVERY_CODE_BYTES, RECOVERY_CODES, recovery_code,
};
pub use grant::Grant;
pub use guesses::{Guesses, Lock};
pub use network::{BadNetwork, Network};
pub use password::{Password, WeakPassword};
pub use plan::{BadPlanName, Limits, PlanName};
pub use profile::{BadPersonName, BadPreferences, PersonName, Preferences, Profile};
pub use program::{BadBounds, KeySecret, OrderBounds, ProgramKey};
pub use quota::Quota;
pub use rates::{BadRate, Counts, RATE_MAX, Rates, RouteClass};
pub use role::{Permission, Role};
pub use scope::{BadRoleName, BadScope, RoleName, Scope};
pub use settings::{
    BadQuietHours, Layer, Merged, Proposed, QuietHours, RiskProfile, Settings, SettingsChange, Theme, TimeZone,
    UnknownZone, UserSettings, Valued,
};
pub use user::{BadUsername, PasswordHash, User, Username, may_refresh};

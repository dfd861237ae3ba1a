//! Roles, plans and permissions.

use super::words::{RiskProfile, Theme};
use crate::member::{NotNegative, Object, Several, Whole, Written};
use crate::text::Text;
use domain::identity::{
    self, Defined, Description, Limits, PermissionDefinition, PlanDefinition, PlanName, Prices, QuietHours, RATE_MAX,
    RoleDefinition, RoleName, RouteClass, Scope, Settings, TimeZone,
};
use domain::market::Asset;
use domain::money::Amount;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

const SCOPES_MAX: usize = 50;
const LIMIT_MAX: u32 = 1_000_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Role {
    /// Name of the role.
    pub name: String,
    /// What the role is for, in one line; may be empty.
    pub description: String,
    /// Each `resource:action`.
    pub permissions: Vec<String>,
    /// Requests in a window, by class, where they are not what the class has.
    pub rates: BTreeMap<String, u32>,
    /// Whether the role is part of the product and cannot be changed or deleted.
    pub built_in: bool,
    /// How many people have it; null of one that is built in.
    pub holders: Option<u32>,
    /// The version of the role, raised by each change; its `ETag`, accepted as `If-Match`. 0 for a built-in one.
    pub version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Permission {
    /// `resource:action`
    pub name: String,
    /// What the permission is for, in one line; may be empty.
    pub description: String,
    /// Whether routes ask for it; a name of one's own is carried by roles, and no route asks for it.
    pub built_in: bool,
    /// How many roles of one's own carry it; null of one that is built in.
    pub holders: Option<u32>,
    /// The version of the permission, raised by each change; its `ETag`, accepted as `If-Match`. 0 for a built-in one.
    pub version: u64,
}

/// What is null has no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanLimits {
    /// Open at once, over all accounts.
    pub positions: Option<u32>,
    /// Bots that may run at once; null is no limit.
    pub bots: Option<u32>,
    /// AI calls that a user may make in a month; null is no limit. Not enforced yet, since there are none.
    pub ai_calls_per_month: Option<u32>,
    /// Of the class `api`; never more than the role has.
    pub requests_per_minute: Option<u32>,
}

/// Settings of a plan's users who have not set them; null leaves one to what is built in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanSettings {
    /// An IANA name, such as `Europe/Berlin`.
    #[schema(max_length = 64)]
    pub time_zone: Option<String>,
    /// Currency in which programs show sums, such as `EUR`; null is the built-in setting.
    #[schema(min_length = 1, max_length = 16, pattern = "^[A-Za-z0-9]+$")]
    pub quote_currency: Option<String>,
    /// Colours of pages; null is the built-in setting.
    pub theme: Option<Theme>,
    /// How much risk the user wants, from which limits are proposed; null is the built-in setting.
    pub risk_profile: Option<RiskProfile>,
    /// Hours of the day without notifications, for programs that show them: `off` or `22:00-07:00`; null is the built-in setting.
    #[schema(pattern = "^(off|([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])$")]
    pub quiet_hours: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// Name of the plan; `default` applies to users without one.
    pub name: String,
    /// What the plan is for, in one line; may be empty.
    pub description: String,
    /// What users of the plan may use.
    pub limits: PlanLimits,
    /// Price of a month in `currency`, for information: nothing is charged; null if none is stored.
    pub price_monthly: Option<String>,
    /// Price of a year in `currency`, for information: nothing is charged; null if none is stored.
    pub price_yearly: Option<String>,
    /// Currency of the prices, such as `EUR`; null if none is stored.
    pub currency: Option<String>,
    /// Settings for users of the plan who have not set their own.
    #[serde(default)]
    #[schema(required)]
    pub settings: PlanSettings,
    /// Whether it is given to anybody; who has it keeps it.
    pub is_active: bool,
    /// Whether the plan is part of the product and cannot be changed or deleted.
    pub built_in: bool,
    /// How many people have it; null of the default.
    pub holders: Option<u32>,
    /// The version of the plan, raised by each change; its `ETag`, accepted as `If-Match`. 0 for the built-in one.
    pub version: u64,
}

/// Body of `POST /api/v1/roles`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// Name of the role, which is unique and cannot be changed.
    #[schema(value_type = String, min_length = 3, max_length = 32, pattern = "^[a-z][a-z0-9_-]+$")]
    pub name: Written<RoleName>,
    /// What the role is for, in one line; empty if left out.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub description: Option<Written<Description>>,
    /// What the role permits, each `resource:action`; only permissions that you have yourself.
    #[schema(value_type = Vec<String>)]
    pub permissions: Several<Scope, SCOPES_MAX>,
    /// By class: `api`, `ingest`, `ai`, `wallets` or `market`.
    #[schema(value_type = Option<BTreeMap<String, u32>>)]
    pub rates: Option<RatesByClass>,
}

/// Body of `PUT /api/v1/roles/{name}`; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRole {
    /// What the role is for; null or missing keeps the current text.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub description: Option<Written<Description>>,
    /// All permissions of the role, each `resource:action`, replacing the former ones; null or missing keeps them.
    #[schema(value_type = Option<Vec<String>>)]
    pub permissions: Option<Several<Scope, SCOPES_MAX>>,
    /// Maximum requests per window, by route class, replacing the former ones; null or missing keeps them.
    #[schema(value_type = Option<BTreeMap<String, u32>>)]
    pub rates: Option<RatesByClass>,
}

/// Body of `POST /api/v1/permissions`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPermission {
    /// Name of the permission, `resource:action`.
    #[schema(value_type = String, pattern = "^[a-z0-9-]{1,32}:[a-z0-9-]{1,32}$")]
    pub name: Written<Scope>,
    /// What the permission is for, in one line; empty if left out.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub description: Option<Written<Description>>,
}

/// Body of `PUT /api/v1/permissions/{name}`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePermission {
    /// What the permission is for; null or missing keeps the current text.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub description: Option<Written<Description>>,
}

/// Body of `POST /api/v1/plans`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// Name of the plan, which is unique and cannot be changed.
    #[schema(value_type = String, min_length = 1, max_length = 32, pattern = "^[a-z0-9_-]+$")]
    pub name: Written<PlanName>,
    /// What the plan is for, in one line; empty if left out.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub description: Option<Written<Description>>,
    /// What users of the plan may use; left out, nothing is limited.
    #[schema(value_type = Option<NewPlanLimits>)]
    pub limits: Option<Object<NewPlanLimits>>,
    /// Price of a month in `currency`, for information: nothing is charged; left out, none.
    #[schema(value_type = Option<String>)]
    pub price_monthly: Option<NotNegative>,
    /// Price of a year in `currency`, for information: nothing is charged; left out, none.
    #[schema(value_type = Option<String>)]
    pub price_yearly: Option<NotNegative>,
    /// Currency of the prices, such as `EUR`; left out, none.
    #[schema(value_type = Option<String>)]
    pub currency: Option<Written<Asset>>,
    /// Settings for users of the plan who have not set their own; left out, the built-in ones apply.
    #[schema(value_type = Option<NewPlanSettings>)]
    pub settings: Option<Object<NewPlanSettings>>,
    /// Whether the plan can be assigned to users; true if left out.
    pub is_active: Option<bool>,
}

/// Body of `PUT /api/v1/plans/{name}`; what is left out stays, and limits and settings are given as a whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePlan {
    /// What the plan is for; null or missing keeps the current text.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub description: Option<Written<Description>>,
    /// All limits of the plan, replacing the former ones; null or missing keeps them.
    #[schema(value_type = Option<NewPlanLimits>)]
    pub limits: Option<Object<NewPlanLimits>>,
    /// Price per month, in `currency`; null or missing keeps the current one.
    #[schema(value_type = Option<String>)]
    pub price_monthly: Option<NotNegative>,
    /// Price per year, in `currency`; null or missing keeps the current one.
    #[schema(value_type = Option<String>)]
    pub price_yearly: Option<NotNegative>,
    /// Currency of the prices, such as `EUR`; null or missing keeps the current one.
    #[schema(value_type = Option<String>)]
    pub currency: Option<Written<Asset>>,
    /// All settings of the plan, replacing the former ones; null or missing keeps them.
    #[schema(value_type = Option<NewPlanSettings>)]
    pub settings: Option<Object<NewPlanSettings>>,
    /// Whether the plan can be given to users; null or missing keeps the current value.
    pub is_active: Option<bool>,
}

/// Requests in a window, by route class.
pub type RatesByClass = BTreeMap<Written<RouteClass>, Whole<1, RATE_MAX>>;

/// All limits of a plan; what is null or left out has no limit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlanLimits {
    /// Positions that may be open at once, over all accounts.
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 1_000_000)]
    positions: Option<Whole<0, LIMIT_MAX>>,
    /// Bots that may run at once.
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 1_000_000)]
    bots: Option<Whole<0, LIMIT_MAX>>,
    /// AI calls that a user may make in a month. Not enforced yet, since there are none.
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 1_000_000)]
    ai_calls_per_month: Option<Whole<0, LIMIT_MAX>>,
    /// Requests of the class `api`; never more than the role has.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1_000_000)]
    requests_per_minute: Option<Whole<1, LIMIT_MAX>>,
}

/// All settings of a plan; null or left out leaves one to what is built in. There is no preset: those are a user's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlanSettings {
    /// An IANA name, such as `Europe/Berlin`.
    #[schema(value_type = Option<String>, max_length = 64)]
    time_zone: Option<Written<TimeZone>>,
    /// Currency in which programs show sums, such as `EUR`.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 16, pattern = "^[A-Za-z0-9]+$")]
    quote_currency: Option<Written<Asset>>,
    /// Colours of pages.
    #[schema(value_type = Option<Theme>)]
    theme: Option<Written<identity::Theme>>,
    /// How much risk the user wants, from which limits are proposed.
    #[schema(value_type = Option<RiskProfile>)]
    risk_profile: Option<Written<identity::RiskProfile>>,
    /// Hours of the day without notifications, for programs that show them: `off` or `22:00-07:00`.
    #[schema(value_type = Option<String>, pattern = "^(off|([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])$")]
    quiet_hours: Option<Written<QuietHours>>,
}

impl From<NewPlanLimits> for Limits {
    fn from(sent: NewPlanLimits) -> Self {
        Self {
            positions: sent.positions.map(|Whole(most)| most),
            bots: sent.bots.map(|Whole(most)| most),
            ai_calls_per_month: sent.ai_calls_per_month.map(|Whole(most)| most),
            requests_per_minute: sent.requests_per_minute.map(|Whole(most)| most),
        }
    }
}

impl From<NewPlanSettings> for Settings {
    fn from(sent: NewPlanSettings) -> Self {
        Self {
            time_zone: sent.time_zone.map(|Written(zone)| zone),
            quote_currency: sent.quote_currency.map(|Written(currency)| currency),
            theme: sent.theme.map(|Written(theme)| theme),
            risk_profile: sent.risk_profile.map(|Written(profile)| profile),
            entry_preset: None,
            quiet_hours: sent.quiet_hours.map(|Written(hours)| hours),
        }
    }
}

impl From<&RoleDefinition> for Role {
    fn from(role: &RoleDefinition) -> Self {
        Self {
            name: role.name.to_string(),
            description: role.description.to_string(),
            permissions: role.scopes.iter().map(ToString::to_string).collect(),
            rates: role.rates.iter().map(|(class, most)| (class.to_string(), most)).collect(),
            built_in: role.is_built_in(),
            holders: holders(role),
            version: role.version,
        }
    }
}

impl From<&PermissionDefinition> for Permission {
    fn from(permission: &PermissionDefinition) -> Self {
        Self {
            name: permission.name.to_string(),
            description: permission.description.to_string(),
            built_in: permission.is_built_in(),
            holders: holders(permission),
            version: permission.version,
        }
    }
}

impl From<Limits> for PlanLimits {
    fn from(limits: Limits) -> Self {
        let Limits { positions, bots, ai_calls_per_month, requests_per_minute } = limits;
        Self { positions, bots, ai_calls_per_month, requests_per_minute }
    }
}

impl From<&Settings> for PlanSettings {
    fn from(of: &Settings) -> Self {
        Self {
            time_zone: of.time_zone.as_ref().map(|zone| zone.to_string()),
            quote_currency: of.quote_currency.as_ref().map(ToString::to_string),
            theme: of.theme.map(Text),
            risk_profile: of.risk_profile.map(Text),
            quiet_hours: of.quiet_hours.map(|hours| hours.to_string()),
        }
    }
}

impl From<&PlanDefinition> for Plan {
    fn from(plan: &PlanDefinition) -> Self {
        let Prices { monthly, yearly, currency } = &plan.prices;
        let price = |price: &Option<Amount>| price.map(|price| price.to_string());
        Self {
            name: plan.name.to_string(),
            description: plan.description.to_string(),
            limits: plan.limits.into(),
            price_monthly: price(monthly),
            price_yearly: price(yearly),
            currency: currency.as_ref().map(ToString::to_string),
            settings: (&plan.settings).into(),
            is_active: plan.active,
            built_in: plan.is_built_in(),
            holders: holders(plan),
            version: plan.version,
        }
    }
}

fn holders<T: Defined>(of: &T) -> Option<u32> {
    (!of.is_built_in()).then(|| of.holders())
}

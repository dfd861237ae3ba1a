//! Roles, plans and permissions of a deployment's own.

use super::{Limits, Rates, Schema};
use crate::text::Text;
use domain::identity::{
    BadRate, Description, PermissionDefinition, PlanDefinition, PlanName, Prices, QuietHours, RiskProfile,
    RoleDefinition, RoleName, Scope, Settings, Theme, TimeZone,
};
use domain::market::Asset;
use domain::money::Amount;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    pub v: Schema<1>,
    pub name: Text<RoleName>,
    pub description: Text<Description>,
    pub scopes: Vec<Text<Scope>>,
    /// Null where all are as their classes have them.
    pub rates: Option<Rates>,
    /// Counted by whatever gives and takes it: whoever writes the rest leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holders: Option<u32>,
    pub version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub v: Schema<1>,
    pub name: Text<PlanName>,
    pub description: Text<Description>,
    pub limits: Option<Limits>,
    pub price_monthly: Option<Text<Amount>>,
    pub price_yearly: Option<Text<Amount>>,
    pub currency: Option<Text<Asset>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Text<TimeZone>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote_currency: Option<Text<Asset>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Text<Theme>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_profile: Option<Text<RiskProfile>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<Text<QuietHours>>,
    pub active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holders: Option<u32>,
    pub version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    pub v: Schema<1>,
    pub name: Text<Scope>,
    pub description: Text<Description>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holders: Option<u32>,
    pub version: u64,
}

impl From<&RoleDefinition> for Role {
    fn from(role: &RoleDefinition) -> Self {
        Self {
            v: Schema,
            name: Text(role.name.clone()),
            description: Text(role.description.clone()),
            scopes: role.scopes.iter().cloned().map(Text).collect(),
            rates: Rates::of(&role.rates),
            holders: None,
            version: role.version,
        }
    }
}

impl TryFrom<Role> for RoleDefinition {
    type Error = BadRate;

    fn try_from(row: Role) -> Result<Self, BadRate> {
        Ok(Self {
            name: row.name.0,
            description: row.description.0,
            scopes: row.scopes.into_iter().map(|scope| scope.0).collect(),
            rates: row.rates.map(TryInto::try_into).transpose()?.unwrap_or_default(),
            holders: row.holders.unwrap_or_default(),
            version: row.version,
        })
    }
}

impl From<&PlanDefinition> for Plan {
    fn from(plan: &PlanDefinition) -> Self {
        let Prices { monthly, yearly, currency } = plan.prices.clone();
        let settings = plan.settings.clone();
        Self {
            v: Schema,
            name: Text(plan.name.clone()),
            description: Text(plan.description.clone()),
            limits: Limits::of(plan.limits),
            price_monthly: monthly.map(Text),
            price_yearly: yearly.map(Text),
            currency: currency.map(Text),
            time_zone: settings.time_zone.map(Text),
            quote_currency: settings.quote_currency.map(Text),
            theme: settings.theme.map(Text),
            risk_profile: settings.risk_profile.map(Text),
            quiet_hours: settings.quiet_hours.map(Text),
            active: plan.active,
            holders: None,
            version: plan.version,
        }
    }
}

impl From<Plan> for PlanDefinition {
    fn from(row: Plan) -> Self {
        Self {
            name: row.name.0,
            description: row.description.0,
            limits: row.limits.map(Into::into).unwrap_or_default(),
            prices: Prices {
                monthly: row.price_monthly.map(|price| price.0),
                yearly: row.price_yearly.map(|price| price.0),
                currency: row.currency.map(|currency| currency.0),
            },
            settings: Settings {
                time_zone: row.time_zone.map(|of| of.0),
                quote_currency: row.quote_currency.map(|of| of.0),
                theme: row.theme.map(|of| of.0),
                risk_profile: row.risk_profile.map(|of| of.0),
                entry_preset: None,
                quiet_hours: row.quiet_hours.map(|of| of.0),
            },
            active: row.active,
            holders: row.holders.unwrap_or_default(),
            version: row.version,
        }
    }
}

impl From<&PermissionDefinition> for Permission {
    fn from(permission: &PermissionDefinition) -> Self {
        let (name, description) = (Text(permission.name.clone()), Text(permission.description.clone()));
        Self { v: Schema, name, description, holders: None, version: permission.version }
    }
}

impl From<Permission> for PermissionDefinition {
    fn from(row: Permission) -> Self {
        let (name, description, holders) = (row.name.0, row.description.0, row.holders.unwrap_or_default());
        Self { name, description, holders, version: row.version }
    }
}

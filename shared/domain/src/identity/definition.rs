//! Roles, plans and permissions as they are kept: those that are built in, and a deployment's own.

use super::settings::Settings;
use super::{Limits, Permission, PlanName, Rates, Role, RoleName, Scope, User};
use crate::limits::TEXT_CHARACTERS_MAX;
use crate::market::Asset;
use crate::money::Amount;
use crate::words::words;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// What something is for, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Description(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a text of at most {TEXT_CHARACTERS_MAX} characters, in one line")]
pub struct BadDescription;

/// A role: what it permits, and how often it may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleDefinition {
    pub name: RoleName,
    pub description: Description,
    pub scopes: BTreeSet<Scope>,
    pub rates: Rates,
    /// Who has it; of one that is built in nobody counts them.
    pub holders: u32,
    /// Raised by each change; 0 of one that is built in.
    pub version: u64,
}

/// A plan: what it limits its users to. Its prices are for information: nothing is charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDefinition {
    pub name: PlanName,
    pub description: Description,
    pub limits: Limits,
    pub prices: Prices,
    /// Settings of its users who have not set them. A preset is a user's own: no plan names one.
    pub settings: Settings,
    /// Whether it is given to anybody; who has it keeps it.
    pub active: bool,
    pub holders: u32,
    pub version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prices {
    pub monthly: Option<Amount>,
    pub yearly: Option<Amount>,
    pub currency: Option<Asset>,
}

/// A permission: one that routes ask for, or a name of one's own that roles may carry and no route asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionDefinition {
    pub name: Scope,
    pub description: Description,
    /// Roles of one's own that carry it.
    pub holders: u32,
    pub version: u64,
}

/// Any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Definition {
    Role(RoleDefinition),
    Plan(PlanDefinition),
    Permission(PermissionDefinition),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DefinitionKind {
    Role,
    Plan,
    Permission,
}

/// By what one is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DefinitionName {
    Role(RoleName),
    Plan(PlanName),
    Permission(Scope),
}

/// What is kept in the same way, whichever of them it is.
pub trait Defined: Clone + PartialEq + fmt::Debug + Send + Sync {
    type Name: Clone + fmt::Display + Send + Sync;

    const KIND: DefinitionKind;

    fn name(&self) -> &Self::Name;
    fn named(name: &Self::Name) -> DefinitionName;
    /// Those that are there without anybody having made them.
    fn built_in() -> Vec<Self>;
    fn version(&self) -> u64;
    fn holders(&self) -> u32;
    #[must_use]
    fn at_version(self, version: u64) -> Self;
    /// Whether it says what this person may do.
    fn is_of(&self, user: &User) -> bool;
    /// What stands on record.
    fn told(&self) -> String;
    fn wrapped(self) -> Definition;
    fn of(definition: Definition) -> Option<Self>;

    fn is_built_in(&self) -> bool {
        self.version() == 0
    }
}

impl Description {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Description {
    type Err = BadDescription;

    fn from_str(text: &str) -> Result<Self, BadDescription> {
        let text = text.trim();
        let fits = text.chars().count() <= TEXT_CHARACTERS_MAX && !text.chars().any(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(BadDescription) }
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl DefinitionKind {
    /// The code of a second one of its name.
    pub fn duplicate(self) -> &'static str {
        match self {
            Self::Role => "DUPLICATE_ROLE",
            Self::Plan => "DUPLICATE_PLAN",
            Self::Permission => "DUPLICATE_PERMISSION",
        }
    }

    /// The code of one more than fit.
    pub fn too_many(self) -> &'static str {
        match self {
            Self::Role => "too_many_roles",
            Self::Plan => "too_many_plans",
            Self::Permission => "too_many_permissions",
        }
    }
}

impl DefinitionName {
    pub fn kind(&self) -> DefinitionKind {
        match self {
            Self::Role(_) => DefinitionKind::Role,
            Self::Plan(_) => DefinitionKind::Plan,
            Self::Permission(_) => DefinitionKind::Permission,
        }
    }
}

impl fmt::Display for DefinitionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(name) => name.fmt(f),
            Self::Plan(name) => name.fmt(f),
            Self::Permission(name) => name.fmt(f),
        }
    }
}

impl Definition {
    pub fn name(&self) -> DefinitionName {
        match self {
            Self::Role(role) => DefinitionName::Role(role.name.clone()),
            Self::Plan(plan) => DefinitionName::Plan(plan.name.clone()),
            Self::Permission(permission) => DefinitionName::Permission(permission.name.clone()),
        }
    }

    pub fn version(&self) -> u64 {
        match self {
            Self::Role(role) => role.version,
            Self::Plan(plan) => plan.version,
            Self::Permission(permission) => permission.version,
        }
    }

    /// What a role permits; nothing else permits anything.
    pub fn scopes(&self) -> BTreeSet<Scope> {
        if let Self::Role(role) = self { role.scopes.clone() } else { BTreeSet::new() }
    }

    /// What a role says of how often its holders may ask; nothing else does.
    pub fn rates(&self) -> Rates {
        if let Self::Role(role) = self { role.rates.clone() } else { Rates::default() }
    }

    /// The names of a deployment's own among them.
    pub fn carries(&self) -> BTreeSet<Scope> {
        self.scopes().into_iter().filter(|scope| !scope.is_built_in()).collect()
    }
}

macro_rules! defined {
    ($of:ident, $kind:ident, $name:ty) => {
        type Name = $name;

        const KIND: DefinitionKind = DefinitionKind::$kind;

        fn name(&self) -> &$name {
            &self.name
        }

        fn named(name: &$name) -> DefinitionName {
            DefinitionName::$kind(name.clone())
        }

        fn version(&self) -> u64 {
            self.version
        }

        fn holders(&self) -> u32 {
            self.holders
        }

        fn at_version(self, version: u64) -> Self {
            Self { version, ..self }
        }

        fn wrapped(self) -> Definition {
            Definition::$kind(self)
        }

        fn of(definition: Definition) -> Option<Self> {
            if let Definition::$kind(of) = definition { Some(of) } else { None }
        }
    };
}

impl Defined for RoleDefinition {
    defined!(RoleDefinition, Role, RoleName);

    fn built_in() -> Vec<Self> {
        Role::ALL.into_iter().map(Self::from).collect()
    }

    fn is_of(&self, user: &User) -> bool {
        user.role == self.name
    }

    fn told(&self) -> String {
        let scopes = self.scopes.iter().map(Scope::as_str).collect::<Vec<_>>().join(" ");
        let rates = self.rates.iter().map(|(class, most)| format!(", {class} {most}"));
        rates.fold(scopes, |told, rate| told + &rate)
    }
}

impl Defined for PlanDefinition {
    defined!(PlanDefinition, Plan, PlanName);

    fn built_in() -> Vec<Self> {
        vec![Self::default()]
    }

    fn is_of(&self, user: &User) -> bool {
        user.plan == self.name
    }

    fn told(&self) -> String {
        let Limits { positions, bots, ai_calls_per_month, requests_per_minute } = self.limits;
        let limits = [
            ("positions", positions),
            ("bots", bots),
            ("AI calls per month", ai_calls_per_month),
            ("requests per minute", requests_per_minute),
        ];
        let limits = limits.into_iter().filter_map(|(of, most)| most.map(|most| format!("{most} {of}")));
        let limits = limits.collect::<Vec<_>>().join(", ");
        let limits = if limits.is_empty() { "no limits".to_owned() } else { limits };
        let settings = self.settings.told();
        let limits = if settings.is_empty() { limits } else { format!("{limits}, {settings}") };
        if self.active { limits } else { format!("{limits}, not given any more") }
    }
}

impl Defined for PermissionDefinition {
    defined!(PermissionDefinition, Permission, Scope);

    fn built_in() -> Vec<Self> {
        Permission::ALL.into_iter().map(Self::from).collect()
    }

    fn is_of(&self, _: &User) -> bool {
        false
    }

    fn told(&self) -> String {
        self.description.to_string()
    }
}

impl From<Role> for RoleDefinition {
    fn from(role: Role) -> Self {
        Self {
            name: role.into(),
            description: Description(role.meaning().to_owned()),
            scopes: role.permissions().iter().copied().map(Scope::from).collect(),
            rates: Rates::default(),
            holders: 0,
            version: 0,
        }
    }
}

/// What everybody has who was given no other.
impl Default for PlanDefinition {
    fn default() -> Self {
        Self {
            name: PlanName::default(),
            description: Description("No limits; whoever was given no other plan has this one.".to_owned()),
            limits: Limits::default(),
            prices: Prices::default(),
            settings: Settings::default(),
            active: true,
            holders: 0,
            version: 0,
        }
    }
}

impl From<Permission> for PermissionDefinition {
    fn from(permission: Permission) -> Self {
        let description = Description(permission.meaning().to_owned());
        Self { name: permission.into(), description, holders: 0, version: 0 }
    }
}

words! {
    DefinitionKind { Role = "role", Plan = "plan", Permission = "permission" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_says_what_it_is_for() {
        let (roles, permissions) = (RoleDefinition::built_in(), PermissionDefinition::built_in());
        let told = roles.iter().map(|role| &role.description).chain(permissions.iter().map(|may| &may.description));
        for description in told {
            assert_eq!(description.as_str().parse().as_ref(), Ok(description));
            assert!(description.as_str().ends_with('.'), "{description:?} is no sentence");
        }
        assert!(roles.iter().all(Defined::is_built_in) && PlanDefinition::default().is_built_in());
    }

    #[test]
    fn a_description_is_one_short_line() {
        assert_eq!(" reads reports ".parse::<Description>().unwrap().as_str(), "reads reports");
        for wrong in ["a\nb", "a\u{1b}[0m", &"x".repeat(201)] {
            assert_eq!(wrong.parse::<Description>(), Err(BadDescription), "{wrong:?}");
        }
    }

    #[test]
    fn a_role_carries_names_that_no_route_asks_for() {
        let own: Scope = "reports:print".parse().unwrap();
        let mut role = RoleDefinition::from(Role::Viewer);
        role.scopes.insert(own.clone());
        assert_eq!(role.clone().wrapped().carries(), BTreeSet::from([own]));
        assert_eq!(role.told(), "reports:print trading:read");
    }
}

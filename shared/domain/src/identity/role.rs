//! What a role permits, as data.

use crate::words::words;

/// What one may do with a kind of thing: `resource:action`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission(&'static str);

/// Of a person. Only viewer, trader, manager and admin are ordered; quant and operator stand beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Viewer,
    Quant,
    Trader,
    Operator,
    Manager,
    Admin,
}

impl Permission {
    /// One's own trading: looking at it.
    pub const READ: Self = Self("trading:read");
    /// One's own trading: accounts, groups, orders, presets.
    pub const WRITE: Self = Self("trading:write");
    /// One's own orders by hand, and what promotes, approves or moves to live.
    pub const ORDERS: Self = Self("orders:write");
    /// One's own accounts, and the webhook tokens that let alerts trade on them.
    pub const ACCOUNTS: Self = Self("accounts:write");
    /// Which exchanges and chains accounts may be at.
    pub const WALLETS: Self = Self("wallets:write");
    /// Where outside data is read, and whose the addresses in it are.
    pub const SOURCES: Self = Self("sources:write");
    /// What is of the whole deployment: its stop, its recovery, what nobody owns.
    pub const SYSTEM: Self = Self("system:operate");
    /// Everybody's trading: looking at it.
    pub const READ_ALL: Self = Self("trading:read-all");
    /// Strategies, backtests, features, backfill.
    pub const RESEARCH: Self = Self("research:write");
    /// People, their roles and plans.
    pub const USERS: Self = Self("users:write");

    /// The system log, and what everybody has changed.
    pub const LOGS: Self = Self("logs:read");
    /// Either of them as a file.
    pub const LOGS_EXPORT: Self = Self("logs:export");
    pub const LOGS_DELETE: Self = Self("logs:delete");
    /// How the deployment does.
    pub const METRICS: Self = Self("metrics:read");
    /// All that routes of this program may ask for.
    pub const ALL: [Self; 14] = [
        Self::READ,
        Self::WRITE,
        Self::ORDERS,
        Self::ACCOUNTS,
        Self::RESEARCH,
        Self::SYSTEM,
        Self::READ_ALL,
        Self::WALLETS,
        Self::SOURCES,
        Self::USERS,
        Self::LOGS,
        Self::LOGS_EXPORT,
        Self::LOGS_DELETE,
        Self::METRICS,
    ];

    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// What whoever has it may do.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::READ => "Read your trading: accounts, positions, orders, alerts, presets.",
            Self::WRITE => "Trade: close, cancel, halt, change exits and presets.",
            Self::ORDERS => {
                "Place orders by hand, and promote, approve or move to live: no operation needs it yet. An API key has it within bounds that it names."
            }
            Self::ACCOUNTS => "Connect your accounts and keys, and create the webhook tokens that trade on them.",
            Self::SYSTEM => "Run the deployment: its halt, its recovery and its dead letters.",
            Self::READ_ALL => "Read all users' trading, by `?user_id=`; with `trading:read`.",
            Self::RESEARCH => "Backfill candles, run backtests, and choose which series are fetched.",
            Self::WALLETS => "Define the exchanges and chains of accounts.",
            Self::SOURCES => "Define the sources of whale alerts, and who owns addresses on blockchains.",
            Self::USERS => "Manage users, roles and plans, within your own permissions.",
            Self::LOGS => "Read the system log and the audit log of all users.",
            Self::LOGS_EXPORT => "Export either log as a file.",
            Self::LOGS_DELETE => "Delete old entries of the system log; the audit log records it.",
            Self::METRICS => "Read the health of the deployment.",
            _ => "",
        }
    }
}

const VIEWER: &[Permission] = &[Permission::READ];
const QUANT: &[Permission] = &[Permission::READ, Permission::RESEARCH];
const TRADER: &[Permission] = &[Permission::READ, Permission::WRITE, Permission::ORDERS, Permission::ACCOUNTS];
const OPERATOR: &[Permission] = &[Permission::READ, Permission::SYSTEM, Permission::LOGS, Permission::METRICS];
const MANAGER: &[Permission] = &[
    Permission::READ,
    Permission::WRITE,
    Permission::ORDERS,
    Permission::ACCOUNTS,
    Permission::RESEARCH,
    Permission::SYSTEM,
    Permission::READ_ALL,
    Permission::LOGS,
    Permission::METRICS,
];
const ADMIN: &[Permission] = &Permission::ALL;

impl Role {
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Viewer => VIEWER,
            Self::Quant => QUANT,
            Self::Trader => TRADER,
            Self::Operator => OPERATOR,
            Self::Manager => MANAGER,
            Self::Admin => ADMIN,
        }
    }

    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }

    pub fn meaning(self) -> &'static str {
        match self {
            Self::Viewer => "Looks at its own trading.",
            Self::Quant => "Looks, and does research; orders and keys are not its.",
            Self::Trader => "Trades for itself, with its own accounts and keys.",
            Self::Operator => "Runs the deployment; orders and keys are not its.",
            Self::Manager => "Trades, does research, runs the deployment, and looks at everybody's trading.",
            Self::Admin => "Everything, and alone people, roles, plans and the deletion of logs.",
        }
    }
}

words! {
    Role {
        Viewer = "viewer",
        Quant = "quant",
        Trader = "trader",
        Operator = "operator",
        Manager = "manager",
        Admin = "admin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_permits_what_the_decisions_say_and_no_more() {
        let check = |role: Role, words: &str| {
            let permitted: Vec<_> = role.permissions().iter().map(|permission| permission.as_str()).collect();
            assert_eq!(permitted.join(" "), words, "{role}");
        };
        check(Role::Viewer, "trading:read");
        check(Role::Quant, "trading:read research:write");
        check(Role::Trader, "trading:read trading:write orders:write accounts:write");
        check(Role::Operator, "trading:read system:operate logs:read metrics:read");
        let manager =
            "trading:read trading:write orders:write accounts:write research:write system:operate trading:read-all";
        check(Role::Manager, &format!("{manager} logs:read metrics:read"));
        let admin = "wallets:write sources:write users:write logs:read logs:export logs:delete metrics:read";
        check(Role::Admin, &format!("{manager} {admin}"));
    }

    #[test]
    fn the_document_prints_the_table_as_it_is() {
        let document = include_str!("../../../../SECURITY.md");
        for role in Role::ALL {
            let permitted: Vec<_> = role.permissions().iter().map(|may| format!("`{}`", may.as_str())).collect();
            let line = format!("| {role} | {} |", permitted.join(" "));
            assert!(document.lines().any(|printed| printed == line), "{line}");
        }
    }

    #[test]
    fn each_of_the_ordered_roles_permits_what_the_one_below_does() {
        for pair in [Role::Viewer, Role::Trader, Role::Manager, Role::Admin].windows(2) {
            assert!(pair[0].permissions().iter().all(|permission| pair[1].may(*permission)), "{pair:?}");
        }
        for beside in [Role::Quant, Role::Operator] {
            assert!(beside.permissions().iter().all(|permission| Role::Manager.may(*permission)), "{beside}");
            assert!(!beside.may(Permission::WRITE), "{beside} trades nothing");
        }
    }
}

//! What stands before a test begins.

use super::World;
use super::view::{self, Kind};
use app::ports::{Book, Bootstrap, Credential, KeptRoute, Session, Standing};
use domain::account::Account;
use domain::audit::{Chain, Link};
use domain::clock::Timestamp;
use domain::identity::{Quota, User};
use domain::ids::{AccountId, Sha, SourceId, UserId};
use domain::market::{Market, MarketKey};
use domain::risk::Rule;
use domain::token::WebhookToken;
use domain::vault::AccountState;
use store::identity::{bootstrap_row, session_row, user_row, user_rows};
use store::market::{market_key, market_row};
use store::trading::{account_rows, book_row, quota_row, route_row, rule_rows, token_row};
use store::vault::{credential_row, state_row};
use store::whale::watched_row;
use store::{Key, Table, Write, audit};

impl World {
    pub fn put_token(&self, token: &WebhookToken) {
        self.seed_row(token_row(token).expect("a token"));
    }

    /// A person as another admin has left them.
    pub fn put_user(&self, user: &User) {
        self.seed_row(user_row(user).expect("a person"));
    }

    /// A user, with the rows of their e-mail and their name.
    pub fn put_person(&self, user: &User) {
        user_rows(user).expect("a person").into_iter().for_each(|row| self.seed_row(row));
    }

    /// An account as the seed makes it: nothing open, so not on the list of active ones.
    pub fn put_account(&self, account: &Account, standing: Standing) {
        self.put_standing(&account.id, standing);
        account_rows(account).expect("an account").into_iter().for_each(|row| self.seed_row(row));
    }

    pub fn put_standing(&self, account: &AccountId, standing: Standing) {
        let Standing { enabled, validated } = standing;
        let state = AccountState { enabled, validated, ..AccountState::default() };
        self.seed_row(state_row(account, &state).expect("a state"));
    }

    /// The same with all that is known of it.
    pub fn put_state(&self, account: &AccountId, state: &AccountState) {
        self.seed_row(state_row(account, state).expect("a state"));
    }

    /// The account's secret, as if its owner had saved it.
    pub fn put_credential(&self, account: &AccountId, credential: &Credential) {
        self.seed_row(credential_row(account, credential).expect("a secret"));
    }

    /// The market's row goes.
    pub fn take_market(&self, market: &MarketKey) {
        self.table_mut().memory.retain(|key, _| *key != market_key(market));
    }

    /// A row of a chain goes, as by an owner who may write the table.
    pub fn take_audit(&self, chain: &Chain, number: u64) {
        let is_it = |link: Link| (link.number, Chain::of(chain.shelf, &link.audit)) == (number, chain.clone());
        let stands = |key: &Key| key.table == audit::table(chain.shelf) && audit::is_row(key);
        let rows = &mut self.table_mut().memory;
        rows.retain(|key, row| !stands(key) || !is_it(audit::read(row).expect("an audit row")));
    }

    pub fn put_market(&self, market: &Market) {
        self.seed_row(market_row(market).expect("a market"));
    }

    pub fn put_route(&self, route: &KeptRoute) {
        self.seed_row(route_row(route).expect("a route"));
    }

    pub fn put_quota(&self, quota: &Quota) {
        self.seed_row(quota_row(quota).expect("a quota"));
    }

    /// Every position says no mode, as an earlier release has left it.
    pub fn take_modes(&self) {
        let keys: Vec<_> = self.table().memory.of(Table::Trading).map(|(key, _)| key.clone()).collect();
        for key in keys.into_iter().filter(|key| view::kind(key) == Some(Kind::Group)) {
            self.seed_row(Write::update(key).remove("mode"));
        }
    }

    /// A source of whale alerts is enabled.
    pub fn put_watched(&self, source: &SourceId) {
        self.seed_row(watched_row(source).expect("a row"));
    }

    /// Accounts of the user are to say that they are ruled.
    pub fn put_rules(&self, user: &UserId, rules: &[Rule]) {
        for row in rule_rows(user, rules).expect("rules") {
            self.seed_row(row);
        }
    }

    pub fn put_book(&self, book: &Book) {
        self.seed_row(book_row(book).expect("a book"));
    }

    pub fn put_session(&self, hash: &Sha, session: &Session, expires_at: Timestamp) {
        self.seed_row(session_row(hash, session, expires_at).expect("a session"));
    }

    pub fn put_bootstrap(&self, bootstrap: &Bootstrap) {
        self.seed_row(bootstrap_row(bootstrap).expect("a code"));
    }
}

//! `/users/me` where it is changed, `/users/me/export` and `/users/{id}/erase`.

use super::factor;
use super::run;
use crate::Api;
use crate::problem;
use crate::routes::users::{self, Shown, parse, tag};
use crate::routes::{sessions, settings};
use app::identity::{self, KeptRun, Personal, Wished};
use app::ports::{StoreError, Wanting, Wish};
use app::{accounts, presets, tokens};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::clock::Timestamp;
use domain::market::MarketKey;
use domain::series::Series;
use lambda::api::{Operation, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::Seen;
use serde_json::json;
use wire::member::{GivenPassword, Written};
use wire::view::{
    self, ApiKey, AuditLog, Backfill, Backtest, Bot, BotLogEntry, BotRun, ChangeOneself, Erasure, KeptBotRun,
    Notification, PersonalData, RiskRule, SeriesReason, SystemLog, User, WalletBalances, WantedSeries,
};

/// What callers may ask for.
pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.under("/api/v1/users", |table| {
        let table = table.about("users", "Your own profile, and all users for an admin.");
        let changing = |of: Operation<T::Hearer>| {
            let example = json!({"name": "Ann Lee", "preferences": {"theme": "dark"}});
            of.says("updateMe", "Update your profile; another e-mail needs your password, and the second factor if it is on")
                .session()
                .body::<ChangeOneself>(&example)
                .answers::<User>(200)
                .tagged()
                .matched()
                .refuses(400, &["DUPLICATE_EMAIL", "DUPLICATE_USERNAME"])
                .refuses(401, &["totp_required", "wrong_credentials", "wrong_totp"])
                .merging()
        };
        let table = table.put("/me", change, changing).patch("/me", change, changing);
        let table = table.get("/me/export", export, |of| {
            of.says("exportMe", "Export your personal data, without secrets; trades are in `/deliveries`, `/orders`, `/position-groups`, `/trades/history`, `/user-trades` and `/accounts/{id}/balances/history`").session().answers::<PersonalData>(200)
        });
        table.post("/{id}/erase", erase, |of| {
            of.without_key().says("eraseUser", "Erase a user's personal data for good: yours with the password and the second factor, or another user's as an admin")
                .session()
                .of("user")
                .body::<Erasure>(&json!({"password": "Correct-horse-1"}))
                .answers_nothing()
                .refuses(401, &["totp_required", "wrong_credentials", "wrong_totp"])
                .refuses(403, &["permission_not_yours"])
                .refuses(409, &["groups_open", "last_admin"])
        })
    })
}

async fn change(State(api): State<Api>, caller: Caller, seen: Seen, body: Bytes) -> Result<Shown, Problem> {
    let wished = wished(&body)?;
    let changed =
        identity::change_profile(&api.store, api.means(), &caller.session, wished, seen.0, run(&caller.invocation))
            .await;
    let user = changed.map_err(problem::of)?;
    let last_seen = identity::last_seen(&api.store, &user, run(&caller.invocation)).await.map_err(problem::of)?;
    caller.invocation.outcome("profile changed");
    let scopes: Vec<_> = caller.session.permits().collect();
    Ok((tag(&user), Json(User::of(&user, last_seen).permitted(&scopes))))
}

fn wished(body: &[u8]) -> Result<Wished, Problem> {
    let asked: ChangeOneself = body::read(body)?;
    let wished = Wished {
        password: asked.password.map(|GivenPassword(password)| password),
        code: asked.totp.map(|Written(code)| code),
        email: asked.email.map(|Written(email)| email),
        username: asked.username.map(|Written(name)| name),
        name: asked.name.map(|said| said.map(|Written(name)| name)),
        preferences: users::preferences(asked.preferences),
    };
    if wished.email.is_some() && wished.password.is_none() {
        return Err(Problem::field("password", "password is required with email: it is where resets are sent to"));
    }
    Ok(wished)
}

async fn export(State(api): State<Api>, caller: Caller) -> Result<Json<PersonalData>, Problem> {
    let kept =
        identity::personal(&api.store, &caller.session.user, run(&caller.invocation)).await.map_err(problem::of)?;
    caller.invocation.outcome("personal data exported");
    told(&kept, &caller).map(Json).map_err(|error| Problem::of_store(&error))
}

fn told(kept: &Personal, caller: &Caller) -> Result<PersonalData, StoreError> {
    let by = caller.session.login.as_ref();
    let scopes: Vec<_> = caller.session.permits().collect();
    let now = caller.invocation.now();
    Ok(PersonalData {
        exported_at: view::time(now),
        profile: User::of(&kept.user, kept.last_seen).permitted(&scopes).with_settings(settings::view(&kept.settings)),
        sessions: kept.logins.iter().map(|login| sessions::shown(login, by)).collect(),
        second_factor: factor::state(kept.factor.as_ref()),
        accounts: kept.accounts.iter().map(|kept| accounts::shown(kept, now)).collect(),
        balances: kept.accounts.iter().map(|kept| WalletBalances::of(&kept.account, &kept.state)).collect(),
        webhook_tokens: kept.tokens.iter().map(|token| tokens::shown(token, None)).collect(),
        api_keys: kept.keys.iter().map(|key| ApiKey::of(key, None, now)).collect(),
        presets: kept.presets.iter().map(presets::shown).collect::<Result<_, _>>()?,
        risk_rules: kept.rules.iter().map(|rule| RiskRule::of(rule, now)).collect(),
        bots: kept
            .bots
            .iter()
            .map(|bot| Bot::of(bot, Vec::new()))
            .collect::<Result<_, _>>()
            .map_err(|wrong: String| unshown(&wrong))?,
        bot_runs: kept
            .runs
            .iter()
            .map(|run| bot_run(run, now))
            .collect::<Result<_, _>>()
            .map_err(|wrong: String| unshown(&wrong))?,
        more_bot_runs: kept.more_runs,
        series: kept.wishes.iter().filter_map(series).collect(),
        backfills: kept.backfills.iter().map(Backfill::of).collect(),
        backtests: kept.backtests.iter().map(Backtest::of).collect(),
        notifications: kept.notices.iter().map(|kept| Notification::of(&kept.notice, kept.is_read)).collect(),
        more_notifications: kept.more_notices,
        changes: kept.changes.iter().map(|(shelf, link)| AuditLog::of(*shelf, link)).collect(),
        more_changes: kept.more_changes,
        log: kept.notes.iter().map(SystemLog::from).collect(),
    })
}

fn unshown(wrong: &str) -> StoreError {
    StoreError::Unreadable(format!("a bot: {wrong}"))
}

fn bot_run(kept: &KeptRun, now: Timestamp) -> Result<KeptBotRun, String> {
    let KeptRun { run, log, more } = kept;
    let log = log.iter().map(BotLogEntry::from).collect();
    Ok(KeptBotRun { run: BotRun::of(run, Vec::new(), now)?, log, more_log: *more })
}

/// None of what the deployment wants for itself.
fn series(wish: &Wish) -> Option<WantedSeries> {
    let Series { market: MarketKey { exchange, symbol }, interval } = &wish.series;
    let why = match wish.by {
        Wanting::List(_) => SeriesReason::List,
        Wanting::Chart(_) => SeriesReason::Chart,
        Wanting::Bot(..) => SeriesReason::Bot,
        Wanting::Source(..) => return None,
    };
    Some(WantedSeries {
        exchange: exchange.to_string(),
        symbol: symbol.to_string(),
        timeframe: interval.to_string(),
        why,
        since: view::time(wish.since),
        until: wish.until.map(view::time),
    })
}

async fn erase(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let user = parse(&id)?;
    let Erasure { password, totp } = body::read(&body)?;
    let (password, code) = (password.map(|GivenPassword(password)| password), totp.map(|Written(code)| code));
    let given = (password.as_ref(), code.as_ref());
    identity::erase(&api.store, api.means(), &caller.session, &user, given, run(&caller.invocation))
        .await
        .map_err(problem::of)?;
    caller.invocation.touched(user);
    caller.invocation.outcome("user erased");
    Ok(StatusCode::NO_CONTENT)
}

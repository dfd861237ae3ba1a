//! What people change of themselves, all that is kept of them, and how they are forgotten.

use super::*;
use app::identity::{Wished, personal};
use app::ports::{Letter, MailError, PageRequest, SendLetter, Standing as MayEnter};
use app::tokens::{self, InPerson, Token, TokenError, Wanted};
use app::{accounts, presets};
use domain::account::{Account, AccountLimits};
use domain::audit::{Actor, Chain, Shelf, check as flaws};
use domain::ids::{AccountId, LogId, Sha};
use domain::logs::{Category, Level, Note};
use domain::notice::{Notice, Topic};
use std::collections::BTreeMap;
use store::audit::Audits;
use store::identity::Identity;
use store::trading::Trading;
use store::vault::Vault;
use wire::preset::Document;

/// Nobody is written to, which is in nobody's way.
struct NoPost;

impl SendLetter for NoPost {
    async fn send_letter(&self, _: &Letter, _: Timestamp) -> Result<(), MailError> {
        Err(MailError("no sender".to_owned()))
    }
}

pub(super) async fn change(town: &Town, by: &Session, wished: Wished) -> Result<User, IdentityError> {
    town.run(async |run| {
        identity::change_profile(&town.world, (&town.proofs, &town.proofs, &NoPost), by, wished, None, run).await
    })
    .await
}

pub(super) async fn erase(town: &Town, by: &Session, who: &UserId, text: Option<&str>) -> Result<(), IdentityError> {
    let given = text.map(password);
    town.run(async |run| {
        let run = Run { address: Some("192.0.2.66"), ..run };
        identity::erase(&town.world, (&town.proofs, &town.proofs, &NoPost), by, who, (given.as_ref(), None), run).await
    })
    .await
}

/// An account of theirs, with so many groups open.
pub(super) fn give_account(town: &Town, user: &UserId, open_groups: u32) -> AccountId {
    give_labelled(town, user, "default", open_groups)
}

pub(super) fn give_labelled(town: &Town, user: &UserId, label: &str, open_groups: u32) -> AccountId {
    let account = Account {
        id: AccountId::of(&[user.as_str(), label]),
        user: user.clone(),
        exchange: "PAPER".parse().unwrap(),
        label: label.to_owned(),
        limits: AccountLimits {
            open_groups_max: 3,
            exposure_max: "100".parse().unwrap(),
            order_quote_max: "100".parse().unwrap(),
            day_loss_max: "100".parse().unwrap(),
            leverage_max: domain::market::Leverage::ONE,
        },
        balances: BTreeMap::new(),
        balance_at: town.now.get(),
        balance_told_at: town.now.get(),
        filled_at: Timestamp::default(),
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups,
        exposure: "0".parse().unwrap(),
        day_loss: domain::account::DayLoss { day: 0, amount: "0".parse().unwrap() },
        halted: None,
        reducing: None,
        pass_slot: 0,
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        live: BTreeMap::new(),
        exits: BTreeMap::new(),
        cooldowns: BTreeMap::new(),
        venue_paused_until: None,
        limited: false,
        ruled: false,
        worth: Default::default(),
    };
    let id = account.id.clone();
    town.world.put_account(&account, MayEnter { enabled: true, validated: true });
    id
}

/// On record in each of its tables, and in the system log, from an address.
async fn act_from_somewhere(town: &Town, user: &UserId) {
    let seen = Audit { address: Some("192.0.2.7".to_owned()), ..on_record(town, user, "seen") };
    Identity(&town.world).put_on_record(&seen).await.unwrap();
    let note = Note {
        id: LogId::of(&[user.as_str()]),
        at: town.now.get(),
        level: Level::Warning,
        category: Category::Security,
        user: Some(user.clone()),
        message: "refused".to_owned(),
        details: BTreeMap::new(),
        address: Some("192.0.2.7".to_owned()),
    };
    Identity(&town.world).note(&note).await.unwrap();
    let told = Notice::new(user, Topic::NewLogin, town.now.get(), &["seen"], "A log-in".to_owned());
    Trading(&town.world).notify(&told).await.unwrap();
    Trading(&town.world).recall_origin(user, &origin(), town.now.get().plus(Millis::DAY)).await.unwrap();
}

fn origin() -> Sha {
    Sha::of_bytes(b"192.0.2.7")
}

/// What is left of somebody names nobody, comes in by nothing, and fits together.
async fn is_forgotten(town: &Town, who: &User, token: &Secret) {
    let (world, day) = (&town.world, town.now.get().day());
    assert_eq!(Identity(world).load_user(&who.id).await, Ok(None));
    let kept = format!("{:?}", Identity(world).load_removed(&who.id).await.unwrap().unwrap());
    assert!(!kept.contains(who.email.as_str()) && !kept.contains("Ann Lee"), "{kept}");
    assert_eq!(Identity(world).find_email(&who.email).await, Ok(None));
    for shelf in Shelf::ALL {
        let chain = Chain { shelf, day, user: who.id.clone() };
        let rows = Audits(world).rows(&chain, 0, 99).await.unwrap();
        assert!(shelf != Shelf::Identity || !rows.is_empty(), "it stays on record");
        assert!(rows.iter().all(|row| row.audit.address.is_none()), "{rows:?}");
        assert_eq!(flaws(&chain, Audits(world).head(&chain).await.unwrap().as_ref(), &rows), []);
    }
    assert!(Identity(world).notes_of(&who.id, day).await.unwrap().iter().all(|note| note.address.is_none()));
    assert_eq!(Trading(world).list_kept_accounts(&who.id).await.unwrap(), []);
    let page = PageRequest { limit: 99, cursor: None };
    let told = Trading(world).list_notices(&who.id, false, &page, town.now.get().plus(Millis::DAY)).await.unwrap();
    assert_eq!(told.items, []);
    let until = town.now.get().plus(Millis::DAY);
    assert_eq!(Trading(world).recall_origin(&who.id, &origin(), until).await, Ok(false), "nor from where they came");
    assert_eq!(town.let_in(token).await, None);
}

#[test]
fn one_changes_ones_name_and_wishes_and_with_the_password_ones_address() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        town.register("bob", None, Invited::By(&admin)).await.unwrap();
        let inside = town.enter("ann", GOOD).await;
        let name = || Some("Ann Lee".parse().ok());
        let preferences = || Some(r#"{"theme":"dark"}"#.parse().unwrap());
        let told = Wished { name: name(), preferences: preferences(), ..Wished::default() };
        let after = change(&town, &inside, told).await.unwrap();
        assert_eq!((after.version, after.profile.name.clone(), after.role.clone()), (2, name().unwrap(), ann.role));
        let again = Wished { name: name(), ..Wished::default() };
        assert_eq!(change(&town, &inside, again).await.unwrap().version, 2, "nothing was changed");
        let none = Wished { name: Some(None), ..Wished::default() };
        assert_eq!(change(&town, &inside, none).await.unwrap().profile.name, None);

        let moved = |text: Option<&str>, email: &str| Wished {
            email: Some(email.parse().unwrap()),
            password: text.map(password),
            ..Wished::default()
        };
        for text in [None, Some("Wrong123")] {
            let refusal = refused(change(&town, &inside, moved(text, "ann@example.org")).await);
            assert_eq!(refusal, IdentityError::WrongCredentials);
        }
        let taken = change(&town, &inside, moved(Some(GOOD), "BOB@example.com")).await;
        assert_eq!(refused(taken), IdentityError::DuplicateEmail);
        let named = Wished { username: "Bob".parse().ok(), ..Wished::default() };
        assert_eq!(refused(change(&town, &inside, named).await), IdentityError::DuplicateUsername);
        assert!(change(&town, &inside, moved(Some(GOOD), "Ann@example.com")).await.is_ok(), "in other letters");
        change(&town, &inside, moved(Some(GOOD), "new@example.com")).await.unwrap();
        assert_eq!(refused(town.log_in("ann", GOOD, "x").await), IdentityError::WrongCredentials);
        assert!(town.log_in("new", GOOD, "x").await.is_ok());
    });
}

/// Else whoever reads the mailbox of before comes in for another half hour.
#[test]
fn a_reset_that_was_sent_to_the_address_before_is_worth_nothing() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let inside = town.enter("ann", GOOD).await;
        town.pass(1);
        let reset = app::ports::Reset {
            hash: Secret::new("mqr_old".to_owned()).hash(),
            user: ann.id.clone(),
            password_at: ann.password_at,
            expires_at: town.now.get().plus(Millis::seconds(1_800)),
        };
        let seen = town.user(&ann.id).await;
        let record = on_record(&town, &ann.id, "reset");
        assert_eq!(Identity(&town.world).keep_reset(&reset, &seen, seen.version, &record).await, Ok(true));
        let email = Some("new@example.com".parse().unwrap());
        change(&town, &inside, Wished { email, password: Some(password(GOOD)), ..Wished::default() }).await.unwrap();
        let used = town
            .run(async |run| {
                let (token, new) = (Secret::new("mqr_old".to_owned()), password("N3wpass!"));
                identity::reset_password(&town.world, &town.proofs, &token, &new, &from("x"), run).await
            })
            .await;
        assert_eq!(refused(used), IdentityError::WrongReset);
    });
}

#[test]
fn all_that_is_kept_of_somebody_is_gathered() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", Some(Role::Trader), Invited::By(&admin)).await.unwrap();
        let before = town.enter("ann", GOOD).await;
        give_account(&town, &ann.id, 1);
        give_tokens(&town, &ann.id).await;
        act_from_somewhere(&town, &ann.id).await;
        town.pass(86_400);
        let inside = town.enter("ann", GOOD).await;
        act_from_somewhere(&town, &admin.user).await;
        for user in [&ann.id, &admin.user] {
            let document = Document::parse(r#"{"base_order": {"quote": "50"}}"#).unwrap();
            let name = "mine".parse().unwrap();
            town.run(async |run| presets::put(&town.world, &name, &document, None, run.act(user)).await).await.unwrap();
            let notice = Notice::new(user, Topic::Parked, town.now.get(), &["x"], "for a test".to_owned());
            Trading(&town.world).notify(&notice).await.unwrap();
        }
        let kept = town.run(async |run| personal(&town.world, &ann.id, run).await).await.unwrap();
        assert_eq!((kept.user.email.as_str(), kept.last_seen), ("ann@example.com", Some(town.now.get())));
        // The first has expired, and may still be refreshed.
        let logins: Vec<_> = kept.logins.iter().map(|login| Some(&login.id)).collect();
        assert_eq!(logins, [before.login.as_ref(), inside.login.as_ref()]);
        assert_eq!((kept.accounts.len(), kept.tokens.len(), kept.factor), (1, 1, None));
        let actions: Vec<_> = kept.changes.iter().map(|(_, link)| &*link.audit.action).collect();
        assert_eq!(actions.first(), Some(&"log in"), "newest first: {actions:?}");
        assert!(actions.contains(&"test") && !kept.more_changes, "{actions:?}");
        assert_eq!(kept.notes.len(), 1, "and nobody else's");
        assert_eq!(kept.presets.iter().map(|preset| &preset.user).collect::<Vec<_>>(), [&ann.id]);
        let told = kept.notices.iter().filter(|kept| kept.notice.topic == Topic::Parked);
        assert_eq!((told.count(), kept.more_notices), (1, false));
        assert!(accounts::shown(&kept.accounts[0], town.now.get()).enabled);
    });
}

#[test]
fn who_is_erased_is_nobody_any_more_and_what_they_did_stays() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let bob = town.register("bob", None, Invited::By(&admin)).await.unwrap();
        let inside = town.log_in("ann", GOOD, "a").await.unwrap();
        let herself = town.let_in(&inside.token).await.unwrap();
        change(&town, &herself, Wished { name: Some("Ann Lee".parse().ok()), ..Wished::default() }).await.unwrap();
        give_account(&town, &ann.id, 0);
        give_tokens(&town, &ann.id).await;
        act_from_somewhere(&town, &ann.id).await;
        for text in [None, Some("Wrong123")] {
            assert_eq!(refused(erase(&town, &herself, &ann.id, text).await), IdentityError::WrongCredentials);
        }
        assert_eq!(refused(erase(&town, &herself, &bob.id, Some(GOOD)).await), IdentityError::NoUser);
        assert_eq!(refused(erase(&town, &admin, &admin.user, Some(GOOD)).await), IdentityError::LastAdmin);
        assert_eq!(
            Trading(&town.world).list_kept_accounts(&ann.id).await.unwrap().len(),
            1,
            "a refusal changes nothing"
        );
        erase(&town, &herself, &ann.id, Some(GOOD)).await.unwrap();
        is_forgotten(&town, &ann, &inside.token).await;
        assert_eq!(refused(town.log_in("ann", GOOD, "a").await), IdentityError::WrongCredentials);
        let tokens = Trading(&town.world).list_tokens(&ann.id).await.unwrap();
        assert!(tokens.iter().all(|kept| kept.revoked_at.is_some() || !kept.token.is_live(town.now.get())));

        // Whoever was removed before, as well; and once more.
        town.run(async |run| identity::remove(&town.world, &admin, &bob.id, None, run).await).await.unwrap();
        for _ in 0..2 {
            erase(&town, &admin, &bob.id, None).await.unwrap();
        }
        let kept = format!("{:?}", Identity(&town.world).load_removed(&bob.id).await.unwrap().unwrap());
        assert!(!kept.contains("bob@"), "{kept}");
        assert_eq!(refused(erase(&town, &admin, &UserId::of(&["nobody"]), None).await), IdentityError::NoUser);
    });
}

#[test]
fn nobody_is_erased_while_a_position_of_theirs_is_open() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let herself = town.enter("ann", GOOD).await;
        give_account(&town, &ann.id, 2);
        give_tokens(&town, &ann.id).await;
        for by in [&admin, &herself] {
            assert_eq!(refused(erase(&town, by, &ann.id, Some(GOOD)).await), IdentityError::GroupsOpen(2));
        }
        assert_eq!(town.user(&ann.id).await.email.as_str(), "ann@example.com");
        assert!(Trading(&town.world).list_tokens(&ann.id).await.unwrap().iter().all(|kept| kept.revoked_at.is_none()));
    });
}

/// Wherever it stops, the same request sent again comes to the end: by whoever is erased, while they have their session.
#[test]
fn an_erasure_that_stopped_is_gone_on_with() {
    check(async |town| {
        let admin = town.admin().await;
        for polls in 1_u32.. {
            let name = format!("ann{polls}");
            let ann = town.register(&name, None, Invited::By(&admin)).await.unwrap();
            let inside = town.log_in(&name, GOOD, "a").await.unwrap();
            let herself = town.let_in(&inside.token).await.unwrap();
            give_account(&town, &ann.id, 0);
            give_tokens(&town, &ann.id).await;
            act_from_somewhere(&town, &ann.id).await;
            let done = cut_off(Box::pin(erase(&town, &herself, &ann.id, Some(GOOD))), polls).await;
            let is_whole = done.is_some();
            if !is_whole {
                let by = if town.let_in(&inside.token).await.is_some() { &herself } else { &admin };
                erase(&town, by, &ann.id, Some(GOOD)).await.unwrap();
            }
            is_forgotten(&town, &ann, &inside.token).await;
            if is_whole {
                assert!(polls > 10, "it was cut off nowhere");
                return;
            }
        }
    });
}

/// Whoever is erased opens another account in the same moment, wherever the erasure is in its work.
#[test]
fn no_account_outlives_the_erasure_of_whoever_opens_it_meanwhile() {
    check(async |town| {
        let admin = town.admin().await;
        for step in 0_u32.. {
            let (by_herself, polls) = (step % 2 == 0, step / 2);
            let name = format!("ann{step}");
            let ann = town.register(&name, None, Invited::By(&admin)).await.unwrap();
            let inside = town.log_in(&name, GOOD, "a").await.unwrap();
            let herself = town.let_in(&inside.token).await.unwrap();
            give_account(&town, &ann.id, 0);
            give_tokens(&town, &ann.id).await;
            act_from_somewhere(&town, &ann.id).await;
            let by = if by_herself { &herself } else { &admin };
            let mut erasing = pin!(erase(&town, by, &ann.id, Some(GOOD)));
            let begun = cut_off(erasing.as_mut(), polls).await;
            let is_whole = begun.is_some();
            if !is_whole {
                if town.let_in(&inside.token).await.is_some() {
                    give_labelled(&town, &ann.id, "other", 0);
                }
                erasing.await.unwrap();
            }
            is_forgotten(&town, &ann, &inside.token).await;
            if is_whole && !by_herself {
                assert!(polls > 10, "it was cut off nowhere");
                return;
            }
        }
    });
}

pub(super) async fn stand(town: &Town, by: &Session, who: &UserId, active: bool) -> Result<User, IdentityError> {
    let standing = Standing { active: Some(active), ..Standing::default() };
    town.run(async |run| identity::stand(&town.world, by, who, standing, None, run).await).await
}

/// How their account is halted: whether it is, and whether they may lift it.
pub(super) async fn halted(town: &Town, account: &AccountId) -> (bool, bool) {
    let account = Trading(&town.world).load_account(account).await.unwrap().unwrap();
    (account.halted.is_some(), !account.is_kept_out())
}

#[test]
fn the_accounts_of_whoever_may_not_come_in_are_halted_at_once_and_stay_so_until_they_resume_them() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", Some(Role::Trader), Invited::By(&admin)).await.unwrap();
        let account = give_account(&town, &ann.id, 2);
        stand(&town, &admin, &ann.id, true).await.unwrap();
        assert_eq!(halted(&town, &account).await, (false, true), "a change that changes nothing halts nothing");
        stand(&town, &admin, &ann.id, false).await.unwrap();
        assert_eq!(halted(&town, &account).await, (true, false));
        let resume = async || {
            town.run(async |run| {
                let act = app::actor::Act { actor: Actor::Person, ..run.act(&ann.id) };
                app::trading::resume(&town.world, None, "mine", act).await.map(drop)
            })
            .await
        };
        assert_eq!(resume().await, Err(app::trading::ActError::KeptOut), "by a request that was under way");
        stand(&town, &admin, &ann.id, true).await.unwrap();
        assert_eq!(halted(&town, &account).await, (true, true), "nothing starts by itself");
        resume().await.unwrap();
        assert_eq!(halted(&town, &account).await, (false, true));
    });
}

#[test]
fn wherever_it_stops_the_same_again_keeps_somebody_out_with_all_their_accounts() {
    check(async |town| {
        let admin = town.admin().await;
        for polls in 1_u32.. {
            let ann = town.register(&format!("ann{polls}"), None, Invited::By(&admin)).await.unwrap();
            let account = give_account(&town, &ann.id, 1);
            let is_whole = cut_off(Box::pin(stand(&town, &admin, &ann.id, false)), polls).await.is_some();
            if !is_whole {
                stand(&town, &admin, &ann.id, false).await.unwrap();
            }
            assert_eq!(halted(&town, &account).await, (true, false), "{polls}");
            if is_whole {
                assert!(polls > 5, "it was cut off nowhere");
                return;
            }
        }
    });
}

#[test]
fn nobody_is_removed_while_a_position_of_theirs_is_open_and_whoever_is_enters_no_more() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let bob = town.register("bob", None, Invited::By(&admin)).await.unwrap();
        let (open, closed) = (give_account(&town, &ann.id, 2), give_account(&town, &bob.id, 0));
        let remove = async |who: &User| {
            town.run(async |run| identity::remove(&town.world, &admin, &who.id, None, run).await).await
        };
        assert_eq!(refused(remove(&ann).await), IdentityError::GroupsOpen(2));
        assert_eq!(halted(&town, &open).await, (false, true), "a refusal changes nothing");
        assert!(Identity(&town.world).load_user(&ann.id).await.unwrap().is_some());
        remove(&bob).await.unwrap();
        assert_eq!(halted(&town, &closed).await, (true, false));
    });
}

/// Else its key would be there for ever, and nobody would know of it.
#[test]
fn who_is_removed_leaves_no_account_not_even_one_that_was_opened_meanwhile() {
    check(async |town| {
        let admin = town.admin().await;
        let mut opened = 0;
        for polls in 0_u32.. {
            let name = format!("ann{polls}");
            let ann = town.register(&name, None, Invited::By(&admin)).await.unwrap();
            let inside = town.log_in(&name, GOOD, "a").await.unwrap();
            let account = give_account(&town, &ann.id, 0);
            let mut removing =
                pin!(town.run(async |run| identity::remove(&town.world, &admin, &ann.id, None, run).await));
            let is_whole = cut_off(removing.as_mut(), polls).await.is_some();
            if !is_whole {
                if town.let_in(&inside.token).await.is_some() {
                    give_labelled(&town, &ann.id, "other", 0);
                    opened += 1;
                }
                removing.await.unwrap();
            }
            assert_eq!(Trading(&town.world).list_kept_accounts(&ann.id).await.unwrap(), [], "{polls}");
            let standing = Vault(&town.world).load_standing(&account).await.unwrap().unwrap();
            assert!(!standing.enabled && !standing.validated, "{polls}");
            if is_whole {
                assert!(opened > 2, "{opened} were opened meanwhile");
                return;
            }
        }
    });
}

/// An alert that waited opens one in the same moment, wherever the removal is in its work.
#[test]
fn whoever_has_a_position_opened_meanwhile_is_kept_out_and_not_removed() {
    check(async |town| {
        let admin = town.admin().await;
        let mut kept = 0;
        for polls in 0_u32.. {
            let ann = town.register(&format!("ann{polls}"), None, Invited::By(&admin)).await.unwrap();
            let account = give_account(&town, &ann.id, 0);
            let remove =
                async || town.run(async |run| identity::remove(&town.world, &admin, &ann.id, None, run).await).await;
            let mut removing = pin!(remove());
            let begun = cut_off(removing.as_mut(), polls).await;
            let is_whole = begun.is_some();
            // As an entry does, which asks for the halt in its commit.
            if !halted(&town, &account).await.0 {
                give_account(&town, &ann.id, 1);
            }
            let removed = if let Some(done) = begun { done } else { removing.await };
            let open = Trading(&town.world).load_account(&account).await.unwrap().unwrap().open_groups;
            let known = Identity(&town.world).load_user(&ann.id).await.unwrap();
            match removed {
                Ok(()) => assert_eq!((open, known), (0, None), "{polls}"),
                Err(refusal) => {
                    assert_eq!(open, 1, "{polls}: {refusal}");
                    let is_active = known.unwrap().active;
                    let said = if is_active { IdentityError::GroupsOpen(1) } else { IdentityError::GroupsOpenStill(1) };
                    assert_eq!(refusal, said, "{polls}");
                    assert_eq!(halted(&town, &account).await, (!is_active, is_active), "{polls}");
                    kept += u32::from(!is_active);
                    // Once it is closed, as whoever keeps them out may.
                    give_account(&town, &ann.id, 0);
                    remove().await.unwrap();
                }
            }
            assert_eq!(halted(&town, &account).await, (true, false), "{polls}");
            if is_whole {
                assert!(kept > 2 && polls > 10, "{kept} were kept out in {polls}");
                return;
            }
        }
    });
}

pub(super) async fn make_token(town: &Town, by: &Session) -> Result<Token, TokenError> {
    let (account, exchange, grant, expires_at) = (None, None, Grant::default(), None);
    let wanted = Wanted { label: "chart".to_owned(), account, exchange, grant, expires_at };
    let secret = Secret::new(format!("whk_{}", by.user));
    town.run(async |run| {
        let by = InPerson { act: run.act(&by.user), login: by.login.as_ref().unwrap() };
        tokens::create(&town.world, wanted, &secret, by).await
    })
    .await
}

pub(super) async fn live_tokens(town: &Town, user: &UserId) -> usize {
    let tokens = Trading(&town.world).list_tokens(user).await.unwrap();
    tokens.iter().filter(|kept| kept.revoked_at.is_none() && kept.token.is_live(town.now.get())).count()
}

/// Whoever is inside makes one in the same moment in which they are kept out, each being anywhere in their work.
#[test]
fn no_webhook_token_outlives_the_standing_of_whoever_makes_it_meanwhile() {
    check(async |town| {
        let admin = town.admin().await;
        let (mut made, mut refused) = (0, 0);
        for step in 0_u32.. {
            let (making_first, polls) = (step % 2 == 0, step / 2);
            let name = format!("ann{step}");
            let ann = town.register(&name, Some(Role::Trader), Invited::By(&admin)).await.unwrap();
            let herself = town.enter(&name, GOOD).await;
            let (mut making, mut leaving) =
                (pin!(make_token(&town, &herself)), pin!(stand(&town, &admin, &ann.id, false)));
            let (token, is_over) = if making_first {
                let begun = cut_off(making.as_mut(), polls).await;
                leaving.await.unwrap();
                let is_over = begun.is_some();
                (if let Some(done) = begun { done } else { making.await }, is_over)
            } else {
                let begun = cut_off(leaving.as_mut(), polls).await;
                let token = making.await;
                let is_over = begun.is_some();
                if !is_over {
                    leaving.await.unwrap();
                }
                (token, is_over)
            };
            made += u32::from(token.is_ok());
            refused += u32::from(token.is_err());
            assert_eq!(live_tokens(&town, &ann.id).await, 0, "step {step}: {token:?}");
            if is_over && !making_first {
                assert!(made > 2 && refused > 2, "{made} made, {refused} refused");
                return;
            }
        }
    });
}

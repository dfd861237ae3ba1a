//! Whoever is outside: TradingView, which sends again after 5xx, and the user, who tries until it has worked.

use crate::functions::{Answer, receive};
use crate::{Deployment, Trades, parked, presets, seed};
use app::accounts::ChangedLimits;
use app::actor::Act;
use app::bots::Reach;
use app::identity::{self, Run};
use app::ports::{PaperOrder, Session};
use app::recover::{self, ConfirmError, Word};
use app::trading::{ActError, By, PlaceError, Whose};
use domain::audit::Actor;
use domain::clock::Millis;
use domain::identity::Permission;
use domain::ids::{GroupId, SessionId, Sha, UserId};
use domain::order::{Fill, Order, Resolution, Status};
use domain::reconciliation::{Difference, Repair};
use wire::by_hand::AskedOrder;

const SENDS_MAX: u32 = 4;
const SENDS_EVERY: Millis = Millis::seconds(5);
const API_TIMEOUT: Millis = Millis::seconds(25);
const TRIES_EVERY: Millis = Millis::seconds(2);
/// A recovery takes its time.
const LOOKS_EVERY: Millis = Millis::seconds(25);

/// What a user asks of the API.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wish {
    Halt,
    /// Sells everything, by a code that was shown.
    Flatten,
    Reduce,
    /// Places this order by hand; `@open` in it is what is open, the oldest first.
    Place(&'static str),
    Resume,
    /// An admin keeps the user out.
    Engine,
    /// Whoever keeps the user out closes what they left.
    CloseKeptOut,
    CloseAll,
    /// Accepts every repair that is proposed and can be.
    Reconcile,
    /// Has the account looked at.
    Look,
    /// Gives it other limits.
    Limit(ChangedLimits),
    CancelAll,
    /// Keeps a preset under this name.
    Preset(&'static str, &'static str),
    /// Takes the preset of this name away.
    NoPreset(&'static str),
    /// Gives whatever is open other exits.
    Exits(&'static str),
    /// Looks at the venue, and says of every order in doubt that it is not there where it is not.
    ResolveAll,
    /// Says of every order in doubt that all of it was filled at this price.
    DeclareAll(&'static str),
    /// Carries out again whatever is parked.
    RetryParked,
    DropParked,
    StartBot(Trades),
    StartAgain,
    StopBot(Reach),
    /// Switches the strategy of the bot off, or on again.
    Switch(bool),
    /// Has a restored table looked at, sees the difference, and says that it may go on.
    Recover,
}

impl Wish {
    /// How long a person waits before trying again.
    fn pause(self) -> Millis {
        if matches!(self, Self::Recover) { LOOKS_EVERY } else { TRIES_EVERY }
    }
}

impl Deployment {
    /// TradingView posts an alert: up to four times, five seconds apart.
    pub fn post(&self, body: &str) {
        self.send(body.to_owned(), 1);
    }

    fn send(&self, body: String, number: u32) {
        let deployment = self.clone();
        receive(self, body.clone(), move |answer| match answer {
            Answer::Kept(id) => deployment.answer(id),
            Answer::Refused => {}
            Answer::Failed if number == SENDS_MAX => {
                deployment.world().sim().note(|| "TradingView gives up".to_owned());
            }
            Answer::Failed => {
                let again = deployment.now().plus(SENDS_EVERY);
                let sim = deployment.world().sim().clone();
                sim.at(again, move || deployment.send(body, number + 1));
            }
        });
    }

    pub(crate) fn ask(&self, wish: Wish) {
        let (asked, deployment) = (self.clone(), self.clone());
        let future = async move { asked.act(wish).await };
        self.invoke("api", API_TIMEOUT, future, move |outcome| {
            if !matches!(outcome, Some(Ok(()))) {
                let again = deployment.now().plus(wish.pause());
                let sim = deployment.world().sim().clone();
                sim.at(again, move || deployment.ask(wish));
            }
        });
    }

    async fn act(&self, wish: Wish) -> Result<(), ActError> {
        let (user, attempt, now) = (seed::user(), self.attempt(), self.now());
        let (act, world) =
            (Act { user: &user, attempt: &attempt, now, address: None, actor: Actor::Key }, self.world());
        match wish {
            Wish::Reduce => app::trading::reduce(world, None, ("a test says so", None), act).await.map(drop),
            Wish::Halt => app::trading::halt(world, None, "a test says so", act).await.map(drop),
            Wish::Flatten => {
                let act = Act { actor: Actor::Person, ..act };
                let session = Session::new(user.clone(), Vec::new(), Some(SessionId::of(&["flatten"])));
                let code = app::trading::show_flatten(world, Whose::Own(None), &session, act).await?.code;
                let by = (&*code, &session);
                let done = app::trading::flatten(world, Whose::Own(None), by, "a test says so", act).await?;
                // A person goes on with what there was no time for.
                if done.left == 0 { Ok(()) } else { Err(ActError::Contended) }
            }
            Wish::Place(order) => self.place(order, Act { actor: Actor::Person, ..act }).await,
            Wish::Resume => match app::trading::resume(world, None, "a test says so", act).await {
                Ok(_) | Err(ActError::KeptOut | ActError::HaltedMeanwhile | ActError::HaltedInPerson) => Ok(()),
                Err(error) => Err(error),
            },
            Wish::Engine => {
                let out = seed::person_kept_out();
                world.put_user(&out);
                let run = Run { attempt: &attempt, now, address: None, actor: Actor::Person };
                let marked = identity::mark_accounts(world, &out, &admin(), run).await;
                marked.map(drop).map_err(|_| ActError::Contended)
            }
            Wish::CloseKeptOut => {
                let by = admin();
                let may = Permission::ALL.map(|may| may.as_str().to_owned()).to_vec();
                let (session, act) = (Session::new(by.clone(), may, None), Act { user: &by, ..act });
                app::trading::close_kept_out(world, &user, "a test says so", &session, act).await.map(drop)
            }
            Wish::RetryParked => parked::retry_all(self, act).await,
            Wish::DropParked => parked::drop_all(self, act).await,
            Wish::Recover => self.recover(Act { actor: Actor::Person, ..act }).await,
            Wish::StartBot(trades) => self.start_bot(trades, act).await,
            Wish::StartAgain => self.start_again(act).await,
            Wish::StopBot(reach) => self.stop_bot(reach, act).await,
            Wish::Switch(enabled) => self.switch_strategy(enabled, Act { actor: Actor::Person, ..act }).await,
            Wish::ResolveAll => self.resolve_all(act).await,
            Wish::DeclareAll(price) => self.declare_all(price, act).await,
            Wish::Preset(name, document) => presets::keep(world, name, document, act).await,
            Wish::NoPreset(name) => presets::take_away(world, name, act).await,
            Wish::Exits(exits) => presets::change_exits(self, exits, act).await,
            Wish::Reconcile => self.reconcile(act).await,
            Wish::Look => app::trading::look_now(world, &seed::account(), act).await.map(drop),
            Wish::Limit(limits) => {
                let limited = app::accounts::limit(world, &seed::account(), limits, None, act).await;
                limited.map(drop).map_err(|_| ActError::Contended)
            }
            Wish::CloseAll | Wish::CancelAll => self.act_on_all(wish, act).await,
        }
    }

    /// What is refused is not tried again.
    async fn place(&self, order: &str, act: Act<'_>) -> Result<(), ActError> {
        let world = self.world();
        let open = {
            let table = world.table();
            let open = table.groups().filter(|group| !group.is_settled()).min_by_key(|group| group.opened_at);
            open.map(|group| group.id.to_string())
        };
        // Without anything open, a position that is none of the user's.
        let named = open.unwrap_or_else(|| GroupId::of(&["another"]).to_string());
        let text = order.replace("@open", &named);
        let asked = AskedOrder::parse(&text).expect("an order of the test's own");
        let key = Sha::of_parts(&["a key", order]);
        match app::trading::place(world, &asked, (&key, "trace"), By { may_order: true, key: None, bounds: None }, act)
            .await
        {
            Ok(placed) => {
                self.answer(placed.delivery.at.id);
                Ok(())
            }
            Err(PlaceError::Act(error @ (ActError::Contended | ActError::Store(_)))) => Err(error),
            Err(_) => Ok(()),
        }
    }

    async fn recover(&self, act: Act<'_>) -> Result<(), ActError> {
        let (world, word) = (self.world(), Word { reason: "a test says so".to_owned(), ..Word::default() });
        match recover::confirm(world, &word, act).await {
            Ok(_) => Ok(()),
            Err(ConfirmError::NotReady(_) | ConfirmError::NotWaiting(_)) => {
                recover::start(world, act).await?;
                Err(ActError::Contended)
            }
            Err(ConfirmError::Contended) => Err(ActError::Contended),
            Err(ConfirmError::NotInPerson) => Err(ActError::NotInPerson("has no table acted upon")),
            Err(ConfirmError::Store(error)) => Err(error.into()),
        }
    }

    async fn reconcile(&self, act: Act<'_>) -> Result<(), ActError> {
        let world = self.world();
        for compared in app::trading::reconciliation(world, act.user, None).await? {
            let repaired = |found: &&Difference| found.repair(act.now) == Repair::CloseOverMissing;
            for found in compared.differences.iter().filter(repaired) {
                let proposal = found.proposal(&compared.account, act.now);
                match app::trading::accept(world, &compared.account.id, &proposal, "sold by hand", act).await {
                    Ok(_) | Err(ActError::NoProposal | ActError::AlreadyClosed) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    async fn declare_all(&self, price: &str, act: Act<'_>) -> Result<(), ActError> {
        let orders: Vec<Order> = self.world().table().positions().flat_map(|position| position.orders).collect();
        for order in orders.into_iter().filter(|order| order.status == Status::Unknown) {
            let price = price.parse().expect("a price of the test's own");
            let filled = Resolution::Filled(Fill { price, quantity: order.quantity, fee: None, at: act.now });
            app::trading::resolve(self.world(), &order.id, &filled, "a test says so", act).await?;
        }
        Ok(())
    }

    async fn resolve_all(&self, act: Act<'_>) -> Result<(), ActError> {
        let (world, account) = (self.world(), seed::account());
        let orders: Vec<Order> = world.table().positions().flat_map(|position| position.orders).collect();
        for order in orders.into_iter().filter(|order| order.status == Status::Unknown || order.status.is_resting()) {
            let was_accepted = order.status.is_resting();
            let is_there = |known: &PaperOrder| {
                let is_over = was_accepted && known.status.is_final() && known.trades.is_empty();
                order.half_of(&known.client_id).is_some() && !is_over
            };
            if world.table().paper_orders(&account).any(is_there) {
                continue;
            }
            let looked = "not in the list of orders";
            let said = if was_accepted { Resolution::Cancelled(act.now) } else { Resolution::NotPlaced };
            match app::trading::resolve(world, &order.id, &said, looked, act).await {
                Ok(_) | Err(ActError::NotInDoubt(_) | ActError::TooEarly | ActError::OtherOutcome(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn act_on_all(&self, wish: Wish, act: Act<'_>) -> Result<(), ActError> {
        let world = self.world();
        let open: Vec<_> =
            world.table().groups().filter(|group| !group.is_settled()).map(|group| group.id.clone()).collect();
        for group in open {
            let acted = match wish {
                Wish::CancelAll => app::trading::cancel_pending(world, &group, act).await,
                _ => app::trading::close(world, &group, act).await,
            };
            match acted {
                Ok(_) | Err(ActError::AlreadyClosed) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn admin() -> UserId {
    UserId::of(&["admin"])
}

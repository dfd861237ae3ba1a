//! What the demo moves behind the product's back, with the emulator's administrator: prices and faults. The product has
//! no route for either.

use std::fs;
use std::future::Future;
use std::time::{SystemTime, UNIX_EPOCH};

use app::ports::{Book, Fault, FaultKind, PaperBook, StoreError};
use aws::Aws;
use domain::clock::Timestamp;
use domain::identity::{Email, Role};
use domain::ids::{AccountId, ClientOrderId, UserId};
use domain::market::Asset;
use domain::money::Amount;
use tokio::runtime::{Builder, Runtime};

use crate::failure::{Failure, Result, While};
use crate::person::{self, Person};
use crate::place::Place;
use crate::seed::{self, Seeded};
use crate::stack::Stack;

/// The tables of a stack, and the paper account in them.
pub(crate) struct Stage {
    runtime: Runtime,
    aws: Aws,
    account: AccountId,
    series: String,
}

impl Stage {
    pub(crate) fn enter(place: &Place, stack: &Stack, seeded: &Seeded) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().while_doing("starting a runtime")?;
        let aws = runtime.block_on(seed::connect(stack))?;
        let series = fs::read_to_string(place.prices()).while_doing("reading the recorded prices")?;
        let user = UserId::parse(&seeded.user_id).while_doing("reading the saved user id")?;
        Ok(Self { runtime, aws, account: seed::account(&user), series })
    }

    /// A new trader with this password: the demo asks its user for none of theirs.
    pub(crate) fn make_person(&self, password: &str) -> Result<Email> {
        let unique = seed::random()?;
        let name: String = unique.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let email: Email = format!("demo-{name}@example.com").parse().while_doing("making an address")?;
        let person = Person {
            id: UserId::of(&["demo", &unique]),
            email: email.clone(),
            username: format!("demo{name}").to_lowercase().parse().while_doing("making a name")?,
            password: person::hash(password).while_doing("hashing a password")?,
            role: Role::Trader,
            reason: "for the demo",
        };
        self.wait(person.make(&self.aws, now()), "making a person")?;
        Ok(email)
    }

    pub(crate) fn now(&self) -> i64 {
        now().millis()
    }

    /// Prices from the first bar of the recorded series, `speed` times as fast as they were.
    pub(crate) fn rewind(&self, speed: u32) -> Result<()> {
        let replay = seed::replay(&self.series, speed, now())?;
        self.wait(self.aws.write_replay(&seed::market()?, &replay), "rewinding the recorded prices")
    }

    /// From now on the price goes this way, in thousandths of the first recorded one, and stays at its end.
    pub(crate) fn price_goes(&self, way: &[u32]) -> Result<()> {
        let replay = seed::way(&self.series, way, now())?;
        self.wait(self.aws.write_replay(&seed::market()?, &replay), "moving the price")
    }

    /// The process that sends the next order ends right after the venue has accepted it.
    pub(crate) fn kill_after_next_accept(&self) -> Result<()> {
        let fault = Some(Fault { kind: FaultKind::Abort, times: 1 });
        while !self.wait(self.aws.save_book(&Book { fault, ..self.book()? }, &[]), "writing the fault")? {}
        Ok(())
    }

    pub(crate) fn fault_has_happened(&self) -> Result<bool> {
        Ok(self.book()?.fault.is_none_or(|fault| fault.times == 0))
    }

    /// How many orders the venue has ever had under these ids.
    pub(crate) fn orders_at_venue(&self, ids: &[String]) -> Result<usize> {
        let find = |id: &String| {
            let id = ClientOrderId::from_stored(id);
            self.wait(self.aws.find_paper_orders(&self.account, &id), "reading the paper venue")
                .map(|orders| orders.len())
        };
        ids.iter().map(find).sum()
    }

    /// What the account has of an asset at the venue, free and locked.
    pub(crate) fn held(&self, asset: &str) -> Result<Amount> {
        let asset: Asset = asset.parse().while_doing("reading an asset")?;
        let balance = self.book()?.balances.get(&asset).copied();
        let held = balance.map(|balance| balance.free.plus(balance.locked));
        held.transpose().while_doing("adding a balance").map(Option::unwrap_or_default)
    }

    fn book(&self) -> Result<Book> {
        let book = self.wait(self.aws.load_book(&self.account), "reading the paper venue")?;
        book.ok_or_else(|| Failure::new("the paper account has no book").next("cargo xtask reset"))
    }

    fn wait<T>(&self, call: impl Future<Output = std::result::Result<T, StoreError>>, what: &str) -> Result<T> {
        self.runtime.block_on(call).while_doing(what)
    }
}

#[allow(clippy::disallowed_methods, reason = "a command line is an edge")]
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

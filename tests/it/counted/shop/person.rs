//! What a logged-in person asks for, counted as it is carried out.

use super::{Counted, Person, Shop};
use crate::support::unique::{now, unique};
use app::actor::Act;
use app::risk;
use app::trading::{self, By, Whose, portfolio};
use domain::audit::Actor;
use domain::ids::{AttemptId, SessionId, Sha};
use domain::market::Asset;
use serde_json::json;
use store::identity::Session;
use wire::by_hand::AskedOrder;

impl Shop {
    /// The set of rules that is recommended.
    pub(crate) async fn recommended(&self, person: &Person) {
        let attempt = AttemptId::new(unique());
        risk::recommend(&self.direct, &Asset::usdt(), person.act(&attempt)).await.unwrap();
    }

    /// Keeps an order by hand, in the place of the alert that a signal would be of.
    pub(crate) async fn place(&self, person: &Person) -> Counted {
        let (attempt, key) = (AttemptId::new(unique()), Sha::of_parts(&[&unique()]));
        let asked = json!({
            "account": person.seeded.account.to_string(), "symbol": "BTC/USDT", "side": "buy", "type": "market",
            "quote": "100",
        });
        let asked = AskedOrder::parse(&asked.to_string()).unwrap();
        let by = By { may_order: true, key: None, bounds: None };
        self.begin().await;
        trading::place(&self.counted, &asked, (&key, ""), by, person.act(&attempt)).await.unwrap();
        self.meter.end()
    }

    /// Account, positions and money, valued.
    pub(crate) async fn portfolio(&self, person: &Person) -> Counted {
        self.begin().await;
        let seen = portfolio::portfolio(&self.counted, &person.user, &Asset::usdt(), now()).await.unwrap();
        assert_eq!(seen.accounts.len(), 1);
        self.meter.end()
    }

    /// Shows what is open and closes all of it.
    pub(crate) async fn flatten(&self, person: &Person) -> Counted {
        let (first, second) = (AttemptId::new(unique()), AttemptId::new(unique()));
        let log_in = SessionId::of(&["counted", person.user.as_str()]);
        let session = Session::new(person.user.clone(), Vec::new(), Some(log_in));
        let (whose, counted) = (Whose::Own(None), &self.counted);
        self.begin().await;
        let shown = trading::show_flatten(counted, whose, &session, person.act(&first)).await.unwrap();
        let code = (shown.code.as_str(), &session);
        let sold = trading::flatten(counted, whose, code, "counted", person.act(&second)).await.unwrap();
        let counted = self.meter.end();
        assert_eq!((shown.positions.len(), sold.closing.len(), sold.left), (1, 1, 0));
        counted
    }
}

impl Person {
    fn act<'a>(&'a self, attempt: &'a AttemptId) -> Act<'a> {
        Act { user: &self.user, attempt, now: now(), address: None, actor: Actor::Person }
    }
}

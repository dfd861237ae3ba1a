//! What is told to a person: one line in their inbox.
//!
//! A notice is named by what it tells of and when that was, so that telling it twice tells it once. One whose time is to come
//! is not shown before.

use crate::clock::Timestamp;
use crate::ids::{NoticeId, UserId};
use crate::words::words;
use std::fmt;

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// One's role was changed.
    RoleChanged,
    /// Somebody has logged in from an address that was not seen before.
    NewLogin,
    /// A key of a program ends within a week.
    ApiKeyEnding,
    /// A key of a program or a webhook token was made, or has another secret; an account has another key, may enter, or may
    /// hold more.
    AccessMade,
    /// The password was chosen anew by whoever had a token for it.
    PasswordReset,
    /// The password was chosen anew by whoever knew the old one.
    PasswordChanged,
    /// A refresh token was used a second time, and its session was ended.
    RefreshReused,
    /// An account's key has failed: it enters no more, or what is open there is left without a key.
    AccountDisabled,
    /// A venue has asked to be left alone for a while: nothing is sent there before.
    VenuePaused,
    /// Something waits that nobody could carry out.
    Parked,
    /// A program has stopped a bot where there is money.
    BotStopped,
    /// A bot hears candles and cannot decide on them.
    BotFailing,
    /// An alert that says exit closed nothing, or the exchange has refused what was to be sold.
    ExitNotFollowed,
    /// An exchange has refused a stop: it is kept by looks at the price alone.
    StopNotPlaced,
    /// An exchange did not show an entry whose outcome was unknown: it is not entered again.
    EntryNotPlaced,
    /// An exchange does not show an order that it had accepted.
    OrderNotShown,
    /// A position has ended, and coins that it has bought are held on.
    CoinsLeft,
    /// An order of a position had ended and rests at the exchange after all: it is cancelled.
    OrderSurplusCancelled,
    /// A risk rule that notifies and does not refuse was broken by an entry.
    RiskRule,
}

/// One line of an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub id: NoticeId,
    pub user: UserId,
    pub topic: Topic,
    /// Short, and without anything secret.
    pub text: String,
    /// Id of what the notification is about; none if it is about nothing that has an id.
    pub about: Option<String>,
    pub at: Timestamp,
}

impl Notice {
    /// Of what has come about at this time. `cause` tells it from others of its topic and time.
    pub fn new(user: &UserId, topic: Topic, at: Timestamp, cause: &[&str], text: String) -> Self {
        let id = NoticeId::at(at, &[&[user.as_str(), topic.as_str()], cause].concat());
        Self { id, user: user.clone(), topic, text, about: None, at }
    }

    #[must_use]
    pub fn about(self, id: &impl fmt::Display) -> Self {
        Self { about: Some(id.to_string()), ..self }
    }
}

impl Topic {
    /// Whether it may be read and not taken away: whoever was in for a moment would else hide what they have left.
    pub fn stays(self) -> bool {
        matches!(self, Self::AccessMade | Self::PasswordReset | Self::PasswordChanged | Self::RefreshReused)
    }
}

words! {
    Topic {
        RoleChanged = "role_changed",
        NewLogin = "new_login",
        ApiKeyEnding = "api_key_ending",
        AccessMade = "access_made",
        PasswordReset = "password_reset",
        PasswordChanged = "password_changed",
        RefreshReused = "refresh_reused",
        AccountDisabled = "account_disabled",
        VenuePaused = "venue_paused",
        Parked = "parked",
        BotStopped = "bot_stopped",
        BotFailing = "bot_failing",
        ExitNotFollowed = "exit_not_followed",
        StopNotPlaced = "stop_not_placed",
        EntryNotPlaced = "entry_not_placed",
        OrderNotShown = "order_not_shown",
        CoinsLeft = "coins_left",
        OrderSurplusCancelled = "order_surplus_cancelled",
        RiskRule = "risk_rule",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;

    #[test]
    fn the_same_thing_told_twice_is_one_notice_and_notices_sort_by_their_times() {
        let (ann, eve) = (UserId::of(&["ann"]), UserId::of(&["eve"]));
        let at = Timestamp::from_millis(1_763_628_660_000);
        let notice = |user: &UserId, topic, at, cause: &str| Notice::new(user, topic, at, &[cause], String::new()).id;
        let first = notice(&ann, Topic::NewLogin, at, "a");
        assert_eq!(first, notice(&ann, Topic::NewLogin, at, "a"));
        let later = at.plus(Millis::new(1));
        for other in [
            notice(&eve, Topic::NewLogin, at, "a"),
            notice(&ann, Topic::Parked, at, "a"),
            notice(&ann, Topic::NewLogin, at, "b"),
            notice(&ann, Topic::NewLogin, later, "a"),
        ] {
            assert_ne!(first, other);
        }
        assert!(first < notice(&ann, Topic::NewLogin, later, "a"));
        assert_eq!(first.time(), Some(at));
        assert_eq!(NoticeId::parse("ntf_nobody").unwrap().time(), None);
    }
}

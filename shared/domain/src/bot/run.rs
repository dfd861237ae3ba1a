//! Runs: a bot from its start to its stop.

use super::{Confidence, Deed, Terms};
use crate::clock::Timestamp;
use crate::ids::{BotId, DeliveryId, RunId, TokenId, UserId};
use crate::limits::{BOT_BEHIND_AFTER, BOT_DEAF_AFTER, LAG_DEFAULT};
use crate::market::Bar;
use crate::preset::PresetName;
use crate::words::words;

/// What a strategy says to one candle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// None is to hold.
    pub deed: Option<Deed>,
    pub confidence: Confidence,
    /// In words, with the numbers used.
    pub reason: String,
}

/// What was last said, and to which candle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub opens_at: Timestamp,
    pub said: Said,
}

/// The end of a run, or of its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub at: Timestamp,
    pub by: UserId,
    /// Why, in its user's words.
    pub reason: String,
}

/// One run of a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub id: RunId,
    pub bot: BotId,
    pub user: UserId,
    /// From 1; each change counts.
    pub version: u64,
    pub terms: Terms,
    /// What its account was called at its start.
    pub label: String,
    /// Its signals are decided one after another with the alerts of its account.
    pub lane: String,
    pub started_at: Timestamp,
    /// It enters nothing more since then; what it has opened is still told when to leave.
    pub close_only: Option<Box<Ended>>,
    /// Since when it enters again, where it was close only.
    pub resumed_at: Option<Timestamp>,
    pub ended: Option<Ended>,
    /// Each candle that closed by then is decided on.
    pub decided_to: Timestamp,
    /// Candles that were decided on, and signals that were raised.
    pub candles: u64,
    pub signals: u64,
    pub last: Option<Word>,
    /// The candle of the newest signal.
    pub raised: Option<Timestamp>,
    /// Why it cannot decide, as long as it cannot by itself.
    pub failing: Option<String>,
}

/// What a run makes of one candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hears {
    Nothing,
    /// An entry of a candle that closed too long ago.
    Late(Deed),
    /// An entry that is less sure than the bot's terms ask for.
    Unsure(Deed),
    Signal(Deed),
}

/// What of a run is kept for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    Started,
    Signal,
    Late,
    Unsure,
    /// It could not decide: once, until it can again.
    Failed,
    /// It enters nothing more.
    CloseOnly,
    Stopped,
}

/// One line of a run's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    pub run: RunId,
    /// The version of the run that it came with.
    pub version: u64,
    pub at: Timestamp,
    pub kind: EntryKind,
    /// What was said, where a candle was heard.
    pub word: Option<Word>,
    /// In words, where that is all.
    pub detail: Option<String>,
    /// The signal's, where one was raised.
    pub delivery: Option<DeliveryId>,
}

impl Run {
    /// When its owner had it enter.
    pub fn enters_since(&self) -> Timestamp {
        self.resumed_at.unwrap_or(self.started_at)
    }

    /// One that had closed, and was told as a rule, before its owner had it enter is heard for its exit alone.
    fn may_enter_at(&self, bar: &Bar) -> bool {
        self.may_enter() && bar.closes_at > self.terms.series.interval.told_to(self.enters_since())
    }

    /// Up to when this run has decided for one that follows it with the same account on the same series, at most a candle after its end: at an
    /// exit of that time the other leaves. None where it leaves nothing to it.
    pub fn leaves_off_at(&self, terms: &Terms, now: Timestamp) -> Option<Timestamp> {
        let is_same = self.terms.account == terms.account && self.terms.series == terms.series;
        let is_recent = |ended: &Ended| now.since(ended.at) <= terms.series.interval.length();
        (is_same && self.ended.as_ref().is_some_and(is_recent)).then_some(self.decided_to)
    }

    /// The preset of its entries.
    pub fn preset(&self) -> PresetName {
        self.terms.preset.clone().unwrap_or_else(PresetName::standard)
    }

    /// Whether what it has said may still open something.
    pub fn may_enter(&self) -> bool {
        self.close_only.is_none() && self.ended.is_none()
    }

    /// Whether this candle is still to be decided on.
    pub fn is_new(&self, bar: &Bar) -> bool {
        self.ended.is_none() && bar.closes_at > self.decided_to
    }

    /// What its strategy says to the candle that is decided on next, where all that it says by now to those before is this: an exit that is
    /// found now to have been missed is said to that one. A strategy may see the past in another light: a candle was corrected since, or one
    /// came late.
    /// What it says to candles before `settled` is not believed: there it has not forgotten where it began to hear. Where it was missed its
    /// candle is named: it leaves nothing that was entered since.
    #[must_use]
    pub fn with_missed<'a>(&self, heard: &'a [(Bar, Said)], settled: Timestamp, said: Said) -> (Said, Option<&'a Bar>) {
        if said.deed.is_some() {
            return (said, None);
        }
        let is_own =
            |bar: &Bar| bar.closes_at > self.started_at && bar.closes_at <= self.decided_to && bar.opens_at >= settled;
        let is_missed = |(bar, said): &&(Bar, Said)| {
            said.deed == Some(Deed::Exit) && is_own(bar) && self.raised < Some(bar.opens_at)
        };
        match heard.iter().rev().find(is_missed) {
            None => (said, None),
            Some((bar, missed)) => {
                (Said { reason: format!("seen late: {}", missed.reason), ..missed.clone() }, Some(bar))
            }
        }
    }

    /// What it makes of a candle that is new.
    pub fn hears(&self, bar: &Bar, said: &Said, now: Timestamp) -> Hears {
        match said.deed {
            None => Hears::Nothing,
            Some(Deed::Enter(_)) if !self.may_enter_at(bar) => Hears::Nothing,
            Some(Deed::Exit) => Hears::Signal(Deed::Exit),
            Some(deed) if now.since(bar.closes_at) > LAG_DEFAULT => Hears::Late(deed),
            Some(deed) if !said.confidence.suffices(self.terms.confidence_min) => Hears::Unsure(deed),
            Some(deed) => Hears::Signal(deed),
        }
    }

    /// Once this candle is decided on. Its version changes where it is kept.
    #[must_use]
    pub fn having_heard(self, bar: &Bar, said: &Said) -> Self {
        let last = Some(Word { opens_at: bar.opens_at, said: said.clone() });
        Self { decided_to: bar.closes_at, candles: self.candles.saturating_add(1), last, failing: None, ..self }
    }

    /// Whether nothing was heard for so long that its user is to know: no exit is raised meanwhile. Where nobody trades nothing closes either.
    pub fn is_deaf(&self, now: Timestamp) -> bool {
        let two = self.terms.series.interval.times(2);
        self.ended.is_none() && now > self.decided_to.plus(two).plus(BOT_DEAF_AFTER)
    }

    /// Whether a candle has closed so long ago that it should have decided on it.
    pub fn is_behind(&self, now: Timestamp) -> bool {
        let due = self.decided_to.plus(self.terms.series.interval.length()).plus(BOT_BEHIND_AFTER);
        self.ended.is_none() && now > due
    }

    /// As it is kept next.
    #[must_use]
    pub fn next(self) -> Self {
        Self { version: self.version.saturating_add(1), ..self }
    }

    /// In the place of a webhook token: no secret is behind it, and no alert is let in by it.
    pub fn token(&self) -> TokenId {
        TokenId::of(&["bot", self.id.as_str()])
    }

    /// The signal's own id. A candle has one word, and so one signal.
    pub fn signal_id(&self, opens_at: Timestamp, deed: Deed) -> String {
        format!("{}-{}-{}", self.id, opens_at.millis(), deed.as_str())
    }
}

words! {
    EntryKind {
        Started = "started",
        Signal = "signal",
        Late = "late",
        Unsure = "unsure",
        Failed = "failed",
        CloseOnly = "close_only",
        Stopped = "stopped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Side;
    use crate::bot::Strategy;
    use crate::clock::Millis;
    use crate::ids::AccountId;
    use crate::market::{Interval, MarketKey};
    use crate::series::Series;

    const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn run() -> Run {
        let market = MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
        let terms = Terms {
            account: AccountId::of(&["a"]),
            series: Series { market, interval: Interval::OneMinute },
            strategy: Strategy { name: "RSI_CROSS".to_owned(), ..Strategy::default() },
            preset: None,
            plan: "{}".to_owned(),
            confidence_min: "0.6".parse().unwrap(),
        };
        Run {
            id: RunId::at(START, &["r"]),
            bot: BotId::at(START, &["b"]),
            user: UserId::of(&["u"]),
            version: 1,
            terms,
            label: "default".to_owned(),
            lane: "lane".to_owned(),
            started_at: START,
            close_only: None,
            resumed_at: None,
            ended: None,
            decided_to: START,
            candles: 0,
            signals: 0,
            last: None,
            raised: None,
            failing: None,
        }
    }

    fn bar(closes_at: Timestamp) -> Bar {
        let price = || "100".parse().unwrap();
        let opens_at = closes_at.minus(Interval::OneMinute.length());
        Bar { opens_at, closes_at, open: price(), high: price(), low: price(), close: price() }
    }

    fn said(deed: Option<Deed>, confidence: &str) -> Said {
        Said { deed, confidence: confidence.parse().unwrap(), reason: "so".to_owned() }
    }

    #[test]
    fn an_entry_must_be_fresh_and_sure_and_an_exit_neither() {
        let (enter, exit) = (Deed::Enter(Side::Long), Deed::Exit);
        let check = |deed: Option<Deed>, confidence: &str, age: i64, expected: Hears| {
            let bar = bar(START.plus(Millis::seconds(60)));
            let now = bar.closes_at.plus(Millis::seconds(age));
            assert_eq!(run().hears(&bar, &said(deed, confidence), now), expected, "{deed:?} {confidence} {age}");
        };
        check(None, "1", 0, Hears::Nothing);
        check(Some(enter), "0.6", 300, Hears::Signal(enter));
        check(Some(enter), "0.6", 301, Hears::Late(enter));
        check(Some(enter), "0.5999", 0, Hears::Unsure(enter));
        check(Some(enter), "0.5", 301, Hears::Late(enter));
        check(Some(exit), "0.1", 86_400, Hears::Signal(exit));
    }

    #[test]
    fn what_is_close_only_says_when_to_leave_and_enters_nothing() {
        let (enter, exit) = (Deed::Enter(Side::Long), Deed::Exit);
        let bar = bar(START.plus(Millis::seconds(60)));
        let word = |at| Ended { at, by: run().user, reason: "by a program".to_owned() };
        let narrowed = Run { close_only: Some(Box::new(word(START))), ..run() };
        let hears = |deed| narrowed.hears(&bar, &said(Some(deed), "1"), bar.closes_at);
        assert_eq!((hears(enter), hears(exit)), (Hears::Nothing, Hears::Signal(exit)));
        assert!(narrowed.is_new(&bar), "it goes on");
        let resumed = |at| Run { resumed_at: Some(at), ..run() }.hears(&bar, &said(Some(enter), "1"), bar.closes_at);
        assert_eq!(resumed(START), Hears::Signal(enter));
        assert_eq!(resumed(bar.closes_at.plus(Millis::seconds(60))), Hears::Nothing, "it closed before");
        assert!(run().may_enter() && !narrowed.may_enter());
        assert!(!Run { ended: Some(word(START)), ..run() }.may_enter());
    }

    #[test]
    fn who_is_started_anew_goes_on_where_the_run_before_has_stopped_and_enters_from_then_on() {
        let minute = |number: i64| START.plus(Millis::seconds(60 * number));
        let word = |at| Some(Ended { at, by: run().user, reason: "so".to_owned() });
        let former = Run { ended: word(minute(5)), decided_to: minute(4), ..run() };
        assert_eq!(former.leaves_off_at(&former.terms, minute(6)), Some(minute(4)));
        assert_eq!(former.leaves_off_at(&former.terms, minute(6).plus(Millis::new(1))), None, "it was long ago");
        assert_eq!(run().leaves_off_at(&former.terms, minute(5)), None, "it goes on");
        let other = Terms { account: AccountId::of(&["b"]), ..run().terms };
        assert_eq!(former.leaves_off_at(&other, minute(5)), None, "what that has opened is not its own");
        let (enter, exit) = (Deed::Enter(Side::Long), Deed::Exit);
        let next = Run { started_at: minute(6), decided_to: minute(4), ..run() };
        let hears = |deed| next.hears(&bar(minute(5)), &said(Some(deed), "1"), minute(6));
        assert!(next.is_new(&bar(minute(5))));
        assert_eq!((hears(enter), hears(exit)), (Hears::Nothing, Hears::Signal(exit)));
    }

    #[test]
    fn a_candle_is_new_once_and_from_the_start_on() {
        let first = bar(START.plus(Millis::new(1)));
        assert!(run().is_new(&first) && !run().is_new(&bar(START)));
        let heard = run().having_heard(&first, &said(None, "0.4"));
        assert!(!heard.is_new(&first), "it is decided on");
        assert_eq!((heard.candles, heard.version), (1, 1));
        let ended = Ended { at: START, by: heard.user, reason: "enough".to_owned() };
        let over = Run { ended: Some(ended), ..run() };
        assert!(!over.is_new(&first), "it has ended");
    }

    #[test]
    fn an_exit_that_is_found_to_have_been_missed_is_said_once_to_the_next_candle() {
        let minute = |number: i64| START.plus(Millis::seconds(60 * number));
        let (enter, exit) = (Some(Deed::Enter(Side::Long)), Some(Deed::Exit));
        let hold = || said(None, "0.4");
        let heard = |words: &[(i64, Option<Deed>)]| -> Vec<_> {
            words.iter().map(|(number, deed)| (bar(minute(*number)), said(*deed, "0.7"))).collect()
        };
        let run = |raised: Option<i64>| Run {
            decided_to: minute(9),
            raised: raised.map(|number| bar(minute(number)).opens_at),
            ..run()
        };
        let since = |settled: i64, raised, words: &[(i64, Option<Deed>)], next| {
            let heard = heard(words);
            let (said, missed) = run(raised).with_missed(&heard, bar(minute(settled)).opens_at, next);
            assert_eq!(missed.map(|bar| bar.closes_at), missed.map(|_| minute(7)), "the candle that it was said to");
            said.deed
        };
        let deed = |raised, words: &[(i64, Option<Deed>)], next| since(0, raised, words, next);
        assert_eq!(deed(Some(3), &[(3, enter), (7, exit)], hold()), exit);
        assert_eq!(deed(Some(3), &[(3, enter), (7, exit), (8, enter)], hold()), exit, "that entry was not raised");
        assert_eq!(deed(Some(7), &[(3, enter), (7, exit)], hold()), None, "it was raised");
        assert_eq!(deed(Some(8), &[(7, exit), (8, enter)], hold()), None, "it was before");
        assert_eq!(deed(None, &[(0, exit)], hold()), None, "it was before the start");
        assert_eq!(deed(Some(3), &[(7, exit), (10, exit)], said(enter, "1")), enter, "a word of its own comes first");
        assert_eq!(deed(Some(3), &[(7, enter)], hold()), None, "an entry that was missed is not raised");
        assert_eq!(since(7, Some(3), &[(7, exit)], hold()), exit);
        assert_eq!(since(8, Some(3), &[(7, exit)], hold()), None, "it had not forgotten where it began");
    }

    #[test]
    fn ids_follow_from_the_run_the_candle_and_the_deed() {
        let (one, other) = (run(), Run { id: RunId::at(START, &["other"]), ..run() });
        let id = one.signal_id(START, Deed::Exit);
        assert_eq!(id, one.signal_id(START, Deed::Exit));
        for different in [
            other.signal_id(START, Deed::Exit),
            one.signal_id(START.plus(Millis::new(1)), Deed::Exit),
            one.signal_id(START, Deed::Enter(Side::Long)),
        ] {
            assert_ne!(id, different);
        }
        assert_ne!(one.token(), other.token());
    }
}

//! Every limit and time of the money path, in one place. Their inequalities are tests below.

use crate::clock::Millis;
use crate::functions;

/// How long a call that sends an order may take before its outcome is unknown.
pub const SUBMIT_TIMEOUT: Millis = Millis::seconds(5);
/// How long after its persisted `sent_at` a request may still leave.
pub const SEND_DELAY_MAX: Millis = Millis::seconds(2);
/// How far a venue's clock may be from ours.
pub const CLOCK_SKEW: Millis = Millis::seconds(1);
/// No venue call begins with less than the submit timeout and this left of the invocation.
pub const CALL_MARGIN: Millis = Millis::seconds(3);

pub const EXECUTOR_TIMEOUT: Millis = functions::ORDER_EXECUTOR_TIMEOUT;
/// What the executor sets on its message first, so that a crash holds a group no longer.
pub const EXECUTOR_VISIBILITY: Millis = Millis::seconds(25);
pub const WORKER_TIMEOUT: Millis = functions::SIGNAL_WORKER_TIMEOUT;
pub const WATCH_TIMEOUT: Millis = functions::ACCOUNT_WATCH_TIMEOUT;
pub const WEBHOOK_TIMEOUT: Millis = functions::WEBHOOK_TIMEOUT;
/// When the webhook answers 503 rather than wait on.
pub const WEBHOOK_ANSWER: Millis = Millis::new(2_500);
pub const TICKER_TIMEOUT: Millis = functions::TICKER_TIMEOUT;
pub const KEY_CHECK_TIMEOUT: Millis = functions::KEY_CHECK_TIMEOUT;
pub const HOUSEKEEPING_TIMEOUT: Millis = functions::HOUSEKEEPING_TIMEOUT;
pub const INGEST_TIMEOUT: Millis = functions::INGEST_TIMEOUT;
pub const BOT_RUNNER_TIMEOUT: Millis = functions::BOT_RUNNER_TIMEOUT;
/// As long as Lambda lets a function run.
pub const BACKTEST_TIMEOUT: Millis = functions::BACKTEST_WORKER_TIMEOUT;
pub const API_TIMEOUT: Millis = functions::API_TRADING_TIMEOUT;
/// How long one look into a function's log may take; none begins with less than this and the margin left.
pub const LOG_TIMEOUT: Millis = Millis::seconds(3);
pub const LOG_MARGIN: Millis = Millis::seconds(1);
/// How long a run of the money path may take, once its work is done, for what it leaves in the system log.
pub const REMARKS_TIMEOUT: Millis = Millis::new(500);
pub const REMARKS_PER_RUN_MAX: usize = 20;
/// What goes on happening is told once in so long.
pub const REMARK_WINDOW: Millis = Millis::seconds(600);
/// Of what was said to a venue, in one row of a group's history.
pub const SAID_MAX: usize = 4;
/// Of one request with its answer, and of the request alone.
pub const SAID_BYTES_MAX: usize = 1_000;
pub const ASKED_BYTES_MAX: usize = 400;

/// How long a message that was received hides from others: six times its function's timeout, as AWS asks for.
pub const SIGNALS_VISIBILITY: Millis = Millis::seconds(60);
pub const ORDERS_VISIBILITY: Millis = Millis::seconds(120);
pub const TICKS_VISIBILITY: Millis = Millis::seconds(150);
/// How often a message is received before it is dead.
pub const RECEIVES_MAX: u32 = 20;
pub const DEAD_RETENTION: Millis = Millis::seconds(14 * 86_400);

/// A body is the same alert again only this long after the first receipt, where the alert has no clock of its own.
pub const REPEAT_WINDOW: Millis = Millis::seconds(45);
/// How long an alert with an id or a clock of its own is remembered.
pub const DEDUPE: Millis = Millis::seconds(7 * 86_400);
pub const QUEUE_RETENTION: Millis = Millis::seconds(4 * 86_400);
pub const AUDIT_RETENTION: Millis = Millis::seconds(90 * 86_400);
/// From a body sent to it, TradingView's four sends fit into this.
pub const TRADINGVIEW_SENDS: Millis = Millis::seconds(27);

pub const LAG_DEFAULT: Millis = Millis::seconds(300);
pub const LAG_SECONDS_MAX: i64 = 3_600;
/// An exit that was raised longer ago is forgotten: what was raised before it is stale by now, and so is not opened.
pub const EXIT_REMEMBERED: Millis = Millis::seconds(LAG_SECONDS_MAX + 60);
/// How long after its decision an entry may still be sent.
pub const ENTRY_VALID: Millis = Millis::seconds(60);
/// After this no venue's fence of time still stands around an order, and its user may say what became of it.
pub const RESOLVE_AFTER: Millis = Millis::seconds(45);
/// How long an order that its venue had accepted must have been to be ended, in vain, before its user may say how it did: passes
/// have tried and looked dozens of times by then.
pub const END_IN_VAIN: Millis = Millis::seconds(300);
/// The longest call of a venue: all markets of an exchange, which are thousands at some.
pub const LIST_TIMEOUT: Millis = Millis::seconds(25);
/// How often all of them are brought up to date.
pub const REFRESH_EVERY: Millis = Millis::seconds(21_600);
/// How long an exit that its venue could not take waits at most, and for how many refusals in a row: three hours.
pub const EXIT_SOON: Millis = Millis::seconds(60);
pub const EXIT_SOON_TRIES: u32 = 180;
/// For how long a venue must have refused what has cost much as too little before that is believed.
pub const TOO_LITTLE_FOR: Millis = Millis::seconds(60);
/// For how long after its send, or after the word on one that was accepted, the venue is asked about an order whose end is its
/// user's word alone.
pub const WORD_ASKED_FOR: Millis = Millis::seconds(86_400);
/// A group that time or the price makes leave asks about so many of its own orders before that is decided.
pub const EXIT_QUESTIONS_MAX: usize = 10;
/// How far the price may be from an exit, in percent, for its group to be asked about before others.
pub const NEAR_EXIT_PERCENT: i64 = 1;
/// Prices are read for at most this part of a pass; the rest of it is for orders, with or without a price.
pub const PRICES_PART: i64 = 3;
/// Each pass begins to read prices so many groups further on, since this is a prime: what one pass has no time for comes
/// early in another.
pub const PRICES_STRIDE: i64 = 10_007;
/// Each pass begins to ask about the orders of a group so many further on: a venue that answers fewer in one pass is asked
/// about all of them in turn, since this is a prime.
pub const QUESTIONS_STRIDE: i64 = 61;
/// Where most of what may be asked of a venue is used, what it keeps by itself is looked at once in so many slots.
pub const CALM_SLOTS: i64 = 6;
/// A pause that a venue asks for so soon after the last one's end is not told to the account's user again.
pub const PAUSES_APART: Millis = Millis::seconds(600);
/// Open orders are listed at the venue once in so many slots, and of those that nobody knows at most so many are kept.
pub const STRAYS_SLOTS: i64 = 3;
pub const STRAYS_MAX: usize = 10;
/// Where an order was called absent it is looked for so long afterwards, and as far back before, whether it has come after all;
/// once in so many slots.
pub const LATE_FOR: Millis = Millis::seconds(900);
pub const LATE_SLOTS: i64 = 6;
/// A look that somebody has asked for goes so far back, into the markets of the account's last groups, of which there are at
/// most so many; what cannot be looked at within this time is given up.
pub const LOOK_BACK: Millis = Millis::DAY;
pub const LOOK_MARKETS_MAX: usize = 20;
pub const LOOK_WITHIN: Millis = Millis::seconds(300);
/// With those where something is live or awaited, it is of at most so many. A pass lists so many of them one by one, and begins
/// none after so long: other accounts wait for its end, and orders for what may be asked.
pub const LOOK_MARKETS_IN_ALL_MAX: usize = 100;
pub const LOOK_MARKETS_PER_PASS: usize = 4;
pub const LOOK_FOR: Millis = Millis::seconds(4);
/// An account without a group is not left alone while an order of nobody was seen once, no longer ago than this.
pub const STRAY_CONFIRMED_WITHIN: Millis = Millis::seconds(300);
/// How long an order of nobody that has traded and is over is told of.
pub const STRAY_TOLD_FOR: Millis = Millis::DAY;
/// How long the worth of a fee in a third asset is waited for, from its fill: a venue's outage or a market that is halted
/// is over by then, and a market that has no price for a day has none for that minute later.
pub const FEE_VALUE_WAIT: Millis = Millis::seconds(24 * 60 * 60);
/// How long a fee that a venue does not tell with its trade is waited for, from the trade.
pub const FEE_TOLD_WAIT: Millis = Millis::seconds(60);
/// How far apart two looks are that together prove an order absent.
pub const SECOND_SIGHT: Millis = Millis::seconds(5);
/// After how long its user is told of an order that a venue has accepted and does not show.
pub const UNSHOWN_TOLD: Millis = Millis::seconds(60);
/// How long every look must have missed such an order before a balance that holds nothing for it ends it: much longer than
/// reads were ever seen to lag.
pub const FORGOTTEN_AFTER: Millis = Millis::seconds(150);
/// How often an account's own fee in a market is read, as long as a route reckons with it.
pub const FEE_READ_EVERY: Millis = Millis::DAY;
/// How long one that was read is reckoned with: a venue that is away for a day changes no choice.
pub const FEE_GOOD_FOR: Millis = Millis::seconds(2 * 86_400);
/// How long after a route has reckoned with a market its fee is read there.
pub const FEE_WANTED_FOR: Millis = Millis::seconds(7 * 86_400);
/// Markets of one account.
pub const FEES_WANTED_MAX: usize = 50;
/// Fees of one account that a round reads.
pub const FEES_READ_MAX: usize = 3;
/// How old a balance may be when an entry is sent.
/// Coins of an account that entries may be paid with: one update of its row replaces as many by as many others.
pub const COINS_PER_ACCOUNT_MAX: usize = 150;
pub const BALANCE_AGE_MAX: Millis = Millis::seconds(60);
/// How old a balance may be when a share of it is calculated. Of an account where nothing is open it is read every
/// [`BALANCE_READ_EVERY`]; the worker that decides asks no venue.
pub const SHARE_BALANCE_AGE_MAX: Millis = Millis::seconds(900);
/// How often balances are read of every account that may enter, and from which age on one that has not changed is written again.
pub const BALANCE_READ_EVERY: Millis = Millis::seconds(300);
pub const BALANCE_WRITTEN_AFTER: Millis = Millis::seconds(240);
/// How old a market price may be when an entry is planned.
pub const PRICE_AGE_MAX: Millis = Millis::seconds(60);
/// Of all that a position has bought, how much may be left unsold as dust, in percent.
pub const DUST_PERCENT_MAX: i64 = 5;
/// And how many times the least that its market takes that may have cost.
pub const DUST_NOTIONALS_MAX: i64 = 2;
/// How far the market may have moved, in percent, between the decision and the order.
pub const PRICE_MOVED_PERCENT_MAX: i64 = 1;

pub const OUTBOX_DUE: Millis = Millis::seconds(30);
pub const OUTBOX_DUE_MAX: Millis = Millis::seconds(600);
pub const OUTBOX_SENDS_MAX: u32 = 8;
/// Turns of ten messages that a minute takes from one dead-letter queue; the rest is the next minute's.
pub const DEAD_LETTER_TURNS_MAX: u32 = 3;
/// Parked rows that wait are counted up to this: for an alarm, more is no other number.
pub const PARKED_COUNTED_MAX: u32 = 100;
/// What cannot be read may be a newer writer's, whose reader is on its way: it is tried again for so long.
pub const NEWER_WRITER_MAX: Millis = Millis::seconds(120);
pub const DELIVERY_DUE: Millis = Millis::seconds(30);
/// A delivery without a final verdict ends as parked after this: longer than any alert may wait for a group.
pub const UNDECIDED_MAX: Millis = Millis::seconds(LAG_SECONDS_MAX + 600);
/// A delivery that waits for a closing group is decided anew after this.
pub const QUEUED_DUE: Millis = Millis::seconds(10);
/// A pass rings for an intent that nothing has begun this long after its commit.
pub const INTENT_OVERDUE: Millis = Millis::seconds(10);

/// An order whose outcome is unknown for longer is trouble: proving it absent takes seconds and two passes.
pub const UNKNOWN_AGE_ALARM: Millis = Millis::seconds(120);
/// A live account that no pass has looked at for longer is trouble. There is a pass in every slot; balances, by which a look is
/// known, are read every half minute, and every minute where most of what may be asked is used.
pub const LOOK_AGE_MAX: Millis = Millis::seconds(90);
/// A look that is this far in the future is no look.
pub const LOOK_AHEAD_MAX: Millis = Millis::seconds(60);
/// A look from inside is believed this long.
pub const SIGHT_AGE_MAX: Millis = Millis::seconds(30);
/// Accounts that one look from inside asks the venues for.
pub const SIGHT_ACCOUNTS_MAX: usize = 20;
/// Functions that run at once in a burst: all shards tick at the same second, and alerts come beside them. With fewer
/// they take turns.
pub const CONCURRENCY_NEEDED: u32 = 32;

pub const SLOT: Millis = Millis::seconds(10);
/// How many slots another clock may be ahead of ours and still be believed.
pub const SLOTS_AHEAD_MAX: i64 = 3;
/// The same of every other time that another process has written: one that is further ahead is of no clock, and counts as none.
pub const CLOCKS_APART_MAX: Millis = Millis::seconds(30);
/// The longest that an exchange is left alone because it says so, and where it bans whoever asks on.
pub const VENUE_PAUSE_MAX: Millis = Millis::seconds(300);
pub const VENUE_BAN_MAX: Millis = Millis::seconds(3 * 86_400);
/// How long after the beginning of its slot a tick is believed.
pub const TICK_LATE_MAX: Millis = Millis::seconds(60);
/// How long after its full minute the ticks of a minute may be sent.
pub const MINUTE_LATE_MAX: Millis = Millis::seconds(20);
pub const TICK_HORIZON: Millis = Millis::seconds(120);
pub const SHARDS: u8 = 16;
/// Parts of the list of what is due: every one is asked for every minute, and costs also where nothing is.
pub const DUE_SHARDS: u8 = 4;

/// Alerts that one token may send over time, and at once.
pub const ALERTS_PER_SECOND_MAX: i64 = 10;
pub const ALERTS_BURST_MAX: i64 = 60;
/// How long a token that was found is believed without asking again, and how many are kept in one process.
pub const TOKEN_CACHE: Millis = Millis::seconds(30);
pub const TOKENS_CACHED_MAX: usize = 1_000;
/// Turns of one receipt against others of the same alert, before the sender is asked to come again.
pub const RECEIPT_TURNS_MAX: u32 = 4;

/// Webhook tokens of one user; two that are made at the same moment may be one more.
pub const WEBHOOK_TOKENS_PER_USER_MAX: usize = 20;
/// Markets, or presets, that one token names.
pub const WEBHOOK_TOKEN_NAMES_MAX: usize = 20;
/// How long the secret before a rotation lets in: where nothing is said, and at most.
pub const WEBHOOK_TOKEN_OVERLAP: Millis = Millis::seconds(24 * 3_600);
pub const WEBHOOK_TOKEN_OVERLAP_SECONDS_MAX: u32 = 7 * 24 * 3_600;
/// Keys of programs of one user; two that are made at the same moment may be one more.
pub const PROGRAM_KEYS_PER_USER_MAX: usize = 10;
/// How long one lets in: where nothing is said, and at most.
pub const PROGRAM_KEY_LIFE: Millis = Millis::seconds(90 * 86_400);
pub const PROGRAM_KEY_LIFE_MAX: Millis = Millis::seconds(366 * 86_400);
/// Scopes, and networks, that one names.
pub const PROGRAM_KEY_NAMES_MAX: usize = 20;
/// How long the secret before a rotation lets in: where nothing is said, and at most.
pub const PROGRAM_KEY_OVERLAP: Millis = Millis::seconds(24 * 3_600);
pub const PROGRAM_KEY_OVERLAP_SECONDS_MAX: u32 = 7 * 24 * 3_600;
/// Of a token that a program was given for its key.
pub const CLIENT_TOKEN_LIFE: Millis = Millis::seconds(3_600);
/// How long what was told is kept, and from where somebody has come in.
pub const NOTICES_KEPT: Millis = Millis::seconds(90 * 86_400);
/// Notices that were not read are counted up to this.
pub const UNREAD_COUNTED_MAX: u32 = 100;
/// How long before its end the owner of a key of a program is told.
pub const PROGRAM_KEY_ENDS_SOON: Millis = Millis::seconds(7 * 86_400);
/// Accounts of one user; two that are made at the same moment may be one more.
/// Of what an account's owner may allow it.
pub const OPEN_GROUPS_MAX: u32 = 1_000;
pub const ACCOUNTS_PER_USER_MAX: usize = 20;
/// What an account is called where nothing is said, and which one is meant.
pub const URL_BYTES_MAX: usize = 300;
/// Providers that a deployment knows.
pub const WALLETS_MAX: usize = 100;
/// Sources of whale alerts: each is read each minute.
pub const SOURCES_MAX: usize = 10;
/// Labels of addresses of one blockchain: a run that reads it loads them all.
pub const LABELS_MAX: u64 = 20_000;
/// Lines of one import: some more than a body has room for.
pub const LABELS_OF_AN_IMPORT_MAX: usize = 200;
/// Labels that one transaction sets, beside what it changes for each blockchain and puts on record.
pub const LABELS_PER_COMMIT_MAX: usize = 30;
pub const ACCOUNT_LABEL_DEFAULT: &str = "default";
/// What people call a token or an account.
pub const LABEL_CHARACTERS_MAX: usize = 40;

/// People.
pub const EMAIL_BYTES_MAX: usize = 254;
pub const PERSON_NAME_CHARACTERS_MAX: usize = 100;
/// What somebody's programs keep of their wishes, as it is written.
pub const PREFERENCES_BYTES_MAX: usize = 4_096;
/// Objects and lists within one another.
pub const PREFERENCES_DEPTH_MAX: usize = 5;
pub const USERNAME_CHARACTERS_MIN: usize = 3;
pub const USERNAME_CHARACTERS_MAX: usize = 100;
pub const PASSWORD_CHARACTERS_MIN: usize = 8;
/// What bcrypt looks at.
pub const PASSWORD_BYTES_MAX: usize = 72;
pub const USER_AGENT_CHARACTERS_MAX: usize = 500;
/// Of a log-in, and in how much of its end it may be renewed.
pub const SESSION_LIFE: Millis = Millis::seconds(24 * 3_600);
pub const REFRESH_WITHIN: Millis = Millis::seconds(3_600);
/// After a log-in with a second factor: what another user or the deployment is sold out by.
pub const FACTOR_LASTS: Millis = Millis::seconds(900);
/// Of all renewals of a log-in together.
pub const SESSION_AGE_MAX: Millis = Millis::seconds(30 * 86_400);
/// How long a refresh token that was replaced answers its successor once more: an answer that was lost is no theft.
pub const REFRESH_REPEAT: Millis = Millis::seconds(30);
/// Of one person; the oldest ends where another begins, first those whose access token has expired. All of them end within one request.
pub const SESSIONS_PER_USER_MAX: usize = 20;
/// Of what is handed out to choose a new password.
pub const RESET_LIFE: Millis = Millis::seconds(30 * 60);
/// Roles, plans and permissions of a deployment's own, of each kind; two that are made at once may be one more.
pub const DEFINITIONS_MAX: usize = 100;
/// Permissions of one's own that one role carries: all that a change puts and takes fits into one transaction.
pub const OWN_SCOPES_PER_ROLE_MAX: usize = 15;
/// Sessions that one request gives what a role or a plan says by now; the same sent again goes on.
pub const SESSIONS_PER_REQUEST_MAX: u32 = 200;
/// In which requests from one address are counted, where no token is asked for.
pub const DOOR_WINDOW: Millis = Millis::seconds(60);
/// Attempts on one account, and from one address, that need not wait.
pub const GUESSES_FREE: u32 = 5;
pub const ADDRESS_GUESSES_FREE: u32 = 30;
pub const GUESS_WAIT: Millis = Millis::seconds(30);
pub const GUESS_WAIT_MAX: Millis = Millis::seconds(15 * 60);
pub const GUESSES_FORGOTTEN_AFTER: Millis = Millis::seconds(24 * 3_600);
pub const ADDRESS_GUESSES_FORGOTTEN_AFTER: Millis = Millis::seconds(3_600);
/// How long public keys are believed without asking again, and how soon a key that is not among them is asked for.
pub const TOKEN_KEYS_CACHE: Millis = Millis::seconds(300);
pub const TOKEN_KEYS_ASKED_AGAIN: Millis = Millis::seconds(10);
/// How long a key is still believed once another signs: longer than whatever it has signed.
pub const TOKEN_KEY_OVERLAP: Millis = Millis::seconds(25 * 3_600);

/// Checks in a row that may fail for a reason of the key before its account is disabled.
pub const KEY_FAILURES_MAX: u32 = 2;
/// How long a process may use a data key that it has opened, with one row on record.
pub const DATA_KEY_LEASE: Millis = Millis::seconds(300);
/// Data keys that one process holds at once.
pub const DATA_KEYS_HELD_MAX: usize = 100;
/// Of secrets that could not be put under another key, so many are told by one run; all are counted.
pub const RESEAL_FAILURES_TOLD_MAX: usize = 20;
/// People whose second factor one run puts under another key.
pub const FACTORS_PER_RUN_MAX: u32 = 25;
/// Of what is sealed.
pub const SECRET_BYTES_MAX: usize = 4 * 1_024;
/// Of a venue's key, its secret and its passphrase: together they fit, however they are written.
pub const API_KEY_CHARACTERS_MAX: usize = 256;
pub const API_SECRET_CHARACTERS_MAX: usize = 1_600;
pub const PASSPHRASE_CHARACTERS_MAX: usize = 128;
/// How long one day's balances are kept.
pub const BALANCES_KEPT: Millis = Millis::seconds(400 * 86_400);

pub const BODY_BYTES_MAX: usize = 16 * 1_024;

/// An `Idempotency-Key` of fewer characters could be guessed, and with it what was asked for.
pub const IDEMPOTENCY_KEY_CHARACTERS_MIN: usize = 16;
pub const IDEMPOTENCY_KEY_CHARACTERS_MAX: usize = 255;
/// How long the answer to a request with a key is kept, and that of one that trades.
pub const IDEMPOTENCY_KEPT: Millis = Millis::seconds(86_400);
pub const IDEMPOTENCY_KEPT_TRADING: Millis = Millis::seconds(7 * 86_400);
/// A request that is not finished by then has ended without an answer: three times what a function of the API may take.
pub const IDEMPOTENCY_UNFINISHED: Millis = Millis::seconds(30);
/// A longer answer is not kept.
pub const IDEMPOTENCY_ANSWER_BYTES_MAX: usize = 64 * 1_024;

pub const MESSAGE_BYTES_MAX: usize = 4 * 1_024;
pub const TRANSACTION_ACTIONS_MAX: usize = 40;
pub const FILLS_PER_COMMIT_MAX: usize = 20;
/// Orders that one commit changes, beside fills: more are another commit.
pub const ORDERS_PER_COMMIT_MAX: usize = 10;
pub const TEXT_CHARACTERS_MAX: usize = 200;
/// Of a query parameter that is not known, as far as its name is told back.
pub const QUERY_NAME_CHARACTERS_MAX: usize = 64;
/// Deliveries that wait for one group to close.
pub const WAITING_PER_GROUP_MAX: usize = 10;
/// Decisions anew after a lost race, before the message is left to its next delivery.
pub const DECISIONS_PER_RUN_MAX: u32 = 8;
/// Steps one doorbell may take; a group needs far fewer.
pub const STEPS_PER_RUN_MAX: u32 = 64;
/// Safety orders of one ladder.
pub const SAFETY_ORDERS_MAX: usize = 200;
/// Safety orders of one ladder that rest at once: where nothing is said, and at most.
/// A year.
pub const TIME_LIMIT_MINUTES_MAX: u32 = 365 * 24 * 60;
pub const LEGS_ACTIVE_DEFAULT: u32 = 5;
pub const LEGS_ACTIVE_MAX: u32 = 20;
/// Presets that one user keeps; two that are made at the same moment may be one more.
pub const PRESETS_PER_USER_MAX: usize = 100;
pub const PRESET_BYTES_MAX: usize = 16 * 1_024;
pub const PRESET_NAME_CHARACTERS_MAX: usize = 40;
/// Routes that one user keeps; two that are made at the same moment may be one more.
pub const ROUTES_PER_USER_MAX: usize = 20;
/// Accounts between which one route chooses.
pub const ROUTE_ACCOUNTS_MIN: usize = 2;
pub const ROUTE_ACCOUNTS_MAX: usize = 5;
/// How far from the best price on offer a route may buy, in percent: where nothing is said, and at most.
pub const ROUTE_SLIPPAGE_PERCENT_DEFAULT: &str = "0.5";
pub const ROUTE_SLIPPAGE_PERCENT_MAX: i64 = 5;
/// How long a route waits for the books of its accounts, all asked at once; who has not answered then is left out.
pub const BOOKS_TIMEOUT: Millis = Millis::seconds(2);
/// Levels of a book that are asked for.
pub const BOOK_DEPTH: u32 = 50;
/// Candles that one request asks for: where nothing is said, and at most.
pub const CANDLES_DEFAULT: u32 = 100;
pub const CANDLES_MAX: u32 = 1_000;
/// For how long whoever has asked keeps candles: the newest one goes on.
pub const CANDLES_KEPT: Millis = Millis::seconds(5);
/// How long after its end a candle may be asked for: before, venues may still count trades of it.
pub const CANDLE_TOLD_AFTER: Millis = Millis::seconds(5);
/// How long a planner waits that may, at the most: from where the candles of a minute may be asked for to where those of the next may.
pub const PLANNER_WAITS_MAX: Millis = Millis::seconds(60);
/// For how long after a candle may be asked for every run of the planner has its series looked at: longer than two runs may be apart.
pub const SERIES_DUE_FOR: Millis = Millis::seconds(130);
/// How often all series are looked at, and their holes.
pub const SERIES_LOOK_EVERY: Millis = Millis::seconds(300);
/// Candles with which a series begins, and how many where its venue does not tell that many.
pub const SERIES_BEGIN_WITH: u32 = 2_000;
pub const SERIES_BEGIN_WITH_LEAST: u32 = 700;
/// Candles that a series catches up with from the oldest on, those of one run; of more the newest come first.
pub const SERIES_CATCH_UP_MAX: u32 = 4_000;
/// Candles before the new ones that are asked for once more, for what was corrected late.
pub const CANDLES_ASKED_AGAIN: u32 = 2;
/// The same in a look for holes; less than stand in one row.
pub const CANDLES_LOOKED_AT_AGAIN: u32 = 15;
/// After more candles without a trade it is remembered how far was asked, but for the last ones, which may be told late.
pub const CANDLES_OF_SILENCE: u32 = 60;
pub const CANDLES_OF_SILENCE_LEFT: u32 = 10;
/// How long after its end a candle that is left out again has never been.
pub const SILENT_AFTER: Millis = Millis::seconds(900);
/// How often it is asked for again before that is believed.
pub const LOOKS_AT_A_HOLE: u32 = 3;
/// Candles of one question to a venue, questions for one series in one run, and candles of a look for holes.
pub const CANDLES_PER_PAGE: u32 = 1_000;
pub const PAGES_PER_RUN: usize = 4;
pub const HOLES_LOOKED_FOR_IN: u32 = 2_000;
/// Candles without a hole after which it is remembered that there was none.
pub const SETTLED_EVERY: u32 = 256;
/// Candles that every exchange tells in one answer, of whatever length and however old: more may be many questions, one after another.
pub const CANDLES_PER_ANSWER: u32 = 90;
/// Series of one run of a worker, and workers that one minute begins.
pub const SERIES_PER_RUN: usize = 100;
pub const WORKERS_PER_MINUTE: usize = 3;
/// Series of a deployment that are fetched; of more those that are wanted for longest. Each candle is paid for.
pub const SERIES_MAX: usize = 300;
/// Series that begin, or have more than a page to catch up, in one run: they are many questions, and the others wait for them.
pub const BEGINNINGS_PER_RUN: usize = 4;
/// After how many series of one run comes one that was asked for in vain before.
pub const FAILING_COME_EVERY: usize = 4;
/// How long a run fetches series: it ends before the next minute's begin.
pub const FETCH_FOR: Millis = Millis::seconds(55);
/// Markets in a row of which an exchange tells nothing, after which a run leaves the rest of that exchange to the next.
pub const MARKETS_FAILING_MAX: usize = 3;
/// Characters that are kept of why a series is asked for in vain.
pub const SERIES_FAILING_CHARACTERS_MAX: usize = 300;
/// Candles of one backfill: as many minutes as are kept of a series.
pub const BACKFILL_CANDLES_MAX: u32 = 90 * 24 * 60;
/// Backfills of one person that go on at once, and everybody's.
pub const BACKFILLS_PER_USER_MAX: usize = 3;
pub const BACKFILLS_MAX: usize = 20;
/// Workers that go on with one at once: those that fetch what closes now come beside them, and orders beside all.
pub const BACKFILL_WORKERS: usize = 2;
/// That one person begins in a day: each is a row that the planner reads until it goes.
pub const BACKFILLS_PER_DAY_MAX: usize = 30;
/// Failures in a row after which a backfill is given up; one a minute.
pub const BACKFILL_FAILURES_MAX: u32 = 60;
/// How long nothing was heard of a backfill's worker before another is begun.
pub const BACKFILL_SILENT_FOR: Millis = Millis::seconds(90);
/// For how long one that has ended is shown.
pub const BACKFILL_KEPT: Millis = Millis::seconds(3 * 86_400);
/// Backtests of one person that go on at once, and that they begin in a day.
pub const BACKTESTS_PER_USER_MAX: usize = 2;
pub const BACKTESTS_PER_DAY_MAX: u32 = 100;
/// Of everybody's at once, where the deployment says nothing else.
pub const BACKTESTS_AT_ONCE: usize = 3;
/// Candles of one backtest: as many minutes as are kept of a series.
pub const BACKTEST_CANDLES_MAX: u32 = 90 * 24 * 60;
/// Bars that one backtest plays, all tries together, and one part of it.
pub const BACKTEST_BARS_MAX: u64 = 6_000_000_000;
pub const BACKTEST_PART_BARS_MAX: u64 = 300_000_000;
/// Bars of a part where there are few, so that its worker is heard of; and of a backtest that one worker plays alone.
pub const BACKTEST_PART_BARS: u64 = 10_000_000;
pub const BACKTEST_ALONE_BARS_MAX: u64 = 100_000_000;
pub const BACKTEST_PARTS_MAX: u64 = 100;
/// Steps of a walk.
pub const BACKTEST_STEPS_MAX: usize = 1_000;
/// Bytes of what was asked for, times its tries.
pub const BACKTEST_TRIED_BYTES_MAX: usize = 64 * 1_024 * 1_024;
/// Values that are tried, of all parameters together, and times that trades are drawn anew.
pub const BACKTEST_VALUES_MAX: usize = 2_000;
pub const BACKTEST_DRAWS_MAX: u64 = 100_000;
/// Rates of funding that are asked for with one: a year of every eight hours.
pub const BACKTEST_FUNDING_MAX: usize = 1_100;
/// Characters of one value that is asked for.
pub const BACKTEST_VALUE_CHARS_MAX: usize = 200;
/// Tries that are told, the best first, and bytes of all that is told of one backtest.
pub const BACKTEST_TOLD_TRIES_MAX: usize = 1_000;
pub const BACKTEST_TOLD_BYTES_MAX: usize = 5_000_000;
/// The same as it is kept, packed: Lambda answers with six million bytes, in four letters for three of these.
pub const BACKTEST_PACKED_BYTES_MAX: usize = 4_000_000;
/// Backtests that are held beside each other.
pub const BACKTESTS_COMPARED_MAX: usize = 10;
/// How long nothing was heard of a backtest's worker, which may be at work for [`BACKTEST_TIMEOUT`], or of its many workers, before another
/// is begun.
pub const BACKTEST_SILENT_FOR: Millis = Millis::seconds(930);
pub const BACKTEST_SPREAD_SILENT_FOR: Millis = Millis::seconds(1_200);
/// How long after it was asked for one goes on at the most that one worker plays, and that many do: parts wait two hours for room.
pub const BACKTEST_GOES_ON_FOR: Millis = Millis::seconds(3_600);
pub const BACKTEST_SPREAD_GOES_ON_FOR: Millis = Millis::seconds(6 * 3_600);
/// For how long a worker reads the candles of one at the most, before it hears that it was called off.
pub const BACKTEST_READS_FOR: Millis = Millis::seconds(120);
/// Values, times the pairs of tries, of a search that learns by each: what it takes beside what it plays.
pub const BACKTEST_LEARNT_MAX: u64 = 20_000_000_000;
/// Tries of a walk: all of them are held at once.
pub const BACKTEST_WALKED_TRIES_MAX: usize = 500;
/// For how long one is shown after it last went on.
pub const BACKTEST_KEPT: Millis = Millis::seconds(30 * 86_400);
/// Candles that stand in one row.
pub const CANDLES_PER_ROW: u32 = 16;
/// A month of candles is packed so long after its last one is kept no more: what writes them has ended by then.
pub const CANDLES_PACKED_AFTER: Millis = Millis::seconds(7 * 86_400);
/// Rows of candles that are packed stay so much longer than they are kept, a month's and some weeks of nights that fail.
pub const CANDLES_STAY_PACKED: Millis = Millis::seconds(90 * 86_400);
/// Months of candles that one run packs, of all series.
pub const MONTHS_PER_RUN_MAX: u32 = 100;
/// Series that one person has on a list, that one person's charts may want at once, and everybody's.
pub const SERIES_PER_USER_MAX: usize = 50;
pub const CHARTS_PER_USER_MAX: usize = 20;
pub const CHARTS_MAX: usize = 100;
/// For how long a series is fetched after somebody has looked at it.
pub const CHART_WANTS_FOR: Millis = Millis::seconds(3_600);
/// For how long a process that has noted this does not note it again.
pub const CHART_NOTED_FOR: Millis = Millis::seconds(1_200);
/// For how long after its owner has looked at a list what stands there is fetched.
pub const LIST_WANTS_FOR: Millis = Millis::seconds(90 * 86_400);
/// For how long whoever has asked for kept candles keeps them: where the next one belongs to them, and where it does not.
pub const CANDLES_KEPT_MAX: Millis = Millis::seconds(60);
pub const GROWN_KEPT: Millis = Millis::seconds(3_600);
/// Candles before the first one that is shown, over which indicators are reckoned.
pub const INDICATORS_OVER: u32 = 1_500;
/// Candles that a strategy hears before the first that it decides on: for each that its warm-up takes, and at the least. Never more
/// than [`SERIES_BEGIN_WITH`].
pub const BOT_BARS_PER_WARM_UP: u32 = 20;
pub const BOT_BARS_LEAST: u32 = 200;
/// Candles that a strategy's warm-up takes at the most: as many as any venue tells, less the one after it and the one before that.
pub const BOT_WARM_UP_MAX: usize = 698;
/// Of rules in their one written form.
pub const BOT_RULES_BYTES_MAX: usize = 8 * 1_024;
/// Of what is kept of why something was said.
pub const BOT_REASON_CHARACTERS_MAX: usize = 1_000;
/// Candles for which a strategy begins to hear with the same one; a day at the least.
pub const BOT_BARS_SAME_FOR: u32 = 96;
/// Candles before the next one among which an exit that was missed is found, at the least.
pub const BOT_EXITS_FOUND_IN: u32 = 60;
/// A run that has not decided on a candle so long after its close is shown as behind: its venue is late, or it cannot decide.
pub const BOT_BEHIND_AFTER: Millis = Millis::seconds(600);
/// And how long after two candles should have closed its user is told that none has come.
pub const BOT_DEAF_AFTER: Millis = Millis::seconds(3_600);
/// What a run may take for its decisions on what has closed: a worker with less time left begins none.
pub const BOT_DECIDES_WITHIN: Millis = Millis::seconds(10);
/// Series that runs hear: the rest of [`SERIES_MAX`] is for lists and charts.
pub const BOT_SERIES_MAX: usize = 250;
/// That run at once where a plan does not say how many may.
pub const BOTS_RUNNING_DEFAULT: u32 = 10;
/// Bots that one user keeps; two that are made at the same moment may be one more.
pub const BOTS_PER_USER_MAX: usize = 100;
/// The same with those that were taken away within [`AUDIT_RETENTION`]: whoever stops somebody's bots reads all of them.
pub const BOTS_KEPT_MAX: usize = 1_000;
/// A day, and a week.
pub const STOP_DELAY_SECONDS_MAX: u32 = 24 * 60 * 60;
pub const COOLDOWN_MINUTES_MAX: u32 = 7 * 24 * 60;
/// What a plan may ask of the groups beside its own; an account's own limit is an owner's.
pub const PLAN_OPEN_GROUPS_MAX: u32 = 1_000;
/// Entries that are added to one group.
pub const PYRAMIDS_MAX: u32 = 10;
/// The same with those that bought nothing and do not count: each has a number of its own and stands on the group's row.
pub const PYRAMIDS_TRIED_MAX: u32 = 20;
/// Partial exits of one group.
pub const REDUCTIONS_MAX: u32 = 20;
/// Take-profit steps of one plan.
pub const TAKE_PROFIT_STEPS_MAX: u32 = 8;
/// Decisions about one thing that a lost table may have forgotten.
pub const LOST_EPOCHS_MAX: u32 = 64;
/// How long a sandbox believes which table it uses. Deleting one and restoring another in its name takes longer.
pub const TABLE_ID_CACHE: Millis = Millis::seconds(60);
/// How far apart the first and the last look of a recovery must be: no executor of the time before is at work then, and
/// what it sent last can be seen.
pub const RECOVERY_SETTLES: Millis = Millis::seconds(65);
/// How long before the newest row a recovery begins to list: clocks differ.
pub const RECOVERY_MARGIN: Millis = Millis::seconds(60);
pub const RECOVERY_MARKETS_MAX: usize = 50;
/// Lines of one kind in a report.
pub const RECOVERY_LINES_MAX: usize = 200;
pub const PAGE_ITEMS_MAX: u32 = 200;
/// Reads for one page of a list, of which many rows may not be what is asked for, and trades whose orders are read at once.
pub const LIST_READS_MAX: u32 = 8;
/// Rows that are looked at for one page of a list with a condition.
pub const LIST_ROWS_MAX: u32 = 400;
/// Pages of the index, of a megabyte each, in which an alert is searched by its id: about 80,000 alerts.
pub const DELIVERY_PAGES_MAX: u32 = 16;
pub const TRADES_AT_ONCE: usize = 16;
/// Pages of trades that sums reach back over, open ones among them whose orders are read, and days that they are told of.
pub const PROFIT_PAGES_MAX: u32 = 10;
pub const PROFIT_OPEN_MAX: usize = 200;
pub const PROFIT_SPAN_DEFAULT: Millis = Millis::seconds(30 * 86_400);
pub const PROFIT_SPAN_MAX: Millis = Millis::seconds(366 * 86_400);
pub const PAGE_ITEMS_DEFAULT: u32 = 50;

/// Trades of one user that were made elsewhere.
pub const OWN_TRADES_MAX: usize = 2_000;
pub const TRADE_TAGS_MAX: usize = 10;
pub const TRADE_TAG_LENGTH_MAX: usize = 32;
pub const TRADE_NOTES_LENGTH_MAX: usize = 2_000;
/// Open positions that one look at a portfolio reads.
pub const OPEN_SHOWN_MAX: usize = 1_000;
/// Positions whose fees are read for one look at how trades have gone.
pub const PERFORMANCE_FEES_MAX: usize = 1_000;
/// How long what a day ended with is kept: five years.
pub const BOOK_DAYS_RETENTION: Millis = Millis::seconds(5 * 366 * 86_400);

/// Risk rules of one user.
pub const RULES_PER_USER_MAX: usize = 40;
pub const RULE_LABEL_LENGTH_MAX: usize = 64;
/// How long a rule may pause: 31 days.
pub const RULE_PAUSE_MINUTES_MAX: u32 = 44_640;
/// Assets of one group of assets.
pub const RULE_ASSETS_MAX: usize = 50;
pub const RULE_POSITIONS_MAX: u32 = 1_000;
/// Losing closes in a row.
pub const RULE_STREAK_MAX: u32 = 20;
/// How long entries pause after the last of them.
pub const RULE_STREAK_PAUSE: Millis = Millis::DAY;
pub const RULE_ENTRIES_PER_HOUR_MAX: u32 = 1_000;
/// How far back a bound on losing closes looks for them.
pub const RULE_STREAK_WITHIN: Millis = Millis::seconds(7 * 86_400);
/// How long what rules look back at is stored.
pub const RISK_EVENTS_RETENTION: Millis = Millis::seconds(32 * 86_400);
/// How long assessments of a book are stored: 90 days.
pub const ASSESSMENTS_RETENTION: Millis = Millis::seconds(90 * 86_400);
/// The hour of a bound on entries per hour.
pub const RULE_ENTRIES_WITHIN: Millis = Millis::seconds(3_600);

/// How long after `sent_at` the venue's "not there" begins to count.
///
/// From here on the request can neither still be on its way nor be hidden by a lagging read.
pub fn absence_fence(validity: Millis, read_lag: Millis) -> Millis {
    SEND_DELAY_MAX.plus(SUBMIT_TIMEOUT).max(validity).plus(CLOCK_SKEW).plus(read_lag)
}

/// How long a read of the venue may not show what has happened, by our clock: two balances that are so far apart cannot
/// both be from before.
pub fn shows_after(read_lag: Millis) -> Millis {
    read_lag.plus(CLOCK_SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_hold_together() {
        assert!(QUEUE_RETENTION < DEDUPE && DEDUPE < AUDIT_RETENTION);
        assert!(TRADINGVIEW_SENDS < REPEAT_WINDOW);
        assert!(EXECUTOR_TIMEOUT < EXECUTOR_VISIBILITY);
        assert!(EXECUTOR_VISIBILITY < ORDERS_VISIBILITY);
        let hidden = [SIGNALS_VISIBILITY, ORDERS_VISIBILITY, TICKS_VISIBILITY];
        for (timeout, hidden) in [WORKER_TIMEOUT, EXECUTOR_TIMEOUT, WATCH_TIMEOUT].into_iter().zip(hidden) {
            assert!(hidden.get() >= 6 * timeout.get());
        }
        assert!(QUEUE_RETENTION < DEAD_RETENTION);
        assert!(SUBMIT_TIMEOUT.plus(CALL_MARGIN) < EXECUTOR_TIMEOUT);
        assert!(REMARKS_TIMEOUT < CALL_MARGIN);
        assert!(LIST_TIMEOUT.plus(LIST_TIMEOUT).plus(CALL_MARGIN) < INGEST_TIMEOUT);
        assert!(INGEST_TIMEOUT < BACKFILL_SILENT_FOR);
        assert!(PLANNER_WAITS_MAX.plus(CALL_MARGIN) < INGEST_TIMEOUT);
        const { assert!(SERIES_MAX <= SERIES_PER_RUN * WORKERS_PER_MINUTE) };
        const { assert!(CANDLES_LOOKED_AT_AGAIN < CANDLES_PER_ANSWER) };
        assert!(LOG_TIMEOUT.plus(LOG_MARGIN) < API_TIMEOUT);
        assert_eq!([functions::API_ACCOUNTS_TIMEOUT, functions::API_IDENTITY_TIMEOUT], [API_TIMEOUT; 2]);
        assert!(WEBHOOK_ANSWER < WEBHOOK_TIMEOUT);
        assert!(BOOKS_TIMEOUT.plus(CALL_MARGIN) < WORKER_TIMEOUT);
        assert!(ENTRY_VALID < LAG_DEFAULT);
        assert!(FEE_READ_EVERY < FEE_GOOD_FOR && FEE_GOOD_FOR < FEE_WANTED_FOR);
        // The longest validity and lag of any exchange that is compiled in.
        let fence_max = absence_fence(Millis::seconds(30), Millis::seconds(10));
        assert!(EXECUTOR_TIMEOUT.plus(fence_max) < RECOVERY_SETTLES && fence_max < RESOLVE_AFTER);
        assert!(fence_max < UNSHOWN_TOLD && UNSHOWN_TOLD.plus(UNSHOWN_TOLD) < FORGOTTEN_AFTER);
        assert!(FORGOTTEN_AFTER < END_IN_VAIN, "what the machine can end it ends before its user must");
        assert_eq!(absence_fence(Millis::seconds(5), Millis::seconds(5)), Millis::seconds(13));
        assert!(SESSION_LIFE.plus(TOKEN_KEYS_CACHE) < TOKEN_KEY_OVERLAP);
        assert!(BALANCE_AGE_MAX < BALANCE_WRITTEN_AFTER && BALANCE_WRITTEN_AFTER < BALANCE_READ_EVERY);
        // Two rounds may fail, or end a while late.
        assert!(BALANCE_READ_EVERY.plus(BALANCE_READ_EVERY).plus(BALANCE_AGE_MAX) < SHARE_BALANCE_AGE_MAX);
        assert!(GUESS_WAIT_MAX < ADDRESS_GUESSES_FORGOTTEN_AFTER);
        assert!(shows_after(Millis::seconds(5)) < SLOT);
        let passes = i64::try_from(LOOK_MARKETS_IN_ALL_MAX.div_ceil(LOOK_MARKETS_PER_PASS)).unwrap();
        assert!(passes * SLOT.get() < LOOK_WITHIN.get() && LOOK_FOR < SUBMIT_TIMEOUT);
    }
}

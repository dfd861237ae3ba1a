//! Alerts that name a route, shared out between two accounts: with every fault at every place, and every pair of them.
#![allow(clippy::unwrap_used, reason = "assertions")]

use domain::alert::Side;
use domain::delivery::VerdictKind;
use domain::money::Rate;
use domain::route::{FeeSource, ReckonedFee};
use domain::token::Grant;
use domain::vault::Mode;
use sim::{AlertText, Seen, alert, exhaustive, s, scenario, stories};

stories! {
    exhaustive;

    an_alert_is_shared_out_once_and_each_part_is_traded => |story| story
        .routed(true)
        .order_quote_max("60")
        .post(s(0), &routed("a"))
        .climbs()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(verdicts(seen), ["accepted opened", "accepted opened", "accepted routed"]);
            assert_eq!(quantities(seen), ["0.40298", "0.59701"]);
            assert_eq!(seen.exits(), ["take_profit", "take_profit"]);
        });

    an_exit_closes_what_a_route_has_opened_everywhere => |story| story
        .routed(true)
        .order_quote_max("60")
        .post(s(0), &routed("a"))
        .post(s(30), &routed("b").exit())
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let closed = verdicts(seen).iter().filter(|verdict| *verdict == "accepted closing").count();
            assert_eq!((closed, seen.exits()), (2, vec!["signal", "signal"]));
        });

    an_exit_that_overtakes_a_part_leaves_none_open => |story| story
        .routed(true)
        .order_quote_max("60")
        .post(s(0), &routed("a").sent_at("2025-10-09T08:53:50Z"))
        .post(s(1), &routed("b").exit().sent_at("2025-10-09T08:53:55Z"))
        .ends("flat", Seen::is_flat);
}

fn routed(id: &str) -> AlertText {
    alert().id(id).route("best")
}

fn verdicts(seen: &Seen) -> Vec<String> {
    let mut verdicts = seen.verdicts();
    verdicts.sort();
    verdicts
}

/// What each group has bought.
fn quantities(seen: &Seen) -> Vec<String> {
    let bought = seen.positions.iter().map(|position| position.ledger().unwrap().bought.to_string());
    let mut bought: Vec<_> = bought.collect();
    bought.sort();
    bought
}

/// Account's label, or the reason that it was left out with.
fn shared(seen: &Seen) -> (usize, Vec<String>) {
    let routing = seen.deliveries.iter().find_map(|one| one.verdict.as_ref()?.routing.clone()).unwrap();
    (routing.parts.len(), routing.left_out.into_iter().map(|out| out.reason).collect())
}

#[test]
fn without_a_split_one_account_buys_the_whole_and_the_first_where_it_costs_the_same() {
    let seen = sim::calm(&scenario("one").routed(false).post(s(0), &routed("a")).climbs().ends("flat", Seen::is_flat));
    assert_eq!(verdicts(&seen), ["accepted opened", "accepted routed"]);
    assert_eq!((quantities(&seen), shared(&seen)), (vec!["1".to_owned()], (1, vec!["dearer".to_owned()])));
    assert_eq!(seen.positions[0].group.account, seen.account.id);
    let none = sim::calm(&scenario("none").routed(false).order_quote_max("60").post(s(0), &routed("a")));
    assert_eq!((verdicts(&none), none.positions.len()), (vec!["refused account_limits".to_owned()], 0));
}

/// Rates of an account of its own, where its venue has told them lately; else what the market says. Which it was is told, and
/// what was reckoned with is wanted of both.
#[test]
fn the_account_that_pays_less_itself_buys_as_long_as_that_is_known() {
    let check = |rate: &'static str, hours: i64, buys: &str, source: FeeSource| {
        let story = scenario("tier").routed(false).other_pays(rate, s(hours * 3_600)).post(s(0), &routed("a"));
        let seen = sim::calm(&story);
        let routing = seen.deliveries.iter().find_map(|one| one.verdict.as_ref()?.routing.clone()).unwrap();
        let [part] = &routing.parts[..] else { unreachable!("{routing:?}") };
        let fee = part.figures.unwrap().fee.unwrap();
        assert_eq!(fee, ReckonedFee::of((source == FeeSource::Account).then(|| rate.parse().unwrap()), published()));
        let label = if part.account == seen.account.id { "default" } else { "other" };
        assert_eq!(label, buys, "{rate} told {hours} hours ago");
        let told =
            seen.deliveries.iter().find_map(|one| one.verdict.as_ref()?.detail.clone().filter(|_| one.part.is_none()));
        let own = if source == FeeSource::Account { "with its own fee" } else { "with the fee" };
        assert!(told.as_ref().unwrap().ends_with(own), "{told:?}");
        assert_eq!(seen.account.fees.wanted.keys().map(ToString::to_string).collect::<Vec<_>>(), ["BTC/USDT"]);
    };
    check("0.0004", 1, "other", FeeSource::Account);
    check("0.0004", 47, "other", FeeSource::Account);
    check("0.0004", 49, "default", FeeSource::Published);
    check("0.002", 1, "default", FeeSource::Published);
}

fn published() -> Rate {
    "0.001".parse().unwrap()
}

#[test]
fn a_pause_that_is_asked_for_when_books_are_read_is_kept_and_told() {
    let story = scenario("heard").routed(false).asks_for_pause_when_read(s(0), s(4)).post(s(1), &routed("a"));
    let seen = sim::calm(&story);
    let until = seen.account.venue_paused_until.unwrap().since(seen.deliveries[0].at.first_at);
    assert!((60_000..62_000).contains(&until.get()), "{until:?}");
    assert_eq!((seen.verdicts(), seen.pauses), (vec!["refused no_book".to_owned()], 2), "each account has its own");
}

/// That it cannot be noted whose fee is wanted costs no alert.
#[test]
fn what_cannot_be_noted_of_fees_changes_no_decision() {
    let story = scenario("noted").routed(false).outage("write ACC# A wish#", s(0), s(600)).post(s(5), &routed("a"));
    let seen = sim::calm(&story);
    assert_eq!(
        (verdicts(&seen), seen.account.fees.wanted.len()),
        (vec!["accepted opened".to_owned(), "accepted routed".to_owned()], 0)
    );
}

#[test]
fn a_halt_of_all_accounts_refuses_with_its_own_word() {
    let seen = sim::calm(&scenario("halted").routed(true).halt(s(0)).post(s(5), &routed("a")));
    assert_eq!(
        (verdicts(&seen), shared(&seen)),
        (vec!["refused halted".to_owned()], (0, vec!["halted".to_owned(); 2]))
    );
}

#[test]
fn whatever_becomes_of_a_routed_alert_its_verdict_says_the_mode_of_its_accounts() {
    let adds = |id: &str| routed(id).pyramids(2, "0", "any", "together");
    let stories = [
        (scenario("routed").routed(true).post(s(0), &routed("a")), "accepted routed"),
        (scenario("halted").routed(true).halt(s(0)).post(s(5), &routed("a")), "refused halted"),
        (scenario("unset").routed(true).post(s(0), &routed("a").preset("gone")), "rejected unknown_preset"),
        (
            scenario("sized")
                .routed(true)
                .order_quote_max("60")
                .post(s(0), &adds("a"))
                .post(s(30), &adds("b").quote("20")),
            "refused addition_sized",
        ),
        (
            scenario("unfit")
                .routed(false)
                .open_groups_max(1)
                .post(s(0), &routed("a"))
                .outage("read_books", s(20), s(90))
                .post(s(30), &routed("b").timeframe("60")),
            "refused no_account_fits",
        ),
    ];
    for (story, expected) in stories {
        let seen = sim::calm(&story);
        assert!(verdicts(&seen).contains(&expected.to_owned()), "{:?}", seen.verdicts());
        assert!(seen.deliveries.iter().all(|one| one.mode() == Some(Mode::Paper)), "{expected}: {:?}", seen.deliveries);
    }
    let seen = sim::calm(&scenario("unknown").routed(true).post(s(0), &alert().id("a").route("gone")));
    assert_eq!(seen.deliveries[0].mode(), None, "of no account");
}

#[test]
fn a_short_is_refused_with_a_word_of_its_own_where_the_market_can_be_short() {
    let short = scenario("short").routed(false).contracts(Side::Short, 2).post(s(0), &routed("a"));
    assert_eq!(verdicts(&sim::calm(&short)), ["refused route_buys_only"]);
}

#[test]
fn books_that_do_not_come_are_named_and_nothing_is_bought_by_guess() {
    let seen = sim::calm(&scenario("away").routed(true).outage("read_books", s(0), s(60)).post(s(5), &routed("a")));
    assert_eq!(
        (verdicts(&seen), shared(&seen)),
        (vec!["refused no_book".to_owned()], (0, vec!["no_book".to_owned(); 2]))
    );
}

#[test]
fn a_route_that_is_not_kept_trades_nothing_and_no_route_is_meant_by_itself() {
    let seen = sim::calm(&scenario("unknown").routed(true).post(s(0), &alert().id("a").route("gone")));
    assert_eq!(verdicts(&seen), ["rejected unknown_route"]);
    let seen = sim::calm(&scenario("plain").routed(true).post(s(0), &alert().id("a")).climbs());
    assert_eq!((verdicts(&seen), seen.positions.len()), (vec!["accepted opened".to_owned()], 1));
    let bound = sim::calm(&scenario("bound").post(s(0), &routed("a")));
    assert_eq!(verdicts(&bound), ["rejected account_not_allowed"]);
}

#[test]
fn safety_orders_are_shared_out_as_the_base_order_is() {
    let ladder = routed("a").ladder(2, "2");
    let seen = sim::calm(&scenario("ladder").routed(true).order_quote_max("120").post(s(0), &ladder));
    assert_eq!(seen.positions.len(), 2, "{:?}", seen.verdicts());
    let exposure: Vec<_> = seen.positions.iter().map(|position| position.exposure().unwrap().get()).collect();
    let whole: domain::money::Decimal = exposure.iter().sum();
    let (most, limit): (domain::money::Decimal, _) = ("200".parse().unwrap(), "120".parse().unwrap());
    assert!(whole <= most && exposure.iter().all(|one| *one <= limit), "{exposure:?}");
}

#[test]
fn what_is_open_comes_before_what_could_be_entered() {
    let story = scenario("live").routed(true).order_quote_max("60").post(s(0), &routed("a")).post(s(30), &routed("b"));
    let seen = sim::calm(&story);
    let live = verdicts(&seen).iter().filter(|verdict| *verdict == "refused already_live").count();
    assert_eq!((live, seen.positions.len()), (2, 2), "{:?}", seen.verdicts());
    let adds = |id: &str| routed(id).pyramids(2, "0", "any", "together");
    let story = scenario("sized").routed(true).order_quote_max("60").post(s(0), &adds("a"));
    let seen = sim::calm(&story.post(s(30), &adds("b").quote("20")));
    assert!(verdicts(&seen).contains(&"refused addition_sized".to_owned()), "{:?}", seen.verdicts());
    let routed =
        seen.deliveries.iter().filter(|one| one.verdict.as_ref().is_some_and(|v| v.kind == VerdictKind::Refused));
    assert_eq!(routed.count(), 1, "nothing of it is added anywhere");
}

/// What a token may spend at once is for all accounts of a route together.
#[test]
fn a_token_that_may_spend_so_much_adds_to_no_two_positions_at_once() {
    let bounded = || Grant { order_quote_max: Some("500".parse().unwrap()), ..Grant::default() };
    let adds = |id: &str| routed(id).pyramids(2, "0", "any", "together");
    let story = scenario("bounded").routed(true).order_quote_max("60").token_may(bounded).post(s(0), &adds("a"));
    let seen = sim::calm(&story.post(s(30), &adds("b")));
    assert!(verdicts(&seen).contains(&"refused addition_bounded".to_owned()), "{:?}", seen.verdicts());
}

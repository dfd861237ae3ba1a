//! Entries that are added, shares that are sold, and sides that turn, with faults at every place.

use sim::{AlertText, Seen, alert, ms, s, single_faults, stories};

stories! {
    single_faults;

    a_pyramid_joins_and_everything_is_sold_at_once => |story| story
        .post(s(0), &together().id("a"))
        .price(s(6), "103")
        .post(s(8), &together().id("b"))
        .climbs_from(s(75))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted pyramid_added"]);
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "entry filled", "tp#1 filled"]);
            assert_eq!(seen.exits(), ["take_profit"]);
        });

    a_pyramid_that_stands_alone_is_stopped_alone => |story| story
        .post(s(0), &alone().id("a"))
        .price(s(6), "110")
        .post(s(8), &alone().id("b"))
        .price(s(28), "104")
        .price(s(88), "94")
        .price(s(148), "88")
        .price(s(208), "80")
        .price(s(268), "70")
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted pyramid_added"]);
            assert_eq!(seen.parts(), ["part stop_loss", "part stop_loss"]);
            assert_eq!(seen.orders().iter().filter(|order| *order == "exit filled").count(), 2, "each its own");
            assert_eq!(seen.exits(), ["stop_loss"]);
        });

    an_exit_closes_all_pyramids => |story| story
        .post(s(0), &alone().id("a"))
        .post(s(8), &alone().id("b"))
        .post(s(18), &alert().exit())
        .price(s(88), "94")
        .price(s(148), "88")
        .price(s(208), "80")
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted pyramid_added", "accepted closing"]);
            assert_eq!(seen.orders().iter().filter(|order| *order == "exit filled").count(), 1, "one way out");
            assert_eq!(seen.exits(), ["signal"]);
        });

    a_pyramid_has_its_own_ladder => |story| story
        .post(s(0), &together().ladder(1, "2").id("a"))
        .post(s(8), &together().ladder(2, "1").id("b"))
        .price(s(28), "97.5")
        .climbs_from(s(88))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted pyramid_added"]);
            let orders = seen.orders();
            assert_eq!(orders.iter().filter(|order| *order == "leg filled").count(), 3, "{orders:?}");
            assert_eq!(seen.exits(), ["take_profit"]);
        });

    an_addition_that_is_not_bought_gives_back_its_exposure_and_its_place => |story| story
        .venue_has("150")
        .post(s(0), &together().pyramids(1, "0", "any", "together").id("a"))
        .post(ms(1_500), &together().id("b"))
        .post(ms(2_300), &together().id("c"))
        .post(s(24), &together().id("d"))
        .ends("one group's exposure at the most", |seen| seen.account.exposure <= "100".parse().unwrap())
        .calm(|seen| {
            let short = "refused insufficient_balance";
            let decided = ["accepted opened", short, short, short];
            assert_eq!(seen.verdicts(), decided, "the second try is no second pyramid");
            // The first pass asks the venue again: from then on nothing is decided on a balance that is not there.
            assert_eq!(seen.parts(), ["part not_entered", "part not_entered"]);
            assert_eq!((seen.exits(), seen.account.exposure), (vec!["-"], "100".parse().unwrap()));
        });

    one_alert_adds_once_however_often_it_comes => |story| story
        .post(s(0), &together().id("a"))
        .post(s(8), &together().id("b"))
        .post(ms(8_001), &together().id("b"))
        .post(s(14), &together().id("b"))
        .ends("one addition at the most", |seen| {
            seen.positions.iter().all(|position| position.group.pyramids.added.len() <= 1)
        })
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted pyramid_added"]);
            assert_eq!(seen.positions[0].group.pyramids.added.len(), 1);
        });

    a_share_is_sold_and_the_take_profit_comes_back_for_the_rest => |story| story
        .post(s(0), &alert().id("a"))
        .post(s(8), &alert().shrinks("0.75", "1").id("b"))
        .climbs_from(s(75))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted reducing"]);
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "reduce#1 filled", "tp#1 filled"]);
            let told = seen.deliveries[1].verdict.as_ref().and_then(|verdict| verdict.detail.clone());
            assert_eq!(told.as_deref(), Some("selling 0.25 of 1 held"));
            assert_eq!(seen.sold(), "1".parse().unwrap());
        });

    a_reversal_is_decided_anew_when_it_has_closed => |story| story
        .can_short()
        .post(s(0), &alert().id("a"))
        .post(s(8), &alert().reversed().id("b"))
        .climbs_from(s(75))
        .ends("settled", |seen| seen.is_flat() && !seen.verdicts().iter().any(|verdict| verdict.starts_with("queued")))
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "refused market_cannot_short"]);
            assert_eq!(seen.exits(), ["signal"]);
        });
}

/// With a take-profit that waits for the others, and no price in the way.
fn together() -> AlertText {
    alert().steps("average", &[("4", "100")]).pyramids(3, "0", "any", "together")
}

fn alone() -> AlertText {
    alert().steps("average", &[("60", "100")]).stop("5").pyramids(3, "0", "any", "alone")
}

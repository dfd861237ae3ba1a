//! What an account is set to before its first order.

use super::super::World;
use super::{at, market};
use crate::server::{Heard, Reply, Server, json, text};
use app::ports::Unprepared;
use domain::market::Leverage;
use domain::reason::Reason;
use std::sync::Arc;
use venues::native::{Native, words};

const DONE: &str = r#"{"code":200,"msg":"success"}"#;
const LENT: &str = r#"{"leverage":5,"maxNotionalValue":"1000000","symbol":"BTCUSDT"}"#;

/// What is answered by path; nothing else is expected.
struct Said(Vec<(&'static str, u16, String)>);

fn set(hedge: bool, margin: &str, leverage: u32) -> Said {
    let account = format!(
        r#"{{"feeTier":0,"canTrade":true,"canDeposit":true,"canWithdraw":true,"dualSidePosition":{hedge},
        "updateTime":0,"multiAssetsMargin":false,"tradeGroupId":-1}}"#
    );
    let market = format!(
        r#"[{{"symbol":"BTCUSDT","marginType":"{margin}","isAutoAddMargin":"false","leverage":{leverage},
        "maxNotionalValue":"1000000"}}]"#
    );
    Said(vec![("/fapi/v1/accountConfig", 200, account), ("/fapi/v1/symbolConfig", 200, market)])
}

impl Said {
    fn to(mut self, path: &'static str, status: u16, body: &str) -> Self {
        self.0.push((path, status, body.to_owned()));
        self
    }

    async fn world(self) -> World {
        let said = Arc::new(self.0);
        let reply = move |heard: &Heard| -> Reply {
            let found = said.iter().find(|(path, ..)| *path == heard.path());
            found.map_or_else(|| text(599, "nobody expected this"), |(_, status, body)| json(*status, body))
        };
        at(Server::start(reply).await)
    }
}

async fn prepare(world: &World) -> Result<(), Unprepared> {
    world.binance.prepare(&world.login, &market(), Leverage::new(5).unwrap()).await
}

/// What was told, in its order; what was read before stands in any.
fn told(world: &World) -> Vec<String> {
    let mut reads: Vec<String> = world.heard().into_iter().filter(|line| line.starts_with("GET")).collect();
    reads.sort();
    assert_eq!(reads, ["GET /fapi/v1/accountConfig", "GET /fapi/v1/symbolConfig?symbol=BTCUSDT"]);
    world.heard().into_iter().filter(|line| line.starts_with("POST")).collect()
}

const ONE_WAY: &str = "POST /fapi/v1/positionSide/dual?dualSidePosition=false";
const ISOLATED: &str = "POST /fapi/v1/marginType?symbol=BTCUSDT&marginType=ISOLATED";
const FIVE: &str = "POST /fapi/v1/leverage?symbol=BTCUSDT&leverage=5";

#[tokio::test]
async fn only_what_is_otherwise_is_told() {
    async fn check(said: Said, wanted: &[&str]) {
        let said = said.to("/fapi/v1/positionSide/dual", 200, DONE).to("/fapi/v1/marginType", 200, DONE);
        let world = said.to("/fapi/v1/leverage", 200, LENT).world().await;
        assert_eq!(prepare(&world).await, Ok(()));
        assert_eq!(told(&world), wanted);
    }
    check(set(false, "ISOLATED", 5), &[]).await;
    check(set(true, "CROSSED", 20), &[ONE_WAY, ISOLATED, FIVE]).await;
    check(set(false, "ISOLATED", 20), &[FIVE]).await;
    check(set(false, "CROSSED", 5), &[ISOLATED]).await;
}

#[tokio::test]
async fn that_it_is_so_already_is_as_good() {
    let said = set(true, "CROSSED", 5)
        .to("/fapi/v1/positionSide/dual", 400, r#"{"code":-4059,"msg":"No need to change position side."}"#)
        .to("/fapi/v1/marginType", 400, r#"{"code":-4046,"msg":"No need to change margin type."}"#);
    let world = said.world().await;
    assert_eq!(prepare(&world).await, Ok(()));
    assert_eq!(told(&world), [ONE_WAY, ISOLATED]);
}

#[tokio::test]
async fn what_cannot_be_set_is_refused_by_a_stable_word_and_nothing_more_is_told() {
    async fn check(path: &'static str, code: i64, message: &str, word: Reason) {
        let no = format!(r#"{{"code":{code},"msg":"{message}"}}"#);
        let world = set(true, "CROSSED", 20).to(path, 400, &no);
        let rest = world.to("/fapi/v1/positionSide/dual", 200, DONE).to("/fapi/v1/marginType", 200, DONE);
        let world = rest.to("/fapi/v1/leverage", 200, LENT).world().await;
        let Err(Unprepared::Refused(refusal)) = prepare(&world).await else { panic!("{code}") };
        assert_eq!((refusal.code, refusal.detail), (word.into(), format!("{code}: {message}")));
        assert!(told(&world).last().is_some_and(|last| last.contains(path)), "{:?}", told(&world));
    }
    let (dual, margin, leverage) = ("/fapi/v1/positionSide/dual", "/fapi/v1/marginType", "/fapi/v1/leverage");
    check(dual, -4067, "Position side cannot be changed if there exists open orders.", words::POSITION_MODE).await;
    check(dual, -4068, "Position side cannot be changed if there exists position.", words::POSITION_MODE).await;
    check(dual, -4531, "It cannot be changed with open positions of the other kind.", words::POSITION_MODE).await;
    check(margin, -4047, "Margin type cannot be changed if there exists open orders.", words::MARGIN_MODE).await;
    check(margin, -4048, "Margin type cannot be changed if there exists position.", words::MARGIN_MODE).await;
    check(margin, -4168, "Unable to adjust to isolated-margin mode under the Multi-Assets mode.", words::MARGIN_MODE)
        .await;
    check(leverage, -4028, "Leverage 5 is not valid", words::LEVERAGE).await;
    check(
        leverage,
        -4161,
        "Leverage reduction is not supported in Isolated Margin Mode with open positions.",
        words::LEVERAGE,
    )
    .await;
    check(leverage, -2028, "Leverage is smaller than permitted: insufficient margin balance.", words::LEVERAGE).await;
}

#[tokio::test]
async fn what_says_nothing_of_the_settings_is_asked_again() {
    async fn check(said: Said) {
        let world = said.world().await;
        let told = prepare(&world).await;
        assert!(matches!(told, Err(Unprepared::Away(_))), "{told:?}");
    }
    let whole = || set(false, "ISOLATED", 20);
    check(Said(Vec::new())).await;
    check(Said(set(false, "ISOLATED", 5).0.into_iter().skip(1).collect())).await;
    check(whole().to("/fapi/v1/leverage", 400, r#"{"code":-1021,"msg":"Timestamp for this request is outside."}"#))
        .await;
    check(whole().to(
        "/fapi/v1/leverage",
        503,
        r#"{"code":-4028,"msg":"Leverage 5 is not valid"}"#.replace("-4028", "-1000").as_str(),
    ))
    .await;
    check(whole().to(
        "/fapi/v1/leverage",
        401,
        r#"{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}"#,
    ))
    .await;
    // What was lent is what counts.
    check(whole().to("/fapi/v1/leverage", 200, &LENT.replace("\"leverage\":5", "\"leverage\":4"))).await;
    let other = Said(
        set(false, "ISOLATED", 5)
            .0
            .into_iter()
            .map(|(path, status, body)| (path, status, body.replace("BTCUSDT", "ETHUSDT")))
            .collect(),
    );
    check(other).await;
}

//! The examples that the exchanges print in their own documentation are signed as the simulator checks them.

use crate::trader::trader;
use serde_json::Value;
use venue_sim::site::SiteName;
use venue_sim::{Settings, Simulator, Start};

const WINDOW: &str = ", nonce_window = 10000000";

/// The default settings, with these keys instead of made ones, and without a window: a number that came before is refused.
fn with_key(venue: &str, id: &str, secret: &str) -> Settings {
    let text = venue_sim::settings::DEFAULT;
    let (before, account) = text.split_once(&format!("[[account]]\nvenue = \"{venue}\"")).unwrap();
    let own = format!("{{ name = \"main\", id = \"{id}\", secret = \"{secret}\", rights");
    let account = account.replacen("{ name = \"main\", rights", &own, 1);
    let mut settings = format!("{before}[[account]]\nvenue = \"{venue}\"{account}").replacen(WINDOW, "", 1);
    if venue == "binance" {
        // The example's market and price are not of these days.
        settings = settings.replacen(r#"{ base = "BTC", quote = "USDT", rules = "btc", price = "64000.00" },"#, LTC, 1);
        settings = settings.replacen("[rules.eth]", RULES, 1);
        settings = settings.replacen("{ USDT =", "{ BTC = \"1\", USDT =", 1).replacen(", BTC = \"2\"", "", 1);
    }
    Settings::parse(&settings).unwrap()
}

const LTC: &str = r#"{ base = "LTC", quote = "BTC", rules = "ltc", price = "0.11" },"#;
const RULES: &str = r#"[rules.ltc]
tick = "0.01"
step = "1"
quantity_min = "1"
quantity_max = "9"
market_quantity_max = "9"
notional_min = "0.01"
notional_max = "9"
price_factor_max = "5"
price_factor_min = "0.2"
orders_max = 9
algo_orders_max = 9
spread_ticks = 1

[rules.eth]"#;

#[tokio::test]
async fn the_order_that_binance_signs_as_an_example_is_taken() {
    let id = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
    let settings = with_key("binance", id, "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j");
    let simulator = Simulator::start(&settings, Start::default()).await.unwrap();
    let mut trader = trader().await;
    trader.sim = simulator;
    let offset = 1_499_827_319_559 - trader.sim.world().now();
    trader.sim.world().clock_offset = offset;
    let order = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559";
    let signature = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71";
    let sent = format!("/api/v3/order?{order}&signature={signature}");
    let (status, said) = trader.ask("POST", &sent, id, "").await.unwrap();
    assert_eq!((status, said["status"].as_str()), (200, Some("NEW")), "{said}");
    // The same, parted between the query and the body, is signed without anything between; letters may be of either case.
    trader.sim.world().clock_offset = offset;
    let (query, body) = order.split_once("&quantity").unwrap();
    let (path, body) =
        (format!("/api/v3/order?{query}"), format!("&quantity{body}&signature={}", signature.to_uppercase()));
    let (status, said) = trader.ask("POST", &path, id, &body).await.unwrap();
    assert_eq!((status, said["status"].as_str()), (200, Some("NEW")), "{said}");
}

#[tokio::test]
async fn the_order_that_kraken_signs_as_an_example_is_taken_once() {
    let secret = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
    let simulator = Simulator::start(&with_key("kraken", "mine", secret), Start::default()).await.unwrap();
    let url = format!("{}/0/private/AddOrder", simulator.url());
    let signature = "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==";
    let order = "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25";
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut said = Vec::new();
    for _ in 0..2 {
        let sent = http.post(&url).header("API-Key", "mine").header("API-Sign", signature).body(order).send();
        let text = sent.await.unwrap().text().await.unwrap();
        said.push(serde_json::from_str::<Value>(&text).unwrap());
    }
    assert_eq!(said[0]["result"]["descr"]["order"], "buy 1.25000000 XBTUSD @ limit 37500.0", "{said:?}");
    assert_eq!(said[1]["error"][0], "EAPI:Invalid nonce");
    assert_eq!(simulator.world().sites[&SiteName::Kraken].exchange.orders.len(), 1);
}

//! The exchanges that the library knows, each compiled in by the cargo feature of its name.
//!
//! The library speaks of any failure by a panic. Here it becomes an error, and says nothing on its way.

use super::told::Told;
use ccxt_base::exchange::{DerivedExchange, Exchange};
use ccxt_base::exchange_generated::ExchangeBase;
use ccxt_base::runtime::catch_typed;
use ccxt_base::{ExchangeError, Value};
use std::cell::Cell;
use std::pin::pin;
use std::sync::Once;
use std::task::{Context, Poll, Waker};

/// One exchange of the library.
pub(super) trait Core: Send {
    fn library(&mut self) -> &mut Exchange;

    /// Calls a method of the library by its name. It never waits: nothing that is called so reaches a network.
    ///
    /// # Errors
    /// What the library throws.
    fn call(&mut self, method: &str, args: Vec<Value>) -> Result<Value, ExchangeError>;

    /// What the library says is wrong with an answer.
    ///
    /// # Errors
    /// The failure that the exchange tells of, by its status or in its body.
    fn judge(&mut self, told: &Told) -> Result<(), ExchangeError>;
}

impl<T: ExchangeBase> Core for T {
    fn library(&mut self) -> &mut Exchange {
        self
    }

    fn call(&mut self, method: &str, args: Vec<Value>) -> Result<Value, ExchangeError> {
        let polled = quietly(|| {
            let mut called = pin!(self.call_dynamic(method, args));
            called.as_mut().poll(&mut Context::from_waker(Waker::noop()))
        })?;
        match polled {
            Poll::Ready(value) => Ok(value),
            Poll::Pending => Err(ExchangeError::new("NotSupported", "the library waits where it should not")),
        }
    }

    fn judge(&mut self, told: &Told) -> Result<(), ExchangeError> {
        let Told { status, url, method, headers, body, json } = told.clone();
        let (status, reason) = (Value::Int(i64::from(status)), Value::from(""));
        quietly(|| {
            let known = DerivedExchange::handle_errors(
                self,
                status.clone(),
                reason.clone(),
                url.clone(),
                method.clone(),
                headers,
                body.clone(),
                json,
                Value::Null,
                Value::Null,
            );
            if known == Value::Null {
                self.handle_http_status_code(status, reason, url, method, body);
            }
        })
    }
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs the library: a panic of it is an error, and no line on the standard error, where what it holds would be logged.
fn quietly<T>(run: impl FnOnce() -> T) -> Result<T, ExchangeError> {
    static HOOKED: Once = Once::new();
    HOOKED.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    QUIET.set(true);
    let ran = catch_typed(run);
    QUIET.set(false);
    ran
}

macro_rules! cores {
    ($($id:literal $module:ident $core:ident)*) => {
        /// Those that are compiled in.
        pub(super) const COMPILED: &[&str] = &[$(#[cfg(feature = $id)] $id,)*];

        /// None where it is not compiled in, or cannot be made of this configuration.
        pub(super) fn make(id: &str, config: &Value) -> Option<Box<dyn Core>> {
            let made = match id {
                $(#[cfg(feature = $id)]
                $id => quietly(|| -> Box<dyn Core> {
                    Box::new(ccxt_base::exchanges::$module::$core::new(Some(config.clone())))
                }),)*
                _ => return None,
            };
            made.ok()
        }
    };
}

#[rustfmt::skip]
cores! {
    "alpaca" alpaca AlpacaCore
    "apex" apex ApexCore
    "aster" aster AsterCore
    "backpack" backpack BackpackCore
    "bequant" bequant BequantCore
    "bigone" bigone BigoneCore
    "binancecoinm" binancecoinm BinancecoinmCore
    "binanceus" binanceus BinanceusCore
    "binanceusdm" binanceusdm BinanceusdmCore
    "bingx" bingx BingxCore
    "bit2c" bit2c Bit2cCore
    "bitbank" bitbank BitbankCore
    "bitbns" bitbns BitbnsCore
    "bitfinex" bitfinex BitfinexCore
    "bitflyer" bitflyer BitflyerCore
    "bitget" bitget BitgetCore
    "bithumb" bithumb BithumbCore
    "bitopro" bitopro BitoproCore
    "bitrue" bitrue BitrueCore
    "bitso" bitso BitsoCore
    "bitstamp" bitstamp BitstampCore
    "bitteam" bitteam BitteamCore
    "bittrade" bittrade BittradeCore
    "bitvavo" bitvavo BitvavoCore
    "blockchaincom" blockchaincom BlockchaincomCore
    "blofin" blofin BlofinCore
    "btcbox" btcbox BtcboxCore
    "btcmarkets" btcmarkets BtcmarketsCore
    "btcturk" btcturk BtcturkCore
    "btse" btse BtseCore
    "bullish" bullish BullishCore
    "bybit" bybit BybitCore
    "bybiteu" bybiteu BybiteuCore
    "bybitid" bybitid BybitidCore
    "bydfi" bydfi BydfiCore
    "cex" cex CexCore
    "coinbaseexchange" coinbaseexchange CoinbaseexchangeCore
    "coinbaseinternational" coinbaseinternational CoinbaseinternationalCore
    "coincheck" coincheck CoincheckCore
    "coinmate" coinmate CoinmateCore
    "coinone" coinone CoinoneCore
    "coinsph" coinsph CoinsphCore
    "coinspot" coinspot CoinspotCore
    "cryptocom" cryptocom CryptocomCore
    "cryptomus" cryptomus CryptomusCore
    "deepcoin" deepcoin DeepcoinCore
    "delta" delta DeltaCore
    "deribit" deribit DeribitCore
    "derive" derive DeriveCore
    "digifinex" digifinex DigifinexCore
    "dydx" dydx DydxCore
    "extended" extended ExtendedCore
    "fmfwio" fmfwio FmfwioCore
    "foxbit" foxbit FoxbitCore
    "gate" gate GateCore
    "gateeu" gateeu GateeuCore
    "gemini" gemini GeminiCore
    "grvt" grvt GrvtCore
    "hashkey" hashkey HashkeyCore
    "hibachi" hibachi HibachiCore
    "hitbtc" hitbtc HitbtcCore
    "hollaex" hollaex HollaexCore
    "htx" htx HtxCore
    "hyperliquid" hyperliquid HyperliquidCore
    "independentreserve" independentreserve IndependentreserveCore
    "indodax" indodax IndodaxCore
    "krakenfutures" krakenfutures KrakenfuturesCore
    "kucoin" kucoin KucoinCore
    "kucoinfutures" kucoinfutures KucoinfuturesCore
    "latoken" latoken LatokenCore
    "lbank" lbank LbankCore
    "lighter" lighter LighterCore
    "luno" luno LunoCore
    "mercado" mercado MercadoCore
    "mexc" mexc MexcCore
    "modetrade" modetrade ModetradeCore
    "mudrex" mudrex MudrexCore
    "myokx" myokx MyokxCore
    "nado" nado NadoCore
    "ndax" ndax NdaxCore
    "okx" okx OkxCore
    "okxus" okxus OkxusCore
    "onetrading" onetrading OnetradingCore
    "p2b" p2b P2bCore
    "pacifica" pacifica PacificaCore
    "paradex" paradex ParadexCore
    "paymium" paymium PaymiumCore
    "phemex" phemex PhemexCore
    "poloniex" poloniex PoloniexCore
    "polymarket" polymarket PolymarketCore
    "revolutx" revolutx RevolutxCore
    "tokocrypto" tokocrypto TokocryptoCore
    "toobit" toobit ToobitCore
    "upbit" upbit UpbitCore
    "weex" weex WeexCore
    "whitebit" whitebit WhitebitCore
    "woo" woo WooCore
    "woofipro" woofipro WoofiproCore
    "xt" xt XtCore
    "zaif" zaif ZaifCore
    "zebpay" zebpay ZebpayCore
}

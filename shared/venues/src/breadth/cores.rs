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
    ($($id:literal $module:ident $core:ident $home:literal)*) => {
        /// Those that are compiled in.
        pub(super) const COMPILED: &[&str] = &[$(#[cfg(feature = $id)] $id,)*];

        /// The domain of its own servers: no key of its users is told to any other.
        pub(super) fn home(id: &str) -> Option<&'static str> {
            match id {
                $(#[cfg(feature = $id)]
                $id => Some($home),)*
                _ => None,
            }
        }

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
    "bequant" bequant BequantCore "bequant.io"
    "bigone" bigone BigoneCore "big.one"
    "binanceus" binanceus BinanceusCore "binance.us"
    "bingx" bingx BingxCore "bingx.com"
    "bitget" bitget BitgetCore "bitget.com"
    "bitstamp" bitstamp BitstampCore "bitstamp.net"
    "blockchaincom" blockchaincom BlockchaincomCore "blockchain.com"
    "btcmarkets" btcmarkets BtcmarketsCore "btcmarkets.net"
    "bybit" bybit BybitCore "bybit.com"
    "bybiteu" bybiteu BybiteuCore "bybit.eu"
    "bybitid" bybitid BybitidCore "bybit.id"
    "coinsph" coinsph CoinsphCore "coins.ph"
    "cryptocom" cryptocom CryptocomCore "crypto.com"
    "deepcoin" deepcoin DeepcoinCore "deepcoin.com"
    "delta" delta DeltaCore "delta.exchange"
    "fmfwio" fmfwio FmfwioCore "fmfw.io"
    "gate" gate GateCore "gateio.ws"
    "gateeu" gateeu GateeuCore "gateeu.com"
    "hashkey" hashkey HashkeyCore "hashkey.com"
    "hitbtc" hitbtc HitbtcCore "hitbtc.com"
    "kucoin" kucoin KucoinCore "kucoin.com"
    "latoken" latoken LatokenCore "latoken.com"
    "mexc" mexc MexcCore "mexc.com"
    "myokx" myokx MyokxCore "eea.okx.com"
    "okx" okx OkxCore "www.okx.com"
    "okxus" okxus OkxusCore "us.okx.com"
    "phemex" phemex PhemexCore "phemex.com"
    "poloniex" poloniex PoloniexCore "poloniex.com"
    "tokocrypto" tokocrypto TokocryptoCore "tokocrypto.com"
    "toobit" toobit ToobitCore "toobit.com"
    "weex" weex WeexCore "weex.com"
    "whitebit" whitebit WhitebitCore "whitebit.com"
    "xt" xt XtCore "xt.com"
}

//! Names of exchanges, symbols and timeframes, in all the spellings that alerts use.

use crate::words::words;
use std::fmt;
use std::str::FromStr;

/// A name that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be {0}")]
pub struct BadSymbol(pub(crate) &'static str);

/// Quote assets by which a spelling without a separator is split, longest first.
const QUOTES: [&str; 20] = [
    "FDUSD", "PYUSD", "USDT", "USDC", "BUSD", "TUSD", "USD", "EUR", "GBP", "JPY", "TRY", "BRL", "AUD", "CAD", "CHF",
    "DAI", "BTC", "ETH", "BNB", "XBT",
];

const COINS_AMONG_QUOTES: [&str; 4] = ["BTC", "ETH", "BNB", "XBT"];

/// What some exchanges call so, beside what everybody calls it.
const OWN_NAMES: [(&str, &str); 2] = [("XBT", "BTC"), ("XDG", "DOGE")];

/// Exchanges that are spoken to in their own words.
const SPOKEN: [&str; 4] = ["BINANCE", "BINANCEUSDM", "COINBASE", "KRAKEN"];

/// Exchanges of perpetual contracts are accounts of their own, beside those of the spot exchange of the same house: its name
/// with this behind it.
const PERPETUALS: &str = "USDM";

/// The longest name of an exchange.
const NAME_CHARS_MAX: usize = 32;

/// The house of simulated trades, of coins and of contracts: every deployment has both.
const PAPER: &str = "PAPER";

/// How well a venue is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VenueClass {
    /// Nothing leaves the deployment.
    Paper,
    /// Spoken to by hand: what is sent once and what absence proves has been looked at.
    Native,
    /// Spoken to by a library for a hundred exchanges, as far as it goes.
    BestEffort,
}

words! {
    VenueClass { Paper = "paper", Native = "native", BestEffort = "best_effort" }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// A currency or token, in capitals: `BTC`, `USDT`.
    Asset
);
name!(
    /// A venue's name in capitals, without TradingView's mark for delayed data: `BINANCE`, `PAPER`.
    Exchange
);
name!(
    /// TradingView's interval as it sends it: `5`, `60`, `1D`.
    Timeframe
);

impl Asset {
    /// The currency in which most markets are quoted.
    #[must_use]
    pub fn usdt() -> Self {
        Self("USDT".to_owned())
    }

    /// Whether markets are commonly quoted in it.
    pub fn is_quote(&self) -> bool {
        QUOTES.contains(&self.as_str())
    }

    /// Whether it is a currency, or stands for one: a coin that prices are in as well is none.
    pub fn is_money(&self) -> bool {
        self.is_quote() && !COINS_AMONG_QUOTES.contains(&self.as_str())
    }
}

impl FromStr for Asset {
    type Err = BadSymbol;
    fn from_str(text: &str) -> Result<Self, BadSymbol> {
        let upper = text.to_ascii_uppercase();
        let fits = (1..=16).contains(&upper.len()) && upper.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits { Ok(Self(upper)) } else { Err(BadSymbol("1 to 16 letters and digits")) }
    }
}

impl FromStr for Exchange {
    type Err = BadSymbol;
    fn from_str(text: &str) -> Result<Self, BadSymbol> {
        let upper = text.trim().to_ascii_uppercase();
        let plain = upper.strip_suffix("_DLY").or_else(|| upper.strip_suffix("_DL")).unwrap_or(&upper);
        let fits = (1..=NAME_CHARS_MAX).contains(&plain.len())
            && plain.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
        if fits { Ok(Self(plain.to_owned())) } else { Err(BadSymbol("an exchange name such as BINANCE")) }
    }
}

impl Exchange {
    pub fn is_paper(&self) -> bool {
        self.house() == PAPER
    }

    /// By whom it is spoken to, where it is spoken to at all.
    pub fn class(&self) -> VenueClass {
        match self.as_str() {
            _ if self.is_paper() => VenueClass::Paper,
            name if SPOKEN.contains(&name) => VenueClass::Native,
            _ => VenueClass::BestEffort,
        }
    }

    /// Whose exchange it is: `BYBIT` of `BYBITUSDM`, and of `BYBIT` itself.
    pub fn house(&self) -> &str {
        self.0.strip_suffix(PERPETUALS).filter(|house| !house.is_empty()).unwrap_or(&self.0)
    }

    /// Whether everything that is traded there is a perpetual contract.
    pub fn is_of_perpetuals(&self) -> bool {
        self.house() != self.0
    }

    /// Where perpetual contracts of this house are traded: charts name the house alone.
    fn of_perpetuals(self) -> Self {
        let name = format!("{}{PERPETUALS}", self.house());
        if name.len() <= NAME_CHARS_MAX { Self(name) } else { self }
    }
}

impl FromStr for Timeframe {
    type Err = BadSymbol;
    fn from_str(text: &str) -> Result<Self, BadSymbol> {
        let text = text.trim();
        let fits = (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits { Ok(Self(text.to_owned())) } else { Err(BadSymbol("an interval such as 15, 240 or 1D")) }
    }
}

impl Timeframe {
    /// What somebody writes now: an interval that lasts. What is kept may be older than this rule.
    ///
    /// # Errors
    /// Where it is none, or lasts nothing, as `0` does.
    pub fn lasting(text: &str) -> Result<Self, BadSymbol> {
        let timeframe: Self = text.parse()?;
        let count = timeframe.0.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let lasts = count.is_empty() || count.bytes().any(|digit| digit != b'0');
        if lasts { Ok(timeframe) } else { Err(BadSymbol("an interval above 0 such as 15, 240 or 1D")) }
    }

    /// As TradingView writes it, by whatever name it goes: `60` is `1h` and `60m`, and `1D` is `D`, `1d` and `1440`.
    #[must_use]
    pub fn charted(&self) -> Self {
        const DAY: u32 = 1_440;
        let (digits, unit) = self.0.split_at(self.0.bytes().take_while(u8::is_ascii_digit).count());
        let Ok(count) = (if digits.is_empty() { Ok(1) } else { digits.parse::<u32>() }) else { return self.clone() };
        let minutes = match unit {
            "" | "m" | "min" => Some(count),
            "h" | "H" => count.checked_mul(60),
            "d" | "D" => count.checked_mul(DAY),
            _ => None,
        };
        let weeks = || {
            matches!(unit, "w" | "W")
                .then(|| format!("{count}W"))
                .or_else(|| (unit == "M").then(|| format!("{count}M")))
        };
        let name = match minutes {
            Some(minutes) if minutes > 0 && minutes.is_multiple_of(DAY) => Some(format!("{}D", minutes / DAY)),
            Some(minutes) => Some(minutes.to_string()),
            None => weeks(),
        };
        name.map_or_else(|| self.clone(), Self)
    }
}

/// What is traded: `BTC/USDT`, and for perpetuals `BTC/USDT:USDT`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol {
    pub base: Asset,
    pub quote: Asset,
    pub settle: Option<Asset>,
}

impl FromStr for Symbol {
    type Err = BadSymbol;

    /// Understands `BTC/USDT`, `BTC-USDT`, `BTC_USDT`, `BTCUSDT`, `BINANCE:BTCUSDT`, and of perpetuals `BTC/USDT:USDT`,
    /// `BTCUSDT.P`, `BTCUSDTPERP` and `BTC-USDT-PERP`. What can be cut in several ways is cut before the longest quote.
    fn from_str(text: &str) -> Result<Self, BadSymbol> {
        text.parse().map(|Cuts { first, .. }| first)
    }
}

/// What a text may mean as a symbol. `DOTUSD` is DO/TUSD or DOT/USD: the one that is traded where it is meant counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cuts {
    /// The only one where a separator stands in the text, else the one with the longest quote.
    pub first: Symbol,
    /// By the length of their quotes.
    pub others: Vec<Symbol>,
}

impl FromStr for Cuts {
    type Err = BadSymbol;

    fn from_str(text: &str) -> Result<Self, BadSymbol> {
        let text = text.trim().to_ascii_uppercase();
        let market = match (Symbol::exchange_before(&text), text.split_once(':')) {
            (Some(_), Some((_, market))) => market,
            _ => text.as_str(),
        };
        let (pair, settle) = match market.split_once(':') {
            Some((pair, settle)) if pair.contains('/') => (pair, Some(everybodys(settle)?)),
            _ => (market, None),
        };
        let (pair, perpetual) = without_perpetual(pair).map_or((pair, false), |pair| (pair, true));
        let symbol = |(base, quote): (&str, &str)| {
            let quote = everybodys(quote)?;
            let settle = settle.clone().or_else(|| perpetual.then(|| quote.clone()));
            Ok(Symbol { base: everybodys(base)?, quote, settle })
        };
        let mut cuts = splits(pair).into_iter().map(symbol);
        let first = cuts.next().ok_or(UNREADABLE)??;
        Ok(Self { others: cuts.filter_map(Result::ok).filter(|other| *other != first).collect(), first })
    }
}

impl Cuts {
    pub fn into_all(self) -> impl Iterator<Item = Symbol> {
        [self.first].into_iter().chain(self.others)
    }

    /// The markets of an exchange that may be meant: never none.
    pub fn at(self, exchange: &Exchange) -> Vec<MarketKey> {
        self.into_all().map(|symbol| MarketKey::named(exchange.clone(), symbol)).collect()
    }
}

/// The asset by the name that everybody has for it.
fn everybodys(name: &str) -> Result<Asset, BadSymbol> {
    OWN_NAMES.iter().find(|(own, _)| *own == name).map_or(name, |(_, everybodys)| everybodys).parse()
}

impl Symbol {
    /// `BINANCE` of `BINANCE:BTCUSDT`, whatever it is; the colon of `BTC/USDT:USDT` is the symbol's own.
    pub fn exchange_before(text: &str) -> Option<&str> {
        text.split_once(':').map(|(exchange, _)| exchange).filter(|exchange| !exchange.contains('/'))
    }

    /// The same pair as a contract that is settled in quote, where it does not say what it is settled in.
    fn perpetual(self) -> Self {
        let settle = self.settle.or_else(|| Some(self.quote.clone()));
        Self { settle, ..self }
    }
}

const UNREADABLE: BadSymbol = BadSymbol("a pair such as BTC/USDT or BTCUSDT");

/// One where a separator stands, else one before each quote that it ends with.
fn splits(pair: &str) -> Vec<(&str, &str)> {
    if let Some(split) = pair.split_once(['/', '-', '_']) {
        return vec![split];
    }
    let before = |quote: &&str| pair.strip_suffix(*quote).filter(|base| !base.is_empty());
    QUOTES.iter().filter_map(|quote| Some((before(quote)?, *quote))).collect()
}

/// The pair before the mark of a perpetual; `PERP` is a token too, and a mark only behind a whole pair.
fn without_perpetual(pair: &str) -> Option<&str> {
    if let Some(pair) = pair.strip_suffix(".P") {
        return Some(pair);
    }
    let before = pair.strip_suffix("PERP")?.trim_end_matches(['-', '_']);
    splits(before).iter().any(|(base, quote)| !base.is_empty() && !quote.is_empty()).then_some(before)
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.quote)?;
        self.settle.as_ref().map_or(Ok(()), |settle| write!(f, ":{settle}"))
    }
}

/// A symbol on an exchange.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarketKey {
    pub exchange: Exchange,
    pub symbol: Symbol,
}

impl MarketKey {
    /// What is meant by a symbol at an exchange: a house names its perpetuals by the symbol, an exchange of perpetuals
    /// names nothing else.
    pub fn named(exchange: Exchange, symbol: Symbol) -> Self {
        let exchange = if symbol.settle.is_some() { exchange.of_perpetuals() } else { exchange };
        let symbol = if exchange.is_of_perpetuals() { symbol.perpetual() } else { symbol };
        Self { exchange, symbol }
    }
}

impl fmt::Display for MarketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.exchange, self.symbol)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_of_one_length_are_one_by_whatever_name() {
        let check = |names: &[&str], charted: &str| {
            for name in names {
                assert_eq!(name.parse::<Timeframe>().unwrap().charted().as_str(), charted, "{name}");
            }
        };
        check(&["60", "1h", "1H", "60m", "060"], "60");
        check(&["1", "1m", "m"], "1");
        check(&["240", "4h"], "240");
        check(&["1D", "D", "d", "1d", "24h", "1440"], "1D");
        check(&["W", "1w"], "1W");
        check(&["M", "1M"], "1M");
        check(&["15S"], "15S");
        check(&["99999999"], "99999999");
        check(&["99999d"], "99999D");
    }

    #[test]
    fn all_spellings_of_a_pair_are_one_symbol() {
        for text in ["BTC/USDT", "btcusdt", "BTC-USDT", "BTC_USDT", "BINANCE:BTCUSDT", " BTCUSDT "] {
            assert_eq!(text.parse::<Symbol>().unwrap().to_string(), "BTC/USDT", "{text}");
        }
        for text in [
            "BTCUSDT.P",
            "BTC/USDT:USDT",
            "BINANCE:BTCUSDT.P",
            "BINANCE:BTC/USDT:USDT",
            "BTCUSDTPERP",
            "btc-usdt-perp",
            "BTC_USDT_PERP",
        ] {
            assert_eq!(text.parse::<Symbol>().unwrap().to_string(), "BTC/USDT:USDT", "{text}");
        }
        for (text, pair) in [("PERPUSDT", "PERP/USDT"), ("PERP/USDT", "PERP/USDT"), ("BTC/PERP", "BTC/PERP")] {
            assert_eq!(text.parse::<Symbol>().unwrap().to_string(), pair, "{text}");
        }
        assert_eq!("ETHBTC".parse::<Symbol>().unwrap().to_string(), "ETH/BTC");
        for text in ["", "BTC", "USDT", "BTC/", "/USDT", "BTC/USDT/EUR", "é", "BTC USDT", "A:B:BTCUSDT"] {
            assert!(text.parse::<Symbol>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_text_without_a_separator_is_cut_before_each_quote_that_it_ends_with() {
        let check = |text: &str, cuts: &[&str]| {
            let all: Vec<_> = text.parse::<Cuts>().unwrap().into_all().map(|symbol| symbol.to_string()).collect();
            assert_eq!(all, cuts, "{text}");
        };
        check("BNBUSD", &["BN/BUSD", "BNB/USD"]);
        check("KRAKEN:DOTUSD", &["DO/TUSD", "DOT/USD"]);
        check("USDTUSD", &["USD/TUSD", "USDT/USD"]);
        check("BTCTUSD", &["BTC/TUSD", "BTCT/USD"]);
        check("ARBPYUSD", &["ARB/PYUSD", "ARBPY/USD"]);
        check("DOTUSD.P", &["DO/TUSD:TUSD", "DOT/USD:USD"]);
        check("BTCUSDT", &["BTC/USDT"]);
        check("ETHBTC", &["ETH/BTC"]);
        check("1INCHUSD", &["1INCH/USD"]);
        check("TUSD", &["T/USD"]);
        for said in ["BN/BUSD", "BN-BUSD", "BN_BUSD"] {
            check(said, &["BN/BUSD"]);
        }
    }

    #[test]
    fn an_asset_is_read_by_the_name_that_everybody_has_for_it() {
        let check = |text: &str, cuts: &[&str]| {
            let all: Vec<_> = text.parse::<Cuts>().unwrap().into_all().map(|symbol| symbol.to_string()).collect();
            assert_eq!(all, cuts, "{text}");
        };
        check("XBT/USD", &["BTC/USD"]);
        check("xbt-usd", &["BTC/USD"]);
        check("KRAKEN:XBTUSD", &["XB/TUSD", "BTC/USD"]);
        check("ETHXBT", &["ETH/BTC"]);
        check("XDGUSD", &["DOGE/USD"]);
        check("XBTUSD.P", &["XB/TUSD:TUSD", "BTC/USD:USD"]);
        check("XBT/USD:XBT", &["BTC/USD:BTC"]);
        check("XDGXBT", &["DOGE/BTC"]);
    }

    #[test]
    fn an_interval_lasts_longer_than_nothing() {
        for text in ["0", "00", "0D", "0S", "000m"] {
            assert!(Timeframe::lasting(text).is_err(), "{text}");
            assert!(text.parse::<Timeframe>().is_ok(), "{text} may have been kept");
        }
        for text in ["1", "60", "1D", "D", "10S", "A14", "0x1"] {
            assert!(Timeframe::lasting(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_perpetual_is_traded_where_its_house_has_them() {
        let named = |exchange: &str, symbol: &str| {
            MarketKey::named(exchange.parse().unwrap(), symbol.parse().unwrap()).to_string()
        };
        assert_eq!(named("BINANCE", "BTCUSDT"), "BINANCE:BTC/USDT");
        for (exchange, symbol) in
            [("BINANCE", "BTCUSDT.P"), ("BINANCEUSDM", "BTCUSDT"), ("BINANCEUSDM", "BTC/USDT:USDT")]
        {
            assert_eq!(named(exchange, symbol), "BINANCEUSDM:BTC/USDT:USDT", "{exchange} {symbol}");
        }
        assert_eq!(named("bybit", "BTCUSDT.P"), "BYBITUSDM:BTC/USDT:USDT");
        assert_eq!(named("BYBITUSDM", "BTC/USD:BTC"), "BYBITUSDM:BTC/USD:BTC");
        assert_eq!(named("USDM", "BTCUSDT"), "USDM:BTC/USDT");
        assert!("BTC/USDT:USDT-261225".parse::<Symbol>().is_err(), "no contract with an end");
    }

    #[test]
    fn an_exchange_of_perpetuals_is_of_its_house() {
        let exchange = |name: &str| name.parse::<Exchange>().unwrap();
        for (name, house, of_perpetuals, class) in [
            ("PAPER", "PAPER", false, VenueClass::Paper),
            ("PAPERUSDM", "PAPER", true, VenueClass::Paper),
            ("OKX", "OKX", false, VenueClass::BestEffort),
            ("OKXUSDM", "OKX", true, VenueClass::BestEffort),
            ("USDM", "USDM", false, VenueClass::BestEffort),
        ] {
            let exchange = exchange(name);
            assert_eq!(
                (exchange.house(), exchange.is_of_perpetuals(), exchange.class()),
                (house, of_perpetuals, class)
            );
        }
        let longest = exchange(&"A".repeat(32));
        assert_eq!(longest.clone().of_perpetuals(), longest, "its name would be none");
    }

    #[test]
    fn an_exchange_loses_the_mark_for_delayed_data() {
        for text in ["BINANCE", "binance_dl", "BINANCE_DLY"] {
            assert_eq!(text.parse::<Exchange>().unwrap().as_str(), "BINANCE");
        }
        assert!("".parse::<Exchange>().is_err());
    }
}

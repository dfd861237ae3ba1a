//! Where in the world a deployment may stand for a venue to answer it.

use crate::market::Exchange;

/// How the names of AWS regions begin whose addresses belong to the United States.
const UNITED_STATES: &str = "us-";
/// Exchanges that answer 451 to such addresses.
const NOT_FROM_THE_UNITED_STATES: [&str; 1] = ["BINANCE"];

/// Why the exchange will not answer from this region; nothing is known against the others.
pub fn refusal(exchange: &Exchange, region: &str) -> Option<&'static str> {
    let refuses = NOT_FROM_THE_UNITED_STATES.contains(&exchange.as_str()) && is_in_the_united_states(region);
    refuses.then_some("it answers 451 to addresses in the United States")
}

pub fn is_in_the_united_states(region: &str) -> bool {
    region.starts_with(UNITED_STATES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binance_is_refused_from_the_united_states_and_from_nowhere_else() {
        let cases = [
            ("BINANCE", "us-east-1", true),
            ("BINANCE", "us-gov-west-1", true),
            ("BINANCE", "eu-central-1", false),
            ("BINANCE", "ap-northeast-1", false),
            ("BINANCEUS", "us-east-1", false),
            ("PAPER", "us-east-1", false),
        ];
        for (exchange, region, refused) in cases {
            let exchange: Exchange = exchange.parse().unwrap();
            assert_eq!(refusal(&exchange, region).is_some(), refused, "{exchange} from {region}");
        }
    }
}

//! Where in the world a deployment may stand for a venue to answer it.

use crate::market::Exchange;

/// How the names of AWS regions begin whose addresses belong to the United States.
const UNITED_STATES: &str = "us-";
/// Houses that do not answer such addresses, and what they say instead.
const NOT_FROM_THE_UNITED_STATES: [(&str, &str); 2] = [
    ("BINANCE", "it answers 451 to addresses in the United States"),
    ("BYBIT", "it answers 403 to addresses in the United States"),
];

/// Why the exchange will not answer from this region; nothing is known against the others.
pub fn refusal(exchange: &Exchange, region: &str) -> Option<&'static str> {
    let house = exchange.house();
    let refusing = NOT_FROM_THE_UNITED_STATES.iter().find(|(refusing, _)| house == *refusing);
    refusing.filter(|_| is_in_the_united_states(region)).map(|(_, answer)| *answer)
}

pub fn is_in_the_united_states(region: &str) -> bool {
    region.starts_with(UNITED_STATES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn houses_that_do_not_answer_the_united_states_are_known_with_their_contracts() {
        let cases = [
            ("BINANCE", "us-east-1", true),
            ("BINANCE", "us-gov-west-1", true),
            ("BINANCEUSDM", "us-east-1", true),
            ("BYBIT", "us-west-2", true),
            ("BYBITUSDM", "us-west-2", true),
            ("BYBITUSDM", "eu-central-1", false),
            ("OKX", "us-east-1", false),
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

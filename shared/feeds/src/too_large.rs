//! How providers say that a range of blocks, or what is asked for at once, has too much in it.
//!
//! Phrases of 28 providers, as github.com/ponder-sh/ponder packages/utils/src/getLogsRetryHelper.ts knows them (at 00dce051, read
//! 2026-11-30). Whatever range a provider proposes, ours is halved: its next one is small anyway. The last three are go-ethereum's own words
//! for requests of many calls (its rpc/errors.go, as github.com/ava-labs/avalanchego graft/evm/rpc/errors.go has it at 57b022fb, read
//! 2026-11-30).

const PHRASES: [&str; 29] = [
    "requested too many blocks",
    "max range:",
    "maximum allowed number of requested blocks",
    "try with this block range",
    "block range is too wide",
    "this block range should work",
    "limited to a ",
    "limited to ",
    "response size should not greater than",
    "query returned more than",
    "query exceeds max results",
    "backend response too large",
    "block range is too large",
    "block range too large",
    "no backend is currently healthy to serve traffic",
    "logs matched by query exceeds limit",
    "exceeds the range allowed for your plan",
    "block range limit exceeded",
    "please limit the query to at most",
    "maximum block range:",
    "query exceeds max block range",
    "block range greater than",
    "block range exceeds",
    "range is too large",
    "query must be smaller than size",
    "blocks distance:",
    "batch too large",
    "response too large",
    "request timed out",
];
/// An answer that is too long for the endpoint itself.
const PAYLOAD_TOO_LARGE: u16 = 413;

pub(crate) fn is_told(status: u16, message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    status == PAYLOAD_TOO_LARGE || PHRASES.iter().any(|phrase| message.contains(phrase)) || is_aurora(&message)
}

/// `up to a 2,000 block range`.
fn is_aurora(message: &str) -> bool {
    message.split_once("up to a ").is_some_and(|(_, rest)| rest.contains("block range"))
}

#[cfg(test)]
mod tests {
    use super::is_told;

    #[test]
    fn each_provider_is_understood_and_another_error_is_not() {
        for told in [
            "requested too many blocks from 1 to 9000, maximum is set to 2048",
            "Max range: 800",
            "Maximum allowed number of requested blocks is 1000",
            "query returned more than 10000 results. Try with this block range [0x1, 0x2].",
            "block range is too wide",
            "You can make eth_getLogs requests with up to a 2K block range. Based on your parameters, this block range should work: [0x1, 0x2]",
            "eth_getLogs is limited to a 10,000 range",
            "eth_getLogs is limited to 1024 block range",
            "response size should not greater than 10000000 bytes",
            "query exceeds max results 20000",
            "backend response too large",
            "Block range is too large",
            "block range too large",
            "no backend is currently healthy to serve traffic",
            "logs matched by query exceeds limit of 10000",
            "exceeds the range allowed for your plan (9 > 5)",
            "Block range limit exceeded.",
            "please limit the query to at most 1,000 blocks",
            "exceed maximum block range: 50000",
            "query exceeds max block range 1000",
            "block range greater than 1,000 max",
            "block range exceeds 1000",
            "eth_getLogs range is too large, max is 10k blocks",
            "query must be smaller than size 1024",
            "block range is too wide (maximum 1024)",
            "eth_getLogs: up to a 2,000 block range",
            "maximum [from, to] blocks distance: 1000",
            "batch too large",
            "response too large",
            "request timed out",
        ] {
            assert!(is_told(200, told), "{told}");
        }
        assert!(is_told(413, ""), "by its status");
        for other in ["execution reverted", "invalid api key", "method not found", "up to a point"] {
            assert!(!is_told(200, other), "{other}");
        }
    }
}

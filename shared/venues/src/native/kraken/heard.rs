//! What an answer is: a result, or a no in the exchange's own words.

use crate::native::Answer;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// Why an answer holds no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum No {
    /// `EOrder:Insufficient funds` and its like; at least one.
    Said(Vec<String>),
    /// A status that is no success, without such words, or of a failure of the server with whatever words.
    Status(u16),
    /// A success that cannot be read.
    Unreadable,
}

#[derive(Deserialize)]
struct Envelope {
    error: Vec<String>,
}

#[derive(Deserialize)]
struct Whole<T> {
    result: T,
}

/// The result of an answer. Warnings, whose words begin with a W, are no error.
pub(super) fn result<T: DeserializeOwned>(answer: &Answer) -> Result<T, No> {
    if answer.status >= 500 {
        return Err(No::Status(answer.status));
    }
    let envelope: Option<Envelope> = answer.json();
    let words: Vec<String> =
        envelope.iter().flat_map(|said| &said.error).filter(|word| is_error(word)).cloned().collect();
    if !words.is_empty() {
        return Err(No::Said(words));
    }
    if !answer.is_success() {
        return Err(No::Status(answer.status));
    }
    envelope.and_then(|_| answer.json()).map(|whole: Whole<T>| whole.result).ok_or(No::Unreadable)
}

fn is_error(word: &str) -> bool {
    !word.starts_with('W')
}

impl No {
    pub(super) fn words(&self) -> &[String] {
        if let Self::Said(words) = self { words } else { &[] }
    }

    /// Whether one of its words begins so.
    pub(super) fn says(&self, beginning: &str) -> bool {
        self.words().iter().any(|word| word.starts_with(beginning))
    }
}

impl fmt::Display for No {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(words) => f.write_str(&words.join(", ")),
            Self::Status(status) => write!(f, "HTTP {status}"),
            Self::Unreadable => f.write_str("an answer that cannot be read"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, body: &str, expected: &Result<u32, No>) {
        let answer = Answer { status, headers: Default::default(), body: body.as_bytes().to_vec() };
        assert_eq!(&result::<u32>(&answer), expected, "{status} {body}");
    }

    #[test]
    fn an_answer_is_its_result_or_its_words_or_nothing_that_can_be_read() {
        let said = |words: &[&str]| Err(No::Said(words.iter().map(|word| (*word).to_owned()).collect()));
        check(200, r#"{"error":[],"result":7}"#, &Ok(7));
        check(200, r#"{"error":["WGeneral:Deprecated"],"result":7}"#, &Ok(7));
        check(200, r#"{"error":["EAPI:Invalid key"]}"#, &said(&["EAPI:Invalid key"]));
        check(200, r#"{"error":["WA:b","EA:b","EC:d"],"result":7}"#, &said(&["EA:b", "EC:d"]));
        check(200, r#"{"error":["something new"],"result":7}"#, &said(&["something new"]));
        check(429, r#"{"error":["EAPI:Rate limit exceeded"]}"#, &said(&["EAPI:Rate limit exceeded"]));
        check(429, "<html>", &Err(No::Status(429)));
        check(503, r#"{"error":["EOrder:Insufficient funds"]}"#, &Err(No::Status(503)));
        check(520, "", &Err(No::Status(520)));
        check(200, "", &Err(No::Unreadable));
        check(200, "<html>", &Err(No::Unreadable));
        check(200, r#"{"error":[]}"#, &Err(No::Unreadable));
        check(200, r#"{"result":7}"#, &Err(No::Unreadable));
        check(200, r#"{"error":[],"result":"seven"}"#, &Err(No::Unreadable));
        check(200, r#"{"error":[],"result":7"#, &Err(No::Unreadable));
    }
}

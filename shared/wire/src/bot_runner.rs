//! What wakes `bot-runner`: a candle that has closed, and a clock of its own for where none comes.

use crate::candle::Told;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Woken {
    Told(Box<Told>),
    Clock(Clock),
}

/// Looks for runs that hear nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    v: u32,
    #[serde(rename = "type")]
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    #[serde(rename = "look")]
    Look,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is of v {0}, and v {VERSION} is known here")]
pub struct UnknownClock(u32);

impl Clock {
    pub fn look() -> Self {
        Self { v: VERSION, kind: Kind::Look }
    }

    /// # Errors
    /// Where it is a newer writer's.
    pub fn known(&self) -> Result<(), UnknownClock> {
        if self.v <= VERSION { Ok(()) } else { Err(UnknownClock(self.v)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frozen::{events, files};

    #[test]
    fn every_living_shape_is_written_as_it_was_read_and_a_newer_one_is_refused() {
        let all = files(&events().join("bot-runner"));
        assert_eq!(all.len(), 1);
        for (name, text) in all {
            let look: Clock = serde_json::from_str(&text).unwrap();
            let again: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_value(&look).unwrap(), again, "{name}");
            assert_eq!((look.known(), &look), (Ok(()), &Clock::look()), "{name}");
            assert_eq!(Clock { v: 2, ..look.clone() }.known(), Err(UnknownClock(2)), "{name}");
            assert_eq!(serde_json::from_str::<Woken>(&text).unwrap(), Woken::Clock(look), "{name}");
        }
        serde_json::from_str::<Woken>(r#"{"v":1,"type":"forget"}"#).unwrap_err();
    }
}

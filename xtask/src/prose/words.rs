//! Words that have a better one, by docs/start/glossary.md.

/// What is looked for, in lower case, and what stands in its place.
const WORDS: [(&str, &str); 69] = [
    ("whoever", "the noun: API-key holders, a suspended user"),
    ("whosever", "the noun"),
    ("somebody", "a user, another user"),
    ("nobody", "no one, or the noun"),
    ("everybody", "all users"),
    ("anew", "again"),
    ("reckon", "calculate"),
    ("reckons", "calculates"),
    ("reckoned", "calculated"),
    ("is told", "is returned, published or logged"),
    ("are told", "are returned, published or logged"),
    ("was told", "was returned, published or logged"),
    ("tells of", "shows, reports"),
    ("tell of", "show, report"),
    ("is kept", "is stored"),
    ("are kept", "are stored"),
    ("is heard", "is received"),
    ("heard", "received"),
    ("hears", "receives"),
    ("looked at", "read, checked"),
    ("lets in", "accepts"),
    ("in vain", "without success"),
    ("house's", "the exchange's"),
    ("told it", "showed it"),
    ("a quarter after", "three months after"),
    ("kept out", "suspended"),
    ("keeps out", "suspends"),
    ("keep out", "suspend"),
    ("taken back", "cancelled"),
    ("take back", "cancel"),
    ("takes back", "cancels"),
    ("taken away", "deleted, removed"),
    ("takes away", "deletes, removes"),
    ("goes away", "is deleted"),
    ("way out", "exit"),
    ("ways out", "exits"),
    ("bell", "wake-up message"),
    ("bells", "wake-up messages"),
    ("door", "egress"),
    ("doors", "egress"),
    ("house", "exchange"),
    ("houses", "exchanges"),
    ("seat", "slot"),
    ("seats", "slots"),
    ("deaf", "stalled"),
    ("heed", "apply"),
    ("heeds", "applies"),
    ("mend", "repair, correct, backfill"),
    ("mends", "repairs, corrects, backfills"),
    ("mended", "repaired, corrected, backfilled"),
    ("parked", "dead letter"),
    ("venue", "exchange"),
    ("venues", "exchanges"),
    ("lent", "leverage"),
    ("on offer", "order book, best ask"),
    ("a person", "a logged-in user"),
    ("a program's key", "an API key"),
    ("at the most", "at most, max."),
    ("at the least", "at least, min."),
    ("where nothing is said", "by default"),
    ("a look", "a check"),
    ("each look", "each check"),
    ("next look", "next check"),
    ("the minute", "the scheduler"),
    ("by our model", "estimated, calculated"),
    ("left alone", "ignored, paused"),
    ("wished", "requested"),
    ("best effort is", "best effort means"),
    ("of nobody", "orphan"),
];

/// A word that is there, and the one that should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) word: &'static str,
    pub(super) instead: &'static str,
}

/// Each word of the list that this text has.
pub(super) fn replaced(text: &str) -> Vec<Found> {
    let spaced = format!(" {} ", tokens(text).join(" "));
    let has = |word: &str| spaced.contains(&format!(" {word} "));
    WORDS.iter().filter(|(word, _)| has(word)).map(|&(word, instead)| Found { word, instead }).collect()
}

fn tokens(text: &str) -> Vec<String> {
    let is_of_word = |letter: char| letter.is_alphanumeric() || letter == '\'' || letter == '-';
    let parts = text.split(|letter: char| !is_of_word(letter));
    parts.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&'static str> {
        replaced(text).into_iter().map(|found| found.word).collect()
    }

    #[test]
    fn whole_words_and_phrases_are_found_whatever_their_case() {
        assert_eq!(words("Whoever has it, is Told."), ["whoever", "is told"]);
        assert_eq!(words("A doorbell in a greenhouse; he reckoning."), [] as [&str; 0]);
        assert_eq!(words("the door"), ["door"]);
    }

    #[test]
    fn no_word_is_listed_twice() {
        let mut sorted = WORDS.map(|(word, _)| word);
        sorted.sort_unstable();
        assert!(sorted.windows(2).all(|pair| pair[0] != pair[1]));
    }
}

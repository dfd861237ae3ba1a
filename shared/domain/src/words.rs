//! Closed lists of words. Each word is written once; how it is read, written, refused and documented follows from its list.

use std::fmt;

/// One of a closed list. A word, once stored or answered, is never given another meaning.
pub trait Word: Copy + Eq + 'static {
    /// All of them, in the order of messages and documents.
    const WORDS: &'static [&'static str];

    fn as_word(self) -> &'static str;
}

/// It is none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownWord(pub &'static [&'static str]);

impl fmt::Display for UnknownWord {
    /// `must be a, b or c`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be ")?;
        let last = self.0.len().saturating_sub(1);
        for (at, word) in self.0.iter().enumerate() {
            let between = if at == 0 {
                ""
            } else if at == last {
                " or "
            } else {
                ", "
            };
            write!(f, "{between}{word}")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownWord {}

/// Gives each of these types its words.
#[macro_export]
macro_rules! words {
    ($($of:ident { $($name:ident = $word:literal),+ $(,)? })+) => {$(
        impl $of {
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$name),+];

            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }

        impl $crate::words::Word for $of {
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn as_word(self) -> &'static str {
                self.as_str()
            }
        }

        impl ::std::str::FromStr for $of {
            type Err = $crate::words::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$name),)+
                    _ => Err($crate::words::UnknownWord(<Self as $crate::words::Word>::WORDS)),
                }
            }
        }

        impl ::std::fmt::Display for $of {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}
pub use words;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Mode;

    #[test]
    fn a_word_is_read_as_it_is_written_and_what_is_none_is_told_them_all() {
        for mode in Mode::ALL {
            assert_eq!(mode.as_str().parse(), Ok(mode));
            assert_eq!(mode.to_string(), mode.as_word());
        }
        assert_eq!("LIVE".parse::<Mode>(), Err(UnknownWord(Mode::WORDS)));
        assert_eq!(UnknownWord(Mode::WORDS).to_string(), "must be paper, testnet or live");
        assert_eq!(UnknownWord(&["apple"]).to_string(), "must be apple");
    }
}

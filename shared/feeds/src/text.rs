//! Names that come from outside.

const NAME_CHARACTERS_MAX: usize = 64;

/// Printable characters of a name, as many as a label may have; none where nothing is left.
pub(crate) fn name(text: &str) -> Option<String> {
    let kept: String = text.trim().chars().filter(|each| !each.is_control()).take(NAME_CHARACTERS_MAX).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_short_and_has_no_control_characters() {
        assert_eq!(name(" Binance\u{0}\u{1b}[31m\n "), Some("Binance[31m".to_owned()));
        assert_eq!(name(&"x".repeat(500)).map(|kept| kept.len()), Some(64));
        assert_eq!(name(" \n "), None);
    }
}

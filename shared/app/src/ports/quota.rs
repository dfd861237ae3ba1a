//! How many positions somebody may have open at once, where positions are opened.

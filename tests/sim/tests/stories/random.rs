//! Seeded runs: one thousand, and an eighth of four thousand more.

#[test]
fn random() {
    sim::random();
}

#[test]
fn seed_is_one_run_to_the_last_word_of_its_trace() {
    sim::one_seed_is_one_run();
}

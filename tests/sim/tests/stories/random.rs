//! Seeded runs: two thousand, and a quarter of two thousand more.

#[test]
fn random() {
    sim::random();
}

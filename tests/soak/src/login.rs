//! How adapters are let in at the simulator.

use app::ports::{Secret, VenueKey};
use domain::vault::Mode;
use venue_sim::Simulator;
use venue_sim::site::Key;
use venues::native::Site;

/// Where all exchanges answer, by whatever path each is asked.
pub fn site(simulator: &Simulator) -> Site {
    Site { mode: Mode::Live, url: simulator.url() }
}

/// As our vault would have it.
pub fn key(Key { id, secret, .. }: Key) -> VenueKey {
    VenueKey { api_key: Secret::new(id), api_secret: Secret::new(secret), passphrase: None }
}

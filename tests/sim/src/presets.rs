//! What a user keeps, and changes of what is open.

use crate::Deployment;
use app::actor::Act;
use app::presets::{self, PresetError};
use app::trading::{ActError, change_exits as change};
use testkit::world::World;
use wire::preset::Document;
use wire::preset::exits::Exits;

pub(crate) async fn keep(world: &World, name: &str, document: &str, act: Act<'_>) -> Result<(), ActError> {
    let document = Document::parse(document).expect("a preset of the test's own");
    let name = name.parse().expect("a name of the test's own");
    presets::put(world, &name, &document, None, act).await.map(drop).map_err(failed)
}

pub(crate) async fn take_away(world: &World, name: &str, act: Act<'_>) -> Result<(), ActError> {
    match presets::delete(world, &name.parse().expect("a name of the test's own"), None, act).await {
        // Taken away before, and the answer was lost.
        Ok(()) | Err(PresetError::Unknown) => Ok(()),
        Err(error) => Err(failed(error)),
    }
}

/// What is on its way out stays there.
pub(crate) async fn change_exits(deployment: &Deployment, exits: &str, act: Act<'_>) -> Result<(), ActError> {
    let exits = Exits::parse(exits).expect("exits of the test's own");
    let open: Vec<_> =
        deployment.world().table().groups().filter(|group| !group.is_settled()).map(|group| group.id.clone()).collect();
    for group in open {
        match change(deployment.world(), &group, &exits, None, act).await {
            Ok(_) | Err(ActError::AlreadyClosing | ActError::AlreadyClosed) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn failed(error: PresetError) -> ActError {
    match error {
        PresetError::Store(error) => ActError::Store(error),
        _ => ActError::Contended,
    }
}

//! A client in TypeScript whose types are made of docs/openapi.json: it must compile, and
//! the tests on the stack close a position with it.

use std::process::Command;

use crate::failure::Result;
use crate::node::Node;
use crate::place::Place;
use crate::process::capture;
use crate::progress::heading;

const SCRIPT: &str = "close-position.ts";

/// Node.js and the packages. The caller holds the lock of building.
pub(crate) fn install(place: &Place) -> Result<Node> {
    Node::install(place, place.client(), "the typed client")
}

/// Makes the types anew, and compiles what uses them.
pub(crate) fn check(place: &Place) -> Result<()> {
    let client = install(place)?;
    let checking = heading("A typed client of docs/openapi.json");
    for script in ["types", "check"] {
        capture(&mut client.script(script)?)?;
    }
    checking.done("");
    Ok(())
}

/// Tells the tests what the client is run by, and where it is.
pub(crate) fn tell(client: &Node, tests: &mut Command) {
    tests.env("MONIQO_NODE", client.program()).env("MONIQO_CLIENT", client.home().join(SCRIPT));
}

//! Python's ccxt, a client that others wrote: the tests of the venue simulator are told where it is.

use std::process::Command;

use crate::failure::Result;
use crate::place::Place;
use crate::python::Tools;

/// Whoever calls holds the lock of building.
pub(crate) fn install(place: &Place) -> Result<Tools> {
    Tools::install_in(&place.ccxt(), "ccxt (once)")
}

/// The Python that has it.
pub(crate) fn tell<'a>(tools: &Tools, tests: &'a mut Command) -> &'a mut Command {
    tests.env("MONIQO_CCXT", tools.program("python"))
}

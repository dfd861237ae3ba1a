//! The stack when there is too much of everything and too little works. These tests have a stack for themselves,
//! whose account may run ten functions at once, as a new account of AWS may.

mod burst;
mod detour;
mod faults;
mod limit;

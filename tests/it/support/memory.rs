//! What the functions of a stack on this machine hold in memory, as the kernel counts it.

use super::stack::Stack;
use std::fs;
use std::path::Path;

/// The most that a process of this function has ever had resident, in bytes: of all that live, each is told. Linux only.
pub(crate) fn peaks(resource: &str) -> Vec<u64> {
    let stack = Stack::get();
    let (function, endpoint) = (stack.name(resource), &stack.endpoint);
    let said = [format!("AWS_LAMBDA_FUNCTION_NAME={function}"), format!("AWS_ENDPOINT_URL={endpoint}")];
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| Some(entry.ok()?.path()));
    // A process may end between two looks.
    processes.filter(|process| is_told(process, &said)).filter_map(|process| peak(&process)).collect()
}

fn is_told(process: &Path, all: &[String]) -> bool {
    let environment = fs::read(process.join("environ")).unwrap_or_default();
    let variables: Vec<&[u8]> = environment.split(|byte| *byte == 0).collect();
    all.iter().all(|variable| variables.contains(&variable.as_bytes()))
}

fn peak(process: &Path) -> Option<u64> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    let told = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(told.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

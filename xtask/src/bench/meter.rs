//! What the kernel knows of a process: memory and processor time. Linux only.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use crate::failure::{Failure, Result, While};

/// In kB, as the kernel counts them.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Memory {
    pub(crate) resident_kb: u64,
    pub(crate) peak_kb: u64,
}

pub(crate) fn memory(pid: u32) -> Result<Memory> {
    let status = read(pid, "status")?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|rest| rest.trim_start_matches(':').split_whitespace().next()?.parse().ok());
        number.ok_or_else(|| Failure::new(format!("the kernel does not tell {name} of a process")))
    };
    Ok(Memory { resident_kb: field("VmRSS")?, peak_kb: field("VmHWM")? })
}

/// Time on a processor, user and system, of all threads that live, to the nanosecond.
pub(crate) fn processor_time(pid: u32) -> Result<Duration> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).while_doing(not_linux())?;
    let mut sum = Duration::ZERO;
    for thread in threads {
        let thread = thread.while_doing(not_linux())?.file_name();
        // A thread may end between the two looks.
        let words = read(pid, PathBuf::from("task").join(thread).join("schedstat")).unwrap_or_default();
        let nanoseconds = words.split_whitespace().next().and_then(|word| word.parse().ok());
        sum = sum.saturating_add(Duration::from_nanos(nanoseconds.unwrap_or_default()));
    }
    Ok(sum)
}

fn read(pid: u32, file: impl Into<PathBuf>) -> Result<String> {
    fs::read_to_string(PathBuf::from(format!("/proc/{pid}")).join(file.into())).while_doing(not_linux())
}

fn not_linux() -> &'static str {
    "reading /proc of a process (these figures need Linux)"
}

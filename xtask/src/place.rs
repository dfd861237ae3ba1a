//! Where things lie: the workspace, and one folder per local stack under `.moniqo/`.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::failure::{Result, While};
use crate::functions;
use crate::interrupt::pause;
use crate::progress::step;

const LOOK: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) root: PathBuf,
}

impl Place {
    pub(crate) fn find() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().unwrap_or(manifest).to_path_buf();
        fs::create_dir_all(root.join(".moniqo")).while_doing("making .moniqo/")?;
        Ok(Self { root })
    }

    pub(crate) fn template(&self) -> PathBuf {
        self.root.join("infra/sam/template.yaml")
    }

    /// What each function is.
    pub(crate) fn manifest(&self) -> PathBuf {
        self.root.join("infra/functions.toml")
    }

    /// How much each lane of the tests may take.
    pub(crate) fn lanes(&self) -> PathBuf {
        self.root.join("xtask/lanes.toml")
    }

    pub(crate) fn python_tools(&self) -> PathBuf {
        self.root.join("infra/local")
    }

    /// What `deploy` builds with.
    pub(crate) fn cargo_lambda(&self) -> PathBuf {
        self.root.join("infra/cargo-lambda")
    }

    /// What the tests ask the API at random with.
    pub(crate) fn schemathesis(&self) -> PathBuf {
        self.root.join("infra/schemathesis")
    }

    /// What reads the requests that the tests have sent.
    pub(crate) fn second_opinion(&self) -> PathBuf {
        self.root.join("infra/second-opinion")
    }

    /// What the tests trade against the venue simulator with.
    pub(crate) fn ccxt(&self) -> PathBuf {
        self.root.join("infra/ccxt")
    }

    /// The client whose types are made of the API's document.
    pub(crate) fn client(&self) -> PathBuf {
        self.root.join("infra/client")
    }

    /// The dashboard.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// What cargo makes.
    pub(crate) fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// What the paper venue replays.
    pub(crate) fn prices(&self) -> PathBuf {
        self.root.join("infra/local/prices/btcusd_1h.csv")
    }

    /// What the template's `CodeUri` point to.
    pub(crate) fn staged_functions(&self) -> PathBuf {
        self.target().join(functions::STAGED)
    }

    pub(crate) fn stack(&self, name: &str) -> Result<StackFolder> {
        let folder = StackFolder(self.root.join(".moniqo").join(name));
        fs::create_dir_all(&folder.0).while_doing(format_args!("making {}", folder.0.display()))?;
        Ok(folder)
    }

    /// Held while shared things are made (Python environment, staged functions), so that `up` and `test` can run at once.
    pub(crate) fn lock_building(&self) -> Result<File> {
        self.lock("building.lock", "another xtask that is building")
    }

    /// Held while a stack of the checks lives: there is one folder for each.
    pub(crate) fn lock_testing(&self, stack: &str) -> Result<File> {
        self.lock(&format!("{stack}.lock"), "another `cargo xtask test`")
    }

    /// Held while something is measured: there is one folder for it, and two at once would measure each other.
    pub(crate) fn lock_measuring(&self) -> Result<File> {
        self.lock("measuring.lock", "another `cargo xtask bench`")
    }

    fn lock(&self, name: &str, holder: &str) -> Result<File> {
        let lock = File::create(self.root.join(".moniqo").join(name)).while_doing(format_args!("making {name}"))?;
        let mut waiting = None;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(lock),
                Err(TryLockError::Error(error)) => return Err(error).while_doing(format_args!("locking {name}")),
                Err(TryLockError::WouldBlock) if waiting.is_none() => {
                    waiting = Some(step(format!("Waiting for {holder}")));
                }
                Err(TryLockError::WouldBlock) => {}
            }
            pause(LOOK)?;
        }
    }
}

/// The folder of one local stack: `dev` belongs to `up`, `test` to `test`.
#[derive(Debug, Clone)]
pub(crate) struct StackFolder(PathBuf);

impl StackFolder {
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn forget(&self) -> Result<()> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).while_doing(format_args!("removing {}", self.0.display()))
            }
            _ => Ok(()),
        }
    }
}

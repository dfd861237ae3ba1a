//! What `infra/functions.toml` promises of each function, read without the code that writes the template from it.

use serde::Deserialize;
use std::sync::OnceLock;

#[derive(Debug, Deserialize)]
struct Manifest {
    function: Vec<Function>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) rights: Vec<Right>,
}

/// Words with spaces between.
#[derive(Debug, Deserialize)]
pub(crate) struct Right {
    on: String,
    /// `dynamodb: GetItem Query`.
    may: String,
    partitions: Option<String>,
    emulator: Option<String>,
}

/// In the order of the file.
pub(crate) fn functions() -> &'static [Function] {
    static READ: OnceLock<Manifest> = OnceLock::new();
    let read = || toml::from_str(include_str!("../../infra/functions.toml")).unwrap();
    &READ.get_or_init(read).function
}

impl Function {
    /// As the template calls it: `OrderExecutor`.
    pub(crate) fn pascal(&self) -> String {
        let part = |part: &str| part.get(..1).unwrap().to_uppercase() + part.get(1..).unwrap();
        self.name.split('-').map(part).collect()
    }

    pub(crate) fn role(&self) -> String {
        format!("{}Role", self.pascal())
    }

    /// With the action's service: `dynamodb:GetItem`. A partition of none is asked for no row.
    pub(crate) fn may(&self, action: &str, resource: &str, partition: Option<&str>) -> bool {
        self.rights.iter().any(|right| {
            right.resources().any(|named| named == resource)
                && right.actions().any(|named| named == action)
                && partition.is_none_or(|partition| right.reaches(partition))
        })
    }
}

impl Right {
    pub(crate) fn resources(&self) -> impl Iterator<Item = &str> {
        self.on.split(' ')
    }

    /// On AWS and on an emulator.
    pub(crate) fn actions(&self) -> impl Iterator<Item = String> {
        let (service, actions) = self.may.split_once(": ").unwrap();
        let all = actions.split(' ').chain(self.emulator.iter().flat_map(|beside| beside.split(' ')));
        all.map(move |action| format!("{service}:{action}"))
    }

    pub(crate) fn partitions(&self) -> impl Iterator<Item = &str> {
        self.partitions.iter().flat_map(|keys| keys.split(' '))
    }

    fn reaches(&self, partition: &str) -> bool {
        self.partitions.is_none() || self.partitions().any(|key| is_of(partition, key))
    }
}

/// Whether a partition is the one that is meant, or one of those: `SET#*`.
pub(crate) fn is_of(partition: &str, key: &str) -> bool {
    key.strip_suffix('*').map_or(key == partition, |begin| partition.starts_with(begin))
}

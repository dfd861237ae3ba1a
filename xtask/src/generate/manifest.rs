//! `infra/functions.toml`: what each function is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde::Deserialize;

use super::resource::Resource;
use crate::failure::{Failure, Result, While};
use crate::functions;
use crate::place::Place;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// Sets of attributes that several rights name.
    attributes: BTreeMap<String, String>,
    #[serde(rename = "function")]
    pub(super) functions: Vec<Function>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Function {
    /// As its folder below `functions/`.
    pub(super) name: String,
    pub(super) about: String,
    pub(super) memory_mb: u32,
    pub(super) timeout_s: u32,
    #[serde(default)]
    pub(super) fixed_address: bool,
    pub(super) queue: Option<String>,
    #[serde(default)]
    pub(super) settings: BTreeMap<String, String>,
    pub(super) rights: Vec<Right>,
    pub(super) asynchronous: Option<RetryPolicy>,
    #[serde(default)]
    pub(super) callers: Vec<Caller>,
    #[serde(default)]
    pub(super) routes: Vec<Route>,
    #[serde(default, rename = "schedule")]
    pub(super) schedules: Vec<Schedule>,
    #[serde(default, rename = "event")]
    pub(super) events: Vec<Event>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Right {
    /// Resources, with spaces between.
    on: String,
    /// `dynamodb: GetItem Query`.
    may: String,
    pub(super) partitions: Option<String>,
    attributes: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) emulator: Option<String>,
}

/// How often a call is tried again, and for how many seconds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RetryPolicy {
    pub(super) retries: u32,
    pub(super) age_s: u32,
}

/// A path for which the gateway may call a function.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Caller {
    pub(super) id: String,
    pub(super) path: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Route {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) bucket: Option<Bucket>,
}

/// How many requests a route takes.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bucket {
    pub(super) a_second: u32,
    pub(super) at_once: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schedule {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) at: String,
    pub(super) input: Option<String>,
    /// Within so many minutes after it is due.
    pub(super) flexible_minutes: Option<u32>,
    pub(super) retry: RetryPolicy,
    /// One that several schedules of a function share.
    role: Option<Role>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) id: String,
    pub(super) name: String,
}

/// An event on the deployment's own bus.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) retry: RetryPolicy,
}

impl Manifest {
    pub(super) fn read(place: &Place) -> Result<Self> {
        let text = fs::read_to_string(place.manifest()).while_doing("reading infra/functions.toml")?;
        Self::parse(&text)
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut manifest: Self = toml::from_str(text).while_doing("reading infra/functions.toml")?;
        let sets = std::mem::take(&mut manifest.attributes);
        for function in &mut manifest.functions {
            for right in &mut function.rights {
                right.name_attributes(&sets).map_err(|what| refused(&function.name, &what))?;
            }
        }
        manifest.examine()?;
        Ok(manifest)
    }

    fn examine(&self) -> Result<()> {
        let names: BTreeSet<String> = self.functions.iter().map(Function::resource).collect();
        if names.len() != self.functions.len() {
            return Err(Failure::new("infra/functions.toml: two functions have one name"));
        }
        for function in &self.functions {
            for right in &function.rights {
                right.examine(&names).map_err(|what| refused(&function.name, &what))?;
            }
        }
        Ok(())
    }
}

impl Function {
    /// `OrderExecutor`.
    pub(super) fn pascal(&self) -> String {
        functions::pascal(&self.name)
    }

    pub(super) fn resource(&self) -> String {
        format!("{}Function", self.pascal())
    }

    /// What callers call.
    pub(super) fn alias(&self) -> String {
        format!("{}Live", self.pascal())
    }
}

impl Right {
    pub(super) fn resources(&self) -> impl Iterator<Item = Resource<'_>> {
        self.on.split(' ').map(Resource)
    }

    pub(super) fn actions(&self) -> Vec<String> {
        self.actions_of(self.may.split_once(": ").map_or("", |(_, actions)| actions))
    }

    /// Of the same service.
    pub(super) fn actions_of(&self, actions: &str) -> Vec<String> {
        let service = self.may.split_once(": ").map_or("", |(service, _)| service);
        actions.split(' ').map(|action| format!("{service}:{action}")).collect()
    }

    /// All that an update may name.
    pub(super) fn attributes(&self) -> Option<String> {
        self.attributes.as_deref().map(|own| format!("pk sk {own} updated_at written_by"))
    }

    fn name_attributes(&mut self, sets: &BTreeMap<String, String>) -> std::result::Result<(), String> {
        if let Some(set) = self.attributes.as_deref().and_then(|attributes| attributes.strip_prefix("of ")) {
            let named = sets.get(set).ok_or_else(|| format!("`of {set}` names no set below [attributes]"))?;
            self.attributes = Some(named.clone());
        }
        Ok(())
    }

    fn examine(&self, functions: &BTreeSet<String>) -> std::result::Result<(), String> {
        let Some((_, actions)) = self.may.split_once(": ") else {
            return Err(format!("may = \"{}\" is no service with its actions, such as \"sqs: SendMessage\"", self.may));
        };
        if let Some(unknown) = self.resources().find(|resource| !resource.is_known(functions)) {
            return Err(format!("on = \"{}\": there is no {}", self.on, unknown.0));
        }
        if actions.contains('*') {
            return Err(format!("may = \"{}\": a right names its actions", self.may));
        }
        // A put or a deletion has no other attributes: the whole item goes.
        if self.attributes.is_some() && (self.partitions.is_none() || actions != "UpdateItem") {
            return Err(format!("on = \"{}\": attributes hold for an UpdateItem in named partitions alone", self.on));
        }
        let needs_kind = self.may.starts_with("kms: ") && actions != "DescribeKey";
        if needs_kind != self.kind.is_some() {
            return Err(format!("on = \"{}\": kind is for KMS, where it holds for all but DescribeKey", self.on));
        }
        Ok(())
    }
}

impl Schedule {
    pub(super) fn role(&self) -> Role {
        let own = || Role { id: format!("{}Role", self.id), name: self.name.clone() };
        self.role.clone().unwrap_or_else(own)
    }
}

fn refused(function: &str, what: &str) -> Failure {
    Failure::new(format!("infra/functions.toml: {function}: {what}"))
}

//! The deployed stack that is tested, as `cargo xtask test` names it.

use serde_json::Value;
use std::sync::OnceLock;

/// Where it answers, and what it was made of.
#[derive(Debug)]
pub(crate) struct Stack {
    /// Routes begin with `/api/`.
    pub(crate) api: String,
    /// Empty for AWS itself, where each service has its own: see [`Self::service`].
    pub(crate) endpoint: String,
    pub(crate) region: String,
    /// Packaged, as it was deployed.
    pub(crate) template: Value,
}

impl Stack {
    pub(crate) fn get() -> &'static Self {
        static STACK: OnceLock<Stack> = OnceLock::new();
        STACK.get_or_init(|| {
            let stack = json("MONIQO_STACK");
            let text = |name: &str| stack[name].as_str().unwrap().to_owned();
            let (api, endpoint, region) = (text("api_url"), text("aws_endpoint_url"), text("region"));
            Self { api, endpoint, region, template: json("MONIQO_TEMPLATE") }
        })
    }

    /// Where a service answers.
    pub(crate) fn service(&self, name: &str) -> String {
        if self.endpoint.is_empty() {
            return format!("https://{name}.{}.amazonaws.com", self.region);
        }
        self.endpoint.clone()
    }

    /// What a resource of the template is called outside of it.
    pub(crate) fn name(&self, resource: &str) -> String {
        const NAMES: [&str; 6] = ["TableName", "QueueName", "FunctionName", "RoleName", "AliasName", "Name"];
        let properties = &self.template["Resources"][resource]["Properties"];
        let name = NAMES.iter().find_map(|name| properties[*name]["Fn::Sub"].as_str());
        let name = name.unwrap_or_else(|| panic!("{resource} has no name"));
        name.replace("${Deployment}", self.deployment()).replace("${AWS::Region}", &self.region)
    }

    pub(crate) fn deployment(&self) -> &str {
        self.template["Parameters"]["Deployment"]["Default"].as_str().unwrap()
    }

    /// The names of all resources of one kind.
    pub(crate) fn of_type(&self, kind: &str) -> Vec<&str> {
        let all = self.template["Resources"].as_object().unwrap();
        all.iter().filter(|(_, resource)| resource["Type"] == kind).map(|(name, _)| name.as_str()).collect()
    }
}

fn json(variable: &str) -> Value {
    let path = std::env::var(variable).unwrap_or_else(|_| panic!("{variable}: run these tests by `cargo xtask test`"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

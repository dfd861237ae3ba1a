//! The deployed functions, made to talk to their tables and queues through a proxy that fails by plan.

use crate::support::{Caller, Stack};
use serde_json::Value;
use testkit::proxy::Proxy;

/// What the SDK believes before `AWS_ENDPOINT_URL`.
const ENDPOINTS: [&str; 2] = ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_SQS"];

/// Holds for as long as it lives; then all functions are as they were.
pub(super) struct Detour {
    pub(super) proxy: Proxy,
    /// The variables of each function before.
    functions: Vec<(String, Value)>,
}

impl Detour {
    pub(super) async fn begin() -> Self {
        let (stack, root) = (Stack::get(), Caller::root());
        let mut detour = Self { proxy: Proxy::before(&stack.endpoint), functions: Vec::new() };
        for function in stack.of_type("AWS::Serverless::Function") {
            let name = stack.name(function);
            let before = root.variables(&name).await;
            let mut through = before.clone();
            for endpoint in ENDPOINTS {
                through[endpoint] = detour.proxy.url().into();
            }
            detour.functions.push((name.clone(), before));
            root.set_variables(&name, &through).await;
        }
        detour
    }
}

impl Drop for Detour {
    /// Also where the test has failed: others stand on the same stack.
    fn drop(&mut self) {
        self.proxy.heal();
        let functions = std::mem::take(&mut self.functions);
        let mending = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(mend(&functions));
        });
        let mended = mending.join();
        assert!(mended.is_ok() || std::thread::panicking(), "the functions still talk to a proxy that has ended");
    }
}

async fn mend(functions: &[(String, Value)]) {
    for (name, before) in functions {
        Caller::root().set_variables(name, before).await;
    }
}

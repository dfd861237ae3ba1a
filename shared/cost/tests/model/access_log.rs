//! The line that API Gateway writes of each request, filled as AWS would, is no longer than the model says.

use super::support::file;
use cost::Counts;

/// What stands for each variable; of the routes, the one that alerts take.
const FILLED: [(&str, &str); 5] = [
    ("requestId", "JKJaXmPLvHcESHA="),
    ("routeKey", "POST /api/webhook/{user_id}/{token}"),
    ("status", "202"),
    ("responseLatency", "1234"),
    ("integrationErrorMessage", "-"),
];

#[test]
fn a_line_of_the_gateway_is_as_long_as_the_model_says() {
    let template = std::fs::read_to_string(file("infra/sam/template.yaml")).unwrap();
    let (_, settings) = template.split_once("AccessLogSettings:").unwrap();
    let (_, format) = settings.split_once("Format: >-\n").unwrap();
    let line: Vec<_> = format.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    let line =
        FILLED.iter().fold(line.join(" "), |line, (name, value)| line.replace(&format!("$context.{name}"), value));
    assert!(!line.contains('$'), "nobody says here what stands in {line}");
    assert_eq!(line.len(), usize::try_from(Counts::read().unwrap().assumed.access_log_bytes).unwrap(), "{line}");
}

//! The secret in a body, and its removal.

use super::json::Node;
use std::fmt;

const NAME: &str = "secret";
/// What members and lines that hold one end with.
const SECRETS: [&str; 6] = ["secret", "token", "passphrase", "password", "api_key", "apikey"];
/// Objects whose own `secret` lets an alert in, after the body's.
const HOLDERS: [&str; 2] = ["tv", "execution_intent"];
const COVERED: &str = "[cut]";

/// What lets an alert in. It never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// For hashing, and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(super) fn cover_in(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&self.0, COVERED) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Takes every member named `secret` out, however deep and however it is spelled, and returns the one that counts.
pub(super) fn cut(node: &mut Node) -> Option<Secret> {
    let secret = own(node).or_else(|| HOLDERS.iter().find_map(|holder| own(member(node, holder)?)));
    remove(node);
    secret
}

/// A body that is not JSON is kept for its owner to look at, unless a secret may stand somewhere in it.
pub(super) fn cover(text: &str) -> String {
    let lower = text.to_lowercase();
    // An escape could spell the name.
    if lower.contains("\\u") || SECRETS.iter().any(|name| lower.contains(name)) {
        "[not kept: it is not an alert, and may hold a secret]".to_owned()
    } else {
        text.to_owned()
    }
}

fn own(node: &Node) -> Option<Secret> {
    match member(node, NAME)? {
        Node::Text(text) if !text.is_empty() => Some(Secret::new(text.as_str())),
        _ => None,
    }
}

fn member<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    let Node::Object(members) = node else {
        return None;
    };
    members.iter().find_map(|(key, value)| (key == name).then_some(value))
}

/// Whatever a tool calls it: `secret`, `email_token`, `passphrase`.
pub(super) fn names_a_secret(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    SECRETS.iter().any(|word| lower.ends_with(word))
}

fn remove(node: &mut Node) {
    match node {
        Node::Object(members) => {
            members.retain(|(name, _)| !names_a_secret(name));
            members.iter_mut().for_each(|(_, value)| remove(value));
        }
        Node::List(items) => items.iter_mut().for_each(remove),
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => {}
    }
}

//! `cargo xtask mails`: what the running stack has written to people. The emulator keeps it and sends nothing.

use anstream::println;
use reqwest::blocking::get;
use serde_json::Value;

use crate::aws_cli::Aws;
use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::stack::Target;

pub(crate) fn show(place: &Place) -> Result<()> {
    let endpoint = Target::find(place)?.endpoint()?;
    if !endpoint.is_local() {
        return Err(Failure::new("only an emulator keeps what it was given to send"));
    }
    let kept = get(format!("{}/_ministack/ses/messages", endpoint.url)).and_then(|answer| answer.json::<Value>());
    let letters = letters(&kept.while_doing("asking the emulator for letters")?);
    if letters.is_empty() {
        println!("no letter was written yet");
    }
    letters.iter().for_each(|letter| println!("{letter}"));
    Ok(())
}

/// As whom the local stack writes.
pub(crate) const SENDER: &str = "moniqo@example.com";

/// An emulator believes who is named; it refuses letters of others, as SES does.
pub(crate) fn verify(aws: &Aws<'_>, sender: &str) {
    let _again = aws.succeeds(["sesv2", "create-email-identity", "--email-identity", sender]);
}

/// Oldest first, of every account.
fn letters(kept: &Value) -> Vec<String> {
    let accounts = kept.get("messages").and_then(Value::as_object);
    let all = accounts.into_iter().flat_map(|accounts| accounts.values()).filter_map(Value::as_array).flatten();
    all.map(letter).collect()
}

fn letter(kept: &Value) -> String {
    let text = |name: &str| kept.get(name).and_then(Value::as_str).unwrap_or_default();
    let to = kept.pointer("/To/0").and_then(Value::as_str).unwrap_or_default();
    format!("from     {}\nto       {to}\nsubject  {}\n\n{}", text("Source"), text("Subject"), text("BodyText"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_letter_is_shown_as_it_was_written() {
        let one = json!({"Source": "a@b.co", "To": ["c@d.ef"], "Subject": "Hello", "BodyText": "You.\n"});
        let shown = letters(&json!({"messages": {"000000000000": [one]}}));
        assert_eq!(shown, ["from     a@b.co\nto       c@d.ef\nsubject  Hello\n\nYou.\n"]);
        assert!(letters(&json!({"messages": {}})).is_empty());
    }
}

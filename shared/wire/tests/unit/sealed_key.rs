use domain::ids::AccountId;
use wire::sealed_key::*;
use wire::text::Text;

#[test]
fn a_key_is_read_as_it_was_written_and_never_shown() {
    let (api_key, api_secret) = ("a\"b".to_owned(), "s\\".to_owned());
    let account = AccountId::of(&["it"]);
    let key = KeyText { api_key, api_secret, passphrase: None, account: Some(Text(account.clone())) };
    let text = key.encode().unwrap();
    assert_eq!(*text, format!(r#"{{"api_key":"a\"b","api_secret":"s\\","account":"{account}"}}"#));
    let read = KeyText::decode(&text).unwrap();
    assert_eq!((read.api_key.as_str(), read.api_secret.as_str(), &read.passphrase), ("a\"b", "s\\", &None));
    assert_eq!((format!("{key:?}"), &read.account), ("KeyText".to_owned(), &key.account));
    let earlier = KeyText::decode(r#"{"api_key":"a","api_secret":"s"}"#).unwrap();
    assert_eq!(earlier.account, None, "an earlier release's");
    let error = KeyText::decode(r#"{"api_key": "hidden"}"#).unwrap_err();
    assert_eq!(error.to_string(), "what is sealed is no key");
}

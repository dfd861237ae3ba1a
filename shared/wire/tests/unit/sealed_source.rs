use domain::ids::SourceId;
use wire::sealed_source::*;
use wire::text::Text;

#[test]
fn source_is_read_as_it_was_written_never_shown_and_of_no_other_one() {
    let (one, other) = (SourceId::of(&["one"]), SourceId::of(&["other"]));
    let endpoints = vec!["file:///a \"k".to_owned(), "https://b.example.org/".to_owned()];
    let source = SourceText { source: Text(one.clone()), endpoints, api_key: None };
    let text = source.encode().unwrap();
    assert_eq!(format!("{source:?}"), "SourceText");
    let read = SourceText::decode(&text, &one).unwrap();
    assert_eq!((&read.endpoints, &read.api_key), (&source.endpoints, &None));
    assert_eq!(read.endpoints().unwrap_err().to_string(), "what is sealed is no source", "that is no address");
    for (text, of) in [(text.as_str(), &other), (r#"{"source": "hidden"}"#, &one), ("", &one)] {
        assert_eq!(SourceText::decode(text, of).unwrap_err().to_string(), "what is sealed is no source");
    }
}

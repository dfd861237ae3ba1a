//! `/address-labels`

use super::*;
use app::whales::labels::LoadedLabels;
use domain::whale::{Blockchain, LabelCategory};
use serde_json::json;

const PATH: &str = "/api/v1/address-labels";
const ADMIN: &str = "sources:write";
const HEADER: &str = "blockchain,address,owner,category,role,source,as_of,confidence";
const ADDRESS: &str = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";

fn one(address: &str) -> String {
    format!("{PATH}/ethereum:{address}")
}

fn label() -> Value {
    json!({"owner": "Example", "category": "exchange", "role": "hot", "source": "its own list", "confidence": 100})
}

fn put(api: &Api, address: &str, body: &Value) -> (u16, Value) {
    let (status, headers, label) = ask(api, ("PUT", &one(address)), ADMIN, &[], body.to_string());
    if status.is_success() {
        assert_eq!(headers["etag"].to_str().unwrap(), format!("\"{}\"", label["version"]));
    }
    (status.as_u16(), label)
}

fn import(api: &Api, sheet: &str) -> (u16, Value) {
    let (status, _, answer) = ask(api, ("POST", &format!("{PATH}/import")), ADMIN, &[], sheet);
    (status.as_u16(), answer)
}

fn list(api: &Api, query: &str) -> Vec<String> {
    let (mut path, mut owners) = (format!("{PATH}?{query}"), Vec::new());
    loop {
        let (status, _, page) = ask(api, ("GET", &path), ADMIN, &[], "");
        assert_eq!(status, 200, "{page}");
        owners
            .extend(page["items"].as_array().unwrap().iter().map(|label| label["owner"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { return owners };
        path = format!("{PATH}?{query}&cursor={cursor}");
    }
}

fn lines(count: usize) -> String {
    let line = |number: usize| format!("ethereum,0x{number:040x},owner {number},exchange,,a list,,100\n");
    format!("{HEADER}\n{}", (0..count).map(line).collect::<String>())
}

#[test]
fn only_who_may_define_sources_reads_or_changes_labels() {
    let api = fresh();
    let others = "trading:read+trading:write+accounts:write+research:write+system:operate+wallets:write+users:write";
    for (method, path, body) in [
        ("GET", PATH.to_owned(), String::new()),
        ("POST", format!("{PATH}/import"), lines(1)),
        ("GET", one(ADDRESS), String::new()),
        ("PUT", one(ADDRESS), label().to_string()),
        ("DELETE", one(ADDRESS), String::new()),
    ] {
        assert_eq!(ask(&api, (method, &path), "", &[], body.clone()).0, 401, "{method}");
        assert_eq!(ask(&api, (method, &path), others, &[], body.clone()).0, 403, "{method}");
    }
    assert_eq!(list(&api, ""), [""; 0]);
}

#[test]
fn label_is_set_replaced_and_deleted_on_the_version_that_is_meant() {
    let api = fresh();
    let (status, first) = put(&api, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", &label());
    assert_eq!((status, &first["version"], &first["owner"]), (201, &json!(1), &json!("example")));
    assert_eq!((&first["address"], &first["as_of"]), (&json!(ADDRESS), &json!("2025-11-20")));
    assert_eq!(put(&api, ADDRESS, &label()).1["version"], 1, "it says the same");
    let mut other = label();
    other["role"] = Value::Null;
    other["as_of"] = json!("2025-01-31");
    let (status, second) = put(&api, ADDRESS, &other);
    assert_eq!((status, &second["version"], &second["role"]), (200, &json!(2), &Value::Null));
    let late = ask(&api, ("PUT", &one(ADDRESS)), ADMIN, &[("if-match", "\"1\"")], label().to_string());
    assert_eq!((late.0.as_u16(), &late.2["code"]), (409, &json!("version_conflict")));
    assert_eq!(ask(&api, ("DELETE", &one(ADDRESS)), ADMIN, &[("if-match", "\"1\"")], "").0, 409);
    assert_eq!(ask(&api, ("DELETE", &one(ADDRESS)), ADMIN, &[("if-match", "\"2\"")], "").0, 204);
    assert_eq!(ask(&api, ("DELETE", &one(ADDRESS)), ADMIN, &[], "").0, 404);
    assert_eq!(ask(&api, ("GET", &one(ADDRESS)), ADMIN, &[], "").0, 404);
    assert_eq!(put(&api, ADDRESS, &label()).1["version"], 4, "no version is given twice");
}

#[test]
fn labels_are_imported_if_every_line_is_right() {
    let api = fresh();
    assert_eq!(import(&api, &lines(80)), (200, json!({"created": 80, "changed": 0, "unchanged": 0})));
    let some = lines(80).replace("owner 7,", "Other,");
    assert_eq!(import(&api, &some), (200, json!({"created": 0, "changed": 1, "unchanged": 79})));
    assert_eq!(list(&api, "owner=OTHER"), ["other"]);
    let two = format!("\u{feff}confidence,{}\r\n", HEADER.replace(",confidence", ""))
        + "50,bitcoin,1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2,123,whale,cold,\"a, quoted\",2026-01-31\r\n"
        + &format!("50,ethereum,{ADDRESS},example,dex,,a list,\r\n");
    assert_eq!(import(&api, &two).1, json!({"created": 2, "changed": 0, "unchanged": 0}));
    for (sheet, told) in [
        (String::new(), "the first line must name the columns"),
        (format!("{HEADER}\n"), "at least one line"),
        (lines(201).replace("owner ", "").replace("a list", "l"), "at most 200 lines"),
        (lines(1).replace("blockchain", "chain"), "the first line must name"),
        (lines(1).replace(",confidence", ",confidence,source"), "the first line must name"),
        (lines(3).replace("owner 1,", "owner 1,owner 2,"), "line 3: it has more or fewer columns"),
        (lines(3).replace("exchange", "bank"), "line 2: category must be"),
        (lines(3).replace("owner 2", "<b>"), "line 4: owner must have"),
        (lines(3).replace("a list,,100", "a list,yesterday,100"), "line 2: as_of must be a day"),
        (lines(3).replace("100", "101"), "line 2: confidence must be a whole number from 0 to 100"),
        (lines(3).replace("100", "high"), "line 2: confidence must be a whole number from 0 to 100"),
        (lines(3).replace("a list", ""), "line 2: source must be"),
        (lines(2).replace(&format!("{:040x}", 1), "1"), "line 3: address must be an address of ethereum"),
        (lines(2).replace(&format!("{:040x}", 1), &format!("{:040x}", 0)), "line 3: address is the one of line 2"),
    ] {
        let (status, problem) = import(&api, &sheet);
        assert_eq!(status, 422, "{sheet}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(told), "{problem}");
        assert!(!problem.to_string().contains("<b>"), "{problem}");
    }
    assert_eq!(list(&api, "").len(), 82, "nothing of what was refused");
}

#[test]
fn labels_are_listed_page_after_page_by_what_they_say() {
    let api = fresh();
    assert_eq!(import(&api, &lines(80)).0, 200);
    let bitcoin = format!("{HEADER}\nbitcoin,1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2,miner,mining_pool,,a list,,10\n");
    assert_eq!(import(&api, &bitcoin).0, 200);
    let all = list(&api, "limit=7");
    assert_eq!((all.len(), all[0].as_str(), all[80].as_str()), (81, "owner 0", "miner"));
    assert_eq!(list(&api, "limit=7&category=mining_pool"), ["miner"]);
    assert_eq!(list(&api, "blockchain=bitcoin&owner=owner%201"), [""; 0]);
    assert_eq!(list(&api, "blockchain=ethereum&owner=owner%201"), ["owner 1"]);
    assert_eq!(list(&api, "role=hot"), [""; 0]);
    for query in ["blockchain=solana", "category=bank", "role=warm", "cursor=made-up", "limit=0"] {
        assert_eq!(ask(&api, ("GET", &format!("{PATH}?{query}")), ADMIN, &[], "").0, 422, "{query}");
    }
}

#[test]
fn label_that_says_too_much_or_too_little_is_refused_by_its_member() {
    let api = fresh();
    let with = |name: &str, value: Value| {
        let mut body = label();
        body[name] = value;
        body
    };
    for (body, field) in [
        (with("owner", json!("")), "owner"),
        (with("owner", json!("x".repeat(41))), "owner"),
        (with("owner", json!("a\nb")), "owner"),
        (with("category", json!("bank")), "category"),
        (with("role", json!("warm")), "role"),
        (with("source", json!("x".repeat(201))), "source"),
        (with("as_of", json!("2026-02-30")), "as_of"),
        (with("as_of", json!(1)), "as_of"),
        (with("confidence", json!(101)), "confidence"),
        (with("confidence", json!(-1)), "confidence"),
        (with("confidence", json!(1e300)), "confidence"),
        (with("version", json!(1)), "version"),
    ] {
        let (status, problem) = put(&api, ADDRESS, &body);
        assert_eq!((status, problem.to_string().contains(field)), (422, true), "{body}: {problem}");
    }
    for id in ["ethereum", "ethereum:0x1", "solana:x", "bitcoin:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"] {
        assert_eq!(ask(&api, ("PUT", &format!("{PATH}/{id}")), ADMIN, &[], label().to_string()).0, 422, "{id}");
        assert_eq!(ask(&api, ("GET", &format!("{PATH}/{id}")), ADMIN, &[], "").0, 422, "{id}");
    }
}

#[test]
fn run_knows_a_label_from_its_change_on() {
    let api = fresh();
    let loaded = std::rc::Rc::new(LoadedLabels::default());
    let known = |api: &Api| {
        let loaded = loaded.clone();
        done(api, |world| async move { loaded.of(&world, Blockchain::Ethereum).await.unwrap() })
    };
    assert!(known(&api).is_empty());
    put(&api, ADDRESS, &label());
    let labels = known(&api);
    assert_eq!(
        labels.values().map(|label| (label.owner.as_str(), label.category)).collect::<Vec<_>>(),
        [("example", LabelCategory::Exchange)]
    );
    assert!(std::sync::Arc::ptr_eq(&labels, &known(&api)), "they are loaded once");
    assert_eq!(ask(&api, ("DELETE", &one(ADDRESS)), ADMIN, &[], "").0, 204);
    assert!(known(&api).is_empty());
}

#[test]
fn each_change_is_on_record_as_it_was_and_as_it_is() {
    let api = fresh();
    put(&api, ADDRESS, &label());
    let mut other = label();
    other["owner"] = json!("other");
    put(&api, ADDRESS, &other);
    ask(&api, ("DELETE", &one(ADDRESS)), ADMIN, &[], "");
    import(&api, &lines(2));
    import(&api, &lines(35).replace("owner", "other"));
    let rows = format!("{:?}", api.store.table());
    for told in [
        "set address label",
        "delete address label",
        "import address labels",
        "is example (exchange hot), 100 of 100 by its own list",
        "and 1 more",
    ] {
        assert!(rows.contains(told), "{told}");
    }
}

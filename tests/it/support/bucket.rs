//! All that stands in the stack's bucket.

use super::signed::Caller;
use super::tables::bucket;
use flate2::read::GzDecoder;
use std::io::Read;

/// How what is packed begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Every object, each with its name; what is packed as it was before.
pub(crate) async fn objects() -> String {
    let (root, bucket) = (Caller::root(), bucket().await);
    let mut all = String::new();
    for key in keys(&root, &bucket).await {
        let object = root.object_bytes(&format!("{bucket}/{key}")).await;
        let text = if object.starts_with(&GZIP) { unpacked(&object) } else { String::from_utf8(object).unwrap() };
        all.extend([&key, "\n", &text, "\n"]);
    }
    all
}

pub(crate) fn unpacked(packed: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    text
}

/// A list names a thousand at the most.
async fn keys(root: &Caller, bucket: &str) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    loop {
        let after = keys.last().map(|last| format!("&start-after={last}")).unwrap_or_default();
        let listed = root.object("s3:ListBucket", &format!("{bucket}?list-type=2{after}")).await;
        let text = listed.body.as_str().unwrap();
        let named = text.split("<Key>").skip(1).filter_map(|rest| rest.split_once("</Key>"));
        let before = keys.len();
        keys.extend(named.map(|(key, _)| key.to_owned()));
        if keys.len() == before || !text.contains("<IsTruncated>true</IsTruncated>") {
            return keys;
        }
    }
}

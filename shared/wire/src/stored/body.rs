//! The body of an alert, as it is kept: packed, since a row is paid for by its kilobytes.

use domain::limits;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;

/// What arrived, without its secret. Written as bytes where that is shorter, else as text; read either way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body(pub String);

/// The first byte of a packed body: deflate (RFC 1951) with the dictionary [`WORDS`].
const PACKED: u8 = 1;
/// Of each thread.
const LATELY_MAX: usize = 8;
/// What alerts are made of, the most usual last. Rows are packed with it: it never changes, and another one would have
/// another first byte.
const WORDS: &[u8] = include_bytes!("body.1.txt");

thread_local! {
    /// Its tables take some hundred kilobytes: they are made once, and cleared for each body.
    static DEFLATE: RefCell<Compress> = RefCell::new(Compress::new(Compression::default(), false));
    /// Bodies that were packed or unpacked lately, and what they are packed: each part of a routed alert has the same, and so has
    /// an alert that comes twice.
    static LATELY: RefCell<VecDeque<(String, Vec<u8>)>> = const { RefCell::new(VecDeque::new()) };
}

impl Body {
    /// None where it would not be shorter.
    fn pack(&self) -> Option<Vec<u8>> {
        if self.0.len() > limits::BODY_BYTES_MAX {
            return None;
        }
        let known = |lately: &VecDeque<(String, Vec<u8>)>| {
            lately.iter().find(|(body, _)| *body == self.0).map(|(_, packed)| packed.clone())
        };
        if let Some(packed) = LATELY.with_borrow(known) {
            return Some(packed);
        }
        let mut packed = Vec::with_capacity(self.0.len());
        packed.push(PACKED);
        let done = DEFLATE.with_borrow_mut(|deflate| {
            deflate.reset();
            deflate.set_dictionary(WORDS).ok()?;
            deflate.compress_vec(self.0.as_bytes(), &mut packed, FlushCompress::Finish).ok()
        });
        (done? == Status::StreamEnd).then(|| {
            remember(&self.0, &packed);
            packed
        })
    }

    fn unpack(bytes: &[u8]) -> Result<Self, String> {
        let [PACKED, packed @ ..] = bytes else { return Err("a body packed in an unknown way".to_owned()) };
        let known = |lately: &VecDeque<(String, Vec<u8>)>| {
            lately.iter().find(|(_, packed)| packed == bytes).map(|(body, _)| body.clone())
        };
        if let Some(body) = LATELY.with_borrow(known) {
            return Ok(Self(body));
        }
        let mut body = Vec::with_capacity(limits::BODY_BYTES_MAX);
        let mut inflate = Decompress::new(false);
        inflate.set_dictionary(WORDS).map_err(|error| error.to_string())?;
        let done =
            inflate.decompress_vec(packed, &mut body, FlushDecompress::Finish).map_err(|error| error.to_string())?;
        if done != Status::StreamEnd {
            return Err("a packed body that does not end".to_owned());
        }
        body.shrink_to_fit();
        let body = String::from_utf8(body).map_err(|error| error.to_string())?;
        remember(&body, bytes);
        Ok(Self(body))
    }
}

fn remember(body: &str, packed: &[u8]) {
    LATELY.with_borrow_mut(|lately| {
        lately.truncate(LATELY_MAX - 1);
        lately.push_front((body.to_owned(), packed.to_owned()));
    });
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.pack() {
            Some(packed) => serializer.serialize_bytes(&packed),
            None => serializer.serialize_str(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrBytes)
    }
}

struct TextOrBytes;

impl<'de> Visitor<'de> for TextOrBytes {
    type Value = Body;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or a packed one")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Body, E> {
        Ok(Body(text.to_owned()))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Body, E> {
        Body::unpack(bytes).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut bytes: A) -> Result<Body, A::Error> {
        let mut packed = Vec::new();
        while let Some(byte) = bytes.next_element()? {
            packed.push(byte);
        }
        self.visit_bytes(&packed)
    }
}

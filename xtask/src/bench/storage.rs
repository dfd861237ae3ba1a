//! Bucket, key and functions of the loopback cloud: nothing is there yet, whatever is put or left to another run is taken,
//! what is sealed is one text, and all data keys are one key.

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use data_encoding::BASE64;
use serde_json::{Value, json};

/// The answer to a call of S3, KMS or Lambda; nothing for other services.
pub(super) fn answer(method: &Method, target: &str, request: &Value) -> Option<(StatusCode, Bytes)> {
    let data_key = || {
        let key = request.get("KeyId");
        json!({"Plaintext": BASE64.encode(&[7; 32]), "CiphertextBlob": "c2VhbGVk", "KeyId": key}).to_string().into()
    };
    match target {
        "TrentService.GenerateDataKey" | "TrentService.Decrypt" => Some((StatusCode::OK, data_key())),
        "TrentService.Encrypt" => Some((StatusCode::OK, json!({"CiphertextBlob": "c2VhbGVk"}).to_string().into())),
        "" if method == Method::PUT => Some((StatusCode::OK, Bytes::new())),
        "" if method == Method::GET => Some((StatusCode::NOT_FOUND, Bytes::new())),
        // A run that nobody waits for.
        "" if method == Method::POST => Some((StatusCode::ACCEPTED, Bytes::new())),
        _ => None,
    }
}

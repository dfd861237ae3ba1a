//! What somebody may try who has no key of ours.

use crate::{Signer, Verifier};
use app::identity::{Prove, Proven};
use app::ports::{Claims, KeyClaims, Secret, SignToken, TokenKey};
use data_encoding::BASE64URL_NOPAD;
use domain::clock::{Millis, Timestamp};
use domain::ids::{KeyId, SessionId, Sha, UserId};
use domain::limits;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);

fn signer(secret: char) -> Signer {
    Signer::of(&Secret::new(secret.to_string().repeat(64)), "moniqo").unwrap()
}

fn claims() -> Claims {
    let (user, session) = (UserId::of(&["u"]), SessionId::of(&["s"]));
    Claims { user, session, issued_at: NOW, expires_at: NOW.plus(limits::SESSION_LIFE) }
}

fn token(signer: &Signer) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(signer.sign_token(&claims())).unwrap().expose().to_owned()
}

fn verifier(keys: &[TokenKey]) -> Verifier {
    let verifier = Verifier::new("moniqo");
    verifier.learn(keys, NOW);
    verifier
}

fn proven(token: &str, now: Timestamp) -> Option<Proven> {
    verifier(&[signer('a').public().clone()]).prove(&Secret::new(token.to_owned()), now)
}

fn part(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

fn body() -> Value {
    let claims = claims();
    let exp = claims.expires_at.millis() / 1_000;
    json!({"iss": "moniqo", "sub": claims.user.as_str(), "sid": claims.session.as_str(), "iat": 1, "exp": exp})
}

#[test]
fn a_token_is_good_until_its_end_and_says_whose_session_it_is() {
    let token = token(&signer('a'));
    assert_eq!(proven(&token, NOW), Some(Proven::Good(claims())));
    let end = claims().expires_at;
    assert!(matches!(proven(&token, end.minus(Millis::new(1))), Some(Proven::Good(_))));
    assert_eq!(proven(&token, end), Some(Proven::Bad));
}

#[test]
fn a_programs_token_is_for_its_key_and_is_no_session() {
    let key = KeyClaims {
        user: UserId::of(&["u"]),
        key: KeyId::of(&["k"]),
        secret: Sha::of_bytes(b"mqk_s"),
        scopes: ["trading:read", "trading:write"].map(|scope| scope.parse().unwrap()).into_iter().collect(),
        issued_at: NOW,
        expires_at: NOW.plus(limits::CLIENT_TOKEN_LIFE),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let sign = |key: &KeyClaims| runtime.block_on(signer('a').sign_key_token(key)).unwrap().expose().to_owned();
    let token = sign(&key);
    assert_eq!(proven(&token, NOW), Some(Proven::Program(key.clone())));
    assert_eq!(proven(&token, key.expires_at), Some(Proven::Bad));
    let none = KeyClaims { scopes: [].into_iter().collect(), ..key };
    assert_eq!(proven(&sign(&none), NOW), Some(Proven::Program(none)));
    let parts: Vec<&str> = token.split('.').collect();
    let wider = String::from_utf8(BASE64URL_NOPAD.decode(parts[1].as_bytes()).unwrap()).unwrap();
    let wider = BASE64URL_NOPAD.encode(wider.replace("trading:write", "users:write").as_bytes());
    assert_eq!(proven(&format!("{}.{wider}.{}", parts[0], parts[2]), NOW), Some(Proven::Bad), "widened");
}

#[test]
fn what_names_another_algorithm_is_bad() {
    let key = signer('a').public().clone();
    let good = token(&signer('a'));
    let (head, rest) = good.split_once('.').unwrap();
    let none = json!({"typ": "JWT", "alg": "none", "kid": key.id});
    for alg in ["none", "None", "NONE", "HS256", "RS256", "ES256", ""] {
        let head = part(&json!({"typ": "JWT", "alg": alg, "kid": key.id}));
        assert_eq!(proven(&format!("{head}.{rest}"), NOW), Some(Proven::Bad), "{alg}");
    }
    assert_eq!(proven(&format!("{}.{}.", part(&none), part(&body())), NOW), Some(Proven::Bad));
    assert_eq!(proven(&format!("{head}.{}.", part(&body())), NOW), Some(Proven::Bad), "unsigned");
}

/// The oldest trick: the public key as the secret of a symmetric algorithm.
#[test]
fn the_public_key_signs_nothing() {
    let key = signer('a').public().clone();
    let raw = BASE64URL_NOPAD.decode(key.public.as_bytes()).unwrap();
    for secret in [raw.as_slice(), key.public.as_bytes()] {
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        let forged = encode(&header, &body(), &EncodingKey::from_secret(secret)).unwrap();
        assert_eq!(proven(&forged, NOW), Some(Proven::Bad));
        let (_, rest) = forged.split_once('.').unwrap();
        let head = part(&json!({"typ": "JWT", "alg": "EdDSA", "kid": key.id}));
        assert_eq!(proven(&format!("{head}.{rest}"), NOW), Some(Proven::Bad), "under our algorithm's name");
    }
}

#[test]
fn a_key_that_was_not_published_proves_nothing_whatever_it_calls_itself() {
    let stranger = token(&signer('b'));
    assert_eq!(proven(&stranger, NOW), Some(Proven::UnknownKey));
    let ours = signer('a').public().clone();
    let (_, rest) = stranger.split_once('.').unwrap();
    let head = part(&json!({"typ": "JWT", "alg": "EdDSA", "kid": ours.id}));
    assert_eq!(proven(&format!("{head}.{rest}"), NOW), Some(Proven::Bad), "under our key's name");
    let brought = json!({"typ": "JWT", "alg": "EdDSA", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}});
    assert!(!matches!(proven(&format!("{}.{rest}", part(&brought)), NOW), Some(Proven::Good(_))), "with a key in it");
}

#[test]
fn another_deployments_token_is_bad_even_under_the_same_secret() {
    let same = Signer::of(&Secret::new("a".repeat(64)), "moniqo-test").unwrap();
    assert_eq!(proven(&token(&same), NOW), Some(Proven::Bad));
}

#[test]
fn whatever_is_changed_in_a_token_spoils_it() {
    let good = token(&signer('a'));
    for at in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(!matches!(proven(&changed, NOW), Some(Proven::Good(_))), "character {at}");
    }
    for text in
        [".", "..", "...", "a.b.c", "ey.ey.ey", good.strip_suffix(|_: char| true).unwrap(), &format!("{good}.x")]
    {
        assert!(!matches!(proven(text, NOW), Some(Proven::Good(_)) | None), "{text}");
    }
    assert_eq!(proven("mqs_abc-_", NOW), None, "a program's key is none of ours");
}

#[test]
fn a_key_is_believed_until_its_end_after_another_signs() {
    let until = NOW.plus(limits::TOKEN_KEY_OVERLAP);
    let old = TokenKey { until: Some(until), ..signer('a').public().clone() };
    let verifier = verifier(&[old, signer('b').public().clone()]);
    let prove = |of: char, now| verifier.prove(&Secret::new(token(&signer(of))), now);
    assert!(matches!(prove('a', NOW), Some(Proven::Good(_))));
    assert!(matches!(prove('b', NOW), Some(Proven::Good(_))));
    assert_eq!(prove('a', until), Some(Proven::UnknownKey));
}

#[test]
fn keys_are_asked_for_now_and_then_however_often_strangers_name_others() {
    let verifier = Verifier::new("moniqo");
    assert!(verifier.is_stale(NOW) && verifier.may_ask(NOW));
    verifier.learn(&[], NOW);
    let after = |span: Millis, less: i64| NOW.plus(Millis::new(span.get() - less));
    assert!(!verifier.may_ask(after(limits::TOKEN_KEYS_ASKED_AGAIN, 1)));
    assert!(verifier.may_ask(after(limits::TOKEN_KEYS_ASKED_AGAIN, 0)));
    assert!(!verifier.is_stale(after(limits::TOKEN_KEYS_CACHE, 1)));
    assert!(verifier.is_stale(after(limits::TOKEN_KEYS_CACHE, 0)));
}

#[test]
fn a_new_secret_makes_a_new_key_and_no_secret_prints_itself() {
    let (one, other) = (signer('a'), signer('b'));
    assert_ne!(one.public(), other.public());
    assert_eq!(one.public(), signer('a').public());
    assert!(!format!("{one:?} {:?}", Secret::new("a".repeat(64))).contains("aaaa"));
    assert!(Signer::of(&Secret::new("a".repeat(31)), "moniqo").is_err());
}

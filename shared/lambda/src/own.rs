//! What a function leaves to a run of its own: a request that no caller can make.
//!
//! What it looks like: [`wire::own`].

use crate::edge::Problem;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::Request;
use axum::http::request::Parts;
use lambda_http::request::RequestContext;
use wire::own::OWN;

/// A request that the function has left to itself, or the owner has handed it. To others its route is not there.
#[derive(Debug, Clone, Copy)]
pub struct Own;

impl<S: Sync> FromRequestParts<S> for Own {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.extensions.get::<RequestContext>() {
            Some(RequestContext::ApiGatewayV2(context)) if context.apiid.as_deref() == Some(OWN) => Ok(Self),
            _ => Err(Problem::not_found("route")),
        }
    }
}

/// The request that such an event becomes, for tests.
///
/// # Errors
/// Where it is none.
pub fn request(event: &str) -> Result<Request<Body>, serde_json::Error> {
    lambda_http::request::from_str(event).map(|request| request.map(Body::new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::prepare;
    use axum::Router;
    use axum::body::to_bytes;
    use axum::routing::post;
    use serde_json::json;
    use tower::ServiceExt;
    use wire::own::event;

    #[tokio::test]
    async fn a_function_hears_itself_and_nobody_else_there() {
        let ask = async |event: &str| {
            let router = Router::new().route("/own/letters", post(async |_: Own, body: String| body));
            let (parts, body) = prepare(router).oneshot(request(event).unwrap()).await.unwrap().into_parts();
            (parts.status.as_u16(), to_bytes(body, 99).await)
        };
        let own = event("/own/letters", &json!({"email": "ann@example.com"})).to_string();
        let (status, body) = ask(&own).await;
        assert_eq!((status, &*body.unwrap()), (200, &br#"{"email":"ann@example.com"}"#[..]));
        let strange = own.replace(r#""apiId":"moniqo""#, r#""apiId":"abc123""#);
        assert_eq!(ask(&strange).await.0, 404);
    }
}

//! Codes of any request.

super::codes! {
    400 invalid_json: "The body is not a JSON object, or one of its members stands in it twice.",
        "Send one JSON object with `Content-Type: application/json`.";
    401 unauthorized: "The request has no valid token, or the token has expired or was revoked.",
        "Log in again, or create an API key, and send `Authorization: Bearer` with the token.";
    403 missing_scope: "The token is valid and lacks the permission that the operation needs, or only a logged-in user may do this.",
        "Use an API key with the permission that `detail` names, or log in.";
    403 permission_not_yours: "You cannot give a permission that you do not have yourself.",
        "Ask a user who has the permission that `permission` names.";
    404 not_found: "There is no such route, or no such thing that belongs to you.",
        "Check the path and the id. The id of another user's resource answers as an unknown one does.";
    405 method_not_allowed: "The path exists, and not with this method.",
        "Use one of the methods that the header `Allow` lists.";
    409 version_conflict: "The resource has changed since you read it.",
        "Read it again, repeat your change on that version and send its `ETag` as `If-Match`.";
    409 contended: "Other changes of the same resource were made at the same time. Nothing was changed by this request.",
        "Send the same request again.";
    409 in_progress: "Another request with this `Idempotency-Key` was begun and has no answer yet: it is not finished, or its answer was lost.",
        "If there is `Retry-After`, send the same request again after it. If not, read the resource to see what was done, and use a new key for what is still wanted.";
    409 idempotency_key_reused: "This `Idempotency-Key` was sent before with another path, query or body.",
        "Use a new key for each thing that is meant. Send the same key only with the same request.";
    409 answer_not_kept: "The request with this `Idempotency-Key` was done. Its answer held a secret, which is shown once, or was too long to be kept.",
        "List the resources to find what was created. Rotate or delete it if its secret was lost.";
    413 body_too_large: "The body is longer than the API accepts.",
        "Send a smaller body. `detail` says how many bytes are allowed.";
    422 invalid_field: "A member of the body, or a query parameter, is missing, unknown or out of its bounds.",
        "Change what `field` names to what `detail` allows. `fields` lists all that are wrong.";
    429 too_many_requests: "Too many requests, or too many attempts with a wrong password or code, were made in this window.",
        "Wait as many seconds as the header `Retry-After` says.";
    500 internal: "A defect of the deployment. The log has the details under the `request_id` of the problem.",
        "Search the log for `request_id`. Read the resource before you repeat a change: it may have been made.";
    503 unavailable: "A service of the deployment cannot be reached now. Nothing was done by this request.",
        "Send the same request again after the seconds that `Retry-After` says.";
    503 unfinished: "The change is stored and holds, and not every open session shows it yet.",
        "Send the same request again: it goes on where it stopped.";
}

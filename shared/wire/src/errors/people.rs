//! Who may come in, and what they may do.

super::codes! {
    400 DUPLICATE_API_KEY: "One of your API keys has this name already.",
        "Choose another name, or revoke the other key.";
    400 DUPLICATE_EMAIL: "Another user has this e-mail address.",
        "Use another address, or reset the password of that user.";
    400 DUPLICATE_PERMISSION: "A permission with this name exists already.",
        "Choose another name.";
    400 DUPLICATE_PLAN: "A plan with this name exists already.",
        "Choose another name.";
    400 DUPLICATE_ROLE: "A role with this name exists already.",
        "Choose another name.";
    400 DUPLICATE_USERNAME: "Another user has this username.",
        "Choose another username.";
    400 DUPLICATE_USER_PLAN: "The user has a plan already.",
        "Replace their plan with `PUT /api/v1/user-plans/{id}`.";
    400 cookie_and_bearer: "The request has a session's cookie and a bearer token, or one of them twice.",
        "Send one of them.";
    400 invalid_request: "The form lacks a member that OAuth 2 asks for, or has it twice (RFC 6749, 5.2).",
        "Send `grant_type=client_credentials`, and `client_id` and `client_secret` in the form or as HTTP Basic.";
    400 invalid_scope: "The API key lacks one of the scopes that were asked for (RFC 6749, 5.2).",
        "Ask for scopes of the key alone, or leave `scope` out.";
    400 unsupported_grant_type: "Only the grant `client_credentials` is offered (RFC 6749, 5.2).",
        "Send `grant_type=client_credentials`.";
    401 invalid_client: "The client's id or its secret is wrong (RFC 6749, 5.2).",
        "Use the id of an API key as `client_id` and the key itself as `client_secret`.";
    401 totp_required: "The password is right, and the user has a second factor.",
        "Send the six digits of your authenticator as `totp`, or a backup code.";
    401 wrong_credentials: "The e-mail address or the password is wrong.",
        "Check both, or reset the password.";
    401 wrong_token: "The token of the password reset, or the refresh token, is unknown, was used or has expired.",
        "Ask for another password reset, or log in again.";
    401 wrong_totp: "The code of the second factor is wrong or was used before.",
        "Wait for the next code of your authenticator, and check its clock.";
    403 csrf: "A change by cookie does not prove that a page of this deployment asked for it.",
        "Send `X-CSRF-Token`, as `GET /api/v1/auth/csrf` answers it, from a page of the same origin.";
    403 registration_closed: "This deployment does not let strangers register.",
        "Ask an admin to create a user for you.";
    403 role_not_yours: "Only an admin gives a role above `viewer`.",
        "Leave `role` out, and ask an admin afterwards.";
    403 scope_not_yours: "An API key cannot have a permission that its user does not have.",
        "Leave out the scope that `detail` names.";
    403 wrong_code: "The registration code is wrong or was used before.",
        "Take the code from the deployment's output again, or ask an admin to create a user for you.";
    409 built_in: "What comes with the deployment cannot be changed or deleted.",
        "Create one of your own in its place.";
    409 in_use: "Users still have it; `holders` says how many.",
        "Give them another one first.";
    409 last_admin: "This is the only admin who can log in.",
        "Make another user an admin first.";
    409 notification_stays: "Notices of new or changed access cannot be deleted.",
        "Mark it as read. It is deleted after 90 days.";
    409 oneself: "You cannot change your own role, plan, permissions or status.",
        "Ask another admin.";
    409 plan_inactive: "This plan is not given to users any more.",
        "Choose another plan, or make this one active.";
    409 too_many_api_keys: "You have as many API keys as are allowed.",
        "Revoke one that you do not need.";
    409 too_many_permissions: "The deployment has as many permissions of its own as are allowed.",
        "Delete one that no user has.";
    409 too_many_plans: "The deployment has as many plans as are allowed.",
        "Delete one that no user has.";
    409 too_many_roles: "The deployment has as many roles as are allowed.",
        "Delete one that no user has.";
    409 too_old: "The session is not renewed any more: it is 30 days old, it is a browser's, or its user has changed the password or the second factor since.",
        "Log in again.";
    409 totp_on: "The second factor is switched on already.",
        "Switch it off first, if you want another one.";
    422 too_many_rows: "The export would have more rows than one answer holds.",
        "Ask for a shorter time with `since` and `until`.";
}

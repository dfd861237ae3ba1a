//! Accounts, exchange keys, webhook tokens and routes.

super::codes! {
    400 DUPLICATE_ACCOUNT: "One of your accounts at this exchange has this label already.",
        "Choose another `label`.";
    400 DUPLICATE_ROUTE: "One of your routes has this name already.",
        "Choose another name.";
    400 DUPLICATE_WALLET: "An exchange of this name is there already.",
        "Change the one that is there.";
    400 DUPLICATE_WEBHOOK_TOKEN: "One of your webhook tokens has this label already.",
        "Choose another `label`, or revoke the other token.";
    409 account_gone: "The bot's account was deleted.",
        "Give the bot another account.";
    409 account_has_no_address: "The account is for no address of a chain, so there is nothing to prove.",
        "Call this for an account whose exchange is a chain.";
    409 address_connected: "One of your accounts is for this address already.",
        "Use that account.";
    409 address_not_proven: "The address has not been proven to be yours.",
        "Ask for a challenge, sign it with the address's key and send the signature.";
    409 ambiguous_account: "Several of your accounts fit what you named.",
        "Name one account: by its id, or by `label` as `detail` says.";
    409 bots_run: "Bots trade with this account or key now.",
        "Stop them first.";
    409 challenge_expired: "The challenge is too old to be signed.",
        "Ask for another one.";
    409 challenge_missing: "No challenge was asked for, or it has been used.",
        "Ask for one first.";
    409 groups_open: "Positions are open.",
        "Close them first, or wait until they are closed.";
    409 key_does_not_open: "The stored exchange key cannot be decrypted any more.",
        "Save the exchange key again.";
    409 key_missing: "The account has no exchange key.",
        "Save an exchange key first.";
    409 key_of_another_account: "The exchange key belongs to another account at the exchange than the one before it.",
        "Connect it as an account of its own, or use a key of the same account.";
    409 label_of_token: "A webhook token trades with whatever account has this label.",
        "Choose another `label`, revoke the token, or bind it to another account.";
    409 not_validated: "The account has not been validated yet.",
        "Validate it first: `POST /api/v1/accounts/{id}/test`.";
    409 same_account_unsaid: "The exchange does not say to which account a key belongs, and positions are open.",
        "If the new key is of the same account at the exchange, say so with `same_account`.";
    409 too_many_accounts: "You have as many accounts as are allowed.",
        "Delete one that you do not need.";
    409 too_many_routes: "You have as many routes as are allowed.",
        "Delete one that you do not need.";
    409 too_many_wallets: "The deployment has as many exchanges as are allowed.",
        "Delete one that you do not need.";
    409 too_many_webhook_tokens: "You have as many webhook tokens as are allowed.",
        "Revoke one that you do not need.";
    409 venue_not_tradable: "Moniqo does not trade at this exchange, or not in this mode.",
        "See `GET /api/v1/exchanges` for the exchanges and modes that are traded.";
    409 wallet_inactive: "No account can be connected at this exchange now: an admin has switched it off.",
        "Ask an admin, or use another exchange.";
    422 key_address_refused: "The exchange refuses the address that the deployment calls from.",
        "Add the deployment's fixed address to the addresses that the key allows.";
    422 key_can_withdraw: "The exchange key may withdraw money. Such a key is not stored unless you insist.",
        "Make a key without the right to withdraw. `detail` says how to insist.";
    422 key_cannot_read: "The exchange key may not read balances and orders.",
        "Give the key the right to read.";
    422 key_cannot_trade: "The exchange key may not place orders.",
        "Give the key the right to trade.";
    422 key_connected_twice: "Another of your accounts has the same account at the exchange.",
        "Use that account. Two accounts for one balance would trade it twice.";
    422 key_expired: "The exchange key has expired.",
        "Make another key at the exchange.";
    422 key_not_taken: "This exchange needs no key, and nothing of what you sent was stored.",
        "Leave the key out. Never give a private key or a seed phrase to anybody.";
    422 key_or_address_refused: "The exchange refuses the key, or the address that the deployment calls from.",
        "Check the key, its secret, and the addresses that the key allows.";
    422 key_unknown: "The exchange does not know the key.",
        "Copy the key and its secret again, and check whether it is for the testnet.";
    422 signature_refused: "The signature is not by the key of this address.",
        "Sign the challenge word by word with the key of the address.";
    422 wallet_not_supported: "No address of this exchange can be connected.",
        "Use an exchange whose type is `WALLET` and whose chain is known.";
    503 chain_unavailable: "The chain's node does not answer now.",
        "Send the same request again later.";
    503 venue_unavailable: "The exchange does not answer now. Nothing was changed.",
        "Send the same request again later.";
}

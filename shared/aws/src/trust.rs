//! Whom a function believes to be AWS: whoever Amazon's own roots vouch for (<https://www.amazontrust.com/repository>),
//! which is every endpoint of AWS.
//!
//! They are a thirtieth of what a system trusts. Reading all of that took more than half of a function's start, and was
//! done once for each client. Where `SSL_CERT_FILE` or `SSL_CERT_DIR` is set, it names the roots instead: the way out,
//! without a new build, should AWS ever be signed by others or an endpoint have a certificate of its own.

use aws_config::ConfigLoader;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

const ROOTS: &str = include_str!("../roots/amazon.pem");
const NAMED_BY: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// With one HTTPS client for all services that trusts these roots alone.
pub(crate) fn amazon(loader: ConfigLoader) -> ConfigLoader {
    if NAMED_BY.iter().any(|variable| std::env::var_os(variable).is_some()) {
        return loader;
    }
    let trust = TrustStore::empty().with_pem_certificate(ROOTS);
    // Where this build has no such client, the SDK's own serves as well.
    let Ok(context) = TlsContext::builder().with_trust_store(trust).build() else { return loader };
    let client = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
    loader.http_client(client.tls_context(context).build_https())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_http_client::Connector;

    /// The client reads the roots where it is made, and panics over one that it cannot read.
    #[test]
    fn all_roots_can_be_read() {
        let trust = TrustStore::empty().with_pem_certificate(ROOTS);
        let context = TlsContext::builder().with_trust_store(trust).build().unwrap();
        let connector = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(context);
        drop(connector.build());
        assert_eq!(ROOTS.matches("-----BEGIN CERTIFICATE-----").count(), 5);
    }
}

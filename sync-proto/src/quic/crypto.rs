//! The one cryptographic provider, chosen here and nowhere else.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, GetRandomFailed};

/// ring. Given to each configuration by name, so that nothing depends on what else a process
/// installs as its default.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Fills with random bytes from the operating system.
pub(super) fn fill_random(bytes: &mut [u8]) -> Result<(), GetRandomFailed> {
    rustls::crypto::ring::default_provider().secure_random.fill(bytes)
}

package dev.perennial.domain.definition;

import dev.perennial.domain.Secret;

/**
 * What a client shows of itself in the TLS handshake (RFC 8705).
 *
 * @param certificate the chain in PEM, ours first
 * @param key the private key in PEM, PKCS #8
 */
public record ClientCertificate(String certificate, Secret key) {
  @Override
  public String toString() {
    return "ClientCertificate[***]";
  }
}

package dev.perennial.exchanger;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ClientCertificate;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A certificate and its key for the TLS handshake (RFC 8705). Shown to every server that asks for
 * one and takes this kind of key, whichever issuers the server names: with a certificate signed by
 * itself there is none to name. Immutable; thread-safe.
 */
final class ClientIdentity extends X509ExtendedKeyManager {
  /** Characters of a chain, and of a key. */
  private static final int LONGEST = 1 << 16;

  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final String ALIAS = "client";

  private final X509Certificate[] chain;
  private final PrivateKey key;

  private ClientIdentity(X509Certificate[] chain, PrivateKey key) {
    this.chain = chain;
    this.key = key;
  }

  /**
   * Reads a chain and an RSA or EC key.
   *
   * @throws UnreadableException where one cannot be read, or they do not belong together
   */
  static ClientIdentity read(ClientCertificate pem) throws UnreadableException {
    X509Certificate[] chain = chain(pem.certificate());
    PublicKey ours = chain[0].getPublicKey();
    String signature =
        switch (ours.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> throw new UnreadableException("is for neither an RSA nor an EC key");
        };
    PrivateKey key = key(pem.key(), ours.getAlgorithm());
    if (!belongTogether(signature, ours, key)) {
      throw new UnreadableException("is for another private key");
    }
    return new ClientIdentity(chain, key);
  }

  private static X509Certificate[] chain(String pem) throws UnreadableException {
    if (pem.length() > LONGEST) {
      throw new UnreadableException("is too long");
    }
    try {
      X509Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
              .toArray(X509Certificate[]::new);
      if (chain.length > 0) {
        return chain;
      }
    } catch (CertificateException | ArrayStoreException e) {
      // Said below: its message may repeat what it read.
    }
    throw new UnreadableException("is no PEM certificate");
  }

  private static PrivateKey key(Secret pem, String algorithm) throws UnreadableException {
    String text = pem.reveal();
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin || text.length() > LONGEST) {
      throw new UnreadableException("has a private key that is not PEM, PKCS #8, unencrypted");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new UnreadableException("has a private key that is no " + algorithm + " key");
    }
  }

  private static boolean belongTogether(String algorithm, PublicKey ours, PrivateKey key) {
    byte[] text = {1, 2, 3};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(ours);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private @Nullable String chosen(String... keyTypes) {
    return Arrays.asList(keyTypes).contains(key.getAlgorithm()) ? ALIAS : null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chosen(keyTypes);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return chosen(keyTypes);
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return chosen(keyType) == null ? new String[0] : new String[] {ALIAS};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }

  /** We are no server. */
  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[0];
  }

  /** We are no server. */
  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  /** The client certificate cannot be used. The message has nothing of it or of its key. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(String what) {
      super("the client certificate " + what);
    }
  }
}

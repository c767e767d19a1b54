package dev.perennial.exchanger;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ClientCertificate;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Certificates of an authority that only a test believes. */
final class TestCertificates {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final Issued authority;

  TestCertificates() {
    this.authority = issue("CN=Test authority", keys("EC"), null, null, Duration.ofDays(1));
  }

  /** A certificate with its key. */
  record Issued(X509Certificate certificate, PrivateKey key) {
    ClientCertificate pem() {
      try {
        return new ClientCertificate(
            TestCertificates.pem("CERTIFICATE", certificate.getEncoded()),
            Secret.of(
                TestCertificates.pem("PRIVATE KEY", Objects.requireNonNull(key.getEncoded()))));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * @param algorithm RSA or EC
   */
  Issued client(String name, String algorithm) {
    return issue("CN=" + name, keys(algorithm), authority, null, Duration.ofDays(1));
  }

  Issued server(GeneralName name, Duration validity) {
    return issue("CN=Test server", keys("EC"), authority, name, validity);
  }

  static GeneralName loopback() {
    return new GeneralName(GeneralName.iPAddress, "127.0.0.1");
  }

  /** Whose word the authority's is enough for. */
  TrustManager[] trusting() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("authority", authority.certificate);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The TLS of a server with this certificate. */
  SSLContext serverTls(Issued shown) {
    return serverTls(shown, trusting());
  }

  /** The same, which names the authority and believes every client. */
  SSLContext credulousTls(Issued shown) {
    X509Certificate[] named = {authority.certificate};
    X509TrustManager credulous =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String authType) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String authType) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return named;
          }
        };
    return serverTls(shown, credulous);
  }

  private static SSLContext serverTls(Issued shown, TrustManager... trusting) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "server", shown.key, new char[0], new X509Certificate[] {shown.certificate});
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trusting, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Issued selfSigned(GeneralName name) {
    return issue("CN=Self", keys("EC"), null, name, Duration.ofDays(1));
  }

  private static Issued issue(
      String subject,
      KeyPair pair,
      @Nullable Issued issuer,
      @Nullable GeneralName name,
      Duration validity) {
    // Begins in the past, so that one which has expired has been valid.
    Instant begin = Instant.now().minus(Duration.ofDays(3));
    Instant end = Instant.now().plus(validity);
    X500Name by =
        new X500Name(
            issuer == null ? subject : issuer.certificate.getSubjectX500Principal().getName());
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            by,
            BigInteger.valueOf(SERIAL.getAndIncrement()),
            Date.from(begin),
            Date.from(end),
            new X500Name(subject),
            pair.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(issuer == null));
      if (name != null) {
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
      }
      PrivateKey signer = issuer == null ? pair.getPrivate() : issuer.key;
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
      return new Issued(certificate, pair.getPrivate());
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(String label, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
  }
}

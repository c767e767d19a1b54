package dev.perennial.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.app.config.ConfigLoader;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.credentials.RedisConnections;
import dev.perennial.credentials.RedisStartCheck;
import dev.perennial.devstack.EmbeddedRedis;
import dev.perennial.devstack.Ports;
import dev.perennial.domain.Shards;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Redis over TLS that wants a certificate of its clients. */
class RedisTlsTest {
  @TempDir Path files = Path.of("");
  private @Nullable EmbeddedRedis server;
  private int port;

  /** A certificate and its key. */
  private record Issued(X509Certificate certificate, PrivateKey key) {}

  @BeforeEach
  void start() throws Exception {
    Issued authority = issued("authority", null);
    write("authority", authority);
    write("stranger", issued("stranger", null));
    write("server", issued("server", authority));
    write("client", issued("client", authority));
    port = Ports.free(0);
    server =
        EmbeddedRedis.startTemporary(
            "--tls-port", Integer.toString(port),
            "--tls-cert-file", file("server.crt"),
            "--tls-key-file", file("server.key"),
            "--tls-ca-cert-file", file("authority.crt"),
            "--tls-auth-clients", "yes");
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void withItsAuthorityAndOurCertificateAllGoesWell() {
    PerennialConfig config = config("127.0.0.1", ours("authority", "client"));
    try (RedisConnections redis = new RedisConnections(Settings.redis(config))) {
      assertThat(redis.answers()).isTrue();
      assertThat(RedisStartCheck.of(redis, new Shards(8)).problems()).isEmpty();
    }
  }

  @Test
  void anAuthorityThatIsNotNamedIsNotBelieved() {
    assertThat(answers("127.0.0.1", ours("stranger", "client"))).isFalse();
    assertThat(answers("127.0.0.1", Map.of())).isFalse();
  }

  @Test
  void aCertificateForAnotherNameIsNotBelieved() {
    assertThat(answers("localhost", ours("authority", "client"))).isFalse();
  }

  @Test
  void aServerThatWantsACertificateGetsOurs() {
    assertThat(answers("127.0.0.1", Map.of("redis.tls.ca", file("authority.crt")))).isFalse();
    assertThat(answers("127.0.0.1", ours("authority", "stranger"))).isFalse();
  }

  @Test
  void aFileThatIsNoneOrHoldsSomethingElseStopsTheStart() {
    for (String wrong : List.of("client.key", "nowhere.crt")) {
      PerennialConfig config = config("127.0.0.1", Map.of("redis.tls.ca", file(wrong)));
      assertThatThrownBy(() -> Settings.redis(config))
          .isInstanceOf(StartProblems.class)
          .hasMessageContaining("redis.tls.ca")
          .hasMessageContaining(wrong);
    }
  }

  private boolean answers(String host, Map<String, String> more) {
    try (RedisConnections redis = new RedisConnections(Settings.redis(config(host, more)))) {
      return redis.answers();
    }
  }

  private PerennialConfig config(String host, Map<String, String> more) {
    Map<String, String> flags = new HashMap<>(more);
    flags.put("redis.uri", "rediss://" + host + ":" + port);
    return new ConfigLoader(files, Map.of()).flags(flags).load();
  }

  private Map<String, String> ours(String authority, String client) {
    return Map.of(
        "redis.tls.ca", file(authority + ".crt"),
        "redis.tls.certificate", file(client + ".crt"),
        "redis.tls.key", file(client + ".key"));
  }

  private String file(String name) {
    return files.resolve(name).toString();
  }

  private void write(String name, Issued issued) throws Exception {
    Files.writeString(
        files.resolve(name + ".crt"), pem("CERTIFICATE", issued.certificate().getEncoded()));
    Files.writeString(
        files.resolve(name + ".key"),
        pem("PRIVATE KEY", Objects.requireNonNull(issued.key().getEncoded())));
  }

  private static String pem(String label, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
  }

  /** Its name is 127.0.0.1 and nothing else. */
  private static Issued issued(String name, @Nullable Issued issuer) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name(issuer == null ? "CN=" + name : "CN=authority"),
            BigInteger.valueOf(System.nanoTime()),
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(Duration.ofDays(1))),
            new X500Name("CN=" + name),
            pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(issuer == null));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
    PrivateKey signer = issuer == null ? pair.getPrivate() : issuer.key();
    return new Issued(
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer))),
        pair.getPrivate());
  }
}

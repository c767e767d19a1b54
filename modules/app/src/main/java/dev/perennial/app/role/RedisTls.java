package dev.perennial.app.role;

import dev.perennial.app.config.PerennialConfig;
import io.helidon.common.configurable.Resource;
import io.helidon.common.configurable.ResourceException;
import io.helidon.common.pki.Keys;
import io.helidon.common.pki.PemKeys;
import io.helidon.common.pki.PkiException;
import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Whom we believe to be Redis, and what we show it, from PEM files. */
final class RedisTls {
  private RedisTls() {}

  /**
   * Reads the files.
   *
   * @return null where none is named: then the JVM's own authorities count
   * @throws StartProblems where a file cannot be read or holds something else
   */
  static @Nullable SSLContext of(PerennialConfig.Tls files) {
    if (files.ca().isEmpty() && files.certificate().isEmpty()) {
      return null;
    }
    TlsConfig.Builder tls = Tls.builder();
    files
        .ca()
        .ifPresent(file ->
            tls.trust(read("redis.tls.ca", file, pem -> pem.certificates(at(file))).certs()));
    files
        .certificate()
        .ifPresent(file ->
            tls.privateKeyCertChain(
                read("redis.tls.certificate", file, pem -> pem.certChain(at(file))).certChain()));
    files
        .key()
        .flatMap(file -> read("redis.tls.key", file, pem -> pem.key(at(file))).privateKey())
        .ifPresent(tls::privateKey);
    return tls.build().sslContext();
  }

  private static Keys read(String key, Path file, Consumer<PemKeys.Builder> what) {
    try {
      return Keys.builder().pem(what).build();
    } catch (PkiException | ResourceException e) {
      throw new StartProblems(List.of(key + " " + file + ": " + e.getMessage()));
    }
  }

  private static Resource at(Path file) {
    return Resource.create(file);
  }
}

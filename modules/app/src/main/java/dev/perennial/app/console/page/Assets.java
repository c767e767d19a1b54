package dev.perennial.app.console.page;

import dev.perennial.ingress.Look;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Style, script and sign of the console, each under a name that has the hash of its content, so
 * that a browser may keep it for good. Thread-safe.
 */
public final class Assets {
  /** Where they are served. */
  public static final String PATH = "/console/assets/";

  private final Asset style =
      Asset.of(
          "console", "css", "text/css; charset=utf-8", Look.tokens() + resource("console.css"));
  private final Asset script =
      Asset.of("console", "js", "text/javascript; charset=utf-8", resource("console.js"));
  private final Asset sign = Asset.of("leaf", "svg", "image/svg+xml", resource("leaf.svg"));
  private final Map<String, Asset> byName =
      List.of(style, script, sign).stream()
          .collect(Collectors.toMap(Asset::name, Function.identity()));

  /**
   * A file for browsers.
   *
   * @param type as in {@code Content-Type}
   */
  public record Asset(String name, String type, String content) {
    private static Asset of(String stem, String ending, String type, String content) {
      return new Asset(stem + "-" + hash(content) + "." + ending, type, content);
    }
  }

  public Optional<Asset> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Their addresses, for the layout. */
  public Map<String, String> addresses() {
    return Map.of(
        "style", PATH + style.name(), "script", PATH + script.name(), "sign", PATH + sign.name());
  }

  Collection<Asset> all() {
    return byName.values();
  }

  private static String hash(String content) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the console's " + name + " is not in the module");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

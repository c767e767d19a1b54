package dev.perennial.app.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/** The contract of the admin API: docs/openapi.json, which the build puts beside this class. */
final class OpenApi {
  private static final String FILE = "openapi.json";

  private final Answer document;

  OpenApi() {
    try (InputStream in = OpenApi.class.getResourceAsStream(FILE)) {
      byte[] bytes = Objects.requireNonNull(in, FILE).readAllBytes();
      this.document = new Answer(200, Map.of("Content-Type", "application/json"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer show() {
    return document;
  }
}
